#pragma once

#include "plan/pass/draft.h"

namespace kintsugi::plan::pass {

/// Of an INSERT whose rows, or some of whose values, are read first: what is read. Marks (read_mark) stand in
/// the statement for it. Borrows all that it is given.
class InsertReader {
 public:
  /// `copy` is the statement, to be changed; `columns` are those that its rows have; `marks` are in it
  /// already.
  InsertReader(Draft& draft, const TableEntry& entry, sql::Insert& copy,
               std::span<const std::string_view> columns, sql::Arena& arena, std::size_t marks = 0)
      : draft_(draft),
        entry_(entry),
        copy_(copy),
        columns_(columns),
        arena_(arena),
        marks_(marks + draft.row_calls.size()) {}

  /// Marks the values that the gate must know, that no shard knows alone, or that each server would make
  /// anew. `placing` are the columns that say where a row lies, or what its id is.
  Result<void> mark_values(std::span<const std::string_view> placing);
  /// The query of one row that asks for them; null: there are none.
  sql::Select* values();

  /// A row of marks, in the place of the statement's query; and that query, as it is to be read.
  Result<sql::Values*> mark_rows();
  sql::Query& rows() { return *query_; }

  /// Functions that gates run, for each of the rows.
  RowCalls calls() { return std::move(calls_); }

  /// Columns that are read.
  std::size_t size() const { return read_.size(); }
  /// What mark_values() has marked.
  std::span<const sql::Expr* const> marked() const { return read_; }

 private:
  class Arguments;

  bool places_rows() const;
  bool is_alone(const sql::Node& node) const;
  bool must_read(const sql::Expr& item, bool placing);
  void give_defaults(sql::Node& node);
  Result<void> refuse_columns(const sql::Node& node, std::string_view given) const;
  void read_exactly();
  Result<void> mark_duplicates();
  Result<void> mark_calls(sql::Row& row);
  sql::Node* mark_columns(sql::Node& node, sql::Select& select);
  bool is_of_query(const sql::ColumnRef& column) const;
  std::size_t end_of(const sql::Star& star, std::size_t output) const;
  sql::Literal* mark(const sql::Expr* value);

  Draft& draft_;
  const TableEntry& entry_;
  sql::Insert& copy_;
  std::span<const std::string_view> columns_;
  sql::Arena& arena_;
  std::size_t marks_;
  sql::Query* query_ = nullptr;
  std::vector<const sql::Expr*> read_;
  RowCalls calls_;
};

}  // namespace kintsugi::plan::pass
