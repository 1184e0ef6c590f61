#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/nearest.h"
#include "spec/detail/extract.h"
#include "vschema/vschema.h"

namespace kintsugi::spec::detail {

namespace {

using Findings = std::vector<Finding>;

void report(Findings& findings, std::string path, std::string message) {
  findings.push_back({{}, std::move(path), std::move(message)});
}

std::string keyspace_path(std::size_t index, std::string_view inside) {
  return fmt::format("spec.keyspaces[{}].{}", index, inside);
}

void check_cluster_name(const Cluster& cluster, Findings& findings) {
  const std::string& name = cluster.name;
  const bool allowed = std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (name.empty() || name.size() > 40 || !allowed || name.front() == '-' || name.back() == '-') {
    report(
        findings, "metadata.name",
        fmt::format(
            "'{}' is no name of a cluster: use lower-case letters, digits and '-', at most 40, with a letter "
            "or digit first and last",
            name));
  }
}

void check_names(const Cluster& cluster, Findings& findings) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < cluster.cells.size(); ++i) {
    const std::string path = fmt::format("spec.cells[{}].name", i);
    const std::string& name = cluster.cells[i].name;
    if (const Result<void> good = topo::check_cell_name(name); !good)
      report(findings, path, good.error().message());
    if (!seen.insert(name).second) report(findings, path, fmt::format("cell '{}' is there twice", name));
  }
  seen.clear();
  for (std::size_t i = 0; i < cluster.keyspaces.size(); ++i) {
    const std::string& name = cluster.keyspaces[i].name;
    if (const Result<void> good = topo::check_keyspace_name(name); !good) {
      report(findings, keyspace_path(i, "name"), good.error().message());
    }
    if (!seen.insert(name).second) {
      report(findings, keyspace_path(i, "name"), fmt::format("keyspace '{}' is there twice", name));
    }
  }
}

