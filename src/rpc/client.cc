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
  std::function<Result<bool>(std::string_view)> on_line;
  std::string rest;
  std::optional<Error> error;

  bool take(std::string_view piece) {
    rest += piece;
    std::size_t begin = 0;
    for (std::size_t end; (end = rest.find('\n', begin)) != rest.npos; begin = end + 1) {
      if (end > begin && !take_line(std::string_view(rest).substr(begin, end - begin))) return false;
    }
    rest.erase(0, begin);
    if (rest.size() > kLineBytesMax) error = Error(kRpcFailed, "a line of the stream is longer than 64 MiB");
    return !error;
  }

  bool take_line(std::string_view line) {
    if (is_stream_end(line)) {
      error = error_from_stream_end(line);
      return false;
    }
    const Result<bool> more = on_line(line);
    if (!more) error = more.error();
    return more.value_or(false);
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
  Lines lines{std::move(on_line), {}, {}};
  const Result<HttpResponse> response = co_await http_.stream(
      post(method, std::move(body)), [&lines](std::string_view piece) { return lines.take(piece); },
      idle_timeout, cancel);
  if (!response) co_return failure(response.error());
  if (response->status != 200) co_return failure(error_from_json(response->body, response->status));
  if (lines.error) co_return failure(std::move(*lines.error));
  co_return Result<void>();
}

}  // namespace kintsugi::rpc
