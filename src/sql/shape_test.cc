#include "sql/shape.h"

#include <gtest/gtest.h>

namespace kintsugi::sql {
namespace {

std::string shape(std::string_view sql) { return shape_text(sql, {}); }

TEST(Shape, ShowsNoValues) {
  EXPECT_EQ(shape("select * from t where a = 'secret' and b=-1.5 and c - 2 > x'00' limit 5"),
            "select * from t where a = ? and b = ? and c - ? > ? limit ?");
  EXPECT_EQ(shape("select 'a' 'b', _utf8mb4'c', n'd'"), "select ?, _utf8mb4 ?, ?");
  EXPECT_EQ(shape("select /*kintsugi: workload=17 */ 1 -- 'secret'"), "select ?");
  EXPECT_EQ(shape("select 'secret' from 'unclosed"), "select ? from ...");
}

TEST(Shape, IsTheSameOfTextsThatMeanTheSame) {
  const std::string one = shape("SELECT a.`b`, COUNT(*)  FROM `t` a\nWHERE(b = ?) /* why */ ;");
  EXPECT_EQ(one, "select a.b, COUNT(*) from t a where (b = ?)");
  EXPECT_EQ(shape("select a.b,COUNT( * ) from t a where ( `b`=7 )"), one);
  EXPECT_EQ(shape(one), one) << "a shape is its own";
  EXPECT_NE(shape("select a.B,COUNT(*) from t a where (b = 7)"), one) << "names are told apart by case";
  EXPECT_EQ(shape("select `order`, `two words` from `select`"), "select `order`, `two words` from `select`");
}

TEST(Shape, ListsOfAnyLengthAreOne) {
  const std::string one = shape("select a from t where b in (1)");
  EXPECT_EQ(one, "select a from t where b in (?, ...)");
  EXPECT_EQ(shape("select a from t where b in (1, null, -3, 'x', ?)"), one);
  EXPECT_EQ(shape("select a from t where b in (1, c)"), "select a from t where b in (?, c)");
  EXPECT_EQ(shape("select a from t where (b, c) in ((1, 2), (3, 4))"),
            "select a from t where (b, c) in ((?, ?), ...)");
  EXPECT_EQ(shape("select a from t where b in (select 1)"), "select a from t where b in (select ?)");
}

TEST(Shape, RowsThatAreAlikeAreOne) {
  EXPECT_EQ(shape("insert into t (a, b) values (1, 'x')"), "insert into t(a, b) values (?, ?)");
  const std::string many = shape("insert into t (a, b) values (1, 'x'), (2, null)");
  EXPECT_EQ(many, "insert into t(a, b) values (?, ?), ...");
  EXPECT_EQ(shape("insert into t (a, b) values (1, 'x'), (2, 'y'), (3, 'z')"), many);
  EXPECT_EQ(
      shape("insert into t (a, b) values (1, now()), (2, 3), (4, 5) on duplicate key update a = values(a)"),
      "insert into t(a, b) values (?, now()), (?, ?), ... on duplicate key update a = values (a)");
}

TEST(Shape, IdsAreOfTheText) {
  EXPECT_EQ(shape_id(shape("select 1")), shape_id(shape("SELECT  'x'")));
  EXPECT_NE(shape_id(shape("select 1")), shape_id(shape("select 1, 2")));
}

}  // namespace
}  // namespace kintsugi::sql
