#include "mysql/response.h"

#include <tuple>

#include <gtest/gtest.h>

#include "mysql/charset.h"
#include "mysql/errors.h"
#include "mysql/packet.h"
#include "mysql/row.h"
#include "mysql/status_flags.h"

namespace kintsugi::mysql {
namespace {

using namespace std::string_literals;
using ChangeKind = SessionChange::Kind;

TEST(OkPacket, RoundTripsWithAndWithoutSessionTracking) {
  const OkPacket ok{.affected_rows = 300,
                    .last_insert_id = 1ull << 40,
                    .status = status::kAutocommit,
                    .warnings = 2,
                    .info = "Rows matched: 300",
                    .changes = {{ChangeKind::system_variable, "autocommit", "ON"},
                                {ChangeKind::schema, "", "shop"},
                                {ChangeKind::state_change, "", "1"},
                                {ChangeKind::gtids, "", "0-1-7"},
                                {ChangeKind::transaction_characteristics, "", "START TRANSACTION READ ONLY;"},
                                {ChangeKind::transaction_state, "", "T_______"}}};
  for (const Capabilities capabilities : {Capabilities{0}, capability::kSessionTrack}) {
    std::string bytes;
    write_ok_packet(bytes, ok, capabilities);
    const auto back = parse_ok_packet(bytes, capabilities);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->affected_rows, ok.affected_rows);
    EXPECT_EQ(back->last_insert_id, ok.last_insert_id);
    EXPECT_EQ(back->warnings, ok.warnings);
    EXPECT_EQ(back->info, ok.info);
    const bool track = capabilities != 0;
    EXPECT_EQ(back->status, track ? status::kAutocommit | status::kSessionStateChanged : status::kAutocommit);
    ASSERT_EQ(back->changes.size(), track ? ok.changes.size() : 0);
    for (std::size_t i = 0; i < back->changes.size(); ++i) {
      EXPECT_EQ(back->changes[i].kind, ok.changes[i].kind);
      EXPECT_EQ(back->changes[i].name, ok.changes[i].name);
      EXPECT_EQ(back->changes[i].value, ok.changes[i].value);
    }
    for (std::size_t cut = 0; cut + ok.info.size() < bytes.size() && track; ++cut) {
      const auto cut_short = parse_ok_packet(std::string_view(bytes).substr(0, cut), capabilities);
      // Servers leave out what is empty at the end, so a packet may end after its warnings and after its
      // info.
      EXPECT_TRUE(!cut_short || cut_short->changes.empty()) << cut;
    }
  }
}

TEST(OkPacket, ItsTextHasItsLengthInFrontWithoutSessionTrackingToo) {
  std::string bytes;
  write_ok_packet(bytes, {.affected_rows = 1, .info = "Rows matched: 1"}, 0);
  EXPECT_EQ(bytes, "\x00\x01\x00\x00\x00\x00\x00\x0fRows matched: 1"s);
}

/// Taken from MariaDB 10.11: `set autocommit=0` with session tracking.
TEST(OkPacket, ReadsWhatAServerSent) {
  const std::string bytes =
      "\x00\x00\x00\x00\x40\x00\x00\x00\x11\x00\x0f\x0a"
      "autocommit\x03OFF"s;
  const auto ok = parse_ok_packet(bytes, capability::kSessionTrack);
  ASSERT_TRUE(ok);
  ASSERT_EQ(ok->changes.size(), 1u);
  EXPECT_EQ(ok->changes[0].name, "autocommit");
  EXPECT_EQ(ok->changes[0].value, "OFF");
}

TEST(ErrorPacket, RoundTripsAndReadsTheFormWithoutState) {
  std::string bytes;
  write_error_packet(bytes, 1146, "42S02", "Table 'a.b' doesn't exist");
  const Error error = parse_error_packet(bytes);
  EXPECT_EQ(error.mysql_errno(), 1146);
  EXPECT_EQ(error.sqlstate(), "42S02");
  EXPECT_EQ(error.message(), "Table 'a.b' doesn't exist");
  EXPECT_EQ(parse_error_packet("\xff\x10\x04Too many"s).message(), "Too many");
  EXPECT_TRUE(parse_error_packet("\xff\x10"s).is(kMalformedPacket));
  EXPECT_TRUE(parse_error_packet("\xff\x10\x04#42"s).is(kMalformedPacket));
}

TEST(EndOfRows, HasTheFormThatWasAgreed) {
  const OkPacket ok{.status = status::kMoreResults, .warnings = 5};
  for (const Capabilities capabilities :
       {Capabilities{0}, capability::kDeprecateEof | capability::kSessionTrack}) {
    std::string bytes;
    write_end_of_rows(bytes, ok, capabilities);
    EXPECT_EQ(bytes.size(), capabilities == 0 ? 5u : 7u);
    EXPECT_TRUE(is_end_of_rows(bytes, capabilities));
    const auto back = parse_end_of_rows(bytes, capabilities);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->status, status::kMoreResults);
    EXPECT_EQ(back->warnings, 5);
  }
  EXPECT_FALSE(is_end_of_rows("\xfe" + std::string(8, 'x'), 0)) << "the length of a value of 16 MiB";
}

