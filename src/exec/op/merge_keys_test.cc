#include "exec/op/merge_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exec/errors.h"
#include "mysql/row.h"

namespace kintsugi::exec {
namespace {

using mysql::FieldType;
using ::testing::ElementsAre;

mysql::ColumnDefinition column(std::string name, FieldType type, std::uint16_t flags = 0,
                               std::uint16_t collation = 63) {
  mysql::ColumnDefinition definition;
  definition.name = std::move(name);
  definition.type = type;
  definition.flags = flags;
  definition.collation = collation;
  return definition;
}

std::string text_row(const std::vector<mysql::Cell>& cells) {
  std::string row;
  mysql::write_text_row(row, cells);
  return row;
}

/// The order of two texts (NULL where there is none) of one column, -1, 0 or 1.
int order(FieldType type, mysql::Cell a, mysql::Cell b, std::uint16_t flags = 0, std::string padding = {}) {
  const plan::MergeKey keys[] = {{.name = "k", .padding = std::move(padding)}};
  Result<MergeKeyReader> reader = MergeKeyReader::make(keys, {column("k", type, flags)}, 0, false);
  if (!reader) return 99;
  const std::string rows[] = {text_row({a}), text_row({b})};
  MergeKeys first, second;
  EXPECT_TRUE(reader->read(rows[0], first));
  EXPECT_TRUE(reader->read(rows[1], second));
  const int found = reader->compare(first, second);
  EXPECT_EQ(reader->compare(second, first), -found);
  return found < 0 ? -1 : found > 0 ? 1 : 0;
}

TEST(MergeKeys, NumbersByValue) {
  EXPECT_EQ(order(FieldType::long_, "9", "10"), -1);
  EXPECT_EQ(order(FieldType::long_, "-9", "-10"), 1);
  EXPECT_EQ(order(FieldType::long_, "000042", "42"), 0);
  EXPECT_EQ(order(FieldType::longlong, "18446744073709551615", "1", mysql::column_flag::kUnsigned), 1);
  EXPECT_EQ(order(FieldType::double_, "1e10", "9"), 1);
  EXPECT_EQ(order(FieldType::double_, "-0", "0"), 0);
  EXPECT_EQ(order(FieldType::year, "1999", "2026", mysql::column_flag::kUnsigned), -1);
}

TEST(MergeKeys, DecimalsByTheirDigits) {
  EXPECT_EQ(order(FieldType::newdecimal, "9.5", "10.25"), -1);
  EXPECT_EQ(order(FieldType::newdecimal, "1.50", "1.5"), 0);
  EXPECT_EQ(order(FieldType::newdecimal, "-1.5", "-1.25"), -1);
  EXPECT_EQ(order(FieldType::newdecimal, "0.00", "-0.00"), 0);
  EXPECT_EQ(order(FieldType::newdecimal, "00.10", "0.1"), 0);
  EXPECT_EQ(order(FieldType::newdecimal, "-1", "0"), -1);
  EXPECT_EQ(
      order(FieldType::newdecimal, "123456789012345678901234567890.1", "123456789012345678901234567890.01"),
      1);
}

TEST(MergeKeys, TimesBySpanAndDatesByTheirParts) {
  EXPECT_EQ(order(FieldType::time, "-838:59:59", "00:00:00"), -1);
  EXPECT_EQ(order(FieldType::time, "100:00:00", "99:00:00"), 1);
  EXPECT_EQ(order(FieldType::time, "-00:00:00.5", "-00:00:00.25"), -1);
  EXPECT_EQ(order(FieldType::datetime, "2026-01-01 00:00:00.5", "2026-01-01 00:00:00.25"), 1);
  EXPECT_EQ(order(FieldType::date, "0000-00-00", "1000-01-01"), -1);
}

TEST(MergeKeys, NullComesFirst) {
  EXPECT_EQ(order(FieldType::long_, std::nullopt, "-5"), -1);
  EXPECT_EQ(order(FieldType::long_, std::nullopt, std::nullopt), 0);
}

TEST(MergeKeys, ShorterTextsGoOnWithTheirPadding) {
  using namespace std::string_literals;
  EXPECT_EQ(order(FieldType::blob, "\0A"s, "\0A\0 "s, 0, "\0 "s), 0);
  EXPECT_EQ(order(FieldType::blob, "\0A"s, "\0A\0\x09"s, 0, "\0 "s), 1);
  EXPECT_EQ(order(FieldType::blob, "\0A"s, "\0A\0B"s, 0, "\0 "s), -1);
  EXPECT_EQ(order(FieldType::blob, "a", "a "), -1);
  EXPECT_EQ(order(FieldType::blob, "\x7f", "\x80"), -1);
}

TEST(MergeKeys, TextsAreNotComparedByTheirBytes) {
  const plan::MergeKey keys[] = {{.name = "k"}};
  for (const auto& definition : {column("k", FieldType::var_string, 0, 45),
                                 column("k", FieldType::string, mysql::column_flag::kEnum)}) {
    const Result<MergeKeyReader> reader = MergeKeyReader::make(keys, {definition}, 0, false);
    ASSERT_FALSE(reader);
    EXPECT_TRUE(reader.error().is(kShardsDisagree));
  }
}

TEST(MergeKeys, AColumnThatIsElsewhereIsRefused) {
  const plan::MergeKey keys[] = {{.column = 1, .name = "k"}};
  const auto make = [&](std::vector<mysql::ColumnDefinition> columns) {
    return MergeKeyReader::make(keys, std::move(columns), 0, false).has_value();
  };
  EXPECT_TRUE(make({column("a", FieldType::long_), column("K", FieldType::long_)}));
  EXPECT_FALSE(make({column("k", FieldType::long_), column("a", FieldType::long_)}));
  EXPECT_FALSE(make({column("k", FieldType::long_)}));
}

TEST(MergeKeys, HiddenColumnsAreTakenOffTextRows) {
  const plan::MergeKey keys[] = {{.hidden = true, .descending = true, .name = "w"}};
  Result<MergeKeyReader> reader = MergeKeyReader::make(
      keys, {column("a", FieldType::var_string, 0, 45), column("w", FieldType::blob)}, 1, false);
  ASSERT_TRUE(reader);
  const std::string row = text_row({"x", "y"}), other = text_row({std::nullopt, "z"});
  MergeKeys first, second;
  std::string scratch;
  EXPECT_EQ(reader->visible(row, *reader->read(row, first), scratch), text_row({"x"}));
  EXPECT_EQ(reader->visible(other, *reader->read(other, second), scratch), text_row({std::nullopt}));
  EXPECT_GT(reader->compare(first, second), 0);
}

TEST(MergeKeys, HiddenColumnsAreTakenOffBinaryRows) {
  // Seven columns, of which the last two are hidden: the bits of NULLs need one byte less without them.
  std::vector<mysql::ColumnDefinition> columns;
  for (int i = 0; i < 7; ++i) columns.push_back(column("c" + std::to_string(i), FieldType::longlong));
  const plan::MergeKey keys[] = {{.hidden = true, .name = "c5"}, {.column = 1, .hidden = true, .name = "c6"}};
  Result<MergeKeyReader> reader = MergeKeyReader::make(keys, columns, 2, true);
  ASSERT_TRUE(reader);
  std::vector<mysql::Value> values;
  for (std::int64_t i = 0; i < 7; ++i) values.emplace_back(i);
  values[1] = values[4] = values[6] = {};
  std::string row, expected;
  mysql::write_binary_row(row, columns, values);
  mysql::write_binary_row(expected, std::span(columns).first(5), std::span(values).first(5));
  MergeKeys found;
  std::string scratch;
  const Result<std::size_t> size = reader->read(row, found);
  ASSERT_TRUE(size);
  EXPECT_EQ(reader->visible(row, *size, scratch), expected);
  EXPECT_THAT(found, ElementsAre(mysql::Value(std::int64_t{5}), mysql::Value()));
}

TEST(MergeKeys, HiddenNullsLeaveBitsBehind) {
  std::vector<mysql::ColumnDefinition> columns;
  for (int i = 0; i < 7; ++i) columns.push_back(column("c" + std::to_string(i), FieldType::longlong));
  const plan::MergeKey keys[] = {{.hidden = true, .name = "c6"}};
  Result<MergeKeyReader> reader = MergeKeyReader::make(keys, columns, 1, true);
  ASSERT_TRUE(reader);
  const std::vector<mysql::Value> values(7);
  std::string row, expected, scratch;
  mysql::write_binary_row(row, columns, values);
  mysql::write_binary_row(expected, std::span(columns).first(6), std::span(values).first(6));
  MergeKeys found;
  const Result<std::size_t> size = reader->read(row, found);
  ASSERT_TRUE(size);
  EXPECT_EQ(reader->visible(row, *size, scratch), expected);
}

TEST(MergeKeys, RowsThatDoNotFitAreRefused) {
  const plan::MergeKey keys[] = {{.column = 1, .name = "k"}};
  Result<MergeKeyReader> reader =
      MergeKeyReader::make(keys, {column("a", FieldType::long_), column("k", FieldType::long_)}, 0, false);
  ASSERT_TRUE(reader);
  MergeKeys found;
  EXPECT_FALSE(reader->read(text_row({"1"}), found));
  EXPECT_FALSE(reader->read(text_row({"1", "x"}), found));
}

}  // namespace
}  // namespace kintsugi::exec
