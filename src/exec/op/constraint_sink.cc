#include "exec/op/constraint_sink.h"

#include "mysql/packet.h"

namespace kintsugi::exec {

Task<Result<void>> ConstraintSink::columns(std::vector<mysql::ColumnDefinition> columns) {
  columns_ = columns;
  co_return co_await sink_.columns(std::move(columns));
}

Task<Result<void>> ConstraintSink::rows(RowBatch batch) {
  std::string_view frames(batch.frames.data(), batch.frames.size());
  while (const std::optional<std::string_view> row = joiner_.next(frames)) {
    std::vector<mysql::Cell> cells;
    Result<void> parsed = mysql::parse_text_row(*row, columns_.size(), cells);
    if (!parsed) co_return parsed;
    std::string text(cells.size() > 1 && cells[1] ? *cells[1] : std::string_view());
    const std::size_t end = text.rfind("\n)");
    if (end != std::string::npos) {
      text.insert(end, constraints_);
      cells[1] = text;
    }
    std::string payload;
    Result<void> made;
    if (binary_) {
      made = mysql::text_row_to_binary(payload, columns_, cells);
    } else {
      mysql::write_text_row(payload, cells);
    }
    if (!made) co_return made;
    std::string frame;
    std::uint8_t sequence = 0;
    mysql::append_packet(frame, sequence, payload);
    Result<void> sent = co_await sink_.rows({std::span(frame)});
    if (!sent) co_return sent;
  }
  co_return Result<void>();
}

}  // namespace kintsugi::exec
