#include <algorithm>

#include "plan/pass/push_down.h"
#include "plan/pass/rules.h"

// What a shard can tell of a row before it is copied: conditions on the row itself, and whether rows that lie
// with it fulfil something.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

/// Whether all rows that the block reads lie where those of the source do.
bool lies_with(const Draft& draft, const Block& block, const Source& source) {
  if (source.rows < 0) return block.rows.empty();
  return std::ranges::all_of(
      block.rows, [&](int rows) { return draft.placement.root(rows) == draft.placement.root(source.rows); });
}

/// Judges a query in a condition on one row: whether the row's own shard answers it as one server would, from
/// nothing but the row and the tables that the query names.
class NestedQuery {
 public:
  NestedQuery(Draft& draft, const Source& source) : draft_(draft), source_(source) {}

  bool is_local(const sql::Query& query) {
    if (source_.block->aggregated_from_inside) return false;
    const auto& nested = source_.block->nested;
    const auto found = std::ranges::find_if(
        nested, [&query](const NestedBlock& each) { return each.block->node == &query; });
    return found != nested.end() && is_local(*found);
  }

 private:
  bool is_local(const NestedBlock& nested) {
    const Block& block = *nested.block;
    const auto* select = sql::as<sql::Select>(block.node);
    if (select == nullptr || !is_plain(*select) || !block.not_exact.empty() || block.aggregated_from_inside)
      return false;
    const bool tied = block.rows.empty() || block.attached || nested.in_value != nullptr;
    if (!tied || !lies_with(draft_, block, source_)) return false;
    if (!std::ranges::all_of(block.sources, [](const Source* source) { return is_table(*source); }))
      return false;
    return std::ranges::all_of(parts_of(*select), [&](const sql::Node* part) { return fits(*part, block); });
  }

  static bool is_plain(const sql::Select& select) {
    return select.with == nullptr && select.limit == nullptr && select.into == nullptr &&
           select.options == 0 && !select.with_rollup && select.windows.empty() &&
           select.procedure == nullptr && select.hints.empty();
  }

  static bool is_table(const Source& source) {
    const bool known = source.kind == Source::Kind::kTable && source.table != nullptr;
    return known && source.routing != nullptr && !source.table->view;
  }

  static std::vector<const sql::Node*> parts_of(const sql::Select& select) {
    std::vector<const sql::Node*> parts;
    const auto add = [&parts](const sql::Node* part) {
      if (part != nullptr) parts.push_back(part);
    };
    for (const sql::TableRef* ref : select.from) add(ref);
    for (const sql::SelectItem* item : select.items) add(item);
    for (const sql::OrderItem* item : select.group_by) add(item);
    for (const sql::OrderItem* item : select.order_by) add(item);
    add(select.where);
    add(select.having);
    return parts;
  }

  /// Nothing that has an effect, an error or another value each time; no column of a table but the block's,
  /// those of the blocks around it, and the source.
  bool fits(const sql::Node& node, const Block& block) {
    if (const auto* exists = sql::as<sql::Exists>(&node)) return fits_inside(*exists->query, block);
    if (const auto* in = sql::as<sql::In>(&node); in != nullptr && in->query != nullptr)
      return fits(*in->value, block) && fits_inside(*in->query, block);
    if (!is_quiet_node(node)) return false;
    if (const auto* column = sql::as<sql::ColumnRef>(&node)) return is_known(*column, block);
    bool all = true;
    sql::for_each_child(node, [&](const sql::Node& child) { all = all && fits(child, block); });
    return all;
  }

  bool fits_inside(const sql::Query& query, const Block& block) {
    for (const NestedBlock& nested : block.nested) {
      if (nested.block->node == &query) return is_local(nested);
    }
    return false;
  }

  bool is_known(const sql::ColumnRef& column, const Block& block) const {
    const ResolvedColumn resolved = resolve_column(column, const_cast<Block*>(&block));
    if (resolved.source == nullptr) return false;
    if (resolved.source == &source_) return true;
    for (const Block* around = &block; around != source_.block && around != nullptr;
         around = around->parent) {
      if (resolved.source->block == around) return true;
    }
    return false;
  }

  static bool is_quiet_node(const sql::Node& node) {
    switch (node.kind) {
      case NodeKind::kColumnRef:
      case NodeKind::kLiteral:
      case NodeKind::kParameter:
      case NodeKind::kStar:
      case NodeKind::kSelectItem:
      case NodeKind::kOrderItem:
      case NodeKind::kNamedTable:
      case NodeKind::kTableName:
      case NodeKind::kJoin:
      case NodeKind::kLogical:
      case NodeKind::kBetween:
      case NodeKind::kIn:
      case NodeKind::kIs:
        return true;
      case NodeKind::kLike:
        return static_cast<const sql::Like&>(node).escape == nullptr;
      case NodeKind::kUnary:
        return static_cast<const sql::Unary&>(node).op == sql::UnaryOp::kNot;
      case NodeKind::kBinary:
        return sql::is_comparison(static_cast<const sql::Binary&>(node).op);
      case NodeKind::kFunctionCall: {
        const auto& call = static_cast<const sql::FunctionCall&>(node);
        return call.over == nullptr && call.order_by.empty() && merge_of(call) != Merge::kNone;
      }
      default:
        return false;
    }
  }

