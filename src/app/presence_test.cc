#include "app/presence.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/loop.h"
#include "runtime/timer.h"
#include "topo/memory_store.h"

namespace kintsugi::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names(const admin::StatusSection& section) {
  std::vector<std::string> all;
  for (const auto& row : section.rows) all.push_back(row.at(0).text + " " + row.at(0).link);
  return all;
}

/// Asks until the processes are these.
Task<bool> comes_to_see(Presence& presence, std::vector<std::string> expected) {
  const Time limit = Clock::now() + 20s;
  while (Clock::now() < limit) {
    const admin::StatusSection section = co_await presence.others();
    if (names(section) == expected) co_return true;
    co_await runtime::sleep_for(5ms);
  }
  co_return false;
}

TEST(Presence, EachKnowsTheOthersAndThoseThatWentAreGone) {
  runtime::Loop loop;
  auto body = []() -> Task<void> {
    topo::MemoryStore store;
    Presence gate(store);
    Presence control(store);
    gate.start({"gate", "gate-1", "zone1", "h:15001", "h:15306", "1"});
    control.start({"control", "control-1", "", "h:15000", "", "1"});
    std::vector<std::string> for_gate{"control-1 http://h:15000/debug/status"};
    std::vector<std::string> for_control{"gate-1 http://h:15001/debug/status"};
    const bool gate_sees = co_await comes_to_see(gate, std::move(for_gate));
    const bool control_sees = co_await comes_to_see(control, std::move(for_control));
    EXPECT_TRUE(gate_sees);
    EXPECT_TRUE(control_sees);
    co_await gate.stop();
    const admin::StatusSection left = co_await control.others();
    EXPECT_TRUE(left.rows.empty());
    co_await control.stop();
  };
  loop.block_on(body());
}

TEST(Presence, WithoutTheTopologyTheLastKnownAreShown) {
  runtime::Loop loop;
  auto body = []() -> Task<void> {
    topo::MemoryStore store;
    Presence gate(store);
    Presence control(store);
    gate.start({"gate", "gate-1", "zone1", "h:15001", "h:15306", "1"});
    std::vector<std::string> expected{"gate-1 http://h:15001/debug/status"};
    const bool seen = co_await comes_to_see(control, std::move(expected));
    EXPECT_TRUE(seen);
    store.set_available(false);
    const admin::StatusSection section = co_await control.others();
    EXPECT_THAT(names(section), ElementsAre("gate-1 http://h:15001/debug/status"));
    EXPECT_THAT(section.note, HasSubstr("cannot be reached"));
    store.set_available(true);
    co_await gate.stop();
  };
  loop.block_on(body());
}

}  // namespace
}  // namespace kintsugi::app
