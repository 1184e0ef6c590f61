#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace kintsugi::vschema {
struct Shard;
}

namespace kintsugi::gate {

/// What a statement that runs has used so far: counted when it ends. Lives with its runner; on one loop.
class StatementUse {
 public:
  /// A request went to this shard; null: to a server of no shard in particular.
  void touch(const vschema::Shard* shard) {
    if (!touched_) first_ = shard;
    if (touched_ && shard != first_ && std::ranges::find(others_, shard) == others_.end())
      others_.push_back(shard);
    touched_ = true;
  }
  std::uint64_t shards() const { return touched_ ? 1 + others_.size() : 0; }

  Duration waited{};        ///< for the gate's limits, and for connections to servers
  std::uint64_t rows = 0;   ///< to the client
  std::uint64_t bytes = 0;  ///< to the client

 private:
  bool touched_ = false;
  const vschema::Shard* first_ = nullptr;
  std::vector<const vschema::Shard*> others_;  // most statements go to one shard and allocate nothing
};

}  // namespace kintsugi::gate
