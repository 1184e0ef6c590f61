#include "runtime/http_server.h"

#include <algorithm>
#include <list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "runtime/cancel.h"
#include "runtime/detail/http_codec.h"
#include "runtime/event.h"
#include "runtime/lingering_streams.h"
#include "runtime/stream.h"
#include "runtime/task_group.h"

namespace kintsugi::runtime {
namespace {

using http_detail::BodyLength;
using http_detail::HttpReader;

const Logger kLog{"http"};

constexpr std::size_t kReadBytes = 16u << 10;
constexpr std::size_t kWriteBytes = 256u << 10;
// A client that is closed may still be sending.
constexpr LingerBounds kLinger{.bytes = 8u << 20, .silence = 1s, .total = 1s};
constexpr std::size_t kTurnedAwayMax = 128;

struct Route {
  std::string method;
  std::string path;  // without the '*'
  bool is_prefix;
  HttpServer::Handler handler;
  std::string content_type;  // of a stream
  HttpServer::StreamHandler stream_handler;

  bool matches(std::string_view asked) const { return is_prefix ? asked.starts_with(path) : asked == path; }
};

class RouteTable {
 public:
  void add(Route route) {
    route.is_prefix = route.path.ends_with('*');
    if (route.is_prefix) route.path.pop_back();
    // The longest first, and an exact path before a prefix of that length.
    const auto position =
        std::upper_bound(routes_.begin(), routes_.end(), route, [](const Route& a, const Route& b) {
          return a.path.size() != b.path.size() ? a.path.size() > b.path.size() : a.is_prefix < b.is_prefix;
        });
    routes_.insert(position, std::move(route));
  }

  // Null if there is none; `allowed` then has the methods that the path knows.
  const Route* find(const HttpRequest& request, std::string& allowed) const {
    const std::string method = request.method == "HEAD" ? "GET" : request.method;
    const Route* best = nullptr;
    for (const Route& route : routes_) {
      if (!route.matches(request.path)) continue;
      if (best != nullptr && (best->path != route.path || best->is_prefix != route.is_prefix)) break;
      best = &route;
      if (route.method == method) return &route;
      allowed += (allowed.empty() ? "" : ", ") + route.method;
    }
    return nullptr;
  }

 private:
  std::vector<Route> routes_;
};

}  // namespace

// ---------------------------------------------------------------------------------------------- connection

// One client: its requests one after the other. `stop` lets the request under way end.
class HttpConnection {
 public:
  HttpConnection(const HttpServer::Options& options, const RouteTable& routes, Stream stream)
      : options_(options), routes_(routes), stream_(std::move(stream)), peer_(stream_.peer()) {}

  Task<void> run();

  void stop() {
    stopping_ = true;
    gone_.request();
    if (doing_ == Doing::waiting) stream_.abort();
  }
  // For a client that does not take what it asked for.
  void abort() {
    if (doing_ != Doing::handling) stream_.abort();
  }

 private:
  enum class Doing { waiting, handling, sending };
  class Writer;
  friend class Writer;

  Task<std::optional<HttpRequest>> read_request();
  Task<bool> answer(HttpRequest request);
  Task<bool> answer_stream(const Route& route, HttpRequest request);
  Task<bool> send_response(HttpResponse response, bool head_only);
  Task<void> refuse(int status, std::string why);
  Task<void> watch_client();
  Task<Result<void>> send(std::string_view bytes);

  const HttpServer::Options& options_;
  const RouteTable& routes_;
  Stream stream_;
  std::string peer_;
  std::string input_;  // read and not yet used
  Cancel gone_;
  Doing doing_ = Doing::waiting;
  bool stopping_ = false;
  bool keep_alive_ = true;
  bool http_1_0_ = false;
};

class HttpConnection::Writer final : public HttpWriter {
 public:
  Writer(HttpConnection& connection, const Route& route) : connection_(connection), route_(route) {}

  Task<Result<void>> write(std::string_view bytes) override {
    if (bytes.empty()) co_return Result<void>();
    std::string piece = head();
    const bool chunked = !connection_.http_1_0_;
    if (chunked) piece += fmt::format("{:x}\r\n", bytes.size());
    if (bytes.size() > kReadBytes) {
      Result<void> sent = co_await connection_.send(piece);
      if (sent) sent = co_await connection_.send(bytes);
      if (sent && chunked) sent = co_await connection_.send("\r\n");
      co_return note(std::move(sent));
    }
    piece += bytes;
    if (chunked) piece += "\r\n";
    Result<void> sent = co_await connection_.send(piece);
    co_return note(std::move(sent));
  }

  void refuse(HttpResponse response) override { refusal_ = std::move(response); }
  Cancel& gone() override { return connection_.gone_; }

  Task<void> finish() {
    if (!started_ && refusal_) {
      const std::string all =
          response_head(*refusal_, BodyLength::known, /*keep_alive=*/false) + refusal_->body;
      co_await connection_.send(all);
      co_return;
    }
    if (failed_) co_return;
    std::string piece = head();
    if (!connection_.http_1_0_) piece += "0\r\n\r\n";
    co_await connection_.send(piece);
  }

