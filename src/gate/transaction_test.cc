#include "gate/transaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::gate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Transaction, AShardThatJoinsIsToldWhatCameBefore) {
  Transaction transaction;
  EXPECT_THAT(transaction.opening(), IsEmpty());
  transaction.begin("READ ONLY", "ISOLATION LEVEL SERIALIZABLE");
  EXPECT_TRUE(transaction.open());
  transaction.add_savepoint("a");
  transaction.add_savepoint("b`c");
  EXPECT_THAT(transaction.opening(),
              ElementsAre("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "START TRANSACTION READ ONLY",
                          "SAVEPOINT `a`", "SAVEPOINT `b``c`"));
  transaction.end();
  EXPECT_FALSE(transaction.open());
  transaction.begin("", "");
  EXPECT_THAT(transaction.opening(), ElementsAre("START TRANSACTION"));
}

TEST(Transaction, WithoutAutocommitTheServersOpenItThemselves) {
  Transaction transaction;
  transaction.begin_implicitly("");
  EXPECT_TRUE(transaction.open());
  EXPECT_FALSE(transaction.explicitly_open());
  transaction.add_savepoint("a");
  transaction.begin_implicitly("");
  EXPECT_THAT(transaction.opening(), ElementsAre("SAVEPOINT `a`"));
  transaction.begin("", "");
  EXPECT_TRUE(transaction.explicitly_open());
  EXPECT_THAT(transaction.opening(), ElementsAre("START TRANSACTION")) << "BEGIN ends the one before";
}

TEST(Transaction, SavepointsAreAStackByName) {
  Transaction transaction;
  transaction.begin("", "");
  for (const char* name : {"a", "b", "c"}) transaction.add_savepoint(name);
  EXPECT_TRUE(transaction.rollback_to("B"));
  EXPECT_THAT(transaction.opening(), ElementsAre("START TRANSACTION", "SAVEPOINT `a`", "SAVEPOINT `b`"));
  EXPECT_FALSE(transaction.rollback_to("c")) << "it went with the rollback";
  transaction.add_savepoint("a");
  EXPECT_THAT(transaction.opening(), ElementsAre("START TRANSACTION", "SAVEPOINT `b`", "SAVEPOINT `a`"));
  EXPECT_TRUE(transaction.release("b"));
  EXPECT_THAT(transaction.opening(), ElementsAre("START TRANSACTION"));
  EXPECT_FALSE(transaction.release("b"));
}

}  // namespace
}  // namespace kintsugi::gate
