#include <algorithm>
#include <charconv>

#include "plan/pass/draft.h"
#include "plan/pass/merge_having.h"
#include "plan/pass/rules.h"

// Pass "merge": of queries whose answers on each shard, put together, are their answer but for the order of
// all rows and their number, what the gate merges the rows by.
//
// With GROUP BY and aggregates, shards make groups of their rows, sorted by the keys of the groups; those of
// one group come one after the other, and become one whose aggregates are put together (MergeFold).
//
// With DISTINCT, rows that are alike come one after the other where they are sorted by all of their columns,
// and the first of them counts.
//
// Each shard is sent the query itself, for as many rows as the answer and what it skips have. Where a key of
// ORDER BY is not among the select list's values, or is a text, shards are asked for another column at the
// end. Whatever the gate would not compare exactly as servers do is left to the pass "gather".

namespace kintsugi::plan::pass {

namespace {

class Merger {
 public:
  Merger(Draft& draft, const sql::Select& select) : draft_(draft), select_(select), block_(draft.top) {}

  /// Null: it is not such a query, or it is not certain.
  std::unique_ptr<MergeStreams> merge() {
    if (!list_items() || !limit()) return nullptr;
    for (const Item& item : items_) {
      if (item.value != nullptr && warns_once(*item.value, block_)) return nullptr;
    }
    for (const sql::OrderItem* item : select_.order_by) {
      if (!add_key(*item)) return nullptr;
    }
    merge_->distinct = block_->exact_but_distinct;
    if (merge_->distinct && !sort_by_all()) return nullptr;
    merge_->hidden = hidden_.size();
    return std::move(merge_);
  }

  /// Of a query that makes groups, or one row of all. Null: it is not certain.
  std::unique_ptr<MergeStreams> merge_groups() {
    merge_->groups = true;
    if (select_.distinct || !list_items() || !limit()) return nullptr;
    for (const Item& item : items_) {
      if (item.value == nullptr || warns_once(*item.value, block_)) return nullptr;
    }
    if (!list_groups()) return nullptr;
    for (const sql::OrderItem* item : select_.order_by) {
      if (!order_groups(*item)) return nullptr;
    }
    for (Group& group : groups_) {
      if (!group.sorted && !sort_by(group, false, true)) return nullptr;
    }
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!fold_item(i)) return nullptr;
    }
    const auto fold_of = [this](const sql::Expr& value) { return fold_at(value); };
    filters_ = select_.having != nullptr;
    if (filters_ && !read_having(draft_, *select_.having, merge_->folds, fold_of, merge_->having))
      return nullptr;
    merge_->hidden = hidden_.size();
    return std::move(merge_);
  }

  /// Whether shards are sent the query as it is.
  bool is_unchanged() const { return hidden_.empty() && added_order_.empty() && !merge_offset_ && !filters_; }

  /// What shards are sent, where it is not the client's own text.
  Text text() {
    sql::Select* sent = sql::clone(&select_, arena_);
    for (std::size_t i = 0; i < hidden_.size(); ++i) {
      auto* item = sql::make_node<sql::SelectItem>(arena_);
      item->value = hidden_[i];
      item->alias = arena_.copy(hidden_name(i));
      sent->items.push_back(arena_, item);
    }
    for (sql::OrderItem* item : added_order_) sent->order_by.push_back(arena_, item);
    if (filters_) sent->having = nullptr, sent->limit = nullptr;  // they are of whole groups
    if (!merge_offset_ || filters_) return make_text(draft_, *sent);
    sent->limit = nullptr;
    sent->locking = {};
    Text text = make_text(draft_, *sent);
    append_text(text, " limit ", draft_);
    TextPiece rows;
    rows.kind = TextPiece::Kind::kSum;
    rows.operand = *merge_limit_;
    rows.other = *merge_offset_;
    text.push_back(rows);
    for (const sql::Locking* lock : select_.locking) {
      append_text(text, lock->strength == sql::LockStrength::kUpdate ? " for update" : " lock in share mode",
                  draft_);
    }
    return text;
  }

 private:
  /// A column of the answer.
  struct Item {
    const sql::Expr* value = nullptr;  ///< null: of a star
    const Output* output = nullptr;
  };

