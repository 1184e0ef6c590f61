#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "local/desired.h"

/// Is this machine able to run a cluster? Each answer says what to do.
namespace kintsugi::local {

/// What runs of the cluster already.
struct Running {
  std::set<std::string> names;
  std::set<std::uint16_t> ports;
};

/// Makes the state folder, if it can hold a cluster: before there is a supervisor, which lives in it.
/// kEnvironment, kStateFolder.
Result<void> make_state_folder(const Layout& layout);

/// What stands in the way of running `plans`, one sentence each; empty: nothing.
std::vector<std::string> find_obstacles(const Layout& layout, const spec::Cluster& cluster,
                                        const std::vector<ProcessPlan>& plans, const Running& running);

/// Who listens at a TCP port: "mariadbd (pid 4711)"; empty if nobody is seen.
std::string listener_of(std::uint16_t port);

/// True if one could listen there now.
bool is_free(const std::string& host, std::uint16_t port);

/// Ports for assign_ports(): below those that the kernel gives out by itself, beginning at a place that
/// depends on the folder, so that two clusters rarely want the same. `taken`: those that are promised
/// already.
std::function<std::uint16_t()> free_ports(const Layout& layout, std::set<std::uint16_t> taken);

/// A program's path: as it is if it has a '/', else from PATH and then from `more` folders; empty if there is
/// none.
std::string find_program(const std::string& name, const std::vector<std::string>& more = {});

}  // namespace kintsugi::local
