#include "plan/pass/searches.h"

#include <algorithm>
#include <set>
#include <vector>

namespace kintsugi::plan::pass {
namespace {

std::vector<const sql::Match*> matches_in(const sql::Node& node) {
  std::vector<const sql::Match*> found;
  sql::walk(node, [&found](const sql::Node& each) {
    if (const auto* match = sql::as<sql::Match>(&each)) found.push_back(match);
    return true;
  });
  return found;
}

}  // namespace

bool holds_search(const sql::Node& node) { return !matches_in(node).empty(); }

const Source* searched_table(const sql::Match& match, Block* block) {
  bool constant = true;
  sql::walk(*match.against, [&constant](const sql::Node& node) {
    constant &= node.kind != sql::NodeKind::kColumnRef && node.kind != sql::NodeKind::kAssign &&
                !sql::is_query(node.kind);
    return constant;
  });
  const Source* table = nullptr;
  for (const sql::Expr* each : match.columns) {
    const auto* column = sql::as<sql::ColumnRef>(each);
    const Source* source = column == nullptr ? nullptr : resolve_column(*column, block).source;
    if (source == nullptr || source->kind != Source::Kind::kTable || (table != nullptr && table != source))
      return nullptr;
    table = source;
  }
  return constant ? table : nullptr;
}

SearchColumns find_searches(const Draft& draft) {
  std::set<const sql::Node*> queries;
  for (const auto& block : draft.blocks) queries.insert(block->node);
  SearchColumns found;
  for (const auto& block : draft.blocks) {
    sql::walk(*block->node, [&](const sql::Node& node) {
      if (&node != block->node && queries.contains(&node)) return false;  // a block of its own
      const auto* match = sql::as<sql::Match>(&node);
      if (match == nullptr || found.contains(match)) return true;
      if (const Source* table = searched_table(*match, block.get()))
        found[match] = {table, "_kintsugi_m" + std::to_string(found.size() + 1)};
      return true;
    });
  }
  return found;
}

SearchReplacer::SearchReplacer(const sql::Node& original, const sql::Node& copy,
                               const SearchColumns& columns) {
  if (columns.empty()) return;
  const std::vector<const sql::Match*> known = matches_in(original), copied = matches_in(copy);
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (const auto column = columns.find(known[i]); column != columns.end())
      by_node_[copied[i]] = &column->second;
  }
}

sql::Expr* SearchReplacer::replacement(const sql::Node& node, sql::Arena& arena) const {
  if (node.kind != sql::NodeKind::kMatch) return nullptr;
  const auto found = by_node_.find(&node);
  if (found == by_node_.end()) return nullptr;
  auto* column = sql::make_node<sql::ColumnRef>(arena);
  column->table = found->second->source->alias;
  column->name = arena.copy(found->second->name);
  if (!found->second->source->nullable) return column;
  // Of a row that an outer join makes up, MATCH is 0.
  auto* none = sql::make_node<sql::Literal>(arena);
  none->literal = sql::LiteralKind::kFloat;
  none->text = "0e0";
  auto* call = sql::make_node<sql::FunctionCall>(arena);
  call->name = "ifnull";
  call->args.push_back(arena, column);
  call->args.push_back(arena, none);
  return call;
}

}  // namespace kintsugi::plan::pass
