#pragma once

#include <string>
#include <vector>

#include "exec/executor.h"

namespace kintsugi::gate {

class Session;

/// Statements of the gate's own that belong to one of the client's: they run on the session's shards, in the
/// unit that is open, and what they warn of is not told. On the session's loop; lives for one statement.
/// Borrows all that it is given.
class NestedStatements final : public exec::Statements {
 public:
  /// `outer` are the client's statement's.
  NestedStatements(Session& session, exec::Shards& shards, const plan::Bindings& outer)
      : session_(session), shards_(shards), outer_(outer) {}

  Task<Result<void>> run(std::string text, exec::ShardRequest::Part part, exec::RowSink& sink) override;
  Task<Result<void>> cascade(std::string text, exec::RowSink& sink) override;
  Task<Result<void>> fire(const plan::Plan& by, const plan::RowTriggers& triggers,
                          std::span<const plan::Value> old_row,
                          std::span<const plan::Value> new_row) override;
  Task<Result<void>> fire_before(const plan::Plan& by, const plan::RowTriggers& triggers,
                                 std::span<const plan::Value> old_row, std::span<const plan::Value> new_row,
                                 exec::OwnValues& set) override;
  int depth() const override { return depth_; }
  void warn(std::uint16_t code, std::string message) override;

 private:
  Task<Result<void>> perform(std::string text, exec::ShardRequest::Part part, exec::RowSink& sink,
                             bool triggers);
  Result<void> check(const plan::Plan& plan) const;
  /// For the bodies of its triggers.
  NestedStatements within(const plan::Plan& by) const;

  Session& session_;
  exec::Shards& shards_;
  const plan::Bindings& outer_;
  int depth_ = 0;
  /// Of the statements whose triggers run: what these must not write.
  std::vector<plan::TableUse> busy_;
};

}  // namespace kintsugi::gate
