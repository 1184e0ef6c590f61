#include "gate/registration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kintsugi/topo/v1/gate.pb.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "topo/memory_store.h"
#include "topo/records.h"

namespace kintsugi::gate {
namespace {

using ::testing::IsEmpty;

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

Task<std::vector<std::string>> behind(topo::Store& store) {
  const Result<std::vector<std::string>> found = co_await gates_behind(store);
  EXPECT_TRUE(found);
  co_return found.value_or(std::vector<std::string>{"not known"});
}

Task<void> until_behind(topo::Store& store, std::vector<std::string> expected) {
  const Time give_up = Clock::now() + 20s;
  std::vector<std::string> found;
  do {
    found = co_await behind(store);
    if (found == expected) co_return;
  } while (co_await runtime::sleep_for(10ms) && Clock::now() < give_up);
  EXPECT_EQ(found, expected);
}

TEST(Registration, WhoChangesAVSchemaWaitsForEachGate) {
  runtime::Loop loop;
  auto body = []() -> Task<void> {
    topo::MemoryStore store;
    EXPECT_TRUE(co_await store.put(topo::paths::cell("zone1"), "{}"));
    EXPECT_THAT(co_await behind(store), IsEmpty()) << "there is none, and nothing to go by";
    RegisteredGate one(store, "one"), other(store, "other");
    EXPECT_TRUE(co_await one.registration.registered().wait(Clock::now() + 20s));
    EXPECT_TRUE(co_await other.registration.registered().wait(Clock::now() + 20s));
    const Result<topo::Revision> changed = co_await store.put(topo::paths::srv_vschema("zone1"), "{}");
    EXPECT_TRUE(changed);
    one.go_by(*changed);
    co_await until_behind(store, {"other of zone1 (db7:3306)"});
    other.go_by(*changed);
    co_await until_behind(store, {});
    // One that has ended is not waited for.
    EXPECT_TRUE(co_await store.put(topo::paths::srv_vschema("zone1"), "{ }"));
    co_await one.stop();
    co_await other.stop();
    EXPECT_THAT(co_await behind(store), IsEmpty());
  };
  loop.block_on(body());
}

}  // namespace
}  // namespace kintsugi::gate
