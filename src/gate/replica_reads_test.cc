#include "gate/replica_reads.h"

#include <gtest/gtest.h>

namespace kintsugi::gate {
namespace {

TEST(ReplicaReads, ASessionThatHasSeenNothingWaitsForNothing) {
  ReplicaReads reads;
  EXPECT_FALSE(reads.of("customer", "-80").may_be_behind("zone1-101", true));
}

TEST(ReplicaReads, AnotherServerMayBeBehindTheOneThatWasRead) {
  ReplicaReads reads;
  reads.of("customer", "-80").reads("zone1-101", false);
  EXPECT_FALSE(reads.of("customer", "-80").may_be_behind("zone1-101", true));
  EXPECT_TRUE(reads.of("customer", "-80").may_be_behind("zone1-102", false));
  EXPECT_FALSE(reads.of("customer", "80-").may_be_behind("zone1-102", false)) << "shards are by themselves";
}

TEST(ReplicaReads, OwnWritesAreWaitedForOnceAndOnlyByWhoWantsTo) {
  ReplicaReads reads;
  ReplicaReads::Shard& shard = reads.of("customer", "-80");
  shard.wrote = true;
  EXPECT_FALSE(shard.may_be_behind("zone1-101", false));
  EXPECT_TRUE(shard.may_be_behind("zone1-101", true));
  shard.reads("zone1-101", false);
  EXPECT_TRUE(shard.may_be_behind("zone1-101", true)) << "nobody has looked whether it has them";
  shard.reads("zone1-101", true);
  EXPECT_FALSE(shard.may_be_behind("zone1-101", true));
}

}  // namespace
}  // namespace kintsugi::gate
