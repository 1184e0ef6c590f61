#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "mysql/gtid.h"
#include "runtime/cancel.h"
#include "runtime/timer.h"
#include "tablet/detail/agent_core.h"
#include "tablet/detail/crashed_branches.h"
#include "tablet/errors.h"

// Who may be primary, from this agent's side: the lease, the word of replicas, what a crash leaves behind.

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

/// Closing a server takes this long at most, as a rule: it begins so long before the lease ends.
constexpr Duration kLeaseMargin = 1500ms;
/// A server that was open when it ended is kept from running for so long, if nobody decides; then it starts,
/// and stays closed.
constexpr Duration kUndecidedMax = 15s;
constexpr Duration kAskReplicas = 1s;
/// Two files of the binlog are read, at most, as a rule.
constexpr Duration kMend = 120s;
/// How long a statement may go on where the server has become read-only, and how long ending it may take.
constexpr Duration kWritersPatience = 300ms;
constexpr Duration kEndWriters = 10s;
constexpr Duration kLookAtWriters = 20ms;

}  // namespace

bool AgentCore::is_primary_of_record() const {
  return input_.shard_known && watch_->picture().primary == place_.alias;
}

/// Another could take over.
bool AgentCore::is_redundant() const {
  for (const auto& [alias, tablet] : watch_->picture().tablets) {
    if (alias != place_.alias && tablet.type != topo::TabletType::rdonly) return true;
  }
  return false;
}

/// The server that runs is the one that was opened.
bool AgentCore::is_open() const {
  const std::optional<Opened::Word>& word = opened_->word();
  return word && word->pid != 0 && word->pid == mysqld_->pid();
}

/// The primary's server ended while it was open, and nobody has decided since who goes on.
bool AgentCore::has_crashed() const {
  const std::optional<Opened::Word>& word = opened_->word();
  if (!word || is_open() || !is_primary_of_record() || !is_redundant()) return false;
  return watch_->picture().change != Change::none || watch_->picture().epoch <= word->epoch;
}

/// What was committed and acknowledged by nobody is cut off where another is primary by now, and must not be
/// where this one stays: so it is not started before that is known.
void AgentCore::decide_start() {
  if (reclone_->replaces()) return mysqld_->start_as(copy_may_start_ ? StartAs::usual : StartAs::waits);
  if (mysqld_->pid() == 0) opened_->note_end();
  if (!opened_->word()) return mysqld_->start_as(StartAs::usual);
  if (is_open()) {
    down_since_ = Clock::now();
    // Should it end, it is not started before this is asked again.
    return mysqld_->start_as(input_.shard_known && !is_redundant() ? StartAs::usual : StartAs::waits);
  }
  const bool undecided = !input_.shard_known || has_crashed();
  if (undecided) {
    const bool for_long = Clock::now() - down_since_ >= kUndecidedMax;
    const bool changing = input_.shard_known && watch_->picture().change == Change::unplanned;
    return mysqld_->start_as(for_long && !changing ? StartAs::usual : StartAs::waits);
  }
  mysqld_->start_as(is_primary_of_record() ? StartAs::usual : StartAs::former_primary);
}

/// Whether this server may be its shard's primary now.
Task<void> AgentCore::observe_role() {
  const ShardPicture& shard = watch_->picture();
  input_.shut = has_crashed();
  input_.has_granted = given_.holds();
  input_.half_closed = is_open() && input_.server.read_only;
  input_.may_lead = true;
  leads_alone_ = false;
  if (!is_primary_of_record() || !input_.semi_sync || !is_redundant()) co_return;
  const bool fresh = shard.epoch >= registration_->epoch_at_claim();
  if (fresh && Clock::now() + kLeaseMargin < registration_->lease_valid_until()) co_return;
  HeldGrant::Question question{place_.alias, shard.epoch, {}};
  for (const auto& [alias, tablet] : shard.tablets) {
    const bool counts =
        alias != place_.alias && tablet.acknowledges && tablet.http_port != 0 &&
        may_acknowledge(shard.durability, alias, tablet.type != topo::TabletType::rdonly, place_.alias);
    if (counts) question.replicas.push_back(runtime::Address::tcp(tablet.host, tablet.http_port));
  }
  leads_alone_ = question.replicas.empty();
  if (leads_alone_) co_return;
  const std::uint32_t epoch = question.epoch;
  co_await held_.ask(std::move(question), Clock::now() + kAskReplicas, &tasks_.cancel());
  input_.may_lead = held_.holds(epoch);
}

bool AgentCore::may_lead_now() const {
  if (!input_.shard_known) return true;  // as its agent's last life left it
  const ShardPicture& shard = watch_->picture();
  if (!is_primary_of_record() || shard.change == Change::unplanned) return false;
  if (!input_.semi_sync || !is_redundant() || leads_alone_) return true;
  const bool fresh = shard.epoch >= registration_->epoch_at_claim();
  return (fresh && Clock::now() < registration_->lease_valid_until()) || held_.holds(shard.epoch);
}

