#include <algorithm>
#include <set>

#include "plan/pass/draft.h"
#include "plan/pass/foreign_keys.h"
#include "plan/pass/row_triggers.h"

// UPDATE and DELETE on sharded keyspaces.

namespace kintsugi::plan::pass {

namespace {

bool has_column(const vschema::TableVindex& vindex, std::string_view column) {
  return std::ranges::any_of(vindex.columns,
                             [column](const std::string& name) { return same_column(name, column); });
}

bool in_any_vindex(const vschema::Table& table, std::string_view column) {
  return std::ranges::any_of(
      table.vindexes, [column](const vschema::TableVindex& vindex) { return has_column(vindex, column); });
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

/// What a statement writes.
struct Written {
  std::set<const Source*> sources;
  /// Why rows may have to move to another shard, or entries of look-ups change; empty: neither.
  std::string moved_by;
};

/// A column of other vindexes than the first.
Result<void> check_lookup(const Source& source, std::string_view name, Written& written) {
  for (const vschema::TableVindex& vindex : source.routing->vindexes) {
    const vschema::Lookup* lookup = vindex.vindex->lookup();
    if (lookup == nullptr || !has_column(vindex, name) || !(vindex.owned || lookup->verify)) continue;
    written.moved_by =
        "column '" + std::string(name) + "' has entries in look-up vindex '" + vindex.name + "'";
  }
  return {};
}

/// Whether a look-up vindex of the column is being filled: an UPDATE of the column to itself does that.
bool is_filled(const Source& source, std::string_view name) {
  return std::ranges::any_of(source.routing->vindexes, [name](const vschema::TableVindex& vindex) {
    const vschema::Lookup* lookup = vindex.vindex->lookup();
    return vindex.owned && lookup != nullptr && lookup->write_only && has_column(vindex, name);
  });
}

/// Why rows that are deleted must be known; empty: they need not.
std::string entries_of(const Draft& draft, const std::set<const Source*>& sources) {
  for (const Source* source : sources) {
    if (source->routing == nullptr) continue;
    if (std::string why = foreign_key_of(draft, *source->routing, {}); !why.empty()) return why;
    if (std::string why = triggers_of(draft, *source->routing, "delete"); !why.empty()) return why;
    for (const vschema::TableVindex& vindex : source->routing->vindexes) {
      if (vindex.owned) return "its rows have entries in look-up vindex '" + vindex.name + "'";
    }
  }
  return {};
}

Result<void> check_assignment(Draft& draft, const sql::Assignment& assignment, Written& written) {
  const ResolvedColumn column = resolve_column(*assignment.column, draft.top);
  const Source* source = column.source;
  const std::string_view name = assignment.column->name;
  if (source == nullptr) {
    if (std::ranges::none_of(draft.top->sources, [name](const Source* each) {
          return is_sharded(*each) && in_any_vindex(*each->routing, name);
        })) {
      return {};
    }
    return failure(kShardingKeyUpdate,
                   "column '" + std::string(name) + "' may be a sharding key, of a table that is not known");
  }
  written.sources.insert(source);
  if (source->routing == nullptr) return {};
  if (std::string why = foreign_key_of(draft, *source->routing, name);
      !why.empty() && !keeps_key(draft, assignment, *source)) {
    written.moved_by = std::move(why);
  }
  if (std::string why = triggers_of(draft, *source->routing, "update"); !why.empty())
    written.moved_by = std::move(why);
  if (!is_sharded(*source) || !in_any_vindex(*source->routing, name)) return {};
  if (!is_filled(*source, name) && keeps_key(draft, assignment, *source)) return {};
  if (!has_column(source->routing->vindexes.front(), name)) return check_lookup(*source, name, written);
  written.moved_by = "column '" + std::string(name) + "' is the sharding key: rows may move to another shard";
  return {};
}

Result<Written> written_by(Draft& draft) {
  Written written;
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
    if (target || remove.targets.empty()) written.sources.insert(source);
  }
  written.moved_by = entries_of(draft, written.sources);
  return written;
}

/// Why copies of the rows would come out different; empty: they would not.
std::string copies_differ(const Draft& draft) {
  const auto* update = sql::as<sql::Update>(&draft.statement);
  const auto* remove = sql::as<sql::Delete>(&draft.statement);
  if ((update != nullptr && update->limit != nullptr) || (remove != nullptr && remove->limit != nullptr)) {
    return "LIMIT in a write to a reference table";
  }
  if (const sql::FunctionCall* call = find_unrepeatable(draft.statement)) {
    return std::string(call->name) + "() in a write to a reference table";
  }
  if (!draft.plan->assigned_variables.empty())
    return "user variables assigned by a write to a reference table";
  return {};
}

/// The statement as it is, to the shards where its rows are. Null, and the reason: it would go wrong.
std::unique_ptr<Route> route_of_change(Draft& draft, const Written& written, std::string& reason) {
  const bool to_reference = std::ranges::any_of(
      written.sources, [](const Source* source) { return source->table != nullptr && !is_sharded(*source); });
  auto route = new_route(draft, Destination::Reach::kAllShards);
  route->write = true;
  if (!draft.row_calls.empty()) {
    reason =
        "function '" + std::string(draft.row_calls.front().call->name) + "' runs in the gate, for each row";
  } else if (!draft.functions.empty()) {
    reason = draft.functions;
  } else if (draft.course == Course::kSeveral) {
    reason = "tables of several keyspaces";
  } else if (!written.moved_by.empty()) {
    reason = written.moved_by;
  } else if (draft.top->rows.empty()) {
    reason = copies_differ(draft);
    route->copies = true;
  } else if (to_reference) {
    reason = "a reference table is written by what sharded tables hold";
  } else {
    route->destination = destination_of_rows(draft);
    if (!draft.plan->assigned_variables.empty())
      refuse_several(route->destination, "user variables assigned by a write over several shards");
    if (route->destination.several_refused) reason = route->destination.several_refused->message();
    return route;
  }
  return reason.empty() ? std::move(route) : nullptr;
}

}  // namespace

const sql::FunctionCall* find_unrepeatable(const sql::Node& node) {
  // NOW() is not among them: exec sets the clock.
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

Result<void> plan_change(Draft& draft) {
  auto written = written_by(draft);
  if (!written) return failure(written.error());
  std::string reason;
  std::unique_ptr<Route> route = route_of_change(draft, *written, reason);
  if (reason.empty()) {
    draft.plan->root = std::move(route);
    return {};
  }
  std::vector<const Source*> sources;
  for (const Source* source : draft.top->sources) {
    if (written->sources.contains(source)) sources.push_back(source);
  }
  if (draft.top->sources.size() == 1) sources = {draft.top->sources.front()};
  Result<std::unique_ptr<KeyedWrite>> keyed = plan_keyed_write(draft, sources, reason);
  if (!keyed) {
    if (route == nullptr) return failure(keyed.error());
    // Executions whose values lead to one shard are as good as ever.
    route->destination.several_refused = keyed.error();
    draft.plan->root = std::move(route);
    return {};
  }
  if (route != nullptr) (*keyed)->inputs.push_back(std::move(route));
  draft.plan->root = std::move(*keyed);
  return {};
}

Result<void> require_repeatable(const sql::Node& node) {
  if (const sql::FunctionCall* call = find_unrepeatable(node)) {
    return failure(kCopiesWouldDiffer, std::string(call->name) + "() in a write to a reference table");
  }
  return {};
}

}  // namespace kintsugi::plan::pass
