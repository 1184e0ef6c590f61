#include <optional>
#include <utility>

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "cli/errors.h"
#include "cli/format.h"
#include "kintsugi/control/v1/control.pb.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "runtime/timer.h"

namespace kintsugi::cli {
namespace {

namespace api = control::v1;

constexpr Duration kLookAgain = std::chrono::milliseconds(500);

Task<Result<void>> list(Context& context, const Parsed& parsed) {
  api::ListTabletsRequest request;
  request.set_keyspace(parsed.get("keyspace"));
  request.set_shard(parsed.get("shard"));
  request.set_cell(parsed.get("cell"));
  api::ListTabletsResponse response;
  Result<void> done = co_await context.call("ListTablets", request, response);
  if (!done) co_return done;
  context.answer(response, [&] {
    std::string out;
    for (const api::TabletInfo& tablet : response.tablets()) out += tablet_line(tablet.record()) + "\n";
    return out;
  });
  co_return done;
}

std::string lag_text(const tablet::v1::Health& health) {
  if (!health.has_replication()) return "";
  const auto& replication = health.replication();
  const std::string lag = replication.has_lag_ms()
                              ? fmt::format("{:.1f} s behind", replication.lag_ms() / 1000.0)
                              : "lag not known yet";
  std::string out =
      fmt::format("replication  from {}:{}, {}\n", replication.source_host(), replication.source_port(), lag);
  if (!replication.io_error().empty()) out += fmt::format("  receiving fails: {}\n", replication.io_error());
  if (!replication.sql_error().empty()) out += fmt::format("  applying fails: {}\n", replication.sql_error());
  return out;
}

std::string server_text(const tablet::v1::GetStatusResponse& status) {
  const auto& health = status.health();
  std::string out =
      fmt::format("server       {} {}, up {} s, {}, {}\n", status.flavour(), status.server_version(),
                  health.mysqld_uptime_s(), health.serving() ? "serving" : "NOT serving",
                  health.read_only() ? "read-only" : "writable");
  if (!health.error().empty()) out += fmt::format("problem      {}\n", health.error());
  out += lag_text(health);
  out +=
      fmt::format("gtid         {}\nprocesses    agent {}, mysqld {} ({} unasked restarts)\n",
                  health.gtid_executed(), status.agent_pid(), status.mysqld_pid(), status.mysqld_restarts());
  out += fmt::format("data         {}\nerror log    {}\n\naccounts\n", status.data_dir(), status.error_log());
  for (const auto& account : status.accounts()) {
    out += fmt::format("  {}: {}\n", account.name(), account.purpose());
    for (const std::string& grant : account.grants()) out += fmt::format("    {}\n", grant);
  }
  out += fmt::format("\nmy.cnf, {}{}\n", status.my_cnf_path(),
                     status.my_cnf_user().empty() ? ", nothing of it from the spec" : "; from the spec:");
  for (const auto& [name, value] : status.my_cnf_user()) out += fmt::format("  {} = {}\n", name, value);
  out += "\n" + status.my_cnf();
  return out;
}

/// What the agent told; nothing: it cannot be read.
std::optional<tablet::v1::GetStatusResponse> status_of(const api::GetTabletResponse& response) {
  std::string json;
  tablet::v1::GetStatusResponse status;
  google::protobuf::util::JsonParseOptions lenient;
  lenient.ignore_unknown_fields = true;
  if (!google::protobuf::util::MessageToJsonString(response.status(), &json).ok() ||
      !google::protobuf::util::JsonStringToMessage(json, &status, lenient).ok())
    return std::nullopt;
  return status;
}

std::string tablet_text(const api::GetTabletResponse& response) {
  std::string out = tablet_line(response.tablet().record()) + "\n\n";
  if (!response.unreachable().empty())
    return out + fmt::format("its agent does not answer: {}\n", response.unreachable());
  const std::optional<tablet::v1::GetStatusResponse> status = status_of(response);
  return out + (status ? server_text(*status)
                       : "its agent's answer cannot be read: are control and agent of one version?\n");
}

Task<Result<void>> show(Context& context, const Parsed& parsed) {
  api::GetTabletRequest request;
  request.set_alias(parsed.get("alias"));
  api::GetTabletResponse response;
  Result<void> done = co_await context.call("GetTablet", request, response);
  if (done) context.answer(response, [&] { return tablet_text(response); });
  co_return done;
}

Task<Result<void>> ping(Context& context, const Parsed& parsed) {
  api::PingTabletRequest request;
  request.set_alias(parsed.get("alias"));
  api::PingTabletResponse response;
  Result<void> done = co_await context.call("PingTablet", request, response);
  if (!done) co_return done;
  context.answer(response, [&] {
    return fmt::format("{} answered in {:.1f} ms; its server {}\n", request.alias(), response.milliseconds(),
                       response.serving() ? "answers" : "does NOT answer");
  });
  co_return done;
}

Task<Result<void>> forget(Context& context, const Parsed& parsed) {
  api::ForgetTabletRequest request;
  request.set_alias(parsed.get("alias"));
  request.set_accept_loss(parsed.has("accept-loss"));
  request.set_asked_by(caller());
  api::ForgetTabletResponse response;
  Result<void> done = co_await context.call("ForgetTablet", request, response);
  if (done) {
    context.answer(response, [&] {
      return fmt::format("{} is forgotten: its shard waits for it no more\n", request.alias());
    });
  }
  co_return done;
}

/// How far it is, as its agent tells; empty: it does not.
Task<std::string> progress_of(Context& context, const std::string& alias) {
  api::GetTabletRequest request;
  request.set_alias(alias);
  api::GetTabletResponse response;
  const Result<void> done = co_await context.call("GetTablet", request, response);
  const std::optional<tablet::v1::GetStatusResponse> status = done ? status_of(response) : std::nullopt;
  if (!status || status->health().reclone().step().empty()) co_return "";
  const tablet::v1::Reclone& reclone = status->health().reclone();
  if (reclone.bytes() == 0) co_return reclone.step();
  co_return fmt::format("{}: {} of about {} MB", reclone.step(), reclone.bytes() >> 20,
                        reclone.bytes_total() >> 20);
}

Task<Result<void>> reclone(Context& context, const Parsed& parsed) {
  api::RecloneTabletRequest request;
  request.set_alias(parsed.get("alias"));
  request.set_from(parsed.get("from"));
  request.set_discard(parsed.has("discard"));
  request.set_asked_by(caller());
  api::RecloneTabletResponse begun;
  Result<void> done = co_await context.call("RecloneTablet", request, begun);
  if (!done) co_return done;
  context.remark(fmt::format("recovery {}: the data of {} is made anew from {}", begun.id(), request.alias(),
                             begun.from()));
  api::GetRecoveryRequest ask;
  ask.set_id(begun.id());
  api::GetRecoveryResponse response;
  std::string told;
  while (!response.recovery().has_ended_at()) {
    co_await runtime::sleep_for(kLookAgain);
    done = co_await context.call("GetRecovery", ask, response);
    if (!done) co_return done;
    const std::string progress = co_await progress_of(context, request.alias());
    if (!progress.empty() && std::exchange(told, progress) != progress) context.remark(progress);
  }
  const topo::v1::Recovery& recovery = response.recovery();
  if (recovery.outcome() != topo::v1::Recovery::recloned)
    co_return failure(kNotRecloned, recovery.conclusion());
  context.answer(response, [&] { return recovery.conclusion() + "\n"; });
  co_return done;
}

}  // namespace

std::vector<Command> tablet_commands() {
  const Argument alias{"alias", "cell and number, zone1-101"};
  return {
      {"tablet list",
       "all tablets, one a line",
       "Fields: alias keyspace shard type host:http-port host:mysql-port [tags] primary-since.",
       {},
       {{"keyspace", "name", "only of this keyspace"},
        {"shard", "name", "only of this shard"},
        {"cell", "name", "only of this cell"}},
       {{"tablet list", "All tablets."},
        {"tablet list --keyspace customer | awk '$4 == \"primary\"'", "The primaries of customer."}},
       list},
      {"tablet show",
       "one tablet: its server, replication, accounts, my.cnf",
       "",
       {alias},
       {},
       {{"tablet show zone1-101", "Everything its agent tells."}},
       show},
      {"tablet reclone",
       "make a tablet's data anew as a copy of another's",
       "For a tablet that is kept out: it has transactions that its primary has not, which are saved to a "
       "file on its "
       "machine first, or its primary no longer has the binlog that it needs. Control does this by itself "
       "where no "
       "transactions of other servers are at stake, unless recovery is held. Until the copy is whole, the "
       "tablet's own "
       "data stays where it is. With Ctrl-C only this command ends: `recovery show` has the rest.",
       {alias},
       {{"from", "alias",
         "whose data is copied; default: a replica that has caught up, in the same cell if it can be"},
        {"discard", "",
         "though the tablet is well, or has transactions of other servers that its primary lacks"}},
       {{"tablet reclone zone1-101", "Its data comes from another tablet of its shard."}},
       reclone},
      {"tablet forget",
       "take a tablet whose machine is gone for good out of its shard",
       "A shard gets no other primary while a replica is away that may have commits which nobody else has. "
       "This takes such a "
       "replica away, and says first whether anything can be lost by it. Make sure that its server does not "
       "run any more: it "
       "must not acknowledge commits. If its agent comes back it is a replica like a new one.",
       {alias},
       {{"accept-loss", "", "though commits that clients were told of may be lost with it"}},
       {{"tablet forget zone1-103", "It will not come back."}},
       forget},
      {"tablet ping",
       "ask a tablet's agent and its server for a sign of life",
       "",
       {alias},
       {},
       {{"tablet ping zone1-101", "How long the answer took."}},
       ping},
  };
}

}  // namespace kintsugi::cli
