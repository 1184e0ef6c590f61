#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "gate/bindings.h"
#include "gate/errors.h"
#include "gate/isolation.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "gate/variables.h"

// SET: the statement runs on a server as the client wrote it; then the variables it touched are read back,
// and the session keeps their values (settings.h).

namespace kintsugi::gate {
namespace {

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

/// Runs on the server's connection: the statement, then what it touched.
Task<Result<void>> set_there(Session& session, const std::vector<std::string>& touched, std::string sql,
                             Backend& backend) {
  Result<wire::ResultSet> done = co_await backend.query(std::move(sql));
  if (!done) co_return failure(std::move(done.error()));
  std::vector<std::string> names;  // as this server has them
  for (const std::string& name : touched) names.emplace_back(native_variable(name, backend.is_mysql()));
  std::string question = read_back_query(names);
  Result<wire::ResultSet> answer = co_await backend.query(std::move(question));
  if (!answer) co_return failure(std::move(answer.error()));
  std::vector<mysql::Cell> cells;
  if (!answer->rows.empty()) {
    for (const auto& cell : answer->rows.front()) cells.push_back(cell ? mysql::Cell(*cell) : std::nullopt);
  }
  Result<std::vector<ReadBack>> values = read_back(touched, answer->columns, cells);
  if (!values) co_return failure(std::move(values.error()));

  SessionState& state = session.state();
  auto kept = std::make_shared<Settings>(*state.settings);
  auto there = std::make_shared<Settings>(*state.settings);
  for (const ReadBack& value : *values) {
    // What has no default cannot be taken back, and is given anew to every statement that may ask for it.
    if (value.name != "last_insert_id") there->set(value.name, value.value);
    if (keep_apart(state, value)) continue;
    if (is_initial(value)) {
      kept->reset(value.name);
    } else {
      kept->set(value.name, value.value);
    }
  }
  // The connection may have more than the session keeps, which the next use of it takes back.
  backend.note_settings(std::move(there));
  state.settings = std::move(kept);
  session.settings_changed();
  co_return Result<void>();
}

Task<Result<void>> set_on_server(Session& session, std::vector<std::string> touched,
                                 const ClientStatement& sent) {
  const bool was_autocommit = session.state().autocommit;
  const std::string sql(sent.text);
  const ShardConnections::Use use = [&](Backend& backend) -> Task<Result<void>> {
    std::string copy = sql;
    return set_there(session, touched, std::move(copy), backend);
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

}  // namespace

Task<Result<void>> statement_set(Session& session, const sql::Statement& statement,
                                 const ClientStatement& sent) {
  Result<SetPlan> plan = analyse_set(static_cast<const sql::Set&>(statement));
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
  std::string with_values = std::move(plan->text);
  ClientStatement as_text{.text = with_values.empty() ? sent.text : std::string_view(with_values)};
  if (with_values.empty() && !sent.parameters.empty()) {
    const std::string* charset = state.settings->find("character_set_client");
    with_values = with_literals(sent.text, session.lexer_mode(), sent.parameters,
                                charset == nullptr ? "utf8mb4" : unquoted(*charset));
    as_text.text = with_values;
  }
  SettingsCache& cache = session.worker().settings_cache();
  const SettingsCache::Outcome* known = plan->constant ? cache.find(*state.settings, sent.text) : nullptr;
  if (known != nullptr && known->autocommit == state.autocommit) {
    state.settings = known->after;
    session.settings_changed();
  } else {
    const std::shared_ptr<const Settings> before = state.settings;
    const bool autocommit = state.autocommit;
    Result<void> done = co_await set_on_server(session, plan->touched, as_text);
    if (!done) co_return done;
    const bool apart = std::any_of(plan->touched.begin(), plan->touched.end(), [](const std::string& name) {
      return is_connection_variable(name) || name == "last_insert_id";
    });
    if (plan->constant && !apart && autocommit == state.autocommit) {
      cache.add({*before, std::string(sent.text), state.settings, state.autocommit});
    }
  }
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
    Result<void> done = co_await set_on_server(session, {"tx_isolation", "tx_read_only"}, sent);
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
