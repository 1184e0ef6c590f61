#pragma once

#include "exec/executor.h"
#include "gate/worker.h"
#include "vschema/vschema.h"

namespace kintsugi::topo {
class Store;
}

namespace kintsugi::gate {

/// DDL's changes of a vschema: writes them to the topology with what gates read of it, on the home loop, and
/// waits until its own loop routes by them, and every gate that can be reached where all must keep to them
/// (registration.h). One for each loop.
class TopologyEditor final : public exec::VSchemaEditor {
 public:
  TopologyEditor(Worker& worker, runtime::Loop& home, topo::Store* store)
      : worker_(worker), home_(home), store_(store) {}
  Task<Result<void>> apply(std::span<const plan::VSchemaEdit> edits) override;

 private:
  Task<Result<void>> write(std::string keyspace, const std::vector<plan::VSchemaEdit>& edits,
                           vschema::VSchema& now);
  bool routed(const plan::VSchemaEdit& edit, const vschema::VSchema& now) const;

  Worker& worker_;
  runtime::Loop& home_;
  topo::Store* store_;
};

}  // namespace kintsugi::gate
