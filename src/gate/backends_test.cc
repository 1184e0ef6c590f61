#include "gate/backends.h"

#include <signal.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/errors.h"
#include "runtime/errors.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "wire/testing/mariadb_server.h"

namespace kintsugi::gate {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// A shard whose primary is a real server; what is heard of it is the test's to say.
class BackendsTest : public testing::Test {
 protected:
  BackendsTest() : server_(wire::testing::MariadbServer::start()) {
    route_to("zone1-101");
    hear({.type = topo::TabletType::primary, .serving = true, .heard_at = Clock::now() + 1h});
  }
  ~BackendsTest() override { ::kill(server_->pid(), SIGCONT); }

  void route_to(const char* primary) {
    vschema::Tablet tablet{
        .alias = "zone1-101", .keyspace = "mysql", .shard = "-", .type = topo::TabletType::primary};
    tablet.host = "127.0.0.1";
    tablet.http_port = 1;
    tablet.mysql_port = server_->tcp().port;
    vschema::Tablet other = tablet;
    other.alias = "zone1-102";
    vschema::Shard shard{.keyspace = "mysql", .name = "-", .range = *topo::KeyRange::parse("-")};
    shard.tablets = {tablet, other};
    shard.primary = tablet.alias == primary ? tablet : other;
    vschema::SnapshotSource source;
    source.keyspaces["mysql"].partitions[topo::TabletType::primary] = {shard};
    source.version = ++version_;
    backends_.set_routing(vschema::Snapshot::make(std::move(source)));
  }
  void route_away() {
    vschema::SnapshotSource source;
    source.version = ++version_;
    backends_.set_routing(vschema::Snapshot::make(std::move(source)));
    backends_.set_health(std::make_shared<const HealthMap>());
  }
  void hear(TabletHealth health) {
    HealthMap all;
    all["zone1-101"] = std::make_shared<const TabletHealth>(std::move(health));
    backends_.set_health(std::make_shared<const HealthMap>(std::move(all)));
  }
  void fall_silent() {
    hear({.type = topo::TabletType::primary, .serving = true, .heard_at = Clock::now() - 1h});
  }

  /// How `sql` ends, while the backends look after their servers and `meanwhile` is called once it was sent.
  Result<wire::ResultSet> run(std::string sql, std::function<void()> meanwhile) {
    return loop_.block_on([](BackendsTest& test, std::string text,
                             std::function<void()> then) -> Task<Result<wire::ResultSet>> {
      Result<Lease> lease =
          co_await test.backends_.take({.keyspace = "mysql", .shard = "-"}, Clock::now() + 10s, nullptr);
      if (!lease) co_return failure(std::move(lease.error()));
      runtime::Cancel cancel;
      runtime::TaskGroup looking;
      looking.spawn(test.backends_.give_up_lost(&cancel));
      looking.spawn([](std::function<void()> call) -> Task<void> {
        co_await runtime::sleep_for(50ms, nullptr);
        call();
      }(std::move(then)));
      Result<wire::ResultSet> done = co_await backend_of(*lease).query(std::move(text));
      cancel.request();
      co_await looking.join();
      co_return done;
    }(*this, std::move(sql), std::move(meanwhile)));
  }

  std::unique_ptr<wire::testing::MariadbServer> server_;
  GateOptions options_;
  admin::Histogram waits_;
  runtime::Loop loop_;  // outlives those who are watched on it
  Backends backends_{options_, {.user = "root", .password = "", .tls = {}, .own_host = ""}, 1, waits_};
  std::uint64_t version_ = 0;
};

TEST_F(BackendsTest, WhatWaitsForAServerThatIsGoneFails) {
  Result<wire::ResultSet> done = run("SELECT SLEEP(60)", [this] {
    ::kill(server_->pid(), SIGSTOP);  // its kernel still takes connections, which nobody answers
    fall_silent();
  });
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().is(runtime::kConnectionLost)) << done.error().text();
  EXPECT_THAT(done.error().text(), HasSubstr("nothing is heard of it, and it does not answer"));
}

