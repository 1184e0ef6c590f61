#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "mysql/result_framer.h"
#include "wire/packet_stream.h"

namespace kintsugi::gate {

/// Reads one answer of a server in pieces of whole frames, without taking rows apart: for rows that go
/// through exec's sinks (wire/relay.h passes them straight to a client).
class Answer {
 public:
  Answer(wire::PacketStream& packets, mysql::Command command, mysql::Capabilities capabilities)
      : packets_(packets), framer_(command, capabilities) {}

  /// `frames` may be written to: they are the stream's own buffer, until the next call.
  struct Piece {
    mysql::ResultFramer::Kind kind;
    std::span<char> frames;
    std::string_view payload;  ///< of control packets
  };
  /// Not after done(). Any failure leaves the connection out of step.
  Task<Result<Piece>> next();
  bool done() const { return framer_.done(); }
  /// After the last piece was used: takes it off the stream.
  void finish() { drop_given(); }
  const mysql::ResultFramer& framer() const { return framer_; }

 private:
  Task<Result<void>> read_frame();
  void drop_given();

  wire::PacketStream& packets_;
  mysql::ResultFramer framer_;
  std::size_t whole_ = 0;  // bytes of whole frames at the front of what was read
  std::size_t given_ = 0;  // size of the last piece
};

}  // namespace kintsugi::gate
