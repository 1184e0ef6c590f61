// The Builder's queries, tables, and changes of data.

#include <utility>

#include "sql/grammar/builder.h"
#include "sql/parser.h"

namespace kintsugi::sql {

namespace {

bool has_tail(const Query* query) {
  return query->with != nullptr || !query->order_by.empty() || query->limit != nullptr ||
         !query->locking.empty();
}

// Whether nothing but locks follows the select list, so that an INTO at either place reads the same.
bool ends_with_items(const Query* query) {
  const auto* select = as<Select>(query);
  return select != nullptr && select->from.empty() && !select->from_dual && select->where == nullptr &&
         select->group_by.empty() && select->having == nullptr && select->windows.empty() &&
         select->order_by.empty() && select->limit == nullptr && select->procedure == nullptr;
}

}  // namespace

Query* Builder::with_tail(With* with, Query* query, List<OrderItem*> order, Limit* limit, Location location) {
  if (with == nullptr && order.empty() && limit == nullptr) return query;
  if (has_tail(query)) {
    auto* nested = make<NestedQuery>(location);
    nested->inner = query;
    query = nested;
  }
  widen(query, location);
  query->with = with;
  query->order_by = order;
  query->limit = limit;
  return query;
}

Query* Builder::with_locking(Query* query, List<Locking*> locking) {
  if (!query->locking.empty()) {
    auto* nested = make<NestedQuery>(place(query));
    nested->inner = query;
    query = nested;
  }
  query->locking = locking;
  return query;
}

Query* Builder::with_procedure(Query* query, FunctionCall* procedure) {
  auto* select = as<Select>(query);
  if (select == nullptr || select->into != nullptr || select->procedure != nullptr) {
    syntax_error(place(procedure));
  } else {
    select->procedure = procedure;
  }
  return query;
}

Query* Builder::with_into(Query* query, Into* into) {
  if (query->into != nullptr) syntax_error(place(into));
  into->last = !ends_with_items(query);
  query->into = into;
  return query;
}

Query* Builder::inner_query(Query* query) {
  if (query->into != nullptr) syntax_error(place(query->into));
  auto* select = as<Select>(query);
  if (select != nullptr && select->procedure != nullptr) syntax_error(place(select->procedure));
  return query;
}

Query* Builder::set_operation(Location location, Query* left, SetOp op, int all, Query* right) {
  if (left->into != nullptr) syntax_error(place(left->into));
  // An INTO that ends the last operand is the whole's.
  Into* into = std::exchange(right->into, nullptr);
  if (into != nullptr) into->last = true;
  auto arm = [&](SetOp how, bool keep_all, Query* query) {
    auto* node = make<SetArm>(place(query));
    node->op = how;
    node->all = keep_all;
    node->query = query;
    return node;
  };
  auto* chain = as<SetOperation>(left);
  bool intersects = chain != nullptr && chain->arms.back()->op == SetOp::kIntersect;
  if (chain == nullptr || has_tail(chain) || intersects != (op == SetOp::kIntersect)) {
    chain = make<SetOperation>(location);
    chain->arms.push_back(arena_, arm(SetOp::kNone, false, left));
  }
  chain->arms.push_back(arena_, arm(op, all != 0, right));
  chain->into = into;
  widen(chain, location);
  return chain;
}

Query* Builder::values(Location location, List<Row*> rows) {
  auto* node = make<Values>(location);
  node->rows = rows;
  for (const Row* row : rows) node->row_keyword = node->row_keyword || row->keyword;
  return node;
}

Select* Builder::select(Select* node, Word hints, unsigned options, List<SelectItem*> items, Into* into,
                        Location location) {
  widen(node, location);
  node->hints = hints;
  node->distinct = (options & kDistinctBit) != 0;
  node->options = options & ~(kDistinctBit | kAllBit);
  node->items = items;
  node->into = into;
  return node;
}

Select* Builder::select_from(Location location, List<TableRef*> from, Expr* where, List<OrderItem*> group,
                             bool rollup, Expr* having, List<WindowSpec*> windows) {
  auto* node = make<Select>(location);
  node->from = from;
  node->where = where;
  node->group_by = group;
  node->with_rollup = rollup;
  node->having = having;
  node->windows = windows;
  return node;
}

unsigned Builder::select_option(unsigned options, unsigned option, Location location) {
  unsigned both = options | option;
  if ((both & kDistinctBit) != 0 && (both & kAllBit) != 0) syntax_error(location);
  return both;
}

SelectItem* Builder::select_item(Location location, Expr* value, Word alias) {
  auto* node = make<SelectItem>(location);
  node->value = value;
  node->alias = alias;
  node->source.text = sql_.substr(location.begin, location.end - location.begin);
  return node;
}

Limit* Builder::limit(Location location, Expr* count, Expr* offset) {
  auto* node = make<Limit>(location);
  node->count = count;
  node->offset = offset;
  return node;
}

Locking* Builder::locking(Location location, LockStrength strength, List<TableName*> of, int wait) {
  auto* node = make<Locking>(location);
  node->strength = strength;
  node->of = of;
  node->wait = static_cast<LockWait>(wait);
  if (node->wait == LockWait::kWait) node->wait_s = expr_;
  return node;
}

FileFormat* Builder::join_formats(FileFormat* fields, FileFormat* lines) {
  fields->lines_starting = lines->lines_starting;
  fields->lines_terminated = lines->lines_terminated;
  return fields;
}

// ---- tables ----

TableName* Builder::table_name(Location location, Word schema, Word name) {
  auto* node = make<TableName>(location);
  node->schema = schema;
  node->name = name;
  return node;
}

TableRef* Builder::named_table(Location location, TableName* name, List<std::string_view> partitions,
                               SystemTime* time, Word alias, List<IndexHint*> hints) {
  auto* node = make<NamedTable>(location);
  node->name = name;
  node->partitions = partitions;
  node->system_time = time;
  node->alias = alias;
  node->hints = hints;
  return node;
}

TableRef* Builder::derived(Location location, bool lateral, Query* query, Word alias,
                           List<std::string_view> columns) {
  auto* node = make<DerivedTable>(location);
  node->lateral = lateral;
  node->query = query;
  node->alias = alias;
  node->columns = columns;
  if (node->alias.empty()) fail(Error(kDerivedNeedsAlias, "Every derived table must have its own alias"));
  return node;
}

TableRef* Builder::join(Location location, int kind, TableRef* left, TableRef* right) {
  auto* node = make<Join>(location);
  node->join = static_cast<JoinKind>(kind);
  node->left = left;
  node->right = right;
  return node;
}

// A join without a condition takes only the first table of what stands to its right: in
// `a JOIN b JOIN c ON x`, x may name columns of a. The grammar reads the right side first, so its left end is
// where `left` belongs.
TableRef* Builder::bare_join(Location location, int kind, TableRef* left, TableRef* right) {
  auto open = [](TableRef* table) {
    auto* node = as<Join>(table);
    return node != nullptr && !node->parenthesised ? node : nullptr;
  };
  Join* lowest = open(right);
  if (lowest == nullptr) return join(location, kind, left, right);
  widen(lowest, location);
  while (Join* next = open(lowest->left)) {
    lowest = next;
    widen(lowest, location);
  }
  lowest->left =
      join({location.begin, lowest->left->offset + lowest->left->length}, kind, left, lowest->left);
  return right;
}

TableRef* Builder::natural_join(Location location, JoinKind kind, TableRef* left, TableRef* right) {
  TableRef* node = join(location, static_cast<int>(kind), left, right);
  static_cast<Join*>(node)->natural = true;
  return node;
}

TableRef* Builder::parenthesised(List<TableRef*> tables, Location location) {
  TableRef* all = tables[0];
  for (unsigned i = 1; i < tables.count; ++i) {
    all = join(location, static_cast<int>(JoinKind::kCross), all, tables[i]);
  }
  if (auto* node = as<Join>(all)) node->parenthesised = true;
  return all;
}

TableRef* Builder::odbc_join(Word word, TableRef* join, Location location) {
  if (std::string_view(lower(word)) != "oj") syntax_error(location);
  static_cast<Join*>(join)->parenthesised = true;
  return join;
}

TableRef* Builder::json_table(Location location, Expr* document, Literal* path, List<JsonColumn*> columns,
                              Word alias) {
  auto* node = make<JsonTable>(location);
  node->document = document;
  node->path = path;
  node->columns = columns;
  node->alias = alias;
  return node;
}

JsonColumn* Builder::json_column(Location location, JsonColumnKind kind, Word name, DataType* type,
                                 Literal* path) {
  auto* node = make<JsonColumn>(location);
  node->column = kind;
  node->name = name;
  node->type = type;
  node->path = path;
  return node;
}

SystemTime* Builder::system_time(Location location, SystemTimeKind range, Word unit, Expr* from, Word to_unit,
                                 Expr* to) {
  auto* node = make<SystemTime>(location);
  node->range = range;
  node->unit = unit;
  node->from = from;
  node->to_unit = to_unit;
  node->to = to;
  return node;
}

IndexHint* Builder::index_hint(Location location, HintAction action, int scope,
                               List<std::string_view> names) {
  auto* node = make<IndexHint>(location);
  node->action = action;
  node->scope = static_cast<HintScope>(scope);
  node->indexes = names;
  return node;
}

// ---- changes of data ----

Insert* Builder::insert_head(Location location, bool replace, Word hints, int priority, bool ignore,
                             TableName* table, List<std::string_view> partitions) {
  auto* node = make<Insert>(location);
  node->replace = replace;
  node->hints = hints;
  node->priority = static_cast<Priority>(priority);
  node->ignore = ignore;
  node->table = table;
  node->partitions = partitions;
  return node;
}

Insert* Builder::insert_from(Query* source) {
  auto* node = make<Insert>(place(source));
  node->source = inner_query(source);
  return node;
}

Insert* Builder::insert_set(List<Assignment*> assignments, Location location) {
  auto* node = make<Insert>(location);
  auto* row = make<Row>(location);
  for (Assignment* assignment : assignments) {
    node->columns.push_back(arena_, assignment->column);
    row->items.push_back(arena_, assignment->value);
  }
  node->has_columns = true;
  node->set_form = true;
  node->source = values(location, list(row));
  return node;
}

Statement* Builder::insert(Location location, Insert* head, Insert* body, List<Assignment*> on_duplicate,
                           List<SelectItem*> returning, Location duplicate_location) {
  widen(head, location);
  head->columns = body->columns;
  head->has_columns = body->has_columns;
  head->set_form = body->set_form;
  head->source = body->source;
  head->row_alias = body->row_alias;
  head->row_alias_columns = body->row_alias_columns;
  head->on_duplicate = on_duplicate;
  head->returning = returning;
  if (head->replace && !on_duplicate.empty()) syntax_error(duplicate_location);
  return head;
}

Statement* Builder::update(Location location, With* with, Word hints, bool low, bool ignore,
                           List<TableRef*> tables, Portion* portion, List<Assignment*> set, Expr* where,
                           List<OrderItem*> order, Limit* limit) {
  auto* node = make<Update>(location);
  node->with = with;
  node->hints = hints;
  node->low_priority = low;
  node->ignore = ignore;
  node->tables = tables;
  node->portion = portion;
  node->set = set;
  node->where = where;
  node->order_by = order;
  node->limit = limit;
  return node;
}

Statement* Builder::delete_one(Location location, Statement* head, TableName* table, Portion* portion,
                               List<std::string_view> partitions, Word alias, List<IndexHint*> hints,
                               Expr* where, List<OrderItem*> order, Limit* limit,
                               List<SelectItem*> returning) {
  auto* node = static_cast<Delete*>(head);
  widen(node, location);
  node->from = list(named_table(place(table), table, partitions, nullptr, alias, hints));
  node->portion = portion;
  node->where = where;
  node->order_by = order;
  node->limit = limit;
  node->returning = returning;
  return node;
}

Statement* Builder::delete_many(Location location, Statement* head, List<TableName*> targets,
                                List<TableRef*> from, Expr* where, List<OrderItem*> order, Limit* limit) {
  auto* node = static_cast<Delete*>(head);
  widen(node, location);
  node->targets = targets;
  node->from = from;
  node->where = where;
  node->order_by = order;
  node->limit = limit;
  return node;
}

Statement* Builder::delete_history(Location location, TableName* table, List<std::string_view> partitions,
                                   SystemTime* before) {
  auto* node = make<Delete>(location);
  node->history = true;
  node->from = list(named_table(place(table), table, partitions, nullptr, {}, {}));
  node->before = before;
  return node;
}

Statement* Builder::load(Location location, LoadData* node, int duplicates, TableName* table,
                         List<std::string_view> partitions, Word charset, Literal* rows_by,
                         FileFormat* format, Literal* ignore_lines, List<Expr*> columns,
                         List<Assignment*> set) {
  widen(node, location);
  node->duplicates = static_cast<OnDuplicate>(duplicates);
  node->table = table;
  node->partitions = partitions;
  node->charset = charset;
  node->rows_identified_by = rows_by;
  node->format = format;
  node->ignore_lines = ignore_lines;
  node->columns = columns;
  node->set = set;
  return node;
}

Handler* Builder::handler(Location location, HandlerAction action, TableName* table) {
  auto* node = make<Handler>(location);
  node->action = action;
  node->table = table;
  return node;
}

}  // namespace kintsugi::sql
