#pragma once

#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kintsugi/tablet/v1/tablet.pb.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "mysql/auth.h"
#include "rpc/client.h"
#include "rpc/json.h"
#include "rpc/server.h"
#include "runtime/http_client.h"
#include "runtime/http_server.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "tablet/agent.h"
#include "tablet/data_dir.h"
#include "tablet/detail/files.h"
#include "tablet/errors.h"
#include "tablet/mysqld.h"
#include "tablet/server_connection.h"
#include "tablet/testing/temp_folder.h"
#include "tablet/testing/test_server.h"
#include "topo/key_range.h"
#include "topo/memory_store.h"
#include "topo/records.h"
#include "topo/topo_server.h"

// Agents with real servers, in one process, on a topology in memory.
namespace kintsugi::tablet {

inline constexpr Duration kPatience = 60s;
inline const topo::ShardName kShard{"customer", "-"};
inline const std::map<std::string, std::string> kPasswords = {{"gate", "gate-Secret-1"},
                                                              {"replication", "repl-Secret-2"},
                                                              {"agent", "agent-Secret-3"},
                                                              {"monitor", "monitor-Secret-4"}};

#define CO_REQUIRE(condition)    \
  if (!(condition)) {            \
    ADD_FAILURE() << #condition; \
    co_return;                   \
  }

/// One tablet with its folder and, if it was started, its HTTP server.
struct TestTablet {
  TestTablet(topo::Store& topology, const std::string& credentials_dir, std::uint32_t uid)
      : alias{"zone1", uid}, store(topology), credentials(credentials_dir) {
    options.alias = alias.text();
    options.keyspace = kShard.keyspace;
    options.shard = kShard.shard;
    options.dir = folder / "tablet";
    options.mysql = "127.0.0.1:" + std::to_string(port);
    options.small_memory = true;
    options.observe_every = 200ms;
    options.lease = 3s;
    options.flavour = TestServer().flavour;
    options.mysqld = TestServer().program;
  }
  ~TestTablet() {
    if (const auto pid = mysqld()) ::kill(*pid, SIGKILL);
  }

  Task<Result<void>> start() {
    http = std::make_unique<runtime::HttpServer>();
    api = std::make_unique<rpc::Server>(*http);
    agent = std::make_unique<Agent>(Agent::Parts{options, credentials, store});
    agent->add_methods(*api);
    Result<runtime::Address> address = http->start(runtime::Address::tcp("127.0.0.1", 0));
    if (!address) co_return failure(address.error());
    client = std::make_unique<runtime::HttpClient>(*address);
    Result<void> started = co_await agent->start(*address);
    co_return started;
  }
  Task<void> stop() {
    if (!agent) co_return;
    co_await http->stop();
    co_await agent->stop();
    agent.reset();
    client.reset();
    api.reset();
    http.reset();
  }
  template <class Response>
  Task<Result<Response>> call(std::string method, const google::protobuf::Message& request) {
    rpc::Client calls(*client);
    Result<Response> response = co_await calls.call<Response>(
        "kintsugi.tablet.v1.Tablet/" + std::move(method), request, Clock::now() + kPatience);
    co_return response;
  }

  const v1::Health& health() const { return agent->health(); }
  std::optional<pid_t> mysqld() const {
    return find_server(std::filesystem::weakly_canonical(options.dir).string() + "/my.cnf");
  }
  std::string socket() const { return options.dir + "/mysqld.sock"; }
  bool serves(topo::TabletType type) const {
    return health().serving() && health().type() == static_cast<topo::v1::TabletType>(type);
  }
  /// Serves as the primary, whose commits a replica acknowledges.
  bool leads() const {
    return serves(topo::TabletType::primary) && health().semi_sync().source_active() &&
           health().semi_sync().acknowledging_replicas() == 1;
  }
  bool follows() const {
    return serves(topo::TabletType::replica) && health().read_only() &&
           health().replication().lag_ms() == 0 && health().replication().io_thread() == v1::running;
  }

