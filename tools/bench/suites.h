// Private to the library: the suites, one file each. They throw Failed (measure.h).
#pragma once

#include "tools/bench/workspace.h"

namespace kring::bench {

void run_decide(Bench& bench);
void run_codec(Bench& bench);
void run_append(Bench& bench);
void run_rebuild(Bench& bench);
void run_project(Bench& bench);
void run_reads(Bench& bench);
void run_startup(Bench& bench);
void run_kafka_append(Bench& bench);
void run_kafka_read(Bench& bench);
void run_kafka_rebuild(Bench& bench);

}  // namespace kring::bench
