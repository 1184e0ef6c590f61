#include "tablet/agent.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tablet/testing/agent_fixture.h"

namespace kintsugi::tablet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(AgentTest, PrimaryAndReplicaComeUpAndComeBack) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    const auto record =
        co_await topo::read_record<topo::v1::Tablet>(store_, topo::paths::tablet(first_.alias));
    EXPECT_EQ(record->record.type(), topo::v1::primary);
    EXPECT_TRUE(record->record.has_primary_since());
    EXPECT_EQ(record->record.server_version(), co_await value(root(first_), "SELECT @@global.version"));
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    EXPECT_EQ(co_await value(gate(first_), "INSERT INTO customer.t VALUES (1)"), "no row");
    CO_REQUIRE(co_await wait_for_row(second_, "1"));
    // The fence: the gate's account cannot write where it must not.
    EXPECT_THAT(co_await value(gate(second_), "INSERT INTO customer.t VALUES (9)"), HasSubstr("read-only"));
    EXPECT_EQ(co_await value(root(first_), "SELECT primary_alias FROM _kintsugi.primary_journal"),
              "zone1-101");

    const std::optional<pid_t> primary = first_.mysqld();
    ::kill(*primary, SIGKILL);
    CO_REQUIRE(co_await until("it says so", [&] { return first_.health().crashed(); }));
    EXPECT_FALSE(first_.mysqld()) << "whether its last commits hold is not decided yet";
    co_await end_change(std::nullopt);
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
    CO_REQUIRE(co_await until("the same transactions on both", [&] {
      return first_.health().gtid_executed() == second_.health().gtid_executed();
    }));
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

/// MariaDB tells of no definition while a table is being made of a query: rounds go on meanwhile.
TEST_F(AgentTest, ADefinitionThatIsBeingMadeIsNotWaitedFor) {
  if (!TestServer().is_mariadb()) GTEST_SKIP() << "MySQL tells of the others meanwhile";
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start(first_));
    co_await elect(first_);
    CO_REQUIRE(co_await until("alone", [this] { return first_.serves(topo::TabletType::primary); }));
    runtime::TaskGroup sessions;
    const auto make = [](Login login) -> Task<void> {
      const std::string done =
          co_await value(std::move(login), "CREATE TABLE customer.made AS SELECT SLEEP(300) AS n");
      EXPECT_THAT(done, HasSubstr("interrupted")) << "it was to be killed";
    };
    sessions.spawn(make(root(first_)));
    constexpr const char* kMaking =
        "SELECT MAX(ID) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'CREATE TABLE customer.made%'";
    constexpr const char* kReading =
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table metadata%' "
        "AND USER = "
        "'kintsugi_agent'";
    const bool waits = co_await ends_as(root(first_), kReading, "1");
    EXPECT_TRUE(waits) << "nobody reads the definitions";
    const std::string id = co_await value(root(first_), kMaking);
    const auto round = co_await first_.call<v1::ReconcileResponse>("Reconcile", v1::ReconcileRequest());
    EXPECT_TRUE(round && round->health().reachable());
    EXPECT_EQ(co_await value(root(first_), kMaking), id);
    co_await value(root(first_), "KILL QUERY " + id);
    co_await sessions.join();
  };
  run(body());
}

