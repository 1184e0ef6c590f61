#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/testing/client.h"
#include "gate/testing/gate_fixture.h"

// EXPLAIN and ANALYZE FORMAT=KINTSUGI, directives and limits, at a gate before real servers.

namespace kintsugi::gate {
namespace {

using ::testing::AllOf;
using testing::Client;
using ::testing::ContainsRegex;
using testing::GateFixture;
using ::testing::HasSubstr;

using ::testing::StartsWith;

class ExplanationTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    fixture_ = std::make_unique<GateFixture>(GateFixture::Options());
    for (const int server : {1, 2}) {
      fixture_->on_server(static_cast<std::size_t>(server),
                          "create table customer.corder (order_id bigint primary key, customer_id bigint, "
                          "price int)");
    }
    Client client(fixture_->client("customer"));
    std::string rows;
    for (int i = 1; i <= 30; ++i) rows += fmt::format("{}({}, {}, {})", i == 1 ? "" : ",", i, i % 6 + 1, i);
    client.affected("insert into corder values " + rows);
  }
  static void TearDownTestSuite() { fixture_.reset(); }

  Client connect() { return Client(fixture_->client("customer")); }
  static std::unique_ptr<GateFixture> fixture_;
};
std::unique_ptr<GateFixture> ExplanationTest::fixture_;

TEST_F(ExplanationTest, ShowsWhereAStatementGoes) {
  Client client = connect();
  EXPECT_THAT(client.text("explain format=kintsugi select * from corder where customer_id = 4"),
              AllOf(StartsWith("route: 1 of 2 shards of customer"), HasSubstr("4 -> d2fd8867d50d2dfe -> 80-"),
                    HasSubstr("select * from corder where customer_id = 4")));
  EXPECT_THAT(client.text("explain format=kintsugi select price % 3, sum(price) from corder group by 1"),
              AllOf(StartsWith("gather: "), HasSubstr("gather_rows_max = 1000000 (gate option)"),
                    HasSubstr("-> part: all 2 shards of customer")));
  EXPECT_THAT(client.text("vexplain select price from corder"), StartsWith("scatter: all 2 shards"));
  EXPECT_THAT(client.text("explain format=kintsugi_json select price from corder"),
              StartsWith(R"({"tier":"scatter","target":"all 2 shards of customer")"));
  EXPECT_THAT(
      client.text("explain format=kintsugi select database(), price from corder where customer_id = 1"),
      HasSubstr("select 'customer'"));
}

TEST_F(ExplanationTest, ShardsEstimateRows) {
  Client client = connect();
  EXPECT_THAT(client.text("explain format=kintsugi select * from corder where customer_id = 4"),
              ContainsRegex("80-  estimated about [0-9]+ rows?\n"));
  EXPECT_THAT(client.text("explain format=kintsugi select order_id from corder where order_id = 4"),
              AllOf(ContainsRegex("-80  estimated about [01] rows?\n *80-  estimated about [01] rows?\n"),
                    ContainsRegex("estimate about 1 row of all shards\n")));
  const std::string gather =
      client.text("explain format=kintsugi select price % 3, count(*) from corder group by 1");
  EXPECT_THAT(gather, AllOf(ContainsRegex("estimate at most about [0-9]+ rows copied"),
                            HasSubstr("shards   over the copies\n")));
  EXPECT_THAT(client.text("explain format=kintsugi_json select price from corder limit 2"),
              HasSubstr(R"("shards":[{"name":"-80","estimatedRows":2},{"name":"80-","estimatedRows":2}])"));
  EXPECT_THAT(client.text("explain format=kintsugi update corder set price = 1 where order_id = 4"),
              HasSubstr("-80  estimated about "));
  EXPECT_THAT(client.text("explain format=kintsugi insert into corder values (100, 1, 0)"),
              ::testing::Not(HasSubstr("estimated")));
}