 private:
  std::string head() {
    if (std::exchange(started_, true)) return "";
    const HttpResponse response{
        200,
        {{"Content-Type", route_.content_type}, {"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}},
        ""};
    return response_head(response, connection_.http_1_0_ ? BodyLength::until_close : BodyLength::chunked,
                         /*keep_alive=*/false);
  }
  Result<void> note(Result<void> sent) {
    if (!sent) {
      failed_ = true;
      connection_.gone_.request();
    }
    return sent;
  }

  HttpConnection& connection_;
  const Route& route_;
  bool started_ = false;
  bool failed_ = false;
  std::optional<HttpResponse> refusal_;
};

Task<void> HttpConnection::run() {
  if (options_.tls) {
    stream_.set_deadline(Clock::now() + options_.header_timeout);
    const Result<void> started = co_await stream_.start_tls_server(*options_.tls);
    if (!started) {
      kLog.debug("tls.failed", {{"peer", peer_}, {"error", started.error()}});
      keep_alive_ = false;
    }
  }
  while (keep_alive_ && !stopping_) {
    std::optional<HttpRequest> request = co_await read_request();
    if (!request) break;
    doing_ = Doing::sending;
    const bool answered = co_await answer(std::move(*request));
    doing_ = Doing::waiting;
    if (!answered) break;
  }
  co_await stream_.lingering_close(kLinger);
}

// Nothing when the connection is over: the client left, was too slow, or sent what is not HTTP.
Task<std::optional<HttpRequest>> HttpConnection::read_request() {
  HttpReader reader = HttpReader::request({.body_bytes_max = options_.body_bytes_max});
  bool begun = false;
  bool continued = false;
  stream_.set_deadline(Clock::now() + options_.idle_timeout);
  for (;;) {
    if (!input_.empty() && !std::exchange(begun, true)) {
      stream_.set_deadline(Clock::now() + options_.header_timeout);
    }
    if (begun) {
      const Result<std::size_t> taken = reader.feed(input_);
      if (!taken) {
        co_await refuse(reader.refusal(), taken.error().message());
        co_return std::nullopt;
      }
      input_.erase(0, *taken);
      if (reader.done()) break;
    }
    if (reader.header_done()) {
      stream_.set_deadline(Clock::now() + options_.idle_timeout);
      if (reader.expects_continue() && !std::exchange(continued, true)) {
        const Result<void> sent = co_await stream_.write_all("HTTP/1.1 100 Continue\r\n\r\n");
        if (!sent) co_return std::nullopt;
      }
    }
    const std::size_t before = input_.size();
    input_.resize(before + kReadBytes);
    const Result<std::size_t> count = co_await stream_.read_some(std::span(input_).subspan(before));
    input_.resize(before + count.value_or(0));
    if (!count && count.error().is(kTimeout) && begun)
      co_await refuse(408, "the request took too long to arrive");
    if (!count || *count == 0) co_return std::nullopt;
  }
  if (input_.empty()) input_ = {};  // an idle connection holds no buffer
  keep_alive_ = reader.keep_alive();
  http_1_0_ = reader.is_http_1_0();
  Result<HttpRequest> request = reader.take_request();
  if (!request) {
    co_await refuse(400, request.error().message());
    co_return std::nullopt;
  }
  request->peer = peer_;
  co_return std::move(*request);
}

// False when the connection cannot be used any more.
Task<bool> HttpConnection::answer(HttpRequest request) {
  const bool head_only = request.method == "HEAD";
  std::string allowed;
  const Route* route = routes_.find(request, allowed);
  if (route == nullptr) {
    HttpResponse response =
        allowed.empty() ? HttpResponse::text(404, fmt::format("nothing is served at {}\n", request.path))
                        : HttpResponse::text(405, fmt::format("{} takes {}, not {}\n", request.path, allowed,
                                                              request.method));
    if (!allowed.empty()) response.headers["Allow"] = allowed;
    co_return co_await send_response(std::move(response), head_only);
  }
  if (route->stream_handler) {
    if (head_only) co_return co_await send_response({200, {{"Content-Type", route->content_type}}, ""}, true);
    co_return co_await answer_stream(*route, std::move(request));
  }
  const Time started = Clock::now();
  std::string what = kLog.enabled(LogLevel::debug) ? request.method + ' ' + request.path : "";
  doing_ = Doing::handling;
  HttpResponse response = co_await route->handler(std::move(request));
  doing_ = Doing::sending;
  if (!what.empty()) {
    kLog.debug(
        "request.done",
        {{"what", what},
         {"peer", peer_},
         {"status", response.status},
         {"us", std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started).count()}});
  }
  co_return co_await send_response(std::move(response), head_only);
}

// A stream is the last answer of its connection: what watches the client meanwhile reads whatever comes.
Task<bool> HttpConnection::answer_stream(const Route& route, HttpRequest request) {
  stream_.set_deadline(Time::max());
  TaskGroup watch;
  watch.spawn(watch_client());
  Writer writer(*this, route);
  co_await route.stream_handler(std::move(request), writer);
  co_await writer.finish();
  stream_.shutdown_write();
  stream_.abort();
  co_await watch.join();
  co_return false;
}

Task<void> HttpConnection::watch_client() {
  std::string ignored(1024, '\0');
  for (;;) {
    const Result<std::size_t> count = co_await stream_.read_some(ignored);
    if (!count || *count == 0) break;
  }
  gone_.request();
}

Task<bool> HttpConnection::send_response(HttpResponse response, bool head_only) {
  const bool keep = keep_alive_ && !stopping_;
  std::string head = response_head(response, BodyLength::known, keep);
  if (head_only) response.body.clear();
  if (response.body.size() <= kReadBytes) {
    head += response.body;
    response.body.clear();
  }
  Result<void> sent = co_await send(head);
  if (sent) sent = co_await send(response.body);
  co_return sent.has_value() && keep;
}

Task<void> HttpConnection::refuse(int status, std::string why) {
  kLog.debug("request.refused", {{"peer", peer_}, {"status", status}, {"why", why}});
  const HttpResponse response = HttpResponse::text(status, why + '\n');
  const std::string all = response_head(response, BodyLength::known, /*keep_alive=*/false) + response.body;
  const Result<void> sent = co_await send(all);
  (void)sent;  // run() closes the connection either way
}

// A client that reads slowly is waited for as long as it takes something within each idle_timeout.
Task<Result<void>> HttpConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kWriteBytes);
    stream_.set_deadline(Clock::now() + (stopping_ ? options_.stop_grace : options_.idle_timeout));
    Result<void> sent = co_await stream_.write_all(piece);
    if (!sent) co_return sent;
    bytes.remove_prefix(piece.size());
  }
  stream_.set_deadline(Time::max());
  co_return Result<void>();
}

