#include "local/desired.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kintsugi::local {

namespace {

constexpr const char* kLoopback = "127.0.0.1";
constexpr std::uint64_t kSmallMemoryBelow = 128u << 20;

/// The gates of a spec, one by one.
struct OneGate {
  const spec::Gate* gate;
  std::size_t index;  ///< in spec.gates
  int replica;        ///< of it, from 0
  std::string place;  ///< "zone1/0"
};

std::vector<OneGate> each_gate(const spec::Cluster& cluster) {
  std::vector<OneGate> all;
  std::map<std::string, int> in_cell;
  for (std::size_t i = 0; i < cluster.gates.size(); ++i) {
    const spec::Gate& gate = cluster.gates[i];
    for (int replica = 0; replica < gate.replicas; ++replica) {
      all.push_back({&gate, i, replica, fmt::format("{}/{}", gate.cell, in_cell[gate.cell]++)});
    }
  }
  return all;
}

std::string gate_name(const OneGate& one, const std::map<std::string, int>& numbers) {
  return fmt::format("gate-{}", numbers.at(one.place));
}

std::string control_name(int replica) { return fmt::format("control-{}", replica + 1); }

class Planner {
 public:
  Planner(const Machine& machine, const spec::Cluster& cluster, const Assignments& assigned)
      : machine_(machine), cluster_(cluster), ports_(assigned.ports), gates_(assigned.gates) {}

  ProcessPlan etcd() const {
    ProcessPlan plan = start_of("etcd", ProcessKind::etcd);
    const std::uint16_t client = ports_.at("etcd.client");
    const std::uint16_t peer = ports_.at("etcd.peer");
    const std::string client_url = fmt::format("http://{}:{}", kLoopback, client);
    const std::string peer_url = fmt::format("http://{}:{}", kLoopback, peer);
    plan.command = {cluster_.etcd.binary, "--name", cluster_.name, "--data-dir", machine_.layout.etcd_data(),
                    "--listen-client-urls", client_url, "--advertise-client-urls", client_url,
                    "--listen-peer-urls", peer_url, "--initial-advertise-peer-urls", peer_url,
                    "--initial-cluster", fmt::format("{}={}", cluster_.name, peer_url),
                    "--initial-cluster-token", cluster_.name,
                    // History is kept for an hour: watchers that were away for less need not read all anew.
                    "--auto-compaction-retention", "1", "--log-level", "warn"};
    plan.ports = {{"client", kLoopback, client, cluster_.etcd.client_port != 0 ? "spec.etcd.clientPort" : ""},
                  {"peer", kLoopback, peer, cluster_.etcd.peer_port != 0 ? "spec.etcd.peerPort" : ""}};
    plan.http = runtime::Address::tcp(kLoopback, client);
    plan.ready_path = "/health";
    return plan;
  }

  ProcessPlan control(int replica) const {
    ProcessPlan plan = start_of(control_name(replica), ProcessKind::control);
    const std::uint16_t http = ports_.at(plan.name + ".http");
    plan.command = role("control");
    add(plan, "name", plan.name);
    add_http(plan, cluster_.listen_host, http);
    add_options(plan, cluster_.control.options);
    plan.ports = {
        {"http", cluster_.listen_host, http, cluster_.control.http_port != 0 ? "spec.control.httpPort" : ""}};
    plan.http = runtime::Address::tcp(reachable(cluster_.listen_host), http);
    return plan;
  }

  ProcessPlan gate(const OneGate& one) const {
    ProcessPlan plan = start_of(gate_name(one, gates_), ProcessKind::gate);
    const std::uint16_t http = ports_.at(plan.name + ".http");
    const std::uint16_t mysql = ports_.at(plan.name + ".mysql");
    plan.command = role("gate");
    add(plan, "cell", one.gate->cell);
    add(plan, "name", plan.name);
    add_http(plan, cluster_.listen_host, http);
    add(plan, "mysql-host", cluster_.listen_host);
    add(plan, "mysql-port", std::to_string(mysql));
    add(plan, "users-file", cluster_.users.file.empty() ? machine_.layout.users_file() : cluster_.users.file);
    add(plan, "backend-password-file", machine_.layout.credentials() + "/gate");
    add_options(plan, one.gate->options);
    if (cluster_.users.file.empty() && cluster_.users.given()) {
      plan.files.push_back({machine_.layout.users_file(), cluster_.users.text});
    }
    const std::string at = fmt::format("spec.gates[{}]", one.index);
    plan.ports = {{"mysql", cluster_.listen_host, mysql, one.gate->mysql_port != 0 ? at + ".mysqlPort" : ""},
                  {"http", cluster_.listen_host, http, one.gate->http_port != 0 ? at + ".httpPort" : ""}};
    plan.http = runtime::Address::tcp(reachable(cluster_.listen_host), http);
    return plan;
  }

