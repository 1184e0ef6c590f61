#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "rpc/json.h"

namespace kintsugi::runtime {
class Cancel;
class HttpServer;
class HttpWriter;
}  // namespace kintsugi::runtime

namespace kintsugi::rpc {

/// What a streaming method sends its items to. Lives as long as the handler runs.
class Sink {
 public:
  virtual ~Sink() = default;
  /// One line. Waits while the client does not read; fails when it is gone. `item` is turned into JSON before
  /// the first wait.
  Task<Result<void>> send(const google::protobuf::Message& item) { return send_line(to_json(item) + '\n'); }
  /// Requested when the client went away or the server stops: the handler is to return soon.
  virtual runtime::Cancel& gone() = 0;

 private:
  virtual Task<Result<void>> send_line(std::string line) = 0;
};

/// Adds methods to an HTTP server, before it is started: `POST /<method>`, where a method is named
/// "kintsugi.control.v1.Control/ListTablets". Borrows the HTTP server; what handlers refer to must live until
/// it is stopped. Runs on its loop.
///
/// A request with an unknown or ill-typed field is answered with invalid_argument, naming it; so is one that
/// a web page of another origin sends without the browser having asked first.
class Server {
 public:
  /// Told of each call that ended: `error` is null if it went well. For metrics.
  using Observer = std::function<void(std::string_view method, Duration took, const Error* error)>;

  explicit Server(runtime::HttpServer& http, Observer observer = nullptr);
  ~Server();

  template <class Request, class Response>
  void unary(std::string method, std::function<Task<Result<Response>>(Request)> handler) {
    add_unary(std::move(method),
              [handler = std::move(handler)](std::string body) -> Task<Result<std::string>> {
                Request request;
                const Result<void> parsed = from_json(body, request);
                if (!parsed) co_return failure(parsed.error());
                Result<Response> response = co_await handler(std::move(request));
                if (!response) co_return failure(std::move(response.error()));
                co_return to_json(*response);
              });
  }

  /// The handler sends items until it is done, fails, or the client is gone. A failure before the first item
  /// is answered like a unary one's, a later one is the stream's last line.
  template <class Request>
  void stream(std::string method, std::function<Task<Result<void>>(Request, Sink&)> handler) {
    add_stream(std::move(method),
               [handler = std::move(handler)](std::string body, Sink& sink) -> Task<Result<void>> {
                 Request request;
                 Result<void> parsed = from_json(body, request);
                 if (!parsed) co_return parsed;
                 Result<void> done = co_await handler(std::move(request), sink);
                 co_return done;
               });
  }

 private:
  using Unary = std::function<Task<Result<std::string>>(std::string body)>;
  using Stream = std::function<Task<Result<void>>(std::string body, Sink& sink)>;
  void add_unary(std::string method, Unary handler);
  void add_stream(std::string method, Stream handler);

  runtime::HttpServer& http_;
  std::shared_ptr<const Observer> observer_;
};

}  // namespace kintsugi::rpc
