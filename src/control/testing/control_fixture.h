#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/task.h"
#include "base/time.h"
#include "health/testing/fake_tablet.h"
#include "kintsugi/topo/v1/topo.pb.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "topo/memory_store.h"
#include "topo/records.h"
#include "topo/testing/linked_store.h"
#include "topo/topo_server.h"

namespace kintsugi::control::testing {

/// A cluster's records in memory, and the link that the control under test has to them.
struct ControlFixture {
  topo::MemoryStore store;
  topo::TopoServer others{store};  ///< what writes records past the control under test
  topo::testing::LinkedStore link{store};

  template <class T>
  static void expect(const Result<T>& result) {
    EXPECT_TRUE(result.has_value()) << result.error().text();
  }
  /// zone1; keyspace customer with -80 and 80-.
  Task<void> create() {
    expect(co_await others.put_cell("zone1", {}));
    expect(co_await others.create_keyspace("customer", {}, {"-80", "80-"}));
  }
  /// A tablet's record, with its agent alive at this address.
  Task<topo::LeaseId> add_tablet(std::string alias, std::string shard, runtime::Address http = {}) {
    topo::v1::Tablet tablet;
    tablet.set_alias(alias);
    tablet.set_keyspace("customer");
    tablet.set_shard(shard);
    tablet.set_type(topo::v1::replica);
    tablet.set_owner(alias);
    tablet.mutable_address()->set_host(http.host);
    tablet.mutable_address()->set_http_port(http.port);
    const Result<topo::LeaseId> lease = co_await store.grant_lease(std::chrono::seconds(600));
    expect(co_await others.register_tablet(std::move(tablet), *lease, 1));
    co_return *lease;
  }
  /// What the store has at a key, asked past the link; "": nothing.
  Task<std::string> value(std::string key) {
    Result<topo::Node> node = co_await store.get(std::move(key));
    co_return node ? std::move(node->value) : std::string();
  }
  /// Waits until it is true; false: it did not come true.
  static Task<bool> until(std::function<bool()> condition) {
    const Time limit = Clock::now() + 20s;
    while (!condition()) {
      if (Clock::now() >= limit) co_return false;
      co_await runtime::sleep_for(1ms);
    }
    co_return true;
  }
  /// The same, of what is at a key.
  Task<bool> until_value(std::string key, std::function<bool(const std::string&)> condition) {
    const Time limit = Clock::now() + 20s;
    for (;;) {
      const std::string now = co_await value(key);
      if (condition(now)) co_return true;
      if (Clock::now() >= limit) co_return false;
      co_await runtime::sleep_for(1ms);
    }
  }
};

/// A word of a server that runs and has never executed anything.
inline tablet::v1::Health empty_server(const std::string& alias) {
  tablet::v1::Health health;
  health.set_alias(alias);
  health.set_type(topo::v1::replica);
  health.set_reachable(true);
  return health;
}

}  // namespace kintsugi::control::testing
