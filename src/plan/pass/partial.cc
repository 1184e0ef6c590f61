#include <algorithm>
#include <charconv>
#include <optional>

#include "plan/pass/draft.h"
#include "plan/pass/rules.h"
#include "plan/pass/searches.h"
#include "sql/printer.h"

// Pass "parts": of a query whose rows lie together, so that FROM and WHERE are right on each shard: the
// shards do their part of it, and only what they have made of it is copied. Without aggregates, that is the
// values of the select list and of ORDER BY; with them, the keys of each shard's groups and parts of the
// aggregates. The copy's columns are made by the server of the same expressions: their types and collations
// are its own.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

constexpr std::string_view kCopy = "_kintsugi_g1";

/// Makes the two queries: `shard`, whose answers are copied, and `whole`, which runs over the copy.
class Splitter {
 public:
  Splitter(Draft& draft, const sql::Select& select) : draft_(draft), select_(select), block_(draft.top) {}

  /// False: the query is none of these; nothing has been made.
  bool split() {
    if (!is_divisible(draft_, select_)) return false;
    shard_ = sql::clone(&select_, arena_);
    whole_ = sql::clone(&select_, arena_);
    shard_->items = {};
    shard_->order_by = {};
    shard_->limit = nullptr;
    shard_->options = whole_->options = 0;
    whole_->items = {};
    whole_->hints = {};
    whole_->where = nullptr;
    whole_->group_by = {};
    whole_->windows = {};
    shard_->locking = whole_->locking = {};
    aggregated_ = !select_.group_by.empty() || has_aggregate();
    if (!items()) return false;
    return aggregated_ ? groups() && rest() : select_.having == nullptr && project();
  }

  void fill(Gather& gather) {
    auto* copy = sql::make_node<sql::NamedTable>(arena_);
    copy->name = sql::make_node<sql::TableName>(arena_);
    copy->name->name = kCopy;
    whole_->from = {};
    whole_->from.push_back(arena_, copy);

    GatheredTable table;
    table.name = kCopy;
    table.table = "the shards' own answers";
    table.definition = json_columns();
    table.destination = destination_of_rows(draft_);
    table.destination.several_refused.reset();
    table.select = make_text(draft_, *shard_);
    sort_groups(table.select, *shard_, draft_);
    sql::Select* shape = sql::clone(shard_, arena_);
    shape->where = nullptr;
    shape->order_by = {};
    shape->limit = sql::make_node<sql::Limit>(arena_);
    shape->limit->count = number("0");
    table.shape = make_text(draft_, *shape);
    if (shard_limit_) {
      append_text(table.select, " limit ", draft_);
      table.select.push_back(*shard_limit_);
    }
    for (const sql::Locking* lock : select_.locking) {  // what is_divisible() lets through
      append_text(table.select,
                  lock->strength == sql::LockStrength::kUpdate ? " for update" : " lock in share mode",
                  draft_);
    }
    gather.tables.push_back(std::move(table));
    gather.text = make_text(draft_, *whole_);
    sort_groups(gather.text, select_, draft_);
  }

 private:
  /// The table's column that is meant; null: none, or one that is not known.
  const Column* table_column(const sql::Expr& expr) const {
    const auto* column = sql::as<sql::ColumnRef>(&expr);
    const ResolvedColumn resolved = column == nullptr ? ResolvedColumn{} : resolve_column(*column, block_);
    const Table* table = resolved.source == nullptr ? nullptr : resolved.source->table;
    return table == nullptr ? nullptr : table->find(resolved.name);
  }

  template <class F>
  bool any_column(const sql::Expr& value, const F& is) const {
    bool found = false;
    sql::walk(value, [&](const sql::Node& node) {
      if (sql::is<sql::ColumnRef>(&node)) found |= is(table_column(static_cast<const sql::Expr&>(node)));
      return true;
    });
    return found;
  }

  /// Whether it is made of columns of that type, or of such whose type is not known. Text does not carry all
  /// of a float's digits, and servers write the least and the greatest of bits as decimal digits.
  bool has_type(const sql::Expr& value, std::string_view type) const {
    return any_column(value,
                      [type](const Column* column) { return column == nullptr || column->type == type; });
  }