TEST(ColumnDefinition, RoundTrips) {
  ColumnDefinition column{.schema = "shop",
                          .table = "o",
                          .org_table = "orders",
                          .name = "total",
                          .org_name = "total_price",
                          .collation = kUtf8mb4GeneralCi,
                          .length = 44,
                          .type = FieldType::newdecimal,
                          .flags = column_flag::kUnsigned | column_flag::kNotNull,
                          .decimals = 2,
                          .extended = "\0\4json"s,
                          .default_value = "0.00"};
  const Capabilities capabilities = capability::kMariadbExtendedMetadata;
  std::string bytes;
  write_column_definition(bytes, column, capabilities, true);
  const auto back = parse_column_definition(bytes, capabilities);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->schema, column.schema);
  EXPECT_EQ(back->table, column.table);
  EXPECT_EQ(back->org_table, column.org_table);
  EXPECT_EQ(back->name, column.name);
  EXPECT_EQ(back->org_name, column.org_name);
  EXPECT_EQ(back->collation, column.collation);
  EXPECT_EQ(back->length, column.length);
  EXPECT_EQ(back->type, column.type);
  EXPECT_EQ(back->flags, column.flags);
  EXPECT_EQ(back->decimals, column.decimals);
  EXPECT_EQ(back->extended, column.extended);
  EXPECT_EQ(back->default_value, column.default_value);
  EXPECT_TRUE(back->is_unsigned());
  for (std::size_t cut = 0; cut + 5 < bytes.size(); ++cut) {
    EXPECT_FALSE(parse_column_definition(std::string_view(bytes).substr(0, cut), capabilities)) << cut;
  }
}

TEST(TextRow, RoundTripsAndFailsWhenCut) {
  const std::string large(70000, 'z');
  const std::vector<Cell> cells = {"1", std::nullopt, "", large};
  std::string bytes;
  write_text_row(bytes, cells);
  std::vector<Cell> back;
  ASSERT_TRUE(parse_text_row(bytes, cells.size(), back));
  EXPECT_EQ(back, cells);
  for (const std::size_t cut : {0, 1, 2, 3, 4, 5, 100, 69999}) {
    EXPECT_FALSE(parse_text_row(std::string_view(bytes).substr(0, cut), cells.size(), back)) << cut;
  }
  EXPECT_FALSE(parse_text_row(bytes, cells.size() - 1, back));
}

ColumnDefinition column_of(FieldType type, std::uint16_t flags = 0) {
  ColumnDefinition column;
  column.name = type_name(type);
  column.type = type;
  column.flags = flags;
  return column;
}

struct TypedText {
  ColumnDefinition column;
  Value value;
  std::string text;
};

std::vector<TypedText> values_of_every_type() {
  const auto is_unsigned = column_flag::kUnsigned;
  return {
      {column_of(FieldType::tiny), std::int64_t{-128}, "-128"},
      {column_of(FieldType::tiny, is_unsigned), std::uint64_t{255}, "255"},
      {column_of(FieldType::short_), std::int64_t{-32768}, "-32768"},
      {column_of(FieldType::year, is_unsigned), std::uint64_t{2024}, "2024"},
      {column_of(FieldType::int24), std::int64_t{-8388608}, "-8388608"},
      {column_of(FieldType::long_, is_unsigned), std::uint64_t{4294967295}, "4294967295"},
      {column_of(FieldType::longlong), std::int64_t{INT64_MIN}, "-9223372036854775808"},
      {column_of(FieldType::longlong, is_unsigned), std::uint64_t{UINT64_MAX}, "18446744073709551615"},
      {column_of(FieldType::float_), 1.5f, "1.5"},
      {column_of(FieldType::double_), 1e20, "1e20"},
      {column_of(FieldType::double_), -0.0001, "-0.0001"},
      {column_of(FieldType::date), DateTime{2024, 2, 29}, "2024-02-29"},
      {column_of(FieldType::datetime), DateTime{2024, 2, 29, 23, 59, 1}, "2024-02-29 23:59:01"},
      {column_of(FieldType::timestamp), DateTime{2024, 2, 29, 0, 0, 0, 5}, "2024-02-29 00:00:00.000005"},
      {column_of(FieldType::datetime), DateTime{}, "0000-00-00 00:00:00"},
      {column_of(FieldType::time), TimeSpan{true, 34, 22, 59, 59}, "-838:59:59"},
      {column_of(FieldType::time), TimeSpan{false, 0, 0, 0, 1, 500000}, "00:00:01.500000"},
      {column_of(FieldType::newdecimal), "-12.340", "-12.340"},
      {column_of(FieldType::json), R"({"a": 1})", R"({"a": 1})"},
      {column_of(FieldType::blob), std::string_view("\0\xff", 2), "\0\xff"s},
      {column_of(FieldType::bit), std::string_view("\x01", 1), "\x01"},
      {column_of(FieldType::var_string), "", ""},
      {column_of(FieldType::string), Value(), "NULL"},
  };
}

