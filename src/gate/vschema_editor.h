#pragma once

#include <map>
#include <string>
#include <vector>

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
  Task<Result<void>> apply(std::span<const plan::VSchemaEdit> edits, runtime::Cancel* cancel) override;

 private:
  using VSchemas = std::map<std::string, vschema::VSchema>;  // by keyspace

  /// `now` becomes what is written.
  Task<Result<void>> write_all(const std::vector<plan::VSchemaEdit>& edits, VSchemas& now);
  Task<Result<void>> write(std::string keyspace, const std::vector<plan::VSchemaEdit>& edits,
                           vschema::VSchema& now);
  Task<Result<void>> wait_until_routed(const std::vector<plan::VSchemaEdit>& edits, const VSchemas& now,
                                       runtime::Cancel* cancel);
  bool routed(const plan::VSchemaEdit& edit, const vschema::VSchema& now) const;
  /// kGatesBehind names those that still do not go by it after a minute.
  Task<Result<void>> wait_for_gates(runtime::Cancel* cancel);

  Worker& worker_;
  runtime::Loop& home_;
  topo::Store* store_;
};

}  // namespace kintsugi::gate
