#include "gate/client_link.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "mysql/errors.h"
#include "mysql/request.h"
#include "mysql/response.h"
#include "runtime/errors.h"

namespace kintsugi::gate {
namespace {

using namespace std::chrono_literals;
/// The largest packet there can be is read to its end, so that its client hears that it is too large.
constexpr std::size_t kSkippedBytesMax = std::size_t{1} << 30;
constexpr Duration kSkipping = 60s;
constexpr Duration kLastWords = 1s;

}  // namespace

Soon<Result<std::string_view>> ClientLink::read_command(Time deadline) {
  packets_.begin_command();
  packets_.stream().set_deadline(deadline);
  return packets_.read_packet();
}

Task<void> ClientLink::note_no_command(const Error& error) {
  client_left_ = error.is(runtime::kConnectionLost);
  if (!error.is(mysql::kPacketTooLarge)) co_return;
  packets_.stream().set_deadline(Clock::now() + kSkipping);
  const Result<void> skipped = co_await packets_.skip_packet(kSkippedBytesMax);
  (void)skipped;
}

Task<Result<void>> ClientLink::pass(std::span<char> frames) {
  std::uint8_t sequence = packets_.sequence();
  for (std::size_t at = 0; at + mysql::kHeaderSize <= frames.size();) {
    const std::uint32_t length = mysql::parse_header({frames.data() + at, mysql::kHeaderSize}).length;
    frames[at + 3] = static_cast<char>(sequence++);
    at += mysql::kHeaderSize + length;
  }
  packets_.set_sequence(sequence);
  const std::string_view bytes(frames.data(), frames.size());
  if (packets_.pending().size() + bytes.size() < wire::PacketStream::kFlushBytes / 2) {
    packets_.pending().append(bytes);
    co_return Result<void>();
  }
  packets_.stream().set_deadline(Clock::now() + write_timeout_);
  Result<void> sent = co_await packets_.send_frames(bytes);
  co_return sent;
}

Soon<Result<void>> ClientLink::flush() {
  std::optional<Result<void>> done = packets_.flush_at_once();
  if (done) return std::move(*done);
  packets_.stream().set_deadline(Clock::now() + write_timeout_);
  return packets_.flush();
}

Task<Result<void>> ClientLink::flush_if_much() {
  if (!packets_.should_flush()) co_return Result<void>();
  Result<void> sent = co_await flush();
  co_return sent;
}

bool ClientLink::client_gone() const {
  const runtime::Stream& stream = packets_.stream();
  if (!stream.is_open()) return false;
  char byte;
  const ssize_t peeked = ::recv(stream.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return peeked == 0 || (peeked < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

Task<void> ClientLink::dismiss(Error error) {
  packets_.set_sequence(1);
  return refuse(std::move(error));
}

Task<void> ClientLink::refuse(Error error) {
  std::string payload;
  mysql::write_error_packet(payload, error);
  packets_.append(payload);
  packets_.stream().set_deadline(Clock::now() + kLastWords);
  const Result<void> sent = co_await packets_.flush();
  (void)sent;
}

runtime::Stream ClientLink::release() {
  if (client_left_) packets_.stream().close();
  return std::move(packets_.stream());
}

}  // namespace kintsugi::gate
