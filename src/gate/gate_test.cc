#include "gate/gate.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/testing/client.h"
#include "gate/testing/gate_fixture.h"
#include "mysql/last_prepared.h"

// The gate as its clients see it, before real servers.

namespace kintsugi::gate {
namespace {

using testing::Client;
using testing::GateFixture;
using ::testing::HasSubstr;

class GateTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { fixture_ = std::make_unique<GateFixture>(GateFixture::Options{}); }
  static void TearDownTestSuite() { fixture_.reset(); }
  static std::unique_ptr<GateFixture> fixture_;

  /// An empty table on both shards, past the gate: there is no topology whose vschema a CREATE TABLE could
  /// change.
  static void create_customer() {
    for (const std::size_t shard : {1, 2}) {
      fixture_->on_server(shard,
                          "create or replace table customer.customer (customer_id bigint primary key, "
                          "email varchar(64))");
    }
  }
  Client connect(std::string database = "commerce") { return Client(fixture_->client(std::move(database))); }
};
std::unique_ptr<GateFixture> GateTest::fixture_;

TEST_F(GateTest, AnswersAClient) {
  Client client = connect();
  ASSERT_FALSE(client.error()) << client.error()->text();
  EXPECT_EQ(client.text("select 1"), "1");
  EXPECT_EQ(client.text("select database(), user()"), "commerce|app@127.0.0.1");
  EXPECT_THAT(client.connection().server_version(), HasSubstr("MariaDB"));
  EXPECT_EQ(client.text("show databases"), "commerce\ncustomer\ninformation_schema");
  EXPECT_THAT(client.text("selec 1"), HasSubstr("1064: "));
}

TEST_F(GateTest, RefusesWhoHasNoPassword) {
  wire::ConnectParams params = fixture_->client();
  params.password = "wrong";
  Client client(params);
  ASSERT_TRUE(client.error());
  EXPECT_EQ(client.error()->mysql_errno(), 1045);
  EXPECT_EQ(Client(fixture_->client("nowhere")).error()->mysql_errno(), 1049);
}

TEST_F(GateTest, RunsStatementsOnAnUnshardedKeyspace) {
  Client client = connect();
  EXPECT_EQ(client.text("create table t (id int primary key auto_increment, name varchar(20))"), "");
  EXPECT_EQ(client.affected("insert into t (name) values ('a'), ('b')"), 2u);
  EXPECT_EQ(client.text("select last_insert_id(), row_count()"), "1|2");
  EXPECT_EQ(client.text("select id, name from t order by id"), "1|a\n2|b");
  EXPECT_EQ(client.query("insert into t values (5, 'e')")->ok.last_insert_id, 5u);
  EXPECT_EQ(client.text("select last_insert_id()"), "1");
  EXPECT_EQ(client.affected("insert into t (name) values ('f of 6')"), 1u);
  EXPECT_EQ(client.text("select last_insert_id()"), "6");
  EXPECT_EQ(client.affected("delete from t where id > 2"), 2u);
  EXPECT_EQ(client.affected("update t set name = 'c' where id = 2"), 1u);
  EXPECT_EQ(client.text("show tables"), "t");
  EXPECT_THAT(client.text("select * from missing"), HasSubstr("1146: "));
  EXPECT_THAT(client.text("insert into t values (1, 'x')"), HasSubstr("1062: "));
  EXPECT_EQ(client.text("drop table t"), "");
}

TEST_F(GateTest, TransactionsAreIsolatedAndRolledBack) {
  Client writer = connect(), reader = connect();
  writer.text("create table acid (id int primary key)");
  EXPECT_EQ(writer.text("begin"), "");
  EXPECT_EQ(writer.affected("insert into acid values (1)"), 1u);
  EXPECT_EQ(writer.text("select @@in_transaction"), "1");
  EXPECT_EQ(reader.text("select count(*) from acid"), "0");
  EXPECT_EQ(writer.text("savepoint a"), "");
  writer.affected("insert into acid values (2)");
  EXPECT_EQ(writer.text("rollback to a"), "");
  EXPECT_EQ(writer.text("commit"), "");
  EXPECT_EQ(reader.text("select id from acid"), "1");
  EXPECT_EQ(writer.text("set autocommit = 0"), "");
  writer.affected("insert into acid values (3)");
  EXPECT_EQ(reader.text("select count(*) from acid"), "1");
  EXPECT_EQ(writer.text("rollback"), "");
  EXPECT_EQ(writer.text("select count(*), @@autocommit from acid"), "1|0");
  EXPECT_EQ(writer.text("set autocommit = 1"), "");
  writer.text("drop table acid");
}

TEST_F(GateTest, SettingsFollowTheSessionAndNobodyElse) {
  Client a = connect(), b = connect();
  EXPECT_EQ(a.text("set sql_mode = 'ANSI_QUOTES', @x = 5, @s = 'it''s'"), "");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(a.text("select @@sql_mode, @x + 1, @s"), "ANSI_QUOTES|6|it's");
    EXPECT_THAT(b.text("select @@sql_mode, @x"), HasSubstr("STRICT_TRANS_TABLES"));
  }
  EXPECT_THAT(b.text("select @x"), "NULL");
  EXPECT_THAT(a.text("set sql_mode = 'nonsense'"), HasSubstr("1231: "));
  EXPECT_THAT(a.text("set global max_connections = 5"), HasSubstr("1227: "));
  EXPECT_EQ(a.text("set names latin1"), "");
  EXPECT_EQ(a.text("select @@character_set_client, @@collation_connection"), "latin1|latin1_swedish_ci");
  EXPECT_EQ(b.text("select @@character_set_client"), "utf8mb4");
}

