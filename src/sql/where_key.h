#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sql/lexer.h"

namespace kintsugi::sql {

/// Which rows of its tables an UPDATE, a DELETE or a SELECT is about, as far as its text says.
struct WhereKey {
  /// The condition with its values: white space, comments and the case of reserved words do not matter.
  std::string text;
  /// The first of the statement's parameters (`?`) that are in it, and how many are.
  std::size_t first_parameter = 0, parameters = 0;
  /// It ends in FOR UPDATE, and would wait for the rows' locks for as long as the server lets it.
  bool for_update = false;
};

/// Nothing where the statement has no WHERE of its own, or is no SQL.
std::optional<WhereKey> where_key(std::string_view sql, const LexerMode& mode);

}  // namespace kintsugi::sql
