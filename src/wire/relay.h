#pragma once

#include <cstdint>
#include <optional>

#include "base/error.h"
#include "base/task.h"
#include "mysql/capabilities.h"
#include "mysql/command.h"
#include "mysql/response.h"
#include "wire/packet_stream.h"

namespace kintsugi::wire {

/// Sees parts of an answer on their way, and may change them.
class AnswerEditor {
 public:
  virtual ~AnswerEditor() = default;
  /// Every OK and every end of rows, before it is sent.
  virtual void edit_ok(mysql::OkPacket& ok) = 0;
  /// An ERR that is passed on.
  virtual void edit_error(Error& error) = 0;
};

struct RelayOptions {
  mysql::Command command = mysql::Command::query;
  /// What the two connections have agreed on. They may differ in kDeprecateEof, kSessionTrack and
  /// kMariadbExtendedMetadata: packets are then converted.
  mysql::Capabilities from_capabilities = 0;
  mysql::Capabilities to_capabilities = 0;

  AnswerEditor* editor = nullptr;  ///< borrowed; null: all passes as it is
  /// The statement's id that the client is to see in the answer to COM_STMT_PREPARE.
  std::optional<std::uint32_t> statement_id;
  /// An ERR that comes before anything was sent is kept back, so that the statement can be tried again.
  bool hold_error = false;
  /// To make one answer of several: the first without its end, the next without its header, …
  bool send_header = true;  ///< a result set's header and its definitions
  bool send_end = true;     ///< what ends its rows
  /// The server's status in an EOF that has to be made up (columns' end, where only the client wants one).
  std::uint16_t status_hint = 0x0002;
};

struct RelayOutcome {
  enum class End {
    complete,     ///< the whole answer was read; see `error`
    source_lost,  ///< `failure`: the server's connection broke or made no sense; it is to be closed
    sink_lost,    ///< `failure`: the client is gone; the server's connection is in the middle of an answer
  };
  End end = End::complete;
  std::optional<Error> failure;
  /// complete: the ERR that the answer ended with, sent already unless it was held.
  std::optional<Error> error;
  bool held = false;
  /// source_lost: whether the client can be sent an ERR now, or is in the middle of a packet.
  bool between_packets = true;

  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< sent to the client
  std::uint64_t result_sets = 0;
  /// Of the last OK or end of rows, as the server said it; `changes` of all of them.
  mysql::OkPacket ok;
  std::optional<mysql::PrepareOk> prepared;
};

/// Passes the answer to one command on, packet by packet as they come, without reading rows: bounded memory,
/// and `from` is read only as fast as `to` takes it. Sequence ids go on where `to` stands. Begins after the
/// command was sent and flushed; at its end all is flushed. LOCAL INFILE, which is never negotiated, is a
/// source lost. To stop it, abort() either stream. `outcome` is to be new.
Task<void> relay_response(PacketStream& from, PacketStream& to, RelayOptions options, RelayOutcome& outcome);

/// Reads an answer and drops it.
Task<RelayOutcome> drain_response(PacketStream& from, mysql::Command command,
                                  mysql::Capabilities capabilities);

}  // namespace kintsugi::wire
