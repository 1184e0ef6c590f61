#include "control/global_transactions.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "control/errors.h"
#include "topo/global_transaction.h"

namespace kintsugi::control {
namespace {

using v1::TransactionInfo;

const char* outcome(bool commit) { return commit ? "commit" : "abort"; }

v1::TransactionInfo begin_info(const tablet::v1::PreparedTransaction& prepared) {
  TransactionInfo info;
  info.set_id(prepared.id());
  info.set_decider(prepared.decider());
  info.set_gate(prepared.gate());
  info.mutable_began_at()->set_seconds(
      std::chrono::system_clock::to_time_t(topo::GlobalTransaction::began(prepared.id())));
  return info;
}

void add_branch(const ShardAnswer& answer, const tablet::v1::PreparedTransaction& prepared,
                TransactionInfo& info) {
  v1::TransactionBranch& branch = *info.add_branches();
  branch.set_shard(answer.shard);
  branch.set_tablet(answer.tablet);
  branch.set_age_ms(prepared.age_ms());
  branch.set_connection(prepared.connection());
  branch.set_problem(prepared.problem());
}

bool decided(const TransactionInfo& info) {
  return info.state() == TransactionInfo::commit || info.state() == TransactionInfo::abort;
}

std::string shards_of(const TransactionInfo& info) {
  std::string all;
  for (const v1::TransactionBranch& branch : info.branches())
    all += (all.empty() ? "" : ", ") + branch.shard();
  return all;
}

std::string resolve_command(const TransactionInfo& info, const char* how) {
  return fmt::format("`kintsugi transaction resolve {} {}`", info.id(), how);
}

std::string step_without_decider(const TransactionInfo& info) {
  if (info.decider_gone()) {
    return fmt::format(
        "{} decides, and the topology has no such shard: no agent can find out. Find out whether its own "
        "part was "
        "committed (in a copy of its data, or by what its client was told), then {} or {}",
        info.decider(), resolve_command(info, "--commit"), resolve_command(info, "--abort"));
  }
  return fmt::format(
      "{} decides and cannot be asked ({}): bring it back, `kintsugi shard show {}` says what it lacks; then "
      "agents end "
      "the transaction by themselves. Only if it is lost for good: {} with --force",
      info.decider(), info.decider_problem(), info.decider(), resolve_command(info, "--commit or --abort"));
}

std::string step_of_branches(const TransactionInfo& info) {
  const bool commit =
      info.has_resolution() ? info.resolution().commit() : info.state() == TransactionInfo::commit;
  return fmt::format("It is decided: the agents of {} {} it, within seconds. {} has them do it now",
                     shards_of(info), commit ? "commit" : "roll back",
                     resolve_command(info, commit ? "--commit" : "--abort"));
}

std::string step_of_undecided(const TransactionInfo& info) {
  return fmt::format(
      "Nothing is decided. Its gate{} is at it, or has died: if it does not decide within "
      "transaction_patience (5 s) the "
      "agents of {} ask {}, which aborts it, and roll it back. {} has them do it now",
      info.gate().empty() ? "" : " (" + info.gate() + ")", shards_of(info), info.decider(),
      resolve_command(info, "--abort"));
}

}  // namespace

std::vector<TransactionInfo> assemble(const std::vector<ShardAnswer>& answers) {
  std::map<std::string, TransactionInfo> by_id;  // ids sort by when they began
  for (const ShardAnswer& answer : answers) {
    if (!answer.prepared) continue;
    for (const tablet::v1::PreparedTransaction& each : answer.prepared->transactions()) {
      const auto entry = by_id.try_emplace(each.id(), begin_info(each)).first;
      add_branch(answer, each, entry->second);
    }
  }
  std::vector<TransactionInfo> all;
  for (auto& [id, info] : by_id) all.push_back(std::move(info));
  return all;
}

std::vector<v1::SilentShard> silent(const std::vector<ShardAnswer>& answers) {
  std::vector<v1::SilentShard> all;
  for (const ShardAnswer& answer : answers) {
    if (answer.prepared) continue;
    v1::SilentShard& shard = all.emplace_back();
    shard.set_shard(answer.shard);
    shard.set_why(answer.prepared.error().message());
  }
  return all;
}

void add_decision(TransactionInfo& info, const tablet::v1::GetDecisionsResponse& answer) {
  const auto found = std::ranges::find(answer.decisions(), info.id(), &tablet::v1::Decision::id);
  if (found != answer.decisions().end()) {
    info.set_state(found->commit() ? TransactionInfo::commit : TransactionInfo::abort);
    *info.mutable_decided_at() = found->decided_at();
  } else if (info.id() < answer.floor()) {
    info.set_state(TransactionInfo::abort);
  } else {
    info.set_state(TransactionInfo::undecided);
  }
}

std::vector<std::string> next_steps(const TransactionInfo& info, const std::vector<v1::SilentShard>& silent) {
  std::vector<std::string> steps;
  for (const v1::SilentShard& shard : silent) {
    steps.push_back(
        fmt::format("{} cannot be asked whether it has a branch: {}", shard.shard(), shard.why()));
  }
  if (info.branches().empty()) {
    if (silent.empty()) steps.emplace_back("Nothing is prepared any more: it is over");
    return steps;
  }
  if (info.has_resolution() || decided(info)) {
    steps.push_back(step_of_branches(info));
  } else {
    steps.push_back(info.state() == TransactionInfo::unknown ? step_without_decider(info)
                                                             : step_of_undecided(info));
  }
  steps.push_back(fmt::format("Until then the rows that it has written on {} stay locked", shards_of(info)));
  const bool contradicts = info.has_resolution() && decided(info) &&
                           info.resolution().commit() != (info.state() == TransactionInfo::commit);
  if (contradicts) {
    steps.push_back(fmt::format("{} was resolved by {} as {}, and {} has decided {}: compare the rows",
                                info.id(), info.resolution().by(), outcome(info.resolution().commit()),
                                info.decider(), outcome(info.state() == TransactionInfo::commit)));
  }
  return steps;
}

Result<Way> judge(const TransactionInfo& info, bool commit, bool force) {
  if (info.has_resolution()) {
    if (info.resolution().commit() == commit) return Way::as_decided;
    return failure(kDecidedOtherwise,
                   fmt::format("{} has resolved it as {} before, and shards have gone by that",
                               info.resolution().by(), outcome(info.resolution().commit())));
  }
  if (decided(info)) {
    const bool committed = info.state() == TransactionInfo::commit;
    if (committed == commit) return Way::as_decided;
    return failure(kDecidedOtherwise, fmt::format("{} has decided {}", info.decider(), outcome(committed)));
  }
  if (info.state() == TransactionInfo::undecided) {
    if (!commit) return Way::write_abort;
    return failure(kPartMissing,
                   fmt::format("{}, which decides, has not committed its own part", info.decider()));
  }
  if (info.decider_gone() || force) return Way::write_resolution;
  return failure(kDeciderSilent,
                 fmt::format("{} decides and cannot be asked: {}", info.decider(), info.decider_problem()));
}

}  // namespace kintsugi::control
