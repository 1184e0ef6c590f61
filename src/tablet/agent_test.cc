#include "tablet/agent.h"

#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kintsugi/tablet/v1/tablet.pb.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "rpc/client.h"
#include "rpc/server.h"
#include "runtime/http_client.h"
#include "runtime/http_server.h"
#include "runtime/loop.h"
#include "runtime/timer.h"
#include "tablet/detail/files.h"
#include "tablet/errors.h"
#include "tablet/mysqld.h"
#include "tablet/server_connection.h"
#include "tablet/testing/temp_folder.h"
#include "topo/memory_store.h"
#include "topo/records.h"
#include "topo/topo_server.h"

// Agents with real servers, in one process, on a topology in memory.
namespace kintsugi::tablet {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr Duration kPatience = 60s;
const topo::ShardName kShard{"customer", "-"};
const std::map<std::string, std::string> kPasswords = {{"gate", "gate-Secret-1"},
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
      for (TestTablet* tablet : {&first_, &second_}) co_await tablet->stop();
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
    return {runtime::Address::unix_socket(tablet.socket()), "root", ""};
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
  Task<bool> wait_for_row(const TestTablet& tablet, std::string row) {
    const Time deadline = Clock::now() + kPatience;
    std::string seen;
    while (Clock::now() < deadline) {
      seen = co_await value(gate(tablet), "SELECT COUNT(*) FROM customer.t WHERE id = " + row);
      if (seen == "1") co_return true;
      co_await runtime::sleep_for(10ms);
    }
    ADD_FAILURE() << "row " << row << " is not there: " << seen;
    co_return false;
  }

  runtime::Loop loop_;
  topo::MemoryStore store_;
  TempFolder credentials_;
  TestTablet first_{store_, credentials_.path(), 101};
  TestTablet second_{store_, credentials_.path(), 102};
};

TEST_F(AgentTest, PrimaryAndReplicaComeUpAndComeBack) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    const auto record =
        co_await topo::read_record<topo::v1::Tablet>(store_, topo::paths::tablet(first_.alias));
    EXPECT_EQ(record->record.type(), topo::v1::primary);
    EXPECT_TRUE(record->record.has_primary_since());
    EXPECT_THAT(record->record.server_version(), HasSubstr("MariaDB"));
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    EXPECT_EQ(co_await value(gate(first_), "INSERT INTO customer.t VALUES (1)"), "no row");
    CO_REQUIRE(co_await wait_for_row(second_, "1"));
    // The fence: the gate's account cannot write where it must not.
    EXPECT_THAT(co_await value(gate(second_), "INSERT INTO customer.t VALUES (9)"), HasSubstr("read-only"));
    EXPECT_EQ(co_await value(root(first_), "SELECT primary_alias FROM _kintsugi.primary_journal"),
              "zone1-101");

    const std::optional<pid_t> primary = first_.mysqld();
    ::kill(*primary, SIGKILL);
    CO_REQUIRE(co_await until("the primary's server comes back", [&] {
      return first_.mysqld() && first_.mysqld() != primary && first_.leads() && second_.follows();
    }));
    EXPECT_EQ(co_await value(gate(first_), "INSERT INTO customer.t VALUES (2)"), "no row");
    CO_REQUIRE(co_await wait_for_row(second_, "2"));

    const std::optional<pid_t> replica = second_.mysqld();
    ::kill(*replica, SIGKILL);
    CO_REQUIRE(co_await until("the replica's server comes back", [&] {
      return second_.mysqld() && second_.mysqld() != replica && first_.leads() && second_.follows();
    }));
    EXPECT_EQ(co_await value(root(second_), "SELECT @@global.read_only"), "1");
    EXPECT_EQ(co_await value(gate(first_), "INSERT INTO customer.t VALUES (3)"), "no row");
    CO_REQUIRE(co_await wait_for_row(second_, "3"));
    EXPECT_EQ(co_await value(root(first_), "SELECT @@global.gtid_binlog_state"),
              co_await value(root(second_), "SELECT @@global.gtid_binlog_state"));
  };
  run(body());
}

