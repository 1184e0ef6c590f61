#include <algorithm>

#include "plan/pass/rules.h"

// Where groups are made in a temporary table, MySQL stores a zero date for the MIN or MAX of a group whose
// first row has NULL, and warns of it (1292: Incorrect date value: '0000-00-00'), which is true of no row.
// Which rows are first, and of how many groups, is otherwise on shards than on one server. Groups that are
// found by sorting have no such warning, so shards are asked for that; MariaDB takes the words for a comment.

namespace kintsugi::plan::pass {

namespace {

constexpr std::string_view kSelect = "select ";
constexpr std::string_view kSorted = "select /*!80000 sql_big_result */ ";

/// Whether it may be a date or a TIMESTAMP.
bool may_be_date(const Draft& draft, const sql::Node& value) {
  bool found = false;
  sql::walk(value, [&](const sql::Node& node) {
    found |= node.kind == sql::NodeKind::kCast;
    const auto* column = sql::as<sql::ColumnRef>(&node);
    if (column == nullptr) return !found;
    const Source* source = resolve_column(*column, draft.top).source;
    const Column* known =
        source == nullptr || source->table == nullptr ? nullptr : source->table->find(column->name);
    found |=
        known == nullptr || known->type == "date" || known->type == "timestamp" || known->type == "datetime";
    return !found;
  });
  return found;
}

}  // namespace

bool warns_of_nulls(const Draft& draft, const sql::Select& select) {
  bool found = false;
  sql::walk(select, [&](const sql::Node& node) {
    const auto* call = sql::as<sql::FunctionCall>(&node);
    if (call == nullptr || (call->name != "min" && call->name != "max")) return !found;
    found |=
        std::ranges::any_of(call->args, [&](const sql::Expr* each) { return may_be_date(draft, *each); });
    return !found;
  });
  return found && !select.group_by.empty();
}

void sort_groups(Text& text, const sql::Select& select, Draft& draft) {
  if (text.empty() || !text.front().text.starts_with(kSelect) || !warns_of_nulls(draft, select)) return;
  TextPiece& first = text.front();
  first.text = draft.keep(std::string(kSorted) + std::string(first.text.substr(kSelect.size())));
}

}  // namespace kintsugi::plan::pass
