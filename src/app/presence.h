#pragma once

#include <map>
#include <string>

#include "admin/status.h"
#include "base/task.h"
#include "runtime/task_group.h"
#include "topo/store.h"

namespace kintsugi::app {

/// What a process tells others of itself.
struct Self {
  std::string role;
  std::string name;
  std::string cell;
  std::string http_address;
  std::string mysql_address;  ///< empty: it speaks no MySQL
  std::string version;
};

/// Makes a process known to the others of its cluster, by a record in the topology that ends with the
/// process, and knows the others: so that each status page leads to all. Nothing depends on it: without the
/// topology the page shows whom it has seen last. On the store's loop; borrows the store.
class Presence {
 public:
  explicit Presence(topo::Store& store) : store_(store) {}

  /// Registers, and again whenever the lease was lost.
  void start(Self self);
  /// Takes the record back, if the topology can be reached.
  Task<void> stop();

  /// A table of the other processes with links to their pages.
  Task<admin::StatusSection> others();

 private:
  Task<void> keep(Self self);
  Task<void> hold(const Self& self);

  topo::Store& store_;
  std::string key_;                          ///< of the own record
  std::map<std::string, std::string> seen_;  ///< the others' records, as they were last
  runtime::TaskGroup tasks_;
};

}  // namespace kintsugi::app
