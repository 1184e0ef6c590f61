#include <algorithm>
#include <charconv>

#include "plan/pass/foreign_keys.h"

// Foreign keys in CREATE TABLE and ALTER TABLE of a sharded keyspace. Servers keep those whose parents they
// have; the others are kept out of what servers are sent, and recorded in the vschema, by which gates keep
// them.

namespace kintsugi::plan::pass {

/// A foreign key as a statement has it.
struct ForeignKeyDdl::Written {
  std::string_view table;  ///< the child
  std::string_view constraint, index;
  std::vector<std::string_view> columns;
  const sql::Reference* reference;
  const sql::CreateTable* create;  ///< null: the child exists
};

namespace {

using sql::ReferenceAction;
using vschema::ForeignKeySpec;

bool has(const std::vector<std::string>& columns, std::string_view name) {
  return std::ranges::any_of(columns, [name](const std::string& each) { return same_column(each, name); });
}

bool same_set(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.size() == b.size() &&
         std::ranges::all_of(a, [&b](const std::string& each) { return has(b, each); });
}

std::string words(ReferenceAction action) {
  switch (action) {
    case ReferenceAction::kRestrict:
      return "restrict";
    case ReferenceAction::kCascade:
      return "cascade";
    case ReferenceAction::kSetNull:
      return "set null";
    case ReferenceAction::kNoAction:
      return "no action";
    default:
      return "";
  }
}

/// Whether an index on these columns, in this order, is among the statement's own.
bool is_indexed(const sql::CreateTable& create, const std::vector<std::string_view>& columns) {
  for (const sql::KeyDef* key : create.keys) {
    const bool ordered = key->key == sql::KeyKind::kPlain || key->key == sql::KeyKind::kPrimary ||
                         key->key == sql::KeyKind::kUnique;
    if (!ordered || key->parts.size() < columns.size()) continue;
    bool same = true;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const sql::KeyPart& part = *key->parts[i];
      same &= part.expression == nullptr && part.length < 0 && same_column(part.column, columns[i]);
    }
    if (same) return true;
  }
  const sql::ColumnDef* column = created_column(create, columns.front());
  return columns.size() == 1 && column != nullptr && column->key != sql::ColumnKey::kNone;
}

/// The columns of a table's unique keys, as a CREATE TABLE has them.
std::vector<std::vector<std::string>> unique_keys(const sql::CreateTable& create) {
  std::vector<std::vector<std::string>> all;
  for (const sql::ColumnDef* column : create.columns) {
    if (column->key != sql::ColumnKey::kNone) all.push_back({std::string(column->name)});
  }
  for (const sql::KeyDef* key : create.keys) {
    if (key->key != sql::KeyKind::kPrimary && key->key != sql::KeyKind::kUnique) continue;
    all.emplace_back();
    for (const sql::KeyPart* part : key->parts) all.back().emplace_back(part->column);
  }
  return all;
}

bool ties_keys(const ForeignKeySpec& key, const std::vector<std::string>& child,
               const std::vector<std::string>& parent) {
  if (child.size() != parent.size()) return false;
  for (std::size_t i = 0; i < child.size(); ++i) {
    bool tied = false;
    for (std::size_t at = 0; at < key.columns.size(); ++at)
      tied |= same_column(key.columns[at], child[i]) && same_column(key.parent_columns[at], parent[i]);
    if (!tied) return false;
  }
  return true;
}

/// The number that a server put into a name that it made; 0: it did not.
int number_of(const std::string& name, std::string_view table) {
  const std::string prefix = std::string(table) + "_ibfk_";
  int number = 0;
  if (name.starts_with(prefix))
    std::from_chars(name.data() + prefix.size(), name.data() + name.size(), number);
  return number;
}

sql::KeyDef* plain_key(std::string_view name, const std::vector<std::string_view>& columns,
                       sql::Arena& arena) {
  auto* key = sql::make_node<sql::KeyDef>(arena);
  key->key = sql::KeyKind::kPlain;
  key->name = name;
  for (const std::string_view column : columns) {
    auto* part = sql::make_node<sql::KeyPart>(arena);
    part->column = column;
    key->parts.push_back(arena, part);
  }
  return key;
}

std::vector<std::string_view> columns_of(const sql::KeyDef& key) {
  std::vector<std::string_view> columns;
  for (const sql::KeyPart* part : key.parts) columns.push_back(part->column);
  return columns;
}

/// What of a column's type decides whether values of two columns are the same.
struct KeyType {
  std::string name;  ///< "bigint"
  bool is_unsigned = false;
  bool nullable = true;
  bool counted = false;   ///< AUTO_INCREMENT
  std::string collation;  ///< empty: not known
  std::int64_t length = -1;

