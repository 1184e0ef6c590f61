#include "app/process.h"

#include "app/topology_options.h"

namespace kintsugi::app {

Result<void> Process::make() {
  Result<topo::EtcdStore::Options> topology = topology_options(options_);
  if (!topology) return failure(topology.error());
  Result<std::unique_ptr<topo::EtcdStore>> store = topo::EtcdStore::make(*std::move(topology));
  if (!store) return failure(store.error().with_context("option topology"));
  store_ = std::move(*store);
  return {};
}

}  // namespace kintsugi::app
