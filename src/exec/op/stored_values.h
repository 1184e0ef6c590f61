#pragma once

#include <cstdint>
#include <deque>
#include <optional>
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

/// Values of a row, with the id that a sequence gave it in the place of the one at `id_at` (-1: none).
struct WithId {
  WithId(std::span<const plan::Operand> values, int id_at, std::optional<std::uint64_t> generated)
      : text(generated ? std::to_string(*generated) : ""), operands(values.begin(), values.end()) {
    if (!generated || id_at < 0) return;
    operands[static_cast<std::size_t>(id_at)] = {};
    operands[static_cast<std::size_t>(id_at)].constant = {plan::ValueKind::kInteger, text, {}};
  }
  WithId(const WithId&) = delete;

  std::string text;
  std::vector<plan::Operand> operands;
};

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
