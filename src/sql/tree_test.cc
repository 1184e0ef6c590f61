#include "sql/tree.h"

#include <gtest/gtest.h>

namespace kintsugi::sql {
namespace {

ColumnRef* column(Arena& arena, std::string_view name) {
  auto* node = make_node<ColumnRef>(arena);
  node->name = name;
  return node;
}

Between* sample(Arena& arena, std::string_view name) {
  auto* node = make_node<Between>(arena);
  node->value = column(arena, name);
  node->low = column(arena, "low");
  node->high = column(arena, "high");
  return node;
}

TEST(Tree, CloneOutlivesTheOriginal) {
  Arena to;
  Between* copy;
  {
    Arena from;
    std::string name = "price";
    copy = clone(sample(from, from.copy(name)), to);
  }
  EXPECT_EQ(as<ColumnRef>(copy->value)->name, "price");
  EXPECT_TRUE(equal(*copy, *sample(to, "price")));
}

TEST(Tree, EqualComparesFieldsAndNotPositions) {
  Arena arena;
  Between* a = sample(arena, "x");
  Between* b = sample(arena, "x");
  b->offset = 17;
  EXPECT_TRUE(equal(*a, *b));
  b->negated = true;
  EXPECT_FALSE(equal(*a, *b));
  EXPECT_FALSE(equal(*a, *sample(arena, "y")));
  EXPECT_FALSE(equal(*a, *column(arena, "x")));
}

TEST(Tree, WalkVisitsInTheOrderOfTheFields) {
  Arena arena;
  std::string names;
  walk(*sample(arena, "x"), [&names](Node& node) {
    if (auto* ref = as<ColumnRef>(&node)) names += std::string(ref->name) + " ";
    return true;
  });
  EXPECT_EQ(names, "x low high ");
}

TEST(Tree, RewritePutsWhatIsReturned) {
  Arena arena;
  Between* node = sample(arena, "x");
  Expr* other = make_node<Default>(arena);
  rewrite_children(*node, [&](Node& child) -> Node* { return &child == node->low ? other : &child; });
  EXPECT_EQ(node->low, other);
  EXPECT_EQ(as<ColumnRef>(node->high)->name, "high");
}

TEST(Tree, KindsKnowTheirFamily) {
  EXPECT_TRUE(is_expr(NodeKind::kLiteral));
  EXPECT_TRUE(is_expr(NodeKind::kSequenceValue));
  EXPECT_TRUE(is_table_ref(NodeKind::kNamedTable));
  EXPECT_FALSE(is_table_ref(NodeKind::kWhen));
  EXPECT_TRUE(is_query(NodeKind::kSelect));
  EXPECT_TRUE(is_statement(NodeKind::kSelect));
  EXPECT_FALSE(is_query(NodeKind::kInsert));
  EXPECT_EQ(kind_name(NodeKind::kCursor), "Cursor");
}

TEST(Arena, KeepsWhatIsWrittenAndClears) {
  Arena arena;
  List<std::string_view> words{};
  for (int i = 0; i < 10000; ++i) words.push_back(arena, arena.copy(std::to_string(i)));
  for (int i = 0; i < 10000; ++i) ASSERT_EQ(words[i], std::to_string(i));
  void* large = arena.allocate(10 << 20, 16);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(large) % 16, 0u);
  EXPECT_GT(arena.reserved_bytes(), 10u << 20);
  arena.clear();
  EXPECT_LT(arena.reserved_bytes(), 1u << 20);
}

}  // namespace
}  // namespace kintsugi::sql
