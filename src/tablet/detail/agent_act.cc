#include "base/log.h"
#include "mysql/quote.h"
#include "runtime/cancel.h"
#include "tablet/detail/agent_core.h"
#include "topo/global_transaction.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

constexpr Duration kStatement = 15s;
constexpr Duration kConnect = 2s;
constexpr Duration kSayAgain = 60s;

std::string only_cell(const QueryRows& rows) {
  return rows.empty() || rows.rows[0].empty() ? std::string() : rows.rows[0][0].value_or("");
}

}  // namespace

Task<void> AgentCore::act() {
  const bool new_version = registration_->claimed() && version_published_ != input_.server.version;
  if (new_version) {
    const Result<void> published = co_await registration_->publish_version(input_.server.version);
    if (published) version_published_ = input_.server.version;
  }
  while (!decision_.actions.empty()) {
    const Action action = decision_.actions.front();
    const std::string what(name(action.kind));
    const Time begin = Clock::now();
    Result<void> done = co_await perform(action.kind);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count();
    if (!done) {
      trouble_ = what + " failed: " + done.error().text();
      if (trouble_ != last_failure_ || Clock::now() - last_failure_at_ >= kSayAgain) {
        kLog.warning("action.failed", {{"alias", place_.alias.text()},
                                       {"action", what},
                                       {"why", action.why},
                                       {"took_ms", took},
                                       {"error", done.error()}});
        last_failure_ = trouble_;
        last_failure_at_ = Clock::now();
      }
      co_return;
    }
    if (action.kind != ActionKind::create_databases || !creating_databases_) {
      kLog.info("action.done",
                {{"alias", place_.alias.text()}, {"action", what}, {"why", action.why}, {"took_ms", took}});
      done_.push_back(what + ": " + action.why);
    }
    last_failure_.clear();
    decision_.actions.erase(decision_.actions.begin());
  }
}

Task<Result<void>> AgentCore::run_statements(std::vector<std::string> statements) {
  Result<void> done = co_await agent_session_->run(std::move(statements), Clock::now() + kStatement);
  co_return done;
}

Task<Result<void>> AgentCore::perform(ActionKind kind) {
  switch (kind) {
    case ActionKind::make_read_only:
      return close_server();
    case ActionKind::make_writable:
      return open_server();
    case ActionKind::semi_sync_source_on:
      return run_statements(flavour_->semi_sync_source(true));
    case ActionKind::semi_sync_source_off:
      return run_statements(flavour_->semi_sync_source(false));
    case ActionKind::semi_sync_replica_on:
      return run_statements(flavour_->semi_sync_replica(true));
    case ActionKind::semi_sync_replica_off:
      return run_statements(flavour_->semi_sync_replica(false));
    case ActionKind::stop_receiving:
      return run_statements(flavour_->stop_receiving());
    case ActionKind::stop_replication:
      return run_statements(flavour_->stop_replication());
    case ActionKind::forget_source:
      return run_statements(flavour_->forget_source());
    case ActionKind::compare_with_source:
      return compare_with_source();
    case ActionKind::attach:
      return attach();
    case ActionKind::start_applying:
      return run_statements(flavour_->start_applying());
    case ActionKind::kill_server:
      mysqld_->kill();
      return run_statements({});
    case ActionKind::start_replication:
      replication_started_ = Clock::now();
      if (stands_still()) forget_catching_up();
      return run_statements(flavour_->start_replication());
    case ActionKind::create_databases:
      return start_creating_databases();
    case ActionKind::publish_type:
      return registration_->publish_type(decision_.type);
    case ActionKind::publish_acknowledging:
      return publish_acknowledging();
  }
  return run_statements({});
}

