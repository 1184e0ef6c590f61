#include "mysql/request.h"

#include <tuple>

#include <gtest/gtest.h>

#include "mysql/bulk_request.h"
#include "mysql/charset.h"
#include "mysql/errors.h"
#include "mysql/quote.h"

namespace kintsugi::mysql {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

TEST(Requests, SimpleOnesRoundTrip) {
  std::string bytes;
  write_id_command(bytes, Command::stmt_close, 7);
  EXPECT_EQ(command_of(bytes), Command::stmt_close);
  EXPECT_EQ(parse_id(bytes).value(), 7u);
  EXPECT_FALSE(parse_id(std::string_view(bytes).substr(0, 4)));

  bytes.clear();
  write_fetch(bytes, {.statement_id = 3, .rows = 100});
  EXPECT_EQ(parse_fetch(bytes)->rows, 100u);
  EXPECT_FALSE(parse_fetch(std::string_view(bytes).substr(0, 8)));

  bytes.clear();
  write_long_data(bytes, {.statement_id = 3, .parameter = 2, .data = "abc"});
  EXPECT_EQ(parse_long_data(bytes)->parameter, 2);
  EXPECT_EQ(parse_long_data(bytes)->data, "abc");
  EXPECT_FALSE(parse_long_data(std::string_view(bytes).substr(0, 6)));

  EXPECT_EQ(parse_field_list("\x04orders\0o%"s)->table, "orders");
  EXPECT_EQ(parse_field_list("\x04orders\0o%"s)->wildcard, "o%");
  EXPECT_FALSE(parse_field_list("\x04orders"));
  EXPECT_EQ(parse_set_option("\x1b\x01\0"s).value(), 1);
  EXPECT_EQ(command_of(""), std::nullopt);
}

TEST(QueryRequest, IsFoundBehindItsAttributes) {
  EXPECT_EQ(parse_query("\x03select 1", 0)->sql, "select 1");
  std::string plain;
  write_query(plain, "select 1", capability::kQueryAttributes);
  EXPECT_EQ(parse_query(plain, capability::kQueryAttributes)->sql, "select 1");
  // Two attributes, the second NULL, as the mysql client's query_attributes command sends them.
  const std::string bytes =
      "\x03\x02\x01\x02\x01\xfe\x00\x05trace\x06\x00\x01n\x03"
      "abcselect 2"s;
  const auto request = parse_query(bytes, capability::kQueryAttributes);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->sql, "select 2");
  ASSERT_EQ(request->attributes.size(), 2u);
  EXPECT_EQ(request->attributes[0].type.name, "trace");
  EXPECT_EQ(request->attributes[0].value, Value("abc"));
  EXPECT_TRUE(is_null(request->attributes[1].value));
  for (std::size_t cut = 1; cut < bytes.size() - 8; ++cut) {
    EXPECT_FALSE(parse_query(std::string_view(bytes).substr(0, cut), capability::kQueryAttributes)) << cut;
  }
}

std::vector<Parameter> parameters_of_every_type() {
  return {{{FieldType::tiny, false, ""}, std::int64_t{-5}},
          {{FieldType::longlong, true, ""}, std::uint64_t{UINT64_MAX}},
          {{FieldType::double_, false, ""}, 2.5},
          {{FieldType::float_, false, ""}, -0.5f},
          {{FieldType::null, false, ""}, Value()},
          {{FieldType::var_string, false, ""}, "text"},
          {{FieldType::var_string, false, ""}, Value()},
          {{FieldType::datetime, false, ""}, DateTime{2024, 1, 2, 3, 4, 5, 6}},
          {{FieldType::time, false, ""}, TimeSpan{true, 1, 2, 3, 4, 5}},
          {{FieldType::blob, false, ""}, "\xff"}};
}

TEST(ExecuteRequest, RoundTripsEveryTypeAndFailsWhenCut) {
  const std::vector<Parameter> parameters = parameters_of_every_type();
  for (const Capabilities capabilities : {Capabilities{0}, capability::kQueryAttributes}) {
    std::string bytes;
    write_execute(bytes, 9, execute_flag::kReadOnlyCursor, parameters, capabilities);
    std::vector<ParameterType> types;
    const auto request = parse_execute(bytes, parameters.size(), types, {}, capabilities);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->statement_id, 9u);
    EXPECT_EQ(request->flags, execute_flag::kReadOnlyCursor);
    ASSERT_EQ(request->values.size(), parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i)
      EXPECT_EQ(request->values[i], parameters[i].value) << i;
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      std::vector<ParameterType> none;
      EXPECT_FALSE(
          parse_execute(std::string_view(bytes).substr(0, cut), parameters.size(), none, {}, capabilities));
    }
  }
}