TEST_F(GateTest, WarningsAreThoseOfTheStatementBefore) {
  Client client = connect();
  EXPECT_EQ(client.text("select 1/0"), "NULL");
  EXPECT_EQ(client.text("show count(*) warnings"), "1");
  EXPECT_EQ(client.text("show warnings"), "Warning|1365|Division by 0");
  EXPECT_EQ(client.text("select @@warning_count"), "1");
  // What uses no tables leaves them.
  client.text("select 1");
  EXPECT_EQ(client.text("show warnings"), "Warning|1365|Division by 0");
  client.text("select count(*) from information_schema.schemata");
  EXPECT_EQ(client.text("show warnings"), "");
}

TEST_F(GateTest, RowsOfAShardedTableLieByTheirKey) {
  create_customer();
  Client client = connect("customer");
  EXPECT_EQ(client.affected("insert into customer values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')"),
            5u);
  EXPECT_EQ(client.text("select email from customer where customer_id = 4"), "d");
  EXPECT_EQ(client.affected("update customer set email = 'x' where customer_id = 1"), 1u);
  EXPECT_EQ(fixture_->on_server(1, "select group_concat(customer_id) from customer.customer").value(),
            "1,2,3,5");
  EXPECT_EQ(fixture_->on_server(2, "select group_concat(customer_id) from customer.customer").value(), "4");
  EXPECT_EQ(client.text("use `customer/80-`"), "");
  EXPECT_EQ(client.text("select customer_id from customer"), "4");
  EXPECT_EQ(client.text("use customer:-80"), "");
  EXPECT_EQ(client.text("select count(*) from customer"), "4");
  EXPECT_EQ(client.text("use customer"), "");
  EXPECT_EQ(client.affected("delete from customer"), 5u);
}

