#include <algorithm>

#include "plan/pass/foreign_keys.h"
#include "plan/pass/row_triggers.h"

// CREATE and DROP TRIGGER of those that gates run: the vschema is told of them, servers are not.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;
using EditKind = VSchemaEdit::Kind;

constexpr std::uint16_t kTriggerExists = 1359;

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::any_of(names, [name](const std::string& each) { return same_column(each, name); });
}

const vschema::TriggerSpec* find_known(const vschema::Keyspace& keyspace, std::string_view name,
                                       std::string* table = nullptr) {
  for (const auto& [of, known] : keyspace.tables()) {
    const vschema::TriggerSpec* found = vschema::find_trigger(known.triggers, name);
    if (found == nullptr) continue;
    if (table != nullptr) *table = of;
    return found;
  }
  return nullptr;
}

Error exists(const std::string& keyspace, std::string_view name) {
  return table_error(kTriggerExists, "HY000",
                     "Trigger '" + keyspace + "." + std::string(name) + "' already exists");
}

/// Of a body: what gates cannot run, and what no server would take.
class Reader {
 public:
  Reader(Draft& draft, const sql::CreateTrigger& create, const Table& table)
      : draft_(draft), create_(create), table_(table) {}

  Result<vschema::TriggerSpec> run() {
    spec_.name = create_.name->name;
    spec_.time = create_.time;
    spec_.event = create_.event;
    spec_.body = body_text();
    if (const sql::Account* definer = create_.definer; definer != nullptr && !definer->user.empty())
      spec_.definer = std::string(definer->user) + "@" + std::string(definer->has_host ? definer->host : "%");
    statement(*create_.body);
    sql::walk(*create_.body, [this](const sql::Node& node) {
      look_at(node);
      return result_.has_value();
    });
    if (!result_) return failure(result_.error());
    return std::move(spec_);
  }

 private:
  std::string body_text() const {
    std::string_view text = draft_.text.substr(create_.body->offset);
    while (!text.empty() && std::string_view(" \t\r\n;").find(text.back()) != std::string_view::npos)
      text.remove_suffix(1);
    return std::string(text);
  }

  void fail(std::uint16_t code, const char* state, const std::string& message) {
    if (result_) result_ = failure(table_error(code, state, message));
  }
  void unsupported(const std::string& what) {
    if (result_) result_ = failure(kUnsupportedYet, "a trigger that the gate runs and that " + what);
  }

  /// What stands where a statement does.
  void statement(const sql::Statement& node) {
    if (sql::is_query(node.kind)) {
      const sql::Into* into = static_cast<const sql::Query&>(node).into;
      if (into == nullptr) fail(1415, "0A000", "Not allowed to return a result set from a trigger");
      return;
    }
    if (sql::is_statement(node.kind) && is_ddl(node.kind))
      fail(1422, "HY000", "Explicit or implicit commit is not allowed in stored function or trigger");
  }

  void statements(const sql::List<sql::Statement*>& list) {
    for (const sql::Statement* each : list) statement(*each);
  }

  void look_at(const sql::Node& node) {
    switch (node.kind) {
      case NodeKind::kBlock:
        return statements(static_cast<const sql::Block&>(node).statements);
      case NodeKind::kBranch:
        return statements(static_cast<const sql::Branch&>(node).statements);
      case NodeKind::kLoop:
        return statements(static_cast<const sql::Loop&>(node).statements);
      case NodeKind::kForLoop:
        return statements(static_cast<const sql::ForLoop&>(node).statements);
      case NodeKind::kDeclareHandler:
        return statement(*static_cast<const sql::DeclareHandler&>(node).body);
      case NodeKind::kColumnRef:
        return column(static_cast<const sql::ColumnRef&>(node));
      case NodeKind::kBinary:
        return computes(static_cast<const sql::Binary&>(node));
      case NodeKind::kFunctionCall:
        return calls(static_cast<const sql::FunctionCall&>(node));
      case NodeKind::kSetItem:
        return assigns(static_cast<const sql::SetItem&>(node));
      case NodeKind::kCall:
        return gives_out(static_cast<const sql::Call&>(node));
      case NodeKind::kSequenceValue:
        return unsupported("takes a value of a sequence");
      case NodeKind::kBegin:
      case NodeKind::kCommit:
      case NodeKind::kRollback:
      case NodeKind::kSavepoint:
      case NodeKind::kReleaseSavepoint:
      case NodeKind::kLockTables:
      case NodeKind::kUnlockTables:
        return fail(1422, "HY000",
                    "Explicit or implicit commit is not allowed in stored function or trigger");
      case NodeKind::kPrepare:
      case NodeKind::kExecute:
      case NodeKind::kDeallocate:
        return fail(1336, "0A000", "Dynamic SQL is not allowed in stored function or trigger");
      default:
        return;
    }
  }