  ProcessPlan tablet(const spec::Tablet& tablet) const {
    ProcessPlan plan = start_of("tablet-" + tablet.alias.text(), ProcessKind::tablet);
    plan.alias = tablet.alias.text();
    plan.shard = tablet.slot.shard;
    const spec::Mysqld& mysqld = cluster_.keyspace(tablet.slot.shard.keyspace)->mysqld;
    const std::uint16_t http = ports_.at(plan.name + ".http");
    const std::uint16_t mysql = ports_.at(plan.name + ".mysql");
    const std::string folder = machine_.layout.tablet(plan.alias);
    const std::string settings_file = machine_.layout.dir + "/tablets/" + plan.alias + ".cnf";
    plan.command = role("tablet");
    add(plan, "alias", plan.alias);
    add(plan, "keyspace", tablet.slot.shard.keyspace);
    add(plan, "shard", tablet.slot.shard.shard);
    add(plan, "type", std::string(topo::name(tablet.slot.type)));
    add_http(plan, kLoopback, http);
    add(plan, "mysql", fmt::format("{}:{}", kLoopback, mysql));
    add(plan, "credentials", machine_.layout.credentials());
    add(plan, "dir", folder);
    add(plan, "flavour", std::string(spec::name(mysqld.flavour)));
    if (!mysqld.binary.empty()) add(plan, "mysqld", mysqld.binary);
    add(plan, "settings", settings_file);
    if (mysqld.buffer_pool_bytes < kSmallMemoryBelow) plan.command.emplace_back("--small-memory");
    plan.files.push_back({settings_file, settings_text(mysqld)});
    plan.ports = {{"mysql", kLoopback, mysql, ""}, {"http", kLoopback, http, ""}};
    plan.http = runtime::Address::tcp(kLoopback, http);
    return plan;
  }

 private:
  ProcessPlan start_of(std::string name, ProcessKind kind) const {
    ProcessPlan plan;
    plan.kind = kind;
    plan.output_file = machine_.layout.log(name);
    plan.name = std::move(name);
    plan.ready_path = "/readyz";
    return plan;
  }

  /// What every role is told.
  std::vector<std::string> role(const char* word) const {
    std::vector<std::string> command{machine_.program, word};
    const auto say = [&](const char* option, std::string value) {
      command.push_back(fmt::format("--{}={}", option, value));
    };
    say("cluster", cluster_.name);
    say("topology", fmt::format("{}", fmt::join(etcd_endpoints(cluster_, ports_), ",")));
    say("log-level", log_levels());
    say("log-format", cluster_.logging.format);
    return command;
  }

  std::string log_levels() const {
    std::string text = cluster_.logging.level;
    for (const auto& [component, level] : cluster_.logging.levels)
      text += fmt::format(",{}={}", component, level);
    return text;
  }

  static void add(ProcessPlan& plan, std::string_view option, const std::string& value) {
    plan.command.push_back(fmt::format("--{}={}", option, value));
  }
  static void add_http(ProcessPlan& plan, const std::string& host, std::uint16_t port) {
    add(plan, "http-host", host);
    add(plan, "http-port", std::to_string(port));
  }
  static void add_options(ProcessPlan& plan, const spec::Settings& options) {
    for (const auto& [option, value] : options) add(plan, option, value);
  }

  static std::string settings_text(const spec::Mysqld& mysqld) {
    std::string text = "[mysqld]\n";
    // Of the spec's own field first, so that a setting of the same name has the last word.
    text += fmt::format("innodb_buffer_pool_size = {}\n", mysqld.buffer_pool_bytes);
    for (const auto& [name, value] : mysqld.settings) text += fmt::format("{} = {}\n", name, value);
    return text;
  }