// A server that became read-only prepares a branch all the same, and what a former primary has prepared is
// nowhere else.
TEST_F(GateTest, WhatIsPreparedOnAReadOnlyServerUndoesTheTransaction) {
  create_customer();
  Client client = connect("customer");
  const std::size_t second = 2;
  EXPECT_EQ(client.text("begin"), "");
  for (int id = 1; id <= 8; ++id) {  // on both shards
    EXPECT_EQ(client.affected(fmt::format("insert into customer values ({}, 'x')", id)), 1u);
  }
  const auto rows = [&](std::size_t shard) {
    return fixture_->on_server(shard, "select count(*) from customer.customer").value();
  };
  fixture_->on_server(second, "set global read_only = on");
  const std::string answer = client.text("commit");
  fixture_->on_server(second, "set global read_only = off");
  // What agents do with what is left, of which there are none here. As long as the server has not noticed
  // that the branch's connection is gone, another one does not find it (XAER_NOTA).
  const Time limit = Clock::now() + std::chrono::seconds(20);
  for (wire::ResultSet left = fixture_->on_server(second, "xa recover"); !left.rows.empty();
       left = fixture_->on_server(second, "xa recover")) {
    ASSERT_LT(Clock::now(), limit) << "the branch's connection stays";
    const std::string data = *left.cell(0, "data");
    const std::size_t first = std::stoul(*left.cell(0, "gtrid_length"));
    try {
      fixture_->on_server(second, fmt::format("xa rollback '{}', '{}', {}", data.substr(0, first),
                                              data.substr(first), *left.cell(0, "formatID")));
    } catch (const std::exception& error) {
      EXPECT_THAT(error.what(), HasSubstr("XAER_NOTA"));
    }
  }
  EXPECT_THAT(answer, HasSubstr("ceased to be the primary"));
  EXPECT_EQ(rows(1), "0");
  EXPECT_EQ(rows(2), "0");
}

TEST_F(GateTest, PreparedStatementsRunWhereTheirParametersSay) {
  create_customer();
  Client client = connect("customer");
  client.affected("insert into customer values (1, 'a'), (4, 'd')");
  auto& connection = client.connection();
  auto prepared =
      client.loop().block_on(connection.prepare("select email from customer where customer_id = ?"));
  ASSERT_TRUE(prepared) << prepared.error().text();
  EXPECT_EQ(prepared->parameters.size(), 1u);
  ASSERT_EQ(prepared->columns.size(), 1u);
  EXPECT_EQ(prepared->columns[0].name, "email");
  for (const auto& [id, email] : {std::pair<std::int64_t, const char*>{1, "a"}, {4, "d"}, {1, "a"}}) {
    mysql::Parameter parameter{{mysql::FieldType::longlong, false, ""}, id};
    auto answer = client.loop().block_on(connection.execute(*prepared, {parameter}));
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->value(), email);
  }
}

TEST_F(GateTest, TheStatementPreparedLastNeedsNoId) {
  create_customer();
  Client client = connect("customer");
  auto& connection = client.connection();
  const auto prepare = [&](const char* sql) { return client.loop().block_on(connection.prepare(sql)); };
  const auto execute_last = [&](wire::PreparedStatement statement) {
    statement.id = mysql::kLastPrepared;
    return client.loop().block_on(connection.execute(statement, {}));
  };
  auto first = prepare("select 1");
  ASSERT_TRUE(first);
  auto second = prepare("select count(*) from customer");
  ASSERT_TRUE(second);
  auto answer = execute_last(*second);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->value(), "0");
  EXPECT_FALSE(prepare("select * from nothing_here"));
  answer = execute_last(*first);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().mysql_errno(), 1243);
  EXPECT_TRUE(prepare("select 3"));
}

TEST_F(GateTest, CopiesOfARowHaveOneClock) {
  for (const std::size_t shard : {1, 2}) {
    fixture_->on_server(
        shard,
        "create or replace table customer.country (id int primary key, at datetime(6) default now(6))");
  }
  Client client = connect("customer");
  const auto at = [&](std::size_t shard) {
    return fixture_->on_server(shard, "select group_concat(at order by id) from customer.country").value();
  };
  EXPECT_EQ(client.affected("insert into country (id) values (1)"), 1u);
  EXPECT_EQ(client.affected("insert into country values (2, now(6))"), 1u);
  EXPECT_EQ(client.affected("update country set at = now(6) where id = 2"), 1u);
  EXPECT_EQ(at(1), at(2));
  // The clock goes on for what comes after, and a session's own stands still.
  EXPECT_EQ(client.text("select count(*) from country where now(6) - interval 1 minute < at"), "2");
  EXPECT_EQ(client.text("select sleep(0.01), now(6) > (select max(at) from country)"), "0|1");
  EXPECT_EQ(client.text("set timestamp = 1000000000.5"), "");
  EXPECT_EQ(client.affected("insert into country (id) values (3)"), 1u);
  EXPECT_EQ(client.text("select unix_timestamp(at) from country where id = 3"), "1000000000.500000");
  EXPECT_EQ(at(1), at(2));
}

