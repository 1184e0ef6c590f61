#include "gate/routing_use.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::gate {
namespace {

using ::testing::ElementsAre;

TEST(RoutingUse, AnOldVersionLastsAsLongAsWhatWritesByIt) {
  RoutingUse use;
  std::vector<std::uint64_t> told;
  use.follow([&told](std::uint64_t oldest) { told.push_back(oldest); });
  EXPECT_EQ(use.oldest(), 0u);
  {
    const RoutingUse::Hold before_any = use.hold();
  }
  use.set_current(1);
  RoutingUse::Hold first = use.hold(), second = use.hold();
  use.set_current(2);
  RoutingUse::Hold third = use.hold();
  use.set_current(3);
  EXPECT_EQ(use.oldest(), 1u);
  third = {};
  first = {};
  EXPECT_EQ(use.oldest(), 1u);
  second = {};
  EXPECT_EQ(use.oldest(), 3u);
  use.set_current(4);
  EXPECT_THAT(told, ElementsAre(1, 3, 4));
}

TEST(RoutingUse, AHoldMovesWithItsStatement) {
  RoutingUse use;
  use.set_current(1);
  RoutingUse::Hold held;
  {
    RoutingUse::Hold other = use.hold();
    held = std::move(other);
  }
  use.set_current(2);
  EXPECT_EQ(use.oldest(), 1u);
  held = use.hold();
  EXPECT_EQ(use.oldest(), 2u);
}

}  // namespace
}  // namespace kintsugi::gate
