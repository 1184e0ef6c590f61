#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "wire/packet_stream.h"

namespace kintsugi::gate {

/// A client's connection: reads commands, and collects answers so that a small one is one write. Belongs to
/// one loop.
class ClientLink {
 public:
  explicit ClientLink(runtime::Stream stream, std::size_t packet_max)
      : packets_(std::move(stream), packet_max) {}

  wire::PacketStream& packets() { return packets_; }

  /// The next command's payload, valid until the next read. kConnectionLost when the client closed, kTimeout
  /// after `deadline`, kPacketTooLarge, kPacketOutOfOrder.
  Task<Result<std::string_view>> read_command(Time deadline);

  /// Appends a packet to the answer.
  void add(std::string_view payload) { packets_.append(payload); }
  /// Appends whole frames of a server's answer, with the client's sequence ids written into them, and sends
  /// when much has come together: waits while the client does not read.
  Task<Result<void>> pass(std::span<char> frames);
  Task<Result<void>> flush();
  Task<Result<void>> flush_if_much();

  /// How long one write may wait for the client to read.
  void set_write_timeout(Duration timeout) { write_timeout_ = timeout; }
  /// The client has closed the connection, as far as the kernel knows. Asked while a query runs.
  bool client_gone() const;
  void abort() { packets_.stream().abort(); }

 private:
  wire::PacketStream packets_;
  Duration write_timeout_ = std::chrono::minutes(10);
};

}  // namespace kintsugi::gate
