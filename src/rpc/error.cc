#include "rpc/error.h"

#include <map>
#include <memory>
#include <mutex>

#include <fmt/format.h>

#include "base/utf8.h"
#include "kintsugi/rpc/v1/error.pb.h"
#include "rpc/json.h"
#include "runtime/errors.h"

namespace kintsugi::rpc {
namespace {

struct Kind {
  const ErrorCode& code;
  const char* connect_code;
  int status;
};

const Kind kKinds[] = {
    {kInternal, "internal", 500},
    {kInvalidArgument, "invalid_argument", 400},
    {kServerError, "unknown", 500},
    {kNotFound, "not_found", 404},
    {kAlreadyExists, "already_exists", 409},
    {runtime::kConnectionLost, "unavailable", 503},
    {runtime::kConnectFailed, "unavailable", 503},
    {runtime::kTimeout, "deadline_exceeded", 504},
    {runtime::kCancelled, "canceled", 499},
};

// What the Connect protocol gives to codes that only our own programs tell apart.
const char* const kOtherCode = "failed_precondition";
constexpr int kOtherStatus = 400;

const Kind* find_kind(const ErrorCode& code) {
  for (const Kind& kind : kKinds) {
    if (kind.code.number == code.number) return &kind;
  }
  return nullptr;
}

// An ErrorCode lives for ever and is compared by its number. Those that come from another process are kept
// here the first time they are met; how many there can be is bounded, since the other side is not to be
// trusted.
const ErrorCode* known_code(const v1::ErrorDetail& detail) {
  struct Kept {
    std::string name;
    std::string next_step;
    std::string sqlstate;
    ErrorCode code;
  };
  constexpr std::size_t kKeptMax = 1000;
  static std::mutex mutex;
  static auto* kept = new std::map<int, std::unique_ptr<Kept>>;
  const std::lock_guard lock(mutex);
  const auto found = kept->find(detail.kt_code());
  if (found != kept->end()) return &found->second->code;
  if (kept->size() >= kKeptMax) return &kRpcFailed;
  auto entry = std::make_unique<Kept>();
  entry->name = detail.name();
  entry->next_step = detail.next_step();
  entry->sqlstate = detail.sqlstate().size() == 5 ? detail.sqlstate() : "HY000";
  entry->code = {detail.kt_code(), entry->name.c_str(), static_cast<std::uint16_t>(detail.mysql_errno()),
                 entry->sqlstate.c_str(), entry->next_step.c_str()};
  return &kept->emplace(detail.kt_code(), std::move(entry)).first->second->code;
}

v1::Error to_message(const Error& error) {
  const Kind* kind = find_kind(error.code());
  v1::Error message;
  message.set_code(kind != nullptr ? kind->connect_code : kOtherCode);
  message.set_message(utf8_only(error.message()));
  v1::ErrorDetail& detail = *message.add_details();
  detail.set_kt_code(error.code().number);
  detail.set_name(error.code().name);
  detail.set_next_step(error.code().next_step);
  detail.set_mysql_errno(error.mysql_errno());
  detail.set_sqlstate(std::string(error.sqlstate()));
  return message;
}

Error from_message(const v1::Error& message) {
  if (message.details().empty() || message.details(0).kt_code() == 0) {
    return Error(kRpcFailed, fmt::format("{}: {}", message.code(), message.message()));
  }
  const v1::ErrorDetail& detail = message.details(0);
  if (detail.kt_code() == kServerError.number) {
    return Error::from_server(static_cast<std::uint16_t>(detail.mysql_errno()), detail.sqlstate(),
                              message.message());
  }
  return Error(*known_code(detail), message.message());
}

}  // namespace

std::string error_to_json(const Error& error) { return to_json(to_message(error)); }

int http_status(const Error& error) {
  const Kind* kind = find_kind(error.code());
  return kind != nullptr ? kind->status : kOtherStatus;
}

Error error_from_json(std::string_view json, int status) {
  constexpr std::size_t kShownBytes = 200;
  v1::Error message;
  if (json.empty() || !from_json(json, message, UnknownFields::ignore) || message.code().empty()) {
    return Error(kRpcFailed, fmt::format("HTTP status {}: {}", status, json.substr(0, kShownBytes)));
  }
  return from_message(message);
}

std::string stream_end_json(const Error& error) {
  v1::StreamEnd end;
  *end.mutable_error() = to_message(error);
  return to_json(end);
}

bool is_stream_end(std::string_view line) { return line.starts_with(R"({"@error":)"); }

Error error_from_stream_end(std::string_view line) {
  v1::StreamEnd end;
  if (!from_json(line, end, UnknownFields::ignore)) {
    return Error(kRpcFailed, fmt::format("the stream ended with {}", line));
  }
  return from_message(end.error());
}

}  // namespace kintsugi::rpc
