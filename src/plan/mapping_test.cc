#include "plan/mapping.h"

#include <gtest/gtest.h>

#include "vschema/vindex.h"

namespace kintsugi::plan {
namespace {

std::unique_ptr<vschema::Vindex> vindex(std::string_view type) { return *vschema::make_vindex(type, {}); }

Column integer(std::string type, bool is_unsigned = false) {
  Column column{.name = "id", .type = std::move(type), .type_class = ColumnClass::kInteger};
  column.is_unsigned = is_unsigned;
  return column;
}

Column text(std::string collation) {
  Column column{.name = "name", .type = "varchar", .type_class = ColumnClass::kText};
  column.collation = std::move(collation);
  column.length = 5;
  return column;
}

Operand constant(ValueKind kind, std::string_view written, bool negated = false) {
  Operand operand;
  operand.negated = negated;
  operand.constant = {kind, written, {}};
  return operand;
}

/// What the vindex is given: "NULL", "?" for what is not routed by, else the text in quotes.
std::string show(const Mapped& mapped) {
  if (mapped.state == Mapped::State::kNull) return "NULL";
  return mapped.state == Mapped::State::kUnknown ? "?" : "'" + std::string(mapped.value.text) + "'";
}

std::string look_up(const Column& column, std::string_view type, const Operand& operand,
                    const Bindings& bindings = {}) {
  MappingBuffer buffer;
  return show(map_lookup(key_column(column, *vindex(type)), operand, bindings, buffer));
}

std::string insert(const Column& column, std::string_view type, const Operand& operand,
                   const Bindings& bindings = {}) {
  MappingBuffer buffer;
  return show(map_insert(key_column(column, *vindex(type)), operand, bindings, buffer));
}

TEST(Mapping, IntegersAreWrittenInOneWay) {
  const Column column = integer("bigint");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kInteger, "0042")), "'42'");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kInteger, "42", true)), "'-42'");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kInteger, "-42", true)), "'42'");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kInteger, "0", true)), "'0'");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kInteger, "-0")), "'0'");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kFloat, "42")), "'42'");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kFloat, "-42")), "'-42'");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kFloat, "42.5")), "?");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kFloat, "42e0")), "?");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kFloat, "9007199254740993")), "?");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kNull, "")), "NULL");
}

TEST(Mapping, WhatConvertsToAnIntegerIsNotRoutedBy) {
  const Column column = integer("bigint");
  for (const char* written : {"", " 1", "1 ", "01", "1.0", "1e0", "1x", "+1", "-", "1234567890123456"}) {
    EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kString, written)), "?") << written;
  }
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kString, "-15")), "'-15'");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kString, "123456789012345")), "'123456789012345'");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kDecimal, "1.0")), "?");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kFloat, "1e0")), "?");
  EXPECT_EQ(look_up(column, "hash", constant(ValueKind::kBit, "1")), "?");
}

TEST(Mapping, RangesOfIntegerTypes) {
  struct Case {
    const char* type;
    bool is_unsigned;
    const char* low;  // without its sign
    const char* high;
    const char* above;
  };
  for (const Case& c :
       {Case{"tinyint", false, "128", "127", "128"}, Case{"tinyint", true, "0", "255", "256"},
        Case{"smallint", false, "32768", "32767", "32768"},
        Case{"mediumint", true, "0", "16777215", "16777216"},
        Case{"int", false, "2147483648", "2147483647", "2147483648"},
        Case{"bigint", false, "9223372036854775808", "9223372036854775807", "9223372036854775808"},
        Case{"bigint", true, "0", "18446744073709551615", "18446744073709551616"}}) {
    const Column column = integer(c.type, c.is_unsigned);
    EXPECT_NE(insert(column, "hash", constant(ValueKind::kInteger, c.low, true)), "?") << c.type;
    EXPECT_NE(insert(column, "hash", constant(ValueKind::kInteger, c.high)), "?") << c.type;
    EXPECT_EQ(insert(column, "hash", constant(ValueKind::kInteger, c.above)), "?") << c.type;
  }
  EXPECT_EQ(insert(integer("bigint", true), "hash", constant(ValueKind::kInteger, "1", true)), "?");
}

TEST(Mapping, TextsByTheirCollation) {
  const Operand gold = constant(ValueKind::kString, "gold");
  EXPECT_EQ(look_up(text("utf8mb4_bin"), "xxhash", gold), "'gold'");
  EXPECT_EQ(look_up(text("utf8mb4_0900_bin"), "xxhash", gold), "'gold'");
  EXPECT_EQ(look_up(text("utf8mb4_general_ci"), "xxhash", gold), "?");
  EXPECT_EQ(look_up(text("utf8mb4_general_ci"), "unicode_loose_xxhash", gold), "'gold'");
  EXPECT_EQ(insert(text("utf8mb4_general_ci"), "xxhash", gold), "'gold'");
  EXPECT_EQ(look_up(text("utf8mb4_bin"), "xxhash", constant(ValueKind::kInteger, "5")), "?");
  EXPECT_EQ(insert(text("utf8mb4_bin"), "xxhash", constant(ValueKind::kInteger, "05")), "'5'");
}

