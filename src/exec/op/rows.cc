#include "exec/op/operators.h"
#include "mysql/row.h"

namespace kintsugi::exec {

namespace {

/// A packet as one frame; the sink sets the sequence number. Rows of plans are far shorter than a frame may
/// be.
void append_frame(std::string& out, const std::string& payload) {
  out += static_cast<char>(payload.size() & 0xff);
  out += static_cast<char>((payload.size() >> 8) & 0xff);
  out += static_cast<char>((payload.size() >> 16) & 0xff);
  out += '\0';
  out += payload;
}

}  // namespace

Task<Result<void>> run_rows(ExecContext& context, const plan::Node& node, RowSink& sink) {
  const auto& rows = static_cast<const plan::Rows&>(node);
  std::vector<mysql::ColumnDefinition> columns(rows.columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].name = rows.columns[i];
    columns[i].length = 1024;
  }
  std::string frames;
  for (const std::vector<std::string>& row : rows.rows) {
    std::vector<mysql::Cell> cells(row.begin(), row.end());
    std::string payload;
    if (context.binary_rows) {
      Result<void> written = mysql::text_row_to_binary(payload, columns, cells);
      if (!written) co_return written;
    } else {
      mysql::write_text_row(payload, cells);
    }
    append_frame(frames, payload);
  }
  Result<void> sent = co_await sink.columns(std::move(columns));
  if (!sent) co_return sent;
  RowBatch batch{frames};
  if (!frames.empty()) sent = co_await sink.rows(batch);
  if (!sent) co_return sent;
  mysql::OkPacket ok;
  ok.status = 0x0002;
  co_return co_await sink.done(std::move(ok));
}

}  // namespace kintsugi::exec
