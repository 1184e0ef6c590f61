#include <algorithm>
#include <set>

#include "plan/pass/draft.h"

// UPDATE and DELETE on sharded keyspaces.

namespace kintsugi::plan::pass {

namespace {

/// A function that gives another value on each server. NOW() is not among them: exec sets the clock.
const sql::FunctionCall* find_unrepeatable(const sql::Node& node) {
  static const std::set<std::string_view> kNames = {
      "rand", "uuid", "uuid_short", "sysdate", "random_bytes", "uuid_v4", "uuid_v7", "sys_guid", "load_file"};
  const sql::FunctionCall* found = nullptr;
  sql::walk(node, [&found](const sql::Node& child) {
    const auto* call = sql::as<sql::FunctionCall>(&child);
    if (call != nullptr && (kNames.contains(call->name) || !call->schema.empty())) found = call;
    return true;
  });
  return found;
}

bool in_any_vindex(const vschema::Table& table, std::string_view column) {
  return std::ranges::any_of(table.vindexes, [column](const vschema::TableVindex& vindex) {
    return std::ranges::any_of(vindex.columns,
                               [column](const std::string& name) { return same_column(name, column); });
  });
}

bool is_sharded(const Source& source) {
  return source.routing != nullptr && source.routing->kind == vschema::Table::Kind::sharded;
}

/// Whether the rows are found by the very value that is assigned: then none moves.
bool keeps_key(Draft& draft, const sql::Assignment& assignment, const Source& source) {
  const auto* literal = sql::as<sql::Literal>(assignment.value);
  if (const auto* same = sql::as<sql::ColumnRef>(assignment.value)) {
    return same_column(same->name, assignment.column->name) &&
           resolve_column(*same, draft.top).source == &source;
  }
  if (literal == nullptr) return false;
  for (const sql::Expr* condition : conjuncts(draft.top->where)) {
    const auto* equal = sql::as<sql::Binary>(condition);
    if (equal == nullptr || equal->op != sql::BinaryOp::kEqual) continue;
    const auto* column = sql::as<sql::ColumnRef>(equal->left);
    const auto* found = sql::as<sql::Literal>(equal->right);
    if (column == nullptr || found == nullptr || !same_column(column->name, assignment.column->name))
      continue;
    if (resolve_column(*column, draft.top).source != &source) continue;
    if (found->literal != literal->literal || found->text != literal->text) continue;
    for (const sql::Literal* pinned : {literal, found}) {
      if (pinned->ordinal >= 0)
        draft.plan->pinned_literals.push_back(static_cast<std::uint32_t>(pinned->ordinal));
    }
    return true;
  }
  return false;
}

Result<void> check_assignment(Draft& draft, const sql::Assignment& assignment,
                              std::set<const Source*>& written) {
  const ResolvedColumn column = resolve_column(*assignment.column, draft.top);
  if (column.source != nullptr) {
    written.insert(column.source);
    if (!is_sharded(*column.source) || !in_any_vindex(*column.source->routing, column.name) ||
        keeps_key(draft, assignment, *column.source)) {
      return {};
    }
  } else if (std::ranges::none_of(draft.top->sources, [&](const Source* source) {
               return is_sharded(*source) && in_any_vindex(*source->routing, assignment.column->name);
             })) {
    return {};
  }
  return failure(kShardingKeyUpdate, "column '" + std::string(assignment.column->name) +
                                         "' is the sharding key: rows would have to move to another shard");
}

Result<std::set<const Source*>> written_by(Draft& draft) {
  std::set<const Source*> written;
  if (const auto* update = sql::as<sql::Update>(&draft.statement)) {
    for (const sql::Assignment* assignment : update->set) {
      if (Result<void> done = check_assignment(draft, *assignment, written); !done)
        return failure(done.error());
    }
    return written;
  }
  const auto& remove = static_cast<const sql::Delete&>(draft.statement);
  for (const Source* source : draft.top->sources) {
    const bool target = std::ranges::any_of(
        remove.targets, [source](const sql::TableName* name) { return name->name == source->alias; });
    if (target || remove.targets.empty()) written.insert(source);
  }
  return written;
}

Result<void> refuse_if_copies_differ(const Draft& draft) {
  const auto* update = sql::as<sql::Update>(&draft.statement);
  const auto* remove = sql::as<sql::Delete>(&draft.statement);
  if ((update != nullptr && update->limit != nullptr) || (remove != nullptr && remove->limit != nullptr)) {
    return failure(kCopiesWouldDiffer, "LIMIT in a write to a reference table");
  }
  if (const sql::FunctionCall* call = find_unrepeatable(draft.statement)) {
    return failure(kCopiesWouldDiffer, std::string(call->name) + "() in a write to a reference table");
  }
  return {};
}

}  // namespace

Result<void> plan_change(Draft& draft) {
  auto written = written_by(draft);
  if (!written) return failure(written.error());
  const bool to_reference = std::ranges::any_of(
      *written, [](const Source* source) { return source->table != nullptr && !is_sharded(*source); });
  auto route = new_route(draft, Destination::Reach::kAllShards);
  route->write = true;
  if (draft.top->rows.empty()) {
    if (Result<void> done = refuse_if_copies_differ(draft); !done) return done;
    route->copies = true;
  } else {
    if (to_reference) {
      return failure(kCopiesWouldDiffer, "a reference table is written by what sharded tables hold");
    }
    route->destination = destination_of_rows(draft);
  }
  draft.plan->root = std::move(route);
  return {};
}

Result<void> require_repeatable(const sql::Node& node) {
  if (const sql::FunctionCall* call = find_unrepeatable(node)) {
    return failure(kCopiesWouldDiffer, std::string(call->name) + "() in a write to a reference table");
  }
  return {};
}

}  // namespace kintsugi::plan::pass
