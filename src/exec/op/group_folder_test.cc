#include "exec/op/group_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exec/errors.h"
#include "mysql/row.h"

namespace kintsugi::exec {
namespace {

using How = plan::MergeFold::How;
using mysql::FieldType;
using ::testing::HasSubstr;

mysql::ColumnDefinition column(FieldType type, std::uint16_t flags = 0, std::uint8_t decimals = 0,
                               std::string name = "c") {
  mysql::ColumnDefinition definition;
  definition.name = std::move(name);
  definition.type = type;
  definition.flags = flags;
  definition.decimals = decimals;
  definition.collation = 63;
  return definition;
}

using Columns = std::vector<mysql::ColumnDefinition>;
using Row = std::vector<mysql::Cell>;

std::string shown(const Row& cells) {
  std::string out;
  for (const mysql::Cell& cell : cells) out += (out.empty() ? "" : "|") + std::string(cell.value_or("NULL"));
  return out;
}

/// What becomes of the rows in one of the protocols.
std::string folded_as(bool binary, const std::vector<plan::MergeFold>& folds, const Columns& columns,
                      const std::vector<Row>& rows, std::size_t hidden) {
  Result<GroupFolder> folder = GroupFolder::make(folds, columns, hidden, binary);
  if (!folder) return folder.error().text();
  for (const Row& row : rows) {
    std::string bytes;
    if (binary) {
      EXPECT_TRUE(mysql::text_row_to_binary(bytes, columns, row));
    } else {
      mysql::write_text_row(bytes, row);
    }
    const Result<void> taken = &row == &rows.front() ? folder->begin(bytes) : folder->add(bytes);
    if (!taken) return taken.error().text();
  }
  std::string out;
  folder->write(out);
  const Columns visible(columns.begin(), columns.end() - static_cast<std::ptrdiff_t>(hidden));
  Row expected;
  std::vector<std::string> texts;
  if (!binary) {
    EXPECT_TRUE(mysql::parse_text_row(out, visible.size(), expected));
    return shown(expected);
  }
  std::vector<mysql::Value> values;
  EXPECT_TRUE(mysql::parse_binary_row(out, visible, values));
  texts.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::optional<std::string> text = mysql::to_text(values[i], visible[i].type);
    texts.push_back(text.value_or(""));
    expected.push_back(text ? mysql::Cell(texts.back()) : std::nullopt);
  }
  return shown(expected);
}

/// In both, which say the same.
std::string folded(const std::vector<plan::MergeFold>& folds, const Columns& columns,
                   const std::vector<Row>& rows, std::size_t hidden = 0) {
  const std::string text = folded_as(false, folds, columns, rows, hidden);
  EXPECT_EQ(folded_as(true, folds, columns, rows, hidden), text);
  return text;
}

TEST(GroupFolder, AddsUpCountsAndSums) {
  const std::vector<plan::MergeFold> folds = {{.how = How::kCount, .column = 1},
                                              {.how = How::kSum, .column = 2}};
  const Columns columns = {column(FieldType::var_string), column(FieldType::longlong),
                           column(FieldType::newdecimal, 0, 2)};
  EXPECT_EQ(folded(folds, columns, {{"a", "2", "1.50"}, {"a", "40", "-2.25"}}), "a|42|-0.75");
  EXPECT_EQ(folded(folds, columns, {{"a", "0", {}}, {"a", "1", "2.00"}, {{}, "1", {}}}), "a|2|2.00");
  EXPECT_EQ(folded(folds, columns, {{{}, "0", {}}, {{}, "0", {}}}), "NULL|0|NULL");
}

TEST(GroupFolder, CountsAndSumsAreComparedWithNumbers) {
  const std::vector<plan::MergeFold> folds = {{.how = How::kCount, .column = 0},
                                              {.how = How::kSum, .column = 1}};
  Result<GroupFolder> folder =
      GroupFolder::make(folds, {column(FieldType::longlong), column(FieldType::newdecimal, 0, 2)}, 0, false);
  ASSERT_TRUE(folder) << folder.error().text();
  const auto take = [&folder](const Row& row, bool first) {
    std::string bytes;
    mysql::write_text_row(bytes, row);
    EXPECT_TRUE(first ? folder->begin(bytes) : folder->add(bytes));
  };
  const auto fulfils = [&folder](plan::MergeFilter filter) { return folder->fulfils({&filter, 1}); };
  take({"9", std::nullopt}, true);
  EXPECT_FALSE(fulfils({.fold = 1, .less = true, .equal = true, .greater = true, .number = "0"})) << "NULL";
  take({"2", "-1.50"}, false);
  EXPECT_TRUE(fulfils({.fold = 0, .greater = true, .number = "9"}));
  EXPECT_FALSE(fulfils({.fold = 0, .less = true, .greater = true, .number = "11.0"}));
  EXPECT_TRUE(fulfils({.fold = 1, .equal = true, .number = "-1.5"}));
  EXPECT_FALSE(fulfils({.fold = 1, .equal = true, .greater = true, .number = "-1.4"}));
  EXPECT_TRUE(folder->fulfils({})) << "nothing is asked";
}

TEST(GroupFolder, ASumHasNoMoreDigitsThanADecimal) {
  const std::vector<plan::MergeFold> folds = {{.how = How::kSum, .column = 0}};
  const std::string nines(65, '9');
  EXPECT_THAT(folded(folds, {column(FieldType::newdecimal)}, {{nines}, {nines}}), HasSubstr("out of range"));
}

TEST(GroupFolder, AveragesAreMadeOfHiddenSumsAndCounts) {
  const std::vector<plan::MergeFold> folds = {{.how = How::kAverage, .column = 0, .aside = 1}};
  const Columns columns = {column(FieldType::newdecimal, 0, 4), column(FieldType::blob),
                           column(FieldType::newdecimal), column(FieldType::longlong)};
  EXPECT_EQ(folded(folds, columns, {{"1.0000", "x", "1", "1"}, {"0.5000", "x", "1", "2"}}, 3), "0.6667");
  EXPECT_EQ(folded(folds, columns, {{{}, {}, {}, "0"}, {"0.5000", "x", "1", "2"}}, 3), "0.5000");
  EXPECT_EQ(folded(folds, columns, {{{}, {}, {}, "0"}, {{}, {}, {}, "0"}}, 3), "NULL");
}

TEST(GroupFolder, TheLeastAndTheGreatestKeepHowTheyAreWritten) {
  const std::vector<plan::MergeFold> folds = {
      {.how = How::kLeast, .column = 0, .by = {.column = 0, .name = "c"}},
      {.how = How::kGreatest, .column = 1, .by = {.column = 1, .name = "c"}}};
  const Columns numbers = {column(FieldType::long_), column(FieldType::newdecimal)};
  EXPECT_EQ(folded(folds, numbers, {{"10", "9.5"}, {"9", "10.5"}, {{}, {}}}), "9|10.5");
  EXPECT_EQ(folded(folds, numbers, {{{}, {}}, {"-9", "-10.5"}}), "-9|-10.5");
  EXPECT_EQ(folded(folds, numbers, {{{}, {}}, {{}, {}}}), "NULL|NULL");
  const Columns dates = {column(FieldType::datetime), column(FieldType::time)};
  EXPECT_EQ(
      folded(folds, dates, {{"2026-01-02 00:00:00", "-01:00:00"}, {"2025-12-31 23:59:59", "100:00:00"}}),
      "2025-12-31 23:59:59|100:00:00");
}

TEST(GroupFolder, TextsAreComparedByWhatIsHidden) {
  const std::vector<plan::MergeFold> folds = {
      {.how = How::kGreatest, .column = 0, .by = {.column = 0, .hidden = true, .name = "_kintsugi_k1"}}};
  const Columns columns = {column(FieldType::var_string), column(FieldType::blob, 0, 0, "_kintsugi_k1")};
  EXPECT_EQ(folded(folds, columns, {{"b", "\x02"}, {"A", "\x01"}, {"C", "\x03"}, {"c", "\x03"}}, 1), "C");
}

TEST(GroupFolder, BitsGoTogether) {
  const std::vector<plan::MergeFold> folds = {{.how = How::kBitAnd, .column = 0},
                                              {.how = How::kBitOr, .column = 1},
                                              {.how = How::kBitXor, .column = 2}};
  const std::uint16_t flags = mysql::column_flag::kUnsigned;
  const Columns columns(3, column(FieldType::longlong, flags));
  EXPECT_EQ(folded(folds, columns, {{"12", "12", "12"}, {"10", "10", "10"}}), "8|14|6");
  EXPECT_EQ(folded(folds, columns, {{"18446744073709551615", "0", "0"}, {"18446744073709551615", "0", "0"}}),
            "18446744073709551615|0|0");
}

TEST(GroupFolder, OtherTypesThanWerePlannedWithAreAFailure) {
  const Result<GroupFolder> made = GroupFolder::make(
      std::vector<plan::MergeFold>{{.how = How::kSum, .column = 0}}, {column(FieldType::double_)}, 0, false);
  ASSERT_FALSE(made);
  EXPECT_TRUE(made.error().is(kShardsDisagree));
}

}  // namespace
}  // namespace kintsugi::exec
