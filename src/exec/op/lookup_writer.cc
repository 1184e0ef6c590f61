#include "exec/op/lookup_writer.h"

#include <algorithm>

#include "exec/op/ok_sink.h"
#include "exec/op/read.h"
#include "plan/errors.h"
#include "plan/mapping.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

namespace {

using plan::OwnedLookup;

constexpr std::uint16_t kDuplicate = 1062;
constexpr std::size_t kEntriesMax = 1000;  // of one statement

std::string hex_of(const topo::KeyspaceId& id) { return "x'" + id.hex() + "'"; }

std::string condition(const std::vector<std::string>& columns, const std::vector<std::string>& values) {
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += (i > 0 ? " and " : "") + columns[i] + " = " + values[i];
  return out;
}

bool is_duplicate(const Error& error) { return error.is(kServerError) && error.mysql_errno() == kDuplicate; }

/// As a plain server would name the key: the vindex is it.
Error named(const Error& error, const OwnedLookup& lookup) {
  constexpr std::string_view kKey = "for key '";
  std::string message = error.message();
  const std::size_t at = message.rfind(kKey);
  const std::string_view vindex = lookup.vindex;
  const std::string_view key =
      vindex.substr(vindex.rfind('.') + 1);  // that of a global key has its table in front
  if (at != std::string::npos) message = message.substr(0, at + kKey.size()) + std::string(key) + "'";
  return Error::from_server(kDuplicate, "23000", std::move(message));
}

}  // namespace

Result<const vschema::Shard*> LookupWriter::shard_of(const OwnedLookup& lookup, const plan::Operand& value,
                                                     const std::string& sql) const {
  if (lookup.placing == nullptr) {
    Result<plan::ShardList> shards = resolve(context_.plan, lookup.destination, context_.bindings);
    if (!shards) return failure(std::move(shards.error()));
    return shards->front();
  }
  const vschema::Keyspace* keyspace = context_.plan.routing->find_keyspace(lookup.destination.keyspace);
  plan::MappingBuffer buffer;
  const plan::Mapped mapped = map_insert(lookup.column, value, context_.bindings, buffer);
  const vschema::Destination place = mapped.state == plan::Mapped::State::kValue
                                         ? lookup.placing->map(mapped.value)
                                         : vschema::Destination::nowhere();
  const vschema::Shard* shard = place.kind == vschema::Destination::Kind::id && keyspace != nullptr
                                    ? keyspace->shard_of(place.id)
                                    : nullptr;
  if (shard != nullptr) return shard;
  return failure(plan::kUnroutableValue, sql + " is not a plain value for the column " +
                                             lookup.from[lookup.position] + " of look-up vindex '" +
                                             lookup.vindex + "'");
}

/// False: a NULL, which has no entry.
Result<bool> LookupWriter::fill(const OwnedLookup& lookup, std::span<const plan::Operand> values,
                                Entry& entry) const {
  entry.values.clear();
  for (const plan::Operand& operand : values) {
    if (operand.in(context_.bindings).is_null()) return false;
    entry.values.emplace_back();
    append_sql(entry.values.back(), operand, context_.bindings);
  }
  Result<const vschema::Shard*> shard =
      shard_of(lookup, values[lookup.position], entry.values[lookup.position]);
  if (!shard) return failure(std::move(shard.error()));
  entry.shard = *shard;
  return true;
}

/// Of values that could not be placed as they were given.
Task<Result<bool>> LookupWriter::fill_as_stored(const OwnedLookup& lookup,
                                                std::span<const plan::Operand> given, std::size_t row,
                                                Error unplaced, Entry& entry) const {
  if (!unplaced.is(plan::kUnroutableValue) || !is_convertible(lookup.column))
    co_return failure(std::move(unplaced));
  const GivenValues values{.keyspace = lookup.owner_keyspace,
                           .table = lookup.owner,
                           .columns = lookup.owner_columns,
                           .values = {given.begin(), given.end()},
                           .row = row,
                           .conversion = conversion_};
  Result<StoredValues> stored = co_await stored_values(context_, values);
  if (!stored) co_return failure(std::move(stored.error()));
  if (!conversion_.taken) co_return failure(std::move(unplaced));
  co_return fill(lookup, stored->values, entry);
}

