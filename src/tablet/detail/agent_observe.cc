#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/log.h"
#include "mysql/quote.h"
#include "tablet/detail/agent_core.h"
#include "tablet/errors.h"
#include "tablet/schema.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

constexpr Duration kAnswer = 2s;
/// Of one that did not answer the last time.
constexpr Duration kAnswerAgain = 500ms;
constexpr Duration kAccounts = 60s;
constexpr Duration kReplicationPause = 10s;
/// Definitions are read again without a sign of change, for what the counters do not show.
constexpr Duration kSchemaAnyway = 60s;
constexpr Duration kSchemaRead = 30s;

/// Statements of DDL that the server has run, replicated ones included.
std::uint64_t ddl_count(const ServerState& server) {
  std::uint64_t sum = server.uptime_s == 0 ? 1 : 0;
  for (const auto& [name, value] : server.status) {
    const bool ddl = name.starts_with("com_create_") || name.starts_with("com_alter_") ||
                     name.starts_with("com_drop_") || name.starts_with("com_rename_");
    if (!ddl) continue;
    std::uint64_t count = 0;
    std::from_chars(value.data(), value.data() + value.size(), count);
    sum += count;
  }
  return sum;
}

}  // namespace

AccountsRequest AgentCore::accounts_request() const {
  return {*flavour_, data_dir_->files().socket, os_user_, place_.shard.keyspace};
}

Task<Result<void>> AgentCore::observe_accounts() {
  if (accounts_of_ == mysqld_->pid()) co_return Result<void>();
  const pid_t pid = mysqld_->pid();
  Result<void> done = co_await ensure_accounts(accounts_request(), *credentials_, Clock::now() + kAccounts);
  if (!done) co_return failure(done.error().with_context("accounts"));
  accounts_of_ = pid;
  // Another life of the server: nothing that was known of it holds.
  ddl_seen_ = 0;
  databases_epoch_ = 0;
  input_.databases_exist = false;
  replication_started_ = Time{};
  forget_catching_up();
  co_return Result<void>();
}

Task<Result<void>> AgentCore::observe() {
  if (!mysqld_->running()) co_return failure(kMysqldDown, "mysqld is starting");
  if (disk_->hangs()) {
    co_return failure(kDiskHangs,
                      fmt::format("a write to the disk of {} has not ended for {} s", data_dir_->files().root,
                                  std::chrono::duration_cast<std::chrono::seconds>(disk_->waits()).count()));
  }
  Result<void> accounts = co_await observe_accounts();
  if (!accounts) co_return accounts;
  const Time deadline = Clock::now() + (reachable_ || !has_answered() ? kAnswer : kAnswerAgain);
  ObservationQueries queries = flavour_->observation_queries();
  const Result<QueryRows> variables =
      co_await monitor_session_->query(std::move(queries.variables), deadline);
  if (!variables) co_return failure(variables.error());
  const Result<QueryRows> status = co_await monitor_session_->query(std::move(queries.status), deadline);
  if (!status) co_return failure(status.error());
  const Result<QueryRows> replication =
      co_await monitor_session_->query(std::move(queries.replication), deadline);
  if (!replication) co_return failure(replication.error());
  Result<ServerState> state = flavour_->parse_observation(*variables, *status, *replication);
  if (!state) co_return failure(std::move(state.error()));
  if (const Result<void> version = flavour_->check_version(state->version); !version) co_return version;
  input_.server = std::move(*state);
  answered_ = mysqld_->pid();
  if (input_.server.replication) {
    lag_ms_ = lag_.observe(*input_.server.replication, Clock::now());
    input_.source_purged =
        flavour_->source_purged(input_.server.replication->io_errno, input_.server.replication->io_error);
  } else {
    lag_.reset();
    lag_ms_.reset();
    input_.source_purged = false;
  }
  Result<void> seen = co_await observe_databases();
  if (seen) seen = co_await observe_hand_over();
  co_return seen;
}

