#pragma once

#include <string>
#include <vector>

#include "exec/executor.h"
#include "exec/op/row_joiner.h"
#include "mysql/row.h"

namespace kintsugi::exec {

/// Adds to the answer of SHOW CREATE TABLE, which is text, what the server does not have. Borrows all that it
/// is given.
class ConstraintSink final : public RowSink {
 public:
  /// `binary`: the rows are wanted in the binary protocol.
  ConstraintSink(const std::string& constraints, bool binary, RowSink& sink)
      : constraints_(constraints), binary_(binary), sink_(sink) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override;
  Task<Result<void>> rows(RowBatch batch) override;
  Task<Result<void>> done(mysql::OkPacket ok) override { return sink_.done(std::move(ok)); }

 private:
  const std::string& constraints_;
  const bool binary_;
  RowSink& sink_;
  RowJoiner joiner_;
  std::vector<mysql::ColumnDefinition> columns_;
};

}  // namespace kintsugi::exec