Task<Result<void>> LookupWriter::add(std::size_t index, std::span<const plan::Operand> values,
                                     topo::KeyspaceId id, int id_at, std::optional<std::uint64_t> generated,
                                     std::size_t row) {
  const OwnedLookup& lookup = *lookups_[index];
  Entry entry;
  entry.id = std::move(id);
  const WithId given(values, id_at, generated);
  Result<bool> filled = fill(lookup, given.operands, entry);
  if (!filled)
    filled = co_await fill_as_stored(lookup, given.operands, row, std::move(filled.error()), entry);
  if (!filled) co_return failure(std::move(filled.error()));
  if (*filled) {
    added_[index].push_back(std::move(entry));
  } else if (!lookup.ignore_nulls && !lookup.verified_only) {
    co_return failure(plan::kNoShardForValue, "NULL in a column of look-up vindex '" + lookup.vindex +
                                                  "', whose parameter ignore_nulls does not allow it");
  }
  co_return Result<void>();
}

Result<void> LookupWriter::remove(std::size_t index, std::span<const plan::Operand> values,
                                  const topo::KeyspaceId& id, std::span<const plan::Operand> key, int id_at,
                                  std::optional<std::uint64_t> generated) {
  const OwnedLookup& lookup = *lookups_[index];
  if (lookup.verified_only) return {};
  Entry entry;
  entry.id = id;
  const Result<bool> filled = fill(lookup, WithId(values, id_at, generated).operands, entry);
  if (!filled) return failure(filled.error());
  for (const plan::Operand& operand : key) {
    entry.key.emplace_back();
    append_sql(entry.key.back(), operand, context_.bindings);
  }
  if (*filled) removed_[index].push_back(std::move(entry));
  return {};
}

Task<Result<std::vector<topo::KeyspaceId>>> LookupWriter::find(std::size_t index,
                                                               std::span<const plan::Operand> values,
                                                               int id_at,
                                                               std::optional<std::uint64_t> generated) {
  const OwnedLookup& lookup = *lookups_[index];
  Entry entry;
  const WithId given(values, id_at, generated);
  Result<bool> filled = fill(lookup, given.operands, entry);
  if (!filled) filled = co_await fill_as_stored(lookup, given.operands, 0, std::move(filled.error()), entry);
  if (!filled) co_return failure(std::move(filled.error()));
  if (!*filled) co_return std::vector<topo::KeyspaceId>();
  co_return co_await ids_of(lookup, entry);
}

Task<Result<void>> LookupWriter::flush(Part part) {
  for (std::size_t i = 0; i < lookups_.size(); ++i) {
    const OwnedLookup& lookup = *lookups_[i];
    if (part != Part::kAll && lookup.unique != (part == Part::kUnique)) continue;
    std::vector<Entry> removed = std::move(removed_[i]), added = std::move(added_[i]);
    removed_[i].clear();
    added_[i].clear();
    Result<void> done = co_await remove_all(lookup, std::move(removed));
    if (done) done = co_await add_all(lookup, std::move(added));
    if (!done) co_return done;
  }
  co_return Result<void>();
}

Task<Result<void>> LookupWriter::send(std::string_view keyspace, const vschema::Shard* shard,
                                      std::string text) {
  ShardRequest request;
  request.shard = shard;
  request.keyspace = keyspace;
  request.own_text = false;
  request.text = text;
  request.write = true;
  request.unseen = true;
  OkSink sink;
  co_return co_await context_.shards.run(request, sink, context_.cancel);
}

/// Whether the owner has a row with the entry's values at its id (or, without a key, on its shard).
Task<Result<bool>> LookupWriter::has_row(const OwnedLookup& lookup, const Entry& entry) {
  const std::string& name = lookup.owner_keyspace;
  const vschema::Keyspace* keyspace = context_.plan.routing->find_keyspace(name);
  const vschema::Shard* shard = keyspace == nullptr ? nullptr : keyspace->shard_of(entry.id);
  if (shard == nullptr) co_return false;
  std::string text =
      "select 1 from " + lookup.owner + " where " + condition(lookup.owner_columns, entry.values);
  if (!entry.key.empty()) text += " and " + condition(lookup.owner_key, entry.key);
  text += " limit 1 for update";
  Result<std::vector<topo::KeyspaceId>> found = co_await ask_ids(context_, name, shard, text);
  if (!found) co_return failure(std::move(found.error()));
  co_return !found->empty();
}

Task<Result<void>> LookupWriter::remove_all(const OwnedLookup& lookup, std::vector<Entry> entries) {
  ByShard by_shard;
  std::set<std::string> seen;
  for (const Entry& entry : entries) {
    const std::string text =
        condition(lookup.from, entry.values) + " and " + lookup.to + " = " + hex_of(entry.id);
    if (!seen.insert(text).second) continue;
    if (!lookup.unique) {
      Result<bool> kept = co_await has_row(lookup, entry);
      if (!kept) co_return failure(std::move(kept.error()));
      if (*kept) continue;
    }
    by_shard[entry.shard].push_back(&entry);
  }
  for (const auto& [shard, all] : by_shard) {
    for (std::size_t begin = 0; begin < all.size(); begin += kEntriesMax) {
      std::string text = "delete from " + lookup.table + " where ";
      for (std::size_t i = begin; i < std::min(all.size(), begin + kEntriesMax); ++i) {
        text += std::string(i > begin ? " or " : "") + "(" + condition(lookup.from, all[i]->values) +
                " and " + lookup.to + " = " + hex_of(all[i]->id) + ")";
      }
      Result<void> done = co_await send(lookup.destination.keyspace, shard, std::move(text));
      if (!done) co_return done;
    }
  }
  co_return Result<void>();
}

