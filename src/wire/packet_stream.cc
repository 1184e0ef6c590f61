#include "wire/packet_stream.h"

#include <algorithm>
#include <cstring>

#include "mysql/errors.h"

namespace kintsugi::wire {

void ReadBuffer::consume(std::size_t size) {
  begin_ += size;
  if (begin_ == end_) begin_ = end_ = 0;
}

void ReadBuffer::reserve(std::size_t capacity) {
  if (capacity > capacity_) {
    std::unique_ptr<char[]> larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (size() > 0) std::memcpy(larger.get(), data_.get() + begin_, size());
    data_ = std::move(larger);
    capacity_ = capacity;
  } else if (begin_ > 0) {
    std::memmove(data_.get(), data_.get() + begin_, size());
  }
  end_ -= begin_;
  begin_ = 0;
}

void ReadBuffer::shrink(std::size_t capacity) {
  if (size() > 0 || capacity_ <= capacity) return;
  *this = ReadBuffer();
}

PacketStream::PacketStream(runtime::Stream stream, std::size_t max_packet)
    : stream_(std::move(stream)), assembler_(max_packet) {}

void PacketStream::begin_command() {
  assembler_.set_sequence(0);
  assembler_.release();
  if (codec_) codec_->reset_sequence();
  in_.shrink(kRestBytes);
  compressed_in_.shrink(kRestBytes);
  if (out_.empty() && out_.capacity() > kRestBytes) out_ = std::string();
}

Soon<Result<std::string_view>> PacketStream::read_packet() {
  std::size_t needed = mysql::kHeaderSize;
  std::optional<Result<std::string_view>> taken = take_packet(needed);
  if (taken) return std::move(*taken);
  return await_packet(needed);
}

Task<Result<std::string_view>> PacketStream::await_packet(std::size_t needed) {
  for (;;) {
    if (codec_) {
      Result<void> filled = co_await fill(needed);
      if (!filled) co_return failure(std::move(filled.error()));
    } else {
      // Not by fill(): a session waits here for most of its life, in one frame.
      const std::span<char> room = room_for(in_, needed);
      const Result<std::size_t> count = co_await stream_.read_some(room);
      Result<void> read = came(in_, needed, room, count);
      if (!read) co_return failure(std::move(read.error()));
    }
    std::optional<Result<std::string_view>> taken = take_packet(needed);
    if (taken) co_return std::move(*taken);
  }
}

/// Of what is there; nothing where the packet has not come whole: `needed` unread bytes must be.
std::optional<Result<std::string_view>> PacketStream::take_packet(std::size_t& needed) {
  while (in_.size() >= needed) {
    const std::span<char> bytes = in_.bytes();
    const Result<mysql::PacketAssembler::Step> step = assembler_.next({bytes.data(), bytes.size()});
    if (!step) return failure(step.error());
    in_.consume(step->consumed);
    if (step->complete) return step->payload;
    needed = step->needed - step->consumed;
  }
  return std::nullopt;
}

Task<Result<void>> PacketStream::skip_packet(std::size_t bytes_max) {
  in_.consume(assembler_.refused_at());
  for (std::size_t skipped = 0;;) {
    Result<void> filled = co_await fill(mysql::kHeaderSize);
    if (!filled) co_return filled;
    const mysql::FrameHeader header = mysql::parse_header({in_.bytes().data(), mysql::kHeaderSize});
    in_.consume(mysql::kHeaderSize);
    assembler_.set_sequence(static_cast<std::uint8_t>(header.sequence + 1));
    skipped += header.length;
    if (skipped > bytes_max) co_return failure(mysql::kPacketTooLarge, "more than is worth reading");
    for (std::size_t left = header.length; left > 0;) {
      filled = co_await fill(std::min(left, kReadBytes));
      if (!filled) co_return filled;
      const std::size_t part = std::min(left, in_.size());
      in_.consume(part);
      left -= part;
    }
    if (header.length < mysql::kMaxFrame) co_return Result<void>();
  }
}

Result<std::optional<std::string_view>> PacketStream::next_buffered_packet() {
  const std::span<char> bytes = in_.bytes();
  const Result<mysql::PacketAssembler::Step> step = assembler_.next({bytes.data(), bytes.size()});
  if (!step) return failure(step.error());
  in_.consume(step->consumed);
  if (!step->complete) return std::nullopt;
  return step->payload;
}

Soon<Result<void>> PacketStream::fill(std::size_t needed) {
  if (in_.size() >= needed) return Result<void>();
  return codec_ ? fill_compressed(needed) : fill_plain(needed);
}

Task<Result<void>> PacketStream::fill_plain(std::size_t needed) {
  while (in_.size() < needed) {
    const std::span<char> room = room_for(in_, needed);
    const Result<std::size_t> count = co_await stream_.read_some(room);
    Result<void> read = came(in_, needed, room, count);
    if (!read) co_return read;
  }
  co_return Result<void>();
}

/// Where the next read of at least one byte goes to, for a buffer that is to have `needed` in all. Nobody
/// knows how long the peer will be silent: until something comes, only the loop's memory is used.
std::span<char> PacketStream::room_for(ReadBuffer& into, std::size_t needed) {
  const bool at_rest = into.size() == 0 && into.capacity() <= kRestBytes;
  const std::span<char> shared = at_rest && stream_.is_open() ? stream_.shared_buffer() : std::span<char>();
  if (at_rest && needed <= shared.size()) return exact_ ? shared.first(needed) : shared;
  // A read that filled its buffer announces more: the next one gets a large buffer.
  const bool was_full = into.capacity() > 0 && into.space().empty();
  const std::size_t wanted = was_full ? kReadBytes : kRestBytes;
  into.reserve(std::max(needed, std::max(wanted, into.capacity())));
  const std::span<char> space = into.space();
  return exact_ ? space.first(needed - into.size()) : space;
}

/// `count` bytes have been read into `room`, which room_for() gave.
Result<void> PacketStream::came(ReadBuffer& into, std::size_t needed, std::span<char> room,
                                const Result<std::size_t>& count) {
  if (!count) return failure(count.error());
  if (*count == 0) return failure(runtime::kConnectionLost, "the peer closed the connection");
  if (into.space().data() != room.data()) {  // into the loop's memory
    into.reserve(std::max({needed, *count, kRestBytes}));
    std::copy_n(room.begin(), *count, into.space().begin());
  }
  into.commit(*count);
  return {};
}

Task<Result<void>> PacketStream::fill_compressed(std::size_t needed) {
  std::size_t raw_needed = 1;
  std::string plain;
  while (in_.size() < needed) {
    const std::span<char> raw = compressed_in_.bytes();
    if (raw.size() < raw_needed) {
      const std::span<char> room = room_for(compressed_in_, raw_needed);
      const Result<std::size_t> count = co_await stream_.read_some(room);
      Result<void> read = came(compressed_in_, raw_needed, room, count);
      if (!read) co_return read;
      continue;
    }
    plain.clear();
    const Result<mysql::CompressionCodec::Step> step = codec_->decompress({raw.data(), raw.size()}, plain);
    if (!step) co_return failure(step.error());
    compressed_in_.consume(step->consumed);
    raw_needed = step->consumed > 0 ? 1 : step->needed;
    // What is asked for comes in many compressed packets: room for all of it at once.
    if (in_.space().size() < plain.size()) in_.reserve(std::max(needed, in_.size()) + plain.size());
    std::copy(plain.begin(), plain.end(), in_.space().begin());
    in_.commit(plain.size());
  }
  co_return Result<void>();
}

void PacketStream::append(std::string_view payload) {
  std::uint8_t sequence = assembler_.sequence();
  mysql::append_packet(out_, sequence, payload);
  assembler_.set_sequence(sequence);
}

Soon<Result<void>> PacketStream::flush() {
  std::optional<Result<void>> done = flush_at_once();
  if (done) return std::move(*done);
  return flush_all();
}

std::optional<Result<void>> PacketStream::flush_at_once() {
  if (out_.empty()) return Result<void>();
  if (codec_) return std::nullopt;
  runtime::WriteAwaiter write = stream_.write_all(out_);
  const bool over = write.await_ready();
  if (!over) {
    out_.erase(0, write.done);
    return std::nullopt;
  }
  if (out_.capacity() > kFlushBytes) out_ = std::string();
  out_.clear();
  return write.await_resume();
}

Task<Result<void>> PacketStream::flush_all() {
  // What is appended while this waits belongs to the next flush.
  std::string sent;
  if (codec_) {
    codec_->compress(out_, sent);
    out_.clear();
  } else {
    sent.swap(out_);
  }
  Result<void> written = co_await stream_.write_all(sent);
  if (!codec_ && out_.empty() && sent.capacity() <= kFlushBytes) {
    sent.clear();
    out_ = std::move(sent);
  }
  co_return written;
}

Soon<Result<void>> PacketStream::send_frames(std::string_view frames) {
  if (codec_ || !out_.empty()) return send_behind(frames);
  runtime::WriteAwaiter write = stream_.write_all(frames);
  if (write.await_ready()) return write.await_resume();
  return send_rest(frames.substr(write.done));
}

Task<Result<void>> PacketStream::send_behind(std::string_view frames) {
  constexpr std::size_t kWorthItsOwnCall = 16 * 1024;
  const bool joins = codec_ || frames.size() < kWorthItsOwnCall;
  if (joins) out_.append(frames);
  Result<void> flushed = co_await flush();
  if (!flushed || joins) co_return flushed;
  Result<void> written = co_await stream_.write_all(frames);
  co_return written;
}

Task<Result<void>> PacketStream::send_rest(std::string_view frames) {
  Result<void> written = co_await stream_.write_all(frames);
  co_return written;
}

Task<Result<void>> PacketStream::start_tls_server(runtime::TlsContext context) {
  if (in_.size() > 0) co_return failure(mysql::kBadHandshake, "plain bytes where TLS was to begin");
  co_return co_await stream_.start_tls_server(std::move(context));
}

Task<Result<void>> PacketStream::start_tls_client(runtime::TlsContext context, std::string server_name) {
  if (in_.size() > 0) co_return failure(mysql::kBadHandshake, "plain bytes where TLS was to begin");
  co_return co_await stream_.start_tls_client(std::move(context), std::move(server_name));
}

void PacketStream::start_compression(mysql::Compression method, int level) {
  codec_.emplace(method, level);
  assembler_.set_check_sequence(false);
  compressed_in_ = std::move(in_);
  in_ = ReadBuffer();
}

}  // namespace kintsugi::wire