TEST(BulkRequest, HasRowsOfValuesAndWordsAndFailsWhenCut) {
  // Two parameters, a TINYINT and a text, in three rows.
  const std::string head = "\xfa\x07\0\0\0\x80\0\x01\0\xfd\0"s;
  const std::string rows[] = {"\0\x05\0\x02hi"s, "\x01\x02"s, "\0\xff\x03"s};
  const std::string bytes = head + rows[0] + rows[1] + rows[2];
  std::vector<ParameterType> types;
  auto request = parse_bulk_execute(bytes, 2, types);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->statement_id, 7u);
  EXPECT_EQ(request->rows, 3u);
  EXPECT_TRUE(request->leaves_columns);
  using Kind = BulkValue::Kind;
  std::vector<BulkValue> row;
  take_bulk_row(*request, types, row);
  ASSERT_EQ(row.size(), 2u);
  EXPECT_EQ(row[0].value, Value(std::int64_t{5}));
  EXPECT_EQ(row[1].value, Value("hi"sv));
  take_bulk_row(*request, types, row);
  ASSERT_EQ(row.size(), 2u);
  EXPECT_EQ(row[0].kind, Kind::null);
  EXPECT_EQ(row[1].kind, Kind::by_default);
  take_bulk_row(*request, types, row);
  EXPECT_EQ(row[0].value, Value(std::int64_t{-1}));
  EXPECT_EQ(row[1].kind, Kind::ignored);
  EXPECT_TRUE(request->cells.empty());
  // The types hold for the next one, which need not say them again.
  const auto again = parse_bulk_execute("\xfa\x07\0\0\0\0\0"s + rows[0], 2, types);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->rows, 1u);
  EXPECT_FALSE(again->leaves_columns);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    std::vector<ParameterType> none;
    const bool whole =
        cut == head.size() + rows[0].size() || cut == head.size() + rows[0].size() + rows[1].size();
    EXPECT_EQ(parse_bulk_execute(std::string_view(bytes).substr(0, cut), 2, none).has_value(), whole) << cut;
  }
  EXPECT_FALSE(parse_bulk_execute(head + "\x04\0\0"s, 2, types));
  EXPECT_FALSE(parse_bulk_execute(bytes, 0, types));
}

TEST(ExecuteRequest, KeepsTheTypesOfTheLastBinding) {
  const std::vector<Parameter> parameters = {{{FieldType::short_, false, ""}, std::int64_t{7}}};
  std::string bound;
  write_execute(bound, 1, 0, parameters, 0);
  std::vector<ParameterType> types;
  ASSERT_TRUE(parse_execute(bound, 1, types, {}, 0));
  const std::string again = "\x17\x01\0\0\0\0\x01\0\0\0\0\0\x08\0"s;  // new-parameters-bound is 0
  const auto request = parse_execute(again, 1, types, {}, 0);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->values.at(0), Value(std::int64_t{8}));
  std::vector<ParameterType> never_bound;
  EXPECT_FALSE(parse_execute(again, 1, never_bound, {}, 0));
}

TEST(ExecuteRequest, RefusesTypesThatDoNotExistAndKeepsTheLastBinding) {
  const std::vector<Parameter> parameters = {{{FieldType::short_, false, ""}, std::int64_t{7}}};
  std::string bound;
  write_execute(bound, 1, 0, parameters, 0);
  std::vector<ParameterType> types;
  ASSERT_TRUE(parse_execute(bound, 1, types, {}, 0));
  for (const char type : {'\x15', '\x7f', '\xe0', '\xf0'}) {
    const std::string wrong = "\x17\x01\0\0\0\0\x01\0\0\0\0\x01"s + type + "\0\x07\0\0\0\0\0\0\0"s;
    const auto request = parse_execute(wrong, 1, types, {}, 0);
    ASSERT_FALSE(request) << static_cast<int>(type);
    EXPECT_TRUE(request.error().is(kMalformedPacket));
  }
  const std::string again = "\x17\x01\0\0\0\0\x01\0\0\0\0\0\x08\0"s;
  const auto request = parse_execute(again, 1, types, {}, 0);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->values.at(0), Value(std::int64_t{8}));
}

TEST(ExecuteRequest, LongDataReplacesItsParameter) {
  const std::vector<Parameter> parameters = {{{FieldType::blob, false, ""}, "unused"},
                                             {{FieldType::tiny, false, ""}, std::int64_t{1}}};
  std::string bytes;
  write_execute(bytes, 1, 0, parameters, 0, {true, false});
  std::vector<ParameterType> types;
  const LongData sent = {"in pieces"s, std::nullopt};
  const auto request = parse_execute(bytes, 2, types, sent, 0);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->values.at(0), Value("in pieces"));
  EXPECT_EQ(request->values.at(1), Value(std::int64_t{1}));
}

