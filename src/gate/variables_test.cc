#include "gate/variables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/errors.h"
#include "sql/parser.h"

namespace kintsugi::gate {
namespace {

using testing::ElementsAre;

class VariablesTest : public testing::Test {
 protected:
  Result<SetPlan> analyse(const char* text) {
    Result<sql::Statement*> statement = sql::parse(text, arena_);
    if (!statement) return failure(statement.error());
    return analyse_set(*sql::as<sql::Set>(*statement));
  }
  sql::Arena arena_;
};

TEST_F(VariablesTest, ASetTouchesWhatIsReadBack) {
  EXPECT_THAT(analyse("set sql_mode = 'ansi', @@session.Time_Zone = '+01:00'")->touched,
              ElementsAre("sql_mode", "time_zone"));
  EXPECT_THAT(analyse("set @A = 1, @`b c` = @a + 1, @a = 3")->touched, ElementsAre("@`a`", "@`b c`"));
  EXPECT_THAT(analyse("set names utf8mb4")->touched,
              ElementsAre("character_set_client", "character_set_connection", "character_set_results",
                          "collation_connection"));
  EXPECT_THAT(analyse("set character_set_results = null")->touched, ElementsAre("character_set_results"));
  EXPECT_THAT(analyse("set identity = 5")->touched, ElementsAre("last_insert_id"));
}

TEST_F(VariablesTest, OnlyLiteralsAreConstant) {
  EXPECT_TRUE(analyse("set sql_mode = 'ansi', autocommit = on, sql_safe_updates = default, timestamp = -1")
                  ->constant);
  EXPECT_FALSE(analyse("set sql_mode = concat(@@sql_mode, ',ansi')")->constant);
  EXPECT_FALSE(analyse("set @a = @b")->constant);
}

TEST_F(VariablesTest, WhatASessionMayNotSetIsRefused) {
  const std::pair<const char*, int> cases[] = {
      {"set global max_connections = 5", 1227},
      {"set @@global.read_only = 1", 1227},
      {"set insert_id = 5", 1235},
      {"set transaction_mode = 'nonsense'", 1105},
      {"set transaction_mode = 'single', autocommit = 0", 1235},
      {"set read_your_writes = 'maybe'", 1105},
      {"set max_replica_lag = -1", 1105},
      {"set max_replica_lag = 'soon'", 1105},
      {"set @@transaction_isolation = 'nonsense'", 1105},
      {"set @@transaction_isolation = 'serializable', autocommit = 0", 1235},
  };
  for (const auto& [text, number] : cases) {
    Result<SetPlan> plan = analyse(text);
    ASSERT_FALSE(plan) << text;
    EXPECT_EQ(plan.error().mysql_errno(), number) << text;
  }
  EXPECT_THAT(analyse("set transaction_mode = 'single'")->own,
              ElementsAre(Settings::Entry("transaction_mode", "single")));
  for (const char* text :
       {"set read_your_writes = ON", "set read_your_writes = 1", "set @@read_your_writes = true"})
    EXPECT_EQ(analyse(text)->own.size(), 1U) << text;
  EXPECT_EQ(lag_of_word(analyse("set max_replica_lag = 5")->own.front().second), std::chrono::seconds(5));
  EXPECT_EQ(lag_of_word(analyse("set max_replica_lag = 0.25")->own.front().second),
            std::chrono::milliseconds(250));
  EXPECT_EQ(lag_of_word(analyse("set max_replica_lag = '500ms'")->own.front().second),
            std::chrono::milliseconds(500));
}

TEST_F(VariablesTest, WhatTransactionsAreIsSetByEitherName) {
  for (const char* name : {"transaction_isolation", "tx_isolation"}) {
    const std::string text = std::string("set session ") + name + " = 'read-committed'";
    Result<SetPlan> plan = analyse(text.c_str());
    EXPECT_EQ(plan->text, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    EXPECT_THAT(plan->touched, ElementsAre("tx_isolation"));
  }
  EXPECT_EQ(analyse("set @@transaction_isolation = 'serializable'")->next_transaction,
            "ISOLATION LEVEL SERIALIZABLE");
  EXPECT_EQ(analyse("set @@tx_read_only = 1")->next_transaction, "READ ONLY");
  EXPECT_EQ(analyse("set tx_isolation = 'serializable', sql_mode = ''")->text, "");
}

TEST_F(VariablesTest, ValuesComeBackAsLiteralsOfTheirOwnType) {
  const std::vector<std::string> names = {"sql_mode", "autocommit", "character_set_results",
                                          "@`s`",     "@`n`",       "@`d`"};
  EXPECT_EQ(read_back_query(std::span(names).subspan(1, 3)),
            "SELECT @@session.autocommit, @@session.character_set_results, @`s`, HEX(@`s`), CHARSET(@`s`), "
            "COLLATION(@`s`) LIMIT 1");
  const auto column = [](mysql::FieldType type) {
    mysql::ColumnDefinition definition;
    definition.type = type;
    return definition;
  };
  using enum mysql::FieldType;
  std::vector<mysql::ColumnDefinition> columns;
  for (const mysql::FieldType type :
       {var_string, longlong, var_string, var_string, var_string, var_string, var_string, longlong,
        var_string, var_string, var_string, double_, var_string, var_string, var_string}) {
    columns.push_back(column(type));
  }
  const std::vector<mysql::Cell> cells = {"ANSI",    "0",           std::nullopt, "it's",   "69742773",
                                          "utf8mb4", "utf8mb4_bin", "-7",         "2D37",   "binary",
                                          "binary",  "1.5",         "312E35",     "binary", "binary"};
  Result<std::vector<ReadBack>> values = read_back(names, columns, cells);
  ASSERT_TRUE(values);
  std::vector<std::string> sql;
  for (const ReadBack& value : *values) sql.push_back(value.value);
  EXPECT_THAT(sql,
              ElementsAre("'ANSI'", "0", "NULL", "_utf8mb4 x'69742773' COLLATE utf8mb4_bin", "-7", "1.5e0"));
}

TEST(SqlMode, IsReadWordByWord) {
  const SqlMode mode = parse_sql_mode("STRICT_TRANS_TABLES,ANSI_QUOTES,NO_AUTO_VALUE_ON_ZERO");
  EXPECT_TRUE(mode.ansi_quotes);
  EXPECT_TRUE(mode.no_auto_value_on_zero);
  EXPECT_FALSE(mode.pipes_as_concat);
  EXPECT_FALSE(parse_sql_mode("").ansi_quotes);
}

}  // namespace
}  // namespace kintsugi::gate