TEST(Mapping, TrailingSpacesCountWhereTheCollationSaysSo) {
  const Operand spaced = constant(ValueKind::kString, "a  ");
  EXPECT_EQ(look_up(text("utf8mb4_bin"), "xxhash", spaced), "'a'");
  EXPECT_EQ(insert(text("utf8mb4_bin"), "xxhash", spaced), "?");
  EXPECT_EQ(look_up(text("utf8mb4_0900_bin"), "xxhash", spaced), "'a  '");
  EXPECT_EQ(insert(text("utf8mb4_0900_bin"), "xxhash", spaced), "'a  '");
  EXPECT_EQ(insert(text("utf8mb4_nopad_bin"), "xxhash", spaced), "'a  '");
}

TEST(Mapping, WhatServersWouldCutIsNotInserted) {
  EXPECT_EQ(insert(text("utf8mb4_bin"), "xxhash", constant(ValueKind::kString, "größe")), "'größe'");
  EXPECT_EQ(insert(text("utf8mb4_bin"), "xxhash", constant(ValueKind::kString, "abcdef")), "?");
  EXPECT_EQ(insert(text("utf8mb4_bin"), "xxhash", constant(ValueKind::kInteger, "123456")), "?");
}

TEST(Mapping, CharacterSets) {
  const Operand ascii = constant(ValueKind::kString, "gold");
  const Operand other = constant(ValueKind::kString, "gr\xf6\xdf");
  Bindings latin1;
  latin1.utf8 = false;
  EXPECT_EQ(look_up(text("utf8mb4_bin"), "xxhash", ascii, latin1), "'gold'");
  EXPECT_EQ(look_up(text("utf8mb4_bin"), "xxhash", other, latin1), "?");
  Operand introduced = constant(ValueKind::kString, "größe");
  introduced.charset = "latin1";
  EXPECT_EQ(look_up(text("utf8mb4_bin"), "xxhash", introduced), "?");
  introduced.charset = "utf8mb4";
  EXPECT_EQ(look_up(text("utf8mb4_bin"), "xxhash", introduced, latin1), "'größe'");
  Operand read = constant(ValueKind::kBytes, "größe");
  EXPECT_EQ(look_up(text("utf8mb4_bin"), "xxhash", read), "?");
  read.constant.charset = "utf8mb4";
  EXPECT_EQ(look_up(text("utf8mb4_bin"), "xxhash", read), "'größe'");
}

TEST(Mapping, Bytes) {
  Column fixed{.name = "id", .type = "binary", .type_class = ColumnClass::kBinary};
  fixed.length = 2;
  EXPECT_EQ(look_up(fixed, "xxhash", constant(ValueKind::kHex, "6162")), "'ab'");
  EXPECT_EQ(look_up(fixed, "xxhash", constant(ValueKind::kBytes, "ab")), "'ab'");
  EXPECT_EQ(look_up(fixed, "xxhash", constant(ValueKind::kString, "a")), "?");
  EXPECT_EQ(insert(fixed, "xxhash", constant(ValueKind::kString, "a")), "?");
  EXPECT_EQ(look_up(fixed, "xxhash", constant(ValueKind::kHex, "616")), "?");
  EXPECT_EQ(look_up(fixed, "xxhash", constant(ValueKind::kHex, "6g")), "?");
}

TEST(Mapping, Dates) {
  const Column day{.name = "day", .type = "date", .type_class = ColumnClass::kDate};
  EXPECT_EQ(look_up(day, "xxhash", constant(ValueKind::kString, "2022-03-09")), "'2022-03-09'");
  EXPECT_EQ(look_up(day, "xxhash", constant(ValueKind::kDate, "2022-03-09")), "'2022-03-09'");
  EXPECT_EQ(look_up(day, "xxhash", constant(ValueKind::kString, "2022-3-9")), "?");
  EXPECT_EQ(look_up(day, "xxhash", constant(ValueKind::kInteger, "20220309")), "?");
}

TEST(Mapping, JoinsNeedTheSameComparison) {
  const auto xxhash = vindex("xxhash");
  const KeyColumn big = key_column(integer("bigint"), *xxhash);
  const KeyColumn small = key_column(integer("smallint", true), *xxhash);
  const KeyColumn binary = key_column(text("utf8mb4_bin"), *xxhash);
  const KeyColumn loose = key_column(text("utf8mb4_general_ci"), *xxhash);
  EXPECT_TRUE(same_placement(big, "", small, ""));
  EXPECT_FALSE(same_placement(big, "", binary, "utf8mb4_bin"));
  EXPECT_TRUE(same_placement(binary, "utf8mb4_bin", binary, "utf8mb4_bin"));
  EXPECT_FALSE(same_placement(binary, "utf8mb4_bin", binary, "latin1_bin"));
  EXPECT_FALSE(same_placement(loose, "utf8mb4_general_ci", loose, "utf8mb4_general_ci"));
}

