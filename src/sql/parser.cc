#include "sql/parser.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sql/grammar/builder.h"
#include "sql_grammar.h"

namespace kintsugi::sql {
namespace {

// Nodes on the longest path from the root, counted without recursion.
int tree_depth(const Node& root) {
  int deepest = 0;
  std::vector<std::pair<const Node*, int>> open{{&root, 1}};
  while (!open.empty()) {
    auto [node, depth] = open.back();
    open.pop_back();
    deepest = std::max(deepest, depth);
    for_each_child(*node, [&open, depth](const Node& child) { open.emplace_back(&child, depth + 1); });
  }
  return deepest;
}

// A level of the tree takes a quarter of a token at least ("(select (select …" is two tokens for three
// levels), so that short texts need no look.
bool too_deep(const Node& root, std::uint32_t tokens) {
  return tokens * 4 >= kTreeDepthMax && tree_depth(root) > kTreeDepthMax;
}

Result<Node*> run(std::string_view sql, Arena& arena, const LexerMode& mode, Builder::Goal goal) {
  Builder builder(arena.copy(sql), arena, mode, goal);
  int status = kt_sql_parse(builder);
  if (builder.error()) return failure(*builder.error());
  if (status != 0) return failure(kTooDeep, "the statement needs more of the parser's stack than there is");
  Node* root = builder.root();
  if (too_deep(*root, builder.tokens())) {
    return failure(kTooDeep, fmt::format("the statement is nested more than {} levels deep", kTreeDepthMax));
  }
  if (goal != Builder::Goal::kExpression) static_cast<Statement*>(root)->directives = builder.directives();
  return root;
}

bool is_blank(std::string_view sql, const LexerMode& mode) {
  Lexer lexer(sql, mode);
  Token token = lexer.next();
  while (token.cls == TokenClass::kDirective || token.kind == ';') token = lexer.next();
  return token.cls == TokenClass::kEnd;
}

}  // namespace

Result<Statement*> parse(std::string_view sql, Arena& arena, const LexerMode& mode) {
  auto root = run(sql, arena, mode, Builder::Goal::kStatement);
  if (root) return static_cast<Statement*>(*root);
  if (is_blank(sql, mode)) return failure(kEmptyQuery, "Query was empty");
  return tl::unexpected(root.error());
}

Result<Expr*> parse_expression(std::string_view sql, Arena& arena, const LexerMode& mode) {
  auto root = run(sql, arena, mode, Builder::Goal::kExpression);
  if (root) return static_cast<Expr*>(*root);
  return tl::unexpected(root.error());
}

}  // namespace kintsugi::sql