TEST_F(AgentTest, AccountsHaveExactlyTheirRightsAndPasswordsStayHidden) {
  auto body = [this]() -> Task<void> {
    first_.options.leave_mysqld_running = true;
    CO_REQUIRE(co_await start_both());
    for (const TestTablet* tablet : {&first_, &second_}) {
      EXPECT_THAT(
          co_await grants(*tablet, "kintsugi_gate@'%'"),
          ElementsAre("GRANT USAGE ON *.*",
                      "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE "
                      "TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER "
                      "ROUTINE, EVENT, TRIGGER ON `customer`.*"));
      EXPECT_THAT(co_await grants(*tablet, "kintsugi_repl@'%'"),
                  ElementsAre("GRANT REPLICATION SLAVE ON *.*"));
      EXPECT_THAT(co_await grants(*tablet, "kintsugi_monitor@localhost"),
                  ElementsAre("GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.*"));
      const std::vector<std::string> agent = co_await grants(*tablet, "kintsugi_agent@localhost");
      EXPECT_THAT(
          agent,
          Contains(
              "GRANT RELOAD, PROCESS, BINLOG MONITOR, CONNECTION ADMIN, READ_ONLY ADMIN, REPLICATION SLAVE "
              "ADMIN, REPLICATION MASTER ADMIN, BINLOG ADMIN, SLAVE MONITOR ON *.*"));
      EXPECT_EQ(co_await value(root(*tablet), "SELECT GROUP_CONCAT(User ORDER BY User) FROM mysql.user"),
                "kintsugi_agent,kintsugi_gate,kintsugi_monitor,kintsugi_repl,mariadb.sys,root");
      // Root only as root of this machine, over the socket.
      EXPECT_THAT(co_await value({runtime::Address::tcp("127.0.0.1", tablet->port), "root", ""}, "SELECT 1"),
                  HasSubstr("Access denied"));
      EXPECT_THAT(
          co_await value({runtime::Address::tcp("127.0.0.1", tablet->port), kGateUser, ""}, "SELECT 1"),
          HasSubstr("Access denied"));
      EXPECT_THAT(co_await value(gate(*tablet), "SELECT * FROM mysql.global_priv"), HasSubstr("denied"));
      EXPECT_THAT(co_await value(gate(*tablet), "SET GLOBAL read_only = OFF"), HasSubstr("denied"));
      // Accounts are each server's own: none of it is in a binlog.
      EXPECT_EQ(co_await value(root(*tablet),
                               "SELECT VARIABLE_VALUE > 3 FROM information_schema.GLOBAL_STATUS WHERE "
                               "VARIABLE_NAME = 'Com_create_user'"),
                "1");
      CO_REQUIRE(co_await until("the four transactions of the first election, and no other",
                                [&] { return tablet->health().gtid_executed().ends_with("-4"); }));
    }
    for (const TestTablet* tablet : {&first_, &second_}) {
      const std::string arguments =
          read_file("/proc/" + std::to_string(*tablet->mysqld()) + "/cmdline").value();
      for (const auto& [name, password] : kPasswords) EXPECT_THAT(arguments, Not(HasSubstr(password)));
      for (const auto& entry : std::filesystem::recursive_directory_iterator(tablet->options.dir)) {
        if (!entry.is_regular_file()) continue;
        const std::string content = read_file(entry.path()).value_or("");
        const bool inside_data = entry.path().string().starts_with(tablet->options.dir + "/data/");
        for (const auto& [name, password] : kPasswords) {
          if (content.find(password) == std::string::npos) continue;
          // Replication's own state, in a folder that nobody else can enter.
          EXPECT_TRUE(inside_data && entry.path().filename() == "master.info") << entry.path();
        }
      }
      struct stat status{};
      ::stat((tablet->options.dir + "/data").c_str(), &status);
      EXPECT_EQ(status.st_mode & 0777, 0700u);
    }

    // What somebody changed by hand is put right at the next start; rights that are right are left alone.
    EXPECT_EQ(co_await value(root(first_), "GRANT SUPER ON *.* TO kintsugi_gate@'%' WITH GRANT OPTION"),
              "no row");
    EXPECT_EQ(co_await value(root(first_), "ALTER USER kintsugi_monitor@localhost IDENTIFIED BY 'other'"),
              "no row");
    co_await first_.stop();
    CO_REQUIRE(co_await start(first_));
    CO_REQUIRE(co_await until("the primary goes on", [this] { return first_.leads(); }));
    EXPECT_THAT(co_await grants(first_, "kintsugi_gate@'%'"), Contains("GRANT USAGE ON *.*"));
  };
  run(body());
}

