#include "topo/global_transaction.h"

#include <gtest/gtest.h>

namespace kintsugi::topo {
namespace {

TEST(GlobalTransaction, ItsNameSaysWhereTheDecisionIs) {
  const GlobalTransaction transaction{"0123456789abcdef01234567", {"customer", "-80"}, "", 0, 0};
  EXPECT_EQ(transaction.xid(),
            "X'3031323334353637383961626364656630313233343536372d3830',X'637573746f6d6572',19284");
  EXPECT_EQ(*GlobalTransaction::parse(19284, 27, 8, "0123456789abcdef01234567-80customer"), transaction);
}

TEST(GlobalTransaction, ItsNameSaysWhereItComesFrom) {
  const GlobalTransaction transaction{"0123456789abcdef01234567", {"customer", "-80"}, "gate-1#45", 7, 19};
  EXPECT_EQ(transaction.xid(),
            "X'3031323334353637383961626364656630313233343536372d3830',"
            "X'637573746f6d657240374031394067617465"
            "2d31233435',19284");
  const auto parse = [](std::string second) {
    return *GlobalTransaction::parse(19284, 27, second.size(), "0123456789abcdef01234567-80" + second);
  };
  EXPECT_EQ(parse("customer@7@19@gate-1#45"), transaction);
  EXPECT_EQ(parse("customer@7@19"), (GlobalTransaction{transaction.id, transaction.decider, "", 7, 19}));
  EXPECT_EQ(parse("customer@7"), (GlobalTransaction{transaction.id, transaction.decider, "", 7, 0}));
}

TEST(GlobalTransaction, WhereThereIsNoRoomItIsLeftOut) {
  const auto second_length = [](std::size_t keyspace) {
    const GlobalTransaction transaction{
        "0123456789abcdef01234567", {std::string(keyspace, 'k'), "-80"}, "gate-1#45", 12, 3};
    const std::string xid = transaction.xid();
    return (xid.rfind('\'') - xid.find(",X'") - 3) / 2;
  };
  EXPECT_EQ(second_length(49), 64u);  // all of it
  EXPECT_EQ(second_length(50), 55u);  // the connections
  EXPECT_EQ(second_length(59), 64u);
  EXPECT_EQ(second_length(60), 60u);  // nothing
  EXPECT_EQ(second_length(64), 64u);
}

TEST(GlobalTransaction, IdsSortByWhenTheyBegan) {
  const std::chrono::system_clock::time_point now{std::chrono::seconds(1'795'717'800)};
  const std::string id = GlobalTransaction::new_id(now, "\x01\x02\x03\x04\x05\x06\x07\xff");
  EXPECT_EQ(id, "6b087aa801020304050607ff");
  EXPECT_TRUE(GlobalTransaction::is_id(id));
  EXPECT_EQ(GlobalTransaction::began(id), now);
  EXPECT_LE(GlobalTransaction::first_id(now), id);
  EXPECT_GT(GlobalTransaction::first_id(now + std::chrono::seconds(1)), id);
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
