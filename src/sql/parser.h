#pragma once

#include <string_view>

#include "base/error.h"
#include "sql/lexer.h"
#include "sql/tree.h"

namespace kintsugi::sql {

/// The text is no SQL that MySQL 8 or MariaDB 10.11 take. The message is MySQL's own: "You have an error in
/// your SQL syntax; … near 'xxx' at line N".
inline constexpr ErrorCode kSyntaxError{3001, "syntax_error", 1064, "42000"};
/// The statement is nested more deeply than can be worked on.
inline constexpr ErrorCode kTooDeep{3002, "statement_too_deep", 1436, "HY000",
                                    "Write a long chain as a list, or split the statement"};
/// The text holds blanks and comments only.
inline constexpr ErrorCode kEmptyQuery{3003, "empty_query", 1065, "42000"};
/// A query in FROM has no name.
inline constexpr ErrorCode kDerivedNeedsAlias{3004, "derived_needs_alias", 1248, "42000"};

/// A parsed tree is at most this deep, so that walks may recurse.
inline constexpr int kTreeDepthMax = 1000;

/// Reads one statement, with or without a `;` at its end; text after that is a syntax error.
/// The tree and all its strings live in `arena`; `sql` is no longer needed afterwards. Node positions count
/// bytes of `sql`. Fails with kSyntaxError, kEmptyQuery, kTooDeep, kDerivedNeedsAlias. Reentrant.
Result<Statement*> parse(std::string_view sql, Arena& arena, const LexerMode& mode = {});

/// Reads one expression, such as a DEFAULT or a filter of a configuration.
Result<Expr*> parse_expression(std::string_view sql, Arena& arena, const LexerMode& mode = {});

}  // namespace kintsugi::sql
