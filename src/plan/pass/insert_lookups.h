#pragma once

#include <functional>

#include "plan/pass/draft.h"
#include "plan/pass/foreign_keys.h"
#include "plan/pass/row_triggers.h"

namespace kintsugi::plan::pass {

/// id = id, id = VALUES(id), id = LAST_INSERT_ID(id) of ON DUPLICATE KEY UPDATE: the key stays.
bool keeps(const sql::Assignment& assignment);

/// Of an INSERT into a table with look-up vindexes, or with foreign keys that the gate keeps: what keeps them
/// in step. And of one whose triggers the gate runs. Borrows all that it is given.
class InsertLookups {
 public:
  InsertLookups(Draft& draft, const TableEntry& entry, const sql::Insert& statement)
      : draft_(draft),
        entry_(entry),
        statement_(statement),
        parents_(kept_parents(draft, entry)),
        children_(kept_children(draft, entry, Change::kDelete)),
        before_(row_triggers(draft, entry, "before", "insert")),
        on_insert_(fires_triggers(draft, entry.routing, "insert")),
        on_update_(!statement.on_duplicate.empty() && fires_triggers(draft, entry.routing, "update")),
        on_delete_(statement.replace && fires_triggers(draft, entry.routing, "delete")) {}

  bool any() const;
  /// BEFORE triggers that gates run for each row; null: there are none, or find() fails.
  const RowTriggers* before() const { return before_ ? before_->get() : nullptr; }
  /// Whether ON DUPLICATE KEY UPDATE may move the row that is met to another shard.
  bool moves() const;
  /// Whether a row that is met is updated by a statement of its own: servers would not meet it.
  bool updates_apart() const;
  /// Whether the values that rows get in the column must be known before they are written.
  bool asks_for(std::string_view column) const;
  /// Sets what the node says of look-ups; its sharding key and AUTO_INCREMENT column are known.
  Result<void> find(Insert& node);
  /// Sets what a row says of them. `value_of` is what the row gives a column.
  using ValueOf = std::function<Result<Operand>(const std::string& column)>;
  Result<void> add(const Insert& node, const ValueOf& value_of, Insert::Row& row);
  /// Sets what updates a row that is met, where that may move. `expr_of` is as the row writes it; null: it
  /// does not.
  using ExprOf = std::function<const sql::Expr*(std::string_view column)>;
  Result<void> add_update(const Insert& node, const ExprOf& expr_of, Insert::Row& row);

 private:
  std::vector<std::string> row_columns() const;
  Result<void> write_conflict(const Insert& node, const ValueOf& value_of, Insert::Row& row);
  bool names_value_of(std::string_view column) const;
  sql::Node* with_values(sql::Node& node, const ExprOf& expr_of, std::string& without,
                         sql::Arena& arena) const;
  Result<void> add_new_row(const Insert& node, const ValueOf& value_of, Insert::Row& row);
  bool fires() const;
  bool has_lookups() const;
  bool has_untold() const;
  bool reads_elsewhere() const;
  bool meets_rows() const;
  bool one_by_one() const;
  void find_foreign_keys(Conflicts& conflicts, const std::function<Operand(std::string)>& read) const;
  Result<void> add_parents(const Insert& node, const ValueOf& value_of, Insert::Row& row) const;
  static Result<Operand> value_in(const Insert& node, const ValueOf& value_of, const Insert::Row& row,
                                  const std::string& column);
  Result<void> find_conflicts(Insert& node);
  Result<void> check_keys(const Insert& node) const;
  Result<void> check_reassigned(Conflicts& conflicts) const;
  bool is_unique_key(const std::vector<std::string>& columns) const;
  bool is_lookup_column(std::string_view column) const;
  Result<void> write_condition(const Insert& node, const ValueOf& value_of, const Insert::Row& row,
                               const std::vector<std::string>& columns, Text& to);

  Draft& draft_;
  const TableEntry& entry_;
  const sql::Insert& statement_;
  std::vector<std::vector<std::string>> columns_;  ///< of the table, by look-up
  std::vector<KeptOf> parents_, children_;
  Result<std::shared_ptr<const RowTriggers>> before_;
  bool on_insert_, on_update_, on_delete_;  ///< triggers that gates run
};

}  // namespace kintsugi::plan::pass