  bool compares(const KeyType& parent) const {
    const bool text = name == "char" || name == "varchar";
    const bool texts = text && (parent.name == "char" || parent.name == "varchar");
    if (!texts && (name != parent.name || is_unsigned != parent.is_unsigned)) return false;
    const bool other = !collation.empty() && !parent.collation.empty() && collation != parent.collation;
    // What is cut off by a server that is not strict must not be another parent.
    return !other && (!text || length < 0 || parent.length < 0 || length >= parent.length);
  }
};

std::optional<KeyType> type_in(const sql::CreateTable& create, std::string_view name) {
  const sql::ColumnDef* column = created_column(create, name);
  if (column == nullptr || column->type == nullptr) return std::nullopt;
  const sql::DataType& type = *column->type;
  const std::string_view known = type.name == "boolean" ? "tinyint" : type.name;
  return KeyType{std::string(known),
                 type.is_unsigned,
                 column->nullable != sql::Tristate::kNo && column->key != sql::ColumnKey::kPrimary,
                 column->auto_increment,
                 std::string(type.collation),
                 type.size};
}

std::optional<KeyType> type_in(const Table& table, std::string_view name) {
  const Column* column = table.find(name);
  if (column == nullptr) return std::nullopt;
  const std::int64_t length = column->length == 0 ? -1 : static_cast<std::int64_t>(column->length);
  return KeyType{column->type,           column->is_unsigned, column->nullable,
                 column->auto_increment, column->collation,   length};
}

bool is_of_vindex(const vschema::Table& table, std::string_view column) {
  return std::ranges::any_of(
      table.vindexes, [column](const vschema::TableVindex& vindex) { return has(vindex.columns, column); });
}

Error wrong(std::string_view table, const std::string& why) {
  return Error(kWrongForeignKey, "Can't create table '" + std::string(table) + "': " + why);
}

}  // namespace

// What a key says.

std::string ForeignKeyDdl::new_name(const Written& written, const VSchemaEdit& edit) {
  if (!written.constraint.empty()) return std::string(written.constraint);
  if (!written.index.empty()) return std::string(written.index);
  for (const ForeignKeySpec& known : edit.foreign_keys)
    named_ = std::max(named_, number_of(known.name, written.table));
  return std::string(written.table) + "_ibfk_" + std::to_string(++named_);
}

Result<ForeignKeySpec> ForeignKeyDdl::spec_of(const Written& written, const VSchemaEdit& edit) {
  const sql::Reference& reference = *written.reference;
  if (!reference.table->schema.empty() && reference.table->schema != draft_.keyspace)
    return failure(kCrossKeyspace, "a foreign key to another keyspace");
  ForeignKeySpec key;
  key.name = new_name(written, edit);
  key.table = reference.table->name;
  key.columns.assign(written.columns.begin(), written.columns.end());
  key.parent_columns.assign(reference.columns.begin(), reference.columns.end());
  key.on_delete = words(reference.on_delete);
  key.on_update = words(reference.on_update);
  if (key.columns.size() != key.parent_columns.size())
    return failure(
        wrong(written.table, "foreign key '" + key.name + "' names other columns than it refers to"));
  for (const ForeignKeySpec& known : edit.foreign_keys) {
    if (same_column(known.name, key.name))
      return failure(wrong(written.table, "there is a foreign key '" + key.name + "' already"));
  }
  if (key.table != edit.table && draft_.found->find_table(key.table) == nullptr)
    return failure(wrong(written.table, "the vschema of keyspace '" + draft_.keyspace +
                                            "' does not know table '" + key.table + "', which foreign key '" +
                                            key.name + "' refers to"));
  key.on_servers = on_servers(key, edit);
  if (key.on_servers) return key;
  if (Result<void> done = check_parent(written, edit, key); !done) return failure(done.error());
  return key;
}

