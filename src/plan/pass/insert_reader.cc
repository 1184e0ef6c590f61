#include "plan/pass/insert_reader.h"

#include <algorithm>

#include "plan/pass/gate_calls.h"
#include "plan/pass/read_locks.h"
#include "plan/pass/reference.h"
#include "plan/pass/rules.h"
#include "sql/parser.h"

namespace kintsugi::plan::pass {

namespace {

bool has_query(const sql::Node& node) {
  bool found = false;
  sql::walk(node, [&found](const sql::Node& child) {
    found |= sql::is_query(child.kind);
    return !found;
  });
  return found;
}

bool is_float(const Output& output) {
  const Table* table = output.source == nullptr ? nullptr : output.source->table;
  const Column* column = table == nullptr ? nullptr : table->find(output.column);
  return column != nullptr && column->type == "float";
}

bool has_window(const sql::Node& node) {
  bool found = false;
  sql::walk(node, [&found](const sql::Node& child) {
    const auto* call = sql::as<sql::FunctionCall>(&child);
    found |= call != nullptr && call->over != nullptr;
    return !found;
  });
  return found;
}

/// The only query in the expressions, if it stands for a value; null: there are none, or others.
sql::Subquery* only_query(sql::Select& select) {
  sql::Subquery* found = nullptr;
  std::size_t queries = 0;
  sql::walk(select, [&](sql::Node& node) {
    if (&node == &select) return true;
    if (auto* value = sql::as<sql::Subquery>(&node)) found = value;
    if (sql::is_query(node.kind)) ++queries;
    return !sql::is_query(node.kind);
  });
  return queries == 1 ? found : nullptr;
}

/// Whether it is one row, whatever its tables have: of aggregates over all of their rows.
bool is_one_row(const sql::Query& query) {
  const auto* select = sql::as<sql::Select>(&query);
  if (select == nullptr || select->items.size() != 1 || select->from.empty()) return false;
  const bool plain = select->with == nullptr && !select->distinct && select->options == 0 &&
                     select->group_by.empty() && select->having == nullptr && select->windows.empty() &&
                     select->order_by.empty() && select->limit == nullptr && select->into == nullptr;
  const sql::SelectItem& item = *select->items.front();
  return plain && holds_aggregate(item) && !has_query(item) && !has_window(item);
}

/// `select f((select max(n) from t)), 2` is `select f(max(n)), 2 from t`: of that, shards do their part.
void unnest(sql::Select& select, sql::Arena& arena) {
  sql::Subquery* only = only_query(select);
  if (only == nullptr || !is_one_row(*only->query)) return;
  sql::Select* inner = sql::clone(static_cast<const sql::Select*>(only->query), arena);
  const sql::Expr* value = inner->items.front()->value;
  const auto replace = [&](sql::Node& node, const auto& self) -> sql::Node* {
    if (&node == only) return sql::clone(value, arena);
    sql::rewrite_children(node, [&](sql::Node& child) { return self(child, self); });
    return &node;
  };
  for (sql::SelectItem* item : select.items)
    item->value = static_cast<sql::Expr*>(replace(*item->value, replace));
  select.from = inner->from;
  select.where = inner->where;
  select.locking = inner->locking;
}

/// What columns of a query's own tables may stand behind. Not empty.
void add_names(const sql::Node& query, std::vector<std::string_view>& names) {
  names.emplace_back();
  sql::walk(query, [&names](const sql::Node& node) {
    if (const auto* table = sql::as<sql::NamedTable>(&node))
      names.push_back(table->alias.empty() ? table->name->name : table->alias);
    if (const auto* table = sql::as<sql::DerivedTable>(&node)) names.push_back(table->alias);
    return true;
  });
}

sql::SelectItem* new_item(const sql::Expr* value, sql::Arena& arena) {
  auto* item = sql::make_node<sql::SelectItem>(arena);
  item->value = sql::clone(value, arena);
  return item;
}

}  // namespace

sql::Literal* InsertReader::mark(const sql::Expr* value) {
  read_.push_back(value);
  return read_mark(marks_ + read_.size() - 1, arena_);
}

// Values.

Result<void> InsertReader::mark_values(std::span<const std::string_view> placing) {
  for (sql::Row* row : sql::as<sql::Values>(copy_.source)->rows) {
    for (std::size_t i = 0; i < row->items.size() && i < columns_.size(); ++i) {
      sql::Expr*& item = row->items[i];
      const bool places = std::ranges::any_of(
          placing, [&](std::string_view column) { return same_column(column, columns_[i]); });
      if (!must_read(*item, places)) continue;
      give_defaults(*item);
      lock_reads(*item, arena_);
      if (Result<void> done = refuse_columns(*item, columns_[i]); !done) return done;
      item = static_cast<sql::Expr*>(mark(item));
    }
  }
  return mark_duplicates();
}

sql::Select* InsertReader::values() {
  if (read_.empty()) return nullptr;
  auto* select = sql::make_node<sql::Select>(arena_);
  for (const sql::Expr* value : read_) {
    sql::SelectItem* item = new_item(value, arena_);
    item->alias = arena_.copy("_kintsugi_" + std::to_string(select->items.size()));
    select->items.push_back(arena_, item);
  }
  unnest(*select, arena_);
  return select;
}

bool InsertReader::must_read(const sql::Expr& item, bool placing) {
  if (item.kind == sql::NodeKind::kDefault || item.kind == sql::NodeKind::kDefaultOf) return false;
  if (constant_operand(&item, draft_)) return false;
  if (find_call_over_copies(draft_, item) != nullptr) return true;
  if (entry_.group != nullptr && has_query(item)) return true;
  const bool copies = entry_.group != nullptr ||
                      (entry_.routing != nullptr && entry_.routing->kind == vschema::Table::Kind::reference);
  if (placing || (copies && find_unrepeatable(item) != nullptr)) return true;
  const bool elsewhere = std::ranges::any_of(draft_.tables, [this](const TableEntry& table) {
    return &table != &entry_ &&
           (table.routing == nullptr || table.routing->kind != vschema::Table::Kind::reference ||
            table.keyspace != entry_.keyspace);
  });
  return elsewhere && has_query(item);
}

/// DEFAULT(column) is what the schema says of it.
void InsertReader::give_defaults(sql::Node& node) {
  sql::rewrite_children(node, [this](sql::Node& child) -> sql::Node* {
    const auto* wanted = sql::as<sql::DefaultOf>(&child);
    const Column* column = wanted == nullptr ? nullptr : entry_.schema->find(wanted->column->name);
    if (column != nullptr && !column->default_sql.empty()) {
      if (const Result<sql::Expr*> value = sql::parse_expression(column->default_sql, arena_)) return *value;
    }
    give_defaults(child);
    return &child;
  });
}

/// A column that is not of a query inside is of the row itself, which has no values yet.
Result<void> InsertReader::refuse_columns(const sql::Node& node, std::string_view given) const {
  const sql::ColumnRef* found = nullptr;
  sql::walk(node, [&found](const sql::Node& child) {
    if (const auto* column = sql::as<sql::ColumnRef>(&child)) found = column;
    return found == nullptr && !sql::is_query(child.kind);
  });
  if (found == nullptr) return {};
  if (entry_.schema->find(found->name) == nullptr)
    return failure(kUnknownColumn, "Unknown column '" + std::string(found->name) + "' in 'VALUES'");
  return failure(kUnroutableValue,
                 "column '" + std::string(given) +
                     "', whose value must be known first, is given an expression of other columns");
}

// Rows.

Result<sql::Values*> InsertReader::mark_rows() {
  query_ = sql::clone(copy_.source, arena_);
  const auto& statement = static_cast<const sql::Insert&>(draft_.statement);
  read_own_rows_at_source(draft_, entry_, *statement.source, *query_, arena_);
  lock_reads(*query_, arena_);
  read_exactly();
  auto* row = sql::make_node<sql::Row>(arena_);
  for (std::size_t i = 0; i < columns_.size(); ++i)
    row->items.push_back(arena_, static_cast<sql::Expr*>(mark(nullptr)));
  if (Result<void> done = mark_calls(*row); !done) return failure(done.error());
  if (Result<void> done = mark_duplicates(); !done) return failure(done.error());
  auto* values = sql::make_node<sql::Values>(arena_);
  values->rows.push_back(arena_, row);
  return values;
}

/// Floats as doubles, with all their digits; a star that has one is written out.
void InsertReader::read_exactly() {
  auto* select = sql::as<sql::Select>(query_);
  if (select == nullptr || draft_.top == nullptr || !draft_.top->outputs_known || select->distinct) return;
  const std::vector<Output>& outputs = draft_.top->outputs;
  if (std::ranges::none_of(outputs, is_float)) return;
  std::size_t output = 0;
  sql::List<sql::SelectItem*> items{};
  for (sql::SelectItem* item : select->items) {
    const auto* star = sql::as<sql::Star>(item->value);
    const std::size_t end = star == nullptr ? output + 1 : end_of(*star, output);
    for (; output < end; ++output) {
      auto* made = sql::clone(item, arena_);
      if (star != nullptr || is_float(outputs[output]))
        made->value = exact_column(*outputs[output].source, outputs[output].column, arena_);
      items.push_back(arena_, made);
    }
  }
  select->items = items;
}

std::size_t InsertReader::end_of(const sql::Star& star, std::size_t output) const {
  const std::vector<Output>& outputs = draft_.top->outputs;
  if (star.table.empty()) return outputs.size();
  const Source* source = output < outputs.size() ? outputs[output].source : nullptr;
  while (output < outputs.size() && outputs[output].source == source) ++output;
  return output;
}

class InsertReader::Arguments final : public ArgumentSource {
 public:
  Arguments(InsertReader& reader, sql::Select& select) : reader_(reader), select_(select) {}

