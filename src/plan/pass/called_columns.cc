#include "plan/pass/called_columns.h"

#include <algorithm>

#include "base/lower_case.h"
#include "plan/pass/gate_calls.h"
#include "plan/pass/rules.h"
#include "sql/conditional.h"

namespace kintsugi::plan::pass {

void CallFinder::find(const sql::Node& node, std::vector<const sql::FunctionCall*>& calls) const {
  const auto* call = sql::as<sql::FunctionCall>(&node);
  if (call != nullptr && gates_keyspace(context_, *call) != nullptr) {
    calls.push_back(call);
    return;  // those in its arguments are made with it
  }
  sql::for_each_child(node, [&](const sql::Node& child) {
    if (!sql::is_query(child.kind) && child.kind != sql::NodeKind::kWith) find(child, calls);
  });
}

bool CallFinder::has(const sql::Node& node) const {
  std::vector<const sql::FunctionCall*> calls;
  find(node, calls);
  return !calls.empty();
}

CalledColumns::CalledColumns(Draft& draft, Block& block)
    : draft_(draft),
      block_(block),
      arena_(draft.plan->arena),
      finder_(draft.context),
      rows_(sql::make_node<sql::Select>(arena_)) {
  for (const auto& known : draft.blocks) blocks_.emplace(known->node, known.get());
}

void CalledColumns::fail(std::string why) {
  if (!failed_) failed_ = Error(kUnsupportedYet, std::move(why));
}

void CalledColumns::name_answers(sql::Statement& rest) {
  const auto name = [this](sql::Query* query) {
    sql::Node* first = query;
    while (auto* operation = sql::as<sql::SetOperation>(first)) first = operation->arms[0]->query;
    while (auto* nested = sql::as<sql::NestedQuery>(first)) first = nested->inner;
    auto* select = sql::as<sql::Select>(first);
    if (select == nullptr) return;
    for (sql::SelectItem* item : select->items) item->alias = alias_of(*item, draft_);
  };
  if (sql::is_query(rest.kind)) name(static_cast<sql::Query*>(&rest));
  sql::walk(rest, [&name](sql::Node& node) {
    if (auto* derived = sql::as<sql::DerivedTable>(&node)) name(derived->query);
    if (auto* common = sql::as<sql::CommonTable>(&node)) name(common->query);
    if (auto* create = sql::as<sql::CreateTable>(&node); create != nullptr && create->query != nullptr)
      name(create->query);
    return true;
  });
}

std::string CalledColumns::free_name() const {
  for (std::size_t i = 0;; ++i) {
    std::string name = "_kintsugi_called" + (i == 0 ? std::string() : std::to_string(i));
    sql::TableName wanted;
    wanted.name = name;
    if (find_temporary(draft_.context, wanted) == nullptr) return name;
  }
}

void CalledColumns::finish() {
  for (const std::string_view directive : draft_.statement.directives)
    rows_->directives.push_back(arena_, arena_.copy(directive));
  made_.shape = shape();
  if (made_.columns.empty() && arguments_.empty())
    argument(*limit_of("1", arena_)->count);  // a query has to have an item
  for (sql::SelectItem* item : arguments_) rows_->items.push_back(arena_, item);
  made_.rows = rows_;
}

/// The walks of both meet their nodes in the same order.
void CalledColumns::note_copy(const sql::Node& node, sql::Node& made) {
  std::vector<const sql::Node*> before;
  sql::walk(node, [&before](const sql::Node& child) {
    before.push_back(&child);
    return true;
  });
  std::size_t at = 0;
  sql::walk(made, [&](sql::Node& child) {
    const sql::Node* copied = before[at++];
    origin_[&child] = origin(copied);
    copies_.emplace(copied, &child);
    return true;
  });
}

const sql::Node* CalledColumns::origin(const sql::Node* node) const {
  const auto found = origin_.find(node);
  return found == origin_.end() ? node : found->second;
}

// What is over the temporary table.

sql::TableRef* CalledColumns::called_table() {
  auto* name = sql::make_node<sql::TableName>(arena_);
  name->name = arena_.copy(made_.table);
  auto* table = sql::make_node<sql::NamedTable>(arena_);
  table->name = name;
  return table;
}

sql::ColumnRef* CalledColumns::of_table(std::string_view column) {
  auto* made = sql::make_node<sql::ColumnRef>(arena_);
  made->table = arena_.copy(made_.table);
  made->name = arena_.copy(column);
  return made;
}

sql::ColumnRef* CalledColumns::reference(const Source& source, std::string_view name) {
  auto* made = sql::make_node<sql::ColumnRef>(arena_);
  made->table = arena_.copy(source.alias);
  made->name = arena_.copy(name);
  const auto alike = [&source](const Source* other) {
    return other != &source && other->alias == source.alias;
  };
  if (std::ranges::any_of(block_.sources, alike)) made->schema = arena_.copy(source.schema);
  return made;
}

Source* CalledColumns::source_of(const sql::ColumnRef& column, Block* at) const {
  if (const auto found = written_out_.find(&column); found != written_out_.end()) return found->second;
  const auto* original = static_cast<const sql::ColumnRef*>(origin(&column));
  Source* source = resolve_column(*original, at).source;
  return source != nullptr && source->block == &block_ ? source : nullptr;
}

/// The column of the temporary table that has a column of the block's.
sql::Expr* CalledColumns::kept(const Source& source, std::string_view name) {
  const auto [found, added] = columns_.emplace(std::pair(&source, lower_case(name)), made_.columns.size());
  if (added) {
    const Column* column = source.table == nullptr ? nullptr : source.table->find(name);
    const bool inexact = column != nullptr && column->type == "float";
    add_column(reference(source, name),
               inexact ? exact_column(source, column->name, arena_) : reference(source, name));
  }
  return of_table(made_.columns[found->second]);
}

sql::Expr* CalledColumns::kept(sql::Expr& value) {
  add_column(copy(&value), &value);
  return of_table(made_.columns.back());
}

void CalledColumns::add_column(sql::Expr* typed, sql::Expr* read) {
  made_.columns.push_back("_kintsugi_" + std::to_string(made_.columns.size()));
  typed_.push_back(typed);
  rows_->items.push_back(arena_, item_of(read, made_.columns.back()));
}

sql::SelectItem* CalledColumns::item_of(sql::Expr* value, std::string_view alias) {
  auto* item = sql::make_node<sql::SelectItem>(arena_);
  item->value = value;
  item->alias = arena_.copy(alias);
  return item;
}

sql::Select* CalledColumns::shape() {
  sql::Select* made = sql::clone(rows_, arena_);
  made->items = {};
  for (std::size_t i = 0; i < typed_.size(); ++i)
    made->items.push_back(arena_, item_of(typed_[i], made_.columns[i]));
  made->locking = {};
  made->order_by = {};
  made->limit = limit_of("0", arena_);
  return made;
}

sql::Expr* CalledColumns::over_table(sql::Expr* value) {
  return static_cast<sql::Expr*>(over_table(*value, &block_, nullptr));
}
sql::Expr* CalledColumns::over_table_for_rows(sql::Expr* value) {
  ++in_rows_;
  value = over_table(value);
  --in_rows_;
  return value;
}

/// Of conditions that all must hold, a server looks at the next one where those before it are true.
sql::Expr* CalledColumns::condition_over_table(sql::Expr* value) {
  ++in_rows_;
  auto* chain = sql::as<sql::Logical>(value);
  if (chain != nullptr && chain->op == sql::LogicalOp::kAnd) {
    sql::Expr* guard = nullptr;
    for (sql::Expr*& operand : chain->operands) {
      auto* holds = sql::make_node<sql::Is>(arena_);
      holds->value = copy(operand);
      holds->test = sql::IsTest::kTrue;
      operand = static_cast<sql::Expr*>(over_table(*operand, &block_, guard));
      guard = sql::both(guard, holds, arena_);
    }
  } else {
    value = over_table(value);
  }
  --in_rows_;
  return value;
}
void CalledColumns::over_table_children(sql::Node& node) {
  sql::rewrite_children(node, [this](sql::Node& child) { return over_table(child, &block_, nullptr); });
}

sql::Node* CalledColumns::over_table(sql::Node& node, Block* at, sql::Expr* guard) {
  if (auto* column = sql::as<sql::ColumnRef>(&node)) {
    const Source* source = source_of(*column, at);
    return source == nullptr ? &node : kept(*source, column->name);
  }
  auto* call = sql::as<sql::FunctionCall>(&node);
  if (call != nullptr && at == &block_) {
    if (gates_keyspace(draft_.context, *call) != nullptr) {
      if (sql::Expr* known = known_value(*call, guard)) return known;
      if (is_made(*call)) return value_of(*call, guard);
    } else if (by_groups_ && is_aggregate(*call) && call->over == nullptr) {
      return kept(*call);
    }
  }
  if (sql::is_query(node.kind)) {
    const auto found = blocks_.find(origin(&node));
    if (found != blocks_.end()) at = found->second;
  }
  Guards guards;
  for (const sql::GuardedOperand& operand : sql::guarded_operands(node, arena_)) {
    if (operand.guard != nullptr && at == &block_ && finder_.has(*operand.operand))
      guards[operand.operand] = sql::both(guard, copy(operand.guard), arena_);
  }
  const bool of_rows = call != nullptr && is_aggregate(*call);
  in_rows_ += of_rows ? 1 : 0;
  over_table_children(node, at, guard, guards);
  in_rows_ -= of_rows ? 1 : 0;
  return &node;
}

void CalledColumns::over_table_children(sql::Node& node, Block* at, sql::Expr* guard, const Guards& guards) {
  sql::rewrite_children(node, [&](sql::Node& child) -> sql::Node* {
    if (child.kind == sql::NodeKind::kWhen) {
      over_table_children(child, at, guard, guards);
      return &child;
    }
    const auto found = guards.find(&child);
    return over_table(child, at, found == guards.end() ? guard : found->second);
  });
}

// Calls.

/// Of a block with groups whose calls are made for rows, others are made for the groups, when the rest runs;
/// and those of the select list, for the rows that conditions with calls leave.
bool CalledColumns::is_made(const sql::FunctionCall& call) const {
  if (leaves_calls_) return false;
  if (conditions_first_) return in_rows_ > 0;
  if (!grouped_ || by_groups_) return true;
  return in_rows_ > 0 || is_group(call);
}

bool CalledColumns::is_group(const sql::FunctionCall& call) const {
  return std::ranges::any_of(group_calls_,
                             [&call](const sql::FunctionCall* known) { return sql::equal(*known, call); });
}

/// The column of a call that is made already; null: it is not.
sql::Expr* CalledColumns::known_value(const sql::FunctionCall& call, const sql::Expr* guard) {
  for (const Called& made : calls_) {
    // What makes a group is the same where it is said again.
    const bool same = is_group(call) && sql::equal(*made.call, call) && sql::equal(made.guard, guard);
    if (made.call == origin(&call) || same) return of_table(made.column);
  }
  return nullptr;
}

sql::Expr* CalledColumns::value_of(sql::FunctionCall& call, sql::Expr* guard) {
  const vschema::Keyspace& keyspace = *gates_keyspace(draft_.context, call);
  CalledRows::Call made;
  made.column = "_kintsugi_call_" + std::to_string(made_.calls.size());
  made.keyspace = keyspace.name();
  made.function = copy(&call);
  calls_.push_back({static_cast<const sql::FunctionCall*>(origin(&call)), guard, made.column});
  sql::Expr* value = guard == nullptr ? &call : sql::guarded(*copy(guard), call, arena_);
  made.value = static_cast<const sql::Expr*>(with_arguments(*value));
  made_.calls.push_back(made);
  return of_table(made.column);
}

sql::Node* CalledColumns::with_arguments(sql::Node& node) {
  if (sql::is_query(node.kind)) {
    fail("a query with a function that the gate runs, in an argument of such a function");
    return &node;
  }
  // Of a guard: what has been called before.
  for (const Called& made : calls_) {
    if (made.call == origin(&node) && made.call != calls_.back().call) return row_mark(made.column);
  }
  if (is_value(node)) {
    auto& value = static_cast<sql::Expr&>(node);
    if (constant_operand(&value, draft_)) return &node;
    if (find_gates_call(draft_.context, node) == nullptr) return argument(value);
  }
  sql::rewrite_children(node, [this](sql::Node& child) { return with_arguments(child); });
  return &node;
}

sql::Expr* CalledColumns::argument(sql::Expr& value) {
  const std::string name = "_kintsugi_argument_" + std::to_string(arguments_.size());
  arguments_.push_back(item_of(&value, name));
  return row_mark(name);
}

sql::Expr* CalledColumns::row_mark(std::string_view name) {
  auto* mark = sql::make_node<sql::ColumnRef>(arena_);
  mark->table = kRowOfCalls;
  mark->name = arena_.copy(name);
  return mark;
}

void CalledColumns::name_items(sql::List<sql::SelectItem*>& said) {
  sql::List<sql::SelectItem*> items{};
  for (sql::SelectItem* item : said) {
    if (const auto* star = sql::as<sql::Star>(item->value)) {
      write_out(*star, items);
      continue;
    }
    item->alias = alias_of(*item, draft_);
    items.push_back(arena_, item);
  }
  said = items;
}

void CalledColumns::write_out(const sql::Star& star, sql::List<sql::SelectItem*>& items) {
  if (star.table.empty() && merges_columns(block_)) fail("a star over joins by common columns");
  for (Source* source : block_.sources) {
    if (!star.table.empty() && star.table != source->alias) continue;
    for (const std::string_view name : columns_of(*source)) {
      auto* item = sql::make_node<sql::SelectItem>(arena_);
      item->value = reference(*source, name);
      item->alias = arena_.copy(name);
      written_out_[item->value] = source;
      items.push_back(arena_, item);
    }
  }
}

std::vector<std::string_view> CalledColumns::columns_of(const Source& source) {
  std::vector<std::string_view> names;
  if (source.kind == Source::Kind::kTable && source.table != nullptr) {
    for (const Column& column : source.table->columns) {
      if (!column.invisible) names.push_back(column.name);
    }
  } else if (source.kind == Source::Kind::kDerived && source.query->outputs_known) {
    for (std::size_t i = 0; i < source.query->outputs.size(); ++i)
      names.push_back(i < source.columns.size() ? source.columns[i] : source.query->outputs[i].name);
  } else {
    fail("a star over '" + std::string(source.alias) + "', whose columns are not known");
  }
  return names;
}

}  // namespace kintsugi::plan::pass
