#include "gate/client_link.h"

#include <sys/socket.h>

namespace kintsugi::gate {

Task<Result<std::string_view>> ClientLink::read_command(Time deadline) {
  packets_.begin_command();
  packets_.stream().set_deadline(deadline);
  Result<std::string_view> packet = co_await packets_.read_packet();
  co_return packet;
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

Task<Result<void>> ClientLink::flush() {
  packets_.stream().set_deadline(Clock::now() + write_timeout_);
  Result<void> sent = co_await packets_.flush();
  co_return sent;
}

Task<Result<void>> ClientLink::flush_if_much() {
  if (!packets_.should_flush()) co_return Result<void>();
  Result<void> sent = co_await flush();
  co_return sent;
}

bool ClientLink::client_gone() const {
  const runtime::Stream& stream = packets_.stream();
  char byte;
  return stream.is_open() && ::recv(stream.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

}  // namespace kintsugi::gate
