#include "gate/file_line.h"

#include <gmock/gmock.h>

#include "mysql/charset.h"

namespace kintsugi::gate {
namespace {

using mysql::FieldType;

mysql::ColumnDefinition column(FieldType type, std::uint16_t collation = mysql::kUtf8mb4GeneralCi) {
  mysql::ColumnDefinition made;
  made.name = "c";
  made.type = type;
  made.collation = collation;
  return made;
}

std::string line(const plan::FileFormat& format, const std::vector<mysql::ColumnDefinition>& columns,
                 const std::vector<mysql::Cell>& cells) {
  const auto lines = FileLines::of(format, columns);
  if (!lines) return lines.error().text();
  std::string out;
  lines->append(out, cells);
  return out;
}

TEST(FileLines, EscapesWhatWouldEndAField) {
  const plan::FileFormat format;
  const std::vector columns = {column(FieldType::long_), column(FieldType::var_string)};
  EXPECT_EQ(line(format, columns, {"1", "a\tb\nc\\d"}), "1\ta\\\tb\\\nc\\\\d\n");
  EXPECT_EQ(line(format, columns, {std::nullopt, std::string_view("\0x", 2)}), "\\N\t\\0x\n");
}

TEST(FileLines, EnclosesTextsOnlyWhereThatIsOptional) {
  plan::FileFormat format;
  format.fields_terminated = ",";
  format.enclosed = "\"";
  const std::vector columns = {column(FieldType::long_), column(FieldType::var_string)};
  EXPECT_EQ(line(format, columns, {"1", "a\"b,c"}), "\"1\",\"a\\\"b,c\"\n");
  format.optionally_enclosed = true;
  EXPECT_EQ(line(format, columns, {"1", "a\"b,c"}), "1,\"a\\\"b,c\"\n");
  EXPECT_EQ(line(format, columns, {std::nullopt, std::nullopt}), "\\N,\\N\n");
  format.escaped = "";
  EXPECT_EQ(line(format, columns, {std::nullopt, "a\"b"}), "NULL,\"a\"b\"\n");
}

TEST(FileLines, ASeparatorThatIsALetterOfAnEscapeIsDoubled) {
  plan::FileFormat format;
  format.enclosed = "N";
  EXPECT_EQ(line(format, {column(FieldType::var_string)}, {"aNb"}), "NaNNbN\n");
}

TEST(FileLines, OfCharactersOfSeveralBytesNothingIsEscaped) {
  plan::FileFormat format;
  format.fields_terminated = "\u00e9";
  EXPECT_EQ(line(format, {column(FieldType::var_string)}, {"n\u00e9"}), "n\u00e9\n");
  EXPECT_EQ(line(format, {column(FieldType::blob, mysql::kBinaryCollation)}, {"\u00e9"}), "\\\u00e9\n");
  EXPECT_TRUE(has_wide_separators(format));
}

TEST(FileLines, TellsOfSeparatorsThatMayNotBeReadBack) {
  plan::FileFormat format;
  format.fields_terminated = "1";
  const std::vector columns = {column(FieldType::long_)};
  EXPECT_TRUE(FileLines::of(format, columns)->is_ambiguous());
  format.enclosed = "\"";
  EXPECT_FALSE(FileLines::of(format, columns)->is_ambiguous());
}

TEST(FileLines, RefusesCharactersThatMayHoldASeparator) {
  const mysql::Collation* gbk = mysql::default_collation("gbk");
  ASSERT_NE(gbk, nullptr);
  const plan::FileFormat format;
  EXPECT_THAT(line(format, {column(FieldType::var_string, gbk->id)}, {"x"}), testing::HasSubstr("utf8mb4"));
}

}  // namespace
}  // namespace kintsugi::gate
