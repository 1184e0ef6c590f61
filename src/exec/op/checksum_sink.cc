#include "exec/op/checksum_sink.h"

#include <algorithm>
#include <charconv>

#include "exec/errors.h"
#include "mysql/packet.h"

namespace kintsugi::exec {

Task<Result<void>> ChecksumSink::columns(std::vector<mysql::ColumnDefinition> columns) {
  columns_ = columns;
  co_return co_await sink_.columns(std::move(columns));
}

Task<Result<void>> ChecksumSink::rows(RowBatch batch) {
  std::string_view frames(batch.frames.data(), batch.frames.size());
  while (const std::optional<std::string_view> row = joiner_.next(frames)) {
    std::vector<mysql::Cell> cells;
    Result<void> parsed = mysql::parse_text_row(*row, columns_.size(), cells);
    if (!parsed) co_return parsed;
    if (cells.size() < 2 || !cells[0])
      co_return failure(kShardsDisagree, "CHECKSUM TABLE without a table's name");
    auto known = std::ranges::find(sums_, std::string_view(*cells[0]), &Sum::table);
    if (known == sums_.end()) known = sums_.insert(sums_.end(), {std::string(*cells[0]), 0});
    std::uint32_t sum = 0;
    const bool number =
        cells[1] &&
        std::from_chars(cells[1]->data(), cells[1]->data() + cells[1]->size(), sum).ec == std::errc();
    known->sum = number && known->sum ? std::optional(*known->sum + sum) : std::nullopt;
  }
  co_return Result<void>();
}

Task<Result<void>> ChecksumSink::done(mysql::OkPacket ok) {
  std::string frames;
  std::uint8_t sequence = 0;
  for (const Sum& each : sums_) {
    const std::string number = each.sum ? std::to_string(*each.sum) : std::string();
    const std::vector<mysql::Cell> cells = {std::string_view(each.table),
                                            each.sum ? mysql::Cell(number) : mysql::Cell()};
    std::string payload;
    if (binary_) {
      Result<void> made = mysql::text_row_to_binary(payload, columns_, cells);
      if (!made) co_return made;
    } else {
      mysql::write_text_row(payload, cells);
    }
    mysql::append_packet(frames, sequence, payload);
  }
  if (!frames.empty()) {
    Result<void> sent = co_await sink_.rows({std::span(frames)});
    if (!sent) co_return sent;
  }
  co_return co_await sink_.done(std::move(ok));
}

}  // namespace kintsugi::exec
