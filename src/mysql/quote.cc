#include "mysql/quote.h"

#include <charconv>
#include <cmath>

#include "mysql/charset.h"

namespace kintsugi::mysql {
namespace {

void append_hex(std::string& out, std::string_view bytes) {
  out += "X'";
  for (const char c : bytes) {
    out += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4];
    out += "0123456789ABCDEF"[static_cast<unsigned char>(c) & 15];
  }
  out += '\'';
}

void append_escaped(std::string& out, std::string_view text, bool no_backslash_escapes) {
  out += '\'';
  for (const char c : text) {
    if (c == '\'') {
      out += "''";
    } else if (no_backslash_escapes) {
      out += c;
    } else if (c == '\\') {
      out += "\\\\";
    } else if (c == '\0') {
      out += "\\0";  // only so that logs and tools that stop at a zero byte see all of it
    } else {
      out += c;
    }
  }
  out += '\'';
}

void append_real(std::string& out, double value) {
  // SQL has no literal for these, and MySQL stores none.
  if (!std::isfinite(value)) {
    out += "NULL";
    return;
  }
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific).ptr;
  out.append(digits, end);
}

/// Digits with at most one sign, point and exponent, which may stand in SQL without quotes.
bool is_decimal(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  bool digit = false;
  bool point = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digit = true;
    } else if (c == '.' && !point) {
      point = true;
    } else {
      return false;
    }
  }
  return digit;
}

bool is_blob(FieldType type) {
  return type == FieldType::tiny_blob || type == FieldType::medium_blob || type == FieldType::long_blob ||
         type == FieldType::blob || type == FieldType::geometry || type == FieldType::bit ||
         type == FieldType::vector;
}

}  // namespace

void append_quoted(std::string& out, std::string_view text, const QuoteOptions& options) {
  if (is_ascii_safe(options.charset)) {
    append_escaped(out, text, options.no_backslash_escapes);
    return;
  }
  out += '_';
  out += options.charset;
  out += ' ';
  append_hex(out, text);
}

std::string quoted(std::string_view text, const QuoteOptions& options) {
  std::string out;
  append_quoted(out, text, options);
  return out;
}

void append_quoted_binary(std::string& out, std::string_view bytes, const QuoteOptions& options) {
  out += "_binary";
  if (is_ascii_safe(options.charset)) {
    append_escaped(out, bytes, options.no_backslash_escapes);
  } else {
    out += ' ';
    append_hex(out, bytes);
  }
}

void append_identifier(std::string& out, std::string_view name) {
  out += '`';
  for (const char c : name) {
    if (c == '`') out += '`';
    out += c;
  }
  out += '`';
}

std::string quoted_identifier(std::string_view name) {
  std::string out;
  append_identifier(out, name);
  return out;
}

void append_literal(std::string& out, const Value& value, FieldType type, const QuoteOptions& options) {
  if (is_null(value)) {
    out += "NULL";
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    const bool decimal = type == FieldType::newdecimal || type == FieldType::decimal;
    if (decimal && is_decimal(*text)) {
      out += *text;
    } else if (is_blob(type)) {
      append_quoted_binary(out, *text, options);
    } else {
      append_quoted(out, *text, options);
    }
  } else if (const auto* real = std::get_if<double>(&value)) {
    append_real(out, *real);
  } else if (const auto* single = std::get_if<float>(&value)) {
    append_real(out, *single);
  } else if (std::holds_alternative<DateTime>(value) || std::holds_alternative<TimeSpan>(value)) {
    out += '\'';
    out += to_text(value, type).value_or("");
    out += '\'';
  } else {
    out += to_text(value, type).value_or("NULL");
  }
}

}  // namespace kintsugi::mysql
