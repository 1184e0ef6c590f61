#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/soon.h"
#include "base/task.h"
#include "base/time.h"
#include "mysql/request.h"
#include "wire/packet_stream.h"

namespace kintsugi::gate {

/// A client's connection: reads commands, and collects answers so that a small one is one write. Belongs to
/// one loop.
class ClientLink {
 public:
  explicit ClientLink(runtime::Stream stream, std::size_t packet_max)
      : packets_(std::move(stream), packet_max) {}

  wire::PacketStream& packets() { return packets_; }

  /// The next command's payload, valid until the next read; note_command() or note_no_command() is to be told
  /// of it. kConnectionLost when the client closed, kTimeout after `deadline`, kCancelled after interrupt(),
  /// kPacketTooLarge, kPacketOutOfOrder, kBadCompression.
  Soon<Result<std::string_view>> read_command(Time deadline);
  void note_command(std::string_view payload) {
    client_left_ = mysql::command_of(payload) == mysql::Command::quit;
  }
  /// It could not be read. What a packet that is too large still has is read and dropped, so that its client
  /// hears that.
  Task<void> note_no_command(const Error& error);
  /// Makes a read that waits for the client fail with kCancelled; the client can still be told why.
  void interrupt() { packets_.stream().interrupt_read(); }

  /// Appends a packet to the answer.
  void add(std::string_view payload) { packets_.append(payload); }
  /// Appends whole frames of a server's answer, with the client's sequence ids written into them, and sends
  /// when much has come together: waits while the client does not read.
  Task<Result<void>> pass(std::span<char> frames);
  Soon<Result<void>> flush();
  Task<Result<void>> flush_if_much();

  /// How long one write may wait for the client to read.
  void set_write_timeout(Duration timeout) { write_timeout_ = timeout; }
  /// The client has closed the connection, as far as the kernel knows. Asked while a query runs.
  bool client_gone() const;
  void abort() { packets_.stream().abort(); }
  /// The client gets what was written, and then the connection's end.
  void hang_up() { packets_.stream().shutdown_write(); }

  /// Tells the client why its connection ends, in answer to what it sent last.
  Task<void> refuse(Error error);
  /// The same to a client that waits for nothing: it reads this in answer to what it sends next.
  Task<void> dismiss(Error error);
  /// What is left when the session is over: the stream, to be closed lingering, where the client has not read
  /// all it was told; a closed one where it said goodbye itself.
  runtime::Stream release();

 private:
  wire::PacketStream packets_;
  Duration write_timeout_ = std::chrono::minutes(10);
  bool client_left_ = false;
};

}  // namespace kintsugi::gate
