#include "control/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/errors.h"
#include "control/testing/service_fixture.h"

namespace kintsugi::control {
namespace {

using testing::run;
using Fixture = testing::ServiceFixture;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

template <class T>
v1::GetKeyspaceRequest named(const T& name) {
  v1::GetKeyspaceRequest request;
  request.set_name(name);
  return request;
}

Task<void> check_own_writes(Fixture& fixture) {
  const Result<v1::GetKeyspaceResponse> made = co_await fixture.create_keyspace("customer", {"80-", "-80"});
  Fixture::expect(made);
  EXPECT_EQ(made->keyspace().shards_size(), 2);
  EXPECT_EQ(made->keyspace().shards(0).name(), "-80");
  EXPECT_TRUE(made->keyspace().sharded());
  const auto listed =
      co_await fixture.call<v1::ListKeyspacesResponse>("ListKeyspaces", v1::ListKeyspacesRequest());
  EXPECT_THAT(listed->keyspaces(), SizeIs(1));
  v1::DeleteKeyspaceRequest remove;
  remove.set_name("customer");
  Fixture::expect(co_await fixture.call<v1::DeleteKeyspaceResponse>("DeleteKeyspace", remove));
  const auto gone =
      co_await fixture.call<v1::ListKeyspacesResponse>("ListKeyspaces", v1::ListKeyspacesRequest());
  EXPECT_THAT(gone->keyspaces(), IsEmpty());
}
TEST(Service, ACallerSeesWhatItWrote) { run(check_own_writes); }

// Of each method the reads that its answer is made of, each once.
Task<void> check_reads(Fixture& fixture) {
  co_await fixture.create();
  co_await fixture.add_tablet("zone1-1", "-80", runtime::Address::tcp("127.0.0.1", 1));
  Fixture::expect(co_await fixture.call<v1::GetClusterResponse>("GetCluster", v1::GetClusterRequest()));
  EXPECT_THAT(fixture.link.calls, ElementsAre("list "));
  Fixture::expect(co_await fixture.call<v1::ListCellsResponse>("ListCells", v1::ListCellsRequest()));
  EXPECT_THAT(fixture.link.calls, ElementsAre("list "));
  Fixture::expect(co_await fixture.call<v1::GetKeyspaceResponse>("GetKeyspace", named("customer")));
  EXPECT_THAT(fixture.link.calls, ElementsAre("list global/keyspaces/customer/", "list local/"));
  v1::ListShardsRequest shards;
  shards.set_keyspace("customer");
  Fixture::expect(co_await fixture.call<v1::ListShardsResponse>("ListShards", shards));
  EXPECT_THAT(fixture.link.calls, ElementsAre("list global/keyspaces/customer/", "list local/"));
  v1::GetShardRequest shard;
  shard.set_shard("customer/-80");
  Fixture::expect(co_await fixture.call<v1::GetShardResponse>("GetShard", shard));
  EXPECT_THAT(fixture.link.calls,
              ElementsAre("list global/keyspaces/customer/shards/-80/Shard", "list local/"));
  v1::ListTabletsRequest tablets;
  tablets.set_cell("zone1");
  Fixture::expect(co_await fixture.call<v1::ListTabletsResponse>("ListTablets", tablets));
  EXPECT_THAT(fixture.link.calls, ElementsAre("list local/zone1/tablets/"));
  v1::GetTabletRequest tablet;
  tablet.set_alias("zone1-1");
  Fixture::expect(co_await fixture.call<v1::GetTabletResponse>("GetTablet", tablet));
  EXPECT_THAT(fixture.link.calls, ElementsAre("list local/zone1/tablets/zone1-1/"));
  v1::CheckVSchemaRequest check;
  check.set_keyspace("customer");
  check.set_vschema_json("{}");
  Fixture::expect(co_await fixture.call<v1::CheckVSchemaResponse>("CheckVSchema", check));
  EXPECT_THAT(fixture.link.calls, ElementsAre("list global/keyspaces/"));
}
TEST(Service, ReadsWhatItAnswersAndNoMore) { run(check_reads); }

Task<void> check_pictures(Fixture& fixture) {
  co_await fixture.create();
  co_await fixture.add_tablet("zone1-10", "-80");
  co_await fixture.add_tablet("zone1-9", "-80");
  co_await fixture.add_tablet("zone2-1", "80-");
  Fixture::expect(co_await fixture.store.put("local/zone1/tablets/zone1-5/Tablet",
                                             R"({"alias": "zone1-5", "keyspace": "gone", "shard": "-"})"));
  const auto cells = co_await fixture.call<v1::ListCellsResponse>("ListCells", v1::ListCellsRequest());
  EXPECT_THAT(cells->cells(), SizeIs(1)) << "zone2 has no record";
  EXPECT_EQ(cells->cells(0).tablets(), 3U);
  const auto all = co_await fixture.call<v1::ListTabletsResponse>("ListTablets", v1::ListTabletsRequest());
  std::vector<std::string> aliases;
  for (const v1::TabletInfo& each : all->tablets()) aliases.push_back(each.record().alias());
  EXPECT_THAT(aliases, ElementsAre("zone1-9", "zone1-10", "zone2-1", "zone1-5"));
  v1::ListTabletsRequest filtered;
  filtered.set_keyspace("customer");
  filtered.set_shard("80-");
  const auto some = co_await fixture.call<v1::ListTabletsResponse>("ListTablets", filtered);
  EXPECT_THAT(some->tablets(), SizeIs(1));

  fixture.leader.clear();
  const auto cluster = co_await fixture.call<v1::GetClusterResponse>("GetCluster", v1::GetClusterRequest());
  EXPECT_EQ(cluster->name(), "test");
  EXPECT_FALSE(cluster->leader());
  EXPECT_THAT(cluster->problems(),
              ElementsAre(HasSubstr("no control leads"),
                          HasSubstr("tablet zone1-5 belongs to shard gone/-, which does not exist"),
                          HasSubstr("customer/-80 has no primary yet: 2 of its 2 tablets run"),
                          HasSubstr("customer/80- has no primary yet")));
}
TEST(Service, ShowsTheCluster) { run(check_pictures); }

template <class Response>
void expect_unknown(const Result<Response>& answer, const char* what) {
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().is(kUnknownObject)) << answer.error().text();
  EXPECT_EQ(answer.error().message(), what);
}

Task<void> check_unknown(Fixture& fixture) {
  co_await fixture.create();
  expect_unknown(co_await fixture.call<v1::GetKeyspaceResponse>("GetKeyspace", named("x")),
                 "there is no keyspace x");
  v1::ListShardsRequest shards;
  shards.set_keyspace("x");
  expect_unknown(co_await fixture.call<v1::ListShardsResponse>("ListShards", shards),
                 "there is no keyspace x");
  v1::GetShardRequest shard;
  shard.set_shard("customer/-40");
  expect_unknown(co_await fixture.call<v1::GetShardResponse>("GetShard", shard),
                 "there is no shard customer/-40");
  v1::PingTabletRequest tablet;
  tablet.set_alias("zone1-7");
  expect_unknown(co_await fixture.call<v1::PingTabletResponse>("PingTablet", tablet),
                 "there is no tablet zone1-7");
  tablet.set_alias("zone");
  const auto no_alias = co_await fixture.call<v1::PingTabletResponse>("PingTablet", tablet);
  EXPECT_TRUE(no_alias.error().is(topo::kBadName)) << no_alias.error().text();
  v1::GetVSchemaRequest vschema;
  vschema.set_keyspace("x");
  expect_unknown(co_await fixture.call<v1::GetVSchemaResponse>("GetVSchema", vschema),
                 "there is no keyspace x");
  v1::CheckVSchemaRequest check;
  check.set_keyspace("x");
  expect_unknown(co_await fixture.call<v1::CheckVSchemaResponse>("CheckVSchema", check),
                 "there is no keyspace x");
  v1::DeleteKeyspaceRequest remove;
  remove.set_name("x");
  expect_unknown(co_await fixture.call<v1::DeleteKeyspaceResponse>("DeleteKeyspace", remove),
                 "there is no keyspace x");
}
TEST(Service, SaysWhatThereIsNot) { run(check_unknown); }

Task<void> check_refusals(Fixture& fixture) {
  auto made = co_await fixture.create_keyspace("customer", {"-80"});
  EXPECT_TRUE(made.error().is(topo::kBadPartition)) << made.error().text();
  made = co_await fixture.create_keyspace("mysql", {});
  EXPECT_TRUE(made.error().is(topo::kBadName)) << made.error().text();
  const Result<std::vector<topo::Node>> nothing = co_await fixture.store.list("");
  EXPECT_THAT(*nothing, IsEmpty()) << "what was refused left something behind";
  co_await fixture.create();
  made = co_await fixture.create_keyspace("customer", {"-80", "80-"});
  EXPECT_TRUE(made.error().is(topo::kNodeExists)) << made.error().text();

  co_await fixture.add_tablet("zone1-1", "-80");
  v1::DeleteKeyspaceRequest remove;
  remove.set_name("customer");
  const auto refused = co_await fixture.call<v1::DeleteKeyspaceResponse>("DeleteKeyspace", remove);
  EXPECT_TRUE(refused.error().is(topo::kNotEmpty));
  EXPECT_THAT(refused.error().message(),
              HasSubstr("keyspace customer has 1 tablets: take it out of the cluster spec"));
  remove.set_recursive(true);
  Fixture::expect(co_await fixture.call<v1::DeleteKeyspaceResponse>("DeleteKeyspace", remove));
}
TEST(Service, RefusesWhatCannotBe) { run(check_refusals); }

Task<void> check_vschema(Fixture& fixture) {
  co_await fixture.create();
  Fixture::expect(co_await fixture.others.rebuild_serving());
  fixture.leader.clear();
  const auto applied = co_await fixture.apply_vschema(
      R"({"sharded": true, "vindexes": {"h": {"type": "hash"}}, "tables": {"t": {"column_vindexes": [{"column": "a", "name": "h"}]}}})");
  Fixture::expect(applied);
  const std::string serving = co_await fixture.value("local/zone1/SrvVSchema");
  EXPECT_THAT(serving, HasSubstr("column_vindexes")) << "gates read it, though nobody leads";
  v1::GetVSchemaRequest ask;
  ask.set_keyspace("customer");
  auto shown = co_await fixture.call<v1::GetVSchemaResponse>("GetVSchema", ask);
  EXPECT_EQ(shown->vschema_json(), applied->vschema_json());

  auto refused = co_await fixture.apply_vschema(R"({"sharded": true, "tables": {"t": {}}})");
  EXPECT_THAT(refused.error().message(), HasSubstr("nothing says how the table is sharded"));
  refused = co_await fixture.apply_vschema("{");
  EXPECT_FALSE(refused);
  shown = co_await fixture.call<v1::GetVSchemaResponse>("GetVSchema", ask);
  EXPECT_EQ(shown->vschema_json(), applied->vschema_json());

  Fixture::expect(co_await fixture.store.put("global/keyspaces/customer/VSchema", "by hand: {"));
  shown = co_await fixture.call<v1::GetVSchemaResponse>("GetVSchema", ask);
  EXPECT_TRUE(shown.error().is(topo::kBadRecord)) << shown.error().text();
  const std::string functions = R"({"sharded": true, "functions": {"f": {"tables": ["t"]}}})";
  Fixture::expect(co_await fixture.apply_vschema(functions));
  const auto kept = co_await fixture.apply_vschema(R"({"sharded": true})");
  EXPECT_THAT(kept->vschema_json(), HasSubstr(R"("f": {"tables": ["t"]})")) << "what servers have stays";
}
TEST(Service, AVSchemaIsReadByGatesOnceItIsApplied) { run(check_vschema); }

Task<void> check_away(Fixture& fixture) {
  co_await fixture.create();
  fixture.link.cut();
  const auto listed =
      co_await fixture.call<v1::ListKeyspacesResponse>("ListKeyspaces", v1::ListKeyspacesRequest());
  EXPECT_TRUE(listed.error().is(topo::kStoreUnavailable)) << listed.error().text();
  const auto made = co_await fixture.create_keyspace("commerce", {});
  EXPECT_TRUE(made.error().is(topo::kStoreUnavailable)) << made.error().text();
  const auto applied = co_await fixture.apply_vschema("{}");
  EXPECT_TRUE(applied.error().is(topo::kStoreUnavailable)) << applied.error().text();
}
TEST(Service, SaysThatTheStoreIsAway) { run(check_away); }

}  // namespace
}  // namespace kintsugi::control
