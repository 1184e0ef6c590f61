#include "gate/shared_reads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/errors.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"

namespace kintsugi::gate {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using Answer = SharedReads::Answer;

std::shared_ptr<const Answer> answer_of(std::string frames) {
  auto answer = std::make_shared<Answer>();
  answer->frames = std::move(frames);
  return answer;
}

/// A read that waits for `finish` while it is at the server, where it finds what is stored then.
struct Reads {
  SharedReads shared;
  std::string stored = "old";
  std::vector<std::string> log;
  int sent = 0;

  Task<void> read(std::string name, runtime::Event& finish, runtime::Cancel* cancel = nullptr,
                  bool fails = false) {
    Result<SharedReads::Place> place = co_await shared.enter("select", cancel);
    if (!place) {
      log.push_back(name + " cancelled");
      co_return;
    }
    if (place->answer()) {
      log.push_back(name + " shared " + place->answer()->frames);
      co_return;
    }
    ++sent;
    const std::string found = stored;
    co_await finish.wait();
    log.push_back(name + " sent " + found);
    if (place->leads()) place->publish(fails ? nullptr : answer_of(found));
  }
};

TEST(SharedReads, ThoseThatComeMeanwhileShareOneThatBeginsAfterThem) {
  runtime::Loop loop;
  Reads reads;
  loop.block_on([](Reads& all) -> Task<void> {
    runtime::TaskGroup tasks;
    runtime::Event first, second;
    tasks.spawn(all.read("a", first));
    all.stored = "new";  // after the first was sent: those that come now must see it
    for (const char* name : {"b", "c", "d"}) tasks.spawn(all.read(name, second));
    EXPECT_EQ(all.sent, 1);
    second.set();
    first.set();
    co_await tasks.join();
    EXPECT_EQ(all.sent, 2);
    EXPECT_EQ(all.log[0], "a sent old");
    EXPECT_THAT((std::vector<std::string>{all.log.begin() + 1, all.log.end()}),
                UnorderedElementsAre("b sent new", "c shared new", "d shared new"));
    EXPECT_EQ(all.shared.size(), 0u);
  }(reads));
}

TEST(SharedReads, WhatFailsIsNotShared) {
  runtime::Loop loop;
  Reads reads;
  loop.block_on([](Reads& all) -> Task<void> {
    runtime::TaskGroup tasks;
    runtime::Event first, second;
    tasks.spawn(all.read("a", first));
    tasks.spawn(all.read("b", second, nullptr, true));
    tasks.spawn(all.read("c", second));
    first.set();
    second.set();
    co_await tasks.join();
    EXPECT_THAT(all.log, ElementsAre("a sent old", "b sent old", "c sent old"));
    EXPECT_EQ(all.shared.size(), 0u);
  }(reads));
}

TEST(SharedReads, WhoIsCancelledHoldsNobodyUp) {
  runtime::Loop loop;
  Reads reads;
  loop.block_on([](Reads& all) -> Task<void> {
    runtime::TaskGroup tasks;
    runtime::Event first, second;
    runtime::Cancel leader, follower;
    tasks.spawn(all.read("a", first));
    tasks.spawn(all.read("b", second, &leader));
    tasks.spawn(all.read("c", second, &follower));
    tasks.spawn(all.read("d", second));
    second.set();
    follower.request();
    leader.request();
    first.set();
    co_await tasks.join();
    EXPECT_THAT(all.log, UnorderedElementsAre("c cancelled", "b cancelled", "d sent old", "a sent old"));
    EXPECT_EQ(all.shared.size(), 0u);
  }(reads));
}

struct Sink : exec::RowSink {
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition>) override { co_return Result<void>(); }
  Task<Result<void>> rows(exec::RowBatch batch) override {
    batch.frames[3] = 99;  // as a client's link does, which writes its numbers in
    co_return Result<void>();
  }
  Task<Result<void>> done(mysql::OkPacket) override { co_return Result<void>(); }
};

std::shared_ptr<const Answer> kept(std::size_t bytes_max, mysql::OkPacket ok = {}) {
  runtime::Loop loop;
  Sink sink;
  SharedReadSink both(sink, bytes_max);
  loop.block_on([](SharedReadSink& to, mysql::OkPacket end) -> Task<void> {
    std::string row("\x01\0\0\x05x", 5);
    co_await to.columns({});
    for (int i = 0; i < 2; ++i) co_await to.rows({{row.data(), row.size()}});
    co_await to.done(std::move(end));
  }(both, std::move(ok)));
  return both.take();
}

TEST(SharedReadSink, KeepsWhatIsWholeAndSmall) {
  const std::shared_ptr<const Answer> answer = kept(10);
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(answer->rows, 2u);
  EXPECT_EQ(answer->frames.substr(0, 5), std::string("\x01\0\0\x05x", 5)) << "before the first client had it";
  EXPECT_EQ(kept(9), nullptr);
  mysql::OkPacket warned;
  warned.warnings = 1;
  EXPECT_EQ(kept(10, warned), nullptr);
}

}  // namespace
}  // namespace kintsugi::gate