  /// A column of the row that is a number where one is wanted, and a text elsewhere.
  bool is_numbered(const sql::Expr* expr) const {
    const auto* column = sql::as<sql::ColumnRef>(expr);
    if (column == nullptr || !(same_column(column->table, "old") || same_column(column->table, "new")))
      return false;
    const Column* known = table_.find(column->name);
    return known != nullptr && (known->type == "enum" || known->type == "set" || known->type == "bit");
  }

  /// As a literal, a FLOAT is a double, of which a text has more digits.
  void calls(const sql::FunctionCall& call) {
    for (const sql::Expr* argument : call.args) {
      const auto* column = sql::as<sql::ColumnRef>(argument);
      if (column == nullptr || !(same_column(column->table, "old") || same_column(column->table, "new")))
        continue;
      const Column* known = table_.find(column->name);
      if (known != nullptr && known->type == "float")
        unsupported("gives column '" + known->name + "', a FLOAT, to a function");
    }
  }

  /// Arguments that are columns of NEW may be OUT parameters, which nobody knows before the procedure is
  /// read.
  void gives_out(const sql::Call& call) {
    if (spec_.time == "after") return;
    for (const sql::Expr* argument : call.args) {
      const auto* column = sql::as<sql::ColumnRef>(argument);
      if (column != nullptr && same_column(column->table, "new")) sets_row(column->table, column->name);
    }
  }

  static bool is_number(const sql::Expr* expr) {
    const auto* literal = sql::as<sql::Literal>(expr);
    return literal != nullptr && literal->literal != sql::LiteralKind::kString;
  }

  /// Statements get values of the row as literals, which are not both.
  void computes(const sql::Binary& binary) {
    const bool left = is_numbered(binary.left), right = is_numbered(binary.right);
    if (!left && !right) return;
    if (sql::is_comparison(binary.op) && !is_number(left ? binary.right : binary.left)) return;
    unsupported("computes with column '" +
                std::string(static_cast<const sql::ColumnRef*>(left ? binary.left : binary.right)->name) +
                "', an ENUM, SET or BIT");
  }

  /// Whether it is a column of the row, which the trigger may set or not.
  bool sets_row(std::string_view row, std::string_view column) {
    if (same_column(row, "old")) {
      fail(1362, "HY000", "Updating of OLD row is not allowed in trigger");
      return true;
    }
    if (!same_column(row, "new")) return false;
    if (spec_.time == "after") {
      fail(1362, "HY000", "Updating of NEW row is not allowed in after trigger");
    } else if (const Column* known = named_column("new", column)) {
      set(*known);
    }
    return true;
  }

  void set(const Column& column) {
    if (column.generated) return unsupported("sets column '" + column.name + "', which is generated");
    if (column.auto_increment && create_.event == "insert")
      return unsupported("sets column '" + column.name + "', which is AUTO_INCREMENT");
    if (!has(spec_.set_columns, column.name)) spec_.set_columns.push_back(column.name);
  }

  void assigns(const sql::SetItem& item) {
    if (item.item == sql::SetKind::kUserVariable || sets_row(item.prefix, item.name)) return;
    const bool bare = item.item == sql::SetKind::kVariable && !item.at_at &&
                      item.scope == sql::VariableScope::kNone && item.prefix.empty();
    if (!bare) unsupported("sets '" + std::string(item.name) + "', which is not its own variable");
  }

  void column(const sql::ColumnRef& column) {
    if (column.schema.empty()) named_column(column.table, column.name);
  }

  /// A column of OLD or NEW, which is noted; null: it is none.
  const Column* named_column(std::string_view of, std::string_view column) {
    const bool old_row = same_column(of, "old");
    if (!old_row && !same_column(of, "new")) return nullptr;
    const char* row = old_row ? "OLD" : "NEW";
    if (create_.event == (old_row ? "insert" : "delete")) {
      fail(1363, "HY000",
           std::string("There is no ") + row + " row in on " + std::string(create_.event) + " trigger");
      return nullptr;
    }
    const Column* known = table_.find(column);
    if (known == nullptr) {
      fail(1054, "42S22", "Unknown column '" + std::string(column) + "' in '" + row + "'");
      return nullptr;
    }
    if (known->generated && !old_row && spec_.time == "before")
      unsupported("names NEW." + known->name + ", which is generated when the row is written");
    std::vector<std::string>& names = old_row ? spec_.old_columns : spec_.new_columns;
    if (!has(names, known->name)) names.push_back(known->name);
    return known;
  }

  Draft& draft_;
  const sql::CreateTrigger& create_;
  const Table& table_;
  vschema::TriggerSpec spec_;
  Result<void> result_;
};

