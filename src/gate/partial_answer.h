#pragma once

#include <cstdint>
#include <optional>

#include "exec/executor.h"

// SCATTER_ERRORS_AS_WARNINGS: a query is answered without the rows of shards that fail. The answer says so by
// a warning for each of them; if all fail, so does the query.

namespace kintsugi::gate {

class Session;

/// Whether the statement asks for it, and may have it: it only reads, outside of a transaction, which is lost
/// with a shard.
bool forgives_shards(Session& session, const plan::Plan& plan);

/// What became of the shards that one statement has asked. On the session's loop.
struct PartialAnswer {
  std::uint64_t lacking = 0;   ///< how many requests have failed
  bool answered = false;       ///< some shard has begun to answer
  std::optional<Error> first;  ///< of the failures
};

/// The shards of a session; one that fails before any of its rows have come has none. One that breaks off in
/// the middle of them fails the query, and so does whatever is not about a shard's rows. Borrows all.
class ForgivingShards final : public exec::Shards {
 public:
  ForgivingShards(exec::Shards& shards, exec::Statements& statements, PartialAnswer& answer)
      : shards_(shards), statements_(statements), answer_(answer) {}

  Task<Result<void>> run(const exec::ShardRequest& request, exec::RowSink& sink,
                         runtime::Cancel* cancel) override;
  Task<Result<void>> begin_unit(std::span<const vschema::Shard* const> shards) override;
  Task<Result<void>> end_unit(bool keep) override;
  Task<void> end_scratch() override;

 private:
  exec::Shards& shards_;
  exec::Statements& statements_;
  PartialAnswer& answer_;
};

/// The client's sink, behind such shards: an answer that no shard has a part in is a failure.
class PartialSink final : public exec::RowSink {
 public:
  PartialSink(exec::RowSink& sink, const PartialAnswer& answer) : sink_(sink), answer_(answer) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override;
  Task<Result<void>> rows(exec::RowBatch batch) override;
  Task<Result<void>> done(mysql::OkPacket ok) override;

 private:
  bool is_empty() const { return answer_.first && !answer_.answered; }

  exec::RowSink& sink_;
  const PartialAnswer& answer_;
};

}  // namespace kintsugi::gate
