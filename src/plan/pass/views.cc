#include "plan/pass/views.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/lower_case.h"
#include "plan/errors.h"
#include "plan/pass/draft.h"
#include "sql/conditional.h"
#include "sql/parser.h"
#include "sql/set_statement.h"
#include "vschema/snapshot.h"

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

constexpr int kViewsDeepMax = 32;  // of views of views

/// Names that WITH gives, visible from inside out.
struct CommonNames {
  const CommonNames* outer = nullptr;
  std::set<std::string_view> names;

  bool has(std::string_view name) const {
    return names.contains(name) || (outer != nullptr && outer->has(name));
  }
};

/// A view that is a selection of one table's rows, or of a join's.
struct Selection {
  const sql::Select* select = nullptr;
  const sql::NamedTable* table = nullptr;  ///< null: a join
  std::map<std::string, const sql::Expr*, std::less<>> columns;
};

class Replacer {
 public:
  Replacer(const PlanContext& context, sql::Arena& arena) : context_(context), arena_(arena) {}

  Result<WithoutViews> run(const sql::Statement& statement) {
    if (!context_.shard.empty() || !may_have_views(statement)) return WithoutViews{&statement, {}, {}};
    sql::Statement* copy = sql::clone(&statement, arena_);
    if (Result<void> done = replace_targets(*copy); !done) return failure(done.error());
    copy = static_cast<sql::Statement*>(replace(*copy, {}, 0));
    if (failed_) return failure(*failed_);
    if (checked_) checked_->said = &statement;
    return WithoutViews{replaced_ ? copy : &statement, std::move(missing_), std::move(checked_)};
  }

 private:
  static bool may_have_views(const sql::Statement& statement) {
    return sql::is_query(statement.kind) || statement.kind == NodeKind::kInsert ||
           statement.kind == NodeKind::kUpdate || statement.kind == NodeKind::kDelete ||
           statement.kind == NodeKind::kDo || statement.kind == NodeKind::kCreateTable ||
           (statement.kind == NodeKind::kSet && !sql::is_set_statement(statement));
  }

  /// What the schema says of a view; null: it is none.
  const Table* view_of(const sql::TableName& name) {
    const std::string_view schema = name.schema.empty() ? context_.keyspace : name.schema;
    if (find_temporary(context_, name) != nullptr) return nullptr;
    const auto found = context_.routing->find_table(schema, name.name, context_.type);
    if (!found || found->table != nullptr || !found->keyspace->sharded()) return nullptr;
    const std::string& keyspace = found->keyspace->name();
    const Table* table = context_.schema->find(keyspace, found->name);
    if (table == nullptr && !context_.schema->known_missing(keyspace, found->name))
      missing_.push_back({keyspace, std::string(found->name)});
    return table != nullptr && table->view && !table->definition.empty() ? table : nullptr;
  }

  sql::Query* query_of(const Table& view) {
    Result<sql::Statement*> parsed = sql::parse(view.definition, arena_);
    if (parsed && sql::is_query((*parsed)->kind)) {
      check_hidden(view, **parsed);
      return static_cast<sql::Query*>(*parsed);
    }
    fail(parsed ? Error(kInternal, "view '" + view.name + "' is no query") : parsed.error());
    return nullptr;
  }

  /// A view's tables are never temporary ones, but their names would be taken for those of the session.
  void check_hidden(const Table& view, const sql::Statement& query) {
    sql::walk(query, [&](const sql::Node& node) {
      const auto* name = sql::as<sql::TableName>(&node);
      if (name == nullptr || find_temporary(context_, *name) == nullptr) return true;
      fail(Error(kUnsupportedYet, "view '" + view.name + "' of table '" + std::string(name->name) +
                                      "', which a temporary table of the session hides"));
      return false;
    });
  }

  void fail(Error error) {
    if (!failed_) failed_ = std::move(error);
  }

  // Reading.

