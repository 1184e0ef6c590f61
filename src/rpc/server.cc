#include "rpc/server.h"

#include <optional>

#include <fmt/format.h>

#include "base/log.h"
#include "rpc/error.h"
#include "runtime/errors.h"
#include "runtime/http_server.h"

namespace kintsugi::rpc {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::HttpWriter;

const Logger kLog{"rpc"};

// A browser sends this type to another origin only after the server agreed, which ours never does; so that a
// page somebody looks at cannot call the control plane of the machine it is looked at on.
std::optional<Error> refusal(const HttpRequest& request) {
  if (!request.headers.contains("Origin")) return std::nullopt;
  const auto type = request.headers.find("Content-Type");
  if (type != request.headers.end() && type->second.starts_with("application/json")) return std::nullopt;
  return Error(kInvalidArgument, "a call from a web page must have Content-Type: application/json");
}

HttpResponse error_response(const Error& error) {
  return HttpResponse::json(http_status(error), error_to_json(error) + '\n');
}

void note(const Server::Observer& observer, const std::string& method, Time started, const Error* error) {
  const Duration took = Clock::now() - started;
  if (error != nullptr) {
    const bool ours = error->is(kInternal);
    const LogFields fields = {{"method", method}, {"error", *error}};
    if (ours) {
      kLog.error("call.failed", fields);
    } else {
      kLog.debug("call.failed", fields);
    }
  }
  if (observer) observer(method, took, error);
}

class LineSink final : public Sink {
 public:
  explicit LineSink(HttpWriter& writer) : writer_(writer) {}
  runtime::Cancel& gone() override { return writer_.gone(); }
  bool begun() const { return begun_; }
  Task<Result<void>> send_line(std::string line) override {
    begun_ = true;
    Result<void> written = co_await writer_.write(line);
    co_return written;
  }

 private:
  HttpWriter& writer_;
  bool begun_ = false;
};

}  // namespace

Server::Server(runtime::HttpServer& http, Observer observer)
    : http_(http), observer_(std::make_shared<const Observer>(std::move(observer))) {}
Server::~Server() = default;

void Server::add_unary(std::string method, Unary handler) {
  const std::string path = '/' + method;
  http_.route("POST", path,
              [method, handler = std::move(handler),
               observer = observer_](HttpRequest request) -> Task<HttpResponse> {
                const Time started = Clock::now();
                Result<std::string> answer = "";
                if (std::optional<Error> refused = refusal(request)) {
                  answer = failure(std::move(*refused));
                } else {
                  answer = co_await handler(std::move(request.body));
                }
                note(*observer, method, started, answer ? nullptr : &answer.error());
                co_return answer ? HttpResponse::json(200, std::move(*answer))
                                 : error_response(answer.error());
              });
}

void Server::add_stream(std::string method, Stream handler) {
  const std::string path = '/' + method;
  http_.stream_route("POST", path, "application/x-ndjson",
                     [method = std::move(method), handler = std::move(handler), observer = observer_](
                         HttpRequest request, HttpWriter& writer) -> Task<void> {
                       const Time started = Clock::now();
                       LineSink sink(writer);
                       Result<void> done;
                       if (std::optional<Error> refused = refusal(request)) {
                         done = failure(std::move(*refused));
                       } else {
                         done = co_await handler(std::move(request.body), sink);
                       }
                       note(*observer, method, started, done ? nullptr : &done.error());
                       if (done) co_return;
                       if (sink.begun()) {
                         co_await sink.send_line(stream_end_json(done.error()) + '\n');
                       } else {
                         writer.refuse(error_response(done.error()));
                       }
                     });
}

}  // namespace kintsugi::rpc
