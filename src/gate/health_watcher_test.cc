#include "gate/health_watcher.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "health/testing/fake_tablet.h"
#include "runtime/loop.h"
#include "runtime/timer.h"

namespace kintsugi::gate {
namespace {

using health::testing::FakeTablet;

struct Fixture {
  std::shared_ptr<const HealthMap> map = std::make_shared<const HealthMap>();
  HealthWatcher watcher{[this](std::shared_ptr<const HealthMap> told) { map = std::move(told); }};

  Task<bool> until(std::function<bool()> condition) {
    const Time limit = Clock::now() + 20s;
    while (!condition()) {
      if (Clock::now() >= limit) co_return false;
      co_await runtime::sleep_for(1ms);
    }
    co_return true;
  }
};

vschema::Tablet at(const std::string& alias, const FakeTablet& tablet) {
  vschema::Tablet known;
  known.alias = alias;
  known.host = tablet.address().host;
  known.http_port = tablet.address().port;
  return known;
}

void run(Task<void> (*body)(Fixture&)) {
  runtime::Loop loop;
  Fixture fixture;
  loop.block_on(body(fixture));
}

Task<void> check_words(Fixture& fixture) {
  FakeTablet tablet("zone1-1");
  tablet::v1::Health said;
  said.set_alias("zone1-1");
  said.set_type(topo::v1::replica);
  said.set_serving(true);
  said.set_read_only(true);
  said.set_epoch(3);
  said.set_schema_version("v7");
  said.set_error("of no matter");
  tablet.say(said);
  said.mutable_replication()->set_lag_ms(250);
  vschema::Tablet unwatched;
  unwatched.alias = "zone1-2";
  const Time begin = Clock::now();
  fixture.watcher.watch({at("zone1-1", tablet), unwatched});
  const bool heard = co_await fixture.until([&] { return fixture.map->size() == 1; });
  EXPECT_TRUE(heard);
  const std::shared_ptr<const HealthMap> first = fixture.map;
  EXPECT_FALSE(first->at("zone1-1")->lag_ms.has_value());
  tablet.say(said);
  const bool lags = co_await fixture.until([&] { return fixture.map->at("zone1-1")->lag_ms == 250; });
  EXPECT_TRUE(lags);
  EXPECT_FALSE(first->at("zone1-1")->lag_ms.has_value()) << "a map that was given away stays as it was";
  const TabletHealth& health = *fixture.map->at("zone1-1");
  EXPECT_EQ(health.type, topo::TabletType::replica);
  EXPECT_TRUE(health.serving && health.read_only);
  EXPECT_EQ(health.epoch, 3U);
  EXPECT_EQ(health.schema_version, "v7");
  EXPECT_EQ(health.error, "of no matter");
  EXPECT_GE(health.heard_at, begin);
  co_await fixture.watcher.stop();
  co_await tablet.stop();
}
TEST(HealthWatcher, MapsWhatTabletsSay) { run(check_words); }

Task<void> check_silence(Fixture& fixture) {
  FakeTablet tablet("zone1-1");
  tablet.say();
  fixture.watcher.watch({at("zone1-1", tablet)});
  bool done = co_await fixture.until([&] { return fixture.map->size() == 1; });
  EXPECT_TRUE(done);
  const Time heard_at = fixture.map->at("zone1-1")->heard_at;
  tablet.hang_up();
  done = co_await fixture.until([&] { return fixture.map->at("zone1-1")->heard_at > heard_at; });
  EXPECT_TRUE(done) << "the word of the second stream; until it came the old one was there";
  fixture.watcher.watch({});
  EXPECT_TRUE(fixture.map->empty());
  co_await fixture.watcher.stop();
  co_await tablet.stop();
}
TEST(HealthWatcher, ASilentTabletKeepsItsLastWordAndAForgottenOneDoesNot) { run(check_silence); }

}  // namespace
}  // namespace kintsugi::gate
