#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/tree/expr.h"

namespace kintsugi::plan {

struct LookupAnswer;

enum class ValueKind : std::uint8_t {
  kNull,
  kInteger,    ///< text: digits, with '-' in front where negative
  kDecimal,    ///< text: digits with a point
  kFloat,      ///< text: as SQL writes a double
  kString,     ///< text: the characters, escapes resolved, in the client's character set
  kBytes,      ///< text: bytes: a parameter of a blob type; with a charset, a string in it
  kHex,        ///< text: the digits of x'…'
  kHexNumber,  ///< of 0x…, which servers take for a number where one is wanted
  kBit,        ///< text: the digits of b'…' and 0b…
  kDate,       ///< text: as inside DATE '…'
  kTime,
  kTimestamp,
};

/// One value that an execution brings: a literal of the client's text, or a parameter of a prepared
/// statement. Borrows its text.
struct Value {
  ValueKind kind = ValueKind::kNull;
  std::string_view text{};
  /// Of what is in another character set than the client's; else empty.
  std::string_view charset{};

  bool is_null() const { return kind == ValueKind::kNull; }
  bool operator==(const Value&) const = default;
};

/// Of kNational, the character set is the operand's.
Value literal_value(sql::LiteralKind kind, std::string_view text);

/// What one execution binds to a plan. Borrowed for the length of a call.
struct Bindings {
  std::span<const Value> literals;    ///< by sql::Literal::ordinal
  std::span<const Value> parameters;  ///< by sql::Parameter::index
  /// Of a write whose rows are read first: the columns of the row that is being written.
  std::span<const Value> read;
  /// What BEFORE triggers that gates run have set of that row, by RowTriggers::set.
  std::span<const Value> set;
  /// What the plan's look-ups have found; null, or without one of them: any shard.
  const std::vector<LookupAnswer>* lookups = nullptr;
  /// Whether the client's strings are UTF-8 (character_set_client utf8mb3 or utf8mb4). If not, only their
  /// ASCII is understood.
  bool utf8 = true;
  bool no_backslash_escapes = false;   ///< of sql_mode
  bool no_auto_value_on_zero = false;  ///< of sql_mode
  bool foreign_key_checks = true;
};

/// Appends the value as SQL that every server reads as the same value.
void append_sql(std::string& out, const Value& value, bool no_backslash_escapes);

/// Where a value of a plan comes from when it runs.
struct Operand {
  enum class From : std::uint8_t { kConstant, kLiteral, kParameter, kRead, kSet };
  From from = From::kConstant;
  bool negated = false;     ///< a minus stands before it
  std::uint32_t index = 0;  ///< of all but kConstant
  Value constant{};         ///< of kConstant; its text is in the plan's arena
  /// Of an introducer, _latin1'x' (and of N'x'); empty: none.
  std::string_view charset{};

  const Value& in(const Bindings& bindings) const {
    switch (from) {
      case From::kLiteral:
        return bindings.literals[index];
      case From::kParameter:
        return bindings.parameters[index];
      case From::kRead:
        return bindings.read[index];
      case From::kSet:
        return bindings.set[index];
      case From::kConstant:
        break;
    }
    return constant;
  }
  bool operator==(const Operand&) const = default;
};

/// The same with what the plan says around the value: its sign, its character set.
void append_sql(std::string& out, const Operand& operand, const Bindings& bindings);

}  // namespace kintsugi::plan
