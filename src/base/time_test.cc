#include "base/time.h"

#include <gtest/gtest.h>

namespace kintsugi {
namespace {

TEST(Time, Rfc3339) {
  const WallTime time{std::chrono::milliseconds(1646818498123)};
  EXPECT_EQ(to_rfc3339(time), "2022-03-09T09:34:58Z");
  EXPECT_EQ(to_rfc3339(time, true), "2022-03-09T09:34:58.123Z");
}

}  // namespace
}  // namespace kintsugi
