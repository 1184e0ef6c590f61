#include "gate/registration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/errors.h"
#include "kintsugi/topo/v1/gate.pb.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "topo/memory_store.h"
#include "topo/records.h"

namespace kintsugi::gate {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct RegisteredGate {
  RegisteredGate(topo::Store& store, std::string name)
      : registration(store, {"zone1", name, "db7", 3306}, [this] { return revision; }) {
    tasks.spawn(registration.run(tasks.cancel()));
  }
  void go_by(topo::Revision now) {
    revision = now;
    registration.note_change();
  }
  Task<void> stop() {
    tasks.cancel().request();
    co_await tasks.join();
  }

  topo::Revision revision = 0;
  Registration registration;
  runtime::TaskGroup tasks;
};

TEST(Registration, WhoChangesAVSchemaWaitsForEachGate) {
  runtime::Loop loop;
  auto body = []() -> Task<void> {
    topo::MemoryStore store;
    EXPECT_TRUE(co_await store.put(topo::paths::cell("zone1"), "{}"));
    EXPECT_TRUE(co_await wait_for_gates(store, 0s)) << "there is none, and nothing to go by";
    RegisteredGate one(store, "one"), other(store, "other");
    EXPECT_TRUE(co_await one.registration.registered().wait(Clock::now() + 20s));
    EXPECT_TRUE(co_await other.registration.registered().wait(Clock::now() + 20s));
    const Result<topo::Revision> changed = co_await store.put(topo::paths::srv_vschema("zone1"), "{}");
    EXPECT_TRUE(changed);
    one.go_by(*changed);
    const Result<void> behind = co_await wait_for_gates(store, 200ms);
    EXPECT_TRUE(!behind && behind.error().is(kGatesBehind));
    if (!behind)
      EXPECT_THAT(behind.error().text(),
                  AllOf(HasSubstr("other of zone1 (db7:3306)"), Not(HasSubstr("one of"))));
    other.go_by(*changed);
    const Result<void> kept = co_await wait_for_gates(store, 20s);
    EXPECT_TRUE(kept) << kept.error().text();
    // One that has ended is not waited for.
    EXPECT_TRUE(co_await store.put(topo::paths::srv_vschema("zone1"), "{ }"));
    co_await one.stop();
    co_await other.stop();
    EXPECT_TRUE(co_await wait_for_gates(store, 0s));
  };
  loop.block_on(body());
}

}  // namespace
}  // namespace kintsugi::gate
