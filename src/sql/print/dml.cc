// Changes of data.

#include "sql/grammar/characters.h"
#include "sql/print/writer.h"

namespace kintsugi::sql {

void Writer::write(const Assignment& n) {
  write(*n.column);
  word("=");
  expr(*n.value);
}

void Writer::write(const Portion& n) {
  word("for portion of");
  name(n.period);
  word("from");
  expr(*n.from);
  word("to");
  expr(*n.to);
}

void Writer::returning(const List<SelectItem*>& items) {
  if (items.empty()) return;
  word("returning");
  list(items);
}

namespace {

constexpr std::string_view kPriorities[] = {"", "low_priority", "high_priority", "delayed", "concurrent"};

// Whether an ON after the query's text would be taken for the condition of a join in it.
bool ends_with_open_join(const Query& query) {
  if (!query.order_by.empty() || query.limit != nullptr || !query.locking.empty() || query.into != nullptr)
    return false;
  if (const auto* operation = as<SetOperation>(&query)) {
    const Query& last = *operation->arms.back()->query;
    return last.kind != NodeKind::kSetOperation && last.with == nullptr && ends_with_open_join(last);
  }
  const auto* select = as<Select>(&query);
  if (select == nullptr || select->from.empty() || select->where != nullptr || !select->group_by.empty() ||
      select->having != nullptr || !select->windows.empty())
    return false;
  const auto* join = as<Join>(select->from.back());
  while (join != nullptr && (join->natural || join->on != nullptr || !join->using_columns.empty())) {
    join = as<Join>(join->left);
  }
  return join != nullptr;
}

}  // namespace

void Writer::write(const Insert& n) {
  word(n.replace ? "replace" : "insert");
  hints(n.hints);
  word_if(n.priority != Priority::kNone, kPriorities[static_cast<int>(n.priority)]);
  word_if(n.ignore, "ignore");
  word("into");
  // VALUE there would be the clause, to MariaDB.
  if (n.table->schema.empty() && same_word(n.table->name, "value")) {
    quoted_name(n.table->name);
  } else {
    write(*n.table);
  }
  partitions(n.partitions);
  if (n.set_form) {
    word("set");
    const Row& row = *static_cast<const Values*>(n.source)->rows[0];
    for (unsigned i = 0; i < n.columns.count; ++i) {
      if (i != 0) raw(",");
      write(*n.columns[i]);
      word("=");
      expr(*row.items[i]);
    }
  } else {
    if (n.has_columns) parenthesised(n.columns);
    if (!n.on_duplicate.empty() && ends_with_open_join(*n.source)) {
      in_parentheses(*n.source);
    } else {
      node(*n.source);
    }
  }
  alias(n.row_alias);
  if (!n.row_alias_columns.empty()) name_list(n.row_alias_columns);
  if (!n.on_duplicate.empty()) {
    word("on duplicate key update");
    list(n.on_duplicate);
  }
  returning(n.returning);
}

void Writer::write(const Update& n) {
  if (n.with != nullptr) write(*n.with);
  word("update");
  hints(n.hints);
  word_if(n.low_priority, "low_priority");
  word_if(n.ignore, "ignore");
  list(n.tables);
  if (n.portion != nullptr) write(*n.portion);
  word("set");
  list(n.set);
  where(n.where);
  order_by(n.order_by);
  limit(n.limit);
}

// Bare words after DELETE may be its own, HISTORY among them.
void Writer::delete_name(const TableName& n) {
  if (n.schema.empty()) return same_word(n.name, "history") ? quoted_name(n.name) : strict_name(n.name);
  strict_name(n.schema);
  raw(".");
  print_name(out_, n.name, options_);
}

void Writer::write(const Delete& n) {
  if (n.with != nullptr) write(*n.with);
  word("delete");
  hints(n.hints);
  word_if(n.low_priority, "low_priority");
  word_if(n.quick, "quick");
  word_if(n.ignore, "ignore");
  word_if(n.history, "history");
  for (unsigned i = 0; i < n.targets.count; ++i) {
    if (i != 0) raw(",");
    delete_name(*n.targets[i]);
  }
  word("from");
  if (n.targets.empty() && !n.history) {
    const auto& table = *static_cast<const NamedTable*>(n.from[0]);
    delete_name(*table.name);
    if (n.portion != nullptr) write(*n.portion);
    partitions(table.partitions);
    alias(table.alias);
    for (const IndexHint* hint : table.hints) write(*hint);
  } else {
    list(n.from);
  }
  if (n.before != nullptr) {
    word("before system_time");
    point_in_time(n.before->unit, n.before->from);
  }
  where(n.where);
  order_by(n.order_by);
  limit(n.limit);
  returning(n.returning);
}

void Writer::write(const LoadData& n) {
  word(n.xml ? "load xml" : "load data");
  word_if(n.priority != Priority::kNone, kPriorities[static_cast<int>(n.priority)]);
  word_if(n.local, "local");
  literal_clause("infile", n.file);
  word_if(n.duplicates == OnDuplicate::kReplace, "replace");
  word_if(n.duplicates == OnDuplicate::kIgnore, "ignore");
  word("into table");
  write(*n.table);
  partitions(n.partitions);
  if (!n.charset.empty()) {
    word("character set");
    charset_name(n.charset);
  }
  literal_clause("rows identified by", n.rows_identified_by);
  if (n.format != nullptr) write(*n.format);
  literal_clause("ignore", n.ignore_lines);
  word_if(n.ignore_lines != nullptr, "lines");
  if (!n.columns.empty()) parenthesised(n.columns);
  if (!n.set.empty()) {
    word("set");
    list(n.set);
  }
}

void Writer::write(const Call& n) {
  word("call");
  write(*n.routine);
  raw("(");
  list(n.args);
  raw(")");
}

void Writer::write(const Do& n) {
  word("do");
  list(n.items);
}

void Writer::write(const Handler& n) {
  word("handler");
  write(*n.table);
  if (n.action == HandlerAction::kOpen) {
    word("open");
    return alias(n.alias);
  }
  if (n.action == HandlerAction::kClose) return word("close");
  word("read");
  if (!n.index.empty()) name(n.index);
  word(n.direction);
  if (!n.values.empty()) parenthesised(n.values);
  where(n.where);
  limit(n.limit);
}

}  // namespace kintsugi::sql