TEST(ExecuteRequest, ReadsAndDropsQueryAttributes) {
  std::vector<Parameter> all = {{{FieldType::tiny, false, ""}, std::int64_t{1}},
                                {{FieldType::var_string, false, "trace"}, "x"}};
  std::string bytes;
  write_execute(bytes, 1, 0, all, capability::kQueryAttributes);
  bytes[5] = execute_flag::kParameterCount;
  bytes.insert(10, 1, '\x02');
  std::vector<ParameterType> types;
  const auto request = parse_execute(bytes, 1, types, {}, capability::kQueryAttributes);
  ASSERT_TRUE(request);
  ASSERT_EQ(request->values.size(), 1u);
  EXPECT_EQ(request->values[0], Value(std::int64_t{1}));
}

TEST(Literal, MeansTheValueInSql) {
  const std::tuple<Value, FieldType, const char*> cases[] = {
      {Value(), FieldType::null, "NULL"},
      {std::int64_t{-5}, FieldType::longlong, "-5"},
      {std::uint64_t{UINT64_MAX}, FieldType::longlong, "18446744073709551615"},
      {1.5, FieldType::double_, "1.5e+00"},
      {0.1, FieldType::double_, "1e-01"},
      {"12.50", FieldType::newdecimal, "12.50"},
      {"12.5'; drop", FieldType::newdecimal, "'12.5''; drop'"},
      {"it's \\", FieldType::var_string, "'it''s \\\\'"},
      {std::string_view("a\0b", 3), FieldType::blob, "_binary'a\\0b'"},
      {DateTime{2024, 1, 2}, FieldType::date, "'2024-01-02'"},
      {DateTime{2024, 1, 2, 3, 4, 5, 6}, FieldType::datetime, "'2024-01-02 03:04:05.000006'"},
      {TimeSpan{true, 1, 2, 3, 4, 0}, FieldType::time, "'-26:03:04'"},
  };
  for (const auto& [value, type, expected] : cases) {
    std::string out;
    append_literal(out, value, type);
    EXPECT_EQ(out, expected);
  }
}

TEST(Quote, HoldsForEverySessionSetting) {
  EXPECT_EQ(quoted("a'b\\"), "'a''b\\\\'");
  EXPECT_EQ(quoted("a'b\\", {.no_backslash_escapes = true}), "'a''b\\'");
  EXPECT_EQ(quoted("\xbf\x5c'", {.charset = "gbk"}), "_gbk X'BF5C27'");
  EXPECT_EQ(quoted_identifier("a`b"), "`a``b`");
}

TEST(Charset, KnowsTheCollationsOfBothServers) {
  EXPECT_EQ(find_collation(45)->name, "utf8mb4_general_ci");
  EXPECT_EQ(find_collation(255)->name, "utf8mb4_0900_ai_ci");
  EXPECT_EQ(find_collation(255)->max_bytes, 4);
  EXPECT_EQ(find_collation("utf8mb4_uca1400_ai_ci")->id, 2304);
  EXPECT_EQ(find_collation("UTF8_bin")->id, 83);
  EXPECT_EQ(find_collation(kBinaryCollation)->charset, "binary");
  EXPECT_EQ(find_collation(0), nullptr);
  EXPECT_EQ(find_collation("nonsense_ci"), nullptr);
  EXPECT_EQ(default_collation("latin1")->name, "latin1_swedish_ci");
  EXPECT_EQ(default_collation("utf8mb4")->id, kUtf8mb4GeneralCi);
  EXPECT_EQ(client_collation(255, /*mariadb=*/false)->name, "utf8mb4_0900_ai_ci");
  EXPECT_EQ(client_collation(255, /*mariadb=*/true), nullptr);
  EXPECT_EQ(client_collation(249, /*mariadb=*/true), nullptr);
  EXPECT_EQ(client_collation(8, /*mariadb=*/true)->name, "latin1_swedish_ci");
  EXPECT_EQ(client_collation(608, /*mariadb=*/true)->name, "utf8mb4_croatian_ci");
  EXPECT_EQ(client_collation(608, /*mariadb=*/false)->name, "utf8mb4_general_ci");
  EXPECT_EQ(client_collation(54, /*mariadb=*/false), nullptr) << "no statement is written in UTF-16";
  EXPECT_EQ(client_collation(9999, /*mariadb=*/false), nullptr);
  EXPECT_EQ(default_collation("utf8")->name, "utf8mb3_general_ci");
  EXPECT_EQ(default_collation("cp1251")->name, "cp1251_general_ci");
  EXPECT_EQ(default_collation("nonsense"), nullptr);
}

}  // namespace
}  // namespace kintsugi::mysql
