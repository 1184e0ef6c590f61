#include "exec/op/row_triggers.h"

#include <algorithm>
#include <utility>

#include "exec/errors.h"
#include "exec/op/read.h"
#include "plan/errors.h"
#include "topo/key_range.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

namespace {

using plan::ValueKind;

bool is_number(ValueKind kind) {
  return kind == ValueKind::kInteger || kind == ValueKind::kDecimal || kind == ValueKind::kFloat;
}

/// An operand with what the plan says around it, as one value. kUnsupportedYet of what a trigger cannot be
/// told so.
Result<plan::Value> whole_value(const plan::Operand& operand, const plan::Bindings& bindings,
                                OwnValues& texts) {
  plan::Value value = operand.in(bindings);
  if (value.is_null()) return value;
  if (value.kind == ValueKind::kHex || value.kind == ValueKind::kHexNumber) {
    Result<std::string> bytes =
        topo::from_hex((value.text.size() % 2 == 0 ? "" : "0") + std::string(value.text));
    if (!bytes) return failure(std::move(bytes.error()));
    return plan::Value{ValueKind::kBytes, texts.texts.emplace_back(std::move(*bytes)), {}};
  }
  const bool foreign = value.kind == ValueKind::kString && (!bindings.utf8 || !operand.charset.empty());
  const bool ascii = std::ranges::all_of(value.text, [](char c) { return static_cast<signed char>(c) >= 0; });
  if ((operand.negated && !is_number(value.kind)) || value.kind == ValueKind::kBit || (foreign && !ascii))
    return failure(plan::kUnsupportedYet,
                   "a bit string, a text that is not UTF-8, or a minus before a text, "
                   "where triggers of the gate are told of a row");
  if (!operand.negated) return value;
  const bool negative = value.text.starts_with('-');
  value.text = texts.texts.emplace_back(negative ? value.text.substr(1) : "-" + std::string(value.text));
  return value;
}

}  // namespace

Task<Result<void>> fire_triggers(ExecContext& context, const plan::RowTriggers& triggers,
                                 const std::vector<plan::Operand>& old_row, std::string new_row,
                                 const vschema::Shard* shard) {
  std::vector<plan::Value> before;
  for (const plan::Operand& operand : old_row) before.push_back(operand.in(context.bindings));
  ReadRows rows(context);
  std::span<const plan::Value> after;
  if (!new_row.empty()) {
    Result<void> found = co_await read_from(context, shard, new_row, rows);
    if (!found) co_return found;
    if (rows.size() != 1) {
      co_return failure(kNewRowLost, "a row of " + triggers.keyspace + "." + triggers.table +
                                         " for trigger '" + triggers.triggers.front().name + "'");
    }
    Result<std::span<const plan::Value>> values = rows.values(0);
    if (!values) co_return failure(std::move(values.error()));
    after = *values;
  }
  co_return co_await context.statements->fire(context.plan, triggers, before, after);
}

Task<Result<void>> fire_before(ExecContext& context, const plan::RowTriggers& triggers,
                               const std::vector<plan::Operand>& old_row,
                               const std::vector<plan::Operand>& new_row, OwnValues& set, int waits_for_id) {
  context.bindings.set = {};
  OwnValues before, after;
  for (const auto& [from, to] : {std::pair(&old_row, &before), std::pair(&new_row, &after)}) {
    for (const plan::Operand& operand : *from) {
      Result<plan::Value> value = whole_value(operand, context.bindings, *to);
      if (!value) co_return failure(std::move(value.error()));
      to->values.push_back(*value);
    }
  }
  if (waits_for_id >= 0)
    after.values[static_cast<std::size_t>(waits_for_id)] = {plan::ValueKind::kInteger, "0", {}};
  set = {};
  Result<void> fired =
      co_await context.statements->fire_before(context.plan, triggers, before.values, after.values, set);
  if (fired) context.bindings.set = set.values;
  co_return fired;
}

}  // namespace kintsugi::exec
