#pragma once

#include <deque>
#include <string>
#include <vector>

#include "exec/executor.h"
#include "exec/op/row_joiner.h"
#include "exec/op/row_writer.h"
#include "mysql/row.h"

namespace kintsugi::exec {

/// The rows that a write reads before it writes: kept as they came, in memory, so bounded by the context's
/// write_rows_max and write_bytes_max.
class ReadRows final : public RowSink, public KnownRows {
 public:
  /// `context` is borrowed.
  explicit ReadRows(const ExecContext& context) : context_(context) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override;
  Task<Result<void>> rows(RowBatch batch) override;
  Task<Result<void>> done(mysql::OkPacket ok) override;

  std::size_t size() const override { return rows_.size(); }
  std::size_t column_count() const { return columns_.size(); }
  /// Calls what is called for each of the rows, in their order, whose values then begin with what that gave.
  Task<Result<void>> call(ExecContext& context, const plan::RowCalls& calls);
  std::uint16_t warnings() const { return warnings_; }
  /// Values whose SQL means exactly them, to any session.
  Result<std::span<const plan::Value>> values(std::size_t row) override;

 private:
  /// What a call gave for one row.
  struct Called {
    std::vector<mysql::ColumnDefinition> columns;  ///< one, whose type may differ from one row to the next
    std::string row;
  };

  plan::Value value_of(const mysql::ColumnDefinition& column, std::string_view text);
  Result<void> keep(std::string_view row);
  Result<void> add_values(std::string_view row, const std::vector<mysql::ColumnDefinition>& columns,
                          std::vector<mysql::Cell>& cells);

  const ExecContext& context_;
  std::vector<mysql::ColumnDefinition> columns_;
  std::deque<std::string> rows_;
  RowJoiner joiner_;
  std::uint64_t bytes_ = 0;
  std::uint16_t warnings_ = 0;
  std::size_t calls_ = 0;
  std::deque<Called> called_;  ///< one row after the other, as far as they are called for
  std::vector<mysql::Cell> cells_, called_cells_;
  std::vector<plan::Value> values_;
  std::deque<std::string> made_;  ///< texts of values_ that are not the row's own
};

/// Asks `read` in the statement's transaction. Its warnings are the statement's; without `ignore`, some of
/// them are errors.
Task<Result<void>> read_rows(ExecContext& context, const plan::Plan& read, bool ignore, ReadRows& rows);

/// Asks one shard for rows that something is to be written from. `text` is borrowed.
Task<Result<void>> read_from(ExecContext& context, const vschema::Shard* shard, std::string_view text,
                             RowSink& sink);

}  // namespace kintsugi::exec
