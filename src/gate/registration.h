#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/task.h"
#include "runtime/event.h"
#include "topo/store.h"

namespace kintsugi::topo {
class LeaseKeeper;
}

namespace kintsugi::gate {

/// A gate's record in the topology, by which who changes a vschema knows that this gate goes by it. On the
/// store's loop; borrows the store.
class Registration {
 public:
  struct Request {
    std::string cell;
    std::string name;
    std::string host;
    std::uint16_t mysql_port = 0;
  };
  /// What the record is to say: Gate::vschema_revision.
  using Revision = std::function<topo::Revision()>;
  Registration(topo::Store& store, Request request, Revision revision);

  /// Registers, and again whenever the lease was lost; until `cancel`. Ends the lease then.
  Task<void> run(runtime::Cancel& cancel);
  /// The revision may be another.
  void note_change() { changed_.set(); }
  /// Set once the gate was registered: whoever changes a vschema from then on waits for it.
  runtime::Event& registered() { return registered_; }

 private:
  Task<void> keep(topo::LeaseKeeper& lease, runtime::Cancel& cancel);
  void tell(std::string trouble);

  topo::Store& store_;
  const Request request_;
  const Revision revision_;
  runtime::Event changed_, registered_;
  std::string told_;
};

/// The gates that are registered and do not go by the vschemas as they are now: a statement that was planned
/// before may still write there. Each as "gate-1 of zone1 (db7:3306)". Fails as the store does. On its loop.
Task<Result<std::vector<std::string>>> gates_behind(topo::Store& store);

}  // namespace kintsugi::gate
