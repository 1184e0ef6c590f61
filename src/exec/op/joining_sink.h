#pragma once

#include "exec/executor.h"

namespace kintsugi::exec {

/// Passes the rows of many answers on as those of one, whose end is the caller's to tell.
class JoiningSink final : public RowSink {
 public:
  explicit JoiningSink(RowSink& sink) : sink_(sink) {}
  /// Whether an answer has come.
  bool begun() const { return begun_; }

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    if (begun_) co_return Result<void>();
    begun_ = true;
    co_return co_await sink_.columns(std::move(columns));
  }
  Task<Result<void>> rows(RowBatch batch) override { return sink_.rows(batch); }
  Task<Result<void>> done(mysql::OkPacket) override { co_return Result<void>(); }

 private:
  RowSink& sink_;
  bool begun_ = false;
};

}  // namespace kintsugi::exec