  sql::Node* replace(sql::Node& node, const CommonNames& names, int depth) {
    if (depth > kViewsDeepMax) {
      fail(Error(kUnsupportedYet, "views of views, " + std::to_string(kViewsDeepMax) + " deep"));
      return &node;
    }
    if (auto* table = sql::as<sql::NamedTable>(&node); table != nullptr && !is_common(*table->name, names)) {
      if (const Table* view = view_of(*table->name)) return derived(*table, *view, depth);
    }
    if (auto* query = sql::as<sql::TableQuery>(&node); query != nullptr && !is_common(*query->table, names)) {
      if (const Table* view = view_of(*query->table)) return selected(*query, *view, names, depth);
    }
    CommonNames inner{&names, {}};
    sql::With* with = with_of(node);
    for (std::size_t i = 0; with != nullptr && i < with->tables.size(); ++i) {
      sql::CommonTable* table = with->tables[i];
      if (with->recursive) inner.names.insert(table->name);
      table->query = static_cast<sql::Query*>(replace(*table->query, inner, depth));
      inner.names.insert(table->name);
    }
    sql::rewrite_children(
        node, [&](sql::Node& child) { return &child == with ? &child : replace(child, inner, depth); });
    return &node;
  }

  static bool is_common(const sql::TableName& name, const CommonNames& names) {
    return name.schema.empty() && names.has(name.name);
  }

  static sql::With* with_of(sql::Node& node) {
    if (auto* update = sql::as<sql::Update>(&node)) return update->with;
    if (auto* remove = sql::as<sql::Delete>(&node)) return remove->with;
    return sql::is_query(node.kind) ? static_cast<sql::Query&>(node).with : nullptr;
  }

  sql::TableRef* derived(const sql::NamedTable& table, const Table& view, int depth) {
    auto* made = sql::make_node<sql::DerivedTable>(arena_);
    made->alias = table.alias.empty() ? table.name->name : table.alias;
    sql::Query* query = query_of(view);
    if (query == nullptr) return made;
    made->query = static_cast<sql::Query*>(replace(*query, {}, depth + 1));
    replaced_ = true;
    return made;
  }

  /// TABLE view: SELECT * FROM it.
  sql::Query* selected(const sql::TableQuery& query, const Table& view, const CommonNames& names, int depth) {
    auto* named = sql::make_node<sql::NamedTable>(arena_);
    named->name = query.table;
    auto* item = sql::make_node<sql::SelectItem>(arena_);
    item->value = sql::make_node<sql::Star>(arena_);
    auto* select = sql::make_node<sql::Select>(arena_);
    select->items.push_back(arena_, item);
    select->from.push_back(arena_, derived(*named, view, depth));
    select->with = query.with;
    select->order_by = query.order_by;
    select->limit = query.limit;
    select->locking = query.locking;
    select->into = query.into;
    select->directives = query.directives;
    if (select->with != nullptr) replace(*select->with, names, depth);
    return select;
  }

  // Writing.

  Result<void> replace_targets(sql::Statement& statement) {
    for (int depth = 0; depth < kViewsDeepMax; ++depth) {
      Result<bool> again = false;
      if (auto* insert = sql::as<sql::Insert>(&statement)) again = into_table(*insert);
      if (auto* update = sql::as<sql::Update>(&statement); update != nullptr && update->tables.size() == 1)
        again = of_table(*update, update->tables[0], update->where);
      if (auto* remove = sql::as<sql::Delete>(&statement); remove != nullptr && remove->targets.empty())
        again = of_table(*remove, remove->from[0], remove->where);
      if (!again) return failure(again.error());
      if (!*again) return {};
      replaced_ = true;
    }
    return {};
  }

