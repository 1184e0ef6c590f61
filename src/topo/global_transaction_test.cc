#include "topo/global_transaction.h"

#include <gtest/gtest.h>

namespace kintsugi::topo {
namespace {

TEST(GlobalTransaction, ItsNameSaysWhereTheDecisionIs) {
  const GlobalTransaction transaction{"0123456789abcdef01234567", {"customer", "-80"}};
  EXPECT_EQ(transaction.xid(),
            "X'3031323334353637383961626364656630313233343536372d3830',X'637573746f6d6572',19284");
  EXPECT_EQ(*GlobalTransaction::parse(19284, 27, 8, "0123456789abcdef01234567-80customer"), transaction);
}

TEST(GlobalTransaction, OthersAreLeftAlone) {
  EXPECT_FALSE(GlobalTransaction::parse(1, 27, 8, "0123456789abcdef01234567-80customer"));
  EXPECT_FALSE(GlobalTransaction::parse(19284, 26, 8, "0123456789abcdef01234567-80customer"));
  EXPECT_FALSE(GlobalTransaction::parse(19284, 24, 0, "0123456789abcdef01234567"));
  EXPECT_FALSE(GlobalTransaction::parse(19284, 27, 8, "0123456789abcdef0123456X-80customer"));
  EXPECT_FALSE(GlobalTransaction::parse(19284, 27, 8, "0123456789abcdef01234567!80customer"));
  EXPECT_FALSE(GlobalTransaction::parse(19284, 0, 0, ""));
}

}  // namespace
}  // namespace kintsugi::topo
