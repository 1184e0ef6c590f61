#include <algorithm>
#include <charconv>

#include "exec/op/insert.h"
#include "exec/op/row_triggers.h"
#include "exec/op/stored_values.h"
#include "mysql/quote.h"
#include "plan/errors.h"
#include "plan/mapping.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

namespace {

using plan::Insert;

/// A zero in any form that a client would write one.
bool is_zero(const plan::Value& value) {
  const bool number = value.kind == plan::ValueKind::kInteger || value.kind == plan::ValueKind::kString;
  return number && !value.text.empty() && std::ranges::all_of(value.text, [](char c) { return c == '0'; });
}

}  // namespace

bool needs_id(const Insert& insert, const Insert::Row& row, const plan::Bindings& bindings) {
  if (insert.id_column.empty()) return false;
  const plan::Value& value = row.id.in(bindings);
  return value.is_null() || (is_zero(value) && !bindings.no_auto_value_on_zero);
}

std::uint64_t own_id(const Insert::Row& row, const plan::Bindings& bindings) {
  const plan::Value& value = row.id.in(bindings);
  std::uint64_t id = 0;
  if (row.id.negated || value.is_null()) return 0;
  const auto [end, error] = std::from_chars(value.text.data(), value.text.data() + value.text.size(), id);
  return error == std::errc() && end == value.text.data() + value.text.size() ? id : 0;
}

Task<Result<void>> settle_ids(ExecContext& context, const Insert& insert, std::uint64_t wanted,
                              std::uint64_t largest) {
  if (wanted > 0 && !insert.sequence) {
    co_return failure(
        plan::kUnroutableValue,
        "column '" + insert.id_column + "' of table '" + insert.table +
            "' is AUTO_INCREMENT, but the vschema names no sequence for it: each shard would count by "
            "itself");
  }
  if (!insert.sequence || largest == 0) co_return Result<void>();
  Result<void> raised = co_await context.sequences.raise(*insert.sequence, largest);
  co_return raised;
}

Task<Result<void>> fire_before(ExecContext& context, const Insert& insert, const Insert::Row& row,
                               std::optional<std::uint64_t> id, OwnValues& set) {
  if (insert.before_triggers == nullptr) co_return Result<void>();
  co_return co_await fire_before(context, *insert.before_triggers, {}, row.before_row, set,
                                 id ? insert.id_in_before : -1);
}

RowPlace place_of(const vschema::Vindex& vindex, std::span<const plan::KeyColumn> columns,
                  std::span<const plan::Operand> key, const vschema::Keyspace& keyspace,
                  topo::TabletType type, const plan::Bindings& bindings) {
  std::vector<plan::MappingBuffer> buffers(key.size());
  std::vector<vschema::VindexValue> values(key.size());
  for (std::size_t i = 0; i < key.size(); ++i) {
    const plan::Mapped mapped = map_insert(columns[i], key[i], bindings, buffers[i]);
    if (mapped.state == plan::Mapped::State::kUnknown) return {};
    values[i] = mapped.value;
  }
  const vschema::Destination destination = vindex.map(values);
  if (destination.kind != vschema::Destination::Kind::id) return {};
  return {keyspace.shard_of(destination.id, type), destination.id};
}

namespace {

Result<RowPlace> place_of_key(const ExecContext& context, const Insert& insert,
                              std::span<const plan::Operand> key, std::size_t number,
                              std::optional<std::uint64_t> id, const vschema::Keyspace& keyspace) {
  std::vector<plan::MappingBuffer> buffers(key.size());
  std::vector<vschema::VindexValue> values(key.size());
  std::string id_text = id ? std::to_string(*id) : "";
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (id && static_cast<int>(i) == insert.id_in_key) {
      values[i] = {id_text, false};
      continue;
    }
    const plan::Mapped mapped = map_insert(insert.columns[i], key[i], context.bindings, buffers[i]);
    if (mapped.state == plan::Mapped::State::kUnknown) {
      std::string value;
      append_sql(value, key[i].in(context.bindings), false);
      return failure(plan::kUnroutableValue, "row " + std::to_string(number + 1) + ": " + value +
                                                 " is not a plain value for the sharding key '" +
                                                 insert.columns[i].name + "'");
    }
    values[i] = mapped.value;
  }
  const vschema::Destination destination = insert.vindex->map(values);
  const vschema::Shard* shard = destination.kind == vschema::Destination::Kind::id
                                    ? keyspace.shard_of(destination.id, insert.destination.type)
                                    : nullptr;
  if (shard == nullptr) {
    return failure(plan::kNoShardForValue, "row " + std::to_string(number + 1) +
                                               ": no shard takes its sharding key '" +
                                               insert.columns.front().name + "'");
  }
  return RowPlace{shard, destination.id, number};
}

/// By what a server stores for the row's key.
Task<Result<RowPlace>> place_of_stored(ExecContext& context, const Insert& insert, const Insert::Row& row,
                                       std::size_t number, std::optional<std::uint64_t> id,
                                       const vschema::Keyspace& keyspace, Error unplaced) {
  const WithId values(row.key, insert.id_in_key, id);
  GivenValues given{.keyspace = insert.destination.keyspace,
                    .table = mysql::quoted_identifier(insert.destination.keyspace) + "." +
                             mysql::quoted_identifier(insert.table),
                    .columns = {},
                    .values = values.operands,
                    .row = number,
                    .conversion = conversion_of(insert)};
  for (const plan::KeyColumn& column : insert.columns)
    given.columns.push_back(mysql::quoted_identifier(column.name));
  Result<StoredValues> stored = co_await stored_values(context, given);
  if (!stored) co_return failure(std::move(stored.error()));
  if (!given.conversion.taken) co_return failure(std::move(unplaced));
  co_return place_of_key(context, insert, stored->values, number, id, keyspace);
}

}  // namespace

Soon<Result<RowPlace>> place_of_row(ExecContext& context, const Insert& insert, const Insert::Row& row,
                                    std::size_t number, std::optional<std::uint64_t> id,
                                    const vschema::Keyspace& keyspace) {
  Result<RowPlace> place = place_of_key(context, insert, row.key, number, id, keyspace);
  if (place || !std::ranges::all_of(insert.columns, is_convertible)) return place;
  const Error& error = place.error();
  if (!error.is(plan::kUnroutableValue) && !error.is(plan::kNoShardForValue)) return place;
  return place_of_stored(context, insert, row, number, id, keyspace, std::move(place.error()));
}

Task<Result<void>> add_entries(const Insert& insert, const Insert::Row& row, const RowPlace& place,
                               std::optional<std::uint64_t> id, LookupWriter& lookups) {
  for (std::size_t i = 0; i < row.lookups.size(); ++i) {
    Result<void> added =
        co_await lookups.add(i, row.lookups[i], place.id, insert.id_in_lookup[i], id, place.number);
    if (!added) co_return added;
  }
  co_return Result<void>();
}

std::uint64_t duplicates_of(const mysql::OkPacket& ok, std::size_t rows) {
  if (rows == 1) return ok.affected_rows == 1 ? 0 : 1;
  constexpr std::string_view kWord = "Duplicates: ";
  const std::size_t at = ok.info.find(kWord);
  std::uint64_t count = 0;
  if (at != std::string::npos) {
    std::from_chars(ok.info.data() + at + kWord.size(), ok.info.data() + ok.info.size(), count);
  }
  return count;
}

}  // namespace kintsugi::exec