Task<Result<void>> LookupWriter::add_all(const OwnedLookup& lookup, std::vector<Entry> entries) {
  ByShard by_shard;
  for (const Entry& entry : entries) {
    if (lookup.verified_only) {
      Result<void> there = co_await verify(lookup, entry);
      if (!there) co_return there;
      continue;
    }
    by_shard[entry.shard].push_back(&entry);
  }
  for (const auto& [shard, all] : by_shard) {
    const std::span<const Entry* const> of_shard(all);
    for (std::size_t begin = 0; begin < all.size(); begin += kEntriesMax) {
      const auto some = of_shard.subspan(begin, std::min(kEntriesMax, all.size() - begin));
      Result<void> done = co_await insert(lookup, shard, some);
      if (done) continue;
      if (!lookup.unique || !is_duplicate(done.error())) co_return done;
      const Error duplicate = named(done.error(), lookup);
      Result<bool> dropped = co_await drop_dangling(lookup, shard, some);
      if (!dropped) co_return failure(std::move(dropped.error()));
      if (!*dropped) co_return failure(duplicate);
      done = co_await insert(lookup, shard, some);
      if (!done) co_return failure(is_duplicate(done.error()) ? named(done.error(), lookup) : done.error());
    }
  }
  co_return Result<void>();
}

Task<Result<void>> LookupWriter::insert(const OwnedLookup& lookup, const vschema::Shard* shard,
                                        std::span<const Entry* const> entries) {
  std::string text = "insert into " + lookup.table + " (";
  for (const std::string& column : lookup.from) text += column + ", ";
  text += lookup.to + ") values ";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    text += i > 0 ? ", (" : "(";
    for (const std::string& value : entries[i]->values) text += value + ", ";
    text += hex_of(entries[i]->id) + ")";
  }
  // Rows of one id may have the same values.
  if (!lookup.unique) text += " on duplicate key update " + lookup.to + " = values(" + lookup.to + ")";
  co_return co_await send(lookup.destination.keyspace, shard, std::move(text));
}

/// Removes entries of these values whose rows are not there: a commit that was cut off has left them. Whether
/// there were any.
Task<Result<bool>> LookupWriter::drop_dangling(const OwnedLookup& lookup, const vschema::Shard* shard,
                                               std::span<const Entry* const> entries) {
  bool any = false;
  for (const Entry* entry : entries) {
    Result<std::vector<topo::KeyspaceId>> ids = co_await ids_of(lookup, *entry);
    if (!ids) co_return failure(std::move(ids.error()));
    for (const topo::KeyspaceId& id : *ids) {
      Entry there;
      there.values = entry->values;
      there.id = id;
      Result<bool> lives = co_await has_row(lookup, there);
      if (!lives) co_return failure(std::move(lives.error()));
      if (*lives) continue;
      any = true;
      std::string text = "delete from " + lookup.table + " where " + condition(lookup.from, entry->values) +
                         " and " + lookup.to + " = " + hex_of(id);
      Result<void> done = co_await send(lookup.destination.keyspace, shard, std::move(text));
      if (!done) co_return failure(std::move(done.error()));
    }
  }
  co_return any;
}

Task<Result<std::vector<topo::KeyspaceId>>> LookupWriter::ids_of(const OwnedLookup& lookup,
                                                                 const Entry& entry) {
  std::string text = "select " + lookup.to + " from " + lookup.table + " where " +
                     condition(lookup.from, entry.values) + " for update";
  co_return co_await ask_ids(context_, lookup.destination.keyspace, entry.shard, text);
}

/// A row of a table that does not own the look-up must lie where it leads.
Task<Result<void>> LookupWriter::verify(const OwnedLookup& lookup, const Entry& entry) {
  Result<std::vector<topo::KeyspaceId>> ids = co_await ids_of(lookup, entry);
  if (!ids) co_return failure(std::move(ids.error()));
  if (std::ranges::find(*ids, entry.id) != ids->end()) co_return Result<void>();
  co_return failure(plan::kNoShardForValue, "look-up vindex '" + lookup.vindex + "' has no entry of " +
                                                entry.values.front() + " at the row's keyspace id " +
                                                entry.id.hex());
}

}  // namespace kintsugi::exec
