#pragma once

#include <optional>

#include "base/error.h"
#include "base/task.h"
#include "mysql/client_handshake.h"
#include "mysql/server_handshake.h"
#include "runtime/tls.h"
#include "wire/packet_stream.h"

namespace kintsugi::wire {

/// Runs a server's handshake, beginning with `action` (from start() or start_change_user()), until the client
/// is authenticated. Then the stream's pending() holds what the handshake has left to send: append the OK (or
/// an ERR) and flush. On failure the client has been sent its ERR, and the connection is to be closed. The
/// stream's deadline bounds it. `tls` must be there if kSsl is offered.
Task<Result<void>> run_server_handshake(PacketStream& stream, mysql::ServerHandshake& handshake,
                                        mysql::HandshakeAction action,
                                        std::optional<runtime::TlsContext> tls);

/// Runs a client's handshake to its end.
Task<Result<void>> run_client_handshake(PacketStream& stream, mysql::ClientHandshake& handshake,
                                        mysql::HandshakeAction action, std::optional<runtime::TlsContext> tls,
                                        std::string tls_server_name);

}  // namespace kintsugi::wire
