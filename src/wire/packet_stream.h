#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/soon.h"
#include "base/task.h"
#include "mysql/compression.h"
#include "mysql/packet.h"
#include "runtime/stream.h"

namespace kintsugi::wire {

/// Bytes read and not yet used. Grows to what is asked for, never by itself.
class ReadBuffer {
 public:
  std::span<char> bytes() const { return {data_.get() + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }
  std::size_t capacity() const { return capacity_; }
  void consume(std::size_t size);
  /// Makes the capacity at least that, and puts all free space behind the bytes.
  void reserve(std::size_t capacity);
  /// Room for more; commit() what was put there.
  std::span<char> space() const { return {data_.get() + end_, capacity_ - end_}; }
  void commit(std::size_t size) { end_ += size; }
  /// Frees an empty buffer that is larger than that.
  void shrink(std::size_t capacity);

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// MySQL packets over a stream, for either side: reads whole packets (or raw frames, for who passes them on),
/// writes through one buffer, changes to TLS and to the compressed protocol. Owns the stream; belongs to its
/// loop; one reader and one writer at a time. A failure of read or write ends the connection: nothing can be
/// said about where in the stream it stands.
///
/// At rest (begin_command() called, nothing read yet) it holds two buffers of kRestBytes at most.
class PacketStream {
 public:
  static constexpr std::size_t kRestBytes = 512;
  static constexpr std::size_t kReadBytes = 64 * 1024;  ///< read at once when much is coming
  static constexpr std::size_t kFlushBytes = 64 * 1024;

  /// `max_packet`: larger ones are refused with kPacketTooLarge when their header shows it.
  explicit PacketStream(runtime::Stream stream, std::size_t max_packet = 64 << 20);

  runtime::Stream& stream() { return stream_; }
  const runtime::Stream& stream() const { return stream_; }
  void set_max_packet(std::size_t bytes) { assembler_.set_max_payload(bytes); }

  /// Reads no byte behind the packet that is asked for: on from the start, so that TLS can begin behind any
  /// packet; two system calls a packet. Off once the handshake is over.
  void set_exact(bool exact) { exact_ = exact; }

  /// A command begins (server: before it is read, client: before it is written): sequence ids start at 0, and
  /// what large packets held is freed.
  void begin_command();
  /// Sequence id of the next frame, in either direction.
  std::uint8_t sequence() const { return assembler_.sequence(); }
  void set_sequence(std::uint8_t sequence) { assembler_.set_sequence(sequence); }

  // Reading.

  /// The next packet's payload; the view holds until the next call that reads. kConnectionLost at the peer's
  /// end.
  Soon<Result<std::string_view>> read_packet();
  /// After read_packet() failed with kPacketTooLarge: reads the rest of that packet and drops it, so that the
  /// peer, which sends all of it before it reads, gets the answer under the sequence id it expects.
  /// kPacketTooLarge where more than `bytes_max` come.
  Task<Result<void>> skip_packet(std::size_t bytes_max);
  /// A packet that has come already; nothing where it has not come whole. Earlier views stay valid, except
  /// after a packet that spanned frames.
  Result<std::optional<std::string_view>> next_buffered_packet();
  /// Waits until `needed` unread bytes are there. Views and spans given before are invalid after.
  Soon<Result<void>> fill(std::size_t needed);
  /// The bytes that are there: of the plain frames, also when the connection is compressed.
  std::span<char> buffered() const { return in_.bytes(); }
  void consume(std::size_t size) { in_.consume(size); }

  // Writing.

  /// Appends a packet; sent by flush().
  void append(std::string_view payload);
  /// Bytes of whole frames that wait to be sent: for begin_packet / end_packet with one's own sequence.
  std::string& pending() { return out_; }
  bool should_flush() const { return out_.size() >= kFlushBytes; }
  /// Sends what is pending; done when the kernel has it, so a peer that does not read makes this wait.
  Soon<Result<void>> flush();
  /// The same where the kernel takes all of it at once. Nothing: it did not, and what is left is still
  /// pending; flush() waits for it.
  std::optional<Result<void>> flush_at_once();
  /// Sends whole frames behind what is pending; large ones without copying them. `frames` must stay as they
  /// are until it is done.
  Soon<Result<void>> send_frames(std::string_view frames);

  // Changes of what is under the packets.

  /// Nothing may be buffered: exact reads see to that.
  Task<Result<void>> start_tls_server(runtime::TlsContext context);
  Task<Result<void>> start_tls_client(runtime::TlsContext context, std::string server_name);
  /// Between two packets, after the OK that ends authentication.
  void start_compression(mysql::Compression method, int level);
  bool is_compressed() const { return codec_.has_value(); }

 private:
  Task<Result<std::string_view>> await_packet(std::size_t needed);
  std::optional<Result<std::string_view>> take_packet(std::size_t& needed);
  Task<Result<void>> fill_plain(std::size_t needed);
  Task<Result<void>> fill_compressed(std::size_t needed);
  std::span<char> room_for(ReadBuffer& into, std::size_t needed);
  Result<void> came(ReadBuffer& into, std::size_t needed, std::span<char> room,
                    const Result<std::size_t>& count);
  Task<Result<void>> flush_all();
  Task<Result<void>> send_behind(std::string_view frames);
  Task<Result<void>> send_rest(std::string_view frames);

  runtime::Stream stream_;
  mysql::PacketAssembler assembler_;
  ReadBuffer in_;
  std::string out_;
  bool exact_ = true;
  std::optional<mysql::CompressionCodec> codec_;
  ReadBuffer compressed_in_;
};

}  // namespace kintsugi::wire
