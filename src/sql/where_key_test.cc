#include "sql/where_key.h"

#include <gtest/gtest.h>

namespace kintsugi::sql {
namespace {

std::string key(std::string_view sql) {
  const std::optional<WhereKey> found = where_key(sql, {});
  return found ? found->text : "none";
}

TEST(WhereKey, IsOfTheConditionOnly) {
  EXPECT_EQ(key("update t set a = a + 1 where id = 5"), "id = 5");
  EXPECT_EQ(key("UPDATE t SET b = 'x'  WHERE id=5 /* why */ ORDER BY a LIMIT 1;"), "id = 5");
  EXPECT_EQ(key("delete from t where id = 5 AND (a in (1,2)) returning a"), "id = 5 and ( a in ( 1 , 2 ) )");
  EXPECT_NE(key("delete from t where id = 5"), key("delete from t where id = 6"));
  EXPECT_EQ(key("update t set a = (select b from u where c = 1) where id = 5"), "id = 5");
}

TEST(WhereKey, OfAReadThatLocksIsThatOfTheWriteThatFollows) {
  const auto locks = [](std::string_view sql) {
    const std::optional<WhereKey> found = where_key(sql, {});
    EXPECT_TRUE(found && found->text == "id = 5") << sql;
    return found && found->for_update;
  };
  EXPECT_TRUE(locks("select a from t where id = 5 for update"));
  EXPECT_TRUE(locks("select a from t where id = 5 order by a limit 1 FOR UPDATE;"));
  EXPECT_FALSE(locks("select a from t where id = 5"));
  EXPECT_FALSE(locks("select a from t where id = 5 lock in share mode"));
  EXPECT_FALSE(locks("select a from t where id = 5 for share"));
  EXPECT_FALSE(locks("select a from t where id = 5 for update nowait")) << "it would not wait at the server";
  EXPECT_FALSE(locks("select a from t where id = 5 for update skip locked"));
  EXPECT_FALSE(locks("select a from t where id = 5 into @update"));
}

TEST(WhereKey, KnowsItsParameters) {
  const std::optional<WhereKey> found =
      where_key("update t set a = ?, b = ? where id = ? and c = ? limit ?", {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->first_parameter, 2u);
  EXPECT_EQ(found->parameters, 2u);
}

TEST(WhereKey, MayBeNone) {
  EXPECT_EQ(key("update t set a = 1"), "none");
  EXPECT_EQ(key("update t set a = (select b from u where c = 1)"), "none");
  EXPECT_EQ(key("update t set a = 1 where id = 'unclosed"), "none");
}

}  // namespace
}  // namespace kintsugi::sql
