#include "mysql/gtid.h"

#include <gtest/gtest.h>

namespace kintsugi::mysql {
namespace {

TEST(MariadbGtids, MissingIsWhatTheSourceCannotHaveSent) {
  struct Case {
    const char* replica;
    const char* source;
    const char* missing;
  };
  const Case cases[] = {
      {"", "", ""},
      {"", "0-1-7", ""},
      {"0-1-7", "0-1-7", ""},
      {"0-1-6", "0-1-7,0-2-9", ""},
      {"0-1-8", "0-1-7", "0-1-8"},
      {"0-1-7,0-2-8", "0-1-7", "0-2-8"},
      // A primary that took over at 8, and a former one that had written 8 itself.
      {"0-1-8", "0-1-7,0-2-8", "0-1-8"},
      {"1-1-3", "0-1-7", "1-1-3"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(MariadbGtids::parse(c.replica)->missing_in(*MariadbGtids::parse(c.source)), c.missing)
        << c.replica;
  }
}

TEST(MariadbGtids, TailsBeginWhereTheSourceEnds) {
  using Tail = MariadbGtids::Tail;
  struct Case {
    const char* replica;
    const char* source;
    std::vector<Tail> tails;
  };
  const Case cases[] = {
      {"0-1-7", "0-1-7,0-2-9", {}},
      {"0-1-8,0-2-4", "0-1-5,0-2-9", {{0, 1, 5}}},
      {"0-1-8,1-3-2", "0-2-9", {{0, 1, 0}, {1, 3, 0}}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(MariadbGtids::parse(c.replica)->tails_beyond(*MariadbGtids::parse(c.source)), c.tails)
        << c.replica;
  }
}

TEST(MariadbGtids, AsOfAPosition) {
  struct Case {
    const char* later;
    const char* position;
    const char* then;
    const char* last;
  };
  const Case cases[] = {
      {"0-1-7", "0-1-7", "0-1-7", "0-1-7"},
      {"0-1-5,0-2-12", "0-2-8", "0-1-5,0-2-8", "0-2-8"},
      // The third became primary while the copy was made.
      {"0-1-5,0-2-12,0-3-14", "0-2-8", "0-1-5,0-2-8", "0-2-8"},
      {"0-1-5,3-1-9", "0-1-4,3-1-9", "0-1-4,3-1-9", "0-1-4,3-1-9"},
      {"0-1-5", "", "", ""},
      // Several of a domain: the last is one of them, and the others are a little behind.
      {"0-1-5,0-2-8,0-3-12", "0-1-3,0-2-6,0-3-9", "0-1-5,0-2-8,0-3-9", "0-3-9"},
      {"0-1-12,0-2-8", "0-1-5,0-2-8", "0-1-5,0-2-8", "0-2-8"},
  };
  for (const Case& c : cases) {
    const MariadbGtids then = MariadbGtids::parse(c.later)->as_of(*MariadbGtids::parse(c.position));
    EXPECT_EQ(then.text(), c.then) << c.later;
    EXPECT_EQ(then.last_of_each_domain(), c.last) << c.later;
  }
}

TEST(MariadbGtids, TransactionsAreTheHighestOfEachDomain) {
  EXPECT_EQ(MariadbGtids::parse("")->transactions(), 0u);
  EXPECT_EQ(MariadbGtids::parse("0-1-7, 0-2-9,5-1-1")->transactions(), 10u);
}

TEST(MariadbGtids, RefusesWhatIsNoGtid) {
  for (const char* text : {"0-1", "0-1-x", "0-1-2-3", "a", ",", "0-1-7,"}) {
    EXPECT_FALSE(MariadbGtids::parse(text)) << text;
  }
}

TEST(MysqlGtids, MissingIsTheDifference) {
  struct Case {
    const char* replica;
    const char* source;
    const char* missing;
  };
  const Case cases[] = {
      {"", "", ""},
      {"aa:1-5", "AA:1-5", ""},
      {"aa:1-5", "aa:1-3", "aa:4-5"},
      {"aa:1-10", "aa:3-4:7", "aa:1-2:5-6:8-10"},
      {"aa:1-5,\nbb:1", "aa:1-9", "bb:1"},
      {"aa:1-3:4-6", "aa:1-5", "aa:6"},
      {"aa:1-2:tag:1-3", "aa:1-9", "aa:tag:1-3"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(MysqlGtids::parse(c.replica)->missing_in(*MysqlGtids::parse(c.source)), c.missing) << c.replica;
  }
  EXPECT_TRUE(MysqlGtids::parse("aa:1-2:tag:1-3")->all_from("aa"));
  EXPECT_FALSE(MysqlGtids::parse("aa:1-2,bb:1")->all_from("aa"));
  EXPECT_EQ(MysqlGtids::parse("aa:1-5:7,bb:1-2")->transactions(), 8u);
  for (const char* text : {"aa", "aa:5-1", "aa:1-2-3", "aa:"}) EXPECT_FALSE(MysqlGtids::parse(text)) << text;
}

TEST(Gtids, AreComparedWhateverTheirFlavour) {
  EXPECT_EQ(*compare_gtids("0-1-7", "0-1-7"), Order::equal);
  EXPECT_EQ(*compare_gtids("", ""), Order::equal);
  EXPECT_EQ(*compare_gtids("0-1-7", "0-1-8"), Order::less);
  EXPECT_EQ(*compare_gtids("0-1-7,0-2-9", "0-1-7"), Order::more);
  EXPECT_EQ(*compare_gtids("0-1-8", "0-1-7,0-2-8"), Order::neither);
  EXPECT_EQ(*compare_gtids("aa:1-5", "aa:1-3"), Order::more);
  EXPECT_EQ(*compare_gtids("", "aa:1-3"), Order::less);
  EXPECT_EQ(*compare_gtids("aa:1-5", "aa:2-6"), Order::neither);
  EXPECT_FALSE(compare_gtids("aa:1-5", "0-1-7"));
}

}  // namespace
}  // namespace kintsugi::mysql
