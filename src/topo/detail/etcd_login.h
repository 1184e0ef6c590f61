#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "runtime/event.h"
#include "topo/etcd_store.h"

namespace kintsugi::runtime {
class Cancel;
class HttpClient;
}  // namespace kintsugi::runtime

namespace kintsugi::topo::etcd {

/// Who a store says it is to an etcd that asks for user and password. All of etcd's members take the token
/// that one of them gave. Those who need a token while one is being asked for wait for that one, since
/// checking a password is expensive for etcd. On the store's loop.
class Login {
 public:
  explicit Login(std::optional<EtcdStore::Account> account) : account_(std::move(account)) {}

  /// What calls carry; empty: nothing, since there is no account or etcd asks for none. Asks `client` if it
  /// is not known. kStoreDenied: user and password are wrong, or the file cannot be read; else what asking
  /// failed with.
  Task<Result<std::string>> token(runtime::HttpClient& client, Time deadline, runtime::Cancel* cancel);
  /// etcd has refused this token. True: another may be had.
  bool refused(const std::string& token);

 private:
  Task<Result<std::string>> ask(runtime::HttpClient& client, Time deadline, runtime::Cancel* cancel);

  std::optional<EtcdStore::Account> account_;
  std::optional<std::string> token_;
  bool asking_ = false;
  runtime::Event answered_;
};

}  // namespace kintsugi::topo::etcd
