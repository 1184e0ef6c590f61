#include "control/first_primary.h"

#include <gtest/gtest.h>

namespace kintsugi::control {
namespace {

const Time kNow = Time{} + 1h;

Candidate empty_server(std::string alias) {
  return {.alias = std::move(alias),
          .may_be_primary = true,
          .alive = true,
          .answers = true,
          .server_up = true,
          .empty = true};
}

Candidate with_data(std::string alias) {
  Candidate candidate = empty_server(std::move(alias));
  candidate.empty = false;
  candidate.position = "0-101-7";
  return candidate;
}

Candidate silent(std::string alias) {
  Candidate candidate = empty_server(std::move(alias));
  candidate.answers = candidate.server_up = false;
  return candidate;
}

UnledShard shard(std::vector<Candidate> candidates, Duration waited = 0s) {
  const std::size_t expected = candidates.size();
  return {.name = "customer/-80",
          .expected_tablets = expected,
          .waiting_since = kNow - waited,
          .candidates = std::move(candidates)};
}

TEST(FirstPrimary, LowestAliasOfEmptyServers) {
  EXPECT_EQ(decide_first_primary(shard({empty_server("zone1-110"), empty_server("zone1-99")}), kNow).alias,
            "zone1-99");
}

TEST(FirstPrimary, TheOneWithDataWins) {
  EXPECT_EQ(decide_first_primary(shard({empty_server("zone1-101"), with_data("zone1-102")}), kNow).alias,
            "zone1-102");
}

TEST(FirstPrimary, WaitsForASilentTabletAndNotForEver) {
  const auto early = decide_first_primary(shard({empty_server("zone1-101"), silent("zone1-102")}), kNow);
  EXPECT_EQ(early.alias, "");
  EXPECT_FALSE(early.needs_help);
  EXPECT_NE(early.waiting.find("1 of 2"), std::string::npos) << early.waiting;
  const auto late = decide_first_primary(shard({empty_server("zone1-101"), silent("zone1-102")}, 11s), kNow);
  EXPECT_EQ(late.alias, "zone1-101");
}

TEST(FirstPrimary, WaitsForTabletsThatTheSpecPromised) {
  UnledShard one = shard({empty_server("zone1-101")});
  one.expected_tablets = 2;
  EXPECT_EQ(decide_first_primary(one, kNow).alias, "");
}

TEST(FirstPrimary, WithoutAPromiseItSettlesFirst) {
  UnledShard one = shard({empty_server("zone1-102")});
  one.expected_tablets = 0;
  EXPECT_EQ(decide_first_primary(one, kNow).alias, "");
  EXPECT_EQ(decide_first_primary(one, kNow + 1s).alias, "zone1-102");
}

TEST(FirstPrimary, DataOnTwoServersIsAskedOfAPerson) {
  const auto decision = decide_first_primary(shard({with_data("zone1-101"), with_data("zone1-102")}), kNow);
  EXPECT_EQ(decision.alias, "");
  EXPECT_TRUE(decision.needs_help);
  EXPECT_NE(decision.waiting.find("zone1-101, zone1-102"), std::string::npos) << decision.waiting;
}

TEST(FirstPrimary, NeverAnRdonlyOne) {
  Candidate rdonly = empty_server("zone1-100");
  rdonly.may_be_primary = false;
  EXPECT_EQ(decide_first_primary(shard({rdonly, empty_server("zone1-101")}), kNow).alias, "zone1-101");
  EXPECT_EQ(decide_first_primary(shard({rdonly}), kNow).alias, "");
  Candidate rdonly_with_data = with_data("zone1-100");
  rdonly_with_data.may_be_primary = false;
  EXPECT_TRUE(decide_first_primary(shard({rdonly_with_data, empty_server("zone1-101")}), kNow).needs_help);
}

}  // namespace
}  // namespace kintsugi::control
