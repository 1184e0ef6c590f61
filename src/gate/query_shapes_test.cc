#include "gate/query_shapes.h"

#include <malloc.h>

#include <algorithm>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/shape.h"

namespace kintsugi::gate {
namespace {

sql::StatementKey key(std::uint64_t number) {
  sql::StatementKey key;
  key.low = number;
  return key;
}

QueryRun run_of(int ms, plan::Tier tier = plan::Tier::kRoute) {
  QueryRun run;
  run.keyspace = "customer";
  run.tier = tier;
  run.user = "app";
  run.took = std::chrono::milliseconds(ms);
  run.waited = run.took / 2;
  run.rows = 2;
  run.bytes = 10;
  run.shards = 1;
  run.ended = Clock::now();
  return run;
}

class QueryShapesTest : public testing::Test {
 protected:
  void add(QueryShapes& shapes, std::uint64_t number, std::string text, QueryRun run) {
    shapes.add(key(number), run, [&] {
      ++asked_;
      return text;
    });
  }
  static const QueryShape* find(const std::vector<QueryShape>& all, std::string_view text,
                                plan::Tier tier = plan::Tier::kRoute) {
    const auto found = std::ranges::find_if(
        all, [&](const QueryShape& shape) { return shape.text == text && shape.tier == tier; });
    return found == all.end() ? nullptr : &*found;
  }
  static std::uint64_t calls(const std::vector<QueryShape>& all) {
    std::uint64_t sum = 0;
    for (const QueryShape& shape : all) sum += shape.totals.calls;
    return sum;
  }

