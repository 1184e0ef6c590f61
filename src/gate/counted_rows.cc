#include "gate/counted_rows.h"

#include <utility>

#include "mysql/packet.h"

namespace kintsugi::gate {

Task<Result<void>> CountedRows::columns(std::vector<mysql::ColumnDefinition> columns) {
  has_columns_ = true;
  return to_.columns(std::move(columns));
}

Task<Result<void>> CountedRows::rows(exec::RowBatch batch) {
  row_count_ += mysql::count_packets({batch.frames.data(), batch.frames.size()});
  return to_.rows(batch);
}

Task<Result<void>> CountedRows::done(mysql::OkPacket ok) {
  final_ok_ = ok;
  return to_.done(std::move(ok));
}

}  // namespace kintsugi::gate
