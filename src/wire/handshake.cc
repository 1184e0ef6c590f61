#include "wire/handshake.h"

#include "mysql/errors.h"
#include "mysql/response.h"

namespace kintsugi::wire {
namespace {

using Kind = mysql::HandshakeAction::Kind;

constexpr Duration kTelling = std::chrono::seconds(1);

/// The next packet, given to the handshake with the sequence id that it was read with.
template <class Handshake>
Task<Result<mysql::HandshakeAction>> read_and_resume(PacketStream& stream, Handshake& handshake) {
  const std::uint8_t sequence = stream.sequence();
  Result<std::string_view> payload = co_await stream.read_packet();
  if (!payload) co_return failure(std::move(payload.error()));
  mysql::HandshakeAction action = handshake.resume(*payload, sequence);
  co_return action;
}

/// Tells the client what it did wrong, where that can still be said; gives back what it was told.
Task<Error> tell(PacketStream& stream, Error error) {
  if (error.is(runtime::kTimeout)) {
    error = Error(mysql::kHandshakeTimeout, "Got timeout reading communication packets");
    stream.stream().set_deadline(Clock::now() + kTelling);
  } else if (error.is(mysql::kPacketTooLarge)) {
    const Result<void> skipped = co_await stream.skip_packet(mysql::kMaxFrame);
    (void)skipped;
  } else if (!error.is(mysql::kPacketOutOfOrder)) {
    co_return error;
  }
  std::string payload;
  mysql::write_error_packet(payload, error);
  stream.append(payload);
  const Result<void> sent = co_await stream.flush();
  (void)sent;
  co_return error;
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
      Error why = std::move(next.error());
      Error error = co_await tell(stream, std::move(why));
      co_return failure(std::move(error));
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