  /// Making a data directory takes seconds: one is made for all tests of this process, and each tablet gets a
  /// copy with an identity of its own.
  Task<Result<void>> copy_template() {
    static const TempFolder original;
    const TabletFiles from(original.path());
    const TabletFiles to(options.dir);
    const TestServer server;
    Result<DataDir> dir = DataDir::open(original.path(), "");
    if (!dir) co_return failure(dir.error());
    const DataDirRequest request{{"zone1", 1}, kShard, server.program, server.os_user, {}};
    const Result<Identity> made = co_await dir->prepare(server.words(), request, nullptr);
    if (!made) co_return failure(made.error());
    std::filesystem::create_directories(to.root);
    std::filesystem::copy(from.data, to.data, std::filesystem::copy_options::recursive);
    std::filesystem::remove(to.data + "/auto.cnf");  // MySQL's own name, which it makes at its start
    v1::DataDirIdentity identity;
    Result<void> done = rpc::from_json(read_file(from.identity).value(), identity);
    identity.set_alias(options.alias);
    identity.set_server_id(alias.uid);
    identity.set_owner(topo::to_hex(mysql::secure_random()(16)));
    if (done) done = write_file(to.identity, rpc::to_json(identity, true), 0640);
    co_return done;
  }

  topo::TabletAlias alias;
  topo::Store& store;
  std::string credentials;
  TempFolder folder;
  std::uint16_t port = free_port();
  TabletOptions options;
  std::unique_ptr<runtime::HttpServer> http;
  std::unique_ptr<rpc::Server> api;
  std::unique_ptr<Agent> agent;
  std::unique_ptr<runtime::HttpClient> client;
};

class AgentTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(make_folder(credentials_.path(), 0700));
    for (const auto& [name, password] : kPasswords)
      ASSERT_TRUE(write_file(credentials_ / name, password, 0600));
  }

  void run(Task<void> body) {
    auto whole = [this](Task<void> test) -> Task<void> {
      topo::TopoServer topology(store_);
      const Result<void> keyspace = co_await topology.create_keyspace(kShard.keyspace, topo::v1::Keyspace());
      const Result<void> shard = co_await topology.create_shard(kShard);
      EXPECT_TRUE(keyspace && shard);
      co_await std::move(test);
      for (TestTablet* tablet : {&first_, &second_}) {
        // A server of no further use need not go politely, which takes MySQL seconds.
        if (const auto pid = tablet->mysqld()) ::kill(*pid, SIGKILL);
        co_await tablet->stop();
      }
    };
    loop_.block_on(whole(std::move(body)));
  }

  Task<bool> until(std::string what, std::function<bool()> condition) {
    const Time deadline = Clock::now() + kPatience;
    while (!condition()) {
      if (Clock::now() > deadline) {
        std::string seen;
        for (TestTablet* tablet : {&first_, &second_}) {
          if (tablet->agent) seen += "\n" + tablet->health().DebugString();
        }
        ADD_FAILURE() << "not in time: " << what << seen;
        co_return false;
      }
      co_await runtime::sleep_for(10ms);
    }
    co_return true;
  }

  Task<bool> start(TestTablet& tablet) {
    if (!path_exists(tablet.options.dir + "/data")) {
      const Result<void> copied = co_await tablet.copy_template();
      if (!copied) ADD_FAILURE() << copied.error().text();
    }
    const Result<void> started = co_await tablet.start();
    if (!started) ADD_FAILURE() << started.error().text();
    if (!started) co_return false;
    const bool registered = co_await until("registered", [&] {
      return tablet.health().reachable() && tablet.health().error().find("was not read") == std::string::npos;
    });
    co_return registered;
  }

  Task<void> elect(const TestTablet& tablet) {
    topo::TopoServer topology(store_);
    const auto shard = co_await topo::read_record<topo::v1::Shard>(store_, topo::paths::shard(kShard));
    const auto done = co_await topology.set_shard_primary(kShard, tablet.alias, shard->record.epoch(),
                                                          std::chrono::system_clock::now());
    EXPECT_TRUE(done) << done.error().text();
  }

  /// The shard's record now.
  Task<topo::v1::Shard> shard() {
    const auto record = co_await topo::read_record<topo::v1::Shard>(store_, topo::paths::shard(kShard));
    co_return record->record;
  }
  /// What a control does that sees the primary fail.
  Task<void> begin_change(topo::v1::PrimaryChange::Kind kind) {
    topo::TopoServer topology(store_);
    topo::v1::PrimaryChange change;
    change.set_kind(kind);
    const topo::v1::Shard now = co_await shard();
    const auto begun = co_await topology.begin_primary_change(kShard, std::move(change), {}, now.epoch(),
                                                              std::chrono::system_clock::now());
    EXPECT_TRUE(begun) << begun.error().text();
  }
  Task<void> end_change(std::optional<topo::TabletAlias> primary) {
    topo::TopoServer topology(store_);
    const topo::v1::Shard now = co_await shard();
    const auto ended = co_await topology.end_primary_change(kShard, std::move(primary), now.epoch(),
                                                            std::chrono::system_clock::now());
    EXPECT_TRUE(ended) << ended.error().text();
  }
  /// It has come to rest under the epoch of now.
  Task<bool> rests(const TestTablet& tablet) {
    const topo::v1::Shard now = co_await shard();
    const bool rested =
        co_await until("at rest", [&] { return tablet.health().fenced_epoch() == now.epoch(); });
    co_return rested;
  }

  /// Both run, the first leads and the second follows.
  Task<bool> start_both() {
    const bool first = co_await start(first_);
    const bool second = co_await start(second_);
    if (!first || !second) co_return false;
    co_await elect(first_);
    const bool up =
        co_await until("a primary and a replica", [this] { return first_.leads() && second_.follows(); });
    co_return up;
  }

  static Task<Result<QueryRows>> ask(Login login, std::string sql) {
    Result<std::unique_ptr<SqlClient>> session =
        co_await connect_server(std::move(login), Clock::now() + kPatience);
    if (!session) co_return failure(session.error());
    Result<QueryRows> rows = co_await (*session)->query(std::move(sql), Clock::now() + kPatience);
    co_return rows;
  }
  static Login root(const TestTablet& tablet) {
    const TestServer server;
    return {runtime::Address::unix_socket(tablet.socket()), server.words().root_user(server.os_user), ""};
  }
  static Login gate(const TestTablet& tablet) {
    return {runtime::Address::tcp("127.0.0.1", tablet.port), kGateUser, kPasswords.at("gate")};
  }
  static Task<std::string> value(Login login, std::string sql) {
    const Result<QueryRows> rows = co_await ask(std::move(login), std::move(sql));
    if (!rows) co_return rows.error().text();
    co_return rows->empty() ? "no row" : rows->rows[0][0].value_or("NULL");
  }
  static Task<std::vector<std::string>> grants(const TestTablet& tablet, std::string account) {
    const Result<QueryRows> rows = co_await ask(root(tablet), "SHOW GRANTS FOR " + account);
    std::vector<std::string> lines;
    if (!rows) co_return lines;
    for (const auto& row : rows->rows) lines.push_back(row[0]->substr(0, row[0]->find(" TO ")));
    co_return lines;
  }
  /// Asks until the answer is that.
  static Task<bool> ends_as(Login login, std::string sql, std::string wanted) {
    const Time deadline = Clock::now() + kPatience;
    std::string seen;
    while (Clock::now() < deadline) {
      seen = co_await value(login, sql);
      if (seen == wanted) co_return true;
      co_await runtime::sleep_for(10ms);
    }
    ADD_FAILURE() << sql << ": " << seen;
    co_return false;
  }
  Task<bool> wait_for_row(const TestTablet& tablet, std::string row) {
    co_return co_await ends_as(gate(tablet), "SELECT COUNT(*) FROM customer.t WHERE id = " + row, "1");
  }

  runtime::Loop loop_;
  topo::MemoryStore store_;
  TempFolder credentials_;
  TestTablet first_{store_, credentials_.path(), 101};
  TestTablet second_{store_, credentials_.path(), 102};
};

}  // namespace kintsugi::tablet
