#include "runtime/http_client.h"

#include <algorithm>
#include <list>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "runtime/cancel.h"
#include "runtime/detail/http_codec.h"
#include "runtime/errors.h"
#include "runtime/stream.h"

namespace kintsugi::runtime {
namespace {

using http_detail::HttpReader;

constexpr std::size_t kReadBytes = 16u << 10;
constexpr std::size_t kReadBytesMax = 256u << 10;
// Shorter than what servers keep idle connections for, so that a request seldom meets one being closed.
constexpr auto kIdleLimit = std::chrono::seconds(20);
constexpr auto kConnectLimit = std::chrono::seconds(5);

Time after(Duration duration) { return duration == Duration::max() ? Time::max() : Clock::now() + duration; }

// A connection that carries one exchange at a time.
struct Connection {
  Stream stream;
  std::string input;  // read and not yet used
  Time idle_since{};
  bool reused = false;

  Task<Result<void>> send(const HttpRequest& request, const std::string& host) {
    std::string head = http_detail::request_head(request, host);
    if (request.body.size() <= kReadBytes) {
      head += request.body;
      Result<void> sent = co_await stream.write_all(head);
      co_return sent;
    }
    Result<void> sent = co_await stream.write_all(head);
    if (sent) sent = co_await stream.write_all(request.body);
    co_return sent;
  }

  // Takes what has come, waiting if nothing has: true if there was something, false at the server's end.
  Task<Result<bool>> advance(HttpReader& reader) {
    if (input.empty()) {
      Result<bool> more = co_await read_more();
      if (!more) co_return more;
      if (!*more) {
        Result<void> ended = reader.feed_end();
        if (!ended) co_return failure(std::move(ended.error()));
        co_return false;
      }
    }
    for (;;) {
      const Result<std::size_t> taken = reader.feed(input);
      if (!taken) co_return failure(taken.error());
      input.erase(0, *taken);
      if (*taken != 0 || reader.done()) co_return true;
      // A line that is not whole yet.
      Result<bool> more = co_await read_more();
      if (!more) co_return more;
      if (!*more) co_return failure(kConnectionLost, "the connection ended in the middle of an HTTP message");
    }
  }

 private:
  Task<Result<bool>> read_more() {
    const std::size_t before = input.size();
    input.resize(before + read_bytes_);
    const Result<std::size_t> count = co_await stream.read_some(std::span(input).subspan(before));
    input.resize(before + count.value_or(0));
    if (!count) co_return failure(count.error());
    // A long body is read in larger pieces.
    if (*count == read_bytes_) read_bytes_ = std::min(read_bytes_ * 2, kReadBytesMax);
    co_return *count != 0;
  }

  std::size_t read_bytes_ = kReadBytes;
};

}  // namespace

struct HttpClient::State {
  State(Address server_address, Options given)
      : server(std::move(server_address)), options(std::move(given)) {
    host = server.is_unix() ? "localhost" : server.text();
  }

  Task<Result<Connection>> connect(Time deadline, bool fresh, Cancel* cancel);
  Task<Result<HttpReader>> read_head(Connection& connection, bool to_head, std::size_t body_bytes_max);
  Task<Result<HttpResponse>> exchange(Connection& connection, const HttpRequest& request, Time deadline);
  Task<Result<HttpResponse>> follow(Connection& connection, const HttpRequest& request,
                                    const std::function<Task<bool>(std::string)>& on_data,
                                    Duration idle_timeout);
  void give_back(Connection connection);
  Error in_context(const Error& error, const HttpRequest& request, Cancel* cancel) const;

