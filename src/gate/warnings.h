#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "gate/session_state.h"

// What servers warn of, for SHOW WARNINGS. Servers count the rows of a statement ("… at row 2"); what several
// of them say of one statement of the client's is told by the client's count, and in its order.
namespace kintsugi::gate {

/// Adds it behind all that are of its row or of earlier ones; one of no row, behind all. A warning that names
/// no row is of `row`, counted from 1 as the client counts; 0: of none. Among those that are there already it
/// is of the row that the one before it is of. Of more than 64 (what servers' max_error_count is) the last is
/// dropped. Gives the row that it is of.
std::size_t add_warning(std::vector<Warning>& warnings, Warning warning, std::size_t row = 0);

/// What the session's diagnostics are after a statement that failed.
void note_failure(SessionState& state, const Error& error);

/// The message with the row that it ends with, "at row 2", counted as the client counts: `rows` says what
/// each one is, from 0 (exec::ShardRequest::rows). A message that names no row, or none of these, stays as it
/// is.
std::string with_client_row(std::string message, std::span<const std::size_t> rows);
Error with_client_row(const Error& error, std::span<const std::size_t> rows);

}  // namespace kintsugi::gate