  Draft& draft_;
  const Source& source_;
};

sql::ColumnRef* column_of(const Source& source, std::string_view name, sql::Arena& arena) {
  auto* column = sql::make_node<sql::ColumnRef>(arena);
  column->table = arena.copy(source.alias);
  column->name = arena.copy(name);
  return column;
}

const sql::NamedTable* reference_of(const Source& source) {
  for (const auto& [ref, found] : source.block->source_of) {
    if (found == &source) return sql::as<sql::NamedTable>(ref);
  }
  return nullptr;
}

/// The ties between both, if they are of all columns of the sharding key: then the other's row lies with this
/// one.
std::vector<Tie> ties_by_key(const Source& source, const Source& other) {
  std::vector<Tie> ties;
  for (const Tie& tie : ties_of(source)) {
    if (tie.other == &other) ties.push_back(tie);
  }
  const bool same = source.vindex != nullptr && source.vindex == other.vindex && !source.keys.empty();
  bool all = same && source.keys.size() == other.keys.size();
  for (std::size_t i = 0; all && i < source.keys.size(); ++i) {
    all = std::ranges::any_of(ties, [&](const Tie& tie) {
      return same_column(tie.column->name, source.keys[i].name) &&
             same_column(tie.other_column->name, other.keys[i].name);
    });
  }
  return all ? ties : std::vector<Tie>();
}

/// Whether a shard finds its rows of one key without reading all of them.
bool is_found_by_key(const Source& source) {
  const Table& table = *source.table;
  const auto leads = [&source](std::string_view column) {
    return same_column(source.keys.front().name, column);
  };
  return (!table.primary_key.empty() && leads(table.primary_key.front())) ||
         std::ranges::any_of(table.unique_keys,
                             [&leads](const auto& key) { return key.size() == 1 && leads(key.front()); });
}

}  // namespace

bool holds_query(const sql::Expr& condition) {
  bool found = false;
  sql::walk(condition, [&found](const sql::Node& node) {
    found |= sql::is_query(node.kind);
    return !found;
  });
  return found;
}

bool is_local_query(Draft& draft, const Source& source, const sql::Query& query) {
  return draft.course == Course::kSharded && NestedQuery(draft, source).is_local(query);
}

sql::Expr* has_partner(Draft& draft, const Source& source, const Source& other) {
  if (&source == &other || source.block != other.block || source.rows < 0 || other.rows < 0) return nullptr;
  if (other.table == nullptr || draft.placement.root(source.rows) != draft.placement.root(other.rows))
    return nullptr;
  const sql::NamedTable* ref = reference_of(other);
  const std::vector<Tie> ties = ties_by_key(source, other);
  if (ref == nullptr || ties.empty() || !is_found_by_key(other)) return nullptr;
  std::vector<const sql::Expr*> said = conditions_before_copy(draft, other);
  // A shard would ask such a query for each of the source's rows; the other's own copy is narrowed by it.
  std::erase_if(said, [](const sql::Expr* condition) { return holds_query(*condition); });
  if (said.empty()) return nullptr;
  sql::Arena& arena = draft.plan->arena;
  auto* where = sql::make_node<sql::Logical>(arena);
  where->op = sql::LogicalOp::kAnd;
  for (const Tie& tie : ties) {
    auto* equal = sql::make_node<sql::Binary>(arena);
    equal->op = sql::BinaryOp::kEqual;
    equal->left = column_of(other, tie.other_column->name, arena);
    equal->right = column_of(source, tie.column->name, arena);
    where->operands.push_back(arena, equal);
  }
  for (const sql::Expr* condition : said) where->operands.push_back(arena, sql::clone(condition, arena));
  auto* select = sql::make_node<sql::Select>(arena);
  auto* item = sql::make_node<sql::SelectItem>(arena);
  auto* one = sql::make_node<sql::Literal>(arena);
  one->literal = sql::LiteralKind::kInteger;
  one->text = "1";
  item->value = one;
  item->alias = "1";
  select->items.push_back(arena, item);
  select->from.push_back(arena, sql::clone(ref, arena));
  select->where = where;
  auto* exists = sql::make_node<sql::Exists>(arena);
  exists->query = select;
  return exists;
}

}  // namespace kintsugi::plan::pass
