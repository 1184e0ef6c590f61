#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/tls.h"
#include "topo/store.h"

namespace kintsugi::topo {

namespace etcd {
class Login;
}

/// The topology in etcd (3.4 or later), over its JSON gateway.
///
/// A call goes to the endpoint that answered last, then to the others, each with its share of the call's
/// time. A read is repeated there whatever happened; a write only if the endpoint cannot have begun it. A
/// watch asks its endpoint every two seconds whether it is still part of the cluster, since a stream that is
/// silent tells nothing.
///
/// With an account it logs in when etcd asks for it, and again when its token has expired or etcd has
/// forgotten it; an etcd that asks for none is used without, so that accounts can be set up before etcd
/// demands them.
class EtcdStore : public Store {
 public:
  struct Account {
    std::string user;
    std::string password_file;  ///< read at each login; a newline at its end does not count
  };
  struct Options {
    std::vector<std::string> endpoints;  ///< "http://127.0.0.1:2379", "https://etcd-0:2379", "127.0.0.1:2379"
    std::string root;                    ///< "/kintsugi/<cluster>"; keys are below it
    Duration call_timeout = std::chrono::seconds(5);
    Duration probe_interval = std::chrono::seconds(2);
    std::optional<runtime::TlsContext> tls;  ///< for https endpoints
    std::optional<Account> account;
  };
  /// kInvalidArgument for an endpoint that is none. Connects when it is first used.
  static Result<std::unique_ptr<EtcdStore>> make(Options options);
  ~EtcdStore() override;

  Task<Result<Node>> get(std::string key, Call call = {}) override;
  Task<Result<std::vector<Node>>> list(std::string prefix, bool keys_only = false, Call call = {}) override;
  Task<Result<TransactionResult>> commit(Transaction transaction, Call call = {}) override;
  Task<void> watch(std::string prefix, WatchObserver& observer, runtime::Cancel* cancel) override;
  Task<Result<LeaseId>> grant_lease(Duration ttl, Call call = {}) override;
  Task<Result<void>> keep_alive(LeaseId lease, Call call = {}) override;
  Task<Result<void>> revoke_lease(LeaseId lease, Call call = {}) override;
  std::string description() const override;

 private:
  struct Endpoint;
  struct WatchState;

  explicit EtcdStore(Options options);
  Task<Result<std::string>> send(std::string path, std::string body, bool repeatable, Call call);
  Task<Result<std::string>> send_to(Endpoint& endpoint, std::string path, std::string body, Time deadline,
                                    runtime::Cancel* cancel);
  Task<void> follow(Endpoint& endpoint, WatchState& state, runtime::Cancel* cancel);
  Task<Result<void>> stream(Endpoint& endpoint, WatchState& state, runtime::Cancel* stop);
  Task<void> probe(Endpoint& endpoint, WatchState& state, runtime::Cancel* stop);

  Options options_;
  std::unique_ptr<etcd::Login> login_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
  std::size_t preferred_ = 0;
};

}  // namespace kintsugi::topo