v1::Health AgentCore::told_health() const {
  v1::Health health = health_;
  const bool leads = health.type() == static_cast<topo::v1::TabletType>(topo::TabletType::primary);
  if (health.serving() && leads && !may_lead_now()) {
    health.set_serving(false);
    const std::string before = health.error().empty() ? "" : health.error() + "; ";
    health.set_error(before + "another may be primary by now: it serves nobody until it has looked again");
  }
  return health;
}

v1::GrantRoleResponse AgentCore::grant_role(const v1::GrantRoleRequest& request) {
  v1::GrantRoleResponse response;
  const ShardPicture* picture = shard();
  if (picture == nullptr || !input_.shard_known) {
    response.set_why_not("the agent does not know its shard yet");
  } else if (!input_.recorded_acknowledges) {
    response.set_why_not("its word does not count");
  } else if (picture->epoch != request.epoch() || picture->change == Change::unplanned || !picture->primary ||
             picture->primary->text() != request.primary()) {
    response.set_why_not("the shard is at epoch " + std::to_string(picture->epoch) + ", and its primary " +
                         (picture->change == Change::unplanned ? "is being changed" : "is another"));
  } else {
    given_.give();
    response.set_granted(true);
  }
  return response;
}

/// The word on the disk says what is so: also where an agent of before there was one has opened the server.
Task<void> AgentCore::keep_word() {
  const pid_t pid = mysqld_->pid();
  if (pid == 0) co_return;
  if (input_.server.read_only) {
    if (!is_open()) co_await take_word_back();  // else it is being closed, which ends with that
    co_return;
  }
  const std::uint32_t epoch = input_.shard_known ? watch_->picture().epoch : 0;
  if (is_open() && opened_->word()->epoch >= epoch) co_return;
  const Result<void> written = opened_->write({epoch, pid});
  if (!written)
    kLog.warning("opened.not_written", {{"alias", place_.alias.text()}, {"error", written.error()}});
}

/// Of a former primary that was started since another is the primary: once what it had to cut off is cut off,
/// and its engine has what its binlog says, it ends and is started as any replica from now on.
Task<void> AgentCore::take_word_back() {
  const bool replaced = input_.shard_known && input_.primary && !is_primary_of_record();
  if (!opened_->word() || !replaced) co_return;
  const Result<void> mended = co_await mend_after_crash();
  if (!mended || !split_branches_.empty()) co_return;
  const Result<void> cleared = opened_->clear();
  if (!cleared)
    kLog.warning("opened.not_cleared", {{"alias", place_.alias.text()}, {"error", cleared.error()}});
}

/// Its replication would bring what its binlog has already.
bool AgentCore::begins_too_early() const {
  const std::optional<ReplicationState>& replication = input_.server.replication;
  return replication && replication->begins_too_early();
}

/// Once for each start of a server that ended while it was open, or of a replica that did not come to write
/// down what it had done. MySQL's engine and binlog agree by themselves.
Task<Result<void>> AgentCore::mend_after_crash() {
  const pid_t pid = mysqld_->pid();
  const bool ended = opened_->word() ? opened_->word()->pid != pid : begins_too_early();
  if (!ended || mended_ == pid || flavour_->name() != "mariadb") co_return Result<void>();
  split_branches_.clear();
  Result<std::vector<std::string>> split = co_await mend_crashed_branches(
      {accounts_request(), data_dir_->files(), program_}, Clock::now() + kMend);
  if (!split) {
    kLog.warning("branches.not_mended", {{"alias", place_.alias.text()}, {"error", split.error()}});
    co_return failure(std::move(split.error()));
  }
  mended_ = pid;
  for (const std::string& name : *split) split_branches_ += (split_branches_.empty() ? "" : ", ") + name;
  if (!split->empty()) {
    kLog.warning("branches.split", {{"alias", place_.alias.text()}, {"branches", split_branches_}});
  }
  co_return Result<void>();
}

Task<Result<void>> AgentCore::open_server() {
  Result<void> done = co_await mend_after_crash();
  if (done) done = opened_->write({watch_->picture().epoch, mysqld_->pid()});
  if (done) done = co_await run_statements(flavour_->make_writable());
  co_return done;
}

Task<Result<void>> AgentCore::close_server() {
  Result<void> done = co_await run_statements(flavour_->make_read_only());
  if (done) done = co_await end_writers();
  if (done) done = opened_->clear();
  co_return done;
}

/// That a server is read-only stops neither a statement which it had let in nor XA PREPARE, and whoever waits
/// for an acknowledgement hears that all is well when nobody is waited for any more. So their connections end
/// before that, and before it is told that the server has come to rest: idle ones at once, those that do
/// something after a moment in which they may hear that the server is read-only, and go elsewhere.
Task<Result<void>> AgentCore::end_writers() {
  ServerSession session(root_login(accounts_request()));
  const Time patience = Clock::now() + kWritersPatience, give_up = Clock::now() + kEndWriters;
  for (;;) {
    const Result<QueryRows> writers = co_await session.query(flavour_->writers_query(), give_up);
    if (!writers) co_return failure(writers.error().with_context("asking who still writes"));
    if (writers->empty()) co_return Result<void>();
    if (Clock::now() >= give_up) {
      co_return failure(kWritersStay, fmt::format("{} sessions of {} may still write and do not end",
                                                  writers->rows.size(), place_.alias.text()));
    }
    for (const auto& row : writers->rows) {
      const bool runs = row[1].value_or("1") == "1";
      if (runs && Clock::now() < patience) continue;
      const std::string id = row[0].value_or("0");
      kLog.info("session.ended", {{"alias", place_.alias.text()},
                                  {"connection", id},
                                  {"runs", runs},
                                  {"why", "it may write, and the server is read-only now"}});
      // It may have ended by itself.
      [[maybe_unused]] const Result<QueryRows> killed = co_await session.query("KILL " + id, give_up);
    }
    co_await runtime::sleep_for(kLookAtWriters);
  }
}

