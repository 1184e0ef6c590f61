#include "plan/pass/alter_columns.h"

#include <algorithm>
#include <array>

#include "base/lower_case.h"
#include "plan/pass/known_table.h"

namespace kintsugi::plan::pass {

namespace {

using sql::AlterKind;

/// Bytes of a whole number's type; 0: it is none.
int integer_width(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, int>, 6> kWidths = {
      {{"tinyint", 1}, {"boolean", 1}, {"smallint", 2}, {"mediumint", 3}, {"int", 4}, {"bigint", 8}}};
  const auto found = std::ranges::find(kWidths, type, &std::pair<std::string_view, int>::first);
  return found == kWidths.end() ? 0 : found->second;
}

/// Whether the type holds every value of the column's, and each is placed as before.
bool holds_all(const sql::DataType& type, const Column& column, bool loose) {
  const auto size = static_cast<std::uint64_t>(std::max<std::int64_t>(type.size, 0));
  switch (column.type_class) {
    case ColumnClass::kInteger: {
      const int before = integer_width(column.type), after = integer_width(type.name);
      if (type.is_unsigned == column.is_unsigned) return after >= before;
      return column.is_unsigned && after > before;
    }
    case ColumnClass::kText: {
      if (!loose && type.collation != column.collation) return false;
      return type.name == column.type && size >= column.length && type.charset != "binary";
    }
    case ColumnClass::kBinary:
      return type.name == column.type &&
             (column.type == "varbinary" ? size >= column.length : size == column.length);
    case ColumnClass::kDate:
      return type.name == column.type;
    case ColumnClass::kOther:
      return false;
  }
  return false;
}

class Follower {
 public:
  Follower(Draft& draft, const vschema::Table& table, const sql::AlterAction& action, Ddl& node)
      : draft_(draft), table_(table), action_(action), node_(node) {}

  Result<void> run() {
    switch (action_.action) {
      case AlterKind::kDropColumn:
        return drop();
      case AlterKind::kModifyColumn:
        return modify(action_.column->name);
      case AlterKind::kChangeColumn: {
        if (Result<void> done = modify(action_.name); !done) return done;
        return rename(action_.name, action_.column->name);
      }
      case AlterKind::kRenameColumn:
        return rename(action_.name, action_.new_name);
      case AlterKind::kAddColumns:
        return add();
      case AlterKind::kConvertCharset:
        return convert();
      default:
        return {};
    }
  }

 private:
  bool has_ids(std::string_view column) const {
    return table_.auto_increment && same_column(table_.auto_increment->column, column);
  }

  VSchemaEdit edit(VSchemaEdit::Kind kind) const {
    VSchemaEdit made;
    made.kind = kind;
    made.keyspace = draft_.keyspace;
    made.table = table_.name;
    return made;
  }

  /// Where the column stands in a vindex; null: in none.
  const vschema::TableVindex* vindex_of(std::string_view column, std::size_t& position) const {
    for (const vschema::TableVindex& vindex : table_.vindexes) {
      for (position = 0; position < vindex.columns.size(); ++position) {
        if (same_column(vindex.columns[position], column)) return &vindex;
      }
    }
    return nullptr;
  }

  Result<void> would_move(std::string_view column, const std::string& instead) const {
    return failure(kUnsupportedYet, "changing the sharding key '" + std::string(column) + "': " + instead);
  }

  Result<void> drop() {
    std::size_t position = 0;
    if (vindex_of(action_.name, position) != nullptr)
      return would_move(action_.name, "without it no row of the table has a place");
    if (has_ids(action_.name)) node_.edits.push_back(edit(VSchemaEdit::Kind::kSetIds));
    return {};
  }

  Result<void> modify(std::string_view name) {
    const sql::ColumnDef& column = *action_.column;
    if (Result<void> done = keep_place(name, *column.type); !done) return done;
    if (column.auto_increment && !table_.auto_increment) {
      // Before servers have it: no gate may leave ids to them, who know of one shard's rows only.
      VSchemaEdit ids = edit(VSchemaEdit::Kind::kSetIds);
      ids.auto_increment_column = name;
      node_.edits_first.push_back(std::move(ids));
    }
    if (!column.auto_increment && has_ids(name)) node_.edits.push_back(edit(VSchemaEdit::Kind::kSetIds));
    return {};
  }

