#include "gate/event/run.h"

#include <utility>

#include <fmt/format.h>

#include "gate/cluster_topology.h"
#include "gate/errors.h"
#include "gate/login.h"
#include "gate/routine_cache.h"
#include "gate/routine_host.h"
#include "gate/statement_runner.h"
#include "mysql/quote.h"
#include "routine/interpreter.h"
#include "sql/parser.h"

namespace kintsugi::gate {
namespace {

/// Nobody reads the rows of an event.
class DroppedRows final : public exec::RowSink {
 public:
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition>) override { co_return Result<void>(); }
  Task<Result<void>> rows(exec::RowBatch) override { co_return Result<void>(); }
  Task<Result<void>> done(mysql::OkPacket) override { co_return Result<void>(); }
};

class EventHost final : public RoutineHost {
 public:
  explicit EventHost(Session& session) : RoutineHost(session, false) {}

 private:
  Task<Result<routine::Done>> perform(std::string sql, Cursor* rows) override {
    DroppedRows dropped;
    exec::RowSink& sink = rows == nullptr ? static_cast<exec::RowSink&>(dropped) : *rows;
    co_return co_await perform_into(std::move(sql), &sink);
  }
};

/// The session is its user's from now on.
Result<void> become_user(Session& session, const EventRecord& event) {
  const std::shared_ptr<const Users>& users = session.worker().users();
  const std::vector<const UserEntry*> entries =
      users == nullptr ? std::vector<const UserEntry*>() : users->find(event.user, event.host);
  if (entries.empty())
    return failure(kNoEventUser,
                   fmt::format("event '{}.{}' runs as user '{}' from {}, whom users.json does not have",
                               event.keyspace, event.name, event.user, event.host));
  session.be_user(event.user, *entries.front());
  return session.use(event.keyspace);
}

Task<Result<void>> perform(Session& session, std::string sql) {
  EventHost host(session);
  const Result<routine::Done> done = co_await host.run(std::move(sql));
  co_return done ? Result<void>() : failure(done.error());
}

std::string name_of(const EventRecord& event) {
  return mysql::quoted_identifier(event.keyspace) + "." + mysql::quoted_identifier(event.name);
}

bool is_disabled(std::string_view status) { return status != "enable"; }

}  // namespace

Task<Result<void>> run_event(Session& session, EventRecord event, EventDefinition definition) {
  if (Result<void> known = become_user(session, event); !known) co_return known;
  Result<RoutineCache::Entry> program =
      co_await session.worker().routines().compile_event(session, event.keyspace, definition);
  if (!program) co_return failure(program.error());
  EventHost host(session);
  const std::shared_ptr<void> entered = host.enter(**program);
  routine::Interpreter interpreter(host);
  const Result<routine::Finished> finished = co_await interpreter.run(**program);
  if (session.shards().in_transaction()) {
    [[maybe_unused]] const Result<void> undone = co_await session.shards().rollback();
  }
  co_return finished ? Result<void>() : failure(finished.error());
}

Task<Result<void>> end_event(Session& session, EventRecord event, bool preserve) {
  if (Result<void> known = become_user(session, event); !known) co_return known;
  const std::string name = name_of(event);
  co_return co_await perform(session,
                             preserve ? "alter event " + name + " disable" : "drop event if exists " + name);
}

Task<Result<void>> own_event(Session& session, EventRecord event) {
  if (Result<void> known = become_user(session, event); !known) co_return known;
  co_return co_await perform(session, "alter event " + name_of(event) + " enable");
}

void forget_event_warnings(SessionState& state, mysql::OkPacket& ok) {
  const std::size_t gone = std::erase_if(state.warnings, [](const Warning& warning) {
    return warning.message.starts_with("Event scheduler is switched off");
  });
  if (gone == 0) return;
  state.warning_count = state.warnings.size();
  ok.warnings = static_cast<std::uint16_t>(state.warnings.size());
}

Task<Result<void>> note_event_statement(Session& session, std::string_view text) {
  sql::Arena arena;
  const Result<sql::Statement*> parsed = sql::parse(text, arena, session.lexer_mode());
  if (!parsed) co_return Result<void>();
  const auto* drop = sql::as<sql::DropObject>(*parsed);
  const auto* create = sql::as<sql::CreateEvent>(*parsed);
  const bool drops = drop != nullptr && drop->object == "event";
  if ((!drops && create == nullptr) || !session.state().target.shard.empty()) co_return Result<void>();
  const sql::TableName& named = drops ? *drop->name : *create->name;
  const std::string keyspace(named.schema.empty() ? std::string_view(session.state().target.keyspace)
                                                  : named.schema);
  if (drops) {
    co_return co_await session.worker().topology().with_store(
        [&](topo::Store& store) { return forget_event(store, keyspace, std::string(named.name)); });
  }
  EventChange change;
  change.keyspace = keyspace;
  change.name = named.name;
  if (create->rename_to != nullptr) change.new_name = create->rename_to->name;
  change.user = session.identity().user;
  change.host = host_of(session.identity());
  if (!create->alter || !create->status.empty())
    change.disabled = !create->status.empty() && is_disabled(create->status);
  change.keep = !create->alter && create->if_not_exists;
  const Result<void> noted = co_await session.worker().topology().with_store(
      [&](topo::Store& store) { return note_event(store, change); });
  if (noted) co_return noted;
  co_return failure(noted.error().with_context(fmt::format(
      "event '{}.{}' is on the servers, but no gate goes by it until ALTER EVENT … ENABLE, or the "
      "statement, is said again",
      keyspace, change.name)));
}

}  // namespace kintsugi::gate
