#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "rpc/error.h"
#include "rpc/json.h"

namespace kintsugi::runtime {
class Cancel;
class HttpClient;
}  // namespace kintsugi::runtime

namespace kintsugi::rpc {

/// Calls the methods of one process. Borrows the HTTP client, which must outlive the calls; on its loop.
///
/// What the method failed with comes back as the same Error (its code holds with Error::is). Fails besides
/// with what HttpClient fails with, and with kRpcFailed if the answer is not that of a Kintsugi process.
/// Fields of an answer that this program does not know, since it is older, are passed over.
class Client {
 public:
  explicit Client(runtime::HttpClient& http) : http_(http) {}

  /// `method`: "kintsugi.control.v1.Control/ListTablets". The request is turned into JSON before this
  /// returns.
  template <class Response>
  Task<Result<Response>> call(std::string method, const google::protobuf::Message& request, Time deadline,
                              runtime::Cancel* cancel = nullptr) {
    return parse<Response>(call_json(std::move(method), to_json(request), deadline, cancel));
  }

  /// Gives each item to `on_item` until the server ends the stream (success), it returns false (success), or
  /// `cancel` is requested (kCancelled). `idle_timeout`: the longest silence (kTimeout).
  template <class Item>
  Task<Result<void>> stream(std::string method, const google::protobuf::Message& request,
                            std::function<bool(Item)> on_item, Duration idle_timeout,
                            runtime::Cancel* cancel = nullptr) {
    return stream_json(
        std::move(method), to_json(request),
        [on_item = std::move(on_item)](std::string_view line) -> Result<bool> {
          Item item;
          const Result<void> parsed = from_json(line, item, UnknownFields::ignore);
          if (!parsed) return failure(kRpcFailed, parsed.error().message());
          return on_item(std::move(item));
        },
        idle_timeout, cancel);
  }

  /// The same for who cannot take items at once: nothing is read while `on_item` waits. It fails with what
  /// `on_item` fails with.
  template <class Item>
  Task<Result<void>> stream_slowly(std::string method, const google::protobuf::Message& request,
                                   std::function<Task<Result<void>>(Item)> on_item, Duration idle_timeout,
                                   runtime::Cancel* cancel = nullptr) {
    return stream_lines(
        std::move(method), to_json(request),
        [on_item = std::move(on_item)](std::string line) -> Task<Result<bool>> {
          Item item;
          const Result<void> parsed = from_json(line, item, UnknownFields::ignore);
          if (!parsed) co_return failure(kRpcFailed, parsed.error().message());
          Result<void> taken = co_await on_item(std::move(item));
          if (!taken) co_return failure(std::move(taken.error()));
          co_return true;
        },
        idle_timeout, cancel);
  }

  /// The same with JSON, for who passes it on.
  Task<Result<std::string>> call_json(std::string method, std::string body, Time deadline,
                                      runtime::Cancel* cancel);
  Task<Result<void>> stream_json(std::string method, std::string body,
                                 std::function<Result<bool>(std::string_view line)> on_line,
                                 Duration idle_timeout, runtime::Cancel* cancel);

 private:
  using OnLine = std::function<Task<Result<bool>>(std::string line)>;
  Task<Result<void>> stream_lines(std::string method, std::string body, OnLine on_line, Duration idle_timeout,
                                  runtime::Cancel* cancel);
  template <class Response>
  static Task<Result<Response>> parse(Task<Result<std::string>> call) {
    const Result<std::string> json = co_await std::move(call);
    if (!json) co_return failure(json.error());
    Response response;
    const Result<void> parsed = from_json(*json, response, UnknownFields::ignore);
    if (!parsed) co_return failure(kRpcFailed, parsed.error().message());
    co_return response;
  }

  runtime::HttpClient& http_;
};

}  // namespace kintsugi::rpc
