#include "gate/status_page.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "gate/pool_report.h"
#include "gate/process_list.h"
#include "gate/query_report.h"
#include "gate/statement_kinds.h"

namespace kintsugi::gate {
namespace {

using admin::StatusSection;
using admin::StatusValue;
using admin::Tone;

constexpr std::size_t kSessionsShown = 200;
constexpr std::size_t kCostlyShown = 20;

std::string seconds_since(Time then) {
  return fmt::format("{:.1f} s ago", std::chrono::duration<double>(Clock::now() - then).count());
}

/// What the gate takes the tablet for.
StatusValue state_of(const TabletHealth* health, Duration silence_max) {
  if (health == nullptr) return {"not heard", Tone::bad};
  if (Clock::now() - health->heard_at > silence_max) return {"silent: not used", Tone::bad};
  return health->serving ? StatusValue("serving", Tone::good) : StatusValue("not serving", Tone::bad);
}

void add_tablet_row(StatusSection& section, const vschema::Shard& shard, const vschema::Tablet& tablet,
                    const HealthMap& health, Duration silence_max) {
  const auto found = health.find(tablet.alias);
  const bool heard = found != health.end();
  const std::string page = fmt::format("http://{}:{}/debug/status", tablet.host, tablet.http_port);
  std::string lag;
  if (heard && found->second->lag_ms) lag = fmt::format("{} ms", *found->second->lag_ms);
  section.rows.push_back(
      {StatusValue(shard.text()), StatusValue(tablet.alias, Tone::plain, tablet.http_port != 0 ? page : ""),
       StatusValue(std::string(topo::name(heard ? found->second->type : tablet.type))),
       state_of(heard ? found->second.get() : nullptr, silence_max), StatusValue(std::move(lag)),
       StatusValue(heard ? seconds_since(found->second->heard_at) : ""),
       StatusValue(heard ? found->second->error : "")});
}

StatusSection tablets(const vschema::Snapshot* routing, const HealthMap& health, Duration silence_max) {
  StatusSection section;
  if (routing == nullptr) {
    section.note = "The topology was not read yet.";
    return section;
  }
  section.columns = {"Shard", "Tablet", "Type", "State", "Lag", "Heard", "Error"};
  for (const auto& keyspace : routing->keyspaces()) {
    for (const vschema::Shard& shard : keyspace->shards()) {
      if (shard.primary) add_tablet_row(section, shard, *shard.primary, health, silence_max);
      for (const vschema::Tablet& tablet : shard.tablets) {
        if (!shard.primary || shard.primary->alias != tablet.alias)
          add_tablet_row(section, shard, tablet, health, silence_max);
      }
    }
  }
  return section;
}

StatusSection keyspaces(const vschema::Snapshot* routing) {
  StatusSection section;
  if (routing == nullptr) return section;
  section.columns = {"Keyspace", "Sharded", "Shards", "Tables in vschema", "Problem"};
  for (const auto& keyspace : routing->keyspaces()) {
    std::string shards;
    for (const vschema::Shard& shard : keyspace->shards()) shards += (shards.empty() ? "" : " ") + shard.name;
    section.rows.push_back({StatusValue(keyspace->name()), StatusValue(keyspace->sharded() ? "yes" : "no"),
                            StatusValue(std::move(shards)),
                            StatusValue(std::to_string(keyspace->tables().size())),
                            StatusValue(keyspace->problem(), Tone::bad)});
  }
  return section;
}

Task<StatusSection> pools(GateShared& shared) {
  const std::map<std::string, Backends::PoolState> all = co_await all_pools(shared);
  StatusSection section;
  section.columns = {"Tablet", "Idle", "In use", "Waiting", "May have", "Connected in total"};
  for (const auto& [alias, state] : all) {
    section.rows.push_back(
        {StatusValue(alias), StatusValue(std::to_string(state.idle)),
         StatusValue(std::to_string(state.in_use)),
         StatusValue(std::to_string(state.waiting), state.waiting > 0 ? Tone::warning : Tone::plain),
         StatusValue(std::to_string(state.bound)), StatusValue(std::to_string(state.connects))});
  }
  co_return section;
}

Task<StatusSection> last_errors(GateShared& shared) {
  std::vector<ErrorNote> all;
  co_await on_each_loop(shared, [&all](Worker& worker) {
    std::ranges::copy(worker.error_log().notes(), std::back_inserter(all));
  });
  std::ranges::sort(all, std::ranges::greater(), &ErrorNote::at);
  if (all.size() > ErrorLog::kNotesMax) all.resize(ErrorLog::kNotesMax);
  StatusSection section;
  section.columns = {"Time", "Error", "User", "Target", "Message", "Statement"};
  for (const ErrorNote& note : all) {
    section.rows.push_back({StatusValue(to_rfc3339(note.at)), StatusValue(std::to_string(note.mysql_errno)),
                            StatusValue(note.user), StatusValue(note.target),
                            StatusValue(note.message, Tone::bad), StatusValue(note.statement)});
  }
  co_return section;
}

Task<std::vector<QueryShape>> costly_queries(GateShared& shared) {
  std::vector<QueryShape> all = co_await all_queries(shared);
  std::erase_if(all, [](const QueryShape& shape) { return !is_costly(shape.tier); });
  co_return all;
}

std::string milliseconds(Duration took) {
  return fmt::format("{:.1f} ms", std::chrono::duration<double, std::milli>(took).count());
}

StatusSection costly_section(std::vector<QueryShape> shapes) {
  if (shapes.size() > kCostlyShown) shapes.resize(kCostlyShown);
  StatusSection section;
  section.note =
      "EXPLAIN FORMAT=KINTSUGI shows the whole plan; docs/queries.md says how to forbid such statements; "
      "/debug/queries has all others.";
  section.columns = {"Last",    "Tier", "Runs",     "Failed",   "Total",     "Mean",
                     "Longest", "User", "Workload", "Keyspace", "Statement", "Why"};
  for (const QueryShape& one : shapes) {
    const QueryTotals& totals = one.totals;
    section.rows.push_back(
        {StatusValue(to_rfc3339(one.last)), StatusValue(std::string(plan::tier_name(one.tier))),
         StatusValue(std::to_string(totals.calls)),
         StatusValue(std::to_string(totals.errors), totals.errors > 0 ? Tone::warning : Tone::plain),
         StatusValue(milliseconds(totals.total)),
         StatusValue(milliseconds(totals.total / static_cast<std::int64_t>(totals.calls))),
         StatusValue(milliseconds(totals.longest)), StatusValue(one.user), StatusValue(one.workload),
         StatusValue(one.keyspace), StatusValue(one.text), StatusValue(one.reason)});
  }
  return section;
}

Task<StatusSection> latest_costly(GateShared& shared) {
  std::vector<QueryShape> all = co_await costly_queries(shared);
  std::ranges::sort(all, std::ranges::greater(), &QueryShape::last);
  co_return costly_section(std::move(all));
}

Task<StatusSection> most_costly(GateShared& shared) {
  std::vector<QueryShape> all = co_await costly_queries(shared);
  co_return costly_section(std::move(all));
}

Task<StatusSection> sessions(GateShared& shared) {
  StatusSection section;
  if (shared.workers.empty() || shared.workers.front() == nullptr) co_return section;
  std::vector<ProcessInfo> all = co_await list_processes(*shared.workers.front());
  section.note = fmt::format("{}; of each statement the beginning.",
                             all.size() == 1 ? "1 connection" : fmt::format("{} connections", all.size()));
  section.columns = {"Id",       "User",     "Host", "Target", "Command", "Time", "Server connections",
                     "Held for", "Statement"};
  for (const ProcessInfo& process : all) {
    if (section.rows.size() >= kSessionsShown) break;
    section.rows.push_back({StatusValue(std::to_string(process.id)), StatusValue(process.user),
                            StatusValue(process.peer), StatusValue(process.target),
                            StatusValue(process.command), StatusValue(fmt::format("{} s", process.seconds)),
                            StatusValue(std::to_string(process.pins.connections)),
                            StatusValue(process.pins.text(process.in_transaction)),
                            StatusValue(process.statement.substr(0, 120))});
  }
  co_return section;
}

}  // namespace

void add_status_sections(admin::StatusPage& page, GateShared& shared,
                         std::function<std::shared_ptr<const vschema::Snapshot>()> routing) {
  GateShared* state = &shared;
  page.rate("Statements", shared.metrics.statements);
  page.rate("Errors", shared.metrics.errors, true);
  page.latency("Latency", shared.metrics.latency);
  page.level("Connections", admin::MetricUnit::count,
             [state] { return static_cast<double>(state->metrics.connections.value()); });
  page.rate("Sent to clients", admin::MetricUnit::bytes,
            [state] { return static_cast<double>(state->metrics.bytes_to_clients.value()); });
  page.async_section("Last errors told to clients", [state] { return last_errors(*state); });
  page.async_section("Scattered and gathered statements that cost most",
                     [state] { return most_costly(*state); });
  page.async_section("Scattered and gathered statements, the latest",
                     [state] { return latest_costly(*state); });
  page.section("Keyspaces", [routing] { return keyspaces(routing().get()); });
  page.section("Tablets", [routing, state] {
    const HealthMap none;
    const bool started = !state->workers.empty() && state->workers.front() != nullptr;
    return tablets(routing().get(), started ? state->workers.front()->backends().health() : none,
                   state->options.tablet_silence_max);
  });
  page.async_section("Connections to servers", [state] { return pools(*state); });
  page.async_section("Sessions", [state] { return sessions(*state); });
}

}  // namespace kintsugi::gate
