#include "health/watch.h"

#include <functional>
#include <map>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "health/testing/fake_tablet.h"
#include "runtime/http_server.h"
#include "runtime/loop.h"
#include "runtime/timer.h"

namespace kintsugi::health {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::FakeTablet;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr Duration kPatience = 20s;
constexpr Watch::Options kQuick{.silence_max = 300ms, .retry_min = 5ms, .retry_max = 20ms};

class Recorder : public Observer {
 public:
  std::map<std::string, std::vector<std::string>> words;  // by alias: the error of each
  std::map<std::string, int> silences;
  std::map<std::string, int> forgotten;

  void on_health(const std::string& alias, tablet::v1::Health health) override {
    words[alias].push_back(health.error());
  }
  void on_silence(const std::string& alias) override { ++silences[alias]; }
  void on_forgotten(const std::string& alias) override { ++forgotten[alias]; }
};

Task<bool> comes_true(std::function<bool()> condition) {
  const Time limit = Clock::now() + kPatience;
  while (!condition()) {
    if (Clock::now() >= limit) co_return false;
    co_await runtime::sleep_for(1ms);
  }
  co_return true;
}

void run(Task<void> (*body)(Recorder&)) {
  runtime::Loop loop;
  Recorder told;
  loop.block_on(body(told));
}

Task<void> check_words(Recorder& told) {
  FakeTablet first("zone1-1"), second("zone1-2");
  first.say("a");
  Watch watch(told, kQuick);
  watch.follow({{"zone1-1", first.address()}, {"zone1-2", second.address()}});
  bool heard = co_await comes_true([&] { return told.words.size() == 1; });
  EXPECT_TRUE(heard);
  second.say("b");
  first.say("c");
  heard = co_await comes_true(
      [&] { return told.words["zone1-1"].size() == 2 && told.words["zone1-2"].size() == 1; });
  EXPECT_TRUE(heard);
  EXPECT_THAT(told.words["zone1-1"], ElementsAre("a", "c"));
  EXPECT_THAT(told.words["zone1-2"], ElementsAre("b"));
  co_await watch.stop();
  co_await first.stop();
  co_await second.stop();
}
TEST(Watch, TellsWhatEachTabletSays) { run(check_words); }

Task<void> check_silence(Recorder& told) {
  FakeTablet tablet("zone1-1");
  tablet.say("a");
  Watch watch(told, kQuick);
  watch.follow({{"zone1-1", tablet.address()}});
  // It has its connection and says nothing more.
  const bool silent = co_await comes_true([&] { return told.silences["zone1-1"] >= 1; });
  EXPECT_TRUE(silent);
  EXPECT_EQ(told.words["zone1-1"].front(), "a");
  const bool again = co_await comes_true([&] { return told.words["zone1-1"].size() >= 2; });
  EXPECT_TRUE(again);
  co_await watch.stop();
  co_await tablet.stop();
}
TEST(Watch, ATabletThatSaysNothingIsSilentAndAskedAgain) { run(check_silence); }

Task<void> check_restart(Recorder& told) {
  auto tablet = std::make_unique<FakeTablet>("zone1-1");
  const runtime::Address address = tablet->address();
  tablet->say("first life");
  Watch watch(told, {.silence_max = kPatience, .retry_min = 5ms, .retry_max = 20ms});
  watch.follow({{"zone1-1", address}});
  bool done = co_await comes_true([&] { return told.words["zone1-1"].size() == 1; });
  EXPECT_TRUE(done);
  co_await tablet->stop();
  done = co_await comes_true([&] { return told.silences["zone1-1"] == 1; });
  EXPECT_TRUE(done);
  tablet = std::make_unique<FakeTablet>("zone1-1", address.port);
  tablet->say("second life");
  done = co_await comes_true([&] { return told.words["zone1-1"].size() == 2; });
  EXPECT_TRUE(done);
  EXPECT_THAT(told.words["zone1-1"], ElementsAre("first life", "second life"));
  EXPECT_EQ(told.silences["zone1-1"], 1) << "one silence, however often it was tried";
  co_await watch.stop();
  co_await tablet->stop();
}
TEST(Watch, ATabletThatWasAwayIsHeardAgain) { run(check_restart); }

Task<void> check_stranger(Recorder& told) {
  FakeTablet tablet("zone1-2");
  tablet.say("I am another");
  Watch watch(told, kQuick);
  watch.follow({{"zone1-1", tablet.address()}});
  const bool tried = co_await comes_true([&] { return tablet.streams() >= 3; });
  EXPECT_TRUE(tried) << "it may become the right one";
  EXPECT_THAT(told.words, IsEmpty());
  EXPECT_THAT(told.silences, IsEmpty()) << "it was never heard";
  co_await watch.stop();
  co_await tablet.stop();
}
TEST(Watch, AnotherTabletAtTheAddressIsNotListenedTo) { run(check_stranger); }

Task<void> check_garbage(Recorder& told) {
  runtime::HttpServer server;
  server.stream_route(
      "POST", "/kintsugi.tablet.v1.Tablet/StreamHealth", "application/x-ndjson",
      [](runtime::HttpRequest, runtime::HttpWriter& writer) -> Task<void> {
        const Result<void> written = co_await writer.write(
            "{\"alias\": \"zone1-1\"}\n{\"serving\": \"perhaps\"}\n{\"alias\": \"zone1-1\"}\n");
        (void)written;
      });
  const runtime::Address address = server.start(runtime::Address::tcp("127.0.0.1", 0)).value();
  Watch watch(told, kQuick);
  watch.follow({{"zone1-1", address}});
  const bool done = co_await comes_true([&] { return told.silences["zone1-1"] >= 2; });
  EXPECT_TRUE(done);
  EXPECT_LE(told.words["zone1-1"].size(), static_cast<std::size_t>(told.silences["zone1-1"]) + 1)
      << "one word of each stream: what follows the line that cannot be read is not believed";
  co_await watch.stop();
  co_await server.stop();
}
TEST(Watch, WhatCannotBeReadEndsTheStream) { run(check_garbage); }

Task<void> check_follow(Recorder& told) {
  FakeTablet stays("zone1-1"), goes("zone1-2"), old_place("zone1-3"), new_place("zone1-3"), never("zone1-4");
  for (FakeTablet* each : {&stays, &goes, &old_place}) each->say("a");
  Watch watch(told, {.silence_max = kPatience, .retry_min = 5ms, .retry_max = 20ms});
  watch.follow({{"zone1-1", stays.address()},
                {"zone1-2", goes.address()},
                {"zone1-3", old_place.address()},
                {"zone1-4", never.address()}});
  bool done = co_await comes_true([&] { return told.words.size() == 3; });
  EXPECT_TRUE(done);
  watch.follow({{"zone1-1", stays.address()}, {"zone1-3", new_place.address()}});
  EXPECT_THAT(told.forgotten, UnorderedElementsAre(std::pair("zone1-2", 1), std::pair("zone1-3", 1)))
      << "of zone1-4 there was nothing to forget";
  goes.say("b");
  old_place.say("b");
  new_place.say("c");
  stays.say("d");
  done = co_await comes_true(
      [&] { return told.words["zone1-1"].size() == 2 && told.words["zone1-3"].size() == 2; });
  EXPECT_TRUE(done);
  EXPECT_THAT(told.words["zone1-3"], ElementsAre("a", "c"));
  EXPECT_THAT(told.words["zone1-2"], ElementsAre("a"));
  EXPECT_EQ(stays.streams(), 1) << "the change of others left it alone";
  EXPECT_THAT(told.silences, IsEmpty());
  co_await watch.stop();
  for (FakeTablet* each : {&stays, &goes, &old_place, &new_place, &never}) co_await each->stop();
}
TEST(Watch, FollowsTheTabletsThatThereAre) { run(check_follow); }

Task<void> check_stop(Recorder& told) {
  FakeTablet tablet("zone1-1");
  Watch watch(told, {.silence_max = kPatience});
  // The second refuses connections: it is in its pause between two attempts.
  watch.follow({{"zone1-1", tablet.address()}, {"zone1-2", runtime::Address::tcp("127.0.0.1", 1)}});
  const bool open = co_await comes_true([&] { return tablet.streams() == 1; });
  EXPECT_TRUE(open);
  const Time begin = Clock::now();
  co_await watch.stop();
  EXPECT_LT(Clock::now() - begin, kPatience);
  EXPECT_THAT(told.words, IsEmpty());
  EXPECT_THAT(told.silences, IsEmpty());
  EXPECT_THAT(told.forgotten, IsEmpty());
  co_await tablet.stop();
}
TEST(Watch, StopsInTheMiddleOfAStreamAndOfAPause) { run(check_stop); }

}  // namespace
}  // namespace kintsugi::health
