#pragma once

#include <cstdint>
#include <optional>

#include "exec/executor.h"

namespace kintsugi::vschema {
class Keyspace;
}

// What INSERT does with one row, wherever its values come from: those that are read are in the context's
// bindings.

namespace kintsugi::exec {

/// Whether the row waits for an id of the sequence.
bool needs_id(const plan::Insert& insert, const plan::Insert::Row& row, const plan::Bindings& bindings);
/// The id that the row brings itself, or 0.
std::uint64_t own_id(const plan::Insert::Row& row, const plan::Bindings& bindings);
/// Before ids are given: that there is a sequence for those that are wanted, which is above the largest that
/// rows bring themselves (0: none).
Task<Result<void>> settle_ids(ExecContext& context, const plan::Insert& insert, std::uint64_t wanted,
                              std::uint64_t largest);

/// Where the row lies, by the insert's vindex. `number` (from 0) and `id` (if it is given one) are the row's.
Result<const vschema::Shard*> shard_of(const ExecContext& context, const plan::Insert& insert,
                                       const plan::Insert::Row& row, std::size_t number,
                                       std::optional<std::uint64_t> id, const vschema::Keyspace& keyspace);

/// What a server said of duplicates among so many rows.
std::uint64_t duplicates_of(const mysql::OkPacket& ok, std::size_t rows);

/// Runs an insert whose rows are read first.
Task<Result<void>> insert_read(ExecContext& context, const plan::Insert& insert, RowSink& sink);

}  // namespace kintsugi::exec
