#pragma once

#include <string>

#include "exec/executor.h"

namespace kintsugi::gate {

class Session;

/// Statements of the gate's own that belong to one of the client's: they run on the session's shards, in the
/// unit that is open, and what they warn of is not told. On the session's loop; lives for one statement.
/// Borrows all that it is given.
class NestedStatements final : public exec::Statements {
 public:
  /// `outer` are the client's statement's.
  NestedStatements(Session& session, exec::Shards& shards, const plan::Bindings& outer, int depth = 0)
      : session_(session), shards_(shards), outer_(outer), depth_(depth) {}

  Task<Result<void>> run(std::string text, exec::ShardRequest::Part part, exec::RowSink& sink) override;
  int depth() const override { return depth_; }
  void warn(std::uint16_t code, std::string message) override;

 private:
  Session& session_;
  exec::Shards& shards_;
  const plan::Bindings& outer_;
  const int depth_;
};

}  // namespace kintsugi::gate
