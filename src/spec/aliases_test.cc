#include "spec/aliases.h"

#include <gtest/gtest.h>

#include "spec/errors.h"

namespace kintsugi::spec {
namespace {

Keyspace keyspace(const std::string& name, int shards, std::vector<TabletPool> pools) {
  Keyspace out;
  out.name = name;
  out.shards = *topo::equal_ranges(shards);
  out.tablets = std::move(pools);
  return out;
}

TabletPool replicas(int count, const std::string& cell = "zone1", std::vector<std::uint32_t> uids = {}) {
  return {cell, topo::TabletType::replica, count, std::move(uids)};
}

Cluster cluster(std::vector<Keyspace> keyspaces) {
  Cluster out;
  out.keyspaces = std::move(keyspaces);
  return out;
}

std::string names(const Cluster& of, AliasBook& book) {
  const Result<std::vector<Tablet>> tablets = assign_aliases(of, book);
  if (!tablets) return tablets.error().message();
  std::string out;
  for (const Tablet& each : *tablets) out += each.slot.shard.text() + ' ' + each.alias.text() + '\n';
  return out;
}

TEST(Aliases, ShardByShardFrom101) {
  AliasBook book;
  EXPECT_EQ(
      names(cluster({keyspace("commerce", 1, {replicas(2)}), keyspace("customer", 2, {replicas(2)})}), book),
      "commerce/- zone1-101\ncommerce/- zone1-102\ncustomer/-80 zone1-103\ncustomer/-80 zone1-104\n"
      "customer/80- zone1-105\ncustomer/80- zone1-106\n");
}

TEST(Aliases, StayWhenTheSpecChanges) {
  AliasBook book;
  names(cluster({keyspace("a", 1, {replicas(2)}), keyspace("b", 1, {replicas(1)})}), book);
  // A keyspace in front, a replica more, another cell.
  EXPECT_EQ(
      names(cluster({keyspace("new", 1, {replicas(1)}), keyspace("a", 1, {replicas(3), replicas(1, "zone2")}),
                     keyspace("b", 1, {replicas(1)})}),
            book),
      "new/- zone1-104\na/- zone1-101\na/- zone1-102\na/- zone1-105\na/- zone2-101\nb/- zone1-103\n");
  // What went away keeps its number, and gets it again when it comes back.
  EXPECT_EQ(names(cluster({keyspace("c", 1, {replicas(1)})}), book), "c/- zone1-106\n");
  EXPECT_EQ(names(cluster({keyspace("a", 1, {replicas(1)})}), book), "a/- zone1-101\n");
}

TEST(Aliases, NumbersOfTheSpecWin) {
  AliasBook book;
  EXPECT_EQ(
      names(cluster({keyspace("a", 2, {replicas(1, "zone1", {7, 300})}), keyspace("b", 1, {replicas(1)})}),
            book),
      "a/-80 zone1-7\na/80- zone1-300\nb/- zone1-301\n");
  EXPECT_EQ(names(cluster({keyspace("d", 1, {replicas(1, "zone1", {300})})}), book),
            "the spec gives zone1-300 to d/-/zone1/replica/0, but it is the tablet of a/80-/zone1/replica/0");
}

}  // namespace
}  // namespace kintsugi::spec
