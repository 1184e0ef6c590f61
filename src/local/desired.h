#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "local/state.h"
#include "runtime/address.h"

/// From a cluster's spec to the processes that are to run. Pure.
namespace kintsugi::local {

enum class ProcessKind { etcd, control, tablet, gate };
std::string_view name(ProcessKind kind);

/// A file that is written before its process is started.
struct ConfigFile {
  std::string path;
  std::string content;
};

/// A port that a process listens at.
struct PlannedPort {
  std::string kind;  ///< "http", "mysql", "client", "peer"
  std::string host;
  std::uint16_t port = 0;
  std::string field;  ///< of the spec that it comes from; empty: chosen here
};

/// One process as it should run.
struct ProcessPlan {
  std::string name;  ///< "etcd", "control-1", "gate-1", "tablet-zone1-101"
  ProcessKind kind = ProcessKind::etcd;
  std::vector<std::string> command;
  std::vector<std::string> environment;
  std::string output_file;
  std::vector<ConfigFile> files;
  std::vector<PlannedPort> ports;
  runtime::Address http;   ///< where it is asked whether it is ready
  std::string ready_path;  ///< with GET; 200 is ready
  std::string alias;       ///< of tablets
  topo::ShardName shard;   ///< of tablets

  /// Everything that matters to the process in one text: a running one with another must be restarted.
  std::string fingerprint() const;
};

/// What plans are made of.
struct Machine {
  Layout layout;
  std::string program;  ///< this binary, which has all roles
};

/// A number for each gate, by its cell and its place in it ("zone1/0"): those in `remembered`, then the next.
std::map<std::string, int> number_gates(const spec::Cluster& cluster, std::map<std::string, int> remembered);

/// What is kept from one start to the next, so that names and ports stay.
struct Assignments {
  std::vector<spec::Tablet> tablets;
  std::map<std::string, int> gates;
  std::map<std::string, std::uint16_t> ports;
};

/// Ports by name ("gate-1.mysql") for all processes. The spec's own numbers are taken over, others stay
/// as `assigned` has them or are asked of `next_free`, which gives a port that nobody listens at, a different
/// one each time. Names that are not needed now are kept, for when they come back.
std::map<std::string, std::uint16_t> assign_ports(const spec::Cluster& cluster, const Assignments& assigned,
                                                  const std::function<std::uint16_t()>& next_free);

/// All processes in the order in which they are started.
std::vector<ProcessPlan> desired_processes(const Machine& machine, const spec::Cluster& cluster,
                                           const Assignments& assigned);

/// URLs of the etcd that the cluster uses.
std::vector<std::string> etcd_endpoints(const spec::Cluster& cluster,
                                        const std::map<std::string, std::uint16_t>& ports);

}  // namespace kintsugi::local