TEST_F(GateTest, SettingsMayBeParameters) {
  Client client = connect();
  auto& connection = client.connection();
  auto prepared = client.loop().block_on(connection.prepare("set @a = ?, @b = concat(?, '?'), sql_mode = ?"));
  ASSERT_TRUE(prepared) << prepared.error().text();
  ASSERT_EQ(prepared->parameters.size(), 3u);
  const mysql::ParameterType text{mysql::FieldType::var_string, false, ""};
  const std::vector<mysql::Parameter> values = {{{mysql::FieldType::longlong, false, ""}, std::int64_t{-7}},
                                                {text, std::string_view("it's \\ so")},
                                                {text, std::string_view("ANSI_QUOTES")}};
  auto done = client.loop().block_on(connection.execute(*prepared, values));
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(client.text("select @a, @b, @@sql_mode"), "-7|it's \\ so?|ANSI_QUOTES");
}

TEST_F(GateTest, WhatTheGateAnswersItselfIsBinaryWhereItWasPrepared) {
  Client client = connect();
  client.text("select 1/0");
  auto& connection = client.connection();
  for (const auto& [sql, cell] : {std::pair{"show warnings", "Warning"}, {"show databases", "commerce"}}) {
    auto prepared = client.loop().block_on(connection.prepare(sql));
    ASSERT_TRUE(prepared) << prepared.error().text();
    if (std::string_view(sql) == "show warnings") client.text("select 1/0");
    auto answer = client.loop().block_on(connection.execute(*prepared, {}));
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->value(), cell);
  }
}

TEST_F(GateTest, TimeoutsAreThoseOfTheClientsConnection) {
  Client client = connect();
  EXPECT_EQ(client.text("select @@wait_timeout, @@session.interactive_timeout"), "28800|28800");
  EXPECT_EQ(client.text("set wait_timeout = 77"), "");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.text("select @@wait_timeout"), "77");
  EXPECT_EQ(connect().text("select @@wait_timeout"), "28800");
}

TEST_F(GateTest, KillEndsAStatement) {
  Client sleeper = connect(), killer = connect();
  const std::string id = sleeper.text("select connection_id()");
  std::thread thread([&] {
    while (killer.text("show processlist").find("sleep(30)") == std::string::npos) {
    }
    EXPECT_EQ(killer.text("kill query " + id), "");
  });
  const std::string answer = sleeper.text("select sleep(30) from information_schema.schemata limit 1");
  thread.join();
  EXPECT_THAT(answer, ::testing::AnyOf(HasSubstr("1317"), "1"));
  EXPECT_EQ(sleeper.text("select 1"), "1");
  EXPECT_THAT(killer.text("kill 999999999"), HasSubstr("1094: "));
}

// database/sql of Go looks at the socket before it sends, and connects again only if the end is there.
TEST_F(GateTest, WhoWasKilledSeesItBeforeTheKillerIsAnswered) {
  Client killer = connect();
  for (int i = 0; i < 20; ++i) {  // on either loop
    Client victim = connect();
    const std::string id = victim.text("select connection_id()");
    EXPECT_EQ(killer.text("kill " + id), "");
    EXPECT_TRUE(victim.is_over());
  }
}

TEST_F(GateTest, WhoKillsItselfIsTold) {
  Client client = connect();
  const std::string id = client.text("select connection_id()");
  EXPECT_THAT(client.text("kill query " + id), HasSubstr("1317: "));
  EXPECT_EQ(client.text("select 1"), "1");
  EXPECT_THAT(client.text("kill " + id), HasSubstr("1927: "));
  EXPECT_THAT(client.text("select 1"), HasSubstr("2013: "));
}

}  // namespace
}  // namespace kintsugi::gate
