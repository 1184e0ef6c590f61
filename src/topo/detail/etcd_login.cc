#include "topo/detail/etcd_login.h"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "base/log.h"
#include "runtime/errors.h"
#include "runtime/http_client.h"
#include "topo/detail/etcd_messages.h"
#include "topo/errors.h"

namespace kintsugi::topo::etcd {
namespace {

const Logger kLog("topo");

// Read at each login, so that a changed password needs no new process.
Result<std::string> read_password(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file)
    return failure(kStoreDenied, fmt::format("the password of etcd's user in {} cannot be read", path));
  std::string password = text.str();
  if (password.ends_with('\n')) password.pop_back();
  return password;
}

}  // namespace

Task<Result<std::string>> Login::token(runtime::HttpClient& client, Time deadline, runtime::Cancel* cancel) {
  while (!token_ && account_) {
    if (asking_) {
      const bool answered = co_await answered_.wait(deadline, cancel);
      if (!answered) co_return failure(runtime::kTimeout, "etcd's answer to a login did not come in time");
      continue;
    }
    asking_ = true;
    answered_.reset();
    Result<std::string> token = co_await ask(client, deadline, cancel);
    asking_ = false;
    if (token) token_ = *token;
    answered_.set();
    if (!token) co_return token;
  }
  co_return token_.value_or("");
}

Task<Result<std::string>> Login::ask(runtime::HttpClient& client, Time deadline, runtime::Cancel* cancel) {
  const Result<std::string> password = read_password(account_->password_file);
  if (!password) co_return failure(password.error());
  runtime::HttpRequest request;
  request.method = "POST";
  request.path = "/v3/auth/authenticate";
  request.headers["Content-Type"] = "application/json";
  request.body = authenticate_request(account_->user, *password);
  const Result<runtime::HttpResponse> response = co_await client.call(std::move(request), deadline, cancel);
  if (!response) co_return failure(response.error());
  if (response->status / 100 == 2) co_return parse_token(response->body);
  const Refusal refusal = parse_refusal(response->status, response->body);
  const std::string message =
      fmt::format("{} does not let user {} in: {}", client.server().text(), account_->user, refusal.message);
  if (refusal.auth_is_off()) {
    kLog.info("login.not_needed", {{"user", account_->user}, {"reason", refusal.message}});
    co_return std::string();
  }
  if (refusal.denied()) co_return failure(kStoreDenied, message);
  co_return failure(refusal.unavailable() ? kStoreUnavailable : kStoreRefused, message);
}

bool Login::refused(const std::string& token) {
  if (!account_) return false;
  // Another call may have got a new one meanwhile.
  if (token_ == token) token_.reset();
  return true;
}

}  // namespace kintsugi::topo::etcd
