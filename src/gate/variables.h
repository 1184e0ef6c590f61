#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "gate/settings.h"
#include "mysql/response.h"
#include "mysql/row.h"
#include "sql/lexer.h"
#include "sql/tree.h"

/// SET, as far as it needs no connection. A SET runs on a server first, as the client wrote it, so that its
/// errors and its meaning are the server's; then the variables it touched are read back as values, and these
/// are what the session keeps (settings.h).
namespace kintsugi::gate {

/// What a SET statement does.
struct SetPlan {
  /// Variables to read back: "sql_mode", "@total"; each once.
  std::vector<std::string> touched;
  /// It says nothing but literals: on the same settings it has the same outcome every time.
  bool constant = true;
  /// Variables of the gate itself, with their values in lower case ("default" too), which no server is told:
  /// transaction_mode, read_your_writes, max_replica_lag.
  std::vector<Settings::Entry> own;
  /// SET @@transaction_isolation = …, without a scope: what the next transaction begins with, as SET
  /// TRANSACTION says it. No server is told.
  std::string next_transaction;
  /// What a server is sent instead of the client's text, which not every server would understand; empty:
  /// that.
  std::string text;
};

/// Fails with kSetRefused for GLOBAL and PERSIST, kUnsupported for what cannot be carried from one connection
/// to another or is to be set by itself, kInvalidArgument for a wrong value of the gate's own.
Result<SetPlan> analyse_set(const sql::Set& set);

/// A value of max_replica_lag: "5", "0.5", "500ms".
Duration lag_of_word(const std::string& word);

/// Variables that are about the client's connection and its answers, not about the server's: kept by the
/// session, heeded and answered by the gate, and never left on a pooled connection.
bool is_connection_variable(std::string_view name);

/// `@name` as SQL.
std::string user_variable(std::string_view name);

/// SELECT of all that `names` are, for read_back().
std::string read_back_query(std::span<const std::string> names);
/// SELECT of what a user variable would be that is assigned the expression, which is evaluated once; for
/// read_back() too.
std::string read_back_query(std::string_view expression);

struct ReadBack {
  std::string name;
  std::string value;  ///< SQL text
  std::string plain;  ///< the value as the server shows it; empty for NULL
};
/// The one row of read_back_query(), in the order of `names`.
Result<std::vector<ReadBack>> read_back(std::span<const std::string> names,
                                        std::span<const mysql::ColumnDefinition> columns,
                                        std::span<const mysql::Cell> cells);

/// The settings with these values of user variables; one that is NULL is none.
std::shared_ptr<const Settings> with_user_variables(const Settings& settings, std::vector<ReadBack> values);

/// What sql_mode means for the lexer and for values. `value` as the server shows it:
/// "ANSI_QUOTES,PIPES_AS_CONCAT".
struct SqlMode {
  bool ansi_quotes = false;
  bool no_backslash_escapes = false;
  bool pipes_as_concat = false;
  bool ignore_space = false;
  bool high_not_precedence = false;
  bool no_auto_value_on_zero = false;
};
SqlMode parse_sql_mode(std::string_view value);
/// What the lexer needs to know of it; its other fields stay.
void set_lexer_mode(sql::LexerMode& lexer, const SqlMode& mode);

}  // namespace kintsugi::gate