TEST_F(BackendsTest, WhereOnlyTheAgentIsAwayStatementsGoOn) {
  Result<wire::ResultSet> done = run("SELECT SLEEP(2)", [this] { fall_silent(); });
  EXPECT_TRUE(done) << done.error().text();
}

TEST_F(BackendsTest, OfAFormerPrimaryNothingIsWaitedForThatIsSilentOrDoesNotAnswer) {
  Result<wire::ResultSet> done = run("SELECT SLEEP(60)", [this] {
    fall_silent();
    route_to("zone1-102");
  });
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text(), HasSubstr("it is not heard any more, and another is the primary"));

  route_to("zone1-101");
  hear({.type = topo::TabletType::primary, .serving = true, .heard_at = Clock::now() + 1h});
  done = run("SELECT SLEEP(60)", [this] {
    route_to("zone1-102");
    hear({.type = topo::TabletType::primary,
          .serving = false,
          .reachable = false,
          .heard_at = Clock::now() + 1h});
  });
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text(), HasSubstr("it does not answer its agent, and another is the primary"));
}

TEST_F(BackendsTest, AServerThatTheRoutingHasNoMoreIsStillLookedAt) {
  Result<wire::ResultSet> done = run("SELECT SLEEP(2)", [this] { route_away(); });
  EXPECT_TRUE(done) << done.error().text();
  route_to("zone1-101");
  hear({.type = topo::TabletType::primary, .serving = true, .heard_at = Clock::now() + 1h});
  done = run("SELECT SLEEP(60)", [this] {
    route_away();
    ::kill(server_->pid(), SIGSTOP);
  });
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text(), HasSubstr("nothing is heard of it, and it does not answer"));
}

TEST_F(BackendsTest, AfterAHandOverWhatIsUnderWayEndsByItself) {
  Result<wire::ResultSet> done = run("SELECT SLEEP(1)", [this] {
    route_to("zone1-102");
    hear({.type = topo::TabletType::replica, .serving = false, .heard_at = Clock::now() + 1h});
  });
  EXPECT_TRUE(done) << done.error().text();
}

/// What was found out once is asked again when there is news, and when the news is too old.
TEST_F(BackendsTest, AnIdleConnectionIsTakenAtOnceOnlyWhereTheServerMayBeUsed) {
  const auto heard_at = [](Time when, bool serving = true) {
    return TabletHealth{.type = topo::TabletType::primary, .serving = serving, .heard_at = when};
  };
  const Backends::Wanted wanted{.keyspace = "mysql", .shard = "-"};
  EXPECT_FALSE(backends_.take_at_once(wanted)) << "there is no connection yet";
  ASSERT_TRUE(run("SELECT 1", [] {}));
  for (int i = 0; i < 2; ++i) {
    const Lease lease = backends_.take_at_once(wanted);
    ASSERT_TRUE(lease) << i;
    EXPECT_TRUE(lease.was_idle());
    EXPECT_FALSE(backends_.take_at_once(wanted)) << "the only one is in use";
  }
  hear(heard_at(Clock::now() + 1h, false));
  EXPECT_FALSE(backends_.take_at_once(wanted)) << "it does not serve";
  hear(heard_at(Clock::now() + 1h));
  EXPECT_TRUE(backends_.take_at_once(wanted));
  route_to("zone1-102");
  EXPECT_FALSE(backends_.take_at_once(wanted)) << "another is the primary";
  route_to("zone1-101");
  EXPECT_TRUE(backends_.take_at_once(wanted));
  EXPECT_FALSE(backends_.take_at_once({.keyspace = "mysql", .shard = "-80"})) << "no such shard";
  // The loop's time is what counts: it goes on when the loop does.
  hear(heard_at(Clock::now() + 50ms - options_.tablet_silence_max));
  loop_.block_on([]() -> Task<void> { co_await runtime::sleep_for(1ms, nullptr); }());
  EXPECT_TRUE(backends_.take_at_once(wanted));
  loop_.block_on([]() -> Task<void> { co_await runtime::sleep_for(100ms, nullptr); }());
  EXPECT_FALSE(backends_.take_at_once(wanted)) << "nothing was heard for too long";
}

}  // namespace
}  // namespace kintsugi::gate