  /// The view as a selection, if rows can be written through it.
  Result<Selection> selection_of(const Table& view, const ErrorCode& refused, const char* verb) {
    const auto refuse = [&](const std::string& why) {
      return failure(refused, std::string("The target table ") + view.name + " of the " + verb + " is not " +
                                  (&refused == &kNotInsertable ? "insertable-into" : "updatable") + why);
    };
    if (!view.updatable) return refuse("");
    Selection selection;
    sql::Query* query = query_of(view);
    if (query == nullptr) return failure(*failed_);
    selection.select = sql::as<sql::Select>(query);
    if (selection.select == nullptr || selection.select->from.size() != 1 ||
        selection.select->limit != nullptr)
      return refuse(" through the gate: it is no selection of tables");
    selection.table = sql::as<sql::NamedTable>(selection.select->from[0]);
    if (selection.table == nullptr && !joins_tables(*selection.select->from[0]))
      return refuse(" through the gate: it is no selection of tables");
    for (std::size_t i = 0; i < selection.select->items.size() && i < view.columns.size(); ++i)
      selection.columns[lower_case(view.columns[i].name)] = selection.select->items[i]->value;
    if (std::string_view(verb) != "DELETE") note_checked(view, selection);
    return selection;
  }

  static bool joins_tables(const sql::TableRef& table) {
    const auto* join = sql::as<sql::Join>(&table);
    return join == nullptr ? sql::is<sql::NamedTable>(&table)
                           : joins_tables(*join->left) && joins_tables(*join->right);
  }

  /// The names that the outermost view has for columns of what is below, and whether one of the views checks.
  void note_checked(const Table& view, const Selection& selection) {
    if (names_.empty()) {
      view_ = view.name;
      for (const Column& column : view.columns) names_.emplace_back(column.name, lower_case(column.name));
    }
    for (auto& [outermost, name] : names_) {
      const auto found = selection.columns.find(name);
      const auto* column =
          found == selection.columns.end() ? nullptr : sql::as<sql::ColumnRef>(found->second);
      name = column == nullptr ? std::string() : lower_case(column->name);
    }
    checks_ = checks_ || view.checked;
    if (!checks_) return;
    checked_ = CheckedView{view_, nullptr, {}};
    for (const auto& [outermost, name] : names_) {
      if (!name.empty()) checked_->columns[name] = outermost;
    }
  }

  /// UPDATE or DELETE of a view. Whether it was one.
  Result<bool> of_table(sql::Statement& statement, sql::TableRef*& target, sql::Expr*& where) {
    auto* named = sql::as<sql::NamedTable>(target);
    const Table* view = named == nullptr ? nullptr : view_of(*named->name);
    if (view == nullptr) return false;
    const bool update = statement.kind == NodeKind::kUpdate;
    Result<Selection> selection = selection_of(*view, kNotUpdatable, update ? "UPDATE" : "DELETE");
    if (!selection) return failure(std::move(selection.error()));
    const std::string_view known = named->alias.empty() ? named->name->name : named->alias;
    if (selection->table == nullptr) {
      if (!update) return failure(kDeleteFromJoin, "Can not delete from join view '" + full(*view) + "'");
      return of_join(static_cast<sql::Update&>(statement), *view, *selection, known);
    }
    auto* table = sql::make_node<sql::NamedTable>(arena_);
    table->name = sql::clone(selection->table->name, arena_);
    // In a DELETE, not every server takes an alias.
    if (update) table->alias = known;
    const std::string_view name = update ? known : table->name->name;
    target = table;
    sql::rewrite_children(statement, [&](sql::Node& child) -> sql::Node* {
      return &child == table ? &child : renamed(child, *selection, known, name, false);
    });
    if (selection->select->where == nullptr) return true;
    sql::Expr* own = of_selected(*selection->select->where, *selection, name);
    where = sql::both(own, where, arena_);
    return true;
  }

  static std::string full(const Table& view) { return view.keyspace + "." + view.name; }

