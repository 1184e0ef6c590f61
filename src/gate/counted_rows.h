#pragma once

#include <cstdint>
#include <vector>

#include "exec/executor.h"

namespace kintsugi::gate {

/// Passes an answer on, and knows what there was of it. Borrows where it goes.
class CountedRows final : public exec::RowSink {
 public:
  explicit CountedRows(exec::RowSink& to) : to_(to) {}
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override;
  Task<Result<void>> rows(exec::RowBatch batch) override;
  Task<Result<void>> done(mysql::OkPacket ok) override;

  bool has_columns() const { return has_columns_; }
  std::uint64_t row_count() const { return row_count_; }
  mysql::OkPacket& final_ok() { return final_ok_; }

 private:
  exec::RowSink& to_;
  bool has_columns_ = false;
  std::uint64_t row_count_ = 0;
  mysql::OkPacket final_ok_;
};

}  // namespace kintsugi::gate
