#include <algorithm>
#include <set>

#include "base/lower_case.h"
#include "plan/called_routine.h"
#include "plan/pass/functions.h"

// CREATE and DROP FUNCTION in a sharded keyspace. The vschema is told what a function reads and calls, by
// which gates know what queries that call it need.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;
using vschema::FunctionSpec;
using EditKind = VSchemaEdit::Kind;

/// What a body does that every shard would do for itself, and the gate does for all.
bool is_for_gate(NodeKind kind) {
  switch (kind) {
    case NodeKind::kInsert:
    case NodeKind::kUpdate:
    case NodeKind::kDelete:
    case NodeKind::kCall:
    case NodeKind::kSequenceValue:
    case NodeKind::kLocking:
      return true;
    default:
      return false;
  }
}

bool makes_tables(NodeKind kind) {
  return kind == NodeKind::kCreateTable || kind == NodeKind::kDropTables || kind == NodeKind::kTruncateTable;
}

void add(std::vector<std::string>& to, std::string name) {
  if (std::ranges::find(to, name) == to.end()) to.push_back(std::move(name));
}

class Reader {
 public:
  Reader(Draft& draft, const sql::CreateRoutine& create) : draft_(draft), create_(create) {}

  Result<FunctionSpec> run() {
    sql::walk(*create_.body, [this](const sql::Node& node) {
      spec_.in_gate |= is_for_gate(node.kind);
      if (makes_tables(node.kind))
        wrong_ = "makes or drops tables: a procedure with an OUT parameter may do that";
      if (const auto* call = sql::as<sql::FunctionCall>(&node)) note(*call);
      return wrong_.empty();
    });
    for (const sql::TableName* name : tables_named(*create_.body)) note(*name);
    if (spec_.in_gate) find_written();
    spec_.aggregate = create_.aggregate;
    if (spec_.aggregate && spec_.in_gate)
      wrong_ = "aggregates rows, and writes or locks rows or calls a procedure";
    if (wrong_.empty()) return std::move(spec_);
    return failure(kUnsupportedYet, "a stored function that " + wrong_);
  }

 private:
  void note(const sql::FunctionCall& call) {
    const std::string name = lower_case(call.name);
    const bool native = call.schema.empty() && is_native_function(name);
    const bool here = call.schema.empty() || call.schema == draft_.keyspace;
    if (!here) spec_.in_gate = true;
    if (here && !native) add(spec_.calls, name);
  }

  void note(const sql::TableName& table) {
    const bool elsewhere = !table.schema.empty() && table.schema != draft_.keyspace;
    spec_.in_gate |= elsewhere || is_view(table.name);
    if (!elsewhere) add(spec_.tables, std::string(table.name));
  }

  /// Of an UPDATE or DELETE of several tables, all may be written; a procedure's are not known.
  void find_written() {
    std::set<std::string, std::less<>> written;
    const auto add_all = [&written](const sql::Node& node) {
      sql::walk(node, [&written](const sql::Node& child) {
        if (const auto* name = sql::as<sql::TableName>(&child)) written.emplace(name->name);
        return !sql::is_query(child.kind);
      });
    };
    bool calls = false;
    sql::walk(*create_.body, [&](const sql::Node& node) {
      calls = calls || node.kind == NodeKind::kCall;
      if (const auto* insert = sql::as<sql::Insert>(&node)) add_all(*insert->table);
      if (const auto* update = sql::as<sql::Update>(&node)) {
        for (const sql::TableRef* table : update->tables) add_all(*table);
      }
      if (const auto* remove = sql::as<sql::Delete>(&node)) {
        for (const sql::TableRef* table : remove->from) add_all(*table);
      }
      return true;
    });
    for (const std::string& table : spec_.tables) {
      if (!calls && !written.contains(table)) spec_.only_read.push_back(table);
    }
  }

  bool is_view(std::string_view name) {
    if (draft_.found->find_table(name) != nullptr) return false;
    const Table* table = draft_.context.schema->find(draft_.keyspace, name);
    if (table == nullptr && !draft_.context.schema->known_missing(draft_.keyspace, name))
      draft_.missing.push_back({draft_.keyspace, std::string(name)});
    return table != nullptr && table->view;
  }

  Draft& draft_;
  const sql::CreateRoutine& create_;
  FunctionSpec spec_;
  std::string wrong_;
};

/// The function, and those that call it, through others too.
std::set<std::string> callers_of(const vschema::Keyspace& keyspace, const std::string& name) {
  std::set<std::string> callers{name};
  for (std::size_t before = 0; before < callers.size();) {
    before = callers.size();
    for (const auto& [caller, spec] : keyspace.functions()) {
      if (std::ranges::any_of(spec.calls, [&](const std::string& call) { return callers.contains(call); }))
        callers.insert(caller);
    }
  }
  return callers;
}

/// A query of the triggers that seem to call it.
std::string query_of_triggers(const vschema::Keyspace& keyspace, const std::string& function) {
  std::string names;
  for (const std::string& caller : callers_of(keyspace, function)) {
    names += names.empty() ? "" : "|";
    for (const char c : caller)
      names += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ? c : '.';
  }
  return "select trigger_name from information_schema.triggers where trigger_schema = " +
         quoted_text(keyspace.name()) + " and action_statement regexp " +
         quoted_text("(^|[^a-z0-9_$])(" + names + ")`?[[:space:]]*[(]");
}

bool needs_rows(const vschema::Keyspace& keyspace, const FunctionSpec& spec) {
  return spec.in_gate ||
         !std::ranges::all_of(
             spec.tables,
             [&keyspace](const std::string& table) { return is_whole_everywhere(keyspace, table); }) ||
         std::ranges::any_of(spec.calls, [&keyspace](const std::string& call) {
           return !why_spanning(keyspace, call).empty();
         });
}

}  // namespace

Result<void> plan_create_function(Draft& draft, const sql::CreateRoutine& create, Ddl& node) {
  if (!create.function || create.body == nullptr) return {};
  Result<FunctionSpec> spec = Reader(draft, create).run();
  if (!spec) return failure(spec.error());
  VSchemaEdit edit;
  edit.kind = EditKind::kWidenFunction;
  edit.keyspace = draft.keyspace;
  edit.table = lower_case(create.name->name);
  edit.function = *spec;
  const auto known = draft.found->functions().find(edit.table);
  const bool is_known = known != draft.found->functions().end();
  if (needs_rows(*draft.found, *spec)) {
    node.guards.push_back(
        {query_of_triggers(*draft.found, edit.table),
         Error(kUnsupportedYet,
               "a stored function of other rows than those on the shard of a trigger's row, "
               "which a trigger calls: drop that, make this, and that again"),
         true});
  }
  if (*spec == (is_known ? known->second : FunctionSpec{})) return {};
  if (*spec != FunctionSpec{}) node.edits_first.push_back(edit);
  // Which of two definitions servers have is certain only once they have taken the new one.
  if (!is_known || create.if_not_exists) return {};
  edit.kind = EditKind::kSetFunction;
  node.edits.push_back(std::move(edit));
  return {};
}

void plan_drop_function(const Draft& draft, const sql::DropObject& drop, Ddl& node) {
  VSchemaEdit edit;
  edit.kind = EditKind::kSetFunction;
  edit.keyspace = draft.keyspace;
  edit.table = lower_case(drop.name->name);
  if (draft.found->functions().contains(edit.table)) node.edits.push_back(std::move(edit));
}

}  // namespace kintsugi::plan::pass