  /// Where to call what listens at `host`.
  static std::string reachable(const std::string& host) {
    return host == "0.0.0.0" || host == "::" ? kLoopback : host;
  }

  const Machine& machine_;
  const spec::Cluster& cluster_;
  const std::map<std::string, std::uint16_t>& ports_;
  const std::map<std::string, int>& gates_;
};

class PortBook {
 public:
  PortBook(std::map<std::string, std::uint16_t> remembered, const std::function<std::uint16_t()>& next_free)
      : ports_(std::move(remembered)), next_free_(next_free) {}

  /// `fixed`: the spec's number for the first of a row; 0: none.
  void assign(const std::string& name, int fixed, int offset = 0) {
    if (fixed != 0) {
      ports_[name] = static_cast<std::uint16_t>(fixed + offset);
    } else if (!ports_.contains(name)) {
      ports_[name] = next_free_();
    }
  }
  std::map<std::string, std::uint16_t> take() { return std::move(ports_); }

 private:
  std::map<std::string, std::uint16_t> ports_;
  const std::function<std::uint16_t()>& next_free_;
};

}  // namespace

std::string_view name(ProcessKind kind) {
  constexpr std::string_view kNames[] = {"etcd", "control", "tablet", "gate"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string ProcessPlan::fingerprint() const {
  std::string text = fmt::format("{}\n{}\n", fmt::join(command, "\n"), fmt::join(environment, "\n"));
  for (const ConfigFile& file : files) text += file.path + '\n' + file.content + '\n';
  return text;
}

std::map<std::string, int> number_gates(const spec::Cluster& cluster, std::map<std::string, int> remembered) {
  int last = 0;
  for (const auto& [place, number] : remembered) last = std::max(last, number);
  for (const OneGate& each : each_gate(cluster)) {
    if (!remembered.contains(each.place)) remembered[each.place] = ++last;
  }
  return remembered;
}

std::map<std::string, std::uint16_t> assign_ports(const spec::Cluster& cluster, const Assignments& assigned,
                                                  const std::function<std::uint16_t()>& next_free) {
  PortBook book(assigned.ports, next_free);
  if (cluster.etcd.endpoints.empty()) {
    book.assign("etcd.client", cluster.etcd.client_port);
    book.assign("etcd.peer", cluster.etcd.peer_port);
  }
  for (int i = 0; i < cluster.control.replicas; ++i) {
    book.assign(control_name(i) + ".http", cluster.control.http_port, i);
  }
  for (const OneGate& each : each_gate(cluster)) {
    const std::string gate = gate_name(each, assigned.gates);
    book.assign(gate + ".mysql", each.gate->mysql_port, each.replica);
    book.assign(gate + ".http", each.gate->http_port, each.replica);
  }
  for (const spec::Tablet& each : assigned.tablets) {
    book.assign(fmt::format("tablet-{}.mysql", each.alias.text()), 0);
    book.assign(fmt::format("tablet-{}.http", each.alias.text()), 0);
  }
  return book.take();
}

std::vector<std::string> etcd_endpoints(const spec::Cluster& cluster,
                                        const std::map<std::string, std::uint16_t>& ports) {
  if (!cluster.etcd.endpoints.empty()) return cluster.etcd.endpoints;
  return {fmt::format("http://{}:{}", kLoopback, ports.at("etcd.client"))};
}

std::vector<ProcessPlan> desired_processes(const Machine& machine, const spec::Cluster& cluster,
                                           const Assignments& assigned) {
  const Planner planner(machine, cluster, assigned);
  std::vector<ProcessPlan> plans;
  if (cluster.etcd.endpoints.empty()) plans.push_back(planner.etcd());
  for (int i = 0; i < cluster.control.replicas; ++i) plans.push_back(planner.control(i));
  for (const spec::Tablet& each : assigned.tablets) plans.push_back(planner.tablet(each));
  for (const OneGate& each : each_gate(cluster)) plans.push_back(planner.gate(each));
  return plans;
}

}  // namespace kintsugi::local
