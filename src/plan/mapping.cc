#include "plan/mapping.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

namespace kintsugi::plan {

namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// An integer of SQL taken apart: sign, and digits without leading zeros.
struct Integer {
  bool negative = false;
  std::string_view digits;
};

std::optional<Integer> parse_integer(std::string_view text, bool negated) {
  Integer integer{negated, text};
  if (text.starts_with('-')) {
    integer.negative = !integer.negative;
    integer.digits.remove_prefix(1);
  }
  if (!all_digits(integer.digits)) return std::nullopt;
  while (integer.digits.size() > 1 && integer.digits.front() == '0') integer.digits.remove_prefix(1);
  if (integer.digits == "0") integer.negative = false;
  return integer;
}

/// Whether a column of so many bits holds the integer.
bool in_range(const Integer& integer, int bits, bool is_unsigned) {
  std::uint64_t magnitude = 0;
  const auto [end, error] =
      std::from_chars(integer.digits.data(), integer.digits.data() + integer.digits.size(), magnitude);
  if (error != std::errc() || end != integer.digits.data() + integer.digits.size()) return false;
  if (is_unsigned) return !integer.negative && (bits == 64 || magnitude < (std::uint64_t{1} << bits));
  const std::uint64_t half = std::uint64_t{1} << (bits - 1);
  return integer.negative ? magnitude <= half : magnitude < half;
}

Mapped value_of(std::string_view text) { return {Mapped::State::kValue, {text, false}}; }

Mapped integer_text(const Integer& integer, MappingBuffer& buffer) {
  if (!integer.negative) return value_of(integer.digits);
  buffer.inside[0] = '-';
  std::memcpy(buffer.inside + 1, integer.digits.data(), integer.digits.size());
  return value_of({buffer.inside, integer.digits.size() + 1});
}

/// A string that converts to an integer in one way only. Above 2^53 servers may compare as doubles, for which
/// neighbours are equal.
bool is_canonical_small(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  return all_digits(digits) && digits.size() <= 15 && (digits.front() != '0' || text == "0");
}

Mapped map_integer(const KeyColumn& column, const Value& value, bool negated, MappingBuffer& buffer) {
  // Drivers that have one type of number send a whole one as a double.
  if (value.kind == ValueKind::kString || value.kind == ValueKind::kFloat) {
    if (negated || !is_canonical_small(value.text)) return {};
  } else if (value.kind != ValueKind::kInteger) {
    return {};
  }
  const auto integer = parse_integer(value.text, negated);
  if (!integer || !in_range(*integer, column.integer_bits, column.is_unsigned)) return {};
  return integer_text(*integer, buffer);
}

bool is_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && all_digits(text.substr(0, 4)) &&
         all_digits(text.substr(5, 2)) && all_digits(text.substr(8, 2));
}

Mapped map_date(const Value& value) {
  const bool written = value.kind == ValueKind::kString || value.kind == ValueKind::kDate;
  return written && is_date(value.text) ? value_of(value.text) : Mapped{};
}

bool unhex(std::string_view digits, std::string& out) {
  if (digits.size() % 2 != 0) return false;
  out.clear();
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, error] = std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    if (error != std::errc() || end != digits.data() + i + 2) return false;
    out += static_cast<char>(byte);
  }
  return true;
}

/// The bytes of a string as a binary column or a UTF-8 one holds them.
std::optional<std::string_view> bytes_of(const Operand& operand, const Bindings& bindings, bool binary,
                                         MappingBuffer& buffer) {
  const Value& value = operand.in(bindings);
  const std::string_view charset = operand.charset.empty() ? value.charset : operand.charset;
  const bool utf8 = charset.empty() ? bindings.utf8 : charset.starts_with("utf8");
  switch (value.kind) {
    case ValueKind::kString:
      if (!is_ascii(value.text) && !utf8) return std::nullopt;
      return value.text;
    case ValueKind::kBytes:
      return binary || charset == "utf8mb4" ? std::optional(value.text) : std::nullopt;
    case ValueKind::kHex:
    case ValueKind::kHexNumber:
      if (!binary || !charset.empty() || !unhex(value.text, buffer.outside)) return std::nullopt;
      return buffer.outside;
    default:
      return std::nullopt;
  }
}

