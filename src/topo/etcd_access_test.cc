// Who an EtcdStore is to etcd, and what it lets itself be told by whom: TLS, user and password.

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/http_server.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "topo/etcd_store.h"
#include "topo/testing/certificates.h"
#include "topo/testing/etcd_server.h"

namespace kintsugi::topo {
namespace {

using ::testing::AllOf;
using testing::Certificates;
using testing::EtcdServer;
using ::testing::HasSubstr;

constexpr Duration kPatience = std::chrono::seconds(20);
const std::string kRoot = "/kintsugi/test";

class Folder {
 public:
  Folder() {
    std::string pattern = "/tmp/kintsugi-access-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ + '/' + name) << text;
    return path_ + '/' + name;
  }

 private:
  std::string path_;
};

/// The last value of one key that a watch told, and whether it is in touch.
class Follower : public WatchObserver {
 public:
  std::string value;
  std::string lost;
  int snapshots = 0;

  void on_snapshot(std::vector<Node> nodes, Revision) override {
    ++snapshots;
    lost.clear();
    for (Node& node : nodes) value = std::move(node.value);
  }
  void on_changes(std::vector<WatchEvent> events, Revision) override {
    lost.clear();
    for (WatchEvent& event : events) value = std::move(event.node.value);
  }
  void on_lost(const Error& error) override { lost = error.text(); }
};

Task<bool> comes_true(std::function<bool()> condition) {
  const Time limit = Clock::now() + kPatience;
  while (!condition()) {
    if (Clock::now() >= limit) co_return false;
    co_await runtime::sleep_for(std::chrono::milliseconds(2));
  }
  co_return true;
}

EtcdStore::Options options_for(const std::string& endpoint) {
  EtcdStore::Options options;
  options.endpoints = {endpoint};
  options.root = kRoot;
  options.call_timeout = std::chrono::seconds(3);
  options.probe_interval = std::chrono::milliseconds(200);
  return options;
}

EtcdStore::Options with_account(const std::string& endpoint, const std::string& password_file) {
  EtcdStore::Options options = options_for(endpoint);
  options.account = {.user = "kintsugi", .password_file = password_file};
  return options;
}

template <class T>
void expect(const Result<T>& result) {
  EXPECT_TRUE(result.has_value()) << result.error().text();
}

// Reads, writes and watches.
Task<void> expect_works(Store& store, std::string value) {
  expect(co_await store.put("k", value));
  const Result<Node> node = co_await store.get("k");
  expect(node);
  EXPECT_EQ(node->value, value);
  Follower follower;
  runtime::TaskGroup tasks;
  tasks.spawn(store.watch("k", follower, &tasks.cancel()));
  bool told = co_await comes_true([&] { return follower.value == value; });
  EXPECT_TRUE(told) << follower.lost;
  expect(co_await store.put("k", value + " changed"));
  told = co_await comes_true([&] { return follower.value == value + " changed"; });
  EXPECT_TRUE(told) << follower.lost;
  tasks.cancel().request();
  co_await tasks.join();
}

template <class Body>
void on_loop(Body body) {
  runtime::Loop loop;
  loop.block_on(body());
}

Task<std::string> failure_of(EtcdStore::Options options) {
  const auto store = EtcdStore::make(std::move(options)).value();
  const Result<Node> node = co_await store->get("k");
  co_return node || node.error().is(kNoNode) ? "it works" : node.error().text();
}

/// An etcd that talks TLS to those who have a certificate, and such certificates.
struct Secured {
  Folder folder;
  std::optional<Certificates> certificates;
  Certificates::Pair client;
  std::unique_ptr<EtcdServer> server;

