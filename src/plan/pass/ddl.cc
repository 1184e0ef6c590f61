#include <algorithm>
#include <set>

#include "plan/pass/alter_columns.h"
#include "plan/pass/draft.h"
#include "plan/pass/foreign_keys.h"
#include "plan/pass/functions.h"
#include "plan/pass/global_keys.h"
#include "plan/pass/reference.h"
#include "plan/pass/row_triggers.h"
#include "plan/pass/rules.h"

// Statements that change schemas: on all shards of one keyspace, and with what they change of its vschema.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;
using Kind = VSchemaEdit::Kind;

/// The type of a column in a CREATE TABLE, as information_schema will tell it.
struct NewColumn {
  ColumnClass type_class = ColumnClass::kOther;
  bool binary_collation = false;
};

NewColumn classify(const sql::DataType& type) {
  static const std::set<std::string_view> kIntegers = {"tinyint", "smallint", "mediumint",
                                                       "int",     "bigint",   "boolean"};
  static const std::set<std::string_view> kTexts = {"char", "varchar",    "tinytext",
                                                    "text", "mediumtext", "longtext"};
  static const std::set<std::string_view> kBinaries = {"binary", "varbinary",  "tinyblob",
                                                       "blob",   "mediumblob", "longblob"};
  NewColumn column;
  if (kIntegers.contains(type.name)) column.type_class = ColumnClass::kInteger;
  if (kBinaries.contains(type.name)) column.type_class = ColumnClass::kBinary;
  if (type.name == "date") column.type_class = ColumnClass::kDate;
  if (kTexts.contains(type.name)) {
    column.type_class = type.charset == "binary" ? ColumnClass::kBinary : ColumnClass::kText;
    column.binary_collation = type.binary || type.collation.ends_with("_bin");
  }
  return column;
}

class Planner {
 public:
  explicit Planner(Draft& draft) : draft_(draft), node_(std::make_unique<Ddl>()) {}

  Result<void> run() {
    const sql::Statement& statement = draft_.statement;
    draft_.plan->cacheable = false;
    draft_.plan->writes = true;
    draft_.plan->commits_implicitly = true;
    Result<void> done = plan(statement);
    if (!done) return done;
    node_->destination.keyspace = draft_.keyspace;
    node_->destination.type = draft_.context.type;
    node_->destination.reach = Destination::Reach::kAllShards;
    if (on_shard()) {
      node_->destination.reach = Destination::Reach::kShard;
      node_->destination.shard = draft_.context.shard;
      node_->edits.clear();
    }
    draft_.plan->root = std::move(node_);
    return {};
  }

 private:
  bool on_shard() const { return !draft_.context.shard.empty(); }

  Result<void> plan(const sql::Statement& statement) {
    switch (statement.kind) {
      case NodeKind::kCreateTable:
        return create(static_cast<const sql::CreateTable&>(statement));
      case NodeKind::kAlterTable:
        return alter(static_cast<const sql::AlterTable&>(statement));
      case NodeKind::kDropTables:
        return drop(static_cast<const sql::DropTables&>(statement));
      case NodeKind::kRenameTables:
        return rename(static_cast<const sql::RenameTables&>(statement));
      case NodeKind::kTruncateTable:
        return truncate(*static_cast<const sql::TruncateTable&>(statement).table);
      case NodeKind::kCreateIndex:
        return use(*static_cast<const sql::CreateIndex&>(statement).table);
      case NodeKind::kDropIndex:
        return drop_index(static_cast<const sql::DropIndex&>(statement));
      case NodeKind::kDropObject:
        return drop_object(static_cast<const sql::DropObject&>(statement));
      case NodeKind::kCreateView:
        return view(static_cast<const sql::CreateView&>(statement));
      case NodeKind::kCreateSequence:
        return unsharded(*static_cast<const sql::CreateSequence&>(statement).name, "a sequence");
      case NodeKind::kCreateTrigger:
        return trigger(static_cast<const sql::CreateTrigger&>(statement));
      case NodeKind::kCreateRoutine:
        return routine(static_cast<const sql::CreateRoutine&>(statement));
      case NodeKind::kAlterRoutine:
        return use(*static_cast<const sql::AlterRoutine&>(statement).name);
      case NodeKind::kCreateEvent:
        return event(static_cast<const sql::CreateEvent&>(statement));
      default:
        return failure(kInternal, "not a DDL statement");
    }
  }

