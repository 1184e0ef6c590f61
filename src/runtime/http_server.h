#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "runtime/address.h"
#include "runtime/http.h"
#include "runtime/tls.h"

namespace kintsugi::runtime {

class Cancel;

/// What a streaming handler writes to: each write is one chunk, and waits while the client does not read.
class HttpWriter {
 public:
  virtual ~HttpWriter() = default;
  /// Fails when the client is gone, or has not read for the server's idle_timeout. The first write sends the
  /// headers too. `bytes` must live until the write is done.
  virtual Task<Result<void>> write(std::string_view bytes) = 0;
  /// Answers with this instead of a stream: for what is wrong with the request. Only before the first write,
  /// and nothing may be written after it.
  virtual void refuse(HttpResponse response) = 0;
  /// Requested when the client went away or the server stops.
  virtual Cancel& gone() = 0;
};

/// An HTTP/1.1 server with keep-alive, on one loop. Routes are added before start(). Requests with a body
/// over the bound get 413, malformed ones 400, unknown paths 404, known paths with another method 405;
/// headers and idle connections have time limits, so that a half-open client costs nothing for long. Over
/// connections_max new ones get 503. GET routes answer HEAD as well.
///
/// Belongs to the loop that calls start(); must be stopped before it is destroyed.
class HttpServer {
 public:
  using Handler = std::function<Task<HttpResponse>(HttpRequest)>;
  using StreamHandler = std::function<Task<void>(HttpRequest, HttpWriter&)>;

  struct Options {
    std::optional<TlsContext> tls;
    std::size_t body_bytes_max = 64u << 20;
    std::size_t connections_max = 1024;
    /// From a request's first byte to the end of its headers; the TLS handshake as well.
    Duration header_timeout = std::chrono::seconds(10);
    /// Between requests, between two pieces of a body that comes in, and for a piece of an answer to go out.
    Duration idle_timeout = std::chrono::seconds(60);
    /// How long stop() leaves clients to take the rest of their answers.
    Duration stop_grace = std::chrono::seconds(2);
  };
  explicit HttpServer(Options options);
  HttpServer() : HttpServer(Options{}) {}
  ~HttpServer();

  /// `path` is exact ("/healthz"), or a prefix if it ends with '*' ("/debug/log/*"). The longest match wins.
  void route(std::string method, std::string path, Handler handler);
  /// The handler writes the body as it comes, sent chunked with this content type (lines of JSON:
  /// "application/x-ndjson").
  void stream_route(std::string method, std::string path, std::string content_type, StreamHandler handler);

  /// Listens (port 0: a free one) and serves until stop().
  Result<Address> start(const Address& address);
  /// Stops accepting, cancels streams, waits for handlers that run and, no longer than stop_grace, for their
  /// answers to be taken.
  Task<void> stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kintsugi::runtime
