#include "exec/op/alike_rows.h"

#include <charconv>
#include <set>

#include "exec/op/insert.h"
#include "exec/op/text.h"
#include "plan/errors.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

namespace {

using Target = plan::KeyedWrite::Target;

/// Null: a vindex does not place the row.
Result<const vschema::Shard*> shard_of(const ExecContext& context, const Target& target) {
  if (target.vindex == nullptr) {
    Result<plan::ShardList> shards = resolve(context.plan, target.destination, context.bindings);
    if (!shards) return failure(std::move(shards.error()));
    return shards->front();
  }
  const vschema::Keyspace* keyspace = context.plan.routing->find_keyspace(target.destination.keyspace);
  if (keyspace == nullptr)
    return failure(plan::kUnknownKeyspace, "there is no keyspace " + target.destination.keyspace);
  return place_of(*target.vindex, target.columns, target.key, *keyspace, target.destination.type,
                  context.bindings)
      .shard;
}

Task<Result<std::uint64_t>> count(ExecContext& context, const vschema::Shard* shard, std::string_view text) {
  ReadRows counted(context);
  Result<void> asked = co_await read_from(context, shard, text, counted);
  if (!asked) co_return failure(std::move(asked.error()));
  Result<std::span<const plan::Value>> values = counted.values(0);
  if (!values) co_return failure(std::move(values.error()));
  const std::string_view digits = values->front().text;
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  co_return number;
}

}  // namespace

Task<Result<std::vector<std::uint64_t>>> count_alike(ExecContext& context, const Target& target,
                                                     ReadRows& rows) {
  std::vector<std::uint64_t> times(rows.size(), target.count.empty() ? 1 : 0);
  std::set<std::string> seen;
  for (std::size_t i = 0; i < rows.size() && !target.count.empty(); ++i) {
    Result<std::span<const plan::Value>> values = rows.values(i);
    if (!values) co_return failure(std::move(values.error()));
    context.bindings.read = *values;
    if (target.presence.in(context.bindings).is_null()) continue;
    const std::string text = bind_text(target.count, context.bindings, context.session);
    if (!seen.insert(text).second) continue;
    Result<const vschema::Shard*> shard = shard_of(context, target);
    if (!shard) co_return failure(std::move(shard.error()));
    times[i] = 1;  // the writer says what is wrong with a row that has no place
    if (*shard == nullptr) continue;
    Result<std::uint64_t> alike = co_await count(context, *shard, text);
    if (!alike) co_return failure(std::move(alike.error()));
    times[i] = *alike;
  }
  co_return times;
}

}  // namespace kintsugi::exec
