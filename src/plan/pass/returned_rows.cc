#include "plan/called_rows.h"
#include "plan/pass/called_columns.h"
#include "sql/parameters.h"

// Pass "returning": RETURNING with queries of sharded tables, or with stored functions that no shard can run
// alone. The write returns the columns that are asked for; with these the select list runs like that of a
// query, when all rows are written.

namespace kintsugi::plan::pass {

namespace {

class Cutter : private CalledColumns {
 public:
  explicit Cutter(Draft& draft) : CalledColumns(draft, *draft.top) { leaves_calls_ = true; }

  Result<CalledRows> run() {
    made_.table = free_name();
    made_.number = "_kintsugi_nr";
    sql::Statement* write = copy(&draft_.statement);
    auto* rest = sql::make_node<sql::Select>(arena_);
    sql::List<sql::SelectItem*>& returning = returned(*write);
    rest->items = returning;
    name_items(rest->items);
    for (sql::SelectItem* item : rest->items) item->value = over_table(item->value);
    rest->from.push_back(arena_, called_table());
    auto* order = sql::make_node<sql::OrderItem>(arena_);
    order->value = of_table(made_.number);
    rest->order_by.push_back(arena_, order);
    auto* table = sql::make_node<sql::NamedTable>(arena_);
    table->name = sql::clone(table_of(*write), arena_);
    rows_->from.push_back(arena_, table);
    finish();
    if (failed_) return failure(*failed_);
    returning = rows_->items;
    for (sql::SelectItem* item : returning) unqualify(*item);
    made_.rows = write;
    made_.rest = rest;
    return std::move(made_);
  }

 private:
  static sql::List<sql::SelectItem*>& returned(sql::Statement& write) {
    auto* insert = sql::as<sql::Insert>(&write);
    return insert != nullptr ? insert->returning : static_cast<sql::Delete&>(write).returning;
  }

  static const sql::TableName* table_of(const sql::Statement& write) {
    if (const auto* insert = sql::as<sql::Insert>(&write)) return insert->table;
    return static_cast<const sql::NamedTable*>(static_cast<const sql::Delete&>(write).from[0])->name;
  }

  /// There is one table, and not all servers take its name here.
  static void unqualify(sql::SelectItem& item) {
    sql::walk(item, [](sql::Node& node) {
      if (auto* column = sql::as<sql::ColumnRef>(&node)) column->schema = column->table = {};
      return true;
    });
  }
};

}  // namespace

Result<void> cut_at_returning(Draft& draft) {
  if (!draft.returns_elsewhere || draft.top == nullptr) return {};
  if (Result<void> made = make_session(draft); !made) return made;
  auto& session = static_cast<Session&>(*draft.plan->root);
  session.calls_functions = true;
  draft.done = true;
  if (sql::has_parameter(draft.statement)) {
    session.rows = std::make_shared<const CalledRows>();
    return {};
  }
  Result<CalledRows> rows = Cutter(draft).run();
  if (!rows) return failure(rows.error());
  session.rows = std::make_shared<const CalledRows>(std::move(*rows));
  return {};
}

}  // namespace kintsugi::plan::pass
