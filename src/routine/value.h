#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mysql/quote.h"
#include "mysql/response.h"
#include "mysql/row.h"
#include "sql/tree.h"

namespace kintsugi::routine {

/// What a variable holds: NULL, or the text of a value and how SQL writes it.
struct Value {
  enum class Kind : std::uint8_t { null, integer, decimal, real, text, bytes, date, time, timestamp };
  Kind kind = Kind::null;
  std::string text;  ///< UTF-8 of a text

  bool is_null() const { return kind == Kind::null; }
  bool operator==(const Value&) const = default;
};

/// A cell of a text row as a value.
Value value_of(const mysql::ColumnDefinition& column, const mysql::Cell& cell);
Value integer(std::int64_t number);
Value text(std::string_view utf8);
/// Of an integer that fits; nothing of anything else.
std::optional<std::int64_t> as_integer(const Value& value);

bool is_ascii(std::string_view text);

/// SQL that means exactly the value, in parentheses if it begins with a sign.
std::string literal(const Value& value, const mysql::QuoteOptions& quoting);

/// A variable's declared type, as much of it as decides what needs no server.
struct Type {
  std::string sql;           ///< as it stands behind DECLARE name
  bool is_integer = false;   ///< tinyint to bigint
  std::int64_t least = 0;    ///< of an integer
  std::int64_t most = 0;     ///< of an integer; of bigint unsigned what a signed one holds
  bool is_text = false;      ///< char, varchar and the text types
  bool holds_utf8 = false;   ///< a text's character set is surely one that holds all of UTF-8
  std::int64_t length = -1;  ///< characters of a text; -1: its bytes are what is bounded
  bool is_float = false;     ///< whose digits as text are too few
  std::string name;          ///< "int"
  std::int64_t size = -1, scale = -1;
  bool is_unsigned = false;
};
/// An integer column's type; empty sql where `type` is none that a variable can have here.
Type type_of(const sql::DataType& type);
/// BIGINT, as FOR's counter has it.
Type bigint();

/// Whether a variable of the type takes the value as it is, without a conversion.
bool takes_unchanged(const Type& type, const Value& value);

/// As literal(), but of the declared type where SQL can say it: for what becomes a column of an answer, or
/// (not `alone`) a part of its expression.
std::string typed_literal(const Value& value, const Type& type, bool alone,
                          const mysql::QuoteOptions& quoting);

}  // namespace kintsugi::routine
