#include "wire/handshake.h"

#include "mysql/errors.h"
#include "mysql/response.h"

namespace kintsugi::wire {
namespace {

using Kind = mysql::HandshakeAction::Kind;

/// The next packet, given to the handshake with the sequence id that it was read with.
template <class Handshake>
Task<Result<mysql::HandshakeAction>> read_and_resume(PacketStream& stream, Handshake& handshake) {
  const std::uint8_t sequence = stream.sequence();
  Result<std::string_view> payload = co_await stream.read_packet();
  if (!payload) co_return failure(std::move(payload.error()));
  mysql::HandshakeAction action = handshake.resume(*payload, sequence);
  co_return action;
}

}  // namespace

Task<Result<void>> run_server_handshake(PacketStream& stream, mysql::ServerHandshake& handshake,
                                        mysql::HandshakeAction action,
                                        std::optional<runtime::TlsContext> tls) {
  for (;;) {
    stream.pending() += action.send;
    stream.set_sequence(handshake.next_sequence());
    if (action.kind == Kind::done) {
      stream.set_exact(false);
      co_return Result<void>();
    }
    Result<void> flushed = co_await stream.flush();
    if (action.kind == Kind::failed) co_return failure(std::move(*action.error));
    if (!flushed) co_return flushed;
    if (action.kind == Kind::start_tls) {
      if (!tls) co_return failure(kInternal, "TLS was offered without a certificate");
      Result<void> secured = co_await stream.start_tls_server(*tls);
      if (!secured) co_return secured;
      action = handshake.resume_after_tls();
      continue;
    }
    Result<mysql::HandshakeAction> next = co_await read_and_resume(stream, handshake);
    if (!next) {
      const Error error = next.error();
      // Where the peer can still be told what it did wrong, it is.
      if (error.is(mysql::kPacketOutOfOrder) || error.is(mysql::kPacketTooLarge)) {
        std::string payload;
        mysql::write_error_packet(payload, error);
        stream.append(payload);
        const Result<void> told = co_await stream.flush();
        (void)told;
      }
      co_return failure(error);
    }
    action = std::move(*next);
  }
}

Task<Result<void>> run_client_handshake(PacketStream& stream, mysql::ClientHandshake& handshake,
                                        mysql::HandshakeAction action, std::optional<runtime::TlsContext> tls,
                                        std::string tls_server_name) {
  for (;;) {
    if (action.kind == Kind::failed) co_return failure(std::move(*action.error));
    if (action.kind == Kind::done) {
      stream.set_exact(false);
      co_return Result<void>();
    }
    stream.pending() += action.send;
    stream.set_sequence(handshake.next_sequence());
    Result<void> flushed = co_await stream.flush();
    if (!flushed) co_return flushed;
    if (action.kind == Kind::start_tls) {
      if (!tls) co_return failure(kInternal, "TLS was asked for without a context");
      Result<void> secured = co_await stream.start_tls_client(*tls, tls_server_name);
      if (!secured) co_return secured;
      action = handshake.resume_after_tls();
      continue;
    }
    Result<mysql::HandshakeAction> next = co_await read_and_resume(stream, handshake);
    if (!next) co_return failure(std::move(next.error()));
    action = std::move(*next);
  }
}

}  // namespace kintsugi::wire