  /// Notes the keyspace of an object that the statement names.
  Result<void> use(const sql::TableName& name) {
    const std::string keyspace(name.schema.empty() ? draft_.context.keyspace : name.schema);
    if (keyspace.empty()) return failure(kNoKeyspace, "no keyspace is chosen");
    if (!draft_.keyspace.empty() && named_ && draft_.keyspace != keyspace) {
      return failure(kCrossKeyspace,
                     "the statement names keyspaces '" + draft_.keyspace + "' and '" + keyspace + "'");
    }
    if (on_shard() && keyspace != draft_.context.keyspace) {
      return failure(kCrossKeyspace, "shard '" + draft_.context.keyspace + "/" + draft_.context.shard +
                                         "' is chosen, and the statement names keyspace '" + keyspace + "'");
    }
    named_ = true;
    draft_.keyspace = keyspace;
    draft_.found = draft_.context.routing->find_keyspace(keyspace);
    if (draft_.found == nullptr) return failure(kUnknownKeyspace, "there is no keyspace '" + keyspace + "'");
    if (!draft_.found->problem().empty()) return failure(kNotInVSchema, draft_.found->problem());
    TableUse used{keyspace, std::string(name.name), TableUse::Access::kAdmin};
    if (std::ranges::find(draft_.plan->tables, used) == draft_.plan->tables.end())
      draft_.plan->tables.push_back(used);
    return {};
  }

  bool is_sharded() const { return draft_.found->sharded() && !on_shard(); }

  Result<void> unsharded(const sql::TableName& name, const std::string& what) {
    if (Result<void> done = use(name); !done) return done;
    if (is_sharded())
      return failure(kUnsupportedYet, what + " in the sharded keyspace '" + draft_.keyspace + "'");
    return {};
  }

  Result<void> create(const sql::CreateTable& written) {
    Result<const sql::CreateTable*> whole = with_shard_clause(draft_, written);
    if (!whole) return failure(whole.error());
    const sql::CreateTable& create = **whole;
    if (Result<void> done = use(*create.table); !done) return done;
    const bool clauses = create.shard_by != nullptr || !create.directives.empty();
    if (clauses) send(create);
    if (!is_sharded()) {
      if (create.shard_by != nullptr && !on_shard()) {
        return failure(kUnsupportedYet,
                       "SHARD BY and REFERENCE: keyspace '" + draft_.keyspace + "' is not sharded");
      }
      return check_query(create);
    }
    VSchemaEdit edit;
    edit.keyspace = draft_.keyspace;
    edit.table = create.table->name;
    edit.keep_existing = create.if_not_exists;
    if (Result<void> done = create.like != nullptr ? like(*create.like, edit) : define(create, edit); !done) {
      return done;
    }
    if (create.or_replace) {
      VSchemaEdit dropped;
      dropped.kind = Kind::kDropTable;
      dropped.keyspace = draft_.keyspace;
      dropped.table = edit.table;
      node_->edits.push_back(std::move(dropped));
    }
    node_->edits.push_back(std::move(edit));
    return {};
  }

  Result<void> trigger(const sql::CreateTrigger& create) {
    if (Result<void> done = use(*create.name); !done) return done;
    if (Result<void> done = use(*create.table); !done) return done;
    return is_sharded() ? plan_trigger(draft_, create, *node_) : Result<void>();
  }

  Result<void> routine(const sql::CreateRoutine& create) {
    if (Result<void> done = use(*create.name); !done) return done;
    return is_sharded() ? plan_create_function(draft_, create, *node_) : Result<void>();
  }

  /// All shards have it, and none runs it: gates do.
  Result<void> event(const sql::CreateEvent& create) {
    if (Result<void> done = use(*create.name); !done) return done;
    return create.rename_to == nullptr ? Result<void>() : use(*create.rename_to);
  }

  Result<void> drop_object(const sql::DropObject& drop) {
    if (Result<void> done = use(*drop.name); !done) return done;
    if (drop.object == "trigger" && is_sharded() && drop_row_trigger(draft_, drop, *node_)) return {};
    if (drop.object == "function" && is_sharded()) plan_drop_function(draft_, drop, *node_);
    return {};
  }

  /// Each server has the view, over its own rows, and checks it; queries of it are planned as what it stands
  /// for (views.cc).
  Result<void> view(const sql::CreateView& create) {
    if (Result<void> done = use(*create.name); !done) return done;
    return is_sharded() ? within_keyspace(*create.query, "a view of tables of another keyspace")
                        : Result<void>();
  }