TEST_F(ExplanationTest, ExplainingChangesNothing) {
  Client client = connect();
  EXPECT_THAT(client.text("explain format=kintsugi delete from corder where price = 3"),
              StartsWith("scatter (write): all 2 shards"));
  EXPECT_EQ(client.text("select count(*) from corder where price = 3 and customer_id = 4"), "1");
}

TEST_F(ExplanationTest, AnalyzeTellsWhatEachShardDid) {
  Client client = connect();
  const std::string route = client.text("analyze format=kintsugi select * from corder where customer_id = 4");
  EXPECT_THAT(route, ContainsRegex("80-  5 rows, [0-9]+ bytes, [0-9.]+ ms; estimated about [0-9]+ rows?\n"));
  EXPECT_THAT(route, ContainsRegex("answer: 5 rows of [0-9]+ bytes"));
  const std::string scatter = client.text("explain analyze format=kintsugi select price from corder");
  EXPECT_THAT(scatter, AllOf(ContainsRegex("-80  [0-9]+ rows"), ContainsRegex("80-  [0-9]+ rows"),
                             HasSubstr("answer: 30 rows")));
  const std::string merge =
      client.text("analyze format=kintsugi select price from corder order by price limit 4, 2");
  EXPECT_THAT(merge, AllOf(StartsWith("merge: all 2 shards"), ContainsRegex("-80  6 rows"),
                           ContainsRegex("80-  6 rows"), HasSubstr("answer: 2 rows")));
  const std::string groups = client.text(
      "analyze format=kintsugi select price, count(*) from corder where price < 4 group by price");
  EXPECT_THAT(groups, AllOf(StartsWith("merge: all 2 shards"),
                            HasSubstr("rows are merged by price, and those of one group become one"),
                            HasSubstr("answer: 3 rows")));
  const std::string gather =
      client.text("analyze format=kintsugi select price % 3, count(*) from corder group by 1");
  EXPECT_THAT(gather, AllOf(ContainsRegex("over the copies  3 rows"), ContainsRegex("-80  3 rows"),
                            HasSubstr("answer: 3 rows")));
  EXPECT_THAT(client.text("analyze format=kintsugi_json select price from corder where customer_id = 4"),
              ContainsRegex(R"("name":"80-","estimatedRows":[0-9]+,"rows":5,)"));
}

TEST_F(ExplanationTest, AnalyzeOfAWriteWrites) {
  Client client = connect();
  const std::string insert =
      client.text("analyze format=kintsugi insert into corder values (100, 1, 0), (101, 4, 0), (102, 4, 0)");
  EXPECT_THAT(insert, AllOf(StartsWith("insert: 2 of 2 shards of customer"), HasSubstr("2 affected"),
                            HasSubstr("answer: 3 rows affected")));
  EXPECT_THAT(client.text("analyze format=kintsugi delete from corder where price = 0"),
              AllOf(StartsWith("scatter (write)"), HasSubstr("answer: 3 rows affected")));
  EXPECT_EQ(client.text("select count(*) from corder"), "30");
}

TEST_F(ExplanationTest, PreparedItHasItsParameters) {
  Client client = connect();
  auto prepared = client.loop().block_on(
      client.connection().prepare("explain format=kintsugi select * from corder where customer_id = ?"));
  ASSERT_TRUE(prepared) << prepared.error().text();
  EXPECT_EQ(prepared->parameters.size(), 1u);
}

TEST_F(ExplanationTest, ADirectiveThatIsNotKnownIsAWarning) {
  Client client = connect();
  const auto warnings_of = [&client](const char* sql) {
    Result<wire::ResultSet> answer = client.query(sql);
    EXPECT_TRUE(answer) << answer.error().text();
    return answer ? answer->ok.warnings : 0;
  };
  EXPECT_EQ(warnings_of("select /*kintsugi: no_such=1 */ price from corder where customer_id = 4"), 1);
  EXPECT_THAT(client.text("show warnings"),
              StartsWith("Warning|1235|KT4053: there is no directive 'no_such'. docs/queries.md"));
  EXPECT_EQ(warnings_of("select /*vt+ PRIORITY=1 */ price from corder"), 1) << "of several shards";
  EXPECT_EQ(warnings_of("select /*vt+ PRIORITY=1 */ sum(price), cast('a' as signed) from corder"), 2)
      << "before the servers' own";
  EXPECT_THAT(client.text("show warnings"),
              AllOf(StartsWith("Warning|1235|KT4053"), HasSubstr("Warning|1292|")));
  EXPECT_EQ(warnings_of("select /*kintsugi: allow_scatter=1 */ price from corder"), 0);
}

