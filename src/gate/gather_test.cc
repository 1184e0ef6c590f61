#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/testing/client.h"
#include "gate/testing/gate_fixture.h"

// Queries that run over copies of their tables, at a gate before real servers: each is asked of the sharded
// keyspace and of the same tables in an unsharded one.

namespace kintsugi::gate {
namespace {

using testing::Client;
using testing::GateFixture;
using ::testing::HasSubstr;

class GatherTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    GateFixture::Options options;
    options.gate.gather_rows_max = 1000;
    fixture_ = std::make_unique<GateFixture>(options);
    for (const auto& [server, database] : {std::pair{0, "commerce"}, {1, "customer"}, {2, "customer"}}) {
      const std::string in = std::string(" ") + database + ".";
      const auto number = static_cast<std::size_t>(server);
      fixture_->on_server(
          number, "create table" + in +
                      "customer (customer_id bigint primary key, email varchar(64) character set utf8mb4, "
                      "score float, seen datetime(3), raw varbinary(20), flags bit(9), kind enum('a','b'))");
      fixture_->on_server(number, "create table" + in +
                                      "corder (order_id bigint, customer_id bigint, price decimal(10,2), "
                                      "note text, primary key (customer_id, order_id))");
    }
    for (const char* database : {"commerce", "customer"}) {
      Client client(fixture_->client(database));
      std::string customers, orders;
      for (int i = 1; i <= 40; ++i) {
        customers +=
            fmt::format("{}({}, '{}', {}, '2026-01-{:02} 01:02:03.45{}', x'00{:02x}ff27', b'{:b}', '{}')",
                        i == 1 ? "" : ",", i, i % 7 == 0 ? "O''Brien \\\\ 金" : fmt::format("c{}@x", i % 10),
                        i * 1.2345678, i % 28 + 1, i % 10, i, i, i % 2 == 0 ? 'a' : 'b');
        for (int j = 0; j < i % 4; ++j)
          orders += fmt::format("{}({}, {}, {}.{:02}, {})", orders.empty() ? "" : ",", i * 10 + j, i, i * j,
                                i, j == 2 ? "null" : "'n'");
      }
      client.affected("insert into customer values " + customers);
      client.affected("insert into corder values " + orders);
    }
    fixture_->on_server(0, "create table commerce.product (sku int primary key, title varchar(20))");
    fixture_->on_server(0, "insert into commerce.product values (1, 'one'), (2, 'two')");
  }
  static void TearDownTestSuite() { fixture_.reset(); }
  static std::unique_ptr<GateFixture> fixture_;

  Client connect(std::string database) { return Client(fixture_->client(std::move(database))); }
};
std::unique_ptr<GateFixture> GatherTest::fixture_;

constexpr const char* kQueries[] = {
    "select * from customer order by customer_id",
    "select customer_id from customer order by email, customer_id desc limit 7",
    "select email, count(*), sum(score), min(seen), max(raw) from customer group by email order by 1",
    "select kind, count(*) from customer group by kind with rollup",
    "select count(*), avg(price), group_concat(order_id order by order_id) from corder",
    "select count(distinct email), count(distinct kind) from customer",
    "select distinct email from customer order by email",
    "select c.customer_id, o.order_id from customer c join corder o on o.price = c.customer_id order by 1, 2",
    "select c.customer_id, x.n from customer c left join (select customer_id, count(*) n from corder group "
    "by customer_id "
    "having n > 2) x on x.customer_id = c.customer_id + 1 order by 1",
    "select customer_id, row_number() over (order by email, customer_id) r from customer order by r limit 5",
    "select customer_id, sum(price) over (partition by note order by order_id) s from corder order by 1, 2 "
    "limit 9",
    "with recursive n as (select 1 i union all select i + 1 from n where i < 5) select i, email from n join "
    "customer on "
    "customer_id = i * 2 order by i",
    "with big as (select * from corder where price > 50) select count(*) from big a join big b on a.price = "
    "b.price",
    "select customer_id from customer where customer_id > all (select price from corder where price < 20) "
    "order by 1",
    "select (select max(price) from corder) - (select min(price) from corder)",
    "select customer_id from customer union select order_id from corder order by 1 limit 12",
    "select customer_id from customer except select customer_id from corder order by 1",
    "select customer_id from customer intersect select customer_id from corder order by 1 limit 3",
    "select c.email from customer c where exists (select 1 from corder o where o.price > c.score) order by "
    "c.customer_id",
    "select c.customer_id, l.price from customer c, lateral (select price from corder o where o.price < "
    "c.customer_id "
    "order by price desc limit 1) l order by 1, 2",
    "select sum(flags + 0), bit_or(flags), hex(max(raw)) from customer",
    "select customer.*, o.note from customer natural join (select customer_id, note from corder where note "
    "is not null) o "
    "order by customer_id, note limit 4",
    "select score from customer where score between 10 and 20 order by score",
    "select count(*) from customer where email like 'o%' and kind in ('a') or customer_id is null",
    "select customer_id from customer order by customer_id limit 3 offset 5",
    "select json_arrayagg(customer_id) from (select customer_id from customer order by customer_id limit 3) "
    "x",
    "select 'O''x' as a, email from customer order by customer_id limit 1",
};