  Result<void> within_keyspace(const sql::Node& query, const std::string& what) const {
    Result<void> result;
    sql::walk(query, [&](const sql::Node& node) {
      const auto* name = sql::as<sql::TableName>(&node);
      if (name != nullptr && !name->schema.empty() && name->schema != draft_.keyspace)
        result = failure(kCrossKeyspace, what);
      return true;
    });
    return result;
  }

  /// CREATE TABLE … SELECT in an unsharded keyspace reads from that keyspace alone.
  Result<void> check_query(const sql::CreateTable& create) {
    return create.query == nullptr
               ? Result<void>()
               : within_keyspace(*create.query, "CREATE TABLE … SELECT from another keyspace");
  }

  /// A new table whose rows lie as those of this one do.
  static void spread_alike(const vschema::Table& table, VSchemaEdit& edit) {
    edit.reference = table.kind == vschema::Table::Kind::reference;
    if (table.vindexes.empty()) return;
    edit.columns = table.vindexes.front().columns;
    edit.vindex = table.vindexes.front().name;
  }

  Result<void> like(const sql::TableName& model, VSchemaEdit& edit) {
    if (Result<void> done = use(model); !done) return done;
    const vschema::Table* table = draft_.found->find_table(model.name);
    if (table == nullptr) {
      return failure(kNotInVSchema, "the vschema of keyspace '" + draft_.keyspace +
                                        "' does not know table '" + std::string(model.name) + "'");
    }
    spread_alike(*table, edit);
    if (table->auto_increment) edit.auto_increment_column = table->auto_increment->column;
    return {};
  }

  Result<void> define(const sql::CreateTable& create, VSchemaEdit& edit) {
    for (const sql::ColumnDef* column : create.columns) {
      if (column->auto_increment) edit.auto_increment_column = column->name;
    }
    if (create.shard_by != nullptr && create.shard_by->reference) {
      if (Result<void> done = create_reference(draft_, create, *node_, edit); !done) return done;
    } else if (Result<void> done = shard_by(create, edit); !done) {
      return done;
    }
    if (create.shard_by != nullptr && !create.shard_by->global_keys.empty()) {
      Result<std::vector<Text>> made = make_global_keys(draft_, create, edit);
      if (!made) return failure(made.error());
      node_->before = std::move(*made);
    }
    Result<const sql::CreateTable*> without = ForeignKeyDdl(draft_, *node_, arena_).create(create, edit);
    if (!without) return failure(without.error());
    if (*without != nullptr) send(**without);
    return {};
  }

  Result<void> shard_by(const sql::CreateTable& create, VSchemaEdit& edit) {
    if (create.shard_by != nullptr) {
      edit.columns.assign(create.shard_by->columns.begin(), create.shard_by->columns.end());
      edit.vindex = create.shard_by->vindex;
    }
    if (edit.columns.empty()) {
      const std::string_view first = first_key_column(create);
      if (first.empty()) {
        return failure(kUnsupportedYet,
                       "table '" + edit.table +
                           "' has no primary key to shard it by: add SHARD BY (column), or REFERENCE "
                           "for a copy on every shard");
      }
      edit.columns.emplace_back(first);
    }
    for (const std::string& name : edit.columns) {
      const sql::ColumnDef* column = created_column(create, name);
      if (column == nullptr)
        return failure(kUnknownColumn, "the sharding key '" + name + "' is no column of the table");
      if (column->expression != nullptr) {
        return failure(kUnsupportedYet, "the sharding key '" + name + "' is a generated column");
      }
    }
    return choose_vindex(create, edit);
  }

  Result<void> choose_vindex(const sql::CreateTable& create, VSchemaEdit& edit) {
    if (!edit.vindex.empty()) {
      if (draft_.found->find_vindex(edit.vindex) != nullptr) return {};
      const vschema::VindexType* type = vschema::find_vindex_type(edit.vindex);
      if (type == nullptr) {
        return failure(kNotInVSchema, "'" + edit.vindex + "' is neither a vindex of keyspace '" +
                                          draft_.keyspace + "' nor a type of vindex");
      }
      edit.vindex_type = edit.vindex;
      return {};
    }
    if (edit.columns.size() > 1) {
      return failure(kUnsupportedYet,
                     "SHARD BY of several columns: name the vindex, SHARD BY vindex(columns)");
    }
    const NewColumn column = classify(*created_column(create, edit.columns.front())->type);
    if (column.type_class == ColumnClass::kOther) {
      return failure(kUnsupportedYet, "a sharding key of the type of '" + edit.columns.front() +
                                          "': integers, strings, bytes and dates may be one");
    }
    edit.vindex_type = column.type_class == ColumnClass::kText && !column.binary_collation
                           ? "unicode_loose_xxhash"
                           : "xxhash";
    edit.vindex = edit.vindex_type;
    return {};
  }