TEST(AppendSql, EveryServerReadsTheSameValue) {
  const auto sql = [](ValueKind kind, std::string_view written, bool no_backslash_escapes = false) {
    std::string out;
    append_sql(out, Value{kind, written, {}}, no_backslash_escapes);
    return out;
  };
  EXPECT_EQ(sql(ValueKind::kNull, ""), "NULL");
  EXPECT_EQ(sql(ValueKind::kString, "it's \\"), "'it''s \\\\'");
  EXPECT_EQ(sql(ValueKind::kString, "it's \\", true), "'it''s \\'");
  EXPECT_EQ(sql(ValueKind::kBytes, std::string_view("\0\xff", 2)), "x'00FF'");
  std::string introduced;
  append_sql(introduced, Value{ValueKind::kBytes, "\xff", "binary"}, false);
  EXPECT_EQ(introduced, "_binary x'FF'");
  EXPECT_EQ(sql(ValueKind::kTimestamp, "2022-03-09 01:02:03"), "TIMESTAMP '2022-03-09 01:02:03'");
  std::string out;
  append_sql(out, constant(ValueKind::kInteger, "-5", true), Bindings{});
  EXPECT_EQ(out, "- -5");
}

TEST(Schema, IsReadFromRows) {
  SchemaReader reader;
  const std::string_view rows[][kSchemaQueryColumns] = {
      {"ks", "t", "BASE TABLE", "b", "bigint", "bigint(20) unsigned", "NO", "auto_increment", "", "0", "0",
       "2", "0", "", "", "NO", "NONE", "u"},
      {"ks", "t", "BASE TABLE", "a", "varchar", "varchar(20)", "YES", "", "utf8mb4_bin", "20", "1", "1", "0",
       "'x'", "", "NO", "NONE", "u/v"},
      {"ks", "v", "VIEW", "x", "datetime", "datetime", "YES", "INVISIBLE", "", "0", "0", "0", "1", "NULL",
       "select 1", "YES", "LOCAL", ""}};
  for (const auto& row : rows) ASSERT_TRUE(reader.add_row(row));
  const std::shared_ptr<const Schema> schema =
      Schema().with(reader.take(), std::array{TableKey{"ks", "gone"}});
  const Table* t = schema->find("ks", "t");
  ASSERT_NE(t, nullptr);
  EXPECT_EQ(t->primary_key, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(t->unique_keys, (std::vector<std::vector<std::string>>{{"b", "a"}, {"a"}}));
  EXPECT_TRUE(t->find("B")->is_unsigned);
  EXPECT_TRUE(t->find("b")->auto_increment);
  EXPECT_EQ(t->find("a")->length, 20);
  EXPECT_EQ(t->find("a")->default_sql, "'x'");
  EXPECT_EQ(t->find("b")->default_sql, "");
  EXPECT_TRUE(schema->find("ks", "v")->view);
  EXPECT_EQ(schema->find("ks", "v")->definition, "select 1");
  EXPECT_TRUE(schema->find("ks", "v")->updatable && schema->find("ks", "v")->checked);
  EXPECT_FALSE(t->view || t->updatable || t->checked);
  EXPECT_TRUE(schema->find("ks", "v")->find("x")->invisible);
  EXPECT_TRUE(schema->known_missing("ks", "gone"));
  EXPECT_FALSE(schema->known_missing("ks", "t"));
  EXPECT_FALSE(schema->known_missing("ks", "other"));
  EXPECT_EQ(schema->without("ks", "t")->find("ks", "t"), nullptr);
  EXPECT_NE(schema->without("ks", "t")->find("ks", "v"), nullptr);
  EXPECT_EQ(schema->without("ks")->find("ks", "v"), nullptr);

  Schema learning = *schema;
  const auto u = std::make_shared<Table>(Table{.keyspace = "ks", .name = "u"});
  EXPECT_TRUE(learning.learn(std::array<Schema::Entry, 1>{u}, std::array{TableKey{"ks", "w"}}));
  EXPECT_EQ(learning.find("ks", "u"), u.get());
  EXPECT_EQ(learning.find("ks", "t"), t);
  EXPECT_TRUE(learning.known_missing("ks", "w"));
  const auto same = std::make_shared<Table>(*u);
  EXPECT_TRUE(learning.learn(std::array<Schema::Entry, 1>{same}));
  EXPECT_EQ(learning.find("ks", "u"), u.get());
  const auto viewed = std::make_shared<Table>(Table{.keyspace = "ks", .name = "u", .view = true});
  EXPECT_FALSE(learning.learn(std::array<Schema::Entry, 1>{viewed}));
  EXPECT_FALSE(learning.learn({}, std::array{TableKey{"ks", "u"}, TableKey{"ks", "new"}}));
  EXPECT_FALSE(learning.known_missing("ks", "new"));
  const auto back = std::make_shared<Table>(Table{.keyspace = "ks", .name = "gone"});
  EXPECT_FALSE(learning.learn(std::array<Schema::Entry, 1>{back}));

  const std::string_view narrow[] = {"ks"};
  EXPECT_FALSE(reader.add_row(narrow));
}

}  // namespace
}  // namespace kintsugi::plan
