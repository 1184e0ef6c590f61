#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "exec/executor.h"
#include "gate/client_link.h"
#include "mysql/response.h"
#include "runtime/spill_buffer.h"

namespace kintsugi::gate {

/// The answer of a prepared statement that was executed with a cursor: its rows are those of that moment,
/// kept by the gate, so that no server's connection is held while the client fetches. Belongs to its
/// statement's session.
class Cursor final : public exec::RowSink {
 public:
  /// Borrows the budget.
  explicit Cursor(runtime::SpillBudget& budget) : rows_(budget) {}

  // The execution fills it. kSpillFull, runtime::kSpillFailed.
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override;
  Task<Result<void>> rows(exec::RowBatch batch) override;
  Task<Result<void>> done(mysql::OkPacket ok) override;

  /// Empty: the statement had no rows to give, and final_ok() is its answer.
  const std::vector<mysql::ColumnDefinition>& columns() const { return columns_; }
  mysql::OkPacket& final_ok() { return final_ok_; }
  std::uint64_t row_count() const { return row_count_; }

  struct Fetched {
    bool last = false;         ///< there are no more rows: fewer came than were asked for
    bool client_lost = false;  ///< set with the failure
    std::uint64_t rows = 0;
  };
  /// The next row's packet, for who reads the rows here; nothing: there is none.
  Result<std::optional<std::string>> take_row();

  /// Writes up to `count` rows to the client.
  Task<Result<void>> fetch(ClientLink& link, std::uint32_t count, Fetched& fetched);

 private:
  Result<std::span<char>> next_row();

  runtime::SpillBuffer rows_;  // as frames
  std::vector<mysql::ColumnDefinition> columns_;
  mysql::OkPacket final_ok_;
  std::uint64_t row_count_ = 0;
};

}  // namespace kintsugi::gate
