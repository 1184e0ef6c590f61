#include "routine/value.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "base/utf8.h"
#include "mysql/types.h"
#include "sql/printer.h"

namespace kintsugi::routine {
namespace {

using Kind = Value::Kind;
using mysql::FieldType;

constexpr std::uint16_t kBinaryCollation = 63;

struct Integer {
  std::string_view name;
  std::int64_t least, most, most_unsigned;
};
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr Integer kIntegers[] = {
    {"tinyint", -128, 127, 255},
    {"boolean", -128, 127, 255},
    {"smallint", -32768, 32767, 65535},
    {"mediumint", -8388608, 8388607, 16777215},
    {"int", -2147483648LL, 2147483647, 4294967295},
    {"bigint", kLeast, kMost, kMost},
};

Kind kind_of(const mysql::ColumnDefinition& column) {
  if (mysql::is_integer_type(column.type)) return Kind::integer;
  switch (column.type) {
    case FieldType::year:
      return Kind::integer;
    case FieldType::decimal:
    case FieldType::newdecimal:
      return Kind::decimal;
    case FieldType::float_:
    case FieldType::double_:
      return Kind::real;
    case FieldType::date:
    case FieldType::newdate:
      return Kind::date;
    case FieldType::timestamp:
    case FieldType::datetime:
    case FieldType::timestamp2:
    case FieldType::datetime2:
      return Kind::timestamp;
    case FieldType::time:
    case FieldType::time2:
      return Kind::time;
    case FieldType::bit:
    case FieldType::geometry:
      return Kind::bytes;
    case FieldType::json:
      return Kind::text;
    default:
      return column.collation == kBinaryCollation ? Kind::bytes : Kind::text;
  }
}

/// Dates with parts that are zero are no literals everywhere, but strings that every server takes for a date.
bool has_zero_part(std::string_view date) {
  return date.size() < 10 || date.substr(5, 2) == "00" || date.substr(8, 2) == "00";
}

std::string in_parentheses(std::string_view number) {
  return number.starts_with('-') ? fmt::format("({})", number) : std::string(number);
}

std::string hexadecimal(std::string_view bytes) {
  std::string out = "x'";
  for (const char c : bytes) fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(c));
  return out + '\'';
}

std::int64_t characters(std::string_view utf8) {
  return std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

}  // namespace

Value value_of(const mysql::ColumnDefinition& column, const mysql::Cell& cell) {
  if (!cell || column.type == FieldType::null) return {};
  Value value{kind_of(column), std::string(*cell)};
  const bool dated = value.kind == Kind::date || value.kind == Kind::timestamp;
  if (dated && has_zero_part(value.text)) value.kind = Kind::text;
  if (value.kind == Kind::real && value.text.find_first_of("eE") == std::string::npos) value.text += "e0";
  return value;
}

bool is_ascii(std::string_view utf8) {
  return std::ranges::all_of(utf8, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

Value integer(std::int64_t number) { return {Kind::integer, std::to_string(number)}; }
Value text(std::string_view utf8) { return {Kind::text, std::string(utf8)}; }

std::optional<std::int64_t> as_integer(const Value& value) {
  if (value.kind != Kind::integer) return std::nullopt;
  std::int64_t number = 0;
  const char* end = value.text.data() + value.text.size();
  const auto [read_to, failed] = std::from_chars(value.text.data(), end, number);
  if (failed != std::errc() || read_to != end) return std::nullopt;
  return number;
}

std::string literal(const Value& value, const mysql::QuoteOptions& quoting) {
  switch (value.kind) {
    case Kind::null:
      return "NULL";
    case Kind::integer:
    case Kind::decimal:
    case Kind::real:
      return in_parentheses(value.text);
    case Kind::text:
      return is_utf8(value.text) ? mysql::quoted(value.text, quoting) : "_utf8mb4 " + hexadecimal(value.text);
    case Kind::bytes:
      return hexadecimal(value.text);
    case Kind::date:
      return "DATE'" + value.text + '\'';
    case Kind::time:
      return "TIME'" + value.text + '\'';
    case Kind::timestamp:
      return "TIMESTAMP'" + value.text + '\'';
  }
  return "NULL";
}

Type type_of(const sql::DataType& type) {
  Type made;
  if (type.name == "row" || type.name == "row type of") return made;
  made.sql = sql::print(type);
  made.name = type.name;
  made.size = type.size;
  made.scale = type.scale;
  made.is_unsigned = type.is_unsigned || type.zerofill;
  for (const Integer& known : kIntegers) {
    if (known.name != type.name || type.zerofill) continue;
    made.is_integer = true;
    made.least = type.is_unsigned ? 0 : known.least;
    made.most = type.is_unsigned ? known.most_unsigned : known.most;
  }
  static constexpr std::string_view kTexts[] = {"char", "varchar", "text", "mediumtext", "longtext"};
  made.is_text = std::ranges::find(kTexts, type.name) != std::end(kTexts) && type.charset != "binary";
  made.holds_utf8 = type.charset == "utf8mb4";
  // CHAR loses the spaces at its end.
  made.length = type.name == "varchar" ? type.size : -1;
  made.is_float = type.name == "float";
  return made;
}

Type bigint() {
  Type type;
  type.sql = type.name = "bigint";
  type.is_integer = true;
  type.least = kLeast;
  type.most = kMost;
  return type;
}

bool takes_unchanged(const Type& type, const Value& value) {
  if (value.is_null()) return true;
  if (type.is_integer) {
    const std::optional<std::int64_t> number = as_integer(value);
    return number && *number >= type.least && *number <= type.most;
  }
  if (!type.is_text || value.kind != Kind::text) return false;
  if (!type.holds_utf8 && !is_ascii(value.text)) return false;
  if (type.name == "varchar") return characters(value.text) <= type.length;
  return type.name != "char" && value.text.size() <= 65535;
}

std::string typed_literal(const Value& value, const Type& type, bool alone,
                          const mysql::QuoteOptions& quoting) {
  const std::string plain = literal(value, quoting);
  // The branch that is never taken gives the column its type and length.
  // An int alone is as long as its digits, and only in sums that would be seen.
  if (type.is_integer && type.name != "bigint" && !type.is_unsigned && alone)
    return value.is_null() ? "if(1,NULL,1)" : plain;
  if (type.name == "int" && !type.is_unsigned) return fmt::format("if(1,{},2147483647)", plain);
  if (type.is_integer && (type.name == "bigint" || type.is_unsigned))
    return fmt::format("if(1,{},{})", plain,
                       type.is_unsigned ? "18446744073709551615" : "-9223372036854775807");
  if (type.name == "decimal")
    return fmt::format("CAST({} AS DECIMAL({},{}))", plain, type.size < 0 ? 10 : type.size,
                       std::max<std::int64_t>(type.scale, 0));
  if (type.name == "double") return fmt::format("if(1,{},1e0)", plain);
  if (type.is_float) return fmt::format("CAST({} AS FLOAT)", plain);
  if (!value.is_null()) return plain;
  if (type.name == "date") return "CAST(NULL AS DATE)";
  if (type.is_integer) return "CAST(NULL AS SIGNED)";
  return type.is_text || type.name == "char" || type.name == "varchar" ? "CAST(NULL AS CHAR)" : plain;
}

}  // namespace kintsugi::routine
