#include "local/changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local/errors.h"

namespace kintsugi::local {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

spec::Keyspace keyspace(const std::string& name, const std::vector<std::string>& shards, int replicas = 2) {
  spec::Keyspace out;
  out.name = name;
  for (const std::string& each : shards) out.shards.push_back(*topo::KeyRange::parse(each));
  out.tablets = {{"zone1", topo::TabletType::replica, replicas, {}}};
  return out;
}

spec::Cluster cluster(std::vector<spec::Keyspace> keyspaces, const std::string& name = "shop") {
  spec::Cluster out;
  out.name = name;
  out.keyspaces = std::move(keyspaces);
  return out;
}

Observed serving(const std::vector<std::string>& shards) {
  Observed out;
  for (const std::string& each : shards) out.serving.insert(*topo::ShardName::parse(each));
  return out;
}

std::vector<std::string> texts(const std::vector<topo::ShardName>& shards) {
  std::vector<std::string> out;
  for (const topo::ShardName& each : shards) out.push_back(each.text());
  return out;
}

std::vector<std::string> shards_of(const SpecChange& change, const std::string& name) {
  std::vector<std::string> out;
  for (const topo::KeyRange& each : change.cluster.keyspace(name)->shards) out.push_back(each.text());
  return out;
}

TEST(DecideChange, AFirstSpecIsAllNew) {
  const Result<SpecChange> change =
      decide_change(nullptr, cluster({keyspace("a", {"-80", "80-"})}), {}, false);
  ASSERT_TRUE(change.has_value());
  EXPECT_THAT(texts(change->new_shards), ElementsAre("a/-80", "a/80-"));
  EXPECT_THAT(change->notes, IsEmpty());
}

TEST(DecideChange, TheSameAgainChangesNothing) {
  const spec::Cluster same = cluster({keyspace("a", {"-80", "80-"})});
  const Result<SpecChange> change = decide_change(&same, same, serving({"a/-80", "a/80-"}), false);
  ASSERT_TRUE(change.has_value());
  EXPECT_EQ(change->cluster, same);
  EXPECT_THAT(change->new_shards, IsEmpty());
  EXPECT_THAT(change->removed_shards, IsEmpty());
}

TEST(DecideChange, AKeyspaceMoreLeavesTheOthers) {
  const spec::Cluster before = cluster({keyspace("a", {"-"})});
  const Result<SpecChange> change =
      decide_change(&before, cluster({keyspace("b", {"-"}), keyspace("a", {"-"})}), serving({"a/-"}), false);
  ASSERT_TRUE(change.has_value());
  EXPECT_THAT(texts(change->new_shards), ElementsAre("b/-"));
  EXPECT_THAT(change->removed_keyspaces, IsEmpty());
}

TEST(DecideChange, AKeyspaceIsOnlyRemovedWhenDataMayGo) {
  const spec::Cluster before = cluster({keyspace("a", {"-"}), keyspace("b", {"-80", "80-"})});
  const spec::Cluster wanted = cluster({keyspace("a", {"-"})});
  const Observed observed = serving({"a/-", "b/-80", "b/80-"});
  const Result<SpecChange> refused = decide_change(&before, wanted, observed, false);
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(kRefusedChange));
  EXPECT_THAT(refused.error().message(), HasSubstr("keyspace b"));
  EXPECT_THAT(refused.error().message(), HasSubstr("--allow-data-loss"));
  const Result<SpecChange> change = decide_change(&before, wanted, observed, true);
  ASSERT_TRUE(change.has_value());
  EXPECT_THAT(change->removed_keyspaces, ElementsAre("b"));
  EXPECT_THAT(texts(change->removed_shards), ElementsAre("b/-80", "b/80-"));
}

TEST(DecideChange, ShardsCutDifferentlyWaitBesideTheOldOnes) {
  const spec::Cluster before = cluster({keyspace("a", {"-"})});
  const Result<SpecChange> change =
      decide_change(&before, cluster({keyspace("a", {"-80", "80-"})}), serving({"a/-"}), false);
  ASSERT_TRUE(change.has_value());
  EXPECT_THAT(texts(change->waiting_shards), ElementsAre("a/-80", "a/80-"));
  EXPECT_THAT(change->retained_shards, ElementsAre("a/-"));
  EXPECT_THAT(change->removed_shards, IsEmpty());
  EXPECT_THAT(shards_of(*change, "a"), testing::UnorderedElementsAre("-", "-80", "80-"));
  ASSERT_EQ(change->notes.size(), 1u);
  EXPECT_THAT(change->notes[0], HasSubstr("reshard"));
}

TEST(DecideChange, OldShardsGoOnceTheyNoLongerServe) {
  // As the change above left it, after traffic was moved.
  const spec::Cluster before = cluster({keyspace("a", {"-", "-80", "80-"})});
  const Result<SpecChange> change =
      decide_change(&before, cluster({keyspace("a", {"-80", "80-"})}), serving({"a/-80", "a/80-"}), false);
  ASSERT_TRUE(change.has_value());
  EXPECT_THAT(texts(change->removed_shards), ElementsAre("a/-"));
  EXPECT_THAT(change->retained_shards, IsEmpty());
  EXPECT_THAT(shards_of(*change, "a"), testing::UnorderedElementsAre("-80", "80-"));
}

TEST(DecideChange, AnotherClustersSpecIsRefused) {
  const spec::Cluster before = cluster({}, "shop");
  const Result<SpecChange> change = decide_change(&before, cluster({}, "blog"), {}, true);
  ASSERT_FALSE(change.has_value());
  EXPECT_THAT(change.error().message(), HasSubstr("'shop'"));
}

spec::AliasBook three_replicas() {
  return {{"a/-/zone1/replica/0", {"zone1", 101}},
          {"a/-/zone1/replica/1", {"zone1", 102}},
          {"a/-/zone1/replica/2", {"zone1", 103}}};
}

TEST(KeepPrimaries, ThePrimaryTakesThePlaceOfOneThatStays) {
  Observed observed;
  observed.primaries[{"a", "-"}] = {"zone1", 103};
  spec::AliasBook book = three_replicas();
  keep_primaries(cluster({keyspace("a", {"-"}, 2)}), observed, book);
  EXPECT_EQ(book["a/-/zone1/replica/0"].uid, 103u);
  EXPECT_EQ(book["a/-/zone1/replica/2"].uid, 101u);
}

TEST(KeepPrimaries, NothingMovesWhenThePrimaryStaysAnyway) {
  Observed observed;
  observed.primaries[{"a", "-"}] = {"zone1", 102};
  spec::AliasBook book = three_replicas();
  keep_primaries(cluster({keyspace("a", {"-"}, 2)}), observed, book);
  EXPECT_EQ(book, three_replicas());
}

TEST(DiffProcesses, StartsRestartsStopsAndKeeps) {
  const auto plan = [](const std::string& name, const std::string& option) {
    ProcessPlan out;
    out.name = name;
    out.command = {"program", option};
    return out;
  };
  const std::vector<ProcessPlan> desired = {plan("same", "a"), plan("changed", "new"), plan("fresh", "a")};
  const ProcessChanges changes = diff_processes(desired, {{"same", plan("same", "a").fingerprint()},
                                                          {"changed", plan("changed", "old").fingerprint()},
                                                          {"gone", "whatever"}});
  EXPECT_THAT(changes.keep, ElementsAre("same"));
  EXPECT_THAT(changes.restart, ElementsAre("changed"));
  EXPECT_THAT(changes.start, ElementsAre("fresh"));
  EXPECT_THAT(changes.stop, ElementsAre("gone"));
}

}  // namespace
}  // namespace kintsugi::local