Task<Result<void>> AgentCore::observe_databases() {
  const std::uint32_t epoch = watch_->picture().epoch;
  if (input_.databases_exist && databases_epoch_ == epoch) co_return Result<void>();
  input_.databases_exist = false;
  const Time deadline = Clock::now() + kAnswer;
  const Result<QueryRows> databases = co_await agent_session_->query(
      "SELECT (SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = " +
          mysql::quoted(place_.shard.keyspace) +
          ") + (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = '_kintsugi' AND "
          "TABLE_NAME IN"
          " ('primary_journal', 'decision', 'decision_floor')) AS present",
      deadline);
  if (!databases) co_return failure(databases.error());
  if (databases->text(0, "present") != "4") co_return Result<void>();
  const Result<QueryRows> journal = co_await agent_session_->query(
      "SELECT 1 AS present FROM _kintsugi.primary_journal WHERE epoch = " + std::to_string(epoch), deadline);
  if (!journal) co_return failure(journal.error());
  input_.databases_exist = !journal->empty();
  if (input_.databases_exist) databases_epoch_ = epoch;
  co_return Result<void>();
}

void AgentCore::observe_topology() {
  const ShardPicture& shard = watch_->picture();
  // Before the alias is known to be ours, what the topology says of it is about somebody else.
  input_.shard_known = watch_->known() && registration_->claimed();
  if (!input_.shard_known) return;
  input_.primary = shard.primary;
  input_.change = shard.change;
  input_.source.reset();
  input_.recorded = topo::TabletType::unknown;
  if (const auto self = shard.tablets.find(place_.alias); self != shard.tablets.end()) {
    input_.recorded = self->second.type;
    input_.recorded_acknowledges = self->second.acknowledges && !withdrawn_;
  }
  if (shard.primary) {
    const auto record = shard.tablets.find(*shard.primary);
    if (record != shard.tablets.end() && record->second.mysql_port != 0) {
      input_.source = ReplicationSource{record->second.host, record->second.mysql_port};
    }
    std::vector<ShardTablet> tablets;
    for (const auto& [alias, tablet] : shard.tablets) {
      tablets.push_back({alias, tablet.type, tablet.type != topo::TabletType::rdonly});
    }
    input_.semi_sync = semi_sync_wanted(shard.durability, *shard.primary, tablets);
    input_.acknowledges = may_acknowledge(shard.durability, place_.alias,
                                          place_.type != topo::TabletType::rdonly, *shard.primary);
  }
  if (input_.source != compared_with_) {
    input_.errant = Errant::not_compared;
    input_.errant_gtids.clear();
  }
  input_.may_retry_replication = Clock::now() - replication_started_ >= kReplicationPause;
}

/// Beside the rounds, on a session of its own: a definition that somebody changes may be waited for, and so
/// may a server that has stopped answering, which the rounds must see.
void AgentCore::observe_schema() {
  if (schema_is_read_) return;
  const std::uint64_t ddl = ddl_count(input_.server);
  const Time now = Clock::now();
  if (ddl != ddl_seen_ || schema_version_.empty()) {
    ddl_seen_ = ddl;
    ddl_moved_ = now;
  }
  // Servers count a DDL statement when it begins, and show what it does when it ends: it is looked for at
  // once, then after a pause as long as it is under way, up to a bound.
  if (now - schema_read_ < std::min<Duration>(kSchemaAnyway, schema_read_ - ddl_moved_)) return;
  schema_is_read_ = true;
  tasks_.spawn(read_schema_version());
}

Task<void> AgentCore::read_schema_version() {
  Result<std::string> digest =
      co_await schema_digest(*schema_session_, place_.shard.keyspace, Clock::now() + kSchemaRead);
  schema_is_read_ = false;
  if (!digest) {
    if (reachable_ && !tasks_.cancel().requested())
      kLog.warning("schema.unreadable", {{"alias", place_.alias.text()}, {"error", digest.error()}});
    co_return;
  }
  schema_version_ = std::move(*digest);
  schema_read_ = Clock::now();
  wake_.set();
}

}  // namespace kintsugi::tablet
