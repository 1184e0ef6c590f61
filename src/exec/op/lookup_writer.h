#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "exec/executor.h"
#include "exec/op/stored_values.h"
#include "plan/lookup.h"

namespace kintsugi::exec {

/// Keeps the tables of look-up vindexes in step with the rows of one that is written, in the statement's
/// unit. What it is told is about the row that the context's bindings have. Borrows all that it is given.
class LookupWriter {
 public:
  using Lookups = std::span<const std::shared_ptr<const plan::OwnedLookup>>;
  LookupWriter(ExecContext& context, Lookups lookups, Conversion conversion = {})
      : context_(context), lookups_(lookups), conversion_(conversion) {}

  bool empty() const { return lookups_.empty(); }

  /// The row at this id has, or has no more, these values in look-up `index`. `generated`: the id that the
  /// value at `id_at` gets. A NULL has no entry: kNoShardForValue, unless the vindex ignores it. `row`: which
  /// of the client's it is, from 0; a value that a server refuses is its error.
  Task<Result<void>> add(std::size_t index, std::span<const plan::Operand> values, topo::KeyspaceId id,
                         int id_at = -1, std::optional<std::uint64_t> generated = {}, std::size_t row = 0);
  /// `key` is the row's sharding key.
  Result<void> remove(std::size_t index, std::span<const plan::Operand> values, const topo::KeyspaceId& id,
                      std::span<const plan::Operand> key, int id_at = -1,
                      std::optional<std::uint64_t> generated = {});
  /// The ids that the look-up has of these values now, which are locked.
  Task<Result<std::vector<topo::KeyspaceId>>> find(std::size_t index, std::span<const plan::Operand> values,
                                                   int id_at, std::optional<std::uint64_t> generated);

  /// Which of the look-ups a flush is about.
  enum class Part { kAll, kUnique, kOthers };
  /// Writes it: what is no more, then what is new. The row itself must have been written before, where
  /// entries of look-ups that are not unique are removed: another row may have the same. Error 1062 names the
  /// vindex.
  Task<Result<void>> flush(Part part = Part::kAll);

 private:
  /// An entry as SQL.
  struct Entry {
    std::vector<std::string> values;
    topo::KeyspaceId id;
    std::vector<std::string> key;           ///< of the row, of one that is removed
    const vschema::Shard* shard = nullptr;  ///< of the entry
  };
  using ByShard = std::map<const vschema::Shard*, std::vector<const Entry*>>;

  Result<bool> fill(const plan::OwnedLookup& lookup, std::span<const plan::Operand> values,
                    Entry& entry) const;
  Task<Result<bool>> fill_as_stored(const plan::OwnedLookup& lookup, std::span<const plan::Operand> given,
                                    std::size_t row, Error unplaced, Entry& entry) const;
  Result<const vschema::Shard*> shard_of(const plan::OwnedLookup& lookup, const plan::Operand& value,
                                         const std::string& sql) const;
  Task<Result<void>> remove_all(const plan::OwnedLookup& lookup, std::vector<Entry> entries);
  Task<Result<void>> add_all(const plan::OwnedLookup& lookup, std::vector<Entry> entries);
  Task<Result<void>> insert(const plan::OwnedLookup& lookup, const vschema::Shard* shard,
                            std::span<const Entry* const> entries);
  Task<Result<bool>> drop_dangling(const plan::OwnedLookup& lookup, const vschema::Shard* shard,
                                   std::span<const Entry* const> entries);
  Task<Result<void>> verify(const plan::OwnedLookup& lookup, const Entry& entry);
  Task<Result<bool>> has_row(const plan::OwnedLookup& lookup, const Entry& entry);
  Task<Result<std::vector<topo::KeyspaceId>>> ids_of(const plan::OwnedLookup& lookup, const Entry& entry);
  Task<Result<void>> send(std::string_view keyspace, const vschema::Shard* shard, std::string text);

  ExecContext& context_;
  Lookups lookups_;
  Conversion conversion_;
  std::map<std::size_t, std::vector<Entry>> removed_, added_;
};

/// The ids that the query, of one column, yields: asked as an operation of the gate's own.
Task<Result<std::vector<topo::KeyspaceId>>> ask_ids(ExecContext& context, std::string_view keyspace,
                                                    const vschema::Shard* shard, std::string_view text);

}  // namespace kintsugi::exec