TEST_F(AgentTest, AnotherLifeOfTheAgentAdoptsTheServer) {
  auto body = [this]() -> Task<void> {
    first_.options.leave_mysqld_running = true;
    CO_REQUIRE(co_await start_both());
    const std::optional<pid_t> server = first_.mysqld();
    co_await first_.stop();
    EXPECT_EQ(first_.mysqld(), server);
    // Nobody is there to decide, and the primary goes on.
    EXPECT_EQ(co_await value(root(first_), "SELECT @@global.read_only"), "0");
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    // With the topology away, another life of the agent takes it for what it is.
    store_.set_available(false);
    const Result<void> started = co_await first_.start();
    CO_REQUIRE(started);
    CO_REQUIRE(co_await until("adopted", [this] { return first_.serves(topo::TabletType::primary); }));
    EXPECT_EQ(first_.mysqld(), server);
    store_.set_available(true);
    CO_REQUIRE(co_await until("the topology is back",
                              [this] { return first_.leads() && first_.health().error().empty(); }));
    const auto status = co_await first_.call<v1::GetStatusResponse>("GetStatus", v1::GetStatusRequest());
    CO_REQUIRE(status);
    EXPECT_TRUE(status->mysqld_adopted());
    EXPECT_EQ(static_cast<pid_t>(status->mysqld_pid()), *server);
    EXPECT_EQ(status->mysqld_restarts(), 0u);
    EXPECT_THAT(status->my_cnf(), HasSubstr("\nread_only = ON\n"));
    EXPECT_EQ(status->accounts_size(), 4);
    EXPECT_EQ(co_await value(root(first_), "SELECT @@global.read_only"), "0");
  };
  run(body());
}

TEST_F(AgentTest, AnotherPrimaryIsElected) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    EXPECT_EQ(co_await value(gate(first_), "INSERT INTO customer.t VALUES (1)"), "no row");
    CO_REQUIRE(co_await wait_for_row(second_, "1"));
    co_await elect(second_);
    CO_REQUIRE(
        co_await until("the roles have changed", [this] { return second_.leads() && first_.follows(); }));
    EXPECT_EQ(co_await value(gate(second_), "INSERT INTO customer.t VALUES (2)"), "no row");
    CO_REQUIRE(co_await wait_for_row(first_, "2"));
    EXPECT_THAT(co_await value(gate(first_), "INSERT INTO customer.t VALUES (9)"), HasSubstr("read-only"));
    co_await elect(first_);
    CO_REQUIRE(co_await until("and back", [this] { return first_.leads() && second_.follows(); }));
    EXPECT_EQ(co_await value(gate(first_), "INSERT INTO customer.t VALUES (3)"), "no row");
    CO_REQUIRE(co_await wait_for_row(second_, "3"));
    EXPECT_EQ(co_await value(root(first_),
                             "SELECT GROUP_CONCAT(primary_alias ORDER BY epoch) FROM "
                             "_kintsugi.primary_journal"),
              "zone1-101,zone1-102,zone1-101");
    const auto record =
        co_await topo::read_record<topo::v1::Tablet>(store_, topo::paths::tablet(second_.alias));
    EXPECT_EQ(record->record.type(), topo::v1::replica);
    EXPECT_FALSE(record->record.has_primary_since());
  };
  run(body());
}