Task<Result<void>> AgentCore::compare_with_source() {
  const ReplicationSource source = *input_.source;
  replication_started_ = Clock::now();
  Login login{runtime::Address::tcp(source.host, source.port), kReplicationUser,
              credentials_->password("replication")};
  Result<std::unique_ptr<SqlClient>> session =
      co_await connect_server(std::move(login), Clock::now() + kConnect);
  if (!session)
    co_return failure(session.error().with_context("the primary's server at " + source.host + ":" +
                                                   std::to_string(source.port)));
  // First what is here: what comes there meanwhile does no harm.
  const Result<QueryRows> ours =
      co_await agent_session_->query(flavour_->gtid_query(), Clock::now() + kStatement);
  if (!ours) co_return failure(ours.error());
  const Result<QueryRows> theirs =
      co_await (*session)->query(flavour_->gtid_query(), Clock::now() + kConnect);
  if (!theirs) co_return failure(theirs.error());
  const std::string executed = only_cell(*theirs);
  Result<std::string> errant = flavour_->errant(only_cell(*ours), executed);
  if (!errant) co_return failure(std::move(errant.error()));
  bool split = false;
  if (errant->empty() && (opened_->word() || begins_too_early())) {
    const Result<void> mended = co_await mend_after_crash();
    if (!mended) co_return failure(mended.error());
    split = !split_branches_.empty();
    if (split) *errant = "its engine and its binlog disagree on branches of transactions: " + split_branches_;
  }
  const bool some = !errant->empty();
  if (some && input_.errant_gtids != *errant) {
    kLog.error("replica.errant",
               {{"alias", place_.alias.text()}, {"transactions", *errant}, {"primary", executed}});
  }
  input_.errant = some ? Errant::some : Errant::none;
  // The primary has all that is in this binlog, so nobody loses anything with this data.
  input_.errant_own = some && (split || flavour_->own_only(*errant, input_.server));
  input_.errant_gtids = std::move(*errant);
  compared_with_ = source;
  co_return Result<void>();
}

Task<Result<void>> AgentCore::attach() {
  const bool knows = input_.server.replication && !begins_too_early();
  std::string executed = knows ? "" : input_.server.gtid_executed;
  replication_started_ = Clock::now();
  forget_catching_up();
  Result<void> done = co_await run_statements(
      flavour_->attach(*input_.source, credentials_->password("replication"), executed));
  if (done) compared_with_.reset();  // once it is detached again, a comparison of now is of no use
  co_return done;
}

Task<Result<void>> AgentCore::start_creating_databases() {
  if (!creating_databases_) {
    creating_databases_ = true;
    tasks_.spawn(create_databases(watch_->picture().epoch));
  }
  co_return Result<void>();
}

/// Beside the rounds, since each of these waits for a replica's acknowledgement where the shard has one.
Task<void> AgentCore::create_databases(std::uint32_t epoch) {
  ServerSession session(agent_login());
  const runtime::Cancel::Callback stopped(&tasks_.cancel(), [&session] { session.abort(); });
  std::vector<std::string> statements = {
      "CREATE DATABASE IF NOT EXISTS " + mysql::quoted_identifier(place_.shard.keyspace),
      "CREATE DATABASE IF NOT EXISTS _kintsugi",
      "CREATE TABLE IF NOT EXISTS _kintsugi.primary_journal (epoch INT UNSIGNED NOT NULL PRIMARY KEY, "
      "primary_alias"
      " VARCHAR(100) NOT NULL, since TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)) ENGINE = InnoDB "
      "CHARACTER SET"
      " utf8mb4 COMMENT = 'Who was this shard''s primary, from which epoch on'",
      std::string(topo::kDecisionTable),
      std::string(topo::kFloorTable),
      std::string(topo::kFloorRow),
      "INSERT IGNORE INTO _kintsugi.primary_journal (epoch, primary_alias) VALUES (" + std::to_string(epoch) +
          ", " + mysql::quoted(place_.alias.text()) + ")"};
  const Result<void> done = co_await session.run(std::move(statements), Clock::now() + kStatement);
  creating_databases_ = false;
  if (done) {
    kLog.info("databases.created", {{"alias", place_.alias.text()}, {"keyspace", place_.shard.keyspace}});
    wake_.set();
  } else {
    kLog.warning("databases.not_created", {{"alias", place_.alias.text()}, {"error", done.error()}});
  }
}

}  // namespace kintsugi::tablet
