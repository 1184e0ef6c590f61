#include "tablet/lag.h"

#include <gtest/gtest.h>

namespace kintsugi::tablet {
namespace {

ReplicationState state(ThreadState io, ThreadState sql, std::optional<std::uint32_t> behind,
                       bool applied_all) {
  ReplicationState s;
  s.io_thread = io;
  s.sql_thread = sql;
  s.seconds_behind = behind;
  s.applied_all = applied_all;
  return s;
}

TEST(LagMeter, FollowsTheServerAndGrowsWithoutAConnection) {
  constexpr auto kRunning = ThreadState::running;
  LagMeter meter;
  const Time start{};
  EXPECT_EQ(meter.observe(state(ThreadState::connecting, kRunning, std::nullopt, true), start), std::nullopt);
  EXPECT_EQ(meter.observe(state(kRunning, kRunning, 3, false), start), 3000u);
  // The server counts in seconds of the primary's clock; what is applied is applied.
  EXPECT_EQ(meter.observe(state(kRunning, kRunning, 3, true), start + 1s), 0u);
  EXPECT_EQ(meter.observe(state(ThreadState::connecting, kRunning, std::nullopt, true), start + 3500ms),
            2500u);
  EXPECT_EQ(meter.observe(state(kRunning, ThreadState::stopped, std::nullopt, false), start + 5s), 4000u);
  EXPECT_EQ(meter.observe(state(kRunning, kRunning, 0, false), start + 6s), 0u);
  meter.reset();
  EXPECT_EQ(meter.observe(state(ThreadState::connecting, kRunning, std::nullopt, true), start + 7s),
            std::nullopt);
}

}  // namespace
}  // namespace kintsugi::tablet
