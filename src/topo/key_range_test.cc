#include "topo/key_range.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "topo/errors.h"

namespace kintsugi::topo {
namespace {

using namespace std::string_literals;

std::vector<KeyRange> ranges(std::initializer_list<const char*> texts) {
  std::vector<KeyRange> result;
  for (const char* text : texts) result.push_back(KeyRange::parse(text).value());
  return result;
}

std::vector<std::string> names(int count) {
  const std::vector<KeyRange> all = equal_ranges(count).value();
  std::vector<std::string> result;
  for (const KeyRange& range : all) result.push_back(range.text());
  return result;
}

TEST(KeyRange, ParsesWhatItPrints) {
  for (const char* text : {"-", "-80", "80-", "40-80", "-4000", "40ff-41"}) {
    EXPECT_EQ(KeyRange::parse(text).value().text(), text);
  }
  EXPECT_TRUE(KeyRange::parse("0").value().full());
  EXPECT_EQ(KeyRange::parse("A0-").value().text(), "a0-");
}

TEST(KeyRange, RefusesWhatIsNone) {
  for (const char* text : {"", "80", "-8", "8-", "80-40", "80-80", "-80-", "zz-", "40 -80", "--"}) {
    const auto range = KeyRange::parse(text);
    ASSERT_FALSE(range) << text;
    EXPECT_TRUE(range.error().is(kBadKeyRange)) << text;
  }
  EXPECT_THAT(KeyRange::parse("-8").error().message(), testing::HasSubstr("write -80, not -8"));
}

TEST(KeyRange, ContainsFromStartToBeforeEnd) {
  const KeyRange range = KeyRange::parse("40-80").value();
  EXPECT_TRUE(range.contains("\x40"s));
  EXPECT_TRUE(range.contains("\x7f\xff\xff"s));
  EXPECT_FALSE(range.contains("\x80"s));
  EXPECT_FALSE(range.contains("\x3f\xff"s));
  EXPECT_FALSE(range.contains(""s));
  EXPECT_TRUE(KeyRange::parse("-80").value().contains(""s));
  EXPECT_TRUE(KeyRange::parse("80-").value().contains("\xff\xff"s));
  EXPECT_TRUE(range.contains(KeyRange::parse("40-60").value()));
  EXPECT_FALSE(range.contains(KeyRange::parse("40-").value()));
  EXPECT_TRUE(range.intersects(KeyRange::parse("-41").value()));
  EXPECT_FALSE(range.intersects(KeyRange::parse("-40").value()));
  EXPECT_FALSE(range.intersects(KeyRange::parse("80-").value()));
}

TEST(KeyRange, PartitionCoversEveryIdOnce) {
  EXPECT_TRUE(check_partition(ranges({"-"})));
  EXPECT_TRUE(check_partition(ranges({"80-", "-80"})));
  EXPECT_TRUE(check_partition(ranges({"-40", "80-", "40-80"})));
  const auto message = [](std::initializer_list<const char*> texts) {
    return check_partition(ranges(texts)).error().message();
  };
  EXPECT_EQ(message({}), "there are no shards");
  EXPECT_EQ(message({"80-"}), "no shard holds the ids before 80");
  EXPECT_EQ(message({"-80"}), "no shard holds the ids from 80 on");
  EXPECT_EQ(message({"-40", "80-"}), "no shard holds the ids from 40 to 80");
  EXPECT_EQ(message({"-80", "40-"}), "shards -80 and 40- overlap");
  EXPECT_EQ(message({"-", "80-"}), "shards - and 80- overlap");
  EXPECT_EQ(message({"-80", "-80", "80-"}), "shards -80 and -80 overlap");
}

TEST(KeyRange, EqualRangesAreNamedAsInVitess) {
  EXPECT_THAT(names(1), testing::ElementsAre("-"));
  EXPECT_THAT(names(2), testing::ElementsAre("-80", "80-"));
  EXPECT_THAT(names(3), testing::ElementsAre("-55", "55-aa", "aa-"));
  EXPECT_THAT(names(4), testing::ElementsAre("-40", "40-80", "80-c0", "c0-"));
  EXPECT_EQ(names(256)[255], "ff-");
  EXPECT_EQ(names(512)[1], "0080-0100");
  for (const int count : {1, 2, 3, 5, 7, 10, 16, 100, 256, 257, 1000, 65536}) {
    const auto all = equal_ranges(count).value();
    EXPECT_EQ(all.size(), static_cast<std::size_t>(count));
    EXPECT_TRUE(check_partition(all)) << count;
  }
  EXPECT_FALSE(equal_ranges(0));
  EXPECT_FALSE(equal_ranges(65537));
}

TEST(KeyspaceId, ComparesAsUnsignedBytes) {
  EXPECT_LT(KeyspaceId("\x7f"), KeyspaceId("\x80"));
  EXPECT_LT(KeyspaceId(""), KeyspaceId("\0"s));
  EXPECT_LT(KeyspaceId("a"), KeyspaceId("aa"));
  EXPECT_EQ(KeyspaceId::big_endian(1).hex(), "0000000000000001");
  const std::string longer(100, 'x');
  EXPECT_EQ(KeyspaceId(longer).bytes(), longer);
  EXPECT_EQ(KeyspaceId::from_hex("166b40b44aba4bd6").value().hex(), "166b40b44aba4bd6");
  EXPECT_FALSE(KeyspaceId::from_hex("1"));
}

TEST(KeyRange, OfPrefixHoldsTheIdsThatBeginWithIt) {
  EXPECT_EQ(KeyRange::of_prefix("").text(), "-");
  EXPECT_EQ(KeyRange::of_prefix("\x12\x34").text(), "1234-1235");
  EXPECT_EQ(KeyRange::of_prefix("\x12\xff").text(), "12ff-13");
  EXPECT_EQ(KeyRange::of_prefix("\xff\xff").text(), "ffff-");
}

}  // namespace
}  // namespace kintsugi::topo