void check_cell(const Cluster& cluster, const std::string& cell, const std::string& path,
                Findings& findings) {
  std::vector<std::string_view> names;
  for (const Cell& each : cluster.cells) names.push_back(each.name);
  if (std::ranges::count(names, cell) > 0) return;
  const std::string_view near = nearest(cell, names);
  report(findings, path,
         fmt::format("cell '{}' is not in spec.cells", cell) +
             (near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

void check_cells(const Cluster& cluster, Findings& findings) {
  for (std::size_t i = 0; i < cluster.gates.size(); ++i) {
    check_cell(cluster, cluster.gates[i].cell, fmt::format("spec.gates[{}].cell", i), findings);
  }
  for (std::size_t i = 0; i < cluster.keyspaces.size(); ++i) {
    for (std::size_t j = 0; j < cluster.keyspaces[i].tablets.size(); ++j) {
      check_cell(cluster, cluster.keyspaces[i].tablets[j].cell,
                 keyspace_path(i, fmt::format("tablets[{}].cell", j)), findings);
    }
  }
}

/// Every tablet has one number in its cell, and each shard has what can become its primary.
void check_tablets(const Cluster& cluster, Findings& findings) {
  std::map<topo::TabletAlias, std::string> taken;
  for (std::size_t i = 0; i < cluster.keyspaces.size(); ++i) {
    const Keyspace& keyspace = cluster.keyspaces[i];
    bool may_be_primary = false;
    for (std::size_t j = 0; j < keyspace.tablets.size(); ++j) {
      const TabletPool& pool = keyspace.tablets[j];
      may_be_primary = may_be_primary || pool.type == topo::TabletType::replica;
      if (pool.uids.empty()) continue;
      const std::string path = keyspace_path(i, fmt::format("tablets[{}].uids", j));
      const std::size_t expected = keyspace.shards.size() * static_cast<std::size_t>(pool.count);
      if (pool.uids.size() != expected) {
        report(findings, path,
               fmt::format("has {} numbers; expected {}: {} for each of {} shards", pool.uids.size(),
                           expected, pool.count, keyspace.shards.size()));
      }
      for (std::size_t k = 0; k < pool.uids.size(); ++k) {
        const topo::TabletAlias alias{pool.cell, pool.uids[k]};
        const std::string at = fmt::format("{}[{}]", path, k);
        if (alias.uid == 0) report(findings, at, "is no tablet's number; expected 1 to 2147483647");
        const auto [other, is_new] = taken.emplace(alias, at);
        if (!is_new) {
          report(findings, at,
                 fmt::format("tablet {} is there twice; the other is {}", alias.text(), other->second));
        }
      }
    }
    if (!may_be_primary) {
      report(findings, keyspace_path(i, "tablets"),
             "has no tablet of type replica; expected one that can become primary");
    }
  }
}

void check_durability(const Cluster& cluster, Findings& findings) {
  for (std::size_t i = 0; i < cluster.keyspaces.size(); ++i) {
    const Keyspace& keyspace = cluster.keyspaces[i];
    int candidates = 0;
    std::set<std::string_view> cells;
    for (const TabletPool& pool : keyspace.tablets) {
      if (pool.type != topo::TabletType::replica) continue;
      candidates += pool.count;
      cells.insert(pool.cell);
    }
    if (keyspace.durability == Durability::semi_sync && candidates < 2) {
      report(findings, keyspace_path(i, "durability"),
             "semi_sync waits for a second tablet of type replica and there is only one: no write would ever "
             "return");
    }
    if (keyspace.durability == Durability::cross_cell && cells.size() < 2) {
      report(findings, keyspace_path(i, "durability"),
             "cross_cell waits for a replica in another cell and all are in one: no write would ever return");
    }
  }
}

class Ports {
 public:
  explicit Ports(Findings& findings) : findings_(findings) {}

  void take(const std::string& path, std::uint16_t first, int count) {
    for (int i = 0; first != 0 && i < count; ++i) {
      const int port = first + i;
      if (port > 65535)
        return report(findings_, path, fmt::format("port {} of replica {} is above 65535", port, i + 1));
      const auto [other, is_new] = taken_.emplace(port, path);
      if (!is_new)
        return report(findings_, path, fmt::format("port {} is already that of {}", port, other->second));
    }
  }

 private:
  Findings& findings_;
  std::map<int, std::string> taken_;
};

void check_ports(const Cluster& cluster, Findings& findings) {
  Ports ports(findings);
  if (cluster.etcd.endpoints.empty()) {
    ports.take("spec.etcd.clientPort", cluster.etcd.client_port, 1);
    ports.take("spec.etcd.peerPort", cluster.etcd.peer_port, 1);
  }
  ports.take("spec.control.httpPort", cluster.control.http_port, cluster.control.replicas);
  for (std::size_t i = 0; i < cluster.gates.size(); ++i) {
    const Gate& gate = cluster.gates[i];
    ports.take(fmt::format("spec.gates[{}].mysqlPort", i), gate.mysql_port, gate.replicas);
    ports.take(fmt::format("spec.gates[{}].httpPort", i), gate.http_port, gate.replicas);
  }
}

void check_etcd(const Cluster& cluster, Findings& findings) {
  for (std::size_t i = 0; i < cluster.etcd.endpoints.size(); ++i) {
    const std::string& endpoint = cluster.etcd.endpoints[i];
    if (!endpoint.starts_with("http://") && !endpoint.starts_with("https://")) {
      report(findings, fmt::format("spec.etcd.endpoints[{}]", i),
             fmt::format("expected a URL such as http://10.0.0.1:2379, found '{}'", endpoint));
    }
  }
}

void report_all(Findings& findings, const std::string& path, const std::vector<Mistake>& mistakes) {
  for (const Mistake& each : mistakes) {
    report(findings, each.name.empty() ? path : path + '.' + each.name, each.message);
  }
}

/// Options of the roles for which the spec has a field of its own, or which belong to whoever runs the
/// cluster.
struct SaidElsewhere {
  std::string_view option;
  std::string_view where;
};
constexpr SaidElsewhere kSaidElsewhere[] = {
    {"config", "write the options here instead"},
    {"cluster", "it is metadata.name"},
    {"topology", "it is spec.etcd"},
    {"http_host", "it is spec.listenHost"},
    {"http_port", "it is the httpPort beside these options"},
    {"mysql_host", "it is spec.listenHost"},
    {"mysql_port", "it is the mysqlPort beside these options"},
    {"cell", "it is the cell beside these options"},
    {"users_file", "it is spec.users"},
    {"name", "whoever runs the cluster gives it"},
    {"backend_user", "whoever runs the cluster gives it"},
    {"backend_password_file", "whoever runs the cluster gives it"},
};

void check_options_of(std::string_view role, const std::string& path, const Settings& options,
                      const PartChecks& checks, Findings& findings) {
  Settings own;
  for (const auto& [name, value] : options) {
    std::string plain = name;
    std::ranges::replace(plain, '-', '_');
    const auto* elsewhere = std::ranges::find(kSaidElsewhere, plain, &SaidElsewhere::option);
    if (elsewhere == std::end(kSaidElsewhere)) {
      own[name] = value;
    } else {
      report(findings, path + '.' + name, fmt::format("cannot be set here: {}", elsewhere->where));
    }
  }
  if (checks.options) report_all(findings, path, checks.options(role, own));
}

void check_options(const Cluster& cluster, const PartChecks& checks, Findings& findings) {
  check_options_of("control", "spec.control.options", cluster.control.options, checks, findings);
  for (std::size_t i = 0; i < cluster.gates.size(); ++i) {
    check_options_of("gate", fmt::format("spec.gates[{}].options", i), cluster.gates[i].options, checks,
                     findings);
  }
}

void check_settings(const Cluster& cluster, const PartChecks& checks, Findings& findings) {
  if (!checks.settings) return;
  std::set<std::string> told;  // of spec.mysqld: all keyspaces have those, and one complaint is enough
  for (std::size_t i = 0; i < cluster.keyspaces.size(); ++i) {
    const Mysqld& mysqld = cluster.keyspaces[i].mysqld;
    for (const Mistake& each : checks.settings(mysqld.flavour, mysqld.settings)) {
      const auto common = cluster.mysqld.settings.find(each.name);
      const auto here = mysqld.settings.find(each.name);
      const bool is_common = common != cluster.mysqld.settings.end() && here != mysqld.settings.end() &&
                             common->second == here->second;
      if (is_common && !told.insert(each.name).second) continue;
      report_all(findings, is_common ? "spec.mysqld.settings" : keyspace_path(i, "mysqld.settings"), {each});
    }
  }
}

void check_users(const Cluster& cluster, const PartChecks& checks, Findings& findings) {
  if (!cluster.users.given() || !checks.users) return;
  const char* at = cluster.users.file.empty() ? "spec.users.inline" : "spec.users.file";
  report_all(findings, at, checks.users(cluster.users.text));
}

void check_log_levels(const Cluster& cluster, const PartChecks& checks, Findings& findings) {
  if (checks.levels) report_all(findings, "spec.logging.levels", checks.levels(cluster.logging.levels));
}

/// Where in the spec a keyspace's vschema is given.
std::string found_in(const Document& vschema) {
  return vschema.file.empty() ? "vschema.inline" : "vschema.file";
}

/// Each vschema alone and with the others, whose tables and sequences it may name.
void check_vschemas(const Cluster& cluster, Findings& findings) {
  vschema::VSchemas all;
  for (std::size_t i = 0; i < cluster.keyspaces.size(); ++i) {
    const Keyspace& keyspace = cluster.keyspaces[i];
    if (!keyspace.vschema.given()) continue;
    Result<vschema::VSchema> parsed = vschema::parse_vschema(keyspace.vschema.text);
    if (!parsed) {
      report(findings, keyspace_path(i, found_in(keyspace.vschema)), parsed.error().message());
      continue;
    }
    if (keyspace.shards.size() > 1 && !parsed->sharded) {
      report(findings, keyspace_path(i, found_in(keyspace.vschema)),
             fmt::format("has no 'sharded: true', but the keyspace has {} shards", keyspace.shards.size()));
    }
    all[keyspace.name] = std::move(*parsed);
  }
  for (std::size_t i = 0; i < cluster.keyspaces.size(); ++i) {
    const auto found = all.find(cluster.keyspaces[i].name);
    if (found == all.end()) continue;
    for (const vschema::Problem& problem : vschema::check(found->first, found->second, all)) {
      const std::string at = found_in(cluster.keyspaces[i].vschema);
      report(findings, keyspace_path(i, at.ends_with("inline") ? at + '.' + problem.path : at),
             at.ends_with("inline") ? problem.message : problem.text());
    }
  }
}

constexpr void (*kChecks[])(const Cluster&, Findings&) = {
    check_cluster_name, check_names, check_cells, check_tablets,
    check_durability,   check_ports, check_etcd,  check_vschemas,
};
constexpr void (*kPartChecks[])(const Cluster&, const PartChecks&, Findings&) = {
    check_options,
    check_settings,
    check_users,
    check_log_levels,
};

}  // namespace

std::vector<Finding> check_rules(const Cluster& cluster, const PartChecks& checks) {
  Findings findings;
  for (const auto check : kChecks) check(cluster, findings);
  for (const auto check : kPartChecks) check(cluster, checks, findings);
  return findings;
}

}  // namespace kintsugi::spec::detail
