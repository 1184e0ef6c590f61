#pragma once

#include "gate/routine_host.h"

namespace kintsugi::gate {

/// A session as a stored function sees it that the gate runs: as a procedure does, but that nothing of it
/// answers with rows.
class FunctionHost final : public RoutineHost {
 public:
  explicit FunctionHost(Session& session) : RoutineHost(session, false) {}

  /// Of all that has run.
  std::uint64_t affected_rows() const { return affected_rows_; }

 private:
  Task<Result<routine::Done>> perform(std::string sql, Cursor* rows) override {
    NoRows none("function");
    exec::RowSink& sink = rows == nullptr ? static_cast<exec::RowSink&>(none) : *rows;
    Result<routine::Done> done = co_await perform_into(std::move(sql), &sink);
    if (done) affected_rows_ += done->affected_rows;
    co_return done;
  }

  std::uint64_t affected_rows_ = 0;
};

}  // namespace kintsugi::gate