  Task<void> start() {
    certificates = (co_await Certificates::make(folder.path())).value();
    const Certificates::Pair pair = (co_await certificates->sign("server", "")).value();
    client = (co_await certificates->sign("client", "")).value();
    EtcdServer::Options options;
    options.tls = EtcdServer::Tls{certificates->ca(), pair.certificate, pair.key};
    server = (co_await EtcdServer::start(std::move(options))).value();
  }
  EtcdStore::Options options(const std::string& ca, const Certificates::Pair& shown) const {
    EtcdStore::Options made = options_for(server->endpoint());
    made.tls = runtime::TlsContext::client(ca, shown.certificate, shown.key).value();
    return made;
  }
};

Task<void> check_tls() {
  Secured etcd;
  co_await etcd.start();
  const auto store = EtcdStore::make(etcd.options(etcd.certificates->ca(), etcd.client)).value();
  co_await expect_works(*store, "over TLS");

  const std::string without_certificate = co_await failure_of(etcd.options(etcd.certificates->ca(), {}));
  EXPECT_THAT(without_certificate, AllOf(HasSubstr("KT2004"), HasSubstr("certificate")));
  Folder elsewhere;
  const Certificates others = (co_await Certificates::make(elsewhere.path())).value();
  const std::string wrong_authority = co_await failure_of(etcd.options(others.ca(), etcd.client));
  EXPECT_THAT(wrong_authority, AllOf(HasSubstr("KT2004"), HasSubstr("certificate verify failed")));
  EtcdStore::Options wrong_name = etcd.options(etcd.certificates->ca(), etcd.client);
  std::string& url = wrong_name.endpoints[0];
  url.replace(url.find("127.0.0.1"), 9, "localhost");
  const std::string other_name = co_await failure_of(std::move(wrong_name));
  EXPECT_THAT(other_name, AllOf(HasSubstr("KT2004"), HasSubstr("certificate verify failed")));
  EtcdStore::Options plain = options_for(etcd.server->endpoint());
  plain.endpoints[0].erase(4, 1);
  const std::string without_tls = co_await failure_of(std::move(plain));
  EXPECT_THAT(without_tls, HasSubstr("KT2004"));
}
TEST(EtcdTls, BothSidesShowCertificates) { on_loop(check_tls); }

Task<void> check_tls_and_account() {
  Secured etcd;
  co_await etcd.start();
  expect(co_await etcd.server->enable_auth({"kintsugi", "secret", kRoot + "/"}));
  EtcdStore::Options options = etcd.options(etcd.certificates->ca(), etcd.client);
  options.account = {.user = "kintsugi", .password_file = etcd.folder.write("password", "secret")};
  const auto store = EtcdStore::make(options).value();
  co_await expect_works(*store, "with a password");

  const Certificates::Pair named = (co_await etcd.certificates->sign("named", "kintsugi")).value();
  EtcdStore::Options with_name = etcd.options(etcd.certificates->ca(), named);
  with_name.account = options.account;
  const std::string refused = co_await failure_of(std::move(with_name));
  EXPECT_THAT(refused, AllOf(HasSubstr("KT2008"), HasSubstr("CommonName")));
}
TEST(EtcdTls, WithUsersACertificateWithANameIsRefusedInWords) { on_loop(check_tls_and_account); }

Task<void> check_account() {
  Folder folder;
  const auto server = (co_await EtcdServer::start()).value();
  expect(co_await server->enable_auth({"kintsugi", "secret", kRoot + "/"}));
  const auto store =
      EtcdStore::make(with_account(server->endpoint(), folder.write("good", "secret\n"))).value();
  co_await expect_works(*store, "logged in");
  const Result<LeaseId> lease = co_await store->grant_lease(std::chrono::seconds(60));
  expect(lease);
  expect(co_await store->create("leased", "1", *lease));
  expect(co_await store->keep_alive(*lease));
  expect(co_await store->revoke_lease(*lease));

  const std::string nobody = co_await failure_of(options_for(server->endpoint()));
  EXPECT_THAT(nobody,
              AllOf(HasSubstr("KT2008"), HasSubstr("topology_user"), HasSubstr("user name is empty")));
  const std::string wrong =
      co_await failure_of(with_account(server->endpoint(), folder.write("bad", "guess")));
  EXPECT_THAT(wrong, AllOf(HasSubstr("KT2008"), HasSubstr("does not let user kintsugi in")));
  const std::string no_file = co_await failure_of(with_account(server->endpoint(), folder.path() + "/none"));
  EXPECT_THAT(no_file, AllOf(HasSubstr("KT2008"), HasSubstr("/none cannot be read")));

  // A user of another cluster in the same etcd.
  EtcdStore::Options other_root = with_account(server->endpoint(), folder.path() + "/good");
  other_root.root = "/kintsugi/other";
  const auto other = EtcdStore::make(other_root).value();
  const Result<Node> hidden = co_await other->get("k");
  EXPECT_TRUE(hidden.error().is(kStoreDenied)) << hidden.error().text();
  const Result<Revision> put = co_await other->put("k", "v");
  EXPECT_TRUE(put.error().is(kStoreDenied)) << put.error().text();
  EXPECT_THAT(put.error().message(), HasSubstr("permission denied"));
  Follower follower;
  runtime::TaskGroup tasks;
  tasks.spawn(other->watch("k", follower, &tasks.cancel()));
  const bool lost = co_await comes_true([&] { return !follower.lost.empty(); });
  EXPECT_TRUE(lost);
  EXPECT_THAT(follower.lost, HasSubstr("KT2008"));
  tasks.cancel().request();
  co_await tasks.join();
}
TEST(EtcdAccount, LogsInAndSaysWhyItMayNot) { on_loop(check_account); }

// Tokens of one second; one of the same age as the store's shows when they have expired.
Task<void> check_expiry() {
  Folder folder;
  EtcdServer::Options options;
  options.flags = {"--auth-token=jwt,sign-method=HS256,ttl=1s,priv-key=" + folder.write("key", "any secret")};
  const auto server = (co_await EtcdServer::start(std::move(options))).value();
  expect(co_await server->enable_auth({"kintsugi", "secret", kRoot + "/"}));
  const auto store =
      EtcdStore::make(with_account(server->endpoint(), folder.write("password", "secret"))).value();
  Follower follower;
  runtime::TaskGroup tasks;
  tasks.spawn(store->watch("k", follower, &tasks.cancel()));
  bool told = co_await comes_true([&] { return follower.snapshots == 1; });
  EXPECT_TRUE(told) << follower.lost;
  const std::string token = (co_await server->log_in("kintsugi", "secret")).value();
  for (const Time limit = Clock::now() + kPatience;;) {
    const bool good = co_await server->takes(token, kRoot + "/k");
    if (!good || Clock::now() > limit) break;
    co_await runtime::sleep_for(std::chrono::milliseconds(50));
  }
  expect(co_await store->put("k", "after the token's end"));
  told = co_await comes_true([&] { return follower.value == "after the token's end"; });
  EXPECT_TRUE(told) << follower.lost;
  const Result<Node> node = co_await store->get("k");
  EXPECT_EQ(node->value, "after the token's end");
  tasks.cancel().request();
  co_await tasks.join();
}
TEST(EtcdAccount, LogsInAgainWhenItsTokenHasExpired) { on_loop(check_expiry); }

Task<void> check_restart() {
  Folder folder;
  const auto server = (co_await EtcdServer::start()).value();
  expect(co_await server->enable_auth({"kintsugi", "secret", kRoot + "/"}));
  const auto store =
      EtcdStore::make(with_account(server->endpoint(), folder.write("password", "secret"))).value();
  expect(co_await store->put("k", "before"));
  Follower follower;
  runtime::TaskGroup tasks;
  tasks.spawn(store->watch("k", follower, &tasks.cancel()));
  bool told = co_await comes_true([&] { return follower.value == "before"; });
  EXPECT_TRUE(told);
  co_await server->kill();
  told = co_await comes_true([&] { return !follower.lost.empty(); });
  EXPECT_TRUE(told);
  // It has forgotten the tokens that it gave.
  expect(co_await server->restart());
  told = co_await comes_true([&] { return follower.lost.empty(); });
  EXPECT_TRUE(told) << follower.lost;
  expect(co_await store->put("k", "after"));
  told = co_await comes_true([&] { return follower.value == "after"; });
  EXPECT_TRUE(told) << follower.lost;
  tasks.cancel().request();
  co_await tasks.join();
}
TEST(EtcdAccount, LogsInAgainWhenEtcdWasStartedAnew) { on_loop(check_restart); }

Task<void> check_passwords() {
  Folder folder;
  const auto server = (co_await EtcdServer::start()).value();
  const std::string file = folder.write("password", "secret");
  const auto store = EtcdStore::make(with_account(server->endpoint(), file)).value();
  co_await expect_works(*store, "nobody asks for a password yet");
  expect(co_await server->enable_auth({"kintsugi", "secret", kRoot + "/"}));
  co_await expect_works(*store, "now etcd does");

  folder.write("password", "another");
  expect(co_await server->change_password("kintsugi", "another"));
  co_await expect_works(*store, "the file was read again");
  expect(co_await server->change_password("kintsugi", "a third"));
  const Result<Revision> put = co_await store->put("k", "v");
  EXPECT_TRUE(put.error().is(kStoreDenied)) << put.error().text();
  folder.write("password", "a third");
  co_await expect_works(*store, "mended");
}
TEST(EtcdAccount, FollowsWhatEtcdAsksFor) { on_loop(check_passwords); }

Task<void> get_something(Store& store, int& good) {
  const Result<Node> node = co_await store.get("k");
  if (!node && node.error().is(kNoNode)) ++good;
}

// Whoever comes while a login is under way waits for that one.
Task<void> check_one_login() {
  Folder folder;
  runtime::HttpServer etcd;
  int logins = 0;
  int refused = 0;
  std::string valid = "t1";
  std::string given = "t1";
  etcd.route("POST", "/v3/auth/authenticate", [&](runtime::HttpRequest) -> Task<runtime::HttpResponse> {
    ++logins;
    for (int i = 0; i < 5; ++i) co_await runtime::yield();
    co_return runtime::HttpResponse::json(200, R"({"token": ")" + given + "\"}");
  });
  etcd.route("POST", "/v3/kv/range", [&](runtime::HttpRequest request) -> Task<runtime::HttpResponse> {
    if (request.headers["Authorization"] == valid)
      co_return runtime::HttpResponse::json(200, R"({"header": {"revision": "1"}})");
    ++refused;
    co_return runtime::HttpResponse::json(
        401,
        R"({"error": "etcdserver: invalid auth token", "message": "etcdserver: invalid auth token", "code": 16})");
  });
  const runtime::Address address = etcd.start(runtime::Address::tcp("127.0.0.1", 0)).value();
  const auto store =
      EtcdStore::make(with_account(address.text(), folder.write("password", "secret"))).value();
  int good = 0;
  runtime::TaskGroup tasks;
  for (int i = 0; i < 8; ++i) tasks.spawn(get_something(*store, good));
  co_await tasks.join();
  EXPECT_EQ(good, 8);
  EXPECT_EQ(logins, 1);
  valid = given = "t2";
  for (int i = 0; i < 8; ++i) tasks.spawn(get_something(*store, good));
  co_await tasks.join();
  EXPECT_EQ(good, 16);
  EXPECT_EQ(refused, 8);
  EXPECT_EQ(logins, 2) << "not one for each call that was refused";
  // An etcd that does not take the tokens it gives is asked twice, not for ever.
  given = "t3";
  valid = "none";
  const Result<Node> node = co_await store->get("k");
  EXPECT_TRUE(node.error().is(kStoreDenied)) << node.error().text();
  EXPECT_EQ(logins, 3);
  co_await etcd.stop();
}
TEST(EtcdAccount, ManyCallsLogInOnce) { on_loop(check_one_login); }

}  // namespace
}  // namespace kintsugi::topo