TEST_F(GatherTest, AnswersAsOneServerDoes) {
  Client sharded = connect("customer"), plain = connect("commerce");
  for (const char* sql : kQueries) {
    if (std::string_view(sql).find("lateral") != std::string_view::npos) continue;  // MariaDB 10.11 has none
    EXPECT_EQ(sharded.text(sql), plain.text(sql)) << sql;
  }
}

TEST_F(GatherTest, AnswersPreparedStatements) {
  Client client = connect("customer");
  auto& connection = client.connection();
  auto prepared = client.loop().block_on(connection.prepare(
      "select email, sum(score) s from customer where customer_id < ? group by email order by s limit 2"));
  ASSERT_TRUE(prepared) << prepared.error().text();
  ASSERT_EQ(prepared->columns.size(), 2u);
  for (const std::int64_t below : {30, 10, 30}) {
    mysql::Parameter parameter{{mysql::FieldType::longlong, false, ""}, below};
    auto answer = client.loop().block_on(connection.execute(*prepared, {parameter}));
    ASSERT_TRUE(answer) << answer.error().text();
    const std::string same = connect("commerce")
                                 .text(fmt::format("select email, sum(score) s from customer where "
                                                   "customer_id < {} group by email order by s limit 2",
                                                   below));
    EXPECT_EQ(answer->cell(0, "email").value_or("") + "|" + answer->cell(0, "s").value_or(""),
              same.substr(0, same.find('\n')));
  }
}

TEST_F(GatherTest, JoinsKeyspaces) {
  Client client = connect("customer");
  EXPECT_EQ(
      client.text(
          "select title, c.email from commerce.product p join customer.customer c on c.customer_id = p.sku "
          "order by p.sku"),
      "one|c1@x\ntwo|c2@x");
}

TEST_F(GatherTest, RefusesMoreThanItMayCopy) {
  Client client = connect("customer");
  client.text("create temporary table nothing (i int)");  // connections of a session are not in the way
  std::string values;
  for (int i = 1000; i < 2100; ++i) values += fmt::format("{}({}, 'x')", i == 1000 ? "" : ",", i);
  client.affected("insert into customer (customer_id, email) values " + values);
  EXPECT_THAT(client.text("select hex(email) from customer order by hex(email)"), HasSubstr("1104: "));
  EXPECT_EQ(client.text("select email from customer order by customer_id desc limit 1"),
            "x");  // nothing is copied
  EXPECT_EQ(client.text("select count(*) from customer where customer_id < 41"), "40");
  client.affected("delete from customer where customer_id >= 1000");
  EXPECT_EQ(client.text("select max(customer_id) from customer"), "40");
}

TEST_F(GatherTest, SeesTheSessionsOwnTransactionAndLeavesItOpen) {
  Client client = connect("customer"), other = connect("customer");
  client.text("begin");
  client.affected("update customer set email = 'mine' where customer_id in (1, 2, 3, 4)");
  EXPECT_EQ(client.text("select count(*), max(email) from customer where email = 'mine'"), "4|mine");
  EXPECT_EQ(client.text("select @@in_transaction"), "1");
  EXPECT_EQ(other.text("select count(*) from customer where email = 'mine'"), "0");
  client.text("rollback");
  EXPECT_EQ(client.text("select count(*) from customer where email = 'mine'"), "0");
  client.text("set autocommit = 0");
  EXPECT_EQ(client.text("select max(customer_id) from customer"), "40");
  EXPECT_EQ(client.text("commit"), "");
}

TEST_F(GatherTest, KeepsVariablesModesAndCharacterSets) {
  Client client = connect("customer");
  EXPECT_EQ(client.text("select count(*), max(email) into @n, @e from customer"), "");
  EXPECT_EQ(client.text("select @n"), "40");
  client.text("set sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
  EXPECT_EQ(client.text("select \"email\" from customer where email like 'O%' order by customer_id limit 1"),
            connect("commerce").text("select email from customer where customer_id = 7"));
  client.text("set sql_mode = default");
  client.text("set names latin1");
  EXPECT_EQ(
      client.text("select count(*) from (select email from customer where email = 'c1@x' order by email) x"),
      "3");
  EXPECT_EQ(client.text("select sql_calc_found_rows customer_id from customer order by customer_id limit 2"),
            "1\n2");
  EXPECT_EQ(client.text("select found_rows()"), "40");
}

TEST_F(GatherTest, ErrorsAreTheServers) {
  Client client = connect("customer");
  EXPECT_THAT(client.text("select nothing from customer order by email"), HasSubstr("1054: "));
  EXPECT_THAT(client.text("select email from customer order by nothing"), HasSubstr("1054: "));
  EXPECT_THAT(client.text("select (select customer_id from customer) from customer"), HasSubstr("1242: "));
  EXPECT_EQ(client.text("select max(customer_id) from customer"), "40");
}

}  // namespace
}  // namespace kintsugi::gate
