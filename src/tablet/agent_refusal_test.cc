// What agents must not do and must not let happen, with real servers.
#include "tablet/testing/agent_fixture.h"

namespace kintsugi::tablet {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

/// What SHOW GRANTS tells of Kintsugi's accounts, by flavour.
struct ExpectedRights {
  std::string gate;
  std::vector<std::string> agent;  ///< besides those in databases
  std::string monitor;
  std::vector<std::string> replication;
  std::string users;
};
ExpectedRights expected_rights(const std::string& flavour) {
  if (flavour == "mariadb") {
    return {
        "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY "
        "TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, "
        "TRIGGER ON `customer`.*",
        {"GRANT RELOAD, BINLOG MONITOR, READ_ONLY ADMIN, REPLICATION SLAVE ADMIN, REPLICATION MASTER "
         "ADMIN, SLAVE MONITOR ON *.*"},
        "GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.*",
        {"GRANT REPLICATION SLAVE ON *.*"},
        "kintsugi_agent,kintsugi_gate,kintsugi_monitor,kintsugi_repl,mariadb.sys,root"};
  }
  return {"GRANT ALL PRIVILEGES ON `customer`.*",
          {"GRANT RELOAD, REPLICATION CLIENT ON *.*",
           "GRANT REPLICATION_SLAVE_ADMIN,SYSTEM_VARIABLES_ADMIN,XA_RECOVER_ADMIN ON *.*"},
          "GRANT PROCESS, REPLICATION CLIENT ON *.*",
          {"GRANT REPLICATION SLAVE ON *.*", "GRANT BACKUP_ADMIN ON *.*"},
          "kintsugi_agent,kintsugi_gate,kintsugi_monitor,kintsugi_repl,mysql.infoschema,mysql.session,"
          "mysql.sys,root"};
}

TEST_F(AgentTest, AccountsHaveExactlyTheirRights) {
  auto body = [this]() -> Task<void> {
    first_.options.leave_mysqld_running = true;
    CO_REQUIRE(co_await start_both());
    const ExpectedRights expected = expected_rights(first_.options.flavour);
    for (const TestTablet* tablet : {&first_, &second_}) {
      EXPECT_THAT(co_await grants(*tablet, "kintsugi_gate@'%'"),
                  UnorderedElementsAre("GRANT USAGE ON *.*", expected.gate,
                                       "GRANT SELECT, INSERT, DELETE ON `\\_kintsugi`.*"));
      EXPECT_EQ(co_await grants(*tablet, "kintsugi_repl@'%'"), expected.replication);
      EXPECT_THAT(co_await grants(*tablet, "kintsugi_monitor@localhost"), ElementsAre(expected.monitor));
      const std::vector<std::string> agent = co_await grants(*tablet, "kintsugi_agent@localhost");
      EXPECT_THAT(agent, IsSupersetOf(expected.agent));
      EXPECT_EQ(agent.size(), expected.agent.size() + 2) << "and in two databases";
      EXPECT_EQ(co_await value(root(*tablet), "SELECT GROUP_CONCAT(User ORDER BY User) FROM mysql.user"),
                expected.users);
      // Root only as root of this machine, over the socket; nobody without a password, or without a name.
      for (const char* user : {kGateUser, kReplicationUser}) {
        EXPECT_THAT(co_await value({runtime::Address::tcp("127.0.0.1", tablet->port), user, ""}, "SELECT 1"),
                    HasSubstr("Access denied"));
      }
      for (const char* user : {"root", ""}) {
        const Result<QueryRows> asked =
            co_await ask({runtime::Address::tcp("127.0.0.1", tablet->port), user, ""}, "SELECT 1");
        EXPECT_FALSE(asked) << user;
      }
      for (const char* user : {kAgentUser, kMonitorUser}) {
        EXPECT_THAT(co_await value({runtime::Address::unix_socket(tablet->socket()), user, ""}, "SELECT 1"),
                    HasSubstr("Access denied"));
      }
      EXPECT_THAT(co_await value(gate(*tablet), "SELECT * FROM mysql.user"), HasSubstr("denied"));
      EXPECT_THAT(co_await value(gate(*tablet), "SET GLOBAL read_only = OFF"), HasSubstr("denied"));
      // Accounts are each server's own: none of it is in a binlog.
      CO_REQUIRE(co_await until("the seven transactions of the first election, and no other",
                                [&] { return tablet->health().transactions() == 7; }));
    }
    EXPECT_EQ(co_await value(root(second_), "SELECT @@global.read_only"), "1");

    // What somebody changed by hand is put right at the next start; rights that are right are left alone.
    EXPECT_EQ(co_await value(root(first_), "GRANT EVENT ON *.* TO kintsugi_gate@'%' WITH GRANT OPTION"),
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

TEST_F(AgentTest, PasswordsStayHidden) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    for (const TestTablet* tablet : {&first_, &second_}) {
      const std::string arguments =
          read_file("/proc/" + std::to_string(*tablet->mysqld()) + "/cmdline").value();
      for (const auto& [name, password] : kPasswords) EXPECT_THAT(arguments, Not(HasSubstr(password)));
      for (const auto& entry : std::filesystem::recursive_directory_iterator(tablet->options.dir)) {
        if (!entry.is_regular_file()) continue;
        const std::string content = read_file(entry.path()).value_or("");
        const std::string file = entry.path().filename();
        // A replica's server keeps what it logs in with, in a folder that nobody else can enter.
        const bool may_know = entry.path().string().starts_with(tablet->options.dir + "/data/") &&
                              !file.starts_with("binlog") && !file.starts_with("relay");
        for (const auto& [name, password] : kPasswords) {
          if (name == "replication" && may_know) continue;
          EXPECT_EQ(content.find(password), std::string::npos) << entry.path();
        }
      }
    }
  };
  run(body());
}

// An agent that dies while it brings accounts in order leaves MySQL's root able to write on a replica.
TEST_F(AgentTest, AReplicaThatRootCanWriteToIsClosedAgain) {
  if (first_.options.flavour != "mysql") GTEST_SKIP() << "only MySQL has super_read_only";
  auto body = [this]() -> Task<void> {
    second_.options.leave_mysqld_running = true;
    CO_REQUIRE(co_await start_both());
    EXPECT_EQ(co_await value(root(second_), "SET GLOBAL super_read_only = OFF"), "no row");
    co_await second_.stop();
    CO_REQUIRE(co_await start(second_));
    CO_REQUIRE(co_await until("it follows", [this] { return second_.follows(); }));
    EXPECT_EQ(co_await value(root(second_), "SELECT @@global.super_read_only"), "1");
    EXPECT_EQ(co_await value(root(first_), "SELECT @@global.super_read_only"), "0");
  };
  run(body());
}

TEST_F(AgentTest, NoCommitIsAcknowledgedAlone) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    co_await second_.stop();
    CO_REQUIRE(co_await until("the replica is gone",
                              [this] { return first_.health().semi_sync().acknowledging_replicas() == 0; }));
    std::string answer = "none";
    runtime::TaskGroup writers;
    auto write = [](Login login, std::string& into) -> Task<void> {
      std::string said = co_await value(std::move(login), "INSERT INTO customer.t VALUES (1)");
      into = std::move(said);
    };
    writers.spawn(write(gate(first_), answer));
    const bool waits = co_await until("the commit waits",
                                      [this] { return first_.health().semi_sync().waiting_commits() == 1; });
    EXPECT_TRUE(waits);
    EXPECT_TRUE(first_.health().semi_sync().source_active());
    EXPECT_THAT(first_.health().error(), HasSubstr("commits wait (1 now)"));
    EXPECT_EQ(answer, "none");
    // Nobody reads what no replica has.
    EXPECT_EQ(co_await value(gate(first_), "SELECT COUNT(*) FROM customer.t"), "0");
    const bool back = co_await start(second_);
    EXPECT_TRUE(back);
    co_await writers.join();
    EXPECT_EQ(answer, "no row");
    CO_REQUIRE(co_await wait_for_row(second_, "1"));
  };
  run(body());
}

