#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/task.h"
#include "base/time.h"
#include "exec/executor.h"
#include "gate/worker.h"
#include "runtime/event.h"

namespace kintsugi::topo {
class Store;
}

namespace kintsugi::gate {

/// Ids that a process has taken of its sequences and not given out yet. A block grows while it is used up
/// faster than every few seconds and shrinks when it lasts. On the home loop.
class SequenceBlocks {
 public:
  SequenceBlocks(GateShared& shared, topo::Store* store) : shared_(shared), store_(store) {}

  Task<Result<std::uint64_t>> reserve(plan::SequenceRef sequence, std::uint64_t count);
  Task<Result<void>> raise(plan::SequenceRef sequence, std::uint64_t id);

 private:
  struct Block {
    std::uint64_t next = 0;
    std::uint64_t end = 0;
    std::uint64_t at_least = 1;  ///< ids below are in the table
    std::uint64_t size = 0;      ///< of the next block
    Time taken{};
    bool seen_table = false;
    bool busy = false;
    std::shared_ptr<runtime::Event> idle = std::make_shared<runtime::Event>();
  };
  Task<Result<void>> refill(Block& block, const plan::SequenceRef& sequence, std::uint64_t count);
  Task<Result<std::uint64_t>> take(const plan::SequenceRef& sequence, std::uint64_t count,
                                   std::uint64_t at_least);
  Task<Result<std::uint64_t>> take_of_table(const plan::SequenceRef& sequence, std::uint64_t count,
                                            std::uint64_t at_least);
  Task<Result<std::uint64_t>> highest_in_table(const plan::SequenceRef& sequence);

  GateShared& shared_;
  topo::Store* store_;
  std::map<std::string, std::unique_ptr<Block>> blocks_;
};

/// The same for the sessions of one loop: goes to the home loop and comes back.
class LoopSequences final : public exec::Sequences {
 public:
  LoopSequences(SequenceBlocks& blocks, GateShared& shared, runtime::Loop& loop)
      : blocks_(blocks), shared_(shared), loop_(loop) {}
  Task<Result<std::uint64_t>> reserve(const plan::SequenceRef& sequence, std::uint64_t count) override;
  Task<Result<void>> raise(const plan::SequenceRef& sequence, std::uint64_t id) override;

 private:
  runtime::Loop& home() const { return shared_.workers.front()->loop(); }

  SequenceBlocks& blocks_;
  GateShared& shared_;
  runtime::Loop& loop_;
};

}  // namespace kintsugi::gate