/// Neither receives nor applies: MariaDB begins anew from what is applied when it is started then.
bool AgentCore::stands_still() const {
  const std::optional<ReplicationState>& replication = input_.server.replication;
  return replication && replication->io_thread == ThreadState::stopped &&
         replication->sql_thread == ThreadState::stopped;
}

/// What was received and not applied may be thrown away now.
void AgentCore::forget_catching_up() {
  caught_up_ = false;
  catch_up_with_.clear();
}

/// Until it has all that its source had at a moment after it was started.
Task<void> AgentCore::observe_catching_up() {
  const std::optional<ReplicationState>& replication = input_.server.replication;
  if (!replication) forget_catching_up();
  if (caught_up_ || !replication || replication->io_thread != ThreadState::running || !input_.source)
    co_return;
  if (catch_up_with_.empty()) {
    ServerSession source({runtime::Address::tcp(input_.source->host, input_.source->port), kReplicationUser,
                          credentials_->password("replication")});
    const Result<std::string> asked = co_await executed_gtids(source, *flavour_, Clock::now() + 1s);
    if (!asked) co_return;
    catch_up_with_ = *asked;
  }
  const Result<mysql::Order> order = mysql::compare_gtids(input_.server.gtid_executed, catch_up_with_);
  caught_up_ = order && (*order == mysql::Order::equal || *order == mysql::Order::more);
  if (caught_up_) kLog.info("replica.caught_up", {{"alias", place_.alias.text()}});
}

/// While it hands over: how long gates have known, and what is still open.
Task<Result<void>> AgentCore::observe_hand_over() {
  input_.open_transactions.reset();
  const bool hands_over = is_primary_of_record() && watch_->picture().change == Change::planned;
  if (!hands_over || !draining_since_) {
    if (!hands_over) draining_since_.reset();
    input_.draining_for.reset();
    co_return Result<void>();
  }
  input_.draining_for = Clock::now() - *draining_since_;
  const Result<QueryRows> open =
      co_await monitor_session_->query(flavour_->open_transactions_query(), Clock::now() + 1s);
  if (!open) co_return failure(open.error());
  input_.open_transactions =
      open->empty() ? 0U : static_cast<std::uint32_t>(std::stoul(open->rows[0][0].value_or("0")));
  co_return Result<void>();
}

/// Whether commits wait for a replica while a copy is made for one.
void AgentCore::observe_copying() {
  const SemiSyncState& semi_sync = input_.server.semi_sync;
  const bool waits =
      data_source_->busy() && semi_sync.source_enabled && semi_sync.replicas == 0 && semi_sync.waiting > 0;
  if (!waits) {
    copy_waits_since_.reset();
    input_.copy_waits_for.reset();
    return;
  }
  if (!copy_waits_since_) copy_waits_since_ = Clock::now();
  input_.copy_waits_for = Clock::now() - *copy_waits_since_;
}

/// Since when commits wait while nothing more is written.
void AgentCore::observe_waiting() {
  const SemiSyncState& semi_sync = input_.server.semi_sync;
  const bool waits = semi_sync.source_enabled && semi_sync.waiting > 0;
  if (waits && waits_since_ && waits_at_ == input_.server.gtid_executed) return;
  waits_since_ = waits ? std::optional(Clock::now()) : std::nullopt;
  waits_at_ = input_.server.gtid_executed;
}

/// When the next round is due, whatever wakes it before.
Time AgentCore::look_again() const {
  const Time now = Clock::now();
  Time next = now + parts_.options.observe_every;
  // Who is waited for looks often.
  const bool waited_for = input_.shard_known && watch_->picture().change != Change::none;
  if (waited_for) next = std::min(next, now + 20ms);
  // Gates are told first. MariaDB's list of transactions is of the last 100 ms at best.
  if (draining_since_) next = now + (input_.draining_for ? 120ms : 20ms);
  if (input_.has_granted || (opened_->word() && !mysqld_->running())) next = std::min(next, now + 100ms);
  // The shard takes no writes until a replica is there.
  if (decision_.holds_back) next = std::min(next, now + 20ms);
  // A shard whose replicas have not caught up cannot lose its primary.
  if (input_.server.replication && reachable_ && !caught_up_) next = std::min(next, now + 100ms);
  const Time closing = registration_->lease_valid_until() - kLeaseMargin;
  if (closing > now) next = std::min(next, closing);
  return next;
}

}  // namespace kintsugi::tablet