TEST_F(AgentTest, AloneItWaitsForNobodyAndALaterReplicaCatchesUp) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start(first_));
    EXPECT_THAT(first_.health().error(), HasSubstr("no primary"));
    EXPECT_FALSE(first_.health().serving());
    EXPECT_TRUE(first_.health().read_only());
    EXPECT_EQ(first_.health().gtid_executed(), "");
    co_await elect(first_);
    CO_REQUIRE(co_await until("alone", [this] { return first_.serves(topo::TabletType::primary); }));
    EXPECT_FALSE(first_.health().semi_sync().source_enabled());

    v1::ApplySchemaRequest request;
    for (const char* sql : {"CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20))", "CREATE TABL nonsense",
                            "CREATE TABLE never (id INT)"}) {
      request.add_statements(sql);
    }
    auto applied = co_await first_.call<v1::ApplySchemaResponse>("ApplySchema", request);
    CO_REQUIRE(applied && applied->results_size() == 3);
    EXPECT_EQ(applied->results(0).outcome(), v1::StatementResult::done);
    EXPECT_EQ(applied->results(1).outcome(), v1::StatementResult::failed);
    EXPECT_EQ(applied->results(1).mysql_errno(), 1064u);
    EXPECT_EQ(applied->results(2).outcome(), v1::StatementResult::not_run);
    const std::string version = applied->schema_version();
    request.mutable_statements()->DeleteSubrange(1, 2);
    request.set_repeatable(true);
    applied = co_await first_.call<v1::ApplySchemaResponse>("ApplySchema", request);
    CO_REQUIRE(applied && applied->results_size() == 1);
    EXPECT_EQ(applied->results(0).outcome(), v1::StatementResult::already_done);
    EXPECT_EQ(applied->schema_version(), version);
    request.set_epoch(77);
    applied = co_await first_.call<v1::ApplySchemaResponse>("ApplySchema", request);
    EXPECT_TRUE(!applied && applied.error().is(kNotPrimary));
    EXPECT_EQ(co_await value(gate(first_), "INSERT INTO customer.t VALUES (1, 'x')"), "no row");

    CO_REQUIRE(co_await start(second_));
    CO_REQUIRE(co_await until("the later replica catches up",
                              [this] { return first_.leads() && second_.follows(); }));
    CO_REQUIRE(co_await wait_for_row(second_, "1"));
    CO_REQUIRE(co_await until("one schema version", [&] {
      return first_.health().schema_version() == version && second_.health().schema_version() == version;
    }));
    const auto schema = co_await second_.call<v1::GetSchemaResponse>("GetSchema", v1::GetSchemaRequest());
    CO_REQUIRE(schema && schema->tables_size() == 1);
    EXPECT_EQ(schema->tables(0).columns(1).type(), "varchar(20)");
    EXPECT_THAT(schema->tables(0).primary_key(), ElementsAre("id"));
    EXPECT_THAT(schema->tables(0).create_statement(), HasSubstr("CREATE TABLE `t`"));
    const auto refused =
        co_await second_.call<v1::ApplySchemaResponse>("ApplySchema", v1::ApplySchemaRequest());
    EXPECT_TRUE(!refused && refused.error().is(kNotPrimary));
  };
  run(body());
}

TEST_F(AgentTest, AReplicaWithTransactionsOfItsOwnStaysOff) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start(first_));
    CO_REQUIRE(co_await start(second_));
    EXPECT_EQ(co_await value(root(second_), "CREATE DATABASE errant"), "no row");
    co_await elect(first_);
    CO_REQUIRE(co_await until("the errant replica is told of", [this] {
      return second_.health().error().find("has transactions that the primary zone1-101 has not: 0-") !=
             std::string::npos;
    }));
    EXPECT_FALSE(second_.health().serving());
    EXPECT_FALSE(second_.health().has_replication());
  };
  run(body());
}

TEST_F(AgentTest, AReplicaOfAPrimaryThatPurgedSaysSo) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start(first_));
    co_await elect(first_);
    CO_REQUIRE(co_await until("alone", [this] { return first_.serves(topo::TabletType::primary); }));
    // The server keeps a log until all that is in it is in its tables' files for good.
    const Time deadline = Clock::now() + kPatience;
    while (co_await value(root(first_), "SHOW BINARY LOGS") == "binlog.000001" && Clock::now() < deadline) {
      EXPECT_EQ(co_await value(root(first_), "FLUSH BINARY LOGS"), "no row");
      EXPECT_EQ(co_await value(root(first_), "PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY"), "no row");
    }
    CO_REQUIRE(co_await start(second_));
    CO_REQUIRE(co_await until("the purged binlog is told of", [this] {
      return second_.health().error().find("no longer has the binlog") != std::string::npos;
    }));
  };
  run(body());
}

