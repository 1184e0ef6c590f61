#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/isolation.h"
#include "gate/restored.h"
#include "gate/routine_variables.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "gate/statement_runner.h"
#include "gate/variables.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "sql/set_statement.h"

// SET: the statement runs on a server as the client wrote it; then the variables it touched are read back,
// and the session keeps their values (settings.h).

namespace kintsugi::gate {
namespace {

/// A SET that a server is sent, and the variables that it touches.
struct SetThere {
  std::vector<std::string> touched;
  std::string sql;
  bool for_statement = false;  ///< `sql` is "SET STATEMENT … FOR ", behind which a question may stand
};

exec::ShardRequest any_server(const Session& session, const Target& target) {
  (void)session;
  exec::ShardRequest request;
  request.keyspace = target.keyspace;
  request.type = target.type;
  return request;
}

/// What the session keeps elsewhere than in its settings.
bool keep_apart(SessionState& state, const ReadBack& value) {
  if (value.name == "autocommit") {
    state.autocommit = value.plain == "1" || value.plain == "ON";
    return false;  // the servers' connections have it too
  }
  if (value.name == "last_insert_id") {
    state.last_insert_id = std::strtoull(value.plain.c_str(), nullptr, 10);
    return true;
  }
  if (is_connection_variable(value.name)) {
    std::erase_if(state.connection_variables, [&](const auto& entry) { return entry.first == value.name; });
    state.connection_variables.emplace_back(value.name, value.value);
    return true;
  }
  return false;
}

/// Values that a fresh connection has anyway are not carried along.
bool is_initial(const ReadBack& value) {
  if (value.name.starts_with('@')) return value.value == "NULL";
  if (value.name == "autocommit") return value.value == "1";
  if (value.name == "collation_connection") return value.plain == "utf8mb4_general_ci";
  return value.name.starts_with("character_set_") && value.plain == "utf8mb4";
}

/// The connection may have more than the session keeps, which the next use of it takes back.
void keep(Session& session, const std::vector<ReadBack>& values, Settings& there) {
  SessionState& state = session.state();
  auto kept = std::make_shared<Settings>(*state.settings);
  for (const ReadBack& value : values) {
    // What has no default cannot be taken back, and is given anew to every statement that may ask for it.
    if (value.name != "last_insert_id") there.set(value.name, value.value);
    if (keep_apart(state, value)) continue;
    if (is_initial(value)) {
      kept->reset(value.name);
    } else {
      kept->set(value.name, value.value);
    }
  }
  state.settings = std::move(kept);
  session.settings_changed();
}

/// What the server has for them: within SET STATEMENT if `head` is that.
Task<Result<std::vector<ReadBack>>> read_there(const std::vector<std::string>& touched, std::string_view head,
                                               Backend& backend) {
  std::vector<std::string> names;  // as this server has them
  for (const std::string& name : touched) names.emplace_back(native_variable(name, backend.is_mysql()));
  std::string question(head);
  question += read_back_query(names);
  Result<wire::ResultSet> answer = co_await backend.query(std::move(question));
  if (!answer) co_return failure(std::move(answer.error()));
  std::vector<mysql::Cell> cells;
  if (!answer->rows.empty()) {
    for (const auto& cell : answer->rows.front()) cells.push_back(cell ? mysql::Cell(*cell) : std::nullopt);
  }
  co_return read_back(touched, answer->columns, cells);
}

/// Runs on the server's connection: the statement, then what it touched.
Task<Result<void>> set_there(Session& session, const SetThere& set, Backend& backend) {
  if (!set.for_statement) {
    Result<wire::ResultSet> done = co_await backend.query(std::string(set.sql));
    if (!done) co_return failure(std::move(done.error()));
  }
  const std::string_view head = set.for_statement ? std::string_view(set.sql) : std::string_view();
  Result<std::vector<ReadBack>> values = co_await read_there(set.touched, head, backend);
  if (!values) co_return failure(std::move(values.error()));
  auto there = std::make_shared<Settings>(*session.state().settings);
  keep(session, *values, *there);
  if (!set.for_statement) backend.note_settings(std::move(there));
  co_return Result<void>();
}

Task<Result<void>> set_on_server(Session& session, const SetThere& set) {
  const bool was_autocommit = session.state().autocommit;
  const ShardConnections::Use use = [&](Backend& backend) -> Task<Result<void>> {
    return set_there(session, set, backend);
  };
  const Target target = session.state().target;
  const exec::ShardRequest request = any_server(session, target);
  Result<void> done = co_await session.shards().with_backend(request, use, session.cancel());
  if (!done) co_return done;
  if (!was_autocommit && session.state().autocommit) {
    Result<void> committed = co_await session.shards().commit();
    if (!committed) co_return committed;
  }
  co_return done;
}

/// The same, where an earlier one on the same settings tells what comes of it. `key`: what stands for it.
Task<Result<void>> set_once(Session& session, const SetThere& set, bool constant, std::string_view key) {
  SessionState& state = session.state();
  SettingsCache& cache = session.worker().settings_cache();
  const SettingsCache::Outcome* known = constant ? cache.find(*state.settings, key) : nullptr;
  if (known != nullptr && known->autocommit == state.autocommit) {
    state.settings = known->after;
    session.settings_changed();
    co_return Result<void>();
  }
  const std::shared_ptr<const Settings> before = state.settings;
  const bool autocommit = state.autocommit;
  Result<void> done = co_await set_on_server(session, set);
  if (!done) co_return done;
  const bool apart = std::ranges::any_of(set.touched, [](const std::string& name) {
    return is_connection_variable(name) || name == "last_insert_id";
  });
  if (constant && !apart && autocommit == state.autocommit)
    cache.add({*before, std::string(key), state.settings, state.autocommit});
  co_return done;
}

/// A variable of the gate's own, whose value has been checked.
void set_own(SessionState& state, const GateOptions& options, std::string_view name,
             const std::string& value) {
  const bool initial = value == "default";
  if (name == "read_your_writes") {
    state.read_your_writes =
        initial ? options.read_your_writes : value == "on" || value == "1" || value == "true";
  } else if (name == "max_replica_lag") {
    state.max_replica_lag = initial ? options.max_replica_lag : lag_of_word(value);
  } else {
    const auto mode = std::ranges::find(kTransactionModes, value);
    state.transaction_mode =
        initial ? options.transaction_mode : static_cast<TransactionMode>(mode - kTransactionModes.begin());
  }
}

Result<void> set_next_transaction(Session& session, const std::string& characteristics) {
  if (session.shards().in_transaction()) {
    return failure(kInTransaction,
                   "Transaction characteristics can't be changed while a transaction is in progress");
  }
  session.state().next_transaction = characteristics;
  session.respond().ok();
  return {};
}

/// What a client that tracks its session is told of by default.
mysql::OkPacket tracked(const Session& session, const SessionState& state,
                        const std::vector<std::string>& touched) {
  mysql::OkPacket ok;
  if ((session.identity().capabilities & mysql::capability::kSessionTrack) == 0) return ok;
  for (const std::string& name : touched) {
    const bool told = name.starts_with("character_set_") || name == "time_zone" || name == "autocommit";
    if (!told) continue;
    const std::string* value = state.settings->find(name);
    std::string text(value != nullptr ? unquoted(*value) : name == "time_zone" ? "SYSTEM" : "utf8mb4");
    if (name == "autocommit") text = state.autocommit ? "ON" : "OFF";
    ok.changes.push_back({mysql::SessionChange::Kind::system_variable, name, std::move(text)});
  }
  return ok;
}

/// SET STATEMENT a = 1, … FOR statement: the statement runs as if the session had these settings. A server
/// says what they are.
Task<Result<void>> set_for_statement(Session& session, const sql::Set& set, const ClientStatement& sent) {
  Result<SetPlan> plan = analyse_set(set);
  if (!plan) co_return failure(std::move(plan.error()));
  if (!plan->next_transaction.empty())
    co_return failure(kUnsupported, "SET STATEMENT of the isolation level: SET TRANSACTION before it");
  const sql::SetStatementText text = sql::take_apart(set, sent.text);
  ClientStatement head = sent;
  head.text = text.head;
  head.parameters = sent.parameters.first(text.parameters);
  ClientStatement statement = sent;
  statement.text = text.statement;
  statement.parameters = sent.parameters.subspan(text.parameters);
  statement.fingerprint = nullptr;

  std::vector<std::string> names = plan->touched;
  for (const auto& [name, value] : plan->own) names.push_back(name);
  const Restored restored(session, std::move(names));
  const sql::LexerMode mode = session.lexer_mode();
  Result<void> done;
  if (plan->own.empty()) {
    const SetThere there{
        .touched = plan->touched, .sql = text_with_parameters(session, head), .for_statement = true};
    done = co_await set_once(session, there, plan->constant, text.head);
  }
  for (const auto& [name, value] : plan->own)
    set_own(session.state(), session.worker().options(), name, value);
  if (!done) co_return done;
  std::string reread;
  if (session.lexer_mode() != mode) {
    // It has been read by what was before, as servers do, and goes to them as those read it that have the new
    // one.
    sql::Arena arena;
    Result<sql::Statement*> parsed = sql::parse(text.statement, arena, mode);
    if (!parsed) co_return failure(std::move(parsed.error()));
    reread = sql::print(**parsed, sql::print_options(session.lexer_mode()));
    statement.text = reread;
  }
  const bool goes_on = co_await run_statement(session, statement);
  if (!goes_on) session.close_after_command();
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> statement_set(Session& session, const sql::Statement& statement,
                                 const ClientStatement& sent) {
  const auto& set = static_cast<const sql::Set&>(statement);
  if (set.statement != nullptr) {
    Result<void> done = co_await set_for_statement(session, set, sent);
    co_return done;
  }
  Result<SetPlan> plan = analyse_set(set);
  if (!plan) co_return failure(std::move(plan.error()));
  SessionState& state = session.state();
  if (!plan->next_transaction.empty()) {
    Result<void> done = set_next_transaction(session, plan->next_transaction);
    co_return done;
  }
  if (!plan->own.empty()) {
    for (const auto& [name, value] : plan->own) set_own(state, session.worker().options(), name, value);
    session.respond().ok();
    co_return Result<void>();
  }
  std::string sql = std::move(plan->text);
  if (sql.empty()) sql = text_with_parameters(session, sent);
  std::vector<plan::CalledRoutine> called = plan::called_routines(set, state.target.keyspace);
  if (!called.empty()) {
    for (std::string& variable : co_await variables_of_routines(session, std::move(called))) {
      if (std::ranges::find(plan->touched, variable) == plan->touched.end())
        plan->touched.push_back(std::move(variable));
    }
  }
  const SetThere there{.touched = plan->touched, .sql = std::move(sql)};
  Result<void> done = co_await set_once(session, there, plan->constant, sent.text);
  if (!done) co_return done;
  session.respond().ok(tracked(session, state, plan->touched));
  co_return Result<void>();
}

Task<Result<void>> statement_set_transaction(Session& session, const sql::Statement& statement,
                                             const ClientStatement& sent) {
  const auto& set = static_cast<const sql::SetTransaction&>(statement);
  if (set.scope == sql::VariableScope::kGlobal) {
    co_return failure(kSetRefused,
                      "SET GLOBAL TRANSACTION: a gate sets characteristics of its own sessions only");
  }
  if (set.scope != sql::VariableScope::kNone) {
    const SetThere both{.touched = {"tx_isolation", "tx_read_only"}, .sql = std::string(sent.text)};
    Result<void> done = co_await set_on_server(session, both);
    if (done) session.respond().ok();
    co_return done;
  }
  static constexpr const char* kLevels[] = {"", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ",
                                            "SERIALIZABLE"};
  std::string next;
  if (set.isolation != sql::Isolation::kUnset) {
    next = fmt::format("ISOLATION LEVEL {}", kLevels[static_cast<std::size_t>(set.isolation)]);
  }
  if (set.access != sql::AccessMode::kUnset) {
    next += next.empty() ? "" : ", ";
    next += set.access == sql::AccessMode::kReadOnly ? "READ ONLY" : "READ WRITE";
  }
  Result<void> done = set_next_transaction(session, next);
  co_return done;
}

}  // namespace kintsugi::gate
