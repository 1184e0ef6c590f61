#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/testing/client.h"
#include "gate/testing/gate_fixture.h"
#include "mysql/value.h"

// Writes whose rows are read first, at a gate before real servers: what tests/sql cannot say, since it is
// about sessions, limits and prepared statements.

namespace kintsugi::gate {
namespace {

using testing::Client;
using testing::GateFixture;
using ::testing::HasSubstr;

class WriteTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    GateFixture::Options options;
    options.gate.write_rows_max = 50;
    fixture_ = std::make_unique<GateFixture>(options);
    for (const std::size_t server : {1, 2}) {
      fixture_->on_server(server,
                          "create table customer.customer (customer_id bigint primary key, email varchar(64) "
                          "character set utf8mb4)");
      fixture_->on_server(
          server,
          "create table customer.corder (order_id bigint, customer_id bigint, price "
          "decimal(10,2), note text character set utf8mb4, primary key (customer_id, order_id))");
    }
  }
  static void TearDownTestSuite() { fixture_.reset(); }
  void SetUp() override {
    Client client = connect();
    client.affected("delete from customer");
    client.affected("delete from corder");
    client.affected(
        "insert into customer values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e'), (6, 'f'), (7, 'g')");
  }
  static std::unique_ptr<GateFixture> fixture_;

  static Client connect() { return Client(fixture_->client("customer")); }
};
std::unique_ptr<GateFixture> WriteTest::fixture_;

TEST_F(WriteTest, ReadsNoMoreThanItMay) {
  Client client = connect();
  std::string values;
  for (int i = 100; i < 160; ++i) values += fmt::format("{}({}, 'x')", i == 100 ? "" : ",", i);
  client.affected("insert into customer values " + values);
  EXPECT_THAT(
      client.text(
          "insert into corder (order_id, customer_id) select customer_id, customer_id + 1 from customer"),
      HasSubstr("1104: "));
  EXPECT_THAT(client.text("update customer set customer_id = customer_id + 1000"), HasSubstr("1104: "));
  EXPECT_EQ(client.text("select count(*) from corder"), "0");
  EXPECT_EQ(client.text("select max(customer_id) from customer"), "159");
  EXPECT_EQ(client.affected("update customer set customer_id = customer_id + 1000 where email < 'x'"), 7);
}

TEST_F(WriteTest, PreparedStatements) {
  Client client = connect();
  auto& connection = client.connection();
  const auto run = [&](std::string sql, std::vector<mysql::Value> values) {
    auto prepared = client.loop().block_on(connection.prepare(std::move(sql)));
    EXPECT_TRUE(prepared) << prepared.error().text();
    std::vector<mysql::Parameter> parameters;
    for (const mysql::Value& value : values) {
      mysql::Parameter parameter;
      parameter.type.type = mysql::natural_type(value);
      parameter.value = value;
      parameters.push_back(parameter);
    }
    auto answer = client.loop().block_on(connection.execute(*prepared, parameters));
    EXPECT_TRUE(answer) << answer.error().text();
    return answer ? answer->ok.affected_rows : 0;
  };
  EXPECT_EQ(run("insert into corder (order_id, customer_id, note) select customer_id, customer_id + ?, "
                "concat(email, "
                "?) from customer where customer_id < ?",
                {std::int64_t{1}, std::string_view("'\\"), std::int64_t{5}}),
            4);
  EXPECT_EQ(client.text("select order_id, customer_id, note from corder order by order_id"),
            "1|2|a'\\\n2|3|b'\\\n3|4|c'\\\n4|5|d'\\");
  EXPECT_EQ(run("update corder set customer_id = ?, note = ? where order_id = ?",
                {std::int64_t{77}, std::string_view("moved"), std::int64_t{1}}),
            1);
  EXPECT_EQ(run("delete from corder order by order_id desc limit ?", {std::int64_t{2}}), 2);
  EXPECT_EQ(client.text("select order_id, customer_id, note from corder order by order_id"),
            "1|77|moved\n2|3|b'\\");
}

TEST_F(WriteTest, WhateverTheClientsCharacterSet) {
  Client client = connect();
  client.affected("update customer set email = 'größe 金' where customer_id = 1");
  client.text("set names latin1");
  EXPECT_EQ(client.affected("update customer set customer_id = 500 + customer_id where customer_id < 3"), 2);
  EXPECT_EQ(
      client.affected("insert into corder (order_id, customer_id, note) select customer_id, 1, email from "
                      "customer where customer_id = 501"),
      1);
  client.text("set names gbk");
  EXPECT_EQ(client.affected(
                "insert into corder (order_id, customer_id, note) select customer_id + 1, 2, email from "
                "customer where customer_id = 501"),
            1);
  EXPECT_EQ(
      connect().text("select email, (select group_concat(distinct note) from corder) from customer where "
                     "customer_id = 501"),
      "größe 金|größe 金");
}