/// On a busy machine its first look takes longer than a primary that does not answer is waited for.
TEST_F(AgentTest, NothingIsToldBeforeTheFirstLookIsOver) {
  auto body = [this]() -> Task<void> {
    first_.options.leave_mysqld_running = true;
    CO_REQUIRE(co_await start(first_));
    co_await first_.stop();
    const pid_t server = *first_.mysqld();
    CO_REQUIRE(::kill(server, SIGSTOP) == 0);
    CO_REQUIRE(co_await first_.start());
    std::vector<bool> heard;
    runtime::TaskGroup listeners;
    const auto listen = [&heard](runtime::HttpClient& client) -> Task<void> {
      rpc::Client calls(client);
      std::function<bool(v1::Health)> take = [&](v1::Health health) {
        heard.push_back(health.reachable());
        return false;
      };
      const Result<void> ended = co_await calls.stream<v1::Health>(
          "kintsugi.tablet.v1.Tablet/StreamHealth", v1::StreamHealthRequest(), take, kPatience);
      EXPECT_TRUE(ended) << ended.error().text();
    };
    listeners.spawn(listen(*first_.client));
    const auto round = co_await first_.call<v1::ReconcileResponse>("Reconcile", v1::ReconcileRequest());
    CO_REQUIRE(round);
    EXPECT_FALSE(round->health().reachable());
    EXPECT_THAT(heard, IsEmpty());
    CO_REQUIRE(::kill(server, SIGCONT) == 0);
    co_await listeners.join();
    EXPECT_THAT(heard, ElementsAre(true));
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

TEST_F(AgentTest, AnotherTakesOverFromAPrimaryThatDied) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    EXPECT_EQ(co_await value(gate(first_), "INSERT INTO customer.t VALUES (1)"), "no row");
    CO_REQUIRE(co_await until("caught up", [this] { return second_.health().caught_up(); }));
    const auto record =
        co_await topo::read_record<topo::v1::Tablet>(store_, topo::paths::tablet(second_.alias));
    EXPECT_TRUE(record->record.acknowledges());

    ::kill(*first_.mysqld(), SIGKILL);
    co_await begin_change(topo::v1::PrimaryChange::unplanned);
    CO_REQUIRE(co_await rests(first_));
    CO_REQUIRE(co_await rests(second_));
    EXPECT_EQ(second_.health().replication().io_thread(), v1::stopped);
    EXPECT_FALSE(first_.mysqld());
    EXPECT_TRUE(path_exists(first_.options.dir + "/opened.json"));
    co_await end_change(second_.alias);
    CO_REQUIRE(co_await until("the other leads", [this] { return second_.leads() && first_.follows(); }));
    EXPECT_FALSE(path_exists(first_.options.dir + "/opened.json")) << "it is a replica as any other now";
    EXPECT_TRUE(path_exists(second_.options.dir + "/opened.json"));
    EXPECT_EQ(co_await value(gate(second_), "INSERT INTO customer.t VALUES (2)"), "no row");
    CO_REQUIRE(co_await wait_for_row(first_, "1"));
    CO_REQUIRE(co_await wait_for_row(first_, "2"));
    CO_REQUIRE(co_await until("caught up", [this] { return first_.health().caught_up(); }));
  };
  run(body());
}

TEST_F(AgentTest, APrimaryThatHangsIsKilledWhenItIsReplaced) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    const std::optional<pid_t> hung = first_.mysqld();
    ::kill(*hung, SIGSTOP);
    CO_REQUIRE(co_await until("seen", [this] { return !first_.health().reachable(); }));
    co_await begin_change(topo::v1::PrimaryChange::unplanned);
    CO_REQUIRE(co_await rests(first_));
    EXPECT_NE(first_.mysqld(), hung);
    co_await end_change(second_.alias);
    CO_REQUIRE(co_await until("the other leads", [this] { return second_.leads() && first_.follows(); }));
  };
  run(body());
}

TEST_F(AgentTest, AServerThatStartsWhileItIsReplacedComesToRest) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    co_await first_.stop();
    co_await begin_change(topo::v1::PrimaryChange::unplanned);
    const Result<void> started = co_await first_.start();
    CO_REQUIRE(started);
    CO_REQUIRE(co_await rests(first_));
    EXPECT_TRUE(first_.mysqld());
    CO_REQUIRE(co_await rests(second_));
    co_await end_change(second_.alias);
    CO_REQUIRE(co_await until("the other leads", [this] { return second_.leads() && first_.follows(); }));
  };
  run(body());
}

