// The part of the API that asks agents, with agents that answer what a test tells them to.

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/errors.h"
#include "control/testing/service_fixture.h"

namespace kintsugi::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::run;
using Fixture = testing::ServiceFixture;

constexpr const char* kTablet = "kintsugi.tablet.v1.Tablet/";

/// An agent whose server has these tables.
class FakeAgent {
 public:
  std::map<std::string, std::string> tables;  // name → CREATE TABLE
  std::string refuses;                        // the statement that its server says no to
  std::vector<std::string> ran;
  std::uint32_t epoch = 0;  // of the last request

  FakeAgent() {
    rpc_.unary<tablet::v1::GetSchemaRequest, tablet::v1::GetSchemaResponse>(
        kTablet + std::string("GetSchema"),
        [this](tablet::v1::GetSchemaRequest request) { return get_schema(std::move(request)); });
    rpc_.unary<tablet::v1::ApplySchemaRequest, tablet::v1::ApplySchemaResponse>(
        kTablet + std::string("ApplySchema"),
        [this](tablet::v1::ApplySchemaRequest request) { return apply_schema(std::move(request)); });
    rpc_.unary<tablet::v1::GetStatusRequest, tablet::v1::GetStatusResponse>(
        kTablet + std::string("GetStatus"),
        [](tablet::v1::GetStatusRequest) -> Task<Result<tablet::v1::GetStatusResponse>> {
          tablet::v1::GetStatusResponse response;
          response.set_flavour("mariadb");
          co_return response;
        });
    rpc_.unary<tablet::v1::PingRequest, tablet::v1::PingResponse>(
        kTablet + std::string("Ping"), [](tablet::v1::PingRequest) -> Task<Result<tablet::v1::PingResponse>> {
          tablet::v1::PingResponse response;
          response.set_mysqld_answers(true);
          co_return response;
        });
    address_ = http_.start(runtime::Address::tcp("127.0.0.1", 0)).value();
  }
  const runtime::Address& address() const { return address_; }
  Task<void> stop() { return http_.stop(); }

 private:
  Task<Result<tablet::v1::GetSchemaResponse>> get_schema(tablet::v1::GetSchemaRequest request) {
    tablet::v1::GetSchemaResponse response;
    for (const auto& [name, create] : tables) {
      if (request.tables_size() > 0 && request.tables(0) != name) continue;
      tablet::v1::Table& table = *response.add_tables();
      table.set_name(name);
      table.set_create_statement(create);
    }
    co_return response;
  }
  Task<Result<tablet::v1::ApplySchemaResponse>> apply_schema(tablet::v1::ApplySchemaRequest request) {
    tablet::v1::ApplySchemaResponse response;
    epoch = request.epoch();
    for (const std::string& statement : request.statements()) {
      tablet::v1::StatementResult& result = *response.add_results();
      if (statement == refuses) {
        result.set_outcome(tablet::v1::StatementResult::failed);
        result.set_mysql_errno(1064);
        result.set_error("it is wrong");
        break;
      }
      ran.push_back(statement);
      result.set_outcome(tablet::v1::StatementResult::done);
    }
    co_return response;
  }

  runtime::HttpServer http_;
  rpc::Server rpc_{http_};
  runtime::Address address_;
};

/// Both shards of customer are led, each by an agent.
struct Agents {
  FakeAgent lower;
  FakeAgent upper;

  Task<void> lead(Fixture& fixture) {
    co_await fixture.create();
    co_await fixture.add_tablet("zone1-1", "-80", lower.address());
    co_await fixture.add_tablet("zone1-2", "80-", upper.address());
    Fixture::expect(
        co_await fixture.others.set_shard_primary({"customer", "-80"}, {"zone1", 1}, 0, WallTime{}));
    Fixture::expect(
        co_await fixture.others.set_shard_primary({"customer", "80-"}, {"zone1", 2}, 0, WallTime{}));
  }
  Task<void> stop() {
    co_await lower.stop();
    co_await upper.stop();
  }
};

v1::GetSchemaRequest schema_of(const std::string& table = "") {
  v1::GetSchemaRequest request;
  request.set_keyspace("customer");
  request.set_table(table);
  return request;
}

Task<void> check_get_schema(Fixture& fixture) {
  Agents agents;
  co_await agents.lead(fixture);
  agents.lower.tables = {{"a", "CREATE TABLE a (x int) AUTO_INCREMENT=5 CHARSET=utf8mb4"},
                         {"b", "CREATE TABLE b (x int)"},
                         {"c", "CREATE TABLE c (x int)"}};
  agents.upper.tables = {{"a", "CREATE TABLE a (x int) AUTO_INCREMENT=90 CHARSET=utf8mb4"},
                         {"b", "CREATE TABLE b (x bigint)"},
                         {"d", "CREATE TABLE d (x int)"}};
  auto schema = co_await fixture.call<v1::GetSchemaResponse>("GetSchema", schema_of());
  Fixture::expect(schema);
  EXPECT_EQ(schema->tables_size(), 3);
  EXPECT_THAT(schema->differences(), ElementsAre("table b differs between shards -80 and 80-",
                                                 "table c of shard -80 is missing on shard 80-",
                                                 "table d of shard 80- is missing on shard -80"));
  schema = co_await fixture.call<v1::GetSchemaResponse>("GetSchema", schema_of("a"));
  EXPECT_EQ(schema->tables_size(), 1);
  EXPECT_THAT(schema->differences(), IsEmpty()) << "counters differ from shard to shard";
  schema = co_await fixture.call<v1::GetSchemaResponse>("GetSchema", schema_of("z"));
  EXPECT_TRUE(schema.error().is(kUnknownObject)) << schema.error().text();
  co_await agents.stop();
}
TEST(ServiceSchema, ShowsTheTablesAndWhereShardsDiffer) { run(check_get_schema); }

