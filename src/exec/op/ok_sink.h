#pragma once

#include <utility>
#include <vector>

#include "exec/executor.h"

namespace kintsugi::exec {

/// Keeps the OK packet of an answer, and drops the rows that it has.
class OkSink final : public RowSink {
 public:
  mysql::OkPacket ok;
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition>) override { co_return Result<void>(); }
  Task<Result<void>> rows(RowBatch) override { co_return Result<void>(); }
  Task<Result<void>> done(mysql::OkPacket packet) override {
    ok = std::move(packet);
    co_return Result<void>();
  }
};

}  // namespace kintsugi::exec
