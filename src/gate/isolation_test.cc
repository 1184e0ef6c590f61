#include "gate/isolation.h"

#include <gtest/gtest.h>

namespace kintsugi::gate {
namespace {

TEST(Isolation, EitherNameOfAVariableIsOne) {
  EXPECT_EQ(canonical_variable("transaction_isolation"), "tx_isolation");
  EXPECT_EQ(canonical_variable("tx_isolation"), "tx_isolation");
  EXPECT_EQ(canonical_variable("transaction_read_only"), "tx_read_only");
  EXPECT_EQ(canonical_variable("sql_mode"), "sql_mode");
  EXPECT_EQ(native_variable("tx_isolation", true), "transaction_isolation");
  EXPECT_EQ(native_variable("tx_isolation", false), "tx_isolation");
  EXPECT_EQ(native_variable("sql_mode", true), "sql_mode");
}

TEST(Isolation, ValuesAreWordsOfSetTransaction) {
  EXPECT_EQ(transaction_characteristic("tx_isolation", "serializable"), "ISOLATION LEVEL SERIALIZABLE");
  EXPECT_EQ(transaction_characteristic("tx_isolation", "read-committed"), "ISOLATION LEVEL READ COMMITTED");
  EXPECT_EQ(transaction_characteristic("tx_read_only", "on"), "READ ONLY");
  EXPECT_EQ(transaction_characteristic("tx_isolation", "on"), std::nullopt);
  EXPECT_EQ(transaction_characteristic("sql_mode", "serializable"), std::nullopt);
}

TEST(Isolation, ATransactionsOwnLevelGoesBeforeTheSessions) {
  Settings settings;
  EXPECT_FALSE(is_serializable(settings, ""));
  EXPECT_TRUE(is_serializable(settings, "ISOLATION LEVEL SERIALIZABLE, READ ONLY"));
  settings.set("tx_isolation", "'SERIALIZABLE'");
  EXPECT_TRUE(is_serializable(settings, ""));
  EXPECT_TRUE(is_serializable(settings, "READ ONLY"));
  EXPECT_FALSE(is_serializable(settings, "ISOLATION LEVEL READ COMMITTED"));
  settings.set("tx_isolation", "'REPEATABLE-READ'");
  EXPECT_FALSE(is_serializable(settings, ""));
}

}  // namespace
}  // namespace kintsugi::gate