  /// UPDATE of a view of a join: of one of its tables.
  Result<bool> of_join(sql::Update& update, const Table& view, const Selection& selection,
                       std::string_view known) {
    std::string_view written;
    for (const sql::Assignment* assignment : update.set) {
      const auto found = selection.columns.find(lower_case(assignment->column->name));
      const auto* column =
          found == selection.columns.end() ? nullptr : sql::as<sql::ColumnRef>(found->second);
      if (column == nullptr) continue;
      if (written.empty()) written = column->table;
      if (written != column->table) return failure(several(view));
    }
    sql::TableRef* tables = sql::clone(selection.select->from[0], arena_);
    update.tables[0] = tables;
    sql::rewrite_children(update, [&](sql::Node& child) -> sql::Node* {
      return &child == tables ? &child : renamed(child, selection, known, {}, false);
    });
    if (selection.select->where != nullptr)
      update.where = sql::both(sql::clone(selection.select->where, arena_), update.where, arena_);
    return true;
  }

  static Error several(const Table& view) {
    return Error(kSeveralOfJoin,
                 "Can not modify more than one base table through a join view '" + full(view) + "'");
  }

  /// An expression of the view, of its table under this name.
  sql::Expr* of_selected(const sql::Expr& expr, const Selection& selection, std::string_view name) {
    auto* copy = sql::clone(&expr, arena_);
    if (selection.table == nullptr) return copy;
    const std::string_view table =
        selection.table->alias.empty() ? selection.table->name->name : selection.table->alias;
    sql::walk(*copy, [&](sql::Node& node) {
      if (auto* column = sql::as<sql::ColumnRef>(&node); column != nullptr && column->table == table) {
        column->schema = {};
        column->table = name;
      }
      return true;
    });
    return copy;
  }

  /// With the columns of the view as those of its table.
  sql::Node* renamed(sql::Node& node, const Selection& selection, std::string_view known,
                     std::string_view name, bool nested) {
    if (const auto* assignment = sql::as<sql::Assignment>(&node)) {
      if (!writes_column(*assignment->column, selection)) return &node;
    }
    if (auto* column = sql::as<sql::ColumnRef>(&node))
      return column_of(*column, selection, known, name, nested);
    const bool inside = nested || sql::is_query(node.kind);
    sql::rewrite_children(node,
                          [&](sql::Node& child) { return renamed(child, selection, known, name, inside); });
    return &node;
  }

  /// Whether the column can be written.
  bool writes_column(const sql::ColumnRef& column, const Selection& selection) {
    const auto found = selection.columns.find(lower_case(column.name));
    if (found == selection.columns.end() || found->second->kind == NodeKind::kColumnRef) return true;
    fail(Error(kNonUpdatableColumn, "Column '" + std::string(column.name) + "' is not updatable"));
    return false;
  }

  sql::Node* column_of(sql::ColumnRef& column, const Selection& selection, std::string_view known,
                       std::string_view name, bool nested) {
    if (!column.table.empty() && column.table != known) return &column;
    const auto found = selection.columns.find(lower_case(column.name));
    if (found == selection.columns.end()) {
      if (!column.table.empty() || !nested)
        fail(Error(kUnknownColumn, "Unknown column '" + std::string(column.name) + "'"));
      return &column;
    }
    const auto* plain = sql::as<sql::ColumnRef>(found->second);
    // Inside of another query, a bare name may be of a table of its own.
    if (column.table.empty() && nested) {
      if (plain == nullptr || !same_column(plain->name, column.name))
        fail(
            Error(kUnsupportedYet, "column '" + std::string(column.name) +
                                       "' of a view, in a query inside of a write, without the view's name"));
      return &column;
    }
    if (plain == nullptr || selection.table == nullptr) return of_selected(*found->second, selection, name);
    column.schema = {};
    if (!column.table.empty()) column.table = name;
    column.name = plain->name;
    return &column;
  }

