#include "base/log.h"
#include "runtime/cancel.h"
#include "runtime/errors.h"
#include "tablet/detail/agent_core.h"
#include "tablet/errors.h"

// This tablet's data is made anew as a copy of another's.

namespace kintsugi::tablet {
namespace {

constexpr Duration kLookAgain = 100ms;
constexpr Duration kReady = std::chrono::minutes(2);

}  // namespace

Result<v1::RecloneResponse> AgentCore::reclone(v1::RecloneRequest request) {
  const std::string self = place_.alias.text();
  if (!mysqld_) return failure(kMysqldDown, "the agent is starting");
  if (!input_.shard_known) return failure(kRecloneRefused, self + " does not know its shard yet");
  if (!input_.primary) return failure(kRecloneRefused, place_.shard.text() + " has no primary");
  if (is_primary_of_record()) return failure(kRecloneRefused, self + " is its shard's primary");
  if (request.id().empty() || request.from() == self || request.from_http_port() == 0)
    return failure(kInvalidArgument, "a copy of whose data, and as which recovery?");
  Result<void> begun = reclone_->begin(std::move(request), *identity_);
  if (!begun) return failure(std::move(begun.error()));
  wake_.set();
  return v1::RecloneResponse();
}

std::string AgentCore::reclone_sentence() const {
  if (!reclone_ || !reclone_->under_way()) return "";
  const v1::Reclone& progress = reclone_->progress();
  std::string sentence = "its data is made anew from " + progress.from() + ": " + progress.step();
  if (!progress.error().empty()) sentence += ", again, after this: " + progress.error();
  return sentence;
}

Task<Result<ReplicationSource>> AgentCore::primary() {
  const Time give_up = Clock::now() + kReady;
  for (;;) {
    const bool ready = input_.shard_known && input_.source && (reachable_ || data_is_unusable());
    if (ready) co_return *input_.source;
    if (tasks_.cancel().requested()) co_return failure(runtime::kCancelled, "the agent is stopped");
    if (Clock::now() >= give_up) {
      co_return failure(kCopyFailed, reachable_
                                         ? "the shard has no primary whose address is known"
                                         : "its own server does not answer, so that nobody knows what only "
                                           "it has: " +
                                               trouble_);
    }
    co_await round_ended_.wait(Clock::now() + kLookAgain, &tasks_.cancel());
  }
}

bool AgentCore::data_is_unusable() const { return mysqld_->data_is_unusable(); }

Task<Result<void>> AgentCore::make_empty_data(std::string folder) {
  DataDirRequest request{place_.alias, place_.shard, program_, os_user_, user_settings_};
  Result<void> made =
      co_await data_dir_->initialise(*flavour_, std::move(request), std::move(folder), &tasks_.cancel());
  co_return made;
}

/// Not while its shard's primary is being changed: what is counted on to be here is then looked at.
Task<Result<void>> AgentCore::end_server() {
  copy_may_start_ = false;
  for (;;) {
    if (tasks_.cancel().requested()) co_return failure(runtime::kCancelled, "the agent is stopped");
    if (is_primary_of_record()) co_return failure(kCopyFailed, "this tablet has become its shard's primary");
    const bool changing = !input_.shard_known || watch_->picture().change != Change::none;
    if (!changing) {
      mysqld_->start_as(StartAs::waits);
      if (mysqld_->pid() == 0) break;
      mysqld_->kill();
    }
    co_await round_ended_.wait(Clock::now() + kLookAgain, &tasks_.cancel());
  }
  co_return Result<void>();
}

Task<Result<void>> AgentCore::start_server(Identity identity) {
  Result<void> cleared = opened_->clear();
  if (!cleared) co_return cleared;
  identity_ = std::move(identity);
  my_cnf_ = make_my_cnf();
  mysqld_->set_my_cnf(my_cnf_);
  mysqld_->forget_data();
  copy_may_start_ = true;
  mysqld_->start_as(StartAs::usual);
  while (!mysqld_->running()) {
    if (tasks_.cancel().requested()) co_return failure(runtime::kCancelled, "the agent is stopped");
    co_await round_ended_.wait(Clock::now() + kLookAgain, &tasks_.cancel());
  }
  co_return Result<void>();
}

/// Nothing that was known of the old data holds.
void AgentCore::reclone_ended() {
  compared_with_.reset();
  split_branches_.clear();
  input_.errant = Errant::not_compared;
  input_.errant_gtids.clear();
  input_.source_purged = false;
  replication_started_ = Time{};
  forget_catching_up();
  wake_.set();
}

}  // namespace kintsugi::tablet
