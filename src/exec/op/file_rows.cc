#include "exec/op/file_rows.h"

namespace kintsugi::exec {

namespace {

constexpr std::size_t kDroppedBytes = 64 * 1024;

char unescaped(int byte) {
  switch (byte) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case '0':
      return '\0';
    case 'Z':
      return '\032';
    default:
      return static_cast<char>(byte);
  }
}

}  // namespace

FileRows::FileRows(const plan::FileFormat& format, std::size_t fields, std::string_view charset)
    : format_(format),
      wanted_(fields),
      wide_(charset),
      line_end_(format.lines_terminated == format.fields_terminated ? "" : format.lines_terminated) {}

void FileRows::add(std::string_view bytes) {
  if (taken_ > kDroppedBytes || taken_ == bytes_.size()) {
    bytes_.erase(0, taken_);
    taken_ = 0;
  }
  bytes_ += bytes;
}

FileRows::Step FileRows::next(FileRow& row) {
  // A row that did not fit is looked at again only when much more has come: else it would be read too often.
  if (!complete_ && held() < 2 * tried_) return Step::kMore;
  at_ = taken_;
  starved_ = false;
  if (ended_) return Step::kEnd;
  const Step step = row_at(row);
  if (starved_) {
    tried_ = held();
    ended_ = false;
    return Step::kMore;
  }
  tried_ = 0;
  taken_ = at_;
  return step;
}

FileRows::Step FileRows::row_at(FileRow& row) {
  for (; skipped_ < format_.ignored_lines && !line_end_.empty(); ++skipped_) {
    end_line();
    if (starved_) return Step::kMore;
    taken_ = at_;
    if (ended_) return Step::kEnd;
  }
  row.fields.clear();
  row.cut = false;
  if (!find_line()) return Step::kEnd;
  bool line_ended = false;
  while (!line_ended && row.fields.size() < wanted_) {
    const Field found = field(row);
    if (found == Field::kNone) break;
    line_ended = found == Field::kLast;
  }
  if (row.fields.empty()) return Step::kEnd;
  if (!line_ended && !ended_) row.cut = end_line();
  if (line_end_.empty() && skipped_ < format_.ignored_lines) {
    ++skipped_;
    return row_at(row);
  }
  return Step::kRow;
}

int FileRows::get() {
  if (at_ < bytes_.size()) return static_cast<unsigned char>(bytes_[at_++]);
  (complete_ ? ended_ : starved_) = true;
  return -1;
}

bool FileRows::is(int byte, std::string_view one) const {
  return !one.empty() && byte == static_cast<unsigned char>(one.front());
}

/// Whether a terminator whose first byte was taken goes on.
bool FileRows::follows(std::string_view terminator) {
  const std::size_t begin = at_;
  for (std::size_t i = 1; i < terminator.size(); ++i) {
    if (at_ >= bytes_.size() && complete_) {
      at_ = begin;
      return false;
    }
    if (get() == static_cast<unsigned char>(terminator[i])) continue;
    at_ = begin;
    return false;
  }
  return true;
}

/// The other bytes of the character whose first one was taken: how many there are.
std::size_t FileRows::take_rest() {
  const std::size_t length = wide_.length(std::string_view(bytes_).substr(at_ - 1));
  if (length == 0 && !complete_) starved_ = true;
  if (length <= 1) return 0;
  at_ += length - 1;
  return length - 1;
}

/// Goes behind LINES STARTING BY.
bool FileRows::find_line() {
  if (format_.lines_starting.empty()) return true;
  for (int byte = get(); byte >= 0; byte = get()) {
    if (is(byte, format_.lines_starting) && follows(format_.lines_starting)) return true;
  }
  return false;
}

/// What is left of the line. Whether it was more than its end.
bool FileRows::end_line() {
  if (line_end_.empty()) return false;
  bool cut = false;
  for (int byte = get(); byte >= 0; byte = get()) {
    if (is(byte, format_.escaped)) {
      cut = true;
      if (get() < 0) break;
      continue;
    }
    if (is(byte, line_end_) && follows(line_end_)) return cut;
    take_rest();
    cut = true;
  }
  return cut;
}

FileRows::Field FileRows::field(FileRow& row) {
  const int first = get();
  if (first < 0) return Field::kNone;
  const bool quoted = is(first, format_.enclosed);
  if (!quoted) put_back();
  std::string value;
  bool escaped_n = false, closed = false;
  const Field found = read_value(value, quoted, escaped_n, closed);
  if (quoted && !closed) value.insert(value.begin(), static_cast<char>(first));
  const bool word = !format_.enclosed.empty() && !closed && value == "NULL";
  if (word || (value.size() == 1 && escaped_n)) {
    row.fields.emplace_back();
  } else {
    row.fields.emplace_back(std::move(value));
  }
  return found;
}

/// `closed`: the quote that it began with was closed.
FileRows::Field FileRows::read_value(std::string& value, bool quoted, bool& escaped_n, bool& closed) {
  for (int byte = get(); byte >= 0; byte = get()) {
    if (is(byte, format_.escaped)) {
      if (take_escaped(byte, value, escaped_n)) continue;
      if (ended_ || starved_) return Field::kLast;
    }
    if (quoted && is(byte, format_.enclosed)) {
      if (const int next = get(); next == byte) {
        value += static_cast<char>(byte);
        continue;
      } else if (next >= 0) {
        put_back();
      }
      if (const std::optional<Field> found = closing_quote()) {
        closed = true;
        return *found;
      }
    } else if (!quoted && is(byte, line_end_) && follows(line_end_)) {
      return Field::kLast;
    } else if (!quoted && is(byte, format_.fields_terminated) && follows(format_.fields_terminated)) {
      return Field::kValue;
    }
    value += static_cast<char>(byte);
    const std::size_t rest = take_rest();
    value.append(bytes_, at_ - rest, rest);
  }
  return Field::kLast;
}

/// What an escape character that was taken stands before. False: it is none here, but closes a quote.
bool FileRows::take_escaped(int byte, std::string& value, bool& escaped_n) {
  const int next = get();
  if (next < 0) {
    value += static_cast<char>(byte);
    return false;
  }
  if (format_.escaped == format_.enclosed && next != byte) {
    put_back();
    return false;
  }
  escaped_n |= next == 'N';
  value += unescaped(next);
  return true;
}

/// After a quote inside of a quoted field: whether the field ends with it.
std::optional<FileRows::Field> FileRows::closing_quote() {
  const int next = get();
  if (next < 0) return Field::kLast;
  if (is(next, line_end_) && follows(line_end_)) return Field::kLast;
  if (is(next, format_.fields_terminated) && follows(format_.fields_terminated)) return Field::kValue;
  put_back();
  return std::nullopt;
}

}  // namespace kintsugi::exec
