#include "plan/pass/functions.h"

#include <algorithm>
#include <set>

#include "base/lower_case.h"

namespace kintsugi::plan::pass {

namespace {

/// Those that no shard has whole.
std::vector<std::string> spread_tables(const vschema::Keyspace& keyspace, std::string_view function) {
  std::vector<std::string> tables = tables_used(keyspace, function);
  std::erase_if(tables,
                [&keyspace](const std::string& table) { return is_whole_everywhere(keyspace, table); });
  return tables;
}

/// The keyspace whose function is called, if one of its servers alone may not be enough; else null.
const vschema::Keyspace* keyspace_of(const PlanContext& context, const sql::FunctionCall& call) {
  if (!context.shard.empty()) return nullptr;
  const vschema::Keyspace* keyspace =
      context.routing->find_keyspace(call.schema.empty() ? std::string_view(context.keyspace) : call.schema);
  const bool several = keyspace != nullptr && keyspace->shards(context.type).size() > 1;
  return several && !keyspace->functions().empty() ? keyspace : nullptr;
}

/// Whether the call is of a function that spans shards, and its keyspace has several.
bool spans_shards(const PlanContext& context, const sql::FunctionCall& call) {
  const vschema::Keyspace* keyspace = keyspace_of(context, call);
  return keyspace != nullptr && !why_spanning(*keyspace, call.name).empty();
}

void add_tables(Draft& draft, const std::string& function) {
  for (const std::string& table :
       spread_tables(*draft.context.routing->find_keyspace(draft.functions_keyspace), function)) {
    const bool known = std::ranges::any_of(
        draft.function_tables, [&table](const sql::TableName* name) { return name->name == table; });
    if (known) continue;
    auto* name = sql::make_node<sql::TableName>(draft.plan->arena);
    name->schema = draft.keep(draft.functions_keyspace);
    name->name = draft.keep(table);
    draft.function_tables.push_back(name);
    TableEntry entry;
    entry.name = name;
    draft.tables.push_back(std::move(entry));
  }
}

Result<void> note_called(Draft& draft, const sql::FunctionCall& call) {
  if (!names_keyspace(draft.context, call)) return {};
  if (draft.called == nullptr) draft.called = &call;
  if (draft.called->schema == call.schema) return {};
  return failure(kCrossKeyspace, "functions '" + std::string(draft.called->schema) + "." +
                                     std::string(draft.called->name) + "' and '" + std::string(call.schema) +
                                     "." + std::string(call.name) + "' are in different keyspaces");
}

bool is_temporary(const Draft& draft, const sql::TableName* name) {
  const TableEntry* entry = draft.entry(name);
  return entry != nullptr && entry->temporary != nullptr;
}

/// What servers do with the rows that they write, and tell of them.
Result<void> check_answered_rows(const Draft& draft) {
  const auto* insert = sql::as<sql::Insert>(&draft.statement);
  const auto* remove = sql::as<sql::Delete>(&draft.statement);
  Result<void> done;
  if (draft.returns_elsewhere) return {};
  if (insert != nullptr && !is_temporary(draft, insert->table)) {
    for (const sql::SelectItem* item : insert->returning) {
      if (done) done = refuse_call_over_copies(draft, *item, "RETURNING");
    }
  }
  if (remove == nullptr) return done;
  for (const sql::SelectItem* item : remove->returning) {
    if (done) done = refuse_call_over_copies(draft, *item, "RETURNING");
  }
  return done;
}

}  // namespace

namespace {

/// Those of the function and of all that it calls; `of` appends one's own.
template <class Of>
std::vector<std::string> tables_of(const vschema::Keyspace& keyspace, std::string_view function, Of of) {
  std::vector<std::string> tables, open{lower_case(function)};
  std::set<std::string> seen;
  while (!open.empty()) {
    const std::string name = std::move(open.back());
    open.pop_back();
    const auto found = keyspace.functions().find(name);
    if (found == keyspace.functions().end() || !seen.insert(name).second) continue;
    for (const std::string& table : found->second.tables) {
      if (of(found->second, table) && std::ranges::find(tables, table) == tables.end())
        tables.push_back(table);
    }
    open.insert(open.end(), found->second.calls.begin(), found->second.calls.end());
  }
  return tables;
}

}  // namespace

std::vector<std::string> tables_used(const vschema::Keyspace& keyspace, std::string_view function) {
  return tables_of(keyspace, function, [](const vschema::FunctionSpec&, const std::string&) { return true; });
}

std::vector<std::string> tables_written(const vschema::Keyspace& keyspace, std::string_view function) {
  return tables_of(keyspace, function, [](const vschema::FunctionSpec& spec, const std::string& table) {
    return spec.in_gate && std::ranges::find(spec.only_read, table) == spec.only_read.end();
  });
}

bool writes_one_row(const sql::Statement& statement) {
  const auto* insert = sql::as<sql::Insert>(&statement);
  const auto* values = insert == nullptr ? nullptr : sql::as<sql::Values>(insert->source);
  return values != nullptr && values->rows.size() == 1;
}

bool is_whole_everywhere(const vschema::Keyspace& keyspace, const std::string& table) {
  const vschema::Table* known = keyspace.find_table(table);
  return known != nullptr && known->kind == vschema::Table::Kind::reference;
}

std::string why_spanning(const vschema::Keyspace& keyspace, std::string_view function) {
  const std::string name = lower_case(function);
  const auto found = keyspace.functions().find(name);
  if (found == keyspace.functions().end()) return {};
  if (keyspace.runs_in_gate(name)) return "the gate runs";
  if (found->second.aggregate) return "aggregates rows";
  const std::vector<std::string> tables = spread_tables(keyspace, name);
  return tables.empty() ? std::string() : "reads table '" + tables.front() + "'";
}

bool names_keyspace(const PlanContext& context, const sql::FunctionCall& call) {
  return context.shard.empty() && !call.schema.empty() &&
         context.routing->find_keyspace(call.schema) != nullptr;
}

bool runs_over_copies(const Draft& draft, const sql::FunctionCall& call) {
  return spans_shards(draft.context, call) ||
         (!draft.functions.empty() && names_keyspace(draft.context, call));
}

const sql::FunctionCall* find_call_over_copies(const Draft& draft, const sql::Node& node) {
  return find_call(node, [&](const sql::FunctionCall& call) { return runs_over_copies(draft, call); });
}

Result<void> refuse_call_over_copies(const Draft& draft, const sql::Node& node, std::string_view where) {
  const sql::FunctionCall* call = find_call_over_copies(draft, node);
  if (call == nullptr) return {};
  const std::string why = spans_shards(draft.context, *call)
                              ? why_spanning(*keyspace_of(draft.context, *call), call->name)
                              : "is in keyspace '" + std::string(call->schema) + "'";
  return failure(kUnsupportedYet,
                 "function '" + std::string(call->name) + "', which " + why + ", in " + std::string(where));
}

Result<void> take_functions(Draft& draft, const sql::Node& node) {
  Result<void> result;
  sql::walk(node, [&](const sql::Node& child) {
    const auto* call = sql::as<sql::FunctionCall>(&child);
    if (call == nullptr || !result) return result.has_value();
    result = note_called(draft, *call);
    if (!result || !spans_shards(draft.context, *call)) return result.has_value();
    const vschema::Keyspace& keyspace = *keyspace_of(draft.context, *call);
    // A session's temporary tables may hide what it reads, which the text does not tell.
    draft.plan->cacheable = false;
    if (draft.functions.empty()) {
      draft.functions_keyspace = keyspace.name();
      draft.functions = "function '" + std::string(call->name) + "' " + why_spanning(keyspace, call->name);
    } else if (draft.functions_keyspace != keyspace.name()) {
      result = failure(kCrossKeyspace, "stored functions of keyspaces '" + draft.functions_keyspace +
                                           "' and '" + keyspace.name() + "' that read sharded tables");
    }
    if (result) add_tables(draft, lower_case(call->name));
    return result.has_value();
  });
  return result;
}

Result<void> follow_called(Draft& draft) {
  if (draft.called == nullptr) return {};
  const std::string keyspace(draft.called->schema);
  const std::string why =
      "function '" + std::string(draft.called->name) + "' is in keyspace '" + keyspace + "'";
  if (!draft.functions.empty()) {
    if (draft.functions_keyspace == keyspace) return {};
    return failure(kCrossKeyspace,
                   why + ", and " + draft.functions + " of keyspace '" + draft.functions_keyspace + "'");
  }
  if (draft.course == Course::kNoTables) {
    draft.keyspace = keyspace;
    draft.found = draft.context.routing->find_keyspace(keyspace);
    draft.course = Course::kUnsharded;
    return {};
  }
  const bool elsewhere = draft.course == Course::kSeveral || draft.keyspace != keyspace;
  if (!elsewhere || draft.course == Course::kSystem) return {};
  draft.functions = why;
  draft.functions_keyspace = keyspace;
  draft.course = Course::kSeveral;
  return check_answered_rows(draft);
}

Result<void> check_function_writes(const Draft& draft) {
  if (draft.functions.empty()) return {};
  if (Result<void> done = check_answered_rows(draft); !done) return done;
  if (writes_one_row(draft.statement)) return {};
  for (const sql::TableName* name : draft.function_tables) {
    const TableEntry& read = *draft.entry(name);
    const bool written = std::ranges::any_of(draft.tables, [&read](const TableEntry& entry) {
      return entry.access == TableUse::Access::kWrite && entry.temporary == nullptr &&
             entry.keyspace == read.keyspace && entry.server_name == read.server_name;
    });
    if (written) {
      return failure(kUnsupportedYet, "table '" + read.server_name + "' is written while " + draft.functions +
                                          ": it would see some of the rows changed");
    }
  }
  return {};
}

Result<void> gather_for_functions(Draft& draft) {
  auto gather = std::make_unique<Gather>();
  gather->reason = draft.functions;
  gather->keyspace = draft.functions_keyspace;
  draft.plan->root = std::move(gather);
  return {};
}

}  // namespace kintsugi::plan::pass