TEST(BinaryRow, RoundTripsEveryTypeAndAgreesWithItsText) {
  std::vector<ColumnDefinition> columns;
  std::vector<Value> values;
  std::vector<Cell> cells;
  const std::vector<TypedText> all = values_of_every_type();
  for (const TypedText& entry : all) {
    columns.push_back(entry.column);
    values.push_back(entry.value);
    cells.push_back(is_null(entry.value) ? Cell() : Cell(entry.text));
    if (!is_null(entry.value)) {
      EXPECT_EQ(to_text(entry.value, entry.column.type), entry.text);
    }
  }
  std::string bytes;
  write_binary_row(bytes, columns, values);
  std::vector<Value> back;
  ASSERT_TRUE(parse_binary_row(bytes, columns, back));
  EXPECT_EQ(back, values);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_FALSE(parse_binary_row(std::string_view(bytes).substr(0, cut), columns, back)) << cut;
  }
  std::string from_text_row;
  ASSERT_TRUE(text_row_to_binary(from_text_row, columns, cells));
  EXPECT_EQ(from_text_row, bytes);
}

TEST(BinaryRow, RefusesTextThatIsNotOfItsType) {
  std::string out;
  const std::vector<Cell> cells = {"abc"};
  for (const FieldType type : {FieldType::long_, FieldType::double_, FieldType::date, FieldType::time}) {
    const std::vector<ColumnDefinition> columns = {column_of(type)};
    EXPECT_FALSE(text_row_to_binary(out, columns, cells)) << type_name(type);
  }
}

TEST(Value, TextOfNumbersIsMysqls) {
  const std::tuple<Value, FieldType, std::uint8_t, const char*> cases[] = {
      {0.1f, FieldType::float_, 31, "0.1"},
      {123456789.0f, FieldType::float_, 31, "1.23457e8"},
      {0.1, FieldType::double_, 31, "0.1"},
      {1e15, FieldType::double_, 31, "1e15"},
      {123456789012345.0, FieldType::double_, 31, "123456789012345"},
      {1.0 / 3, FieldType::double_, 31, "0.3333333333333333"},
      {1e-6, FieldType::double_, 31, "1e-6"},
      {1.0 / 3, FieldType::double_, 2, "0.33"},
      {0.0, FieldType::double_, 31, "0"},
      {DateTime{2024, 1, 2, 3, 4, 5, 120000}, FieldType::datetime, 2, "2024-01-02 03:04:05.12"},
      {DateTime{2024, 1, 2, 3, 4, 5, 0}, FieldType::datetime, 3, "2024-01-02 03:04:05.000"},
  };
  for (const auto& [value, type, decimals, text] : cases) EXPECT_EQ(to_text(value, type, decimals), text);
}

TEST(Value, TimesAreReadOnlyWhereTheyAreTimes) {
  for (const char* wrong : {"", "2024", "2024-01", "2024-13-01", "2024-01-32", "2024-01-01 24:00:00",
                            "2024-01-01 00:00", "2024-01-01x", "2024-01-01 00:00:00.", "-2024-01-01"}) {
    EXPECT_EQ(parse_date_time(wrong), std::nullopt) << wrong;
  }
  for (const char* wrong : {"", "1", "10:60:00", "10:00", "10:00:61", "--10:00:00", "10:00:00 "}) {
    EXPECT_EQ(parse_time_span(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace kintsugi::mysql
