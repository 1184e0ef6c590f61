#include "gate/answer.h"

#include <utility>

#include "mysql/errors.h"
#include "mysql/packet.h"

namespace kintsugi::gate {

Task<Result<void>> Answer::read_frame() {
  Result<void> got = co_await packets_.fill(mysql::kHeaderSize);
  if (!got) co_return got;
  const std::span<char> bytes = packets_.buffered();
  const std::size_t size = mysql::kHeaderSize + mysql::parse_header({bytes.data(), bytes.size()}).length;
  got = co_await packets_.fill(size);
  co_return got;
}

/// Drops the piece given last, and finds the frames that have come whole, so that what is handed on is never
/// half of one.
void Answer::drop_given() {
  packets_.consume(given_);
  whole_ -= std::exchange(given_, 0);
  const std::span<char> bytes = packets_.buffered();
  while (bytes.size() - whole_ >= mysql::kHeaderSize) {
    const std::string_view left(bytes.data() + whole_, bytes.size() - whole_);
    const std::size_t size = mysql::kHeaderSize + mysql::parse_header(left).length;
    if (left.size() < size) break;
    whole_ += size;
  }
}

Task<Result<Answer::Piece>> Answer::next() {
  for (;;) {
    drop_given();
    if (whole_ == 0) {
      Result<void> frame = co_await read_frame();
      if (!frame) co_return failure(std::move(frame.error()));
      continue;
    }
    const std::span<char> bytes = packets_.buffered().first(whole_);
    const mysql::ResultFramer::Step step = framer_.next({bytes.data(), bytes.size()});
    if (step.kind == mysql::ResultFramer::Kind::malformed) {
      co_return failure(mysql::kMalformedPacket, "the server's answer makes no sense");
    }
    if (step.kind == mysql::ResultFramer::Kind::need_more) {
      // The frames that are there are whole, so what is missing is the next one.
      Result<void> more = co_await packets_.fill(packets_.buffered().size() + 1);
      if (!more) co_return failure(std::move(more.error()));
      continue;
    }
    given_ = step.size;
    co_return Piece{step.kind, bytes.first(step.size), step.payload};
  }
}

}  // namespace kintsugi::gate