  Result<bool> into_table(sql::Insert& insert) {
    const Table* view = view_of(*insert.table);
    if (view == nullptr) return false;
    Result<Selection> selection = selection_of(*view, kNotInsertable, "INSERT");
    if (!selection) return failure(std::move(selection.error()));
    const std::string_view known = insert.table->name;
    const bool listed = insert.has_columns || !insert.columns.empty();
    if (selection->table == nullptr && !listed)
      return failure(kJoinWithoutColumns,
                     "Can not insert into join view '" + full(*view) + "' without fields list");
    const Result<const sql::TableName*> below = table_below(insert, *view, *selection);
    if (!below) return failure(below.error());
    auto* table = sql::clone(*below, arena_);
    if (insert.columns.empty() && !insert.has_columns) {
      for (const Column& column : view->columns) {
        auto* named = sql::make_node<sql::ColumnRef>(arena_);
        named->name = arena_.copy(column.name);
        insert.columns.push_back(arena_, named);
      }
      insert.has_columns = true;
    }
    for (sql::ColumnRef* column : insert.columns) {
      if (!writes_column(*column, *selection)) break;
      renamed(*column, *selection, known, table->name, false);
    }
    for (sql::Assignment* assignment : insert.on_duplicate)
      renamed(*assignment, *selection, known, table->name, false);
    return_columns(insert, *view);
    for (sql::SelectItem* item : insert.returning)
      item->value = static_cast<sql::Expr*>(renamed(*item->value, *selection, known, table->name, false));
    insert.table = table;
    if (failed_) return failure(*failed_);
    return true;
  }

  /// The table whose columns an INSERT gives.
  Result<const sql::TableName*> table_below(const sql::Insert& insert, const Table& view,
                                            const Selection& selection) {
    if (selection.table != nullptr) return static_cast<const sql::TableName*>(selection.table->name);
    const sql::NamedTable* given = nullptr;
    for (const sql::ColumnRef* named : insert.columns) {
      const auto found = selection.columns.find(lower_case(named->name));
      const auto* column =
          found == selection.columns.end() ? nullptr : sql::as<sql::ColumnRef>(found->second);
      if (column == nullptr) continue;  // which is told later
      const sql::NamedTable* table = find_joined(*selection.select->from[0], column->table);
      if (given != nullptr && table != given) return failure(several(view));
      given = table;
    }
    if (given == nullptr)
      return failure(kNotInsertable, "no table of view '" + view.name + "' is given columns");
    return static_cast<const sql::TableName*>(given->name);
  }

  static const sql::NamedTable* find_joined(const sql::TableRef& table, std::string_view name) {
    if (const auto* join = sql::as<sql::Join>(&table)) {
      const sql::NamedTable* left = find_joined(*join->left, name);
      return left != nullptr ? left : find_joined(*join->right, name);
    }
    const auto& named = static_cast<const sql::NamedTable&>(table);
    return (named.alias.empty() ? named.name->name : named.alias) == name ? &named : nullptr;
  }

  /// RETURNING's stars are the view's columns, and all columns have the names that the view gives them.
  void return_columns(sql::Insert& insert, const Table& view) {
    sql::List<sql::SelectItem*> items{};
    for (sql::SelectItem* item : insert.returning) {
      if (sql::is<sql::Star>(item->value)) {
        for (const Column& column : view.columns) {
          auto* named = sql::make_node<sql::ColumnRef>(arena_);
          named->name = arena_.copy(column.name);
          auto* made = sql::make_node<sql::SelectItem>(arena_);
          made->value = named;
          made->alias = named->name;
          items.push_back(arena_, made);
        }
        continue;
      }
      const auto* column = sql::as<sql::ColumnRef>(item->value);
      if (item->alias.empty()) item->alias = column != nullptr ? column->name : item->source.text;
      items.push_back(arena_, item);
    }
    insert.returning = items;
  }

  const PlanContext& context_;
  sql::Arena& arena_;
  std::vector<TableKey> missing_;
  bool replaced_ = false;
  std::string view_;                                        ///< the outermost that is written through
  std::vector<std::pair<std::string, std::string>> names_;  ///< its columns, and those of what is below
  bool checks_ = false;
  std::optional<CheckedView> checked_;
  std::optional<Error> failed_;
};

}  // namespace

Result<WithoutViews> replace_views(const sql::Statement& statement, const PlanContext& context,
                                   sql::Arena& arena) {
  return Replacer(context, arena).run(statement);
}

}  // namespace kintsugi::plan::pass
