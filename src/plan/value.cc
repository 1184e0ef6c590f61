#include "plan/value.h"

namespace kintsugi::plan {

Value literal_value(sql::LiteralKind kind, std::string_view text) {
  using sql::LiteralKind;
  switch (kind) {
    case LiteralKind::kNull:
      return {};
    case LiteralKind::kTrue:
      return {ValueKind::kInteger, "1", {}};
    case LiteralKind::kFalse:
      return {ValueKind::kInteger, "0", {}};
    case LiteralKind::kInteger:
      return {ValueKind::kInteger, text, {}};
    case LiteralKind::kDecimal:
      return {ValueKind::kDecimal, text, {}};
    case LiteralKind::kFloat:
      return {ValueKind::kFloat, text, {}};
    case LiteralKind::kString:
    case LiteralKind::kNational:
      return {ValueKind::kString, text, {}};
    case LiteralKind::kHexNumber:
      return {ValueKind::kHexNumber, text, {}};
    case LiteralKind::kHexString:
      return {ValueKind::kHex, text, {}};
    case LiteralKind::kBit:
      return {ValueKind::kBit, text, {}};
    case LiteralKind::kDate:
      return {ValueKind::kDate, text, {}};
    case LiteralKind::kTime:
      return {ValueKind::kTime, text, {}};
    case LiteralKind::kTimestamp:
      return {ValueKind::kTimestamp, text, {}};
  }
  __builtin_unreachable();
}

namespace {

void append_hex(std::string& out, std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  out += "x'";
  for (unsigned char byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  out += '\'';
}

// Without backslashes a doubled quote is all that is to escape, under any sql_mode and in any character set
// that a client may use (in none of them is a quote the second byte of a character).
void append_string(std::string& out, std::string_view text, bool no_backslash_escapes) {
  out += '\'';
  for (char c : text) {
    if (c == '\'' || (c == '\\' && !no_backslash_escapes)) out += c;
    out += c;
  }
  out += '\'';
}

}  // namespace

void append_sql(std::string& out, const Value& value, bool no_backslash_escapes) {
  switch (value.kind) {
    case ValueKind::kNull:
      out += "NULL";
      return;
    case ValueKind::kInteger:
    case ValueKind::kDecimal:
    case ValueKind::kFloat:
      out += value.text;
      return;
    case ValueKind::kString:
      if (!value.charset.empty()) {
        out += '_';
        out += value.charset;
        out += ' ';
      }
      append_string(out, value.text, no_backslash_escapes);
      return;
    case ValueKind::kBytes:
      // With a character set it is a string, else a number wherever one is wanted.
      if (!value.charset.empty()) {
        out += '_';
        out += value.charset;
        out += ' ';
      }
      append_hex(out, value.text);
      return;
    case ValueKind::kHexNumber:
      out += "0x";
      out += value.text;
      return;
    case ValueKind::kHex:
    case ValueKind::kBit:
      out += value.kind == ValueKind::kHex ? "x'" : "b'";
      out += value.text;
      out += '\'';
      return;
    case ValueKind::kDate:
      out += "DATE ";
      break;
    case ValueKind::kTime:
      out += "TIME ";
      break;
    case ValueKind::kTimestamp:
      out += "TIMESTAMP ";
      break;
  }
  append_string(out, value.text, no_backslash_escapes);
}

void append_sql(std::string& out, const Operand& operand, const Bindings& bindings) {
  const Value& value = operand.in(bindings);
  // "- -5" rather than "--5", which begins a comment.
  if (operand.negated) out += value.text.starts_with('-') ? "- " : "-";
  if (!operand.charset.empty()) {
    out += '_';
    out += operand.charset;
    out += ' ';
  }
  append_sql(out, value, bindings.no_backslash_escapes);
}

}  // namespace kintsugi::plan