std::uint64_t characters(std::string_view utf8) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// Collations whose trailing spaces count: of MySQL's 0900 family and MariaDB's NOPAD ones.
bool pads(std::string_view collation) {
  return collation.find("_0900_") == std::string_view::npos &&
         collation.find("nopad") == std::string_view::npos;
}

}  // namespace

KeyColumn key_column(const Column& column, const vschema::Vindex& vindex, std::size_t position) {
  const bool loose = vindex.is_loose(position);
  KeyColumn key;
  key.name = column.name;
  key.type_class = column.type_class;
  key.is_unsigned = column.is_unsigned;
  key.length = column.length;
  switch (column.type_class) {
    case ColumnClass::kInteger:
      key.integer_bits = column.type == "tinyint"     ? 8
                         : column.type == "smallint"  ? 16
                         : column.type == "mediumint" ? 24
                         : column.type == "int"       ? 32
                                                      : 64;
      break;
    case ColumnClass::kText:
      key.exact = loose || column.collation.ends_with("_bin");
      key.pad_space = !loose && pads(column.collation);
      break;
    case ColumnClass::kBinary:
      key.fixed_length = column.type == "binary";
      key.exact = !loose;
      break;
    case ColumnClass::kDate:
      break;
    case ColumnClass::kOther:
      key.exact = false;
      break;
  }
  return key;
}

bool same_placement(const KeyColumn& a, const std::string& collation_a, const KeyColumn& b,
                    const std::string& collation_b) {
  return a.exact && b.exact && a.type_class == b.type_class && a.fixed_length == b.fixed_length &&
         (!a.fixed_length || a.length == b.length) &&
         (a.type_class != ColumnClass::kText || collation_a == collation_b);
}

Mapped map_lookup(const KeyColumn& column, const Operand& operand, const Bindings& bindings,
                  MappingBuffer& buffer) {
  const Value& value = operand.in(bindings);
  if (value.is_null()) return {Mapped::State::kNull, vschema::VindexValue::null()};
  if (!column.exact) return {};
  switch (column.type_class) {
    case ColumnClass::kInteger:
      return map_integer(column, value, operand.negated, buffer);
    case ColumnClass::kDate:
      return operand.negated ? Mapped{} : map_date(value);
    case ColumnClass::kOther:
      return {};
    case ColumnClass::kText:
    case ColumnClass::kBinary:
      break;
  }
  if (operand.negated) return {};
  auto bytes = bytes_of(operand, bindings, column.type_class == ColumnClass::kBinary, buffer);
  if (!bytes || (column.fixed_length && bytes->size() != column.length)) return {};
  while (column.pad_space && bytes->ends_with(' ')) bytes->remove_suffix(1);
  return value_of(*bytes);
}

Mapped map_insert(const KeyColumn& column, const Operand& operand, const Bindings& bindings,
                  MappingBuffer& buffer) {
  const Value& value = operand.in(bindings);
  if (value.is_null()) return {Mapped::State::kNull, vschema::VindexValue::null()};
  switch (column.type_class) {
    case ColumnClass::kInteger:
      return map_integer(column, value, operand.negated, buffer);
    case ColumnClass::kDate:
      return operand.negated ? Mapped{} : map_date(value);
    case ColumnClass::kOther:
      return {};
    case ColumnClass::kText:
    case ColumnClass::kBinary:
      break;
  }
  if (value.kind == ValueKind::kInteger) {
    const auto integer = parse_integer(value.text, operand.negated);
    if (!integer || !in_range(*integer, 64, !integer->negative) || column.fixed_length) return {};
    if (integer->digits.size() + (integer->negative ? 1 : 0) > column.length) return {};
    return integer_text(*integer, buffer);
  }
  if (operand.negated) return {};
  const bool binary = column.type_class == ColumnClass::kBinary;
  const auto bytes = bytes_of(operand, bindings, binary, buffer);
  if (!bytes) return {};
  if (column.fixed_length ? bytes->size() != column.length
                          : (binary ? bytes->size() : characters(*bytes)) > column.length) {
    return {};
  }
  // Equal to what has no space there, and elsewhere by the vindex.
  if (column.pad_space && bytes->ends_with(' ')) return {};
  return value_of(*bytes);
}

}  // namespace kintsugi::plan