  /// The select list with stars written out.
  bool list_items() {
    if (!block_->outputs_known) return false;
    std::size_t output = 0;
    for (const sql::SelectItem* item : select_.items) {
      const auto* star = sql::as<sql::Star>(item->value);
      if (star == nullptr && output < block_->outputs.size()) {
        items_.push_back({item->value, &block_->outputs[output++]});
        continue;
      }
      for (; output < block_->outputs.size() && is_of_star(block_->outputs[output], *star); ++output)
        items_.push_back({nullptr, &block_->outputs[output]});
    }
    const bool stars = std::ranges::any_of(items_, [](const Item& item) { return item.value == nullptr; });
    return output == block_->outputs.size() && (!stars || select_.items.size() == 1);
  }

  static bool is_of_star(const Output& output, const sql::Star& star) {
    return star.table.empty() || (output.source != nullptr && same_column(output.source->alias, star.table));
  }

  /// With a LIMIT, shards make more rows than the answer has: nobody may see that.
  bool limit() {
    const sql::Limit* limit = select_.limit;
    if (limit == nullptr) return true;
    if (limit->with_ties || limit->rows_examined != nullptr) return false;
    const bool quiet =
        std::ranges::all_of(items_, [this](const Item& item) { return is_quiet(*value_of(item), block_); });
    if (!quiet) return false;
    merge_limit_ = merge_->limit = constant_operand(limit->count, draft_);
    if (!merge_limit_) return false;
    if (limit->offset == nullptr) return true;
    merge_offset_ = merge_->offset = constant_operand(limit->offset, draft_);
    return merge_offset_ && std::ranges::all_of(select_.locking, [](const sql::Locking* lock) {
             return lock->of.empty() && lock->wait == sql::LockWait::kDefault;
           });
  }

  static constexpr int kNoItem = -1, kNoSuchItem = -2;