  int asked_ = 0;
};

TEST_F(QueryShapesTest, RunsOfAShapeAreAddedUp) {
  QueryShapes shapes(10);
  add(shapes, 1, "a", run_of(4));
  add(shapes, 1, "a", run_of(2));
  QueryRun failed = run_of(6);
  failed.failed = true;
  failed.user = "other";
  add(shapes, 1, "a", failed);
  add(shapes, 1, "a", run_of(1, plan::Tier::kGather));
  EXPECT_EQ(asked_, 2) << "the text is made once for each way";
  const std::vector<QueryShape> all = shapes.all();
  ASSERT_EQ(all.size(), 2u);
  const QueryShape* shape = find(all, "a");
  ASSERT_NE(shape, nullptr);
  EXPECT_EQ(shape->id, sql::shape_id("a"));
  EXPECT_EQ(shape->keyspace, "customer");
  EXPECT_EQ(shape->user, "other") << "of the last run";
  EXPECT_EQ(shape->totals.calls, 3u);
  EXPECT_EQ(shape->totals.errors, 1u);
  EXPECT_EQ(shape->totals.rows, 6u);
  EXPECT_EQ(shape->totals.bytes, 30u);
  EXPECT_EQ(shape->totals.shards, 3u);
  EXPECT_EQ(shape->totals.total, 12ms);
  EXPECT_EQ(shape->totals.waited, 6ms);
  EXPECT_EQ(shape->totals.longest, 6ms);
  EXPECT_NE(find(all, "a", plan::Tier::kGather), nullptr);
}

TEST_F(QueryShapesTest, TextsOfOneShapeAreOne) {
  QueryShapes shapes(10);
  add(shapes, 1, "in (?, ...)", run_of(1));
  add(shapes, 2, "in (?, ...)", run_of(1));
  add(shapes, 2, "in (?, ...)", run_of(1));
  EXPECT_EQ(asked_, 2);
  EXPECT_EQ(shapes.all().size(), 1u);
  EXPECT_EQ(shapes.all()[0].totals.calls, 3u);
  QueryRun elsewhere = run_of(1);
  elsewhere.keyspace = "commerce";
  add(shapes, 1, "in (?, ...)", elsewhere);
  EXPECT_EQ(shapes.all().size(), 2u) << "of another keyspace: another one";
}

TEST_F(QueryShapesTest, QuantilesAreReadable) {
  QueryShapes shapes(10);
  for (int ms = 1; ms <= 100; ++ms) add(shapes, 1, "a", run_of(ms));
  QueryRun tiny = run_of(0);
  tiny.took = 1ns;
  QueryRun huge = run_of(0);
  huge.took = 10h;
  add(shapes, 2, "tiny", tiny);
  add(shapes, 3, "huge", huge);
  const std::vector<QueryShape> all = shapes.all();
  const admin::HistogramSnapshot latency = find(all, "a")->totals.histogram();
  EXPECT_NEAR(latency.quantile(0.5), 50e6, 50e6 / 8);
  EXPECT_NEAR(latency.quantile(0.99), 99e6, 99e6 / 8);
  EXPECT_LT(find(all, "tiny")->totals.histogram().quantile(0.99), 10e3);
  EXPECT_GT(find(all, "huge")->totals.histogram().quantile(0.99), 1e12);
}

TEST_F(QueryShapesTest, WhatComesOnceDoesNotDriveOutWhatComesAgain) {
  constexpr std::size_t kMax = 40;
  QueryShapes shapes(kMax);
  for (std::uint64_t i = 0; i < 20; ++i) {
    for (int times = 0; times < 2; ++times) add(shapes, i, "again " + std::to_string(i), run_of(1));
  }
  for (std::uint64_t i = 0; i < 1000; ++i) add(shapes, 1000 + i, "once " + std::to_string(i), run_of(1));
  const std::vector<QueryShape> all = shapes.all();
  EXPECT_EQ(all.size(), kMax + 1) << "as many as may be, and the others";
  for (std::uint64_t i = 0; i < 20; ++i) EXPECT_NE(find(all, "again " + std::to_string(i)), nullptr) << i;
  EXPECT_NE(find(all, "once 999"), nullptr) << "the latest are there";
  EXPECT_EQ(find(all, "once 0"), nullptr);
  EXPECT_EQ(calls(all), 1040u) << "nothing is lost";
  const QueryShape* other = find(all, "(other)", plan::Tier::kNone);
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(other->totals.calls, 1000u - 20u);
}

TEST_F(QueryShapesTest, WhatRunsNoMoreMakesRoom) {
  constexpr std::size_t kMax = 8;
  QueryShapes shapes(kMax);
  const auto twice = [&](const std::string& name) {
    for (int i = 0; i < 10; ++i) {
      const std::string text = name + std::to_string(i);
      for (int times = 0; times < 2; ++times) add(shapes, sql::shape_id(text), text, run_of(1));
    }
  };
  twice("old ");
  twice("new ");
  const std::vector<QueryShape> all = shapes.all();
  for (int i = 4; i < 10; ++i) EXPECT_NE(find(all, "new " + std::to_string(i)), nullptr) << i;
  EXPECT_EQ(find(all, "old 9"), nullptr);
  EXPECT_EQ(calls(all), 40u);
}

TEST_F(QueryShapesTest, TextsAreBoundedToo) {
  QueryShapes shapes(2);
  for (std::uint64_t i = 0; i < 1000; ++i) add(shapes, i, "in (?, ...)", run_of(1));
  EXPECT_EQ(shapes.all()[0].totals.calls, 1000u);
  add(shapes, 1, std::string(5000, 'x'), run_of(1));
  add(shapes, 7000, std::string(5000, 'y'), run_of(1));
  for (const QueryShape& shape : shapes.all()) EXPECT_LE(shape.text.size(), QueryShapes::kTextBytesMax);
}

#ifndef KINTSUGI_SANITIZED  // whose heap is another one
std::size_t heap_bytes() { return ::mallinfo2().uordblks; }

/// A client that never asks the same twice, with the largest texts and names.
TEST_F(QueryShapesTest, MemoryIsBounded) {
  constexpr std::size_t kMax = 500, kEachMax = 5 << 10;
  const std::string pad(2 * QueryShapes::kTextBytesMax, 'x');
  QueryRun run = run_of(1);
  const std::string user(32, 'u'), workload(64, 'w');
  run.user = user;
  run.workload = workload;
  const std::size_t before = heap_bytes();
  QueryShapes shapes(kMax);
  std::size_t full = 0;
  for (std::uint64_t i = 0; i < 30'000; ++i) {
    add(shapes, i, std::to_string(i) + pad, run);
    if (i % 3 == 0) add(shapes, i, "", run);  // again, so that it is in the other list
    if (i == 10'000) full = heap_bytes() - before;
  }
  const std::size_t after = heap_bytes() - before;
  EXPECT_EQ(shapes.all().size(), kMax + 1);
  EXPECT_GT(full, kMax * sizeof(QueryTotals)) << "it is measured";
  EXPECT_LT(full, kMax * kEachMax);
  EXPECT_NEAR(static_cast<double>(after), static_cast<double>(full), 64 << 10) << "it does not grow";
}
#endif

TEST_F(QueryShapesTest, CanBeginAnewAndBeOff) {
  QueryShapes shapes(2);
  for (std::uint64_t i = 0; i < 5; ++i) add(shapes, i, std::to_string(i), run_of(1));
  shapes.reset();
  EXPECT_TRUE(shapes.all().empty());
  add(shapes, 1, "a", run_of(1));
  EXPECT_EQ(shapes.all().size(), 1u);
  QueryShapes off(0);
  EXPECT_EQ(off.add(key(1), run_of(1), [] { return std::string(); }), nullptr);
  EXPECT_TRUE(off.all().empty());
}

TEST_F(QueryShapesTest, LoopsAreMerged) {
  QueryShapes one(10), two(10);
  add(one, 1, "a", run_of(5));
  add(one, 2, "b", run_of(6));
  QueryRun later = run_of(2);
  later.user = "later";
  later.ended = Clock::now() + 1s;
  add(two, 1, "a", later);
  std::vector<QueryShape> all = one.all();
  std::ranges::move(two.all(), std::back_inserter(all));
  const std::vector<QueryShape> sum = merged(std::move(all));
  ASSERT_EQ(sum.size(), 2u);
  EXPECT_EQ(sum[0].text, "a") << "it cost most in all";
  EXPECT_EQ(sum[0].totals.calls, 2u);
  EXPECT_EQ(sum[0].totals.longest, 5ms);
  EXPECT_EQ(sum[0].user, "later");
}

}  // namespace
}  // namespace kintsugi::gate
