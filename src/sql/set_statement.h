#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sql/tree.h"

namespace kintsugi::sql {

/// `SET STATEMENT a = 1, … FOR statement`, MariaDB's way to give one statement settings of its own.
bool is_set_statement(const Statement& statement);

/// The parts of its text.
struct SetStatementText {
  std::string head;            ///< "SET STATEMENT … FOR "
  std::string statement;       ///< with the comments in front of the head
  std::size_t parameters = 0;  ///< `?` in the head
};
/// `sql` is the text that `set` was parsed from.
SetStatementText take_apart(const Set& set, std::string_view sql);

}  // namespace kintsugi::sql
