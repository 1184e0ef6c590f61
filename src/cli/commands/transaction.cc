#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "cli/errors.h"
#include "cli/format.h"
#include "cli/text_table.h"
#include "kintsugi/control/v1/control.pb.h"

namespace kintsugi::cli {
namespace {

namespace api = control::v1;
using api::TransactionInfo;

const char* word(bool commit) { return commit ? "commit" : "abort"; }

/// "commit", or why there is no outcome yet.
std::string outcome_text(const TransactionInfo& info) {
  if (info.has_resolution()) return std::string(word(info.resolution().commit())) + ", by hand";
  switch (info.state()) {
    case TransactionInfo::commit:
      return "commit";
    case TransactionInfo::abort:
      return "abort";
    case TransactionInfo::unknown:
      return info.decider_gone() ? "unknown: no such shard" : "unknown: it cannot be asked";
    default:
      return "undecided";
  }
}

std::string age_text(const TransactionInfo& info) {
  const std::int64_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{} s", std::max<std::int64_t>(0, now - info.began_at().seconds()));
}

std::string shards_text(const TransactionInfo& info) {
  std::string all;
  for (const api::TransactionBranch& branch : info.branches())
    all += (all.empty() ? "" : ",") + branch.shard();
  return all;
}

template <class Silent>
std::string silent_text(const Silent& silent) {
  std::string out;
  for (const api::SilentShard& each : silent)
    out += fmt::format("not asked: {}, whose branches are not known: {}\n", each.shard(), each.why());
  return out;
}

Task<Result<void>> list(Context& context, const Parsed& parsed) {
  api::ListTransactionsRequest request;
  request.set_target(parsed.get("target"));
  api::ListTransactionsResponse response;
  Result<void> done = co_await context.call("ListTransactions", request, response);
  if (!done) co_return done;
  context.answer(response, [&] {
    TextTable table({"ID", "DECIDES", "PREPARED ON", "AGE", "OUTCOME", "GATE"});
    for (const TransactionInfo& each : response.transactions()) {
      table.add(
          {each.id(), each.decider(), shards_text(each), age_text(each), outcome_text(each), each.gate()});
    }
    return silent_text(response.silent()) + (response.transactions().empty()
                                                 ? "no transaction over several shards is prepared\n"
                                                 : table.text());
  });
  co_return done;
}

std::string transaction_text(const api::GetTransactionResponse& response) {
  const TransactionInfo& info = response.transaction();
  std::string out =
      fmt::format("transaction  {}\nbegan        {}, {} ago, by its gate's clock\ngate         {}\n",
                  info.id(), time_text(info.began_at()), age_text(info),
                  info.gate().empty() ? "not known" : info.gate() + " (gate#connection of its client)");
  out +=
      fmt::format("decides      {}{}\n", info.decider(),
                  info.decider_problem().empty() ? "" : ", which cannot be asked: " + info.decider_problem());
  out += fmt::format("outcome      {}{}\n", outcome_text(info),
                     info.has_decided_at() ? ", decided at " + time_text(info.decided_at()) : "");
  if (info.has_resolution()) {
    out +=
        fmt::format("by hand      {} by {} at {}, since {} could not be asked: {}\n",
                    word(info.resolution().commit()), info.resolution().by(),
                    time_text(info.resolution().at()), info.resolution().decider(), info.resolution().why());
  }
  for (const api::TransactionBranch& branch : info.branches()) {
    out +=
        fmt::format("prepared on  {}: {}, known for {:.1f} s{}{}\n", branch.shard(), branch.tablet(),
                    branch.age_ms() / 1000.0,
                    branch.connection() == 0 ? "" : fmt::format(", connection {} there", branch.connection()),
                    branch.problem().empty() ? "" : "; not ended: " + branch.problem());
  }
  if (info.branches().empty()) out += "prepared on  no shard\n";
  out += '\n';
  for (const std::string& step : response.next_steps()) out += "- " + step + '\n';
  return out;
}

Task<Result<void>> show(Context& context, const Parsed& parsed) {
  api::GetTransactionRequest request;
  request.set_id(parsed.get("id"));
  api::GetTransactionResponse response;
  Result<void> done = co_await context.call("GetTransaction", request, response);
  if (done) context.answer(response, [&] { return transaction_text(response); });
  co_return done;
}

std::string resolved_text(const api::ResolveTransactionResponse& response) {
  std::string out = response.decision() + '\n';
  for (const api::BranchEnd& end : response.ends()) {
    out += end.problem().empty()
               ? fmt::format("{}: {}\n", end.shard(), end.committed() ? "committed" : "rolled back")
               : fmt::format("{}: not ended yet, its agent goes on trying: {}\n", end.shard(), end.problem());
  }
  if (response.ends().empty()) out += "nothing was prepared any more\n";
  return out + silent_text(response.silent());
}

Task<Result<void>> resolve(Context& context, const Parsed& parsed) {
  if (parsed.has("commit") == parsed.has("abort"))
    co_return failure(kInvalidArgument, "say --commit or --abort, one of them");
  api::ResolveTransactionRequest request;
  request.set_id(parsed.get("id"));
  request.set_commit(parsed.has("commit"));
  request.set_force(parsed.has("force"));
  request.set_by(caller());
  api::ResolveTransactionResponse response;
  Result<void> done = co_await context.call("ResolveTransaction", request, response);
  if (done) context.answer(response, [&] { return resolved_text(response); });
  co_return done;
}

}  // namespace

std::vector<Command> transaction_commands() {
  return {
      {"transaction list",
       "transactions over several shards that are prepared somewhere, the oldest first",
       "Those that are under way are among them for a moment. One that stays is held up: `transaction show` "
       "says "
       "by what.",
       {{"target", "only those that a keyspace, or keyspace/shard, has a part in", false}},
       {},
       {{"transaction list", "Of all shards."}, {"transaction list customer/-80", "Of one."}},
       list},
      {"transaction show",
       "one transaction over several shards: who decides, where it is prepared, and what to do",
       "",
       {{"id", "as transaction list shows it"}},
       {},
       {{"transaction show 6b087aa801020304050607ff", "That one."}},
       show},
      {"transaction resolve",
       "have a transaction over several shards end now",
       "Agents end what gates leave behind by themselves, as the shard that decides says; this is for where "
       "they "
       "cannot. It refuses what contradicts a decision. If the shard that decides can be asked, --abort is "
       "written there, and --commit is only taken if it has committed its own part. If it is no longer in "
       "the "
       "topology, the order is written there for all agents.",
       {{"id", "as transaction list shows it"}},
       {{"commit", "", "commit it"},
        {"abort", "", "roll it back"},
        {"force", "",
         "though the shard that decides is in the topology and cannot be asked: if it comes back with "
         "another decision, the transaction is half done"}},
       {{"transaction resolve 6b087aa801020304050607ff --abort", "Roll it back."}},
       resolve},
  };
}

}  // namespace kintsugi::cli
