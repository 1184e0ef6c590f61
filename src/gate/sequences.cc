#include "gate/sequences.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "gate/errors.h"
#include "mysql/quote.h"
#include "topo/topo_server.h"
#include "vschema/errors.h"

namespace kintsugi::gate {
namespace {

using namespace std::chrono_literals;
constexpr Duration kFast = 1s;   // a block that lasted shorter makes the next one twice as large
constexpr Duration kSlow = 30s;  // …longer: half as large

std::uint64_t number(const std::optional<std::string>& text) {
  std::uint64_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

std::string table_name(const std::string& keyspace, const std::string& table) {
  return mysql::quoted_identifier(keyspace) + '.' + mysql::quoted_identifier(table);
}

}  // namespace

Task<Result<std::uint64_t>> SequenceBlocks::reserve(plan::SequenceRef sequence, std::uint64_t count) {
  std::unique_ptr<Block>& slot = blocks_[sequence.keyspace + '/' + sequence.name];
  if (!slot) slot = std::make_unique<Block>();
  Block& block = *slot;
  for (;;) {
    if (!block.busy && block.end - block.next >= count && block.end != 0) {
      const std::uint64_t first = block.next;
      block.next += count;
      co_return first;
    }
    if (block.busy) {
      co_await block.idle->wait(Clock::now() + shared_.options.failover_wait);
      continue;
    }
    block.busy = true;
    block.idle->reset();
    Result<void> refilled = co_await refill(block, sequence, count);
    block.busy = false;
    block.idle->set();
    if (!refilled) co_return failure(std::move(refilled.error()));
  }
}

Task<Result<void>> SequenceBlocks::refill(Block& block, const plan::SequenceRef& sequence,
                                          std::uint64_t count) {
  const GateOptions& options = shared_.options;
  if (!block.seen_table && !sequence.filled_table.empty()) {
    Result<std::uint64_t> highest = co_await highest_in_table(sequence);
    if (!highest) co_return failure(std::move(highest.error()));
    block.at_least = std::max(block.at_least, *highest + 1);
  }
  block.seen_table = true;
  const Duration lasted = Clock::now() - block.taken;
  if (block.size == 0) block.size = options.sequence_block_min;
  if (lasted < kFast) block.size *= 2;
  if (lasted > kSlow) block.size /= 2;
  block.size = std::clamp<std::uint64_t>(block.size, options.sequence_block_min, options.sequence_block_max);
  const std::uint64_t size = std::max(block.size, count);
  Result<std::uint64_t> first = sequence.table ? co_await take_of_table(sequence, size, block.at_least)
                                               : co_await take(sequence, size, block.at_least);
  if (!first) co_return failure(std::move(first.error()));
  block.next = *first;
  block.end = *first + size;
  block.taken = Clock::now();
  co_return Result<void>();
}

Task<Result<std::uint64_t>> SequenceBlocks::take(const plan::SequenceRef& sequence, std::uint64_t count,
                                                 std::uint64_t at_least) {
  if (store_ == nullptr) co_return failure(kRoutingUnknown, "there is no topology to take ids from");
  topo::TopoServer topology(*store_);
  Result<std::uint64_t> first = co_await topology.take_ids(sequence.keyspace, sequence.name, count, at_least);
  co_return first;
}

/// A Vitess sequence table: (id, next_id, cache), its row is id 0.
Task<Result<std::uint64_t>> SequenceBlocks::take_of_table(const plan::SequenceRef& sequence,
                                                          std::uint64_t count, std::uint64_t at_least) {
  Backends& backends = shared_.workers.front()->backends();
  Backends::Wanted wanted;
  wanted.keyspace = sequence.keyspace;
  Result<Lease> lease =
      co_await backends.take_plain(wanted, Clock::now() + shared_.options.failover_wait, nullptr);
  if (!lease) co_return failure(std::move(lease.error()));
  const std::string table = table_name(sequence.keyspace, sequence.name);
  // LAST_INSERT_ID(x) of an UPDATE gives the value to nobody else.
  std::string sql =
      fmt::format("UPDATE {} SET next_id = LAST_INSERT_ID(GREATEST(next_id, {})) + {} WHERE id = 0", table,
                  at_least, count);
  Result<wire::ResultSet> done = co_await backend_of(*lease).query(std::move(sql));
  if (!done) co_return failure(std::move(done.error()));
  if (done->ok.affected_rows == 0) {
    co_return failure(kNotFound, fmt::format("sequence table {} has no row with id 0", table));
  }
  co_return done->ok.last_insert_id;
}

Task<Result<std::uint64_t>> SequenceBlocks::highest_in_table(const plan::SequenceRef& sequence) {
  Backends& backends = shared_.workers.front()->backends();
  const auto routing = backends.routing();
  Result<const vschema::Keyspace*> keyspace = routing->keyspace(sequence.filled_keyspace);
  if (!keyspace) co_return failure(std::move(keyspace.error()));
  std::uint64_t highest = 0;
  for (const vschema::Shard& shard : (*keyspace)->shards()) {
    Backends::Wanted wanted;
    wanted.keyspace = shard.keyspace;
    wanted.shard = shard.name;
    Result<Lease> lease =
        co_await backends.take_plain(wanted, Clock::now() + shared_.options.failover_wait, nullptr);
    if (!lease) co_return failure(std::move(lease.error()));
    std::string sql = fmt::format("SELECT MAX({}) FROM {}", mysql::quoted_identifier(sequence.filled_column),
                                  table_name(sequence.filled_keyspace, sequence.filled_table));
    Result<wire::ResultSet> answer = co_await backend_of(*lease).query(std::move(sql));
    if (!answer) co_return failure(std::move(answer.error()));
    highest = std::max(highest, number(answer->value()));
  }
  co_return highest;
}

Task<Result<void>> SequenceBlocks::raise(plan::SequenceRef sequence, std::uint64_t id) {
  std::unique_ptr<Block>& slot = blocks_[sequence.keyspace + '/' + sequence.name];
  if (!slot) slot = std::make_unique<Block>();
  Block& block = *slot;
  block.at_least = std::max(block.at_least, id + 1);
  // What is left of the block begins behind it.
  if (block.next <= id) block.next = std::min(id + 1, block.end);
  co_return Result<void>();
}

Task<Result<std::uint64_t>> LoopSequences::reserve(const plan::SequenceRef& sequence, std::uint64_t count) {
  plan::SequenceRef copy = sequence;
  const bool away = &home() != &loop_;
  if (away) co_await runtime::switch_to(home());
  Result<std::uint64_t> first = co_await blocks_.reserve(std::move(copy), count);
  if (away) co_await runtime::switch_to(loop_);
  co_return first;
}

Task<Result<void>> LoopSequences::raise(const plan::SequenceRef& sequence, std::uint64_t id) {
  plan::SequenceRef copy = sequence;
  const bool away = &home() != &loop_;
  if (away) co_await runtime::switch_to(home());
  Result<void> raised = co_await blocks_.raise(std::move(copy), id);
  if (away) co_await runtime::switch_to(loop_);
  co_return raised;
}

}  // namespace kintsugi::gate
