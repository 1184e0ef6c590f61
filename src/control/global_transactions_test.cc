#include "control/global_transactions.h"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/errors.h"

namespace kintsugi::control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using v1::TransactionInfo;

constexpr const char* kOlder = "6b087aa801020304050607ff";
constexpr const char* kNewer = "6b087aa900000000000000ff";

ShardAnswer answer(std::string shard, std::vector<const char*> ids) {
  tablet::v1::ListTransactionsResponse prepared;
  for (const char* id : ids) {
    tablet::v1::PreparedTransaction& each = *prepared.add_transactions();
    each.set_id(id);
    each.set_decider("bank/-40");
    each.set_gate("gate-1#45");
    each.set_connection(7);
  }
  return {std::move(shard), "zone1-101", std::move(prepared)};
}

tablet::v1::GetDecisionsResponse decisions(const char* floor, std::optional<bool> commit = {}) {
  tablet::v1::GetDecisionsResponse response;
  response.set_floor(floor);
  if (!commit) return response;
  tablet::v1::Decision& decision = *response.add_decisions();
  decision.set_id(kOlder);
  decision.set_commit(*commit);
  decision.mutable_decided_at()->set_seconds(1'795'717'801);
  return response;
}

TransactionInfo transaction(TransactionInfo::State state) {
  TransactionInfo info = assemble({answer("bank/80-", {kOlder})}).front();
  info.set_state(state);
  return info;
}

void resolve(TransactionInfo& info, bool commit) {
  info.mutable_resolution()->set_commit(commit);
  info.mutable_resolution()->set_by("dba@ops1");
  info.mutable_resolution()->mutable_at()->set_seconds(1);
}

TEST(GlobalTransactions, ArePutTogetherOfTheirBranchesTheOldestFirst) {
  const ShardAnswer silent_one{"bank/c0-", "", failure(kNoPrimary, "bank/c0- has no primary")};
  const std::vector<ShardAnswer> answers = {answer("bank/40-80", {kNewer, kOlder}),
                                            answer("bank/80-c0", {kOlder}), silent_one};
  const std::vector<TransactionInfo> all = assemble(answers);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id(), kOlder);
  EXPECT_EQ(all[0].decider(), "bank/-40");
  EXPECT_EQ(all[0].gate(), "gate-1#45");
  EXPECT_EQ(all[0].began_at().seconds(), 1'795'717'800);
  ASSERT_EQ(all[0].branches_size(), 2);
  EXPECT_EQ(all[0].branches(0).shard(), "bank/40-80");
  EXPECT_EQ(all[0].branches(1).shard(), "bank/80-c0");
  EXPECT_EQ(all[1].id(), kNewer);
  EXPECT_EQ(all[1].branches_size(), 1);
  const std::vector<v1::SilentShard> silent_ones = silent(answers);
  ASSERT_EQ(silent_ones.size(), 1u);
  EXPECT_EQ(silent_ones[0].shard(), "bank/c0-");
  EXPECT_EQ(silent_ones[0].why(), "bank/c0- has no primary");
}

TEST(GlobalTransactions, TheShardThatDecidesSaysTheOutcome) {
  const auto state = [](const tablet::v1::GetDecisionsResponse& answer) {
    TransactionInfo info = transaction(TransactionInfo::unknown);
    add_decision(info, answer);
    return info.state();
  };
  EXPECT_EQ(state(decisions("000000000000000000000000", true)), TransactionInfo::commit);
  EXPECT_EQ(state(decisions("000000000000000000000000", false)), TransactionInfo::abort);
  EXPECT_EQ(state(decisions("000000000000000000000000")), TransactionInfo::undecided);
  // Below the floor, what is decided is there, and all else never will be committed.
  EXPECT_EQ(state(decisions(kNewer, true)), TransactionInfo::commit);
  EXPECT_EQ(state(decisions(kNewer)), TransactionInfo::abort);
  EXPECT_EQ(state(decisions(kOlder)), TransactionInfo::undecided);
}

struct JudgeCase {
  const char* what;
  TransactionInfo::State state;
  bool gone;
  std::optional<bool> resolution;
  bool commit;
  bool force;
  std::optional<Way> way;  ///< none: refused with `code`
  const ErrorCode* code;
};

TEST(GlobalTransactions, NothingThatIsDecidedIsContradicted) {
  const JudgeCase kCases[] = {
      {"committed, commit", TransactionInfo::commit, false, {}, true, false, Way::as_decided, nullptr},
      {"committed, abort", TransactionInfo::commit, false, {}, false, true, {}, &kDecidedOtherwise},
      {"aborted, abort", TransactionInfo::abort, false, {}, false, false, Way::as_decided, nullptr},
      {"aborted, commit", TransactionInfo::abort, false, {}, true, true, {}, &kDecidedOtherwise},
      {"undecided, abort", TransactionInfo::undecided, false, {}, false, false, Way::write_abort, nullptr},
      {"undecided, commit", TransactionInfo::undecided, false, {}, true, true, {}, &kPartMissing},
      {"silent, abort", TransactionInfo::unknown, false, {}, false, false, {}, &kDeciderSilent},
      {"silent, commit", TransactionInfo::unknown, false, {}, true, false, {}, &kDeciderSilent},
      {"silent, forced", TransactionInfo::unknown, false, {}, true, true, Way::write_resolution, nullptr},
      {"gone, commit", TransactionInfo::unknown, true, {}, true, false, Way::write_resolution, nullptr},
      {"gone, abort", TransactionInfo::unknown, true, {}, false, false, Way::write_resolution, nullptr},
      {"resolved, the same", TransactionInfo::unknown, true, true, true, false, Way::as_decided, nullptr},
      {"resolved, other", TransactionInfo::unknown, true, true, false, true, {}, &kDecidedOtherwise},
      {"resolved, and back", TransactionInfo::undecided, false, true, false, false, {}, &kDecidedOtherwise},
  };
  for (const JudgeCase& c : kCases) {
    SCOPED_TRACE(c.what);
    TransactionInfo info = transaction(c.state);
    info.set_decider_gone(c.gone);
    if (c.resolution) resolve(info, *c.resolution);
    const Result<Way> way = judge(info, c.commit, c.force);
    ASSERT_EQ(way.has_value(), c.way.has_value());
    if (way) {
      EXPECT_EQ(*way, *c.way);
    } else {
      EXPECT_TRUE(way.error().is(*c.code)) << way.error().text();
    }
  }
}

TEST(GlobalTransactions, StepsSayWhatToDo) {
  TransactionInfo info = transaction(TransactionInfo::undecided);
  EXPECT_THAT(next_steps(info, {}), ElementsAre(HasSubstr("gate-1#45"), HasSubstr("bank/80- stay locked")));
  info.set_state(TransactionInfo::commit);
  EXPECT_THAT(next_steps(info, {}).front(), HasSubstr("bank/80- commit it"));
  info.set_state(TransactionInfo::unknown);
  info.set_decider_problem("bank/-40 has no primary");
  EXPECT_THAT(next_steps(info, {}).front(), HasSubstr("`kintsugi shard show bank/-40`"));
  info.set_decider_gone(true);
  EXPECT_THAT(next_steps(info, {}).front(), HasSubstr("--commit` or `kintsugi transaction resolve"));
  // By hand, and the shard that decides came back with another outcome.
  resolve(info, true);
  info.set_state(TransactionInfo::abort);
  EXPECT_THAT(next_steps(info, {}).front(), HasSubstr("bank/80- commit it"));
  EXPECT_THAT(next_steps(info, {}).back(), HasSubstr("bank/-40 has decided abort: compare the rows"));
  info.clear_branches();
  EXPECT_THAT(next_steps(info, {}), ElementsAre(HasSubstr("it is over")));
  v1::SilentShard shard;
  shard.set_shard("bank/c0-");
  EXPECT_THAT(next_steps(info, {shard}), ElementsAre(HasSubstr("bank/c0- cannot be asked")));
}

}  // namespace
}  // namespace kintsugi::control