  /// Which item the ORDER BY names by its place or alias.
  int named_item(const sql::Expr& value) const {
    if (const auto* literal = sql::as<sql::Literal>(&value);
        literal != nullptr && literal->literal == sql::LiteralKind::kInteger) {
      if (literal->ordinal >= 0)
        draft_.plan->pinned_literals.push_back(static_cast<std::uint32_t>(literal->ordinal));
      int place = 0;
      std::from_chars(literal->text.data(), literal->text.data() + literal->text.size(), place);
      return place >= 1 && place <= static_cast<int>(items_.size()) ? place - 1 : kNoSuchItem;
    }
    const auto* column = sql::as<sql::ColumnRef>(&value);
    if (column == nullptr || !column->table.empty()) return kNoItem;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (same_column(items_[i].output->name, column->name)) return static_cast<int>(i);
    }
    return kNoItem;
  }

  /// The item that has this value; of expressions only such without literals, which differ by execution.
  int equal_item(const sql::Expr& value) const {
    const auto* column = sql::as<sql::ColumnRef>(&value);
    const ResolvedColumn resolved = column == nullptr ? ResolvedColumn{} : resolve_column(*column, block_);
    bool literals = false;
    sql::walk(value, [&literals](const sql::Node& node) {
      literals |= sql::is<sql::Literal>(&node) || sql::is<sql::Parameter>(&node);
      return !literals;
    });
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const Output& output = *items_[i].output;
      if (resolved.source != nullptr && output.source == resolved.source &&
          same_column(output.column, resolved.name))
        return static_cast<int>(i);
      if (!literals && items_[i].value != nullptr && sql::equal(*items_[i].value, value))
        return static_cast<int>(i);
    }
    return kNoItem;
  }

  /// Whether a name in it is that of an item which is another thing than the column of that name.
  bool names_items(const sql::Expr& value) const {
    bool names = false;
    sql::walk(value, [&](const sql::Node& node) {
      const auto* column = sql::as<sql::ColumnRef>(&node);
      const int place = column == nullptr ? kNoItem : named_item(*column);
      if (place == kNoItem) return !names;
      const ResolvedColumn resolved = resolve_column(*column, block_);
      const Output& output = *items_[static_cast<std::size_t>(place)].output;
      names |= resolved.source == nullptr || output.source != resolved.source ||
               !same_column(output.column, resolved.name);
      return !names;
    });
    return names;
  }

  bool add_key(const sql::OrderItem& item) {
    const sql::Expr* value = item.value;
    int place = named_item(*value);
    if (place == kNoSuchItem) return false;  // the server says what is wrong with it
    if (place == kNoItem) {
      if (constant_operand(value, draft_)) return true;  // one value in all rows
      place = equal_item(*value);
      if (place == kNoItem && (select_.distinct || names_items(*value))) return false;
    }
    if (place != kNoItem) value = value_of(items_[static_cast<std::size_t>(place)]);
    const std::optional<Comparison> comparison = comparison_of(*value, block_);
    if (!comparison || in_part_) return false;
    in_part_ = comparison->in_part;
    MergeKey key;
    key.descending = item.descending;
    key.padding = comparison->padding;
    if (place != kNoItem && comparison->by == Compared::kAsTheyAre) {
      key.column = static_cast<std::size_t>(place);
      key.name = items_[key.column].output->name;
    } else {
      if (!is_quiet(*value, block_)) return false;
      key.hidden = true;
      key.column = hide(made(*value, comparison->by));
      key.name = hidden_name(key.column);
    }
    merge_->keys.push_back(std::move(key));
    return true;
  }

  /// A key of GROUP BY.
  struct Group {
    const sql::Expr* value = nullptr;
    int place = kNoItem;  ///< of the item that has its value
    bool sorted = false;
  };

  bool list_groups() {
    for (const sql::OrderItem* item : select_.group_by) {
      Group group{item->value, named_item(*item->value)};
      const auto* column = sql::as<sql::ColumnRef>(item->value);
      // The name of a column is that, an item's only if no column has it.
      const bool is_column = column != nullptr && resolve_column(*column, block_).source != nullptr;
      if (group.place == kNoSuchItem || item->descending) return false;
      if (is_column || group.place == kNoItem) group.place = equal_item(*item->value);
      if (group.place != kNoItem) group.value = items_[static_cast<std::size_t>(group.place)].value;
      if (holds_aggregate(*group.value) || !is_quiet(*group.value, block_)) return false;
      groups_.push_back(group);
    }
    return true;
  }

  /// The group whose key the value is; null: none.
  Group* group_of(const sql::Expr& value) {
    const auto* column = sql::as<sql::ColumnRef>(&value);
    const ResolvedColumn resolved = column == nullptr ? ResolvedColumn{} : resolve_column(*column, block_);
    for (Group& group : groups_) {
      if (group.value == &value) return &group;
      const auto* other = sql::as<sql::ColumnRef>(group.value);
      if (resolved.source == nullptr || other == nullptr) continue;
      const ResolvedColumn key = resolve_column(*other, block_);
      if (key.source == resolved.source && same_column(key.name, resolved.name)) return &group;
    }
    return nullptr;
  }

  bool order_groups(const sql::OrderItem& item) {
    int place = named_item(*item.value);
    if (place == kNoSuchItem) return false;
    if (place == kNoItem && constant_operand(item.value, draft_)) return true;
    if (place == kNoItem) place = equal_item(*item.value);
    Group* group = group_of(place == kNoItem ? *item.value : *items_[static_cast<std::size_t>(place)].value);
    if (group == nullptr) return false;
    return group->sorted || sort_by(*group, item.descending, false);
  }

  /// Rows are merged by the key; shards that do not sort by it yet are told to.
  bool sort_by(Group& group, bool descending, bool tell) {
    group.sorted = true;
    const std::optional<Comparison> comparison = comparison_of(*group.value, block_);
    if (!comparison || comparison->in_part || comparison->bits || comparison->by == Compared::kDoubles)
      return false;
    const bool plain = comparison->by == Compared::kAsTheyAre;
    if (group.place == kNoItem && !plain) return false;
    MergeKey key;
    key.descending = descending;
    key.padding = comparison->padding;
    if (group.place != kNoItem && plain) {
      key.column = static_cast<std::size_t>(group.place);
      key.name = items_[key.column].output->name;
    } else {
      key.hidden = true;
      key.column = hide(made(*group.value, comparison->by));
      key.name = hidden_name(key.column);
    }
    merge_->keys.push_back(key);
    const std::size_t place =
        group.place != kNoItem ? static_cast<std::size_t>(group.place) : items_.size() + key.column;
    if (tell) added_order_.push_back(by_place(place));
    return true;
  }

  /// An item is an aggregate, a key of the groups, or the same in all rows.
  bool fold_item(std::size_t place) {
    const sql::Expr& value = *items_[place].value;
    const auto* call = sql::as<sql::FunctionCall>(&value);
    if (call == nullptr || !is_aggregate(*call)) {
      return group_of(value) != nullptr || sql::is<sql::Literal>(&value) || sql::is<sql::Parameter>(&value);
    }
    const std::optional<MergeFold::How> how = fold_of(*call, block_);
    if (!how) return false;
    MergeFold fold{.how = *how, .column = place};
    if (fold.how == MergeFold::How::kAverage) {
      fold.aside = hide(same_of("sum", *call));
      hide(same_of("count", *call));
    } else if (fold.how == MergeFold::How::kLeast || fold.how == MergeFold::How::kGreatest) {
      fold.by = compared_by(place, *call);
    }
    merge_->folds.push_back(std::move(fold));
    return true;
  }

  /// Which of the folds a value in HAVING is, by the one item that has it; -1: none.
  int fold_at(const sql::Expr& value) const {
    const auto* column = sql::as<sql::ColumnRef>(&value);
    // A name that a column has too may be either's.
    if (column != nullptr && resolve_column(*column, block_).source != nullptr) return -1;
    const int place = column != nullptr ? named_item(value) : equal_item(value);
    const auto named_alike = [column](const Item& item) {
      return same_column(item.output->name, column->name);
    };
    if (place < 0 || (column != nullptr && std::ranges::count_if(items_, named_alike) > 1)) return -1;
    const auto found = std::ranges::find(merge_->folds, static_cast<std::size_t>(place), &MergeFold::column);
    return found == merge_->folds.end() ? -1 : static_cast<int>(found - merge_->folds.begin());
  }

  MergeKey compared_by(std::size_t place, const sql::FunctionCall& extreme) {
    const std::optional<Comparison> comparison = comparison_of(extreme, block_);
    MergeKey by;
    by.padding = comparison->padding;
    by.hidden = comparison->by != Compared::kAsTheyAre;
    by.column = by.hidden ? hide(made(extreme, comparison->by)) : place;
    by.name = by.hidden ? hidden_name(by.column) : std::string(items_[place].output->name);
    return by;
  }

  /// The aggregate of that name over the same rows.
  sql::Expr* same_of(std::string_view name, const sql::FunctionCall& call) {
    sql::FunctionCall* made = sql::clone(&call, arena_);
    made->name = arena_.copy(name);
    return made;
  }

  /// Shards are asked for another column: which of the hidden ones.
  std::size_t hide(sql::Expr* value) {
    hidden_.push_back(value);
    return hidden_.size() - 1;
  }

  static std::string hidden_name(std::size_t column) { return "_kintsugi_k" + std::to_string(column + 1); }

  sql::OrderItem* by_place(std::size_t column) {
    auto* place = sql::make_node<sql::Literal>(arena_);
    place->literal = sql::LiteralKind::kInteger;
    place->text = arena_.copy(std::to_string(column + 1));
    auto* order = sql::make_node<sql::OrderItem>(arena_);
    order->value = place;
    return order;
  }

  /// Shards sort by the columns that ORDER BY leaves too, and equal values must look alike, since it is not
  /// told which shard's a server would have taken.
  bool sort_by_all() {
    if (!hidden_.empty()) return false;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const sql::Expr& value = *value_of(items_[i]);
      const std::optional<Comparison> comparison = comparison_of(value, block_);
      if (!comparison || comparison->by != Compared::kAsTheyAre || comparison->in_part || comparison->bits)
        return false;
      if (!is_quiet(value, block_)) return false;
      if (std::ranges::any_of(merge_->keys, [i](const MergeKey& key) { return key.column == i; })) continue;
      added_order_.push_back(by_place(i));
      MergeKey key;
      key.column = i;
      key.name = items_[i].output->name;
      merge_->keys.push_back(std::move(key));
    }
    return true;
  }

  const sql::Expr* value_of(const Item& item) {
    if (item.value != nullptr) return item.value;
    auto* column = sql::make_node<sql::ColumnRef>(arena_);
    column->table = item.output->source->alias;
    column->name = item.output->column;
    return column;
  }

  /// What shards are asked for to compare the values by.
  sql::Expr* made(const sql::Expr& value, Compared by) {
    sql::Expr* copy = sql::clone(&value, arena_);
    switch (by) {
      case Compared::kAsTheyAre:
        return copy;
      case Compared::kDoubles: {
        auto* sum = sql::make_node<sql::Binary>(arena_);
        sum->op = sql::BinaryOp::kAdd;
        sum->left = copy;
        sum->right = sql::make_node<sql::Literal>(arena_);
        static_cast<sql::Literal*>(sum->right)->literal = sql::LiteralKind::kFloat;
        static_cast<sql::Literal*>(sum->right)->text = "0e0";
        return sum;
      }
      case Compared::kNumbers: {
        auto* cast = sql::make_node<sql::Cast>(arena_);
        cast->value = copy;
        cast->type = sql::make_node<sql::DataType>(arena_);
        cast->type->name = "unsigned";
        return cast;
      }
      case Compared::kInstants: {
        auto* call = sql::make_node<sql::FunctionCall>(arena_);
        call->name = "unix_timestamp";
        call->args.push_back(arena_, copy);
        return call;
      }
      case Compared::kWeights: {
        auto* weights = sql::make_node<sql::WeightString>(arena_);
        weights->value = copy;
        return weights;
      }
    }
    return copy;
  }

  Draft& draft_;
  const sql::Select& select_;
  Block* block_;
  sql::Arena arena_;
  std::vector<Item> items_;
  std::vector<sql::Expr*> hidden_;
  std::vector<sql::OrderItem*> added_order_;
  std::vector<Group> groups_;
  bool filters_ = false;  ///< HAVING is the gate's to see to
  bool in_part_ = false;  ///< rows may be alike in the last key to the server, and not here
  std::optional<Operand> merge_limit_;
  std::optional<Operand> merge_offset_;
  std::unique_ptr<MergeStreams> merge_ = std::make_unique<MergeStreams>();
};