// -------------------------------------------------------------------------------------------------- server

struct HttpServer::State {
  explicit State(Options given) : options(std::move(given)) {}

  Task<void> accept_all();
  Task<void> serve(Stream stream);
  Task<void> turn_away(Stream stream);

  Options options;
  RouteTable routes;
  std::optional<Listener> listener;
  std::list<HttpConnection*> connections;
  TaskGroup tasks;
  LingeringStreams turned_away{kTurnedAwayMax};
  Event all_gone;
  bool stopping = false;
};

Task<void> HttpServer::State::accept_all() {
  for (;;) {
    Result<Stream> stream = co_await listener->accept();
    if (!stream && stopping) co_return;
    if (!stream) continue;
    tasks.spawn(connections.size() < options.connections_max ? serve(std::move(*stream))
                                                             : turn_away(std::move(*stream)));
  }
}

Task<void> HttpServer::State::serve(Stream stream) {
  HttpConnection connection(options, routes, std::move(stream));
  const auto position = connections.insert(connections.end(), &connection);
  all_gone.reset();
  co_await connection.run();
  connections.erase(position);
  if (connections.empty()) all_gone.set();
}

Task<void> HttpServer::State::turn_away(Stream stream) {
  kLog.warning("connection.refused", {{"peer", stream.peer()}, {"connections_max", options.connections_max}});
  if (options.tls) co_return;
  const std::string answer =
      response_head(HttpResponse::text(503, ""), BodyLength::known, /*keep_alive=*/false);
  stream.set_deadline(Clock::now() + kLinger.total);
  const Result<void> sent = co_await stream.write_all(answer);
  if (sent) turned_away.add(std::move(stream), kLinger);
}

HttpServer::HttpServer(Options options) : state_(std::make_unique<State>(std::move(options))) {}
HttpServer::~HttpServer() = default;

void HttpServer::route(std::string method, std::string path, Handler handler) {
  state_->routes.add({std::move(method), std::move(path), false, std::move(handler), "", nullptr});
}

void HttpServer::stream_route(std::string method, std::string path, std::string content_type,
                              StreamHandler handler) {
  state_->routes.add(
      {std::move(method), std::move(path), false, nullptr, std::move(content_type), std::move(handler)});
}

Result<Address> HttpServer::start(const Address& address) {
  Result<Listener> listener = Listener::listen(address);
  if (!listener) return failure(std::move(listener.error()));
  state_->listener.emplace(std::move(*listener));
  state_->all_gone.set();
  state_->tasks.spawn(state_->accept_all());
  return state_->listener->address();
}

Task<void> HttpServer::stop() {
  State& state = *state_;
  if (!state.listener) co_return;
  state.stopping = true;
  state.listener->abort();
  for (HttpConnection* connection : state.connections) connection->stop();
  const bool ended = co_await state.all_gone.wait(Clock::now() + state.options.stop_grace);
  if (!ended) {
    for (HttpConnection* connection : state.connections) connection->abort();
  }
  co_await state.tasks.join();
  co_await state.turned_away.stop(Clock::now());
  state.listener.reset();
}

}  // namespace kintsugi::runtime
