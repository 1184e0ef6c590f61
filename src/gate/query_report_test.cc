#include "gate/query_report.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "gate/testing/client.h"
#include "gate/testing/gate_fixture.h"

namespace kintsugi::gate {
namespace {

using testing::Client;
using testing::GateFixture;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kMine = "show kintsugi queries like '%from customer%'";

class QueryReportTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    gate_ = new GateFixture({});
    Client client(gate_->client("customer"));
    client.query("create table customer (customer_id bigint primary key, name varchar(20))");
    client.query("insert into customer values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')");
  }
  static void TearDownTestSuite() {
    delete gate_;
    gate_ = nullptr;
  }
  static GateFixture* gate_;
};
GateFixture* QueryReportTest::gate_ = nullptr;

/// By the columns' names.
std::map<std::string, std::string> row_of(const wire::ResultSet& answer, std::size_t number) {
  std::map<std::string, std::string> row;
  for (std::size_t i = 0; i < answer.columns.size(); ++i)
    row[answer.columns[i].name] = answer.rows[number][i].value_or("NULL");
  return row;
}

TEST_F(QueryReportTest, ShapesOfAllLoopsAreShown) {
  Client admin(gate_->client("customer"));
  EXPECT_TRUE(admin.query("flush kintsugi queries"));
  for (int i = 0; i < 8; ++i) {  // on both loops
    Client client(gate_->client("customer"));
    client.query("select name from customer where customer_id = " + std::to_string(i % 4 + 1));
    client.query(std::string("SELECT name FROM customer WHERE customer_id IN (1, 4") +
                 (i % 2 ? ", 2)" : ")"));
    client.query("select nothing from customer where customer_id = 1");
  }
  Result<wire::ResultSet> answer = admin.query(kMine);
  ASSERT_TRUE(answer) << answer.error().text();
  ASSERT_EQ(answer->rows.size(), 3u);
  std::map<std::string, std::map<std::string, std::string>> rows;
  for (std::size_t i = 0; i < 3; ++i) rows[row_of(*answer, i)["Text"]] = row_of(*answer, i);
  auto point = rows["select name from customer where customer_id = ?"];
  auto failed = rows["select nothing from customer where customer_id = ?"];
  auto list = rows["select name from customer where customer_id in (?, ...)"];
  EXPECT_EQ(point["Tier"], "route");
  EXPECT_EQ(point["Calls"], "8");
  EXPECT_EQ(point["Rows"], "8");
  EXPECT_EQ(point["Errors"], "0");
  EXPECT_EQ(point["Shards"], "1.0");
  EXPECT_EQ(point["Keyspace"], "customer");
  EXPECT_EQ(point["User"], "app");
  EXPECT_GT(std::stod(point["Bytes"]), 8.0);
  EXPECT_GT(std::stod(point["P50_ms"]), 0.0);
  EXPECT_LE(std::stod(point["P50_ms"]), std::stod(point["P95_ms"]));
  EXPECT_LE(std::stod(point["P99_ms"]), std::stod(point["Max_ms"]));
  EXPECT_EQ(failed["Errors"], "8");
  EXPECT_EQ(list["Calls"], "8");
  EXPECT_EQ(list["Tier"], "scatter");
  EXPECT_EQ(list["Shards"], "2.0");
  EXPECT_EQ(list["Rows"], "20");
  EXPECT_NE(list["Why"], "");

  EXPECT_EQ(admin.query(std::string(kMine) + " order by calls desc, text limit 2")->rows.size(), 2u);
  EXPECT_EQ(admin.query(std::string(kMine) + " limit 1, 5")->rows.size(), 2u);
  EXPECT_THAT(admin.text(std::string(kMine) + " order by nothing"), HasSubstr("Total_ms"));
  EXPECT_TRUE(admin.query("flush kintsugi queries"));
  EXPECT_EQ(admin.text(kMine), "");
}

TEST_F(QueryReportTest, PreparedStatementsAreOfTheShapeOfTheirTexts) {
  Client client(gate_->client("customer"));
  client.query("flush kintsugi queries");
  client.query("select name from customer where customer_id = 1");
  auto statement =
      client.loop().block_on(client.connection().prepare("select name from customer where customer_id = ?"));
  ASSERT_TRUE(statement);
  const mysql::Parameter parameter{{mysql::FieldType::longlong, false, ""}, std::int64_t{3}};
  const std::vector<mysql::Parameter> parameters{parameter};
  ASSERT_TRUE(client.loop().block_on(client.connection().execute(*statement, parameters)));
  Result<wire::ResultSet> answer = client.query(kMine);
  ASSERT_EQ(answer->rows.size(), 1u);
  EXPECT_EQ(row_of(*answer, 0)["Calls"], "2");
}

TEST_F(QueryReportTest, OtherTablesOfTheGateAreSortedToo) {
  Client client(gate_->client("customer"));
  EXPECT_THAT(client.text("show kintsugi shards order by name desc limit 1"), StartsWith("customer/80-|"));
  EXPECT_THAT(client.text("flush binary logs"), HasSubstr("of each server"));
}

TEST(QueryReport, JsonHasNumbers) {
  QueryShape shape;
  shape.id = 0xab;
  shape.text = "select ?";
  shape.user = "\xff";
  QueryRun run;
  run.took = 3ms;
  shape.totals.add(run);
  const boost::json::value json = boost::json::parse(queries_json({shape}));
  const boost::json::object& one = json.as_array()[0].as_object();
  EXPECT_EQ(one.at("id").as_string(), "00000000000000ab");
  EXPECT_EQ(one.at("calls").to_number<int>(), 1);
  EXPECT_EQ(one.at("p99_ms").to_number<double>(), 3.0) << "no longer than the longest";
  EXPECT_EQ(one.at("user").as_string(), "?");
}

}  // namespace
}  // namespace kintsugi::gate