TEST_F(ExplanationTest, ADirectiveEndsAStatementInTime) {
  Client client = connect();
  EXPECT_THAT(client.text("select /*vt+ QUERY_TIMEOUT_MS=100 */ sleep(20) from corder where customer_id = 4"),
              StartsWith("3024: KT4052: the statement was ended after 100 ms"));
  EXPECT_THAT(client.text("select /*kintsugi: timeout_ms=100 */ price, sleep(20) from corder"),
              StartsWith("3024: KT4052"));
  EXPECT_EQ(client.text("select /*kintsugi: timeout_ms=20000 */ count(*) from corder"), "30")
      << "the connection goes on";
}

TEST_F(ExplanationTest, ADirectiveBoundsWhatIsGathered) {
  Client client = connect();
  EXPECT_THAT(client.text("select /*kintsugi: gather_rows_max=7 */ a.price from corder a, corder b"),
              AllOf(StartsWith("1104: KT3303"), HasSubstr("more than 7 rows")));
  EXPECT_THAT(
      client.text("explain format=kintsugi select /*kintsugi: gather_rows_max=7 */ a.price from corder a, "
                  "corder b"),
      HasSubstr("gather_rows_max = 7 (directive)"));
}

TEST_F(ExplanationTest, ADirectiveForbidsWhatWouldCostMuch) {
  Client client = connect();
  EXPECT_THAT(client.text("select /*vt+ ALLOW_SCATTER=0 */ price from corder"), StartsWith("1227: KT4050"));
  EXPECT_THAT(client.text("select /*kintsugi: allow_gather=0 */ count(distinct price) from corder"),
              StartsWith("1227: KT4051"));
  EXPECT_EQ(client.text("select /*kintsugi: allow_gather=0 allow_scatter=0 */ count(*) from corder where "
                        "customer_id = 4"),
            "5");
  EXPECT_THAT(client.text("explain format=kintsugi select /*vt+ ALLOW_SCATTER=0 */ price from corder"),
              AllOf(StartsWith("scatter: "), HasSubstr("would be refused: KT4050")));
  EXPECT_THAT(client.text("analyze format=kintsugi select /*vt+ ALLOW_SCATTER=0 */ price from corder"),
              StartsWith("1227: KT4050"));
}

TEST(Limits, AGateForbidsWhatItsOptionsSay) {
  GateFixture::Options options;
  options.gate.scatter = vschema::Permission::ask;
  options.gate.gather = vschema::Permission::forbid;
  options.gate.query_timeout = std::chrono::seconds(3);
  GateFixture fixture(options);
  for (const int server : {1, 2})
    fixture.on_server(static_cast<std::size_t>(server),
                      "create table customer.corder (order_id bigint primary key, customer_id bigint)");
  Client client(fixture.client("customer"));
  EXPECT_THAT(client.text("select order_id from corder"), StartsWith("1227: KT4050"));
  EXPECT_EQ(client.text("select /*kintsugi: allow_scatter=1 */ order_id from corder"), "");
  EXPECT_THAT(client.text("select count(distinct order_id) from corder"), StartsWith("1227: KT4051"));
  EXPECT_THAT(client.text("explain format=kintsugi select count(distinct order_id) from corder"),
              AllOf(StartsWith("gather: "), HasSubstr("the gate's option forbids it")));
  EXPECT_EQ(client.affected("insert into corder values (1, 1), (2, 4)"), 2u);

  EXPECT_THAT(client.text("select sleep(20) from corder where customer_id = 4"), StartsWith("3024: KT4052"));
}

}  // namespace
}  // namespace kintsugi::gate