/// Whether each server has the parents of its rows, and changes nothing of children that says where they
/// are.
bool ForeignKeyDdl::on_servers(const ForeignKeySpec& key, const VSchemaEdit& edit) const {
  const bool self = key.table == edit.table;
  const vschema::Table* parent = self ? nullptr : draft_.found->find_table(key.table);
  const bool copied = self ? edit.reference : parent->kind == vschema::Table::Kind::reference;
  if (!copied) {
    if (edit.reference || edit.columns.empty()) return false;
    if (!self && (parent->vindexes.empty() || parent->vindexes.front().name != edit.vindex)) return false;
    if (!ties_keys(key, edit.columns, self ? edit.columns : parent->vindexes.front().columns)) return false;
  }
  const auto changes = [](const std::string& action) { return action == "cascade" || action == "set null"; };
  if (!changes(key.on_update) && key.on_delete != "set null") return true;
  const vschema::Table* known = draft_.found->find_table(edit.table);
  return std::ranges::none_of(key.columns, [&](const std::string& column) {
    return has(edit.columns, column) || (known != nullptr && is_of_vindex(*known, column)) ||
           std::ranges::any_of(edit.global_keys, [&column](const vschema::GlobalKey& global) {
             return has(global.columns, column);
           });
  });
}

Result<void> ForeignKeyDdl::check_parent(const Written& written, const VSchemaEdit& edit,
                                         ForeignKeySpec& key) {
  const bool itself = key.table == edit.table && written.create != nullptr;
  const std::string to = "' of table '" + key.table + "', which foreign key '" + key.name + "' refers to";
  const Table* child = draft_.context.schema->find(draft_.keyspace, written.table);
  const Table* parent = draft_.context.schema->find(draft_.keyspace, key.table);
  for (const std::string& table : {key.table, std::string(written.table)}) {
    const bool created = table == written.table && written.create != nullptr;
    if (created || draft_.context.schema->find(draft_.keyspace, table) != nullptr) continue;
    if (draft_.context.schema->known_missing(draft_.keyspace, table))
      return failure(wrong(written.table, "there is no table '" + table + "'"));
    draft_.missing.push_back({draft_.keyspace, table});
  }
  if (!draft_.missing.empty()) return {};
  std::vector<std::vector<std::string>> unique = itself ? unique_keys(*written.create) : parent->unique_keys;
  if (!itself) unique.push_back(parent->primary_key);
  if (std::ranges::none_of(unique, [&](const auto& each) { return same_set(each, key.parent_columns); }))
    return failure(wrong(written.table, "the columns (" + key.parent_columns.front() +
                                            (key.parent_columns.size() > 1 ? ", …)" : ")") + to.substr(1) +
                                            ", are no unique key of it"));
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    std::optional<KeyType> own = written.create != nullptr ? type_in(*written.create, key.columns[i])
                                                           : type_in(*child, key.columns[i]);
    std::optional<KeyType> of_parent =
        itself ? type_in(*written.create, key.parent_columns[i]) : type_in(*parent, key.parent_columns[i]);
    if (!own) return failure(kNoKeyColumn, "Key column '" + key.columns[i] + "' doesn't exist in table");
    if (!of_parent) return failure(wrong(written.table, "there is no column '" + key.parent_columns[i] + to));
    if (!own->compares(*of_parent))
      return failure(wrong(written.table, "column '" + key.columns[i] + "' is of another type than '" +
                                              key.parent_columns[i] + to));
    const bool nulls = key.on_delete == "set null" || key.on_update == "set null";
    if ((nulls && !own->nullable) || own->counted)
      return failure(wrong(written.table, "column '" + key.columns[i] + "' of foreign key '" + key.name +
                                              (own->counted ? "' is AUTO_INCREMENT" : "' cannot be NULL")));
  }
  return {};
}

// CREATE TABLE.