  /// Whether it is made of columns like FLOAT(7,2): servers write their sums with as many places only.
  bool has_places(const sql::Expr& value) const {
    return any_column(value, [](const Column* column) {
      return column != nullptr && (column->type == "float" || column->type == "double") &&
             column->declared.find(',') != column->declared.npos;
    });
  }

  /// A table made of a query has texts in the place of MariaDB's JSON: such columns are declared.
  std::string json_columns() const {
    std::string out;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column* known = table_column(*columns_[i]);
      if (known == nullptr || known->declared != "json") continue;
      out += (out.empty() ? "(_k" : ", _k") + std::to_string(i + 1) + " json";
    }
    return out.empty() ? out : out + ")";
  }

  static bool is_own_aggregate(const sql::Node& node) {
    const auto* call = sql::as<sql::FunctionCall>(&node);
    return call != nullptr && is_aggregate(*call);
  }

  bool has_aggregate() const {
    const auto holds = [](const auto* item) { return holds_aggregate(*item); };
    return std::ranges::any_of(select_.items, holds) || std::ranges::any_of(select_.order_by, holds) ||
           (select_.having != nullptr && holds_aggregate(*select_.having));
  }

  /// The select list with stars written out.
  bool items() {
    std::size_t output = 0;
    for (const sql::SelectItem* item : select_.items) {
      const auto* star = sql::as<sql::Star>(item->value);
      if (star == nullptr) {
        ++output;
        add_item(sql::clone(item->value, arena_), alias_of(*item, draft_));
        continue;
      }
      if (aggregated_ || !block_->outputs_known) return false;
      for (; output < block_->outputs.size() && is_of_star(block_->outputs[output], *star); ++output) {
        const Output& column = block_->outputs[output];
        if (column.source == nullptr) return false;
        add_item(reference(column.source->alias, column.column), column.name);
      }
    }
    return output == block_->outputs.size() && (!std::ranges::any_of(select_.items, [](const auto* item) {
             return sql::is<sql::Star>(item->value);
           }) || select_.items.size() == 1);
  }

  static bool is_of_star(const Output& output, const sql::Star& star) {
    return star.table.empty() || (output.source != nullptr && same_column(output.source->alias, star.table));
  }

  void add_item(sql::Expr* value, std::string_view name) { items_.push_back({value, std::string(name)}); }

  sql::ColumnRef* reference(std::string_view table, std::string_view name) {
    auto* column = sql::make_node<sql::ColumnRef>(arena_);
    column->table = arena_.copy(table);
    column->name = arena_.copy(name);
    return column;
  }

  sql::Literal* number(std::string_view digits) {
    auto* literal = sql::make_node<sql::Literal>(arena_);
    literal->literal = sql::LiteralKind::kInteger;
    literal->text = arena_.copy(digits);
    return literal;
  }

  sql::FunctionCall* call(std::string_view name, sql::Expr* argument) {
    auto* made = sql::make_node<sql::FunctionCall>(arena_);
    made->name = arena_.copy(name);
    made->args.push_back(arena_, argument);
    return made;
  }

  /// The column of the copy that holds this value; nothing if none does yet.
  std::optional<std::string> known_column(const sql::Expr& value) const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (sql::equal(*columns_[i], value)) return "_k" + std::to_string(i + 1);
    }
    return std::nullopt;
  }

  /// A column of the copy that holds this value; nothing if it cannot be copied whole.
  std::optional<std::string> column_for(const sql::Expr& value) {
    if (std::optional<std::string> known = known_column(value)) return known;
    return has_type(value, "float") ? std::nullopt : std::optional(add_column(value));
  }

  std::string add_column(const sql::Expr& value) {
    columns_.push_back(sql::clone(&value, arena_));
    std::string name = "_k" + std::to_string(columns_.size());
    auto* item = sql::make_node<sql::SelectItem>(arena_);
    item->value = sql::clone(&value, arena_);
    item->alias = arena_.copy(name);
    shard_->items.push_back(arena_, item);
    return name;
  }

  sql::Expr* from_copy(const std::string& column) { return reference("", column); }

  void give(sql::Expr* value, const std::string& name) {
    auto* item = sql::make_node<sql::SelectItem>(arena_);
    item->value = value;
    item->alias = arena_.copy(name);
    whole_->items.push_back(arena_, item);
  }

  /// Which item an ORDER BY or GROUP BY names by its place or alias; -1: none.
  int item_of(const sql::Expr& value) const {
    if (const auto* literal = sql::as<sql::Literal>(&value);
        literal != nullptr && literal->literal == sql::LiteralKind::kInteger) {
      if (literal->ordinal >= 0)
        draft_.plan->pinned_literals.push_back(static_cast<std::uint32_t>(literal->ordinal));
      int position = 0;
      std::from_chars(literal->text.data(), literal->text.data() + literal->text.size(), position);
      return position >= 1 && position <= static_cast<int>(items_.size()) ? position - 1 : -2;
    }
    const auto* column = sql::as<sql::ColumnRef>(&value);
    if (column == nullptr || !column->table.empty()) return -1;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (same_column(items_[i].name, column->name)) return static_cast<int>(i);
    }
    return -1;
  }

  bool project() {
    bool columns_only = true;
    for (const Item& item : items_) {
      const bool is_column = sql::is<sql::ColumnRef>(item.value);
      // What the rest computes warns of each row, also of those that are alike.
      if (!is_column && !is_quiet(*item.value, block_)) shard_->distinct = false;
      sql::Expr* value = over_copy(*item.value, false);
      if (value == nullptr) return false;
      columns_only &= is_column;
      give(value, item.name);
    }
    whole_->order_by = {};
    for (const sql::OrderItem* item : select_.order_by) {
      const int place = item_of(*item->value);
      if (place == -2) return false;  // the server says what is wrong with it
      auto* made = sql::make_node<sql::OrderItem>(arena_);
      made->descending = item->descending;
      made->value = place >= 0 ? number(std::to_string(place + 1)) : over_copy(*item->value, true);
      if (made->value == nullptr) return false;
      whole_->order_by.push_back(arena_, made);
    }
    if (columns_.empty()) add_column(*number("1"));  // what counts is how many rows there are
    // Of rows that are different here, some may be the same in the answer.
    return (select_.distinct && !columns_only) || limit();
  }

  /// The expression with the table's columns replaced by the copy's. In ORDER BY, a name may be an item's.
  sql::Expr* over_copy(const sql::Expr& expr, bool names_items) {
    if (const auto* column = sql::as<sql::ColumnRef>(&expr)) {
      if (names_items && item_of(*column) >= 0) return sql::clone(column, arena_);
      const std::optional<std::string> name = column_for(*column);
      return name ? from_copy(*name) : nullptr;
    }
    sql::Expr* copy = sql::clone(&expr, arena_);
    return rewritten(*copy, [&](const sql::Expr& child) { return over_copy(child, names_items); }) ? copy
                                                                                                   : nullptr;
  }

  /// Each shard gives as many rows as the answer and what it skips have, in the order of the answer.
  bool limit() {
    if (select_.limit == nullptr) return true;
    const std::optional<Operand> count = constant_operand(select_.limit->count, draft_);
    if (!count) return false;
    TextPiece piece;
    piece.kind = TextPiece::Kind::kOperand;
    piece.operand = *count;
    if (select_.limit->offset != nullptr) {
      const std::optional<Operand> offset = constant_operand(select_.limit->offset, draft_);
      if (!offset) return false;
      piece.kind = TextPiece::Kind::kSum;
      piece.other = *offset;
    }
    for (const sql::OrderItem* item : select_.order_by) {
      const int place = item_of(*item->value);
      if (place < 0 && uses_item_name(*item->value, false)) return true;  // all rows, then
      auto* made = sql::make_node<sql::OrderItem>(arena_);
      made->descending = item->descending;
      made->value =
          sql::clone(place < 0 ? item->value : items_[static_cast<std::size_t>(place)].value, arena_);
      shard_->order_by.push_back(arena_, made);
    }
    shard_limit_ = piece;
    return true;
  }

  /// Whether a name in it is that of an item, or only of such with aggregates.
  bool uses_item_name(const sql::Expr& expr, bool with_aggregates) const {
    bool uses = false;
    sql::walk(expr, [&](const sql::Node& node) {
      const auto* column = sql::as<sql::ColumnRef>(&node);
      const int place = column == nullptr ? -1 : item_of(*column);
      uses |=
          place >= 0 && (!with_aggregates || holds_aggregate(*items_[static_cast<std::size_t>(place)].value));
      return true;
    });
    return uses;
  }

  bool groups() {
    for (const sql::OrderItem* item : select_.group_by) {
      const int place = item_of(*item->value);
      if (place == -2) return false;
      const bool is_column = place >= 0 && sql::is<sql::ColumnRef>(item->value) &&
                             resolve_column(*sql::as<sql::ColumnRef>(item->value), block_).source != nullptr;
      const sql::Expr& value =
          place < 0 || is_column ? *item->value : *items_[static_cast<std::size_t>(place)].value;
      if (holds_aggregate(value)) return false;
      const std::optional<std::string> column = column_for(value);
      if (!column) return false;
      auto* key = sql::make_node<sql::OrderItem>(arena_);
      key->value = from_copy(*column);
      key->descending = item->descending;
      whole_->group_by.push_back(arena_, key);
    }
    keys_ = columns_.size();
    // On the shards, by the expressions themselves: a column of the table may have an alias' name.
    shard_->group_by = {};
    for (const sql::Expr* value : columns_) {
      auto* key = sql::make_node<sql::OrderItem>(arena_);
      key->value = sql::clone(value, arena_);
      shard_->group_by.push_back(arena_, key);
    }
    shard_->having = nullptr;
    shard_->distinct = false;
    return true;
  }

  /// The select list, HAVING and ORDER BY over the copy.
  bool rest() {
    for (const Item& item : items_) {
      sql::Expr* value = merged(*item.value);
      if (value == nullptr) return false;
      give(value, item.name);
    }
    if (select_.having != nullptr) {
      whole_->having = merged(*select_.having);
      if (whole_->having == nullptr) return false;
    }
    whole_->order_by = {};
    for (const sql::OrderItem* item : select_.order_by) {
      const int place = item_of(*item->value);
      if (place == -2) return false;
      auto* made = sql::make_node<sql::OrderItem>(arena_);
      made->descending = item->descending;
      // An aggregate under a name is no operand in ORDER BY: servers refuse it.
      if (place < 0 && uses_item_name(*item->value, true)) return false;
      made->value = place < 0 ? merged(*item->value) : merged(*items_[static_cast<std::size_t>(place)].value);
      if (made->value == nullptr) return false;
      whole_->order_by.push_back(arena_, made);
    }
    return true;
  }

  /// The expression over the copy: keys of groups and aggregates in the place of what they are on the shards.
  /// Null: it uses something else.
  sql::Expr* merged(const sql::Expr& expr) {
    for (std::size_t i = 0; i < keys_; ++i) {
      if (sql::equal(*columns_[i], expr)) return from_copy("_k" + std::to_string(i + 1));
    }
    if (is_own_aggregate(expr)) return merged_aggregate(static_cast<const sql::FunctionCall&>(expr));
    if (const auto* column = sql::as<sql::ColumnRef>(&expr)) return merged_name(*column);
    if (is_typed_by_digits(expr)) return nullptr;
    sql::Expr* copy = sql::clone(&expr, arena_);
    return rewritten(*copy, [this](const sql::Expr& child) { return merged(child); }) ? copy : nullptr;
  }

  /// Puts `replace(child)` in the place of each operand; false if one has no replacement.
  template <class F>
  static bool rewritten(sql::Node& node, const F& replace) {
    bool done = true;
    sql::rewrite_children(node, [&](sql::Node& child) -> sql::Node* {
      switch (child.kind) {
        case NodeKind::kDataType:
          return &child;
        case NodeKind::kWhen:
          done &= rewritten(child, replace);
          return &child;
        case NodeKind::kOrderItem:
        case NodeKind::kLimit:
        case NodeKind::kWindowSpec:
          done = false;
          return &child;
        default:
          break;
      }
      sql::Expr* value = replace(static_cast<const sql::Expr&>(child));
      done &= value != nullptr;
      return value != nullptr ? value : &child;
    });
    return done;
  }

  /// A name that is no key: of an item, in HAVING; or of a column whose key is written otherwise (t.a, a).
  sql::Expr* merged_name(const sql::ColumnRef& column) {
    const ResolvedColumn resolved = resolve_column(column, block_);
    for (std::size_t i = 0; i < keys_ && resolved.source != nullptr; ++i) {
      const auto* key = sql::as<sql::ColumnRef>(columns_[i]);
      if (key == nullptr) continue;
      const ResolvedColumn other = resolve_column(*key, block_);
      if (other.source == resolved.source && same_column(other.name, resolved.name))
        return from_copy("_k" + std::to_string(i + 1));
    }
    if (resolved.source != nullptr || !column.table.empty()) return nullptr;
    const int place = item_of(column);
    if (place < 0 || sql::equal(*items_[static_cast<std::size_t>(place)].value, column)) return nullptr;
    return merged(*items_[static_cast<std::size_t>(place)].value);
  }

  sql::Expr* merged_aggregate(const sql::FunctionCall& aggregate) {
    const Merge merge = merge_of(aggregate);
    if (merge == Merge::kNone || (merge != Merge::kCount && aggregate.args.size() != 1)) return nullptr;
    if (merge == Merge::kSame && has_type(*aggregate.args[0], "bit")) return nullptr;
    if (merge == Merge::kAverage) {
      const std::optional<std::string> sum = part("sum", aggregate);
      const std::optional<std::string> count = part("count", aggregate);
      if (!sum || !count) return nullptr;
      auto* divided = sql::make_node<sql::Binary>(arena_);
      divided->op = sql::BinaryOp::kDivide;
      divided->left = call("sum", from_copy(*sum));
      divided->right = call("sum", from_copy(*count));
      return divided;
    }
    const std::optional<std::string> column = part(aggregate.name, aggregate);
    if (!column) return nullptr;
    if (merge == Merge::kSame) return call(aggregate.name, from_copy(*column));
    sql::Expr* sum = call("sum", from_copy(*column));
    return merge == Merge::kCount ? whole_number(sum) : sum;
  }

  /// The aggregate `name` of the same arguments, as a column of the copy.
  std::optional<std::string> part(std::string_view name, const sql::FunctionCall& aggregate) {
    sql::FunctionCall* made = sql::clone(&aggregate, arena_);
    made->name = arena_.copy(name);
    if (std::optional<std::string> known = known_column(*made)) return known;
    if (name == "sum" && has_places(*made)) return std::nullopt;
    // Counts and sums are no floats, whatever they are of.
    return name == "count" || name == "sum" ? add_column(*made) : column_for(*made);
  }

  /// COUNT is a whole number, the sum of counts a decimal.
  sql::Expr* whole_number(sql::Expr* value) {
    auto* cast = sql::make_node<sql::Cast>(arena_);
    cast->value = value;
    cast->type = sql::make_node<sql::DataType>(arena_);
    cast->type->name = "signed";
    return cast;
  }

  struct Item {
    sql::Expr* value;
    std::string name;
  };

  Draft& draft_;
  const sql::Select& select_;
  Block* block_;
  sql::Arena arena_;
  sql::Select* shard_ = nullptr;
  sql::Select* whole_ = nullptr;
  bool aggregated_ = false;
  std::vector<Item> items_;
  std::vector<sql::Expr*> columns_;  ///< of the copy, as the shards compute them
  std::size_t keys_ = 0;             ///< how many of them are keys of groups
  std::optional<TextPiece> shard_limit_;
};

}  // namespace

Result<void> gather_parts(Draft& draft) {
  const auto* select = sql::as<sql::Select>(&draft.statement);
  if (select == nullptr || draft.top == nullptr || holds_search(*select) || !may_gather(draft)) return {};
  Splitter splitter(draft, *select);
  if (!splitter.split()) return {};
  std::unique_ptr<Gather> gather = new_gather(draft);
  splitter.fill(*gather);
  gather->inputs.push_back(std::move(draft.plan->root));
  draft.plan->root = std::move(gather);
  return {};
}

}  // namespace kintsugi::plan::pass