Task<void> check_apply_schema(Fixture& fixture) {
  Agents agents;
  co_await agents.lead(fixture);
  v1::ApplySchemaRequest request;
  request.set_keyspace("customer");
  request.add_statements("create table a (x int); ;\n create table b (x varchar(9) default ';');  ");
  auto applied = co_await fixture.call<v1::ApplySchemaResponse>("ApplySchema", request);
  Fixture::expect(applied);
  EXPECT_THAT(applied->applied_shards(), ElementsAre("customer/-80", "customer/80-"));
  for (FakeAgent* each : {&agents.lower, &agents.upper}) {
    EXPECT_THAT(each->ran, ElementsAre("create table a (x int)",
                                       HasSubstr("create table b (x varchar(9) default ';')")));
    EXPECT_EQ(each->epoch, 1U) << "an agent that knows of a later primary refuses";
  }
  agents.upper.refuses = "create table a (x int)";
  applied = co_await fixture.call<v1::ApplySchemaResponse>("ApplySchema", request);
  EXPECT_TRUE(applied.error().is(kSchemaFailed)) << applied.error().text();
  EXPECT_EQ(applied.error().message(), "shard customer/80-, statement 1: 1064 it is wrong");
  request.clear_statements();
  request.add_statements(" ; ");
  applied = co_await fixture.call<v1::ApplySchemaResponse>("ApplySchema", request);
  EXPECT_THAT(applied.error().message(), HasSubstr("there is no statement to run"));
  co_await agents.stop();
}
TEST(ServiceSchema, RunsDdlOnEveryShard) { run(check_apply_schema); }

Task<void> check_away(Fixture& fixture) {
  Agents agents;
  co_await agents.lead(fixture);
  co_await agents.upper.stop();
  auto schema = co_await fixture.call<v1::GetSchemaResponse>("GetSchema", schema_of());
  EXPECT_TRUE(schema.error().is(kTabletSilent)) << schema.error().text();
  EXPECT_THAT(schema.error().message(),
              HasSubstr("the agent of zone1-2 does not answer at " + agents.upper.address().text()));
  co_await agents.lower.stop();

  Fixture::expect(co_await fixture.others.create_keyspace("commerce", {}, {"-"}));
  v1::GetSchemaRequest unled;
  unled.set_keyspace("commerce");
  schema = co_await fixture.call<v1::GetSchemaResponse>("GetSchema", unled);
  EXPECT_TRUE(schema.error().is(kNoPrimary)) << schema.error().text();
  EXPECT_THAT(schema.error().message(), HasSubstr("shard commerce/- has no primary"));
}
TEST(ServiceSchema, SaysWhichTabletIsSilentOrMissing) { run(check_away); }

Task<void> check_tablets(Fixture& fixture) {
  Agents agents;
  co_await agents.lead(fixture);
  v1::GetTabletRequest show;
  show.set_alias("zone1-0001");
  auto shown = co_await fixture.call<v1::GetTabletResponse>("GetTablet", show);
  Fixture::expect(shown);
  EXPECT_EQ(shown->tablet().record().alias(), "zone1-1");
  EXPECT_TRUE(shown->tablet().alive());
  EXPECT_EQ(shown->status().fields().at("flavour").string_value(), "mariadb");
  v1::PingTabletRequest ping;
  ping.set_alias("zone1-2");
  auto pong = co_await fixture.call<v1::PingTabletResponse>("PingTablet", ping);
  Fixture::expect(pong);
  EXPECT_TRUE(pong->serving());
  EXPECT_GT(pong->milliseconds(), 0.0);
  co_await agents.stop();
  shown = co_await fixture.call<v1::GetTabletResponse>("GetTablet", show);
  Fixture::expect(shown);
  EXPECT_THAT(shown->unreachable(), HasSubstr("KT6002"));
  EXPECT_FALSE(shown->has_status());
  pong = co_await fixture.call<v1::PingTabletResponse>("PingTablet", ping);
  EXPECT_TRUE(pong.error().is(kTabletSilent)) << pong.error().text();
}
TEST(ServiceTablets, ShowsWhatAnAgentSaysOrWhyItDoesNot) { run(check_tablets); }

}  // namespace
}  // namespace kintsugi::control
