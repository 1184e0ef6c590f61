#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include <fmt/format.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/text_table.h"
#include "kintsugi/control/v1/control.pb.h"
#include "topo/time.h"

namespace kintsugi::cli {
namespace {

namespace api = control::v1;
using topo::v1::PrimaryChange;
using topo::v1::Recovery;

std::string kind_text(const Recovery& recovery) {
  if (!recovery.reclone().empty()) return "reclone";
  return PrimaryChange::Kind_Name(recovery.kind());
}

std::string outcome_text(const Recovery& recovery) {
  switch (recovery.outcome()) {
    case Recovery::changed:
      return "changed";
    case Recovery::resumed:
      return "resumed";
    case Recovery::recloned:
      return "recloned";
    case Recovery::failed:
      return "failed";
    default:
      return "under way";
  }
}

std::string duration_text(const Recovery& recovery) {
  if (!recovery.has_ended_at()) return "";
  const std::chrono::duration<double> took =
      topo::to_time(recovery.ended_at()) - topo::to_time(recovery.began_at());
  return fmt::format("{:.2f} s", took.count());
}

std::string target_text(const std::string& target) { return target.empty() ? "the whole cluster" : target; }

std::string hold_line(const api::RecoveryHoldInfo& info) {
  return fmt::format("held: {}, since {}{}{}\n", target_text(info.target()), time_text(info.hold().since()),
                     info.hold().by().empty() ? "" : " by " + info.hold().by(),
                     info.hold().reason().empty() ? "" : ": " + info.hold().reason());
}

Task<Result<void>> list(Context& context, const Parsed& parsed) {
  api::ListRecoveriesRequest request;
  request.set_shard(parsed.get("shard"));
  api::ListRecoveriesResponse response;
  Result<void> done = co_await context.call("ListRecoveries", request, response);
  if (!done) co_return done;
  context.answer(response, [&] {
    TextTable table({"ID", "SHARD", "KIND", "FROM", "TO", "OUTCOME", "TOOK"});
    for (const Recovery& each : response.recoveries()) {
      table.add({each.id(), each.keyspace() + '/' + each.shard(), kind_text(each), each.from(), each.to(),
                 outcome_text(each), duration_text(each)});
    }
    std::string out;
    for (const api::RecoveryHoldInfo& hold : response.holds()) out += hold_line(hold);
    return out + (response.recoveries().empty() ? "no recovery is on record\n" : table.text());
  });
  co_return done;
}

std::string recovery_text(const Recovery& recovery) {
  std::string out = fmt::format(
      "recovery  {}\nshard     {}/{}\nkind      {}{}\nfrom      {}\nto        {}\nbegan     {}\noutcome   "
      "{}{}\nreason    {}\nseen      {}\n\n",
      recovery.id(), recovery.keyspace(), recovery.shard(), kind_text(recovery),
      recovery.asked_by().empty() ? "" : ", asked for by " + recovery.asked_by(), recovery.from(),
      recovery.to().empty() ? "not known yet" : recovery.to(), time_text(recovery.began_at()),
      outcome_text(recovery), recovery.has_ended_at() ? " after " + duration_text(recovery) : "",
      recovery.reason(), recovery.seen());
  std::uint32_t elapsed_ms = 0;
  for (const Recovery::Step& step : recovery.steps()) {
    elapsed_ms += step.took_ms();
    out += fmt::format("after {:6.3f} s  {}\n", elapsed_ms / 1000.0, step.what());
  }
  return out;
}

Task<Result<void>> show(Context& context, const Parsed& parsed) {
  api::GetRecoveryRequest request;
  request.set_id(parsed.get("id"));
  api::GetRecoveryResponse response;
  Result<void> done = co_await context.call("GetRecovery", request, response);
  if (done) context.answer(response, [&] { return recovery_text(response.recovery()); });
  co_return done;
}

Task<Result<void>> hold(Context& context, const Parsed& parsed) {
  api::HoldRecoveryRequest request;
  request.set_target(parsed.get("target"));
  request.set_reason(parsed.get("reason"));
  request.set_by(caller());
  api::HoldRecoveryResponse response;
  Result<void> done = co_await context.call("HoldRecovery", request, response);
  if (done) {
    context.answer(response, [&] {
      return fmt::format("automatic recovery of {} is held: no primary is changed unless you ask for it\n",
                         target_text(request.target()));
    });
  }
  co_return done;
}

Task<Result<void>> release(Context& context, const Parsed& parsed) {
  api::ReleaseRecoveryRequest request;
  request.set_target(parsed.get("target"));
  api::ReleaseRecoveryResponse response;
  Result<void> done = co_await context.call("ReleaseRecovery", request, response);
  if (done) {
    context.answer(response, [&] {
      return fmt::format("automatic recovery of {} goes on\n", target_text(request.target()));
    });
  }
  co_return done;
}

}  // namespace

std::string caller() {
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  const passwd* user = ::getpwuid(::geteuid());
  return fmt::format("{}@{}", user != nullptr ? user->pw_name : std::to_string(::geteuid()), host);
}

std::vector<Command> recovery_commands() {
  return {
      {"recovery list",
       "changes of primary, the latest first, and where automatic recovery is held",
       "",
       {{"shard", "only of this one, keyspace/shard", false}},
       {},
       {{"recovery list", "Of all shards."}, {"recovery list customer/-80", "Of one."}},
       list},
      {"recovery show",
       "one change of primary: what was seen, what was decided, how long each step took",
       "",
       {{"id", "as recovery list shows it"}},
       {},
       {{"recovery show 20261126T143512.123Z-5", "That one."}},
       show},
      {"recovery hold",
       "let control change no primary by itself",
       "While it is held, a shard whose primary fails waits for you; `shard reparent` works as ever. A "
       "primary "
       "whose server was started again after a crash goes on.",
       {{"target", "a keyspace, or keyspace/shard; nothing: the whole cluster", false}},
       {{"reason", "text", "why, for those who find it held"}},
       {{"recovery hold customer --reason \"disk replacement\"", "All shards of customer."}},
       hold},
      {"recovery release",
       "let control recover by itself again",
       "",
       {{"target", "what was held: a keyspace, or keyspace/shard; nothing: the whole cluster", false}},
       {},
       {{"recovery release customer", "What was held above."}},
       release},
  };
}

}  // namespace kintsugi::cli
