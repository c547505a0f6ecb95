#include "events/privacy/erasure_ledger.h"

#include <charconv>

#include "events/base/bytes.h"
#include "events/base/text.h"

namespace kring {
namespace {

// A ledger has one fixed form, and ids hold nothing that JSON would escape: the pieces between the values are constant.
constexpr std::string_view before_history = R"({"history":")", before_programme = R"(","programme":")", before_person = R"(","person":")",
                           before_position = R"(","position":)", before_checksum = R"(,"crc":")", checksum_end = "\"}", line_end = "}";

// What stands behind the position: the checksum of what stands before it.
std::string end_of(std::string_view text) {
  const std::uint32_t sum = crc32c(text);
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(sum >> shift & 0xff);
  return concat(before_checksum, to_hex(bytes), checksum_end);
}

std::string line_of(const HistoryId& history, const Erasure& erasure) {
  std::string line = concat(before_history, to_hex(view(history)), before_programme, erasure.programme.text, before_person, erasure.person.text,
                            before_position, erasure.position);
  return line + end_of(line) + '\n';
}

// Takes `prefix` off the text, and then what stands before `next`; false where the text is another.
bool take(std::string_view& text, std::string_view prefix, std::string_view next, std::string_view& value) {
  if (!text.starts_with(prefix)) return false;
  auto end = text.find(next, prefix.size());
  if (end == std::string_view::npos) return false;
  value = text.substr(prefix.size(), end - prefix.size());
  text.remove_prefix(end);
  return true;
}

struct Line {
  std::string history;
  Erasure erasure;
};

std::optional<Line> parse(std::string_view text) {
  const std::string_view whole = text;
  const bool checked = text.find(before_checksum) != std::string_view::npos;
  std::string_view history, programme, person, position;
  if (!take(text, before_history, before_programme, history) || !take(text, before_programme, before_person, programme) ||
      !take(text, before_person, before_position, person) || !take(text, before_position, checked ? before_checksum : line_end, position))
    return std::nullopt;
  if (text != (checked ? end_of(whole.substr(0, whole.size() - text.size())) : line_end)) return std::nullopt;
  Line line{std::string(history), {{std::string(programme)}, {std::string(person)}, 0}};
  auto [end, error] = std::from_chars(position.data(), position.data() + position.size(), line.erasure.position);
  bool right = error == std::errc() && end == position.data() + position.size();
  if (!right || !from_hex(history) || history.size() != 32 || !is_slug(programme) || !is_slug(person)) return std::nullopt;
  return line;
}

// The lines of this history; `end`: where the last of them ends, of whatever history. Behind it stands what a crash left of one.
Result<std::vector<Erasure>> erasures_in(std::string_view text, const std::string& path, const HistoryId& history, std::size_t& end) {
  std::vector<Erasure> erasures;
  const std::string mine = to_hex(view(history));
  end = 0;
  for (std::size_t number = 1; end < text.size(); ++number) {
    const auto newline = text.find('\n', end);
    const auto written = text.substr(end, newline == std::string_view::npos ? newline : newline - end);
    // One that a crash cut short has no end.
    if (newline == std::string_view::npos && (!written.contains(line_end) || written.contains('\0'))) break;
    const auto next = newline == std::string_view::npos ? text.size() : newline + 1;
    if (written.contains('\0')) {
      // The room for it was made, and not all of it written before a crash: whoever it names was not answered.
      end = next;
      continue;
    }
    auto line = parse(written);
    if (!line)
      return fail(ErrorKind::damaged, "ledger_damaged",
                  concat(path, ":", number, ": the line at offset ", end, " is no line of a ledger of erasures, or not as it was written: put back the newest copy of the file"));
    if (line->history == mine) erasures.push_back(std::move(line->erasure));
    end = next;
  }
  return erasures;
}

}  // namespace

Result<std::vector<Erasure>> read_erasures(FileSystem& files, const std::string& path, const HistoryId& history) {
  auto file = files.open(path, OpenMode::read);
  if (!file) return std::unexpected(std::move(file.error()));
  auto text = read_whole(**file);
  if (!text) return std::unexpected(std::move(text.error()));
  std::size_t end = 0;
  return erasures_in(*text, path, history, end);
}

Result<std::unique_ptr<ErasureLedger>> ErasureLedger::open(FileSystem& files, const std::string& path, const HistoryId& history) {
  auto file = open_or_create(files, path, OpenMode::create);
  if (!file) return std::unexpected(std::move(file.error()));
  auto text = read_whole(**file);
  if (!text) return std::unexpected(std::move(text.error()));
  std::unique_ptr<ErasureLedger> ledger(new ErasureLedger(std::move(*file), history));
  std::size_t end = 0;
  auto erasures = erasures_in(*text, path, history, end);
  if (!erasures) return std::unexpected(std::move(erasures.error()));
  ledger->erasures_ = std::move(*erasures);
  ledger->end_ = end;
  if (end < text->size())
    if (auto cut = ledger->file_->truncate(end); !cut) return std::unexpected(std::move(cut.error()));
  if (end > 0 && (*text)[end - 1] != '\n') {  // all of the line but its end was written
    if (auto ended = ledger->file_->write_at(end, "\n"); !ended) return std::unexpected(std::move(ended.error()));
    ++ledger->end_;
  }
  return ledger;
}

Result<void> ErasureLedger::append(const std::vector<Erasure>& erasures) {
  std::string text;
  for (const Erasure& erasure : erasures) text += line_of(history_, erasure);
  if (text.empty()) return {};
  auto done = file_->write_at(end_, text);
  if (done) done = file_->sync_data();
  if (!done) return done;
  end_ += text.size();
  erasures_.insert(erasures_.end(), erasures.begin(), erasures.end());
  return {};
}

}  // namespace kring