Result<const sql::CreateTable*> ForeignKeyDdl::create(const sql::CreateTable& create, VSchemaEdit& edit) {
  sql::CreateTable* copy = sql::clone(&create, arena_);
  sql::List<sql::KeyDef*> keys{};
  bool taken = false;
  const auto note = [&](const Written& written) -> Result<bool> {
    if (written.reference->on_delete == ReferenceAction::kSetDefault ||
        written.reference->on_update == ReferenceAction::kSetDefault)
      return failure(wrong(written.table, "SET DEFAULT of a foreign key"));
    Result<ForeignKeySpec> key = spec_of(written, edit);
    if (!key) return failure(key.error());
    edit.foreign_keys.push_back(*key);
    if (key->on_servers) return false;
    taken = true;
    const std::string_view name = !written.constraint.empty() ? written.constraint : written.index;
    if (!is_indexed(create, written.columns))
      keys.push_back(arena_, plain_key(name, written.columns, arena_));
    return true;
  };
  for (sql::ColumnDef* column : copy->columns) {
    if (column->reference == nullptr) continue;
    Result<bool> kept = note({create.table->name, {}, {}, {column->name}, column->reference, &create});
    if (!kept) return failure(kept.error());
    if (*kept) column->reference = nullptr;
  }
  for (sql::KeyDef* key : copy->keys) {
    if (key->key != sql::KeyKind::kForeign || key->reference == nullptr) {
      keys.push_back(arena_, key);
      continue;
    }
    Result<bool> kept =
        note({create.table->name, key->constraint, key->name, columns_of(*key), key->reference, &create});
    if (!kept) return failure(kept.error());
    if (!*kept) keys.push_back(arena_, key);
  }
  copy->keys = keys;
  return taken ? copy : nullptr;
}

// ALTER TABLE.

Result<const sql::AlterTable*> ForeignKeyDdl::alter(const sql::AlterTable& alter,
                                                    const vschema::Table& table) {
  sql::AlterTable* copy = sql::clone(&alter, arena_);
  sql::List<sql::AlterAction*> actions{};
  bool taken = false;
  for (sql::AlterAction* action : copy->actions) {
    if (Result<void> done = check_action(*action, table); !done) return failure(done.error());
    const bool drops = action->action == sql::AlterKind::kDropForeignKey ||
                       (action->action == sql::AlterKind::kDropConstraint && action->is_constraint);
    const auto key = std::ranges::find_if(
        table.foreign_keys, [&](const ForeignKeySpec& each) { return same_column(each.name, action->name); });
    if (drops && key != table.foreign_keys.end()) {
      VSchemaEdit edit;
      edit.kind = VSchemaEdit::Kind::kDropForeignKey;
      edit.keyspace = draft_.keyspace;
      edit.table = table.name;
      edit.new_name = key->name;
      node_.edits.push_back(std::move(edit));
      taken |= !key->on_servers;
      if (key->on_servers) actions.push_back(arena_, action);
      continue;
    }
    Result<bool> cut = false;
    if (action->action == sql::AlterKind::kAddColumns) cut = add_keys(*action, *alter.table, table);
    if (!cut) return failure(cut.error());
    taken |= *cut;
    const bool empty = *cut && action->columns.empty() && action->keys.empty() && action->checks.empty();
    if (!empty) actions.push_back(arena_, action);
  }
  copy->actions = actions;
  require_indexes(alter, table);
  return taken ? copy : nullptr;
}

