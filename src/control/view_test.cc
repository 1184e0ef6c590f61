#include "control/view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TabletView tablet(const std::string& alias, topo::v1::TabletType type) {
  TabletView view;
  view.record.set_alias(alias);
  view.record.set_type(type);
  view.alive = view.heard = true;
  view.health.set_type(type);
  view.health.set_serving(true);
  return view;
}

ShardView healthy() {
  ShardView shard;
  shard.keyspace = "customer";
  shard.name = "-80";
  shard.record.set_primary_alias("zone1-101");
  shard.tablets = {tablet("zone1-101", topo::v1::primary), tablet("zone1-102", topo::v1::replica)};
  return shard;
}

TEST(Problems, NoneOfAHealthyShard) { EXPECT_THAT(problems_of(healthy()), IsEmpty()); }

TEST(Problems, NoPrimaryYet) {
  ShardView shard = healthy();
  shard.record.clear_primary_alias();
  shard.tablets[1].alive = false;
  EXPECT_THAT(problems_of(shard),
              Contains(HasSubstr("customer/-80 has no primary yet: 1 of its 2 tablets run")));
}

TEST(Problems, PrimaryGoneSilentOrNotWritable) {
  ShardView shard = healthy();
  shard.tablets[0].alive = false;
  EXPECT_THAT(problems_of(shard), ElementsAre(HasSubstr("the agent of its primary zone1-101 does not run")));
  shard = healthy();
  shard.tablets[0].heard = false;
  EXPECT_THAT(problems_of(shard), ElementsAre(HasSubstr("does not answer control")));
  shard = healthy();
  shard.tablets[0].health.set_serving(false);
  shard.tablets[0].health.set_error("disk full");
  EXPECT_THAT(problems_of(shard), ElementsAre(HasSubstr("does not take writes: disk full")));
  shard = healthy();
  shard.tablets.erase(shard.tablets.begin());
  EXPECT_THAT(problems_of(shard), ElementsAre(HasSubstr("has no record")));
}

TEST(Problems, OfARecordThatCannotBeReadNothingIsKnown) {
  ShardView shard = healthy();
  shard.record.Clear();
  shard.readable = false;
  EXPECT_THAT(problems_of(shard), ElementsAre("the record of shard customer/-80 cannot be read"));
}

TEST(Problems, Replicas) {
  ShardView shard = healthy();
  shard.tablets[1].alive = false;
  EXPECT_THAT(problems_of(shard), ElementsAre(HasSubstr("the agent of zone1-102 does not run")));
  shard = healthy();
  shard.tablets[1].health.mutable_replication()->set_lag_ms(45'000);
  EXPECT_THAT(problems_of(shard), ElementsAre(HasSubstr("zone1-102 is 45 s behind")));
  shard.tablets[1].health.set_error("1236: out of order");
  EXPECT_THAT(problems_of(shard), ElementsAre(HasSubstr("zone1-102: 1236: out of order")));
}

TEST(ClusterView, FindsByName) {
  ClusterView view;
  KeyspaceView keyspace;
  keyspace.name = "customer";
  keyspace.shards = {healthy()};
  view.keyspaces = {keyspace};
  EXPECT_NE(view.shard("customer", "-80"), nullptr);
  EXPECT_EQ(view.shard("customer", "80-"), nullptr);
  EXPECT_EQ(view.shard("x", "-80"), nullptr);
  EXPECT_EQ(view.tablet("zone1-102")->record.type(), topo::v1::replica);
  EXPECT_EQ(view.tablet("zone1-109"), nullptr);
}

}  // namespace
}  // namespace kintsugi::control
