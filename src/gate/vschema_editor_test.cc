#include "gate/vschema_editor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "admin/metrics.h"
#include "exec/errors.h"
#include "gate/errors.h"
#include "kintsugi/topo/v1/gate.pb.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "runtime/cancel.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "topo/memory_store.h"
#include "topo/records.h"
#include "topo/testing/linked_store.h"
#include "topo/topo_server.h"
#include "vschema/watcher.h"

namespace kintsugi::gate {
namespace {

using plan::VSchemaEdit;
using ::testing::HasSubstr;

/// As much of a gate as changes the vschema and follows it.
struct OneGate {
  explicit OneGate(topo::Store& topology)
      : store(topology),
        watcher(topology, "zone1", [this](std::shared_ptr<const vschema::Snapshot> snapshot) {
          worker.set_routing(std::move(snapshot));
        }) {
    watcher.start();
  }

  const vschema::Table* table(const std::string& name) {
    const auto& routing = worker.backends().routing();
    const vschema::Keyspace* keyspace = routing ? routing->find_keyspace("customer") : nullptr;
    return keyspace == nullptr ? nullptr : keyspace->find_table(name);
  }
  Task<Result<void>> apply(VSchemaEdit edit) {
    const std::vector<VSchemaEdit> edits = {std::move(edit)};
    Result<void> done = co_await editor.apply(edits, nullptr);
    co_return done;
  }

  topo::Store& store;
  admin::Metrics metrics;
  GateShared shared{{}, metrics};
  Worker worker{shared, runtime::Loop::current(), 0};
  TopologyEditor editor{worker, runtime::Loop::current(), &store};
  vschema::Watcher watcher;
};

/// A topology that a control has derived once and then left, and two gates.
struct Fixture {
  topo::MemoryStore store;
  topo::testing::LinkedStore link{store};
  std::unique_ptr<OneGate> one;
  std::unique_ptr<OneGate> other;