/// Whether some of them are cut out of the action.
Result<bool> ForeignKeyDdl::add_keys(sql::AlterAction& action, const sql::TableName& name,
                                     const vschema::Table& table) {
  VSchemaEdit edit;
  edit.kind = VSchemaEdit::Kind::kAddForeignKey;
  edit.keyspace = draft_.keyspace;
  edit.table = name.name;
  edit.reference = table.kind == vschema::Table::Kind::reference;
  if (!table.vindexes.empty()) {
    edit.columns = table.vindexes.front().columns;
    edit.vindex = table.vindexes.front().name;
  }
  sql::List<sql::KeyDef*> keys{};
  bool taken = false;
  const auto note = [&](const Written& written, sql::KeyDef* as_it_is) -> Result<void> {
    VSchemaEdit known = edit;
    known.foreign_keys = table.foreign_keys;
    for (const VSchemaEdit& other : node_.edits)
      known.foreign_keys.insert(known.foreign_keys.end(), other.foreign_keys.begin(),
                                other.foreign_keys.end());
    Result<ForeignKeySpec> key = spec_of(written, known);
    if (!key) return failure(key.error());
    edit.foreign_keys = {*key};
    node_.edits.push_back(edit);
    if (key->on_servers) {
      if (as_it_is != nullptr) keys.push_back(arena_, as_it_is);
      return {};
    }
    taken = true;
    check_rows(name, *key);
    const std::string_view index = arena_.copy(key->name);
    keys.push_back(arena_, plain_key(index, written.columns, arena_));
    append_text(node_.undo.emplace_back(),
                "alter table " + quoted_name(draft_.keyspace) + "." + quoted_name(name.name) + " drop key " +
                    quoted_name(index),
                draft_);
    return {};
  };
  for (sql::KeyDef* key : action.keys) {
    if (key->key != sql::KeyKind::kForeign || key->reference == nullptr) {
      keys.push_back(arena_, key);
      continue;
    }
    const Written written{name.name, key->constraint, key->name, columns_of(*key), key->reference, nullptr};
    if (Result<void> done = note(written, key); !done) return failure(done.error());
  }
  for (const sql::ColumnDef* column : action.columns) {
    if (column->reference != nullptr)
      return failure(kUnsupportedYet, "REFERENCES of an added column: add the column, then the foreign key");
  }
  action.keys = keys;
  return taken;
}

/// Columns that foreign keys are about stay as they are.
Result<void> ForeignKeyDdl::check_action(const sql::AlterAction& action, const vschema::Table& table) {
  using sql::AlterKind;
  const bool drops = action.action == AlterKind::kDropColumn;
  const bool changes = action.action == AlterKind::kModifyColumn ||
                       action.action == AlterKind::kChangeColumn || action.action == AlterKind::kRenameColumn;
  if (!drops && !changes && action.action != AlterKind::kDropPrimaryKey) return {};
  const std::string column(action.action == AlterKind::kModifyColumn ? action.column->name : action.name);
  for (const ForeignKeySpec& key : table.foreign_keys) {
    if (key.on_servers || !has(key.columns, column)) continue;
    if (drops)
      return failure(table_error(1553, "HY000",
                                 "Cannot drop column '" + column + "': needed in a foreign key constraint"));
    return failure(table_error(
        1832, "HY000",
        "Cannot change column '" + column + "': used in a foreign key constraint '" + key.name + "'"));
  }
  for (const vschema::ReferringKey& referring : table.referred_by) {
    const bool meant =
        action.action == AlterKind::kDropPrimaryKey || has(referring.key.parent_columns, column);
    if (referring.key.on_servers || !meant) continue;
    if (!changes)
      return failure(table_error(1553, "HY000",
                                 "Cannot drop index '" + column + "': needed in a foreign key constraint"));
    return failure(table_error(1833, "HY000",
                               "Cannot change column '" + column + "': used in a foreign key constraint '" +
                                   referring.key.name + "' of table '" + draft_.keyspace + "." +
                                   referring.child + "'"));
  }
  return {};
}

void ForeignKeyDdl::check_rows(const sql::TableName& name, const ForeignKeySpec& key) {
  const std::string schema = quoted_name(draft_.keyspace) + ".";
  std::string set, same;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string own = "_c." + quoted_name(key.columns[i]);
    set += (i > 0 ? " and " : "") + own + " is not null";
    same += (i > 0 ? " and " : "") + ("_p." + quoted_name(key.parent_columns[i])) + " = " + own;
  }
  const std::string child = schema + quoted_name(name.name);
  Ddl::Check check{"select 1 from " + child + " as _c where " + set + " and not exists (select 1 from " +
                       schema + quoted_name(key.table) + " as _p where " + same + ") limit 1",
                   table_error(1452, "23000",
                               "Cannot add or update a child row: a foreign key constraint fails (" +
                                   full_constraint_text(draft_.keyspace, name.name, key) + ")")};
  node_.checks.push_back(std::move(check));
}

}  // namespace kintsugi::plan::pass