/// As a full disk leaves a former primary whose CHANGE MASTER wrote where from and not from when on.
TEST_F(AgentTest, AReplicaThatWasSetUpHalfwayDoesNotBeginAnew) {
  auto body = [this]() -> Task<void> {
    if (second_.options.flavour == "mysql") co_return;  // what it has executed is where it goes on
    CO_REQUIRE(co_await start_both());
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    EXPECT_EQ(co_await value(gate(first_), "INSERT INTO customer.t VALUES (1)"), "no row");
    CO_REQUIRE(co_await wait_for_row(second_, "1"));
    const std::string before = co_await value(root(second_), "SELECT @@gtid_slave_pos");
    std::string taken;
    const Time deadline = Clock::now() + kPatience;
    // The agent may start it again in between.
    while (taken != "no row" && Clock::now() < deadline) {
      EXPECT_EQ(co_await value(root(second_), "STOP SLAVE"), "no row");
      taken = co_await value(root(second_), "SET GLOBAL gtid_slave_pos = ''");
    }
    CO_REQUIRE(
        co_await until("it is not taken for attached", [this] { return !second_.health().serving(); }));
    CO_REQUIRE(co_await until("it follows", [this] { return first_.leads() && second_.follows(); }));
    EXPECT_EQ(co_await value(root(second_), "SELECT @@gtid_slave_pos"), before);
    EXPECT_EQ(co_await value(gate(first_), "INSERT INTO customer.t VALUES (2)"), "no row");
    CO_REQUIRE(co_await wait_for_row(second_, "2"));
  };
  run(body());
}

TEST_F(AgentTest, HandsOver) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    // A transaction that is under way is waited for.
    Result<std::unique_ptr<SqlClient>> session =
        co_await connect_server(gate(first_), Clock::now() + kPatience);
    CO_REQUIRE(session);
    const Result<void> begun =
        co_await run_all(**session, {"BEGIN", "INSERT INTO customer.t VALUES (1)"}, Clock::now() + kPatience);
    CO_REQUIRE(begun);
    co_await begin_change(topo::v1::PrimaryChange::planned);
    CO_REQUIRE(co_await until("it tells gates", [this] { return !first_.health().serving(); }));
    const Result<void> committed = co_await run_all(**session, {"COMMIT"}, Clock::now() + kPatience);
    EXPECT_TRUE(committed) << committed.error().text();
    CO_REQUIRE(co_await rests(first_));
    EXPECT_TRUE(first_.health().read_only());
    EXPECT_EQ(second_.health().replication().io_thread(), v1::running) << "the rest is still to come";
    CO_REQUIRE(co_await wait_for_row(second_, "1"));
    co_await end_change(second_.alias);
    CO_REQUIRE(co_await until("the other leads", [this] { return second_.leads() && first_.follows(); }));
  };
  run(body());
}

TEST_F(AgentTest, AReplicasWordLetsAPrimaryGoOnWithoutTheTopology) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    store_.set_available(false);
    CO_REQUIRE(co_await until("the lease has run out",
                              [this] { return first_.health().error().find("lease") != std::string::npos; }));
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    EXPECT_TRUE(first_.health().serving()) << first_.health().error();
    // Without that word it cannot know that it is still the one.
    co_await second_.http->stop();
    CO_REQUIRE(co_await until("closed", [this] { return first_.health().read_only(); }));
    EXPECT_THAT(co_await value(gate(first_), "INSERT INTO customer.t VALUES (1)"), HasSubstr("read-only"));
    store_.set_available(true);
    CO_REQUIRE(co_await until("open again", [this] { return first_.leads(); }));
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

TEST_F(AgentTest, ADiskThatHangsIsSeenByItsAgent) {
  auto body = [this]() -> Task<void> {
    first_.options.disk_patience = 1s;
    CO_REQUIRE(co_await start_both());
    // To open it for writing waits for somebody who reads, as a disk that hangs keeps a write.
    const std::string file = first_.options.dir + "/disk_watch";
    ::unlink(file.c_str());
    CO_REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
    CO_REQUIRE(co_await until("it does not serve", [this] { return !first_.health().serving(); }));
    EXPECT_FALSE(first_.health().reachable());
    EXPECT_THAT(first_.health().error(), HasSubstr("a write to the disk of " + first_.options.dir));
    const int reader = ::open(file.c_str(), O_RDONLY | O_NONBLOCK);
    CO_REQUIRE(co_await until("it serves again", [this] { return first_.leads(); }));
    EXPECT_THAT(first_.health().error(), IsEmpty());
    ::unlink(file.c_str());
    ::close(reader);
  };
  run(body());
}

}  // namespace
}  // namespace kintsugi::tablet
