#include "gate/select_limit.h"

#include <gtest/gtest.h>

namespace kintsugi::gate {
namespace {

std::string limited(std::string_view sql) { return with_select_limit(sql, {}, 3); }

TEST(SelectLimit, ComesBehindAQueryThatHasNone) {
  EXPECT_EQ(limited("select a from t"), "select a from t limit 3 ");
  EXPECT_EQ(limited("select a from t -- all\n;  # of them"), "select a from t limit 3  -- all\n;  # of them");
  EXPECT_EQ(limited("select a from t union select b from u order by 1"),
            "select a from t union select b from u order by 1 limit 3 ");
  EXPECT_EQ(limited("with c as (select 1 limit 7) select * from c"),
            "with c as (select 1 limit 7) select * from c limit 3 ");
  EXPECT_EQ(limited("select a from t where b = 1 for update"),
            "select a from t where b = 1  limit 3 for update");
}

TEST(SelectLimit, LeavesOthersAsTheyAre) {
  for (const char* sql : {"select a from t limit 7", "insert into t select * from u",
                          "select a into @a from t", "show tables", "select (", "", "delete from t"}) {
    EXPECT_EQ(limited(sql), "") << sql;
  }
}

TEST(SelectLimit, IsTheSessions) {
  SessionState state;
  EXPECT_EQ(select_limit(state), std::nullopt);
  state.connection_variables = {{"wait_timeout", "7"}, {"sql_select_limit", "0"}};
  EXPECT_EQ(select_limit(state), 0u);
  state.connection_variables = {{"sql_select_limit", "18446744073709551615"}};
  EXPECT_EQ(select_limit(state), std::nullopt) << "the default";
}

}  // namespace
}  // namespace kintsugi::gate
