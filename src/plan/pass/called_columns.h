#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plan/called_rows.h"
#include "plan/pass/draft.h"

namespace kintsugi::plan::pass {

/// Calls of functions that gates run which a block makes itself, and not a query in it.
class CallFinder {
 public:
  /// Borrows the context.
  explicit CallFinder(const PlanContext& context) : context_(context) {}

  void find(const sql::Node& node, std::vector<const sql::FunctionCall*>& calls) const;
  bool has(const sql::Node& node) const;

 private:
  const PlanContext& context_;
};

/// A statement that runs over the temporary table of CalledRows: what has to be in that, and what stands for
/// it in the statement. The base of what makes CalledRows of one block (called_rows.cc). Borrows the draft
/// and the block; its trees are in the plan's arena.
class CalledColumns {
 protected:
  CalledColumns(Draft& draft, Block& block);

  /// A copy, of which it is known what it was made of: names in it mean what they mean in the statement.
  template <class T>
  T* copy(const T* node) {
    T* made = sql::clone(node, arena_);
    note_copy(*node, *made);
    return made;
  }
  /// The first copy of a node of the statement.
  sql::Node* copied(const sql::Node* node) const { return copies_.at(node); }

  void fail(std::string why);

  /// The block's source that has the column, which stands in `at`; null: it is none of the block's, or not
  /// known.
  Source* source_of(const sql::ColumnRef& column, Block* at) const;
  /// A column of the block's, for a query of its FROM.
  sql::ColumnRef* reference(const Source& source, std::string_view name);

  // Of the temporary table.
  /// A name for it that none has.
  std::string free_name() const;
  sql::TableRef* called_table();
  sql::ColumnRef* of_table(std::string_view column);
  /// Its column that has one of the block's.
  sql::Expr* kept(const Source& source, std::string_view name);
  /// The expression, with its columns in the place of the block's and of calls.
  sql::Expr* over_table(sql::Expr* value);
  /// The same of one that is evaluated for rows, where the block has groups.
  sql::Expr* over_table_for_rows(sql::Expr* value);
  /// The same of what rows must fulfil.
  sql::Expr* condition_over_table(sql::Expr* value);
  void over_table_children(sql::Node& node);
  sql::SelectItem* item_of(sql::Expr* value, std::string_view alias);
  /// Writes out stars, and names items as they would be.
  void name_items(sql::List<sql::SelectItem*>& said);
  /// Names the items of all queries whose columns have names, by their texts, which are lost when they are
  /// printed.
  void name_answers(sql::Statement& rest);
  /// When all is over the table.
  void finish();

  Draft& draft_;
  Block& block_;
  sql::Arena& arena_;
  CallFinder finder_;
  sql::Select* rows_;              ///< CalledRows::rows
  bool leaves_calls_ = false;      ///< calls are made when the rest runs
  bool conditions_first_ = false;  ///< so are those that stand in no condition
  bool grouped_ = false;
  bool by_groups_ = false;                             ///< the rows are the groups
  std::vector<const sql::FunctionCall*> group_calls_;  ///< those in GROUP BY
  std::map<const sql::Node*, Source*> written_out_;    ///< columns that stars stand for
  CalledRows made_;
  std::optional<Error> failed_;

 private:
  using Guards = std::map<const sql::Node*, sql::Expr*>;

  void note_copy(const sql::Node& node, sql::Node& made);
  const sql::Node* origin(const sql::Node* node) const;
  void write_out(const sql::Star& star, sql::List<sql::SelectItem*>& items);
  std::vector<std::string_view> columns_of(const Source& source);
  sql::Expr* kept(sql::Expr& value);
  void add_column(sql::Expr* typed, sql::Expr* read);
  sql::Select* shape();
  sql::Node* over_table(sql::Node& node, Block* at, sql::Expr* guard);
  void over_table_children(sql::Node& node, Block* at, sql::Expr* guard, const Guards& guards);
  bool is_made(const sql::FunctionCall& call) const;
  bool is_group(const sql::FunctionCall& call) const;
  sql::Expr* known_value(const sql::FunctionCall& call, const sql::Expr* guard);
  sql::Expr* value_of(sql::FunctionCall& call, sql::Expr* guard);
  sql::Node* with_arguments(sql::Node& node);
  sql::Expr* argument(sql::Expr& value);
  sql::Expr* row_mark(std::string_view name);

  std::map<const sql::Node*, Block*> blocks_;
  std::map<const sql::Node*, const sql::Node*> origin_;  ///< of copies, in the statement
  std::map<const sql::Node*, sql::Node*> copies_;        ///< the first of each
  int in_rows_ = 0;  ///< it is within what is made of rows, of a block with groups
  std::map<std::pair<const Source*, std::string>, std::size_t> columns_;
  std::vector<sql::Expr*> typed_;
  struct Called {
    const sql::FunctionCall* call = nullptr;  ///< in the statement
    const sql::Expr* guard = nullptr;
    std::string column;
  };
  std::vector<Called> calls_;
  std::vector<sql::SelectItem*> arguments_;
};

}  // namespace kintsugi::plan::pass