/// Whether each shard can make groups of its rows, or one row of all of them.
bool makes_groups(const Draft& draft, const sql::Select& select) {
  const bool aggregated =
      std::ranges::any_of(select.items, [](const sql::SelectItem* item) { return holds_aggregate(*item); });
  return (aggregated || !select.group_by.empty()) && is_divisible(draft, select);
}

}  // namespace

Result<void> merge_streams(Draft& draft) {
  Plan& plan = *draft.plan;
  const auto* select = sql::as<sql::Select>(&draft.statement);
  if (select == nullptr || draft.course != Course::kSharded || !draft.context.merge) return {};
  if (plan.root->kind != plan::NodeKind::kRoute || !plan.assigned_variables.empty() ||
      plan.assigns_last_insert_id)
    return {};
  auto& route = static_cast<Route&>(*plan.root);
  const Block& block = *draft.top;
  if (!route.destination.several_refused || block.node != select) return {};
  const bool exact = block.exact_but_order || block.exact_but_distinct;
  if (!exact && !makes_groups(draft, *select)) return {};
  Merger merger(draft, *select);
  std::unique_ptr<MergeStreams> merge = exact ? merger.merge() : merger.merge_groups();
  if (merge == nullptr) return {};
  merge->reason = route.destination.several_refused->message();
  merge->destination = destination_of_rows(draft);
  merge->destination.several_refused.reset();
  const bool falsely_warned = merge->groups && warns_of_nulls(draft, *select);
  merge->own_text = route.own_text && merger.is_unchanged() && !merge->distinct && !falsely_warned;
  if (!merge->own_text) merge->text = merger.text();
  if (falsely_warned) sort_groups(merge->text, *select, draft);
  merge->inputs.push_back(std::move(plan.root));
  plan.root = std::move(merge);
  return {};
}

}  // namespace kintsugi::plan::pass
