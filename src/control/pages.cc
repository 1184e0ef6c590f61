#include "control/pages.h"

#include <chrono>

#include <fmt/format.h>

#include "admin/status.h"
#include "control/cluster_state.h"
#include "control/leader.h"
#include "control/leadership.h"

namespace kintsugi::control {
namespace {

using admin::StatusSection;
using admin::StatusValue;
using admin::Tone;

std::string since(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "";
  return to_rfc3339(WallTime(std::chrono::seconds(time.seconds())));
}

StatusSection cluster_section(ClusterState& state, const Leadership& leadership) {
  StatusSection section;
  section.facts.emplace_back("Leader",
                             leadership.leads() ? StatusValue("this one", Tone::good)
                             : leadership.leader_address().empty()
                                 ? StatusValue("none", Tone::bad)
                                 : StatusValue(leadership.leader_address(), Tone::plain,
                                               "http://" + leadership.leader_address() + "/debug/status"));
  section.facts.emplace_back("Topology", state.lost().empty() ? StatusValue("reachable", Tone::good)
                                                              : StatusValue(state.lost(), Tone::bad));
  for (const std::string& problem : all_problems(state.records(), state.current())) {
    section.facts.emplace_back("Problem", StatusValue(problem, Tone::bad));
  }
  return section;
}

StatusSection shards_section(ClusterState& state, const Leader& leader) {
  StatusSection section;
  section.columns = {"Shard", "Primary", "Since", "Epoch", "Tablets", "State"};
  const std::map<std::string, std::string> all_waiting = leader.waiting();
  for (const KeyspaceView& keyspace : state.current().view.keyspaces) {
    for (const ShardView& shard : keyspace.shards) {
      const std::vector<std::string> problems = problems_of(shard);
      const auto waiting = all_waiting.find(shard.full_name());
      std::string text = problems.empty() ? "ok" : problems.front();
      if (waiting != all_waiting.end()) text = waiting->second;
      section.rows.push_back({shard.full_name(), shard.record.primary_alias(),
                              since(shard.record.primary_since()), std::to_string(shard.record.epoch()),
                              std::to_string(shard.tablets.size()),
                              StatusValue(text, problems.empty() ? Tone::good : Tone::bad)});
    }
  }
  return section;
}

StatusValue tablet_state(const TabletView& tablet) {
  if (!tablet.alive) return {"its agent does not run", Tone::bad};
  if (!tablet.heard) return {"silent", Tone::bad};
  if (!tablet.health.error().empty()) return {tablet.health.error(), Tone::bad};
  return tablet.health.serving() ? StatusValue("serving", Tone::good)
                                 : StatusValue("not serving yet", Tone::warning);
}

StatusSection tablets_section(ClusterState& state) {
  StatusSection section;
  section.columns = {"Tablet", "Shard", "Type", "Server", "Lag", "State"};
  for (const TabletView* tablet : state.current().view.tablets()) {
    const auto& at = tablet->record.address();
    const auto& replication = tablet->health.replication();
    section.rows.push_back(
        {StatusValue(tablet->record.alias(), Tone::plain,
                     fmt::format("http://{}:{}/debug/status", at.host(), at.http_port())),
         fmt::format("{}/{}", tablet->record.keyspace(), tablet->record.shard()),
         topo::v1::TabletType_Name(tablet->record.type()), fmt::format("{}:{}", at.host(), at.mysql_port()),
         replication.has_lag_ms() ? fmt::format("{:.1f} s", replication.lag_ms() / 1000.0) : "",
         tablet_state(*tablet)});
  }
  return section;
}

}  // namespace

void add_pages(admin::StatusPage& page, ClusterState& state, const Leadership& leadership,
               const Leader& leader) {
  page.section("Cluster", [&state, &leadership] { return cluster_section(state, leadership); });
  page.section("Shards", [&state, &leader] { return shards_section(state, leader); });
  page.section("Tablets", [&state] { return tablets_section(state); });
}

}  // namespace kintsugi::control