  Result<void> alter(const sql::AlterTable& alter) {
    if (Result<void> done = use(*alter.table); !done) return done;
    if (!alter.directives.empty()) send(alter);
    if (!is_sharded()) return require_no_global_keys(alter);
    if (!alter.actions.empty() && alter.actions[0]->shard_by != nullptr &&
        alter.actions[0]->shard_by->source != nullptr) {
      return alter_reference(draft_, alter, *node_);
    }
    if (!alter.actions.empty() && alter.actions[0]->action == sql::AlterKind::kAddGlobalUnique)
      return add_global_keys(draft_, alter, *node_);
    if (!alter.actions.empty() && alter.actions[0]->action == sql::AlterKind::kDropGlobalUnique)
      return drop_global_keys(draft_, alter, *node_);
    const vschema::Table* table = draft_.found->find_table(alter.table->name);
    for (const sql::AlterAction* action : alter.actions) {
      if (action->action == sql::AlterKind::kDropKey || action->action == sql::AlterKind::kDropConstraint)
        drop_global_key(draft_, alter.table->name, action->name, *node_);
      if (Result<void> done = check_action(*alter.table, table, *action); !done) return done;
    }
    if (table == nullptr) return {};
    node_->each_own = table->kind == vschema::Table::Kind::sharded;
    Result<const sql::AlterTable*> without = ForeignKeyDdl(draft_, *node_, arena_).alter(alter, *table);
    if (!without) return failure(without.error());
    if (*without != nullptr) send(**without);
    return {};
  }

  /// Where a table is on one server, its unique keys hold as they are.
  Result<void> require_no_global_keys(const sql::AlterTable& alter) const {
    for (const sql::AlterAction* action : alter.actions) {
      if (action->action == sql::AlterKind::kAddGlobalUnique ||
          action->action == sql::AlterKind::kDropGlobalUnique)
        return failure(kUnsupportedYet, "GLOBAL UNIQUE: keyspace '" + draft_.keyspace +
                                            "' is not sharded, or a shard is chosen");
    }
    return {};
  }

  /// Servers are sent this, in the place of the client's own text.
  void send(const sql::Node& statement) {
    node_->own_text = false;
    node_->text = make_text(draft_, statement);
  }

  Result<void> check_action(const sql::TableName& name, const vschema::Table* table,
                            const sql::AlterAction& action) {
    switch (action.action) {
      case sql::AlterKind::kRenameTable:
        return rename_to(name, *action.table);
      case sql::AlterKind::kShardBy:
        return failure(kWouldReshard, "another sharding key of table '" + std::string(name.name) +
                                          "' would have to move its rows, which is not there yet");
      case sql::AlterKind::kExchangePartition:
      case sql::AlterKind::kConvertPartition:
      case sql::AlterKind::kConvertTable:
        return table == nullptr ? Result<void>() : exchange(*table, action);
      default:
        return table == nullptr ? Result<void>() : follow_columns(draft_, *table, action, *node_);
    }
  }

  /// A partition that becomes a table, or the reverse: on each shard, with the rows that lie there.
  Result<void> exchange(const vschema::Table& table, const sql::AlterAction& action) {
    if (Result<void> done = use(*action.table); !done) return done;
    if (action.action == sql::AlterKind::kConvertPartition) {
      VSchemaEdit edit;
      edit.keyspace = draft_.keyspace;
      edit.table = action.table->name;
      spread_alike(table, edit);
      node_->edits.push_back(std::move(edit));
      return {};
    }
    const vschema::Table* other = draft_.found->find_table(action.table->name);
    if (other == nullptr) return {};
    const auto bare = [](const vschema::Table& each) {
      return each.vindexes.size() <= 1 && each.foreign_keys.empty() && each.referred_by.empty();
    };
    const auto same_key = [](const vschema::TableVindex& a, const vschema::TableVindex& b) {
      return a.name == b.name && std::ranges::equal(a.columns, b.columns, same_column);
    };
    if (table.kind != other->kind || table.pinned != other->pinned || !bare(table) || !bare(*other) ||
        !std::ranges::equal(table.vindexes, other->vindexes, same_key)) {
      return failure(kUnsupportedYet, "a partition of '" + table.name + "' exchanged with '" + other->name +
                                          "', which is not sharded alike, or one of them has look-ups or "
                                          "foreign keys");
    }
    if (action.action == sql::AlterKind::kExchangePartition) return {};
    VSchemaEdit gone;
    gone.kind = Kind::kDropTable;
    gone.keyspace = draft_.keyspace;
    gone.table = other->name;
    node_->edits.push_back(std::move(gone));
    return {};
  }

