// Queries and tables.

#include "sql/print/writer.h"

namespace kintsugi::sql {

namespace {

bool has_tail(const Query& query) {
  return query.with != nullptr || !query.order_by.empty() || query.limit != nullptr ||
         !query.locking.empty() || query.into != nullptr;
}

// MariaDB takes a set operation in parentheses for a derived table, which may not have two columns of one
// name: an INTERSECT goes without, since it binds tighter than its neighbours.
bool needs_parentheses(const SetArm& arm) {
  if (has_tail(*arm.query)) return true;
  if (arm.query->kind != NodeKind::kSetOperation) return false;
  SetOp inner = static_cast<const SetOperation&>(*arm.query).arms.back()->op;
  return inner != SetOp::kIntersect || arm.op == SetOp::kIntersect;
}

}  // namespace

void Writer::with(const Query& n) {
  if (n.with != nullptr) write(*n.with);
}

void Writer::tail(const Query& n) {
  order_by(n.order_by);
  limit(n.limit);
  if (n.into != nullptr) write(*n.into);
  for (const Locking* locking : n.locking) write(*locking);
}

void Writer::write(const TableName& n) {
  space();
  if (!n.schema.empty()) {
    print_name(out_, n.schema, options_);
    raw(".");
  }
  print_name(out_, n.name, options_);
}

void Writer::write(const CommonTable& n) {
  name(n.name);
  if (!n.columns.empty()) name_list(n.columns);
  word("as");
  in_parentheses(*n.query);
  if (n.cycle.empty()) return;
  word("cycle");
  names(n.cycle);
  word("restrict");
}

void Writer::write(const With& n) {
  word("with");
  word_if(n.recursive, "recursive");
  list(n.tables);
}

void Writer::write(const Limit& n) {
  if (n.with_ties || (n.count == nullptr && n.offset != nullptr)) {
    if (n.offset != nullptr) {
      word("offset");
      expr(*n.offset);
      word("rows");
    }
    if (n.count == nullptr) return;
    word("fetch first");
    expr(*n.count);
    return word(n.with_ties ? "rows with ties" : "rows only");
  }
  word("limit");
  // Parameters keep the order in which they are numbered.
  const auto* count = as<Parameter>(n.count);
  const auto* offset = as<Parameter>(n.offset);
  bool offset_first = count != nullptr && offset != nullptr && offset->index < count->index;
  if (offset_first) {
    expr(*n.offset);
    raw(",");
  }
  if (n.count != nullptr) expr(*n.count);
  if (n.offset != nullptr && !offset_first) {
    word("offset");
    expr(*n.offset);
  }
  if (n.rows_examined == nullptr) return;
  word("rows examined");
  expr(*n.rows_examined);
}

void Writer::limit(const Limit* limit) {
  if (limit != nullptr) write(*limit);
}

void Writer::order_by(const List<OrderItem*>& items) {
  if (items.empty()) return;
  word("order by");
  list(items);
}

void Writer::where(const Expr* condition) {
  if (condition == nullptr) return;
  word("where");
  expr(*condition);
}

void Writer::write(const Locking& n) {
  static constexpr std::string_view kStrengths[] = {"for update", "for share", "lock in share mode"};
  static constexpr std::string_view kWaits[] = {"", "nowait", "skip locked", "wait"};
  word(kStrengths[static_cast<int>(n.strength)]);
  if (!n.of.empty()) {
    word("of");
    list(n.of);
  }
  word_if(n.wait != LockWait::kDefault, kWaits[static_cast<int>(n.wait)]);
  if (n.wait_s != nullptr) expr(*n.wait_s);
}

void Writer::literal_clause(std::string_view words, const Literal* literal) {
  if (literal == nullptr) return;
  word(words);
  write(*literal);
}

void Writer::write(const FileFormat& n) {
  word_if(n.fields_terminated != nullptr || n.enclosed != nullptr || n.escaped != nullptr, "fields");
  literal_clause("terminated by", n.fields_terminated);
  literal_clause(n.optionally_enclosed ? "optionally enclosed by" : "enclosed by", n.enclosed);
  literal_clause("escaped by", n.escaped);
  word_if(n.lines_starting != nullptr || n.lines_terminated != nullptr, "lines");
  literal_clause("starting by", n.lines_starting);
  literal_clause("terminated by", n.lines_terminated);
}

void Writer::write(const Into& n) {
  word("into");
  list(n.variables);
  literal_clause("outfile", n.outfile);
  literal_clause("dumpfile", n.dumpfile);
  if (!n.charset.empty()) {
    word("character set");
    charset_name(n.charset);
  }
  if (n.format != nullptr) write(*n.format);
}

void Writer::write(const SelectItem& n) {
  expr(*n.value);
  alias(n.alias);
}

void Writer::alias(std::string_view alias) {
  if (alias.empty()) return;
  word("as");
  name(alias);
}

void Writer::hints(std::string_view hints) {
  if (hints.empty()) return;
  word("/*+");
  raw(hints);
  raw("*/");
}

void Writer::write(const Select& n) {
  static constexpr std::string_view kOptions[] = {"straight_join",  "high_priority",      "sql_small_result",
                                                  "sql_big_result", "sql_buffer_result",  "sql_no_cache",
                                                  "sql_cache",      "sql_calc_found_rows"};
  with(n);
  word("select");
  hints(n.hints);
  word_if(n.distinct, "distinct");
  for (unsigned i = 0; i < std::size(kOptions); ++i) word_if((n.options & (1u << i)) != 0, kOptions[i]);
  list(n.items);
  if (n.into != nullptr && !n.into->last) write(*n.into);
  if (!n.from.empty() || n.from_dual) {
    word("from");
    list(n.from);
    word_if(n.from_dual, "dual");
  }
  where(n.where);
  if (!n.group_by.empty()) {
    word("group by");
    list(n.group_by);
  }
  word_if(n.with_rollup, "with rollup");
  if (n.having != nullptr) {
    word("having");
    expr(*n.having);
  }
  if (!n.windows.empty()) {
    word("window");
    list(n.windows);
  }
  order_by(n.order_by);
  limit(n.limit);
  if (n.procedure != nullptr) {
    word("procedure");
    expr(*n.procedure);
  }
  if (n.into != nullptr && n.into->last) write(*n.into);
  for (const Locking* locking : n.locking) write(*locking);
}

void Writer::write(const SetArm& n) {
  static constexpr std::string_view kOps[] = {"", "union", "except", "intersect"};
  word_if(n.op != SetOp::kNone, kOps[static_cast<int>(n.op)]);
  word_if(n.all, "all");
  if (needs_parentheses(n)) return in_parentheses(*n.query);
  node(*n.query);
}

void Writer::write(const SetOperation& n) {
  with(n);
  for (const SetArm* arm : n.arms) write(*arm);
  tail(n);
}

void Writer::write(const Values& n) {
  with(n);
  word("values");
  for (unsigned i = 0; i < n.rows.count; ++i) {
    if (i != 0) raw(",");
    if (!n.row_keyword) {
      write(*n.rows[i]);
      continue;
    }
    word("row(");
    list(n.rows[i]->items);
    raw(")");
  }
  tail(n);
}

void Writer::write(const TableQuery& n) {
  with(n);
  word("table");
  write(*n.table);
  tail(n);
}

void Writer::write(const NestedQuery& n) {
  with(n);
  in_parentheses(*n.inner);
  tail(n);
}

// ---- tables ----

void Writer::write(const IndexHint& n) {
  static constexpr std::string_view kActions[] = {"use index", "force index", "ignore index"};
  static constexpr std::string_view kScopes[] = {"", "for join", "for order by", "for group by"};
  word(kActions[static_cast<int>(n.action)]);
  word_if(n.scope != HintScope::kAll, kScopes[static_cast<int>(n.scope)]);
  word("(");
  for (unsigned i = 0; i < n.indexes.count; ++i) {
    if (i != 0) raw(", ");
    print_name(out_, n.indexes[i], options_);
  }
  raw(")");
}

void Writer::write(const SystemTime& n) {
  static constexpr std::string_view kRanges[] = {"as of", "between", "from", "all"};
  word("for system_time");
  word(kRanges[static_cast<int>(n.range)]);
  point_in_time(n.unit, n.from);
  if (n.to == nullptr) return;
  word(n.range == SystemTimeKind::kBetween ? "and" : "to");
  point_in_time(n.to_unit, n.to);
}

// Without the unit, a column named `transaction` would be taken for it.
void Writer::point_in_time(std::string_view unit, const Expr* time) {
  word_if(!unit.empty(), unit);
  if (time != nullptr) expr_not_as("transaction", *time, Level::kBitOr);
}

void Writer::partitions(const List<std::string_view>& names) {
  if (names.empty()) return;
  word("partition");
  name_list(names);
}

void Writer::write(const NamedTable& n) {
  write(*n.name);
  partitions(n.partitions);
  if (n.system_time != nullptr) write(*n.system_time);
  alias(n.alias);
  for (const IndexHint* hint : n.hints) write(*hint);
}

void Writer::write(const DerivedTable& n) {
  word_if(n.lateral, "lateral");
  in_parentheses(*n.query);
  alias(n.alias);
  if (!n.columns.empty()) name_list(n.columns);
}

// A join to the right must keep its parentheses, one to the left stands there without.
void Writer::join_side(const TableRef& table, bool right) {
  if (!right || table.kind != NodeKind::kJoin) return node(table);
  word("(");
  node(table);
  raw(")");
}

void Writer::write(const Join& n) {
  static constexpr std::string_view kWords[] = {"join", "cross join", "straight_join", "left join",
                                                "right join"};
  join_side(*n.left, false);
  word_if(n.natural, "natural");
  word(kWords[static_cast<int>(n.join)]);
  join_side(*n.right, true);
  if (n.on != nullptr) {
    word("on");
    expr(*n.on);
  }
  if (n.using_columns.empty()) return;
  word("using");
  name_list(n.using_columns);
}

void Writer::write(const JsonColumn& n) {
  if (n.column == JsonColumnKind::kNested) {
    literal_clause("nested path", n.path);
    word("columns");
    return parenthesised(n.columns);
  }
  name(n.name);
  if (n.column == JsonColumnKind::kOrdinality) return word("for ordinality");
  write(*n.type);
  literal_clause(n.column == JsonColumnKind::kExists ? "exists path" : "path", n.path);
  json_on(n.on_empty, "empty");
  json_on(n.on_error, "error");
}

void Writer::write(const JsonTable& n) {
  word("json_table(");
  expr(*n.document);
  raw(",");
  write(*n.path);
  word("columns");
  parenthesised(n.columns);
  raw(")");
  alias(n.alias);
}

}  // namespace kintsugi::sql