  Result<void> keep_place(std::string_view name, const sql::DataType& type) {
    std::size_t position = 0;
    const vschema::TableVindex* vindex = vindex_of(name, position);
    if (vindex == nullptr) return {};
    const Result<const Table*> schema = known_table(draft_, table_.name);
    if (!schema) return failure(schema.error());
    const Column* known = *schema == nullptr ? nullptr : (*schema)->find(name);
    if (known == nullptr || holds_all(type, *known, vindex->vindex->is_loose(position))) return {};
    return would_move(
        name,
        "its rows may have to move. What holds every value of " + known->declared +
            " would not move them: a wider type of the same kind" +
            (known->type_class == ColumnClass::kText ? ", with COLLATE " + known->collation : std::string()));
  }

  Result<void> rename(std::string_view from, std::string_view to) {
    if (same_column(from, to)) return {};
    std::size_t position = 0;
    const vschema::TableVindex* vindex = vindex_of(from, position);
    if (vindex == nullptr && !has_ids(from)) return {};
    if (!table_.foreign_keys.empty() || !table_.referred_by.empty() || !table_.triggers.empty()) {
      return failure(kUnsupportedYet,
                     "another name for column '" + std::string(from) +
                         "' of a table with foreign keys or triggers that gates keep: drop those first");
    }
    VSchemaEdit renamed = edit(VSchemaEdit::Kind::kRenameColumn);
    renamed.columns = {std::string(from)};
    renamed.new_name = to;
    node_.edits.push_back(std::move(renamed));
    return {};
  }

  Result<void> add() {
    for (const sql::ColumnDef* column : action_.columns) {
      if (!column->auto_increment || table_.auto_increment) continue;
      return failure(kUnsupportedYet,
                     "a new column with AUTO_INCREMENT and IF NOT EXISTS, or of a table that is not sharded: "
                     "each shard would number its own rows. Add it without, give each row its id, then "
                     "MODIFY it");
    }
    return {};
  }

  Result<void> convert() {
    if (table_.kind != vschema::Table::Kind::sharded) return {};
    const Result<const Table*> schema = known_table(draft_, table_.name);
    if (!schema) return failure(schema.error());
    if (*schema == nullptr) return {};
    for (const vschema::TableVindex& vindex : table_.vindexes) {
      for (std::size_t i = 0; i < vindex.columns.size(); ++i) {
        const Column* known = (*schema)->find(vindex.columns[i]);
        if (known == nullptr || known->type_class != ColumnClass::kText || vindex.vindex->is_loose(i))
          continue;
        if (action_.name == known->collation) continue;
        return would_move(known->name, "its rows may have to move, since they are placed by the bytes of " +
                                           known->collation + ". MODIFY the other columns");
      }
    }
    return {};
  }

  Draft& draft_;
  const vschema::Table& table_;
  const sql::AlterAction& action_;
  Ddl& node_;
};

}  // namespace

Result<void> follow_columns(Draft& draft, const vschema::Table& table, const sql::AlterAction& action,
                            Ddl& node) {
  return Follower(draft, table, action, node).run();
}

bool numbers_rows(const Draft& draft) {
  const auto* alter = sql::as<sql::AlterTable>(&draft.statement);
  if (alter == nullptr || !draft.context.shard.empty()) return false;
  const vschema::Keyspace* keyspace = draft.context.routing->find_keyspace(
      alter->table->schema.empty() ? draft.context.keyspace : alter->table->schema);
  const vschema::Table* table = keyspace == nullptr ? nullptr : keyspace->find_table(alter->table->name);
  if (table == nullptr || table->kind != vschema::Table::Kind::sharded || table->auto_increment) return false;
  return std::ranges::any_of(alter->actions, [](const sql::AlterAction* action) {
    return action->action == AlterKind::kAddColumns && !action->if_not_exists &&
           std::ranges::any_of(action->columns, &sql::ColumnDef::auto_increment);
  });
}

}  // namespace kintsugi::plan::pass
