#include "cli/context.h"

#include <cstdio>
#include <optional>

#include <fmt/format.h>

#include "cli/errors.h"
#include "rpc/client.h"
#include "rpc/json.h"
#include "runtime/errors.h"
#include "runtime/http_client.h"

namespace kintsugi::cli {
namespace {

constexpr auto kCallTimeout = std::chrono::seconds(60);

std::string without_scheme(std::string address) {
  constexpr std::string_view kScheme = "http://";
  if (address.starts_with(kScheme)) address.erase(0, kScheme.size());
  while (address.ends_with('/')) address.pop_back();
  return address;
}

}  // namespace

struct Context::Connection {
  explicit Connection(runtime::Address address) : http(std::move(address)), rpc(http) {}
  runtime::HttpClient http;
  rpc::Client rpc;
};

Context::Context(std::string control, bool json, const std::vector<ErrorEntry>& errors)
    : control_(without_scheme(std::move(control))), json_(json), errors_(errors) {}
Context::~Context() = default;

Task<Result<void>> Context::call(const char* method, const google::protobuf::Message& request,
                                 google::protobuf::Message& response) {
  if (!connection_) {
    Result<runtime::Address> address = runtime::Address::parse(control_);
    if (!address) co_return failure(address.error().with_context("--control"));
    connection_ = std::make_unique<Connection>(std::move(*address));
  }
  Result<std::string> answer =
      co_await connection_->rpc.call_json(fmt::format("kintsugi.control.v1.Control/{}", method),
                                          rpc::to_json(request), Clock::now() + kCallTimeout, nullptr);
  if (!answer) {
    Error error = std::move(answer.error());
    if (error.is(runtime::kConnectFailed)) co_return failure(kNoControl, error.message());
    co_return failure(std::move(error));
  }
  co_return rpc::from_json(*answer, response, rpc::UnknownFields::ignore);
}

void Context::answer(const google::protobuf::Message& message, const std::function<std::string()>& text) {
  print(json_ ? rpc::to_json(message) + "\n" : text());
}

void Context::print(std::string_view text) {
  if (capturing_) {
    captured_ += text;
  } else {
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
}

void Context::remark(std::string_view text) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
}

}  // namespace kintsugi::cli