  Result<sql::Expr*> settle(std::size_t, sql::Expr& argument) override { return &argument; }
  sql::Expr* read(sql::Expr& argument) override {
    select_.items.push_back(reader_.arena_, new_item(&argument, reader_.arena_));
    return reader_.mark(&argument);
  }

 private:
  InsertReader& reader_;
  sql::Select& select_;
};

/// A value with a call in it is made up when the row is known: its columns are read instead.
Result<void> InsertReader::mark_calls(sql::Row& row) {
  if (draft_.row_calls.empty()) return {};
  auto& select = static_cast<sql::Select&>(*query_);
  for (std::size_t i = 0; i < columns_.size() && i < select.items.size(); ++i) {
    sql::SelectItem* item = select.items[i];
    if (row_calls_in(draft_, *item->value).empty()) continue;
    row.items[i] = static_cast<sql::Expr*>(mark_columns(*sql::clone(item->value, arena_), select));
    auto* nothing = sql::make_node<sql::Literal>(arena_);
    nothing->literal = sql::LiteralKind::kNull;
    item->value = nothing;
  }
  Arguments arguments(*this, select);
  Result<RowCalls> calls = make_row_calls(draft_, arguments, arena_);
  if (!calls) return failure(calls.error());
  calls_ = std::move(*calls);
  return {};
}

sql::Node* InsertReader::mark_columns(sql::Node& node, sql::Select& select) {
  if (is_value(node) && !sql::is<sql::Literal>(&node) && row_calls_in(draft_, node).empty()) {
    const auto* value = static_cast<const sql::Expr*>(&node);
    select.items.push_back(arena_, new_item(value, arena_));
    return mark(value);
  }
  sql::rewrite_children(node, [&](sql::Node& child) { return mark_columns(child, select); });
  return &node;
}

/// Whether a vindex says where rows lie, so that one that is met can be updated by itself.
bool InsertReader::places_rows() const {
  return entry_.routing != nullptr && entry_.routing->kind == vschema::Table::Kind::sharded &&
         !entry_.routing->vindexes.empty();
}

/// Whether it asks for other rows than the table's shard has, and for what no row of the table has a say in.
bool InsertReader::is_alone(const sql::Node& node) const {
  if (find_read_elsewhere(draft_, node, entry_) == nullptr) return false;
  std::vector<std::string_view> names;
  add_names(node, names);
  bool alone = true;
  sql::walk(node, [&](const sql::Node& child) {
    const auto* column = sql::as<sql::ColumnRef>(&child);
    if (column == nullptr) return alone;
    alone = alone && (column->table.empty() ? entry_.schema->find(column->name) == nullptr
                                            : std::ranges::find(names, column->table) != names.end());
    return alone;
  });
  return alone;
}

/// ON DUPLICATE KEY UPDATE may name columns of the query: they are read as well.
Result<void> InsertReader::mark_duplicates() {
  auto* select = sql::as<sql::Select>(query_);
  bool done = true;
  std::vector<std::string_view> inner;  // names of tables of nested queries
  const auto replace = [&](sql::Node& node, const auto& self) -> sql::Node* {
    const auto* column = sql::as<sql::ColumnRef>(&node);
    const bool outer = inner.empty() || (column != nullptr && !column->table.empty() &&
                                         std::ranges::find(inner, column->table) == inner.end());
    if (column != nullptr && outer && is_of_query(*column)) {
      done &= select != nullptr && !select->distinct;
      if (!done) return &node;
      select->items.push_back(arena_, new_item(column, arena_));
      return mark(column);
    }
    if (node.kind == sql::NodeKind::kValuesOf) return &node;
    if (!places_rows() && sql::is_expr(node.kind) && is_alone(node)) {
      auto* value = static_cast<sql::Expr*>(&node);
      lock_reads(*value, arena_);
      if (select != nullptr) select->items.push_back(arena_, new_item(value, arena_));
      done &= select == nullptr ? query_ == nullptr : !select->distinct;
      return mark(value);
    }
    const std::size_t before = inner.size();
    if (sql::is_query(node.kind)) add_names(node, inner);
    sql::rewrite_children(node, [&](sql::Node& child) { return self(child, self); });
    inner.resize(before);
    return &node;
  };
  for (sql::Assignment* assignment : copy_.on_duplicate)
    assignment->value = static_cast<sql::Expr*>(replace(*assignment->value, replace));
  if (done) return {};
  return failure(kUnsupportedYet,
                 "ON DUPLICATE KEY UPDATE with columns of a query that is DISTINCT or a set operation");
}

bool InsertReader::is_of_query(const sql::ColumnRef& column) const {
  const bool own = entry_.schema->find(column.name) != nullptr;
  if (column.table.empty() ? own : own && column.table == entry_.name->name) return false;
  return draft_.top != nullptr && resolve_column(column, draft_.top).source != nullptr;
}

}  // namespace kintsugi::plan::pass
