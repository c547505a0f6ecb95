#!/usr/bin/env python3
"""Who may include whom: the direction of docs/architecture.md, checked on the text of the includes."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# folder: what it may include of ours
MAY = {
    "events": ("events/",),
    "engine/rules": ("engine/rules/", "events/"),
    "engine/domain": ("engine/domain/", "engine/rules/", "events/"),
    "engine/runtime": ("engine/", "events/"),
    "projections": ("projections/", "engine/rules/", "events/"),
}
# third party: the folders whose files may include it
DOORS = {
    "cereal/": ("events/codec/",),
    "rocksdb/": ("projections/store/", "engine/runtime/command_index.cpp", "tools/bench/bare_rows.cpp", "tools/simulator/rocks_env.cpp"),
    "sodium": ("events/privacy/crypto.cpp", "tools/simulator/chance.cpp"),
    "openssl/": ("events/base/",),
    "isa-l/": ("events/base/",),
    "utf8proc": ("events/base/",),
    "date/": ("events/base/",),
    "librdkafka/": ("events/log/kafka/", "tools/bench/bare_kafka.cpp"),
    "toml++/": ("tools/kring/",),
    "CLI/": ("tools/kring/", "tools/bench/", "tools/simulator/"),
}
PURE = ("engine/domain", "engine/rules")
wrong = []
for path in sorted(p for top in ("events", "engine", "projections", "tools") for p in (ROOT / top).rglob("*") if p.suffix in (".h", ".cpp")):
    name = str(path.relative_to(ROOT))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        include = re.match(r'#include ([<"])([^>"]+)', line)
        if not include:
            continue
        kind, what = include.groups()
        for folder, allowed in MAY.items():
            if kind == '"' and name.startswith(folder + "/") and not what.startswith(allowed):
                wrong.append(f"{name}:{number}: {folder} must not include {what}")
        for party, doors in DOORS.items():
            if kind == "<" and what.startswith(party) and not name.startswith(doors):
                wrong.append(f"{name}:{number}: {what} stays behind {', '.join(doors)}")
        if kind == "<" and name.startswith(PURE) and ("/" in what or what in ("chrono", "random", "fstream", "iostream")):
            wrong.append(f"{name}:{number}: {what}: here there is no third party, no clock, no chance and no I/O")
print("\n".join(wrong) or "every include keeps the direction")
sys.exit(1 if wrong else 0)
