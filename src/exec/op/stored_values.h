#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "exec/executor.h"

namespace kintsugi::exec {

/// How a statement takes values that a server converts.
struct Conversion {
  bool ignore = false;  ///< it says IGNORE: what does not fit is made to
  bool taken = true;  ///< false: it can do nothing with them, and only wants to know what is wrong with them
};

/// How an INSERT does. Of one that meets rows, what finds these is about the values that were given.
inline Conversion conversion_of(const plan::Insert& insert) {
  return {.ignore = insert.ignore, .taken = insert.conflicts == nullptr};
}

/// Columns of one table, and a value for each.
struct GivenValues {
  std::string_view keyspace;
  std::string table;                 ///< with its keyspace; this and
  std::vector<std::string> columns;  ///< these as SQL has them
  std::vector<plan::Operand> values;
  std::size_t row = 0;  ///< which of the client's, from 0: errors name it
  Conversion conversion;
};

/// What the columns have once these values are stored in them.
struct StoredValues {
  std::vector<plan::Operand> values;  ///< constants
  std::deque<std::string> texts;      ///< that they refer to
};

/// Whether the gate knows where values of this type of column lie once they are stored.
bool is_convertible(const plan::KeyColumn& column);

/// Asks a server, which alone knows how it converts: a text that is too long, a number that has letters
/// behind it. Fails as an INSERT of the values would under the session's sql_mode. Uses the statement's
/// scratch connection.
Task<Result<StoredValues>> stored_values(ExecContext& context, const GivenValues& given);

}  // namespace kintsugi::exec
