#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/task.h"
#include "exec/executor.h"
#include "exec/op/foreign_keys.h"
#include "exec/op/insert.h"

namespace kintsugi::vschema {
class Keyspace;
}

namespace kintsugi::exec {

/// Rows whose values are known.
class KnownRows {
 public:
  virtual ~KnownRows() = default;
  virtual std::size_t size() const = 0;
  /// One row. Borrowed until the next call.
  virtual Result<std::span<const plan::Value>> values(std::size_t row) = 0;
};

/// Writes rows by the one pattern of an insert (Insert::row_for_each), as they come: each to its shard, with
/// an id of the sequence where it needs one. What is held of them is a statement for each shard. Within a
/// unit of the caller's.
class RowWriter {
 public:
  /// `context`, `insert` and `returned`, which gets what RETURNING says of the rows, are borrowed. Null:
  /// nothing is returned.
  RowWriter(ExecContext& context, const plan::Insert& insert, RowSink* returned = nullptr);

  /// Before the first row: finds the shards of rows that no vindex tells apart.
  Result<void> begin();
  /// Any number of times. Sets the context's generated_id with the first id that is given.
  Task<Result<void>> write(KnownRows& rows);
  /// Sends what is held.
  Task<Result<void>> flush();

  std::uint64_t records() const { return records_; }
  std::uint64_t duplicates() const { return duplicates_; }
  /// The servers' answers, added up.
  mysql::OkPacket sum() const { return answer_.value_or(mysql::OkPacket()); }

 private:
  struct Batch {
    const vschema::Shard* shard;
    std::string text;
    std::vector<std::size_t> rows{};  ///< by their numbers in the whole statement, from 0
  };

  Task<Result<std::uint64_t>> count_ids(KnownRows& rows);
  Task<Result<void>> add(std::optional<std::uint64_t> id);
  Task<Result<void>> add_among(const plan::Insert::Row& row, const RowPlace& place,
                               std::optional<std::uint64_t> id);
  void add_answers(std::vector<mysql::OkPacket> oks);
  Batch* find(const vschema::Shard* shard);
  bool is_full(const vschema::Shard* shard, std::size_t bytes);
  void put(const vschema::Shard* shard, const std::string& row, std::size_t number);

  ExecContext& context_;
  const plan::Insert& insert_;
  RowSink* const returned_;
  const bool alone_;  ///< each row is a statement of its own
  LookupWriter lookups_;
  ForeignKeys keys_;
  const vschema::Keyspace* keyspace_ = nullptr;
  plan::ShardList everywhere_;
  std::vector<Batch> batches_;
  std::optional<mysql::OkPacket> answer_;
  OwnValues set_;  ///< of the row at hand, by BEFORE triggers
  std::uint64_t records_ = 0, duplicates_ = 0;
};

}  // namespace kintsugi::exec