/// The columns of the table; null: they must be known first.
const Table* columns_of(Draft& draft, const sql::CreateTrigger& create) {
  const Table* table = draft.context.schema->find(draft.keyspace, create.table->name);
  if (table == nullptr && !draft.context.schema->known_missing(draft.keyspace, create.table->name))
    draft.missing.push_back({draft.keyspace, std::string(create.table->name)});
  return table;
}

VSchemaEdit edit_of(const Draft& draft, EditKind kind, std::string_view table) {
  VSchemaEdit edit;
  edit.kind = kind;
  edit.keyspace = draft.keyspace;
  edit.table = table;
  return edit;
}

/// FOLLOWS and PRECEDES.
Result<void> order(const sql::CreateTrigger& create, const vschema::Table& table, VSchemaEdit& edit) {
  if (create.order.empty()) return {};
  const vschema::TriggerSpec* other = vschema::find_trigger(table.triggers, create.other);
  if (other == nullptr || other->event != create.event || other->time != create.time) {
    const char* place = create.time == "before" ? "behind" : "before";
    return failure(kUnsupportedYet, std::string(create.order) + " '" + std::string(create.other) +
                                        "', which is no trigger of this time and event that the gate "
                                        "runs: those of the servers run " +
                                        place + " it");
  }
  edit.new_name = other->name;
  edit.before_neighbour = create.order == "precedes";
  return {};
}

/// Servers run theirs when they are sent the row: behind those of the gate.
Ddl::Check behind_servers(const Draft& draft, const sql::CreateTrigger& create) {
  return {"select 1 from information_schema.triggers where event_object_schema = " +
              quoted_text(draft.keyspace) + " and event_object_table = " + quoted_text(create.table->name) +
              " and action_timing = 'BEFORE' and event_manipulation = " + quoted_text(create.event),
          Error(kUnsupportedYet,
                "a BEFORE trigger that the gate runs, behind one that servers run: drop "
                "that, create this one, and that one again"),
          true};
}

/// What has the name already.
Result<void> replace(const Draft& draft, const sql::CreateTrigger& create, Ddl& node) {
  const std::string name(create.name->name);
  std::string of;
  const bool known = find_known(*draft.found, name, &of) != nullptr;
  if (create.or_replace) {
    if (known) {
      node.edits.push_back(edit_of(draft, EditKind::kDropTrigger, of));
      node.edits.back().new_name = name;
    }
    return {};
  }
  if (known) return failure(exists(draft.keyspace, name));
  return {};
}

}  // namespace

Result<void> create_row_trigger(Draft& draft, const sql::CreateTrigger& create, const vschema::Table& table,
                                const Error& refused, Ddl& node) {
  if (table.kind != vschema::Table::Kind::sharded || table.vindexes.empty()) return failure(refused);
  if (create.if_not_exists)
    return failure(kUnsupportedYet, "IF NOT EXISTS of a trigger that the gate runs: say CREATE OR REPLACE");
  const Table* columns = columns_of(draft, create);
  if (columns == nullptr) return draft.missing.empty() ? failure(refused) : Result<void>();
  Result<vschema::TriggerSpec> spec = Reader(draft, create, *columns).run();
  if (!spec) return failure(spec.error());
  if (spec->time == "after" && !spec->new_columns.empty() && columns->primary_key.empty()) {
    return failure(kUnsupportedYet, "a trigger that the gate runs and that names NEW, of table '" +
                                        table.name + "', which has no primary key to find the row by");
  }
  if (Result<void> done = replace(draft, create, node); !done) return done;
  const std::string name = quoted_name(draft.keyspace) + "." + quoted_name(create.name->name);
  if (create.or_replace) {
    Text& drop = node.before.emplace_back();
    append_text(drop, "drop trigger if exists " + name, draft);
  } else {
    node.guards.push_back(
        {"select 1 from information_schema.triggers where trigger_schema = " + quoted_text(draft.keyspace) +
             " and trigger_name = " + quoted_text(create.name->name),
         exists(draft.keyspace, create.name->name), true});
  }
  if (create.time == "before") node.guards.push_back(behind_servers(draft, create));
  VSchemaEdit edit = edit_of(draft, EditKind::kAddTrigger, table.name);
  edit.trigger = std::move(*spec);
  if (Result<void> done = order(create, table, edit); !done) return done;
  node.edits.push_back(std::move(edit));
  node.own_text = false;
  return {};
}

Result<void> create_beside_row_triggers(const Draft& draft, const sql::CreateTrigger& create, Ddl& node) {
  return replace(draft, create, node);
}

bool drop_row_trigger(const Draft& draft, const sql::DropObject& drop, Ddl& node) {
  std::string table;
  if (find_known(*draft.found, drop.name->name, &table) == nullptr) return false;
  node.edits.push_back(edit_of(draft, EditKind::kDropTrigger, table));
  node.edits.back().new_name = drop.name->name;
  node.own_text = false;
  return true;
}

}  // namespace kintsugi::plan::pass
