#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gate/session_state.h"
#include "sql/lexer.h"

/// sql_select_limit. A server would apply it to each query that a gate sends for one of a client, so that no
/// server is told, and the client's query gets a LIMIT.
namespace kintsugi::gate {

/// What the session has set; nothing if all rows are wanted.
std::optional<std::uint64_t> select_limit(const SessionState& state);

/// The statement with LIMIT `limit`, if it is a query without one; else empty, so also where it cannot be
/// parsed, and where its rows go into variables or a file.
std::string with_select_limit(std::string_view sql, const sql::LexerMode& mode, std::uint64_t limit);

}  // namespace kintsugi::gate
