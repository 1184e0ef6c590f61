#pragma once

#include <vector>

#include "exec/executor.h"
#include "exec/op/row_joiner.h"

namespace kintsugi::exec {

/// Counts the rows of an answer, and drops them.
class RowCounter final : public RowSink {
 public:
  std::size_t count = 0;
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition>) override { co_return Result<void>(); }
  Task<Result<void>> rows(RowBatch batch) override {
    std::string_view frames(batch.frames.data(), batch.frames.size());
    while (joiner_.next(frames)) ++count;
    co_return Result<void>();
  }
  Task<Result<void>> done(mysql::OkPacket) override { co_return Result<void>(); }

 private:
  RowJoiner joiner_;
};

}  // namespace kintsugi::exec
