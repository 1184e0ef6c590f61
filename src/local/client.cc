#include "local/client.h"

#include <fmt/format.h>

#include "local/detail/json.h"
#include "local/errors.h"
#include "rpc/error.h"
#include "runtime/http_client.h"
#include "runtime/timer.h"

namespace kintsugi::local {

namespace {

constexpr Duration kAnswerMax = 5s;

}  // namespace

Task<Result<ClusterStatus>> Client::status() {
  runtime::HttpClient http(runtime::Address::unix_socket(layout_.socket()));
  runtime::HttpRequest request;
  request.path = "/status";
  const Result<runtime::HttpResponse> answer =
      co_await http.call(std::move(request), Clock::now() + kAnswerMax);
  if (!answer) {
    co_return failure(kNotRunning,
                      fmt::format("no supervisor answers in {}: {}", layout_.dir, answer.error().message()));
  }
  ClusterStatus status;
  const Result<void> read = detail::from_json(answer->body, status);
  if (!read) {
    co_return failure(kNotRunning, fmt::format("what answers at {} is no supervisor of this version: {}",
                                               layout_.socket(), read.error().message()));
  }
  co_return status;
}

Task<bool> Client::wait_until_answers(Time deadline) {
  for (;;) {
    const Result<ClusterStatus> now = co_await status();
    if (now) co_return true;
    if (Clock::now() >= deadline) co_return false;
    co_await runtime::sleep_for(20ms);
  }
}

Task<Result<void>> Client::apply(ApplyRequest request, OnEvent on_event) {
  return follow("/apply", detail::to_json(request), std::move(on_event));
}

Task<Result<void>> Client::down(OnEvent on_event) { return follow("/down", "", std::move(on_event)); }

Task<Result<void>> Client::follow(std::string path, std::string body, OnEvent on_event) {
  runtime::HttpClient http(runtime::Address::unix_socket(layout_.socket()));
  runtime::HttpRequest request;
  request.method = "POST";
  request.path = std::move(path);
  request.body = std::move(body);
  std::string rest;
  std::optional<ProgressEvent> last;
  const auto on_data = [&](std::string_view data) {
    rest += data;
    for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
      ProgressEvent event;
      if (detail::from_json(rest.substr(0, end), event)) {
        if (event.state == "done" || event.state == "failed") {
          last = event;
        } else {
          on_event(event);
        }
      }
      rest.erase(0, end + 1);
    }
    return true;
  };
  const Result<runtime::HttpResponse> answer =
      co_await http.stream(std::move(request), on_data, Duration::max(), nullptr);
  if (!last) {
    co_return failure(kNotRunning, fmt::format("the supervisor ended while it was asked{}",
                                               answer ? "" : ": " + answer.error().message()));
  }
  if (last->state == "failed") co_return failure(rpc::error_from_json(last->error, 0));
  co_return Result<void>();
}

}  // namespace kintsugi::local
