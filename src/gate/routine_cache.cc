#include "gate/routine_cache.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/lower_case.h"
#include "gate/errors.h"
#include "gate/event/definitions.h"
#include "gate/session.h"
#include "gate/variables.h"
#include "mysql/quote.h"
#include "routine/condition.h"
#include "vschema/snapshot.h"

namespace kintsugi::gate {
namespace {

constexpr std::string_view kDefaultCollation = "utf8mb4_general_ci";

constexpr std::uint16_t kNoSuchProcedure = 1305;
constexpr const char* kFunction = "FUNCTION";

struct Definition {
  std::string create, sql_mode, charset, collation;
  std::string server_sql_mode;
};

constexpr std::size_t kTriggersMax = 1000;
constexpr std::size_t kSilentMax = 10'000;

Task<Result<void>> read_sql_mode(Backend& backend, Definition& definition) {
  Result<wire::ResultSet> answer = co_await backend.query("SELECT @@global.sql_mode");
  if (!answer) co_return failure(std::move(answer.error()));
  definition.server_sql_mode = answer->value().value_or("");
  co_return Result<void>();
}

/// Asks a server of the keyspace.
Task<Result<void>> read_server_mode(Session& session, const std::string& keyspace, Definition& definition) {
  const ShardConnections::Use use = [&](Backend& backend) -> Task<Result<void>> {
    return read_sql_mode(backend, definition);
  };
  exec::ShardRequest request;
  request.keyspace = keyspace;
  co_return co_await session.shards().with_backend(request, use, session.cancel());
}

Task<Result<void>> read(Backend& backend, std::string shown, Definition& definition) {
  Result<wire::ResultSet> answer = co_await backend.query(fmt::format("SHOW CREATE {}", shown));
  if (!answer) co_return failure(std::move(answer.error()));
  constexpr std::size_t kCreate = 2;  // "Create Procedure", "Create Function"
  if (!answer->rows.empty() && answer->rows[0].size() > kCreate)
    definition.create = answer->rows[0][kCreate].value_or("");
  definition.sql_mode = answer->cell(0, "sql_mode").value_or("");
  definition.charset = answer->cell(0, "character_set_client").value_or("");
  definition.collation = answer->cell(0, "collation_connection").value_or("");
  co_return co_await read_sql_mode(backend, definition);
}

/// What the routine runs under, as settings of a session. Values that a fresh connection has are none.
std::vector<std::pair<std::string, std::optional<std::string>>> settings_of(const Definition& definition) {
  const auto unless = [](const std::string& value, std::string_view initial) {
    return value == initial ? std::nullopt : std::optional<std::string>(quote_string(value));
  };
  const std::string connection = definition.collation.substr(0, definition.collation.find('_'));
  return {{"sql_mode", unless(definition.sql_mode, definition.server_sql_mode)},
          {"character_set_client", unless(definition.charset, "utf8mb4")},
          {"character_set_connection", unless(connection, "utf8mb4")},
          {"collation_connection", unless(definition.collation, kDefaultCollation)}};
}

sql::LexerMode lexer_mode(const Session& session, const std::string& sql_mode) {
  sql::LexerMode lexer = session.lexer_mode();
  set_lexer_mode(lexer, parse_sql_mode(sql_mode));
  return lexer;
}

/// A trigger's body as that of a procedure whose parameters are the columns of its rows.
std::string as_procedure(const plan::RowTriggers& triggers, const vschema::TriggerSpec& trigger) {
  std::string text = "create procedure " + mysql::quoted_identifier(trigger.name) + "(";
  const std::size_t begin = text.size();
  const auto add = [&](const char* row, const std::vector<plan::RowTriggers::Column>& columns) {
    for (const plan::RowTriggers::Column& column : columns) {
      text += text.size() > begin ? ", " : "";
      text += mysql::quoted_identifier(row + column.name) + " " + column.type;
    }
  };
  add("old.", triggers.old_columns);
  add("new.", triggers.new_columns);
  return text + ") " + trigger.body;
}

std::string key_of(const char* kind, const std::string& name) {
  return fmt::format("{} {}", kind, lower_case(name));
}

}  // namespace

Task<Result<RoutineCache::Entry>> RoutineCache::find_trigger(Session& session,
                                                             const plan::RowTriggers& triggers,
                                                             const vschema::TriggerSpec& trigger) {
  std::string text = as_procedure(triggers, trigger);
  const std::string key = triggers.keyspace + "\n" + trigger.sql_mode + "\n" + text;
  if (const auto known = triggers_.find(key); known != triggers_.end()) co_return known->second;
  Definition definition;
  definition.sql_mode = trigger.sql_mode;
  definition.charset = trigger.character_set_client;
  definition.collation = trigger.collation_connection;
  const Result<void> done = co_await read_server_mode(session, triggers.keyspace, definition);
  if (!done) co_return failure(done.error());
  Result<std::shared_ptr<routine::Program>> program =
      routine::Program::compile(std::move(text), lexer_mode(session, definition.sql_mode));
  if (!program) co_return failure(program.error().with_context("trigger '" + trigger.name + "'"));
  (*program)->schema = triggers.keyspace;
  (*program)->name = trigger.name;
  (*program)->settings = settings_of(definition);
  Entry entry = std::move(*program);
  if (triggers_.size() >= kTriggersMax) triggers_.clear();
  triggers_.insert_or_assign(key, entry);
  co_return entry;
}

Task<Result<RoutineCache::Entry>> RoutineCache::compile_event(Session& session, std::string keyspace,
                                                              const EventDefinition& event) {
  Definition definition;
  definition.sql_mode = event.sql_mode;
  definition.charset = event.charset;
  definition.collation = event.collation;
  const Result<void> done = co_await read_server_mode(session, keyspace, definition);
  if (!done) co_return failure(done.error());
  Result<std::shared_ptr<routine::Program>> program = routine::Program::compile(
      "create procedure " + mysql::quoted_identifier(event.name) + "() " + event.body,
      lexer_mode(session, definition.sql_mode));
  if (!program) co_return failure(program.error().with_context("event '" + event.name + "'"));
  (*program)->schema = keyspace;
  (*program)->name = event.name;
  (*program)->settings = settings_of(definition);
  if (event.time_zone != "SYSTEM")
    (*program)->settings.emplace_back("time_zone", quote_string(event.time_zone));
  co_return std::move(*program);
}

void RoutineCache::note_silent(std::shared_ptr<const plan::Plan> plan, std::uint64_t generation) {
  if (generation != generation_) return;
  if (silent_.size() >= kSilentMax) silent_.clear();
  const plan::Plan* key = plan.get();
  silent_.emplace(key, std::move(plan));
}

Task<Result<std::vector<RoutineCache::Entry>>> RoutineCache::find_triggers(Session& session,
                                                                           std::string keyspace,
                                                                           std::string table) {
  if (const auto known = of_tables_[keyspace].find(table); known != of_tables_[keyspace].end())
    co_return known->second;
  const std::uint64_t generation = generation_;
  std::vector<std::pair<std::string, std::string>> found;  // body, sql_mode
  const ShardConnections::Use use = [&](Backend& backend) -> Task<Result<void>> {
    found.clear();
    Result<wire::ResultSet> answer = co_await backend.query(fmt::format(
        "SELECT ACTION_STATEMENT, SQL_MODE FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = {} "
        "AND EVENT_OBJECT_TABLE = {}",
        quote_string(keyspace), quote_string(table)));
    if (!answer) co_return failure(std::move(answer.error()));
    for (const wire::TextRow& row : answer->rows) {
      if (row.size() == 2) found.emplace_back(row[0].value_or(""), row[1].value_or(""));
    }
    co_return Result<void>();
  };
  exec::ShardRequest request;
  request.keyspace = keyspace;
  Result<void> done = co_await session.shards().with_backend(request, use, session.cancel());
  if (!done) co_return failure(std::move(done.error()));
  std::vector<Entry> triggers;
  for (const auto& [body, sql_mode] : found) {
    Result<std::shared_ptr<routine::Program>> program =
        routine::Program::compile("create procedure t() " + body, lexer_mode(session, sql_mode));
    if (program) triggers.push_back(std::move(*program));
  }
  if (generation == generation_) of_tables_[keyspace].insert_or_assign(table, triggers);
  co_return triggers;
}

Task<Result<RoutineCache::Entry>> RoutineCache::find(Session& session, std::string keyspace,
                                                     std::string name) {
  return find(session, "PROCEDURE", std::move(keyspace), std::move(name));
}

Task<Result<RoutineCache::Entry>> RoutineCache::find_function(Session& session, std::string keyspace,
                                                              std::string name) {
  return find(session, kFunction, std::move(keyspace), std::move(name));
}

Task<Result<RoutineCache::Entry>> RoutineCache::find(Session& session, const char* kind, std::string keyspace,
                                                     std::string name) {
  const std::string key = key_of(kind, name);
  if (const Entry known = keyspaces_[keyspace][key]) co_return known;
  const std::string shown =
      fmt::format("{} {}.{}", kind, mysql::quoted_identifier(keyspace), mysql::quoted_identifier(name));
  const auto routing = session.worker().backends().routing();
  if (!routing || routing->find_keyspace(keyspace) == nullptr)
    co_return failure(routine::kNoSuchRoutine, shown + " does not exist");
  const std::uint64_t generation = generation_;
  Definition definition;
  const ShardConnections::Use use = [&](Backend& backend) -> Task<Result<void>> {
    return read(backend, shown, definition);
  };
  exec::ShardRequest request;
  request.keyspace = keyspace;
  request.type = session.state().target.type;
  Result<void> done = co_await session.shards().with_backend(request, use, session.cancel());
  if (!done && done.error().is(kServerError) && done.error().mysql_errno() == kNoSuchProcedure) {
    if (generation == generation_) absent_[keyspace].insert(key);
    // As CALL says it: SHOW CREATE leaves the database out.
    co_return failure(routine::server_error(kNoSuchProcedure, "42000",
                                            fmt::format("{} {}.{} does not exist", kind, keyspace, name)));
  }
  if (!done) co_return failure(std::move(done.error()));
  if (definition.create.empty()) co_return failure(kRoutineHidden, "the definition of " + shown);
  Result<std::shared_ptr<routine::Program>> program =
      routine::Program::compile(std::move(definition.create), lexer_mode(session, definition.sql_mode));
  if (!program) co_return failure(program.error().with_context(shown));
  (*program)->schema = keyspace;
  (*program)->name = name;
  (*program)->settings = settings_of(definition);
  Entry entry = std::move(*program);
  if (generation == generation_) keyspaces_[keyspace][key] = entry;
  co_return entry;
}

bool RoutineCache::is_absent_function(const std::string& keyspace, const std::string& name) const {
  const auto found = absent_.find(keyspace);
  return found != absent_.end() && found->second.contains(key_of(kFunction, name));
}

void RoutineCache::forget(std::string_view keyspace) {
  ++generation_;
  silent_.clear();
  if (const auto absent = absent_.find(keyspace); absent != absent_.end()) absent_.erase(absent);
  if (const auto tables = of_tables_.find(keyspace); tables != of_tables_.end()) of_tables_.erase(tables);
  const auto found = keyspaces_.find(keyspace);
  if (found != keyspaces_.end()) keyspaces_.erase(found);
}

}  // namespace kintsugi::gate
