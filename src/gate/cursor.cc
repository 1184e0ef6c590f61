#include "gate/cursor.h"

#include <utility>

#include "mysql/packet.h"

namespace kintsugi::gate {

Task<Result<void>> Cursor::columns(std::vector<mysql::ColumnDefinition> columns) {
  columns_ = std::move(columns);
  co_return Result<void>();
}

Task<Result<void>> Cursor::rows(exec::RowBatch batch) {
  row_count_ += mysql::count_packets({batch.frames.data(), batch.frames.size()});
  co_return rows_.append({batch.frames.data(), batch.frames.size()});
}

Task<Result<void>> Cursor::done(mysql::OkPacket ok) {
  final_ok_ = std::move(ok);
  co_return Result<void>();
}

/// The frames of one row: more than one if it is longer than a frame may be. Empty at the end.
Result<std::span<char>> Cursor::next_row() {
  std::size_t size = 0;
  for (;;) {
    Result<std::span<char>> bytes = rows_.read(size + mysql::kHeaderSize);
    if (!bytes || bytes->empty()) return bytes;
    const std::uint32_t length = mysql::parse_header({bytes->data() + size, mysql::kHeaderSize}).length;
    size += mysql::kHeaderSize + length;
    if (length < mysql::kMaxFrame) break;
  }
  Result<std::span<char>> row = rows_.read(size);
  if (!row) return row;
  return row->first(size);
}

Result<std::optional<std::string>> Cursor::take_row() {
  Result<std::span<char>> frames = next_row();
  if (!frames) return failure(std::move(frames.error()));
  if (frames->empty()) return std::optional<std::string>();
  std::string packet;
  std::string_view rest(frames->data(), frames->size());
  while (!rest.empty()) {
    const std::uint32_t length = mysql::parse_header(rest.substr(0, mysql::kHeaderSize)).length;
    packet += rest.substr(mysql::kHeaderSize, length);
    rest.remove_prefix(mysql::kHeaderSize + length);
  }
  rows_.consume(frames->size());
  return std::optional<std::string>(std::move(packet));
}

Task<Result<void>> Cursor::fetch(ClientLink& link, std::uint32_t count, Fetched& fetched) {
  while (fetched.rows < count) {
    Result<std::span<char>> row = next_row();
    if (!row) co_return failure(std::move(row.error()));
    if (row->empty()) {
      fetched.last = true;
      break;
    }
    Result<void> passed = co_await link.pass(*row);
    if (!passed) {
      fetched.client_lost = true;
      co_return passed;
    }
    rows_.consume(row->size());
    ++fetched.rows;
  }
  co_return Result<void>();
}

}  // namespace kintsugi::gate