TEST_F(AgentTest, TwoAgentsWithOneAliasAreNotOne) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start(first_));
    co_await elect(first_);
    CO_REQUIRE(co_await until("alone", [this] { return first_.serves(topo::TabletType::primary); }));
    second_.options.alias = first_.options.alias;
    const Result<void> started = co_await second_.start();
    CO_REQUIRE(started);
    CO_REQUIRE(co_await until("the taken alias is told of", [this] {
      return second_.health().reachable() && second_.health().error().find("is taken") != std::string::npos;
    }));
    EXPECT_TRUE(second_.health().read_only());
    EXPECT_FALSE(second_.health().serving());
    EXPECT_TRUE(first_.serves(topo::TabletType::primary));
  };
  run(body());
}

TEST_F(AgentTest, HealthIsStreamed) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start(first_));
    const topo::TabletAlias alias = first_.alias;
    bool elected = false;
    int heard = 0;
    std::function<bool(v1::Health)> listen = [&](v1::Health health) {
      EXPECT_EQ(health.alias(), alias.text());
      ++heard;
      elected = health.serving();
      return !elected;
    };
    co_await elect(first_);
    rpc::Client calls(*first_.client);
    const Result<void> ended = co_await calls.stream<v1::Health>("kintsugi.tablet.v1.Tablet/StreamHealth",
                                                                 v1::StreamHealthRequest(), listen, 5s);
    EXPECT_TRUE(ended) << ended.error().text();
    EXPECT_TRUE(elected);
    EXPECT_GE(heard, 2);
    const auto ping = co_await first_.call<v1::PingResponse>("Ping", v1::PingRequest());
    CO_REQUIRE(ping);
    EXPECT_TRUE(ping->mysqld_answers()) << ping->error();
    EXPECT_GT(ping->mysqld_answer_us(), 0u);
    const auto round = co_await first_.call<v1::ReconcileResponse>("Reconcile", v1::ReconcileRequest());
    CO_REQUIRE(round);
    EXPECT_THAT(round->pending(), IsEmpty());
  };
  run(body());
}

TEST_F(AgentTest, WhatAPersonMustPutRightEndsTheStart) {
  auto body = [this]() -> Task<void> {
    const auto fails = [](TestTablet& tablet) -> Task<Error> {
      const Result<void> started = co_await tablet.start();
      Error error = started ? Error(kInternal, "it started") : started.error();
      co_await tablet.stop();
      co_return error;
    };
    first_.options.settings = first_.folder / "user.cnf";
    EXPECT_TRUE(write_file(first_.options.settings, "[mysqld]\nsync_binlog=0\n", 0644));
    const Error refused = co_await fails(first_);
    EXPECT_TRUE(refused.is(kSettingRefused)) << refused.text();
    EXPECT_THAT(refused.message(), HasSubstr("sync_binlog"));
    first_.options.settings.clear();

    ::chmod((credentials_ / "gate").c_str(), 0644);
    const Error readable = co_await fails(first_);
    EXPECT_TRUE(readable.is(kCredentialsUnusable));
    EXPECT_THAT(readable.message(), HasSubstr("can be read by other users"));
    ::unlink((credentials_ / "gate").c_str());
    EXPECT_TRUE(write_file(credentials_ / "gate", "it's", 0600));
    const Error characters = co_await fails(first_);
    EXPECT_THAT(characters.message(), HasSubstr("other characters"));
    EXPECT_TRUE(write_file(credentials_ / "gate", kPasswords.at("gate"), 0600));

    first_.options.mysqld = "/no/such/program";
    EXPECT_THAT((co_await fails(first_)).message(), HasSubstr("is not a program"));
    first_.options.mysqld.clear();
    first_.options.type = "primary";
    EXPECT_THAT((co_await fails(first_)).message(), HasSubstr("--type"));
    first_.options.type = "replica";
    first_.options.mysql = "0.0.0.0:3306";
    EXPECT_THAT((co_await fails(first_)).message(), HasSubstr("--advertise-host"));
    EXPECT_FALSE(path_exists(first_.options.dir));
  };
  run(body());
}

}  // namespace
}  // namespace kintsugi::tablet