  Address server;
  Options options;
  std::string host;
  std::list<Connection> idle;
};

Task<Result<Connection>> HttpClient::State::connect(Time deadline, bool fresh, Cancel* cancel) {
  const Time oldest = Clock::now() - kIdleLimit;
  while (!idle.empty() && idle.front().idle_since < oldest) idle.pop_front();
  while (!fresh && !idle.empty()) {
    Connection connection = std::move(idle.back());
    idle.pop_back();
    if (connection.stream.is_stale()) continue;
    connection.reused = true;
    co_return connection;
  }
  Connection connection;
  Result<Stream> stream = co_await Stream::connect(server, deadline, cancel);
  if (!stream) co_return failure(std::move(stream.error()));
  connection.stream = std::move(*stream);
  if (options.tls) {
    const Cancel::Callback on_cancel(cancel, [&connection] { connection.stream.abort(); });
    connection.stream.set_deadline(deadline);
    Result<void> started = co_await connection.stream.start_tls_client(
        *options.tls, server.is_unix() ? "localhost" : server.host);
    if (!started) co_return failure(std::move(started.error()));
  }
  co_return connection;
}

void HttpClient::State::give_back(Connection connection) {
  if (!connection.input.empty() || options.idle_connections_max == 0) return;
  while (idle.size() >= options.idle_connections_max) idle.pop_front();
  connection.idle_since = Clock::now();
  connection.input = {};
  idle.push_back(std::move(connection));
}

Error HttpClient::State::in_context(const Error& error, const HttpRequest& request, Cancel* cancel) const {
  const std::string context = fmt::format("{} {}{}", request.method, host, request.path);
  if (cancel != nullptr && cancel->requested()) return Error(kCancelled, context + ": cancelled");
  return error.with_context(context);
}

// Interim answers (100 Continue, 103 Early Hints) are passed over.
Task<Result<HttpReader>> HttpClient::State::read_head(Connection& connection, bool to_head,
                                                      std::size_t body_bytes_max) {
  for (;;) {
    HttpReader reader = HttpReader::response({.body_bytes_max = body_bytes_max}, to_head);
    while (!reader.header_done()) {
      const Result<bool> more = co_await connection.advance(reader);
      if (!more) co_return failure(more.error());
      if (!*more) co_return failure(kConnectionLost, "the server closed the connection");
    }
    if (!reader.is_interim()) co_return reader;
  }
}

Task<Result<HttpResponse>> HttpClient::State::exchange(Connection& connection, const HttpRequest& request,
                                                       Time deadline) {
  connection.stream.set_deadline(deadline);
  const Result<void> sent = co_await connection.send(request, host);
  // A server that refuses a body answers before it was sent whole; that answer is worth more than the error.
  if (!sent && !sent.error().is(kConnectionLost)) co_return failure(sent.error());
  Result<HttpReader> reader =
      co_await read_head(connection, request.method == "HEAD", options.body_bytes_max);
  if (!reader) co_return failure(sent ? reader.error() : sent.error());
  while (!reader->done()) {
    const Result<bool> more = co_await connection.advance(*reader);
    if (!more) co_return failure(more.error());
  }
  const bool keep = reader->keep_alive() && sent.has_value();
  HttpResponse response = reader->take_response();
  if (keep) give_back(std::move(connection));
  co_return response;
}

Task<Result<HttpResponse>> HttpClient::State::follow(Connection& connection, const HttpRequest& request,
                                                     const std::function<Task<bool>(std::string)>& on_data,
                                                     Duration idle_timeout) {
  connection.stream.set_deadline(after(idle_timeout));
  const Result<void> sent = co_await connection.send(request, host);
  if (!sent) co_return failure(sent.error());
  Result<HttpReader> reader =
      co_await read_head(connection, /*to_head=*/false, std::numeric_limits<std::size_t>::max());
  if (!reader) co_return failure(reader.error());
  const bool ok = reader->status() / 100 == 2;
  for (;;) {
    if (ok && !reader->body().empty()) {
      const bool more = co_await on_data(std::exchange(reader->body(), {}));
      if (!more) co_return reader->take_response();
    }
    if (!ok && reader->body().size() > options.body_bytes_max) {
      co_return failure(kHttpMalformed, "the answer is longer than the limit");
    }
    if (reader->done()) break;
    connection.stream.set_deadline(after(idle_timeout));
    const Result<bool> more = co_await connection.advance(*reader);
    if (!more) co_return failure(more.error());
  }
  const bool keep = reader->keep_alive();
  HttpResponse response = reader->take_response();
  if (keep) give_back(std::move(connection));
  co_return response;
}

HttpClient::HttpClient(Address server, Options options)
    : state_(std::make_unique<State>(std::move(server), std::move(options))) {}
HttpClient::~HttpClient() = default;

const Address& HttpClient::server() const { return state_->server; }

Task<Result<HttpResponse>> HttpClient::call(HttpRequest request, Time deadline, Cancel* cancel) {
  const bool repeatable = request.method == "GET" || request.method == "HEAD";
  for (bool fresh = false;; fresh = true) {
    if (cancel != nullptr && cancel->requested()) {
      co_return failure(state_->in_context(Error(kCancelled, ""), request, cancel));
    }
    Result<Connection> connection = co_await state_->connect(deadline, fresh, cancel);
    if (!connection) co_return failure(state_->in_context(connection.error(), request, cancel));
    Result<HttpResponse> response;
    {
      const Cancel::Callback on_cancel(cancel, [&connection] { connection->stream.abort(); });
      response = co_await state_->exchange(*connection, request, deadline);
    }
    if (response) co_return response;
    const bool met_a_closed_one = connection->reused && !fresh && response.error().is(kConnectionLost);
    if (!repeatable || !met_a_closed_one) {
      co_return failure(state_->in_context(response.error(), request, cancel));
    }
  }
}

Task<Result<HttpResponse>> HttpClient::stream(HttpRequest request,
                                              std::function<bool(std::string_view)> on_data,
                                              Duration idle_timeout, Cancel* cancel) {
  std::function<Task<bool>(std::string)> at_once = [&on_data](std::string piece) -> Task<bool> {
    co_return on_data(piece);
  };
  Result<HttpResponse> response =
      co_await stream_slowly(std::move(request), std::move(at_once), idle_timeout, cancel);
  co_return response;
}

Task<Result<HttpResponse>> HttpClient::stream_slowly(HttpRequest request,
                                                     std::function<Task<bool>(std::string)> on_data,
                                                     Duration idle_timeout, Cancel* cancel) {
  if (cancel != nullptr && cancel->requested()) {
    co_return failure(state_->in_context(Error(kCancelled, ""), request, cancel));
  }
  const Time connect_by = Clock::now() + std::min<Duration>(idle_timeout, kConnectLimit);
  Result<Connection> connection = co_await state_->connect(connect_by, /*fresh=*/true, cancel);
  if (!connection) co_return failure(state_->in_context(connection.error(), request, cancel));
  Result<HttpResponse> response;
  {
    const Cancel::Callback on_cancel(cancel, [&connection] { connection->stream.abort(); });
    response = co_await state_->follow(*connection, request, on_data, idle_timeout);
  }
  if (!response) co_return failure(state_->in_context(response.error(), request, cancel));
  co_return response;
}

}  // namespace kintsugi::runtime
