#include "gate/file_line.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/errors.h"
#include "mysql/charset.h"

namespace kintsugi::gate {
namespace {

using mysql::FieldType;

constexpr std::string_view kEscapeLetters = "ntrb0ZN";
constexpr std::string_view kNumberBytes = ".0123456789e+-";

bool is_number(FieldType type) {
  switch (type) {
    case FieldType::year:
    case FieldType::bit:
    case FieldType::float_:
    case FieldType::double_:
    case FieldType::decimal:
    case FieldType::newdecimal:
      return true;
    default:
      return mysql::is_integer_type(type);
  }
}

std::optional<char> first_of(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<char>(text.front());
}

bool is_one_of(std::optional<char> byte, std::string_view bytes) {
  return byte && bytes.find(*byte) != std::string_view::npos;
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

/// Bytes of the UTF-8 character that `text` begins with; 1 where it begins with none.
std::size_t character_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
  if (size > text.size() || lead > 0xf4) return 1;
  return std::ranges::all_of(text.substr(1, size - 1), continues) ? size : 1;
}

std::string_view charset_of(const mysql::ColumnDefinition& column) {
  const mysql::Collation* collation = mysql::find_collation(column.collation);
  return collation == nullptr ? std::string_view("binary") : collation->charset;
}

}  // namespace

Result<FileLines> FileLines::of(const plan::FileFormat& format,
                                std::span<const mysql::ColumnDefinition> columns) {
  for (const mysql::ColumnDefinition& column : columns) {
    const std::string_view charset = charset_of(column);
    if (!is_number(column.type) && !mysql::is_ascii_safe(charset)) {
      return failure(kUnsupported,
                     fmt::format("INTO OUTFILE of column '{}' in the character set {}: give the "
                                 "statement CHARACTER SET utf8mb4",
                                 column.name, charset));
    }
  }
  return FileLines(format, columns);
}

FileLines::FileLines(const plan::FileFormat& format, std::span<const mysql::ColumnDefinition> columns)
    : format_(format),
      line_end_(format.lines_terminated.empty() ? format.fields_terminated : format.lines_terminated),
      escape_(first_of(format.escaped)),
      terminator_(first_of(format.fields_terminated)),
      separator_(format.enclosed.empty() ? terminator_ : first_of(format.enclosed)),
      line_first_(first_of(line_end_)),
      ambiguous_separator_(is_one_of(separator_, kEscapeLetters)),
      numeric_separator_(is_one_of(separator_, kNumberBytes)) {
  const bool encloses = !format.enclosed.empty();
  const bool all = encloses && (!format.optionally_enclosed || !terminator_);
  bool has_text = false, has_number = false;
  for (const mysql::ColumnDefinition& definition : columns) {
    Column& column = columns_.emplace_back();
    column.is_text = !is_number(definition.type);
    column.is_utf8 = charset_of(definition).starts_with("utf8");
    column.enclosed = all || (encloses && column.is_text);
    has_text |= column.is_text;
    has_number |= !column.is_text;
  }
  ambiguous_terminator_ = (!encloses && ambiguous_separator_ && (has_text || numeric_separator_)) ||
                          (!all && has_number && is_one_of(terminator_, kNumberBytes));
}

void FileLines::append(std::string& out, std::span<const mysql::Cell> cells) const {
  out += format_.lines_starting;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out += format_.fields_terminated;
    if (cells[i]) {
      append_value(out, columns_[i], *cells[i]);
    } else if (escape_) {
      out += *escape_;
      out += 'N';
    } else {
      out += "NULL";
    }
  }
  out += line_end_;
}

bool FileLines::needs_escape(const Column& column, char byte) const {
  if (!column.enclosed && ambiguous_terminator_ && byte == terminator_) return false;
  return byte == '\0' || byte == escape_ || byte == line_first_ ||
         byte == (column.enclosed ? separator_ : terminator_);
}

void FileLines::append_value(std::string& out, const Column& column, std::string_view value) const {
  if (column.enclosed) out += format_.enclosed;
  if (!escape_ || (!column.is_text && !numeric_separator_)) {
    out += value;
  } else {
    while (!value.empty()) {
      const std::size_t size = column.is_utf8 ? character_size(value) : 1;
      const char byte = value.front();
      if (size == 1 && needs_escape(column, byte)) {
        out += byte == separator_ && ambiguous_separator_ ? *separator_ : *escape_;
        out += byte == '\0' ? '0' : byte;
      } else {
        out += value.substr(0, size);
      }
      value.remove_prefix(size);
    }
  }
  if (column.enclosed) out += format_.enclosed;
}

bool has_wide_separators(const plan::FileFormat& format) {
  const auto is_wide = [](const std::string& text) {
    return std::ranges::any_of(text, [](char byte) { return (byte & 0x80) != 0; });
  };
  return is_wide(format.fields_terminated) || is_wide(format.enclosed) || is_wide(format.escaped) ||
         is_wide(format.lines_starting) || is_wide(format.lines_terminated);
}

}  // namespace kintsugi::gate