  Result<void> drop(const sql::DropTables& drop) {
    for (const sql::TableName* table : drop.tables) {
      if (Result<void> done = use(*table); !done) return done;
      if (drop.object == sql::TableKind::kTable && !on_shard()) {
        if (Result<void> done = require_no_copies(draft_, table->name); !done) return done;
      }
      if (drop.object != sql::TableKind::kTable || draft_.found->find_table(table->name) == nullptr) continue;
      VSchemaEdit edit;
      edit.kind = Kind::kDropTable;
      edit.keyspace = draft_.keyspace;
      edit.table = table->name;
      node_->edits.push_back(std::move(edit));
      append_global_keys(draft_, table->name, "drop table if exists ", node_->after);
      if (!on_shard()) ForeignKeyDdl(draft_, *node_, arena_).require_unreferred(*table, &drop.tables);
    }
    return {};
  }

  Result<void> truncate(const sql::TableName& table) {
    if (Result<void> done = use(table); !done) return done;
    append_global_keys(draft_, table.name, "truncate table ", node_->after);
    if (!on_shard()) truncate_copies(draft_, table.name, *node_);
    if (!on_shard()) ForeignKeyDdl(draft_, *node_, arena_).require_unreferred(table, nullptr);
    return {};
  }

  Result<void> drop_index(const sql::DropIndex& drop) {
    if (Result<void> done = use(*drop.table); !done) return done;
    if (!is_sharded()) return {};
    ForeignKeyDdl(draft_, *node_, arena_).require_index(drop);
    drop_global_key(draft_, drop.table->name, drop.name, *node_);
    return {};
  }

  Result<void> rename(const sql::RenameTables& rename) {
    for (const sql::RenamePair* pair : rename.pairs) {
      if (Result<void> done = use(*pair->from); !done) return done;
      if (Result<void> done = rename_to(*pair->from, *pair->to); !done) return done;
    }
    return {};
  }

  Result<void> rename_to(const sql::TableName& from, const sql::TableName& to) {
    if (Result<void> done = use(to); !done) return done;
    if (Result<void> done = require_no_copies(draft_, from.name); !done) return done;
    if (draft_.found->find_table(from.name) == nullptr) return {};  // a view, or of a server of its own
    VSchemaEdit edit;
    edit.kind = Kind::kRenameTable;
    edit.keyspace = draft_.keyspace;
    edit.table = from.name;
    edit.new_name = to.name;
    node_->edits.push_back(std::move(edit));
    return {};
  }

  Draft& draft_;
  std::unique_ptr<Ddl> node_;
  sql::Arena arena_;
  bool named_ = false;
};

}  // namespace

bool is_ddl(NodeKind kind) {
  switch (kind) {
    case NodeKind::kCreateTable:
    case NodeKind::kAlterTable:
    case NodeKind::kDropTables:
    case NodeKind::kRenameTables:
    case NodeKind::kTruncateTable:
    case NodeKind::kCreateIndex:
    case NodeKind::kDropIndex:
    case NodeKind::kCreateView:
    case NodeKind::kCreateSequence:
    case NodeKind::kCreateTrigger:
    case NodeKind::kCreateRoutine:
    case NodeKind::kAlterRoutine:
    case NodeKind::kCreateEvent:
    case NodeKind::kDropObject:
      return true;
    default:
      return false;
  }
}

Result<void> plan_ddl(Draft& draft) {
  const bool by_session = makes_sharded_of_query(draft) || numbers_rows(draft);
  return by_session ? make_session(draft) : Planner(draft).run();
}

}  // namespace kintsugi::plan::pass
