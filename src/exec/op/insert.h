#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/soon.h"
#include "exec/executor.h"
#include "exec/op/lookup_writer.h"

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

/// Runs the BEFORE triggers of a row, if there are some. `id` is what a sequence gave it; the bindings get
/// what they set, which `set` holds.
Task<Result<void>> fire_before(ExecContext& context, const plan::Insert& insert, const plan::Insert::Row& row,
                               std::optional<std::uint64_t> id, OwnValues& set);

/// Where a row lies.
struct RowPlace {
  const vschema::Shard* shard = nullptr;
  topo::KeyspaceId id;
  std::size_t number = 0;  ///< of the row in the client's statement, from 0
};
/// By the vindex of some columns. No shard: the gate cannot tell, or nowhere.
RowPlace place_of(const vschema::Vindex& vindex, std::span<const plan::KeyColumn> columns,
                  std::span<const plan::Operand> key, const vschema::Keyspace& keyspace,
                  topo::TabletType type, const plan::Bindings& bindings);
/// By the insert's vindex. `number` (from 0) and `id` (if it is given one) are the row's. Of values that the
/// gate cannot convert, a server is asked.
Soon<Result<RowPlace>> place_of_row(ExecContext& context, const plan::Insert& insert,
                                    const plan::Insert::Row& row, std::size_t number,
                                    std::optional<std::uint64_t> id, const vschema::Keyspace& keyspace);

/// Tells the look-ups of a row that is new.
Task<Result<void>> add_entries(const plan::Insert& insert, const plan::Insert::Row& row,
                               const RowPlace& place, std::optional<std::uint64_t> id, LookupWriter& lookups);

/// Writes one row of an insert that may meet others (Insert::conflicts): those are found and locked first, so
/// that look-ups stay in step, and the row goes to the shard of the one that it meets. In a unit; the
/// bindings are those of the row. The OK packet is of the row alone. `returned` (may be null) gets what
/// RETURNING says of it.
Task<Result<mysql::OkPacket>> insert_among(ExecContext& context, const plan::Insert& insert,
                                           const plan::Insert::Row& row, const RowPlace& place,
                                           std::optional<std::uint64_t> id, RowSink* returned);

/// RETURNING of an insert that has written no row: a server says what that looks like.
Task<Result<void>> return_nothing(ExecContext& context, const plan::Insert& insert, RowSink& returned);

/// What a server said of duplicates among so many rows.
std::uint64_t duplicates_of(const mysql::OkPacket& ok, std::size_t rows);

/// Runs an insert whose rows are read first.
Task<Result<void>> insert_read(ExecContext& context, const plan::Insert& insert, RowSink& sink);

}  // namespace kintsugi::exec
