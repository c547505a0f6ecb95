#include "events/codec/codec.h"

#include "events/base/text.h"
#include "events/codec/archive.h"
#include "events/codec/upcast.h"

namespace kring::codec {
namespace {

// Each command and event is written as its type name, schema version, length, and then its members: a reader that
// does not know it can name it and step over it.
template <class Variant>
void write_typed(Writer& writer, const Variant& variant) {
  std::visit(
      [&](const auto& value) {
        writer.write(std::string(value.type));
        writer.write(value.version);
        writer.write_sized(value);
      },
      variant);
}

// Reads the members of the alternative that has this name; false where none has.
template <class Variant, std::size_t I = 0>
bool read_alternative(std::string_view name, std::uint16_t version, Reader& reader, Variant& out) {
  if constexpr (I == std::variant_size_v<Variant>) {
    return false;
  } else {
    using T = std::variant_alternative_t<I, Variant>;
    if (name != T::type) return read_alternative<Variant, I + 1>(name, version, reader, out);
    if (version > T::version) return false;
    auto& value = out.template emplace<I>();
    if (version == T::version) reader.read(value);
    else upcast(version, reader, value);
    return true;
  }
}

template <class Variant>
Result<void> read_typed(Reader& reader, Variant& out) {
  std::string name;
  std::uint16_t version = 0;
  std::uint32_t size = 0;
  reader.read(name);
  reader.read(version);
  reader.read(size);
  if (reader.failed() || size > reader.left())
    return fail(ErrorKind::damaged, "undecodable", "a record's body ends too early");
  auto rest = reader.left() - size;
  if (!read_alternative(name, version, reader, out))
    return fail(ErrorKind::unsupported, "unknown_type",
                concat("a record holds '", name, "' version ", version, ", which this kring does not know: use a newer one"));
  if (reader.failed() || reader.left() != rest)
    return fail(ErrorKind::damaged, "undecodable", concat("a record's ", name, " is not one of version ", version));
  return {};
}

// The common members and what the decision adds, in the order of the bytes.
template <class Archive, class D>
void common_members(Archive& archive, D& d) {
  archive("programme", d.command.programme);
  archive("id", d.command.id);
  archive("actor", d.command.actor);
  archive("reason", d.command.reason);
  archive("effective", d.command.effective);
  archive("expect", d.command.expect);
  archive("accept", d.command.accept);
  archive("digest", d.command.digest);
  archive("generated", d.command.generated);
  archive("recording_day", d.recording_day);
  archive("effective_day", d.effective);
  archive("rules", d.rules);
}

}  // namespace

Bytes encode(const Decision& decision) {
  Writer writer;
  common_members(writer, decision);
  write_typed(writer, decision.command.body);
  writer.write(static_cast<std::uint32_t>(decision.events.size()));
  for (const Event& event : decision.events) write_typed(writer, event);
  writer.write(decision.warnings);
  writer.write(decision.rejection);
  return writer.take();
}

Result<Decision> decode(BytesView body) {
  Reader reader(body);
  Decision decision;
  common_members(reader, decision);
  if (auto read = read_typed(reader, decision.command.body); !read) return std::unexpected(std::move(read.error()));
  std::uint32_t events = 0;
  reader.read(events);
  for (; events > 0 && !reader.failed(); --events)
    if (auto read = read_typed(reader, decision.events.emplace_back()); !read) return std::unexpected(std::move(read.error()));
  reader.read(decision.warnings);
  reader.read(decision.rejection);
  if (reader.failed() || reader.left() != 0)
    return fail(ErrorKind::damaged, "undecodable", "a record's body is not a decision");
  return decision;
}

}  // namespace kring::codec