  Task<void> create() {
    topo::TopoServer server(store);
    const Result<void> cell = co_await server.put_cell("zone1", {});
    const Result<void> keyspace = co_await server.create_keyspace("customer", {}, {"-80", "80-"});
    const Result<topo::Revision> vschema =
        co_await store.put("global/keyspaces/customer/VSchema", R"({"sharded": true})");
    const auto derived = co_await server.rebuild_serving();
    EXPECT_TRUE(cell && keyspace && vschema && derived);
    one = std::make_unique<OneGate>(link);
    other = std::make_unique<OneGate>(store);
    const bool routed = co_await until([this] {
      return one->worker.backends().routing() != nullptr && other->worker.backends().routing() != nullptr;
    });
    EXPECT_TRUE(routed);
  }
  Task<void> stop() {
    co_await one->watcher.stop();
    co_await other->watcher.stop();
  }
  static Task<bool> until(std::function<bool()> condition) {
    const Time limit = Clock::now() + 20s;
    while (!condition()) {
      if (Clock::now() >= limit) co_return false;
      co_await runtime::sleep_for(1ms);
    }
    co_return true;
  }
};

VSchemaEdit add(const std::string& table) {
  VSchemaEdit edit;
  edit.keyspace = "customer";
  edit.table = table;
  edit.columns = {"customer_id"};
  edit.vindex = edit.vindex_type = "hash";
  return edit;
}

VSchemaEdit of_kind(VSchemaEdit::Kind kind, const std::string& table, const std::string& new_name = "") {
  VSchemaEdit edit;
  edit.kind = kind;
  edit.keyspace = "customer";
  edit.table = table;
  edit.new_name = new_name;
  return edit;
}

void run(Task<void> (*body)(Fixture&)) {
  runtime::Loop loop;
  Fixture fixture;
  auto whole = [](Fixture& each, Task<void> (*test)(Fixture&)) -> Task<void> {
    co_await each.create();
    co_await test(each);
    co_await each.stop();
    each.one.reset();
    each.other.reset();
  };
  loop.block_on(whole(fixture, body));
}

Task<void> check_followed(Fixture& fixture) {
  Result<void> done = co_await fixture.one->apply(add("note"));
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_NE(fixture.one->table("note"), nullptr);
  bool followed = co_await Fixture::until([&] { return fixture.other->table("note") != nullptr; });
  EXPECT_TRUE(followed);
  EXPECT_EQ(fixture.other->table("note")->vindexes.at(0).columns.at(0), "customer_id");

  done = co_await fixture.other->apply(of_kind(VSchemaEdit::Kind::kRenameTable, "note", "remark"));
  EXPECT_TRUE(done) << done.error().text();
  followed = co_await Fixture::until([&] { return fixture.one->table("remark") != nullptr; });
  EXPECT_TRUE(followed);
  EXPECT_EQ(fixture.one->table("note"), nullptr);
  done = co_await fixture.one->apply(of_kind(VSchemaEdit::Kind::kDropTable, "remark"));
  EXPECT_TRUE(done) << done.error().text();
  followed = co_await Fixture::until([&] { return fixture.other->table("remark") == nullptr; });
  EXPECT_TRUE(followed);
}
TEST(TopologyEditor, EveryGateFollowsThoughNoControlRuns) { run(check_followed); }

/// CREATE OR REPLACE TABLE: gates may hear of both edits at once, and the table that they knew is not the new
/// one.
Task<void> check_replaced(Fixture& fixture) {
  Result<void> done = co_await fixture.one->apply(add("note"));
  EXPECT_TRUE(done) << done.error().text();
  VSchemaEdit again = add("note");
  again.columns = {"note_id"};
  const std::vector<VSchemaEdit> edits = {of_kind(VSchemaEdit::Kind::kDropTable, "note"), again};
  done = co_await fixture.one->editor.apply(edits, nullptr);
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(fixture.one->table("note")->vindexes.at(0).columns.at(0), "note_id");
  // The same once more changes nothing that anybody could hear of.
  done = co_await fixture.one->editor.apply(edits, nullptr);
  EXPECT_TRUE(done) << done.error().text();
}
TEST(TopologyEditor, ReplacesATable) { run(check_replaced); }

Task<void> check_functions(Fixture& fixture) {
  VSchemaEdit edit = of_kind(VSchemaEdit::Kind::kWidenFunction, "total");
  edit.function = {.tables = {"note"}, .calls = {"part"}, .aggregate = true};
  const auto known_to = [](OneGate& gate) {
    return gate.worker.backends().routing()->find_keyspace("customer")->functions();
  };
  const std::map<std::string, vschema::FunctionSpec> wanted = {{"total", edit.function}};
  Result<void> done = co_await fixture.one->apply(edit);
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(known_to(*fixture.one), wanted);
  bool followed = co_await Fixture::until([&] { return known_to(*fixture.other) == wanted; });
  EXPECT_TRUE(followed);
  edit.kind = VSchemaEdit::Kind::kSetFunction;
  edit.function = {};
  done = co_await fixture.other->apply(edit);
  EXPECT_TRUE(done) << done.error().text();
  followed = co_await Fixture::until([&] { return known_to(*fixture.one).empty(); });
  EXPECT_TRUE(followed);
}
TEST(TopologyEditor, EveryGateKnowsWhatFunctionsRead) { run(check_functions); }

/// A gate that goes by nothing new: who stops waiting for it is told so, and what it need not know at once
/// waits for nobody.
Task<void> check_waits(Fixture& fixture) {
  topo::v1::Gate stuck;
  stuck.set_name("stuck");
  const Result<topo::Revision> registered =
      co_await fixture.store.put(topo::paths::gate("zone1", "stuck-1"), topo::to_text(stuck));
  EXPECT_TRUE(registered);
  VSchemaEdit edit = of_kind(VSchemaEdit::Kind::kWidenFunction, "total");
  edit.function.tables = {"note"};
  runtime::Cancel cancel;
  Result<void> widened;
  const auto widen = [](Fixture& on, VSchemaEdit with, runtime::Cancel& until,
                        Result<void>& done) -> Task<void> {
    const std::vector<VSchemaEdit> edits = {std::move(with)};
    done = co_await on.one->editor.apply(edits, &until);
  };
  runtime::TaskGroup waiting;
  waiting.spawn(widen(fixture, edit, cancel, widened));
  const bool known = co_await Fixture::until([&] {
    return fixture.one->worker.backends().routing()->find_keyspace("customer")->functions().contains("total");
  });
  EXPECT_TRUE(known);
  cancel.request();
  co_await waiting.join();
  EXPECT_TRUE(!widened && widened.error().is(exec::kCancelled));
  edit.kind = VSchemaEdit::Kind::kSetFunction;
  edit.function = {};
  const Result<void> done = co_await fixture.one->apply(edit);
  EXPECT_TRUE(done) << done.error().text();
}
TEST(TopologyEditor, WaitsUntilItIsToldNotTo) { run(check_waits); }

Task<void> check_failures(Fixture& fixture) {
  Result<void> done = co_await fixture.one->apply(add("note"));
  EXPECT_TRUE(done) << done.error().text();
  done = co_await fixture.one->apply(add("note"));
  EXPECT_THAT(done.error().message(), HasSubstr("table 'note' is in the vschema already"));
  VSchemaEdit elsewhere = add("t");
  elsewhere.keyspace = "gone";
  done = co_await fixture.one->apply(std::move(elsewhere));
  EXPECT_TRUE(done.error().is(topo::kNoNode)) << done.error().text();
  fixture.link.cut();
  done = co_await fixture.one->apply(add("later"));
  EXPECT_TRUE(done.error().is(topo::kStoreUnavailable)) << done.error().text();
  fixture.link.mend();
  done = co_await fixture.one->apply(add("later"));
  EXPECT_TRUE(done) << done.error().text();
}
TEST(TopologyEditor, SaysWhyItCannot) { run(check_failures); }

}  // namespace
}  // namespace kintsugi::gate
