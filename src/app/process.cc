#include "app/process.h"

#include "topo/etcd_store.h"

namespace kintsugi::app {

Result<void> Process::make() {
  Result<std::unique_ptr<topo::EtcdStore>> store =
      topo::EtcdStore::make({.endpoints = options_.topology, .root = "/kintsugi/" + options_.cluster});
  if (!store) return failure(store.error().with_context("option topology"));
  store_ = std::move(*store);
  return {};
}

}  // namespace kintsugi::app