TEST_F(AgentTest, AStoppedPrimaryAcknowledgesNothingThatItAloneHas) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    co_await second_.stop();
    std::string answer = "none";
    runtime::TaskGroup writers;
    auto write = [](Login login, std::string& into) -> Task<void> {
      std::string said = co_await value(std::move(login), "INSERT INTO customer.t VALUES (1)");
      into = std::move(said);
    };
    writers.spawn(write(gate(first_), answer));
    CO_REQUIRE(co_await until("the commit waits",
                              [this] { return first_.health().semi_sync().waiting_commits() == 1; }));
    co_await first_.stop();
    co_await writers.join();
    EXPECT_THAT(answer, Not(AnyOf("no row", "none")));
  };
  run(body());
}

TEST_F(AgentTest, AServerThatDoesNotAnswerDoesNotServe) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start(first_));
    co_await elect(first_);
    CO_REQUIRE(co_await until("alone", [this] { return first_.serves(topo::TabletType::primary); }));
    const std::optional<pid_t> server = first_.mysqld();
    ::kill(*server, SIGSTOP);
    const bool told = co_await until("silence is told of", [this] {
      return !first_.health().serving() && !first_.health().reachable() && !first_.health().error().empty();
    });
    ::kill(*server, SIGCONT);
    EXPECT_TRUE(told);
    CO_REQUIRE(co_await until("it is back", [this] { return first_.serves(topo::TabletType::primary); }));
    EXPECT_EQ(first_.mysqld(), server);
  };
  run(body());
}

TEST_F(AgentTest, AReplicaWithTransactionsOfItsOwnStaysOff) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start(first_));
    CO_REQUIRE(co_await start(second_));
    if (second_.options.flavour == "mysql") {
      EXPECT_EQ(co_await value(root(second_), "SET GLOBAL super_read_only = OFF"), "no row");
    }
    EXPECT_EQ(co_await value(root(second_), "CREATE DATABASE errant"), "no row");
    co_await elect(first_);
    CO_REQUIRE(co_await until("the errant replica is told of", [this] {
      return second_.health().error().find("has transactions that the primary zone1-101 has not: ") !=
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
    EXPECT_TRUE(write_file(credentials_ / "gate", "", 0600));
    EXPECT_THAT((co_await fails(first_)).message(), HasSubstr("is empty"));
    ::unlink((credentials_ / "gate").c_str());
    EXPECT_THAT((co_await fails(first_)).message(), HasSubstr("'gate' is not there"));
    EXPECT_TRUE(write_file(credentials_ / "gate", kPasswords.at("gate"), 0600));

    first_.options.mysqld = "/no/such/program";
    EXPECT_THAT((co_await fails(first_)).message(), HasSubstr("is not a program"));
    first_.options.mysqld = "/bin/true";
    const Error no_server = co_await fails(first_);
    EXPECT_TRUE(no_server.is(kUnsupportedServer)) << no_server.text();
    first_.options.mysqld = TestServer().program;
    first_.options.flavour = TestServer().is_mariadb() ? "mysql" : "mariadb";
    const Error another = co_await fails(first_);
    EXPECT_TRUE(another.is(kUnsupportedServer)) << another.text();
    first_.options.flavour = TestServer().flavour;
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
