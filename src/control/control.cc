#include "control/control.h"

#include <fmt/format.h>

#include "admin/metrics.h"
#include "admin/readiness.h"
#include "admin/status.h"
#include "control/cluster_state.h"
#include "control/leader.h"
#include "control/leadership.h"
#include "control/pages.h"
#include "control/service.h"
#include "rpc/server.h"
#include "runtime/task_group.h"
#include "topo/store.h"

namespace kintsugi::control {
namespace {

constexpr admin::MetricSpec kCalls{
    "kintsugi_control_calls_total", "Calls of the API.", admin::MetricUnit::count, {"method", "result"}};
constexpr admin::MetricSpec kCallFailures{"kintsugi_control_call_failures_total",
                                          "Calls of the API that failed.",
                                          admin::MetricUnit::count,
                                          {"error"}};
constexpr admin::MetricSpec kCallTime{"kintsugi_control_call_seconds",
                                      "How long calls of the API took.",
                                      admin::MetricUnit::seconds,
                                      {"method"}};
constexpr admin::MetricSpec kLeads{"kintsugi_control_leads", "1 while this control is the leader."};
constexpr admin::MetricSpec kProblems{"kintsugi_control_problems",
                                      "Problems of the cluster that cluster status lists."};

constexpr admin::MetricSpec kNotRedundant{
    "kintsugi_control_shards_without_redundancy",
    "Shards in which nobody could take over if the primary failed now, though there are tablets for that."};

rpc::Server::Observer observe_calls(admin::Metrics& metrics, admin::StatusPage& page) {
  auto& calls = metrics.counters(kCalls);
  auto& failures = metrics.counters(kCallFailures);
  auto& times = metrics.histograms(kCallTime);
  page.rate("API calls", calls);
  page.rate("API errors", failures, true);
  page.latency("API latency", times);
  return [&calls, &failures, &times](std::string_view method, Duration took, const Error* error) {
    calls.with({method, error == nullptr ? "ok" : error->code().name}).add();
    if (error != nullptr) failures.with({error->code().name}).add();
    times.with({method}).observe(took);
  };
}

}  // namespace

struct Control::State {
  explicit State(Parts given)
      : parts(std::move(given)),
        cluster(parts.store),
        leadership(parts.store, [this] { cluster.changed().set(); }),
        leader(parts.store, cluster, leadership, parts.metrics),
        service(parts.store, cluster,
                {.cluster = parts.cluster,
                 .version = parts.version,
                 .leads = [this] { return leadership.leads(); },
                 .leader_address = [this] { return leadership.leader_address(); }}),
        server(parts.http, observe_calls(parts.metrics, parts.status)) {
    service.add_to(server);
    add_pages(parts.status, cluster, leadership, leader);
    parts.readiness.add("topology", [this] {
      if (!cluster.is_loaded())
        return admin::CheckResult{false, "the topology was not read yet: " + cluster.lost()};
      return admin::CheckResult{true, cluster.lost()};
    });
    parts.readiness.add("leader", [this] {
      const std::string& address = leadership.leader_address();
      return admin::CheckResult{!address.empty(),
                                address.empty() ? "no control leads yet" : "led by " + address};
    });
    parts.metrics.observe(kLeads, [this] { return leadership.leads() ? 1.0 : 0.0; });
    parts.metrics.observe(kProblems, [this] {
      return static_cast<double>(all_problems(cluster.records(), cluster.current()).size());
    });
    parts.metrics.observe(kNotRedundant,
                          [this] { return static_cast<double>(not_redundant(cluster.current())); });
  }

  Parts parts;
  ClusterState cluster;
  Leadership leadership;
  Leader leader;
  Service service;
  rpc::Server server;
  runtime::TaskGroup tasks;
};

Control::Control(Parts parts) : state_(std::make_unique<State>(std::move(parts))) {}
Control::~Control() = default;

void Control::start(const std::string& address) {
  state_->cluster.start();
  state_->tasks.spawn(state_->leadership.run(address, &state_->tasks.cancel()));
  state_->tasks.spawn(state_->leader.run(&state_->tasks.cancel()));
}

Task<void> Control::stop() {
  state_->tasks.cancel().request();
  co_await state_->tasks.join();
  co_await state_->cluster.stop();
}

}  // namespace kintsugi::control
