#include "rpc/client.h"

#include <optional>

#include <fmt/format.h>

#include "runtime/cancel.h"
#include "runtime/http_client.h"

namespace kintsugi::rpc {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;

constexpr std::size_t kLineBytesMax = 64u << 20;

HttpRequest post(const std::string& method, std::string body) {
  return {.method = "POST",
          .path = '/' + method,
          .headers = {{"Content-Type", "application/json"}, {"Connect-Protocol-Version", "1"}},
          .body = std::move(body)};
}

// Cuts a stream into lines; after the first failure it takes no more.
struct Lines {
  std::function<Task<Result<bool>>(std::string)> on_line;
  std::string rest;
  std::optional<Error> error;

  Task<bool> take(std::string piece) {
    // A long line comes in many pieces: what was looked through has no end of a line.
    std::size_t from = rest.size();
    rest += piece;
    std::size_t begin = 0;
    for (std::size_t end; (end = rest.find('\n', from)) != rest.npos; begin = from = end + 1) {
      if (end == begin) continue;
      const bool more = co_await take_line(rest.substr(begin, end - begin));
      if (!more) co_return false;
    }
    rest.erase(0, begin);
    if (rest.size() > kLineBytesMax) error = Error(kRpcFailed, "a line of the stream is longer than 64 MiB");
    co_return !error;
  }

  Task<bool> take_line(std::string line) {
    if (is_stream_end(line)) {
      error = error_from_stream_end(line);
      co_return false;
    }
    const Result<bool> more = co_await on_line(std::move(line));
    if (!more) error = more.error();
    co_return more.value_or(false);
  }
};

}  // namespace

Task<Result<std::string>> Client::call_json(std::string method, std::string body, Time deadline,
                                            runtime::Cancel* cancel) {
  Result<HttpResponse> response = co_await http_.call(post(method, std::move(body)), deadline, cancel);
  if (!response) co_return failure(std::move(response.error()));
  if (response->status != 200) co_return failure(error_from_json(response->body, response->status));
  co_return std::move(response->body);
}

Task<Result<void>> Client::stream_json(std::string method, std::string body,
                                       std::function<Result<bool>(std::string_view)> on_line,
                                       Duration idle_timeout, runtime::Cancel* cancel) {
  OnLine at_once = [&on_line](std::string line) -> Task<Result<bool>> { co_return on_line(line); };
  Result<void> done =
      co_await stream_lines(std::move(method), std::move(body), std::move(at_once), idle_timeout, cancel);
  co_return done;
}

Task<Result<void>> Client::stream_lines(std::string method, std::string body, OnLine on_line,
                                        Duration idle_timeout, runtime::Cancel* cancel) {
  Lines lines{std::move(on_line), {}, {}};
  std::function<Task<bool>(std::string)> take = [&lines](std::string piece) {
    return lines.take(std::move(piece));
  };
  const Result<HttpResponse> response =
      co_await http_.stream_slowly(post(method, std::move(body)), std::move(take), idle_timeout, cancel);
  if (!response) co_return failure(response.error());
  if (response->status != 200) co_return failure(error_from_json(response->body, response->status));
  if (lines.error) co_return failure(std::move(*lines.error));
  co_return Result<void>();
}

}  // namespace kintsugi::rpc
