#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exec/executor.h"
#include "exec/op/row_joiner.h"
#include "mysql/row.h"

namespace kintsugi::exec {

/// Adds up what several shards answer to CHECKSUM TABLE, one after the other, as text: the checksum of an
/// InnoDB table is the sum of its rows' own, modulo 2^32 (mysql_checksum_table), whatever their order.
/// Borrows the sink.
class ChecksumSink final : public RowSink {
 public:
  /// `binary`: the rows are wanted in the binary protocol.
  ChecksumSink(bool binary, RowSink& sink) : binary_(binary), sink_(sink) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override;
  Task<Result<void>> rows(RowBatch batch) override;
  Task<Result<void>> done(mysql::OkPacket ok) override;

 private:
  struct Sum {
    std::string table;
    std::optional<std::uint32_t> sum;  ///< nothing: NULL, of what is no table
  };

  const bool binary_;
  RowSink& sink_;
  RowJoiner joiner_;
  std::vector<mysql::ColumnDefinition> columns_;
  std::vector<Sum> sums_;  ///< in the order in which the statement names the tables
};

}  // namespace kintsugi::exec