TEST_F(WriteTest, UnderEverySqlMode) {
  Client client = connect();
  client.affected("update customer set email = 'it''s \\\\' where customer_id = 1");
  client.text("set sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
  EXPECT_EQ(client.affected(
                "insert into corder (order_id, customer_id, note) select customer_id, 9, \"email\" from "
                "customer where email like 'it%'"),
            1);
  EXPECT_EQ(client.affected("update customer set customer_id = 900 where customer_id = 1"), 1);
  EXPECT_EQ(
      client.text("select note from corder union all select email from customer where customer_id = 900"),
      "it's \\\nit's \\");
}

TEST_F(WriteTest, InATransactionOfTheSession) {
  Client client = connect(), other = connect();
  client.text("begin");
  EXPECT_EQ(client.affected("update customer set customer_id = customer_id + 100"), 7);
  EXPECT_EQ(client.text("select min(customer_id), count(*) from customer"), "101|7");
  EXPECT_EQ(other.text("select min(customer_id), count(*) from customer"), "1|7");
  EXPECT_THAT(client.text("update customer set customer_id = 102 where customer_id = 103"),
              HasSubstr("1062: "));
  EXPECT_EQ(client.text("select min(customer_id), count(*) from customer"), "101|7");
  client.text("rollback");
  EXPECT_EQ(client.text("select min(customer_id), count(*) from customer"), "1|7");
}

TEST_F(WriteTest, OneShardOnlyWhereTransactionsAre) {
  Client client = connect();
  client.text("set transaction_mode = 'single'");
  EXPECT_THAT(client.text("update customer set customer_id = customer_id + 100"), HasSubstr("KT4030"));
  EXPECT_EQ(client.text("select min(customer_id), count(*) from customer"), "1|7");
}

TEST_F(WriteTest, RowsAreLockedFromReadingToWriting) {
  Client client = connect(), other = connect();
  other.text("begin");
  other.affected("update customer set email = 'z' where customer_id = 4");
  client.text("set innodb_lock_wait_timeout = 1");
  EXPECT_THAT(client.text("delete from customer order by email desc limit 1"), HasSubstr("1205: "));
  other.text("commit");
  EXPECT_EQ(client.affected("delete from customer order by email desc limit 1"), 1);
  EXPECT_EQ(client.text("select count(*) from customer where customer_id = 4"), "0");
}

/// Two transactions of another client, one on each shard, that wait for what `mine` names and have locked
/// `theirs`. They weigh more than a session that has changed a row, so it is the session that a deadlock
/// ends.
class Opponents {
 public:
  Opponents(GateFixture& fixture, const std::vector<std::int64_t>& mine,
            const std::vector<std::int64_t>& theirs) {
    for (const std::size_t server : {1, 2}) {
      clients_.push_back(std::make_unique<Client>(fixture.server(server).root()));
      Client& client = *clients_.back();
      client.text("begin");
      client.affected(
          "insert into customer.corder (order_id, customer_id) select seq, 1000 from customer.seq_1_to_200");
      client.affected(fmt::format("update customer.customer set email = 'theirs' where customer_id = {}",
                                  theirs[server - 1]));
      threads_.emplace_back([&client, id = mine[server - 1]] {
        client.text(fmt::format("update customer.customer set email = 'theirs' where customer_id = {}", id));
      });
      while (fixture.on_server(server, "show status like 'innodb_row_lock_current_waits'").rows[0][1] ==
             "0") {
        std::this_thread::yield();
      }
    }
  }
  ~Opponents() {
    for (std::thread& thread : threads_) thread.join();
    for (const auto& client : clients_) client->text("rollback");
  }

 private:
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::thread> threads_;
};

// Both shards tell their deadlock at about the same moment, in either order: whatever part of the session's
// transaction is being undone then is undone once.
TEST_F(WriteTest, IsTheVictimOfADeadlockOnEachShard) {
  std::vector<std::int64_t> mine, theirs;
  for (const std::size_t server : {1, 2}) {
    const wire::ResultSet ids =
        fixture_->on_server(server, "select customer_id from customer.customer order by customer_id limit 2");
    ASSERT_EQ(ids.rows.size(), 2U);
    mine.push_back(std::stoll(*ids.rows[0][0]));
    theirs.push_back(std::stoll(*ids.rows[1][0]));
  }
  for (int round = 0; round < 25; ++round) {
    Client client = connect();
    client.text("begin");
    client.affected(
        fmt::format("update customer set email = 'mine' where customer_id in ({}, {})", mine[0], mine[1]));
    const Opponents opponents(*fixture_, mine, theirs);
    EXPECT_THAT(client.text(fmt::format("update customer set email = 'mine' where customer_id in ({}, {})",
                                        theirs[0], theirs[1])),
                HasSubstr("1213: "));
    EXPECT_EQ(client.text("commit"), "");
    EXPECT_EQ(client.text("select 1 from customer where email = 'mine'"), "");
  }
}

/// Connections to both shards are idle in the pool: the one that is taken must not count as another shard's.
TEST_F(WriteTest, ATransactionOfOneShardBeginsOnAnIdleConnection) {
  Client client = connect();
  EXPECT_EQ(client.text("select count(*) from customer"), "7");
  client.text("set transaction_mode = 'single'");
  client.text("begin");
  EXPECT_EQ(client.affected("update customer set email = 'x' where customer_id = 1"), 1u);
  EXPECT_EQ(client.affected("update customer set email = 'y' where customer_id = 1"), 1u);
  client.text("rollback");
  EXPECT_EQ(client.text("select email from customer where customer_id = 1"), "a");
}

}  // namespace
}  // namespace kintsugi::gate
