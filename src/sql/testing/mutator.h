#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace kintsugi::sql {

/// Changes of a statement token by token, made to reach what a grammar and its printer may have forgotten:
/// reserved words in quotes where a name stands, odd literals, expressions of every precedence as operands,
/// comments of every kind between tokens. Most results are no SQL; of the corpus' statements about one in
/// five is. From a seed, always the same.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  /// `sql` with a few things changed.
  std::string mutate(std::string_view sql, const LexerMode& mode = {});
  /// Tokens of `other` in the place of some of `sql`.
  std::string cross(std::string_view sql, std::string_view other, const LexerMode& mode = {});

 private:
  using Tokens = std::vector<std::string>;

  void change(Tokens& tokens);
  void change_name(std::string& token);
  void wrap_in_comment(Tokens& tokens, std::size_t at);
  std::string name();
  std::string any_token();
  unsigned pick(std::size_t n);
  std::size_t place(const Tokens& tokens) { return pick(tokens.size()); }

  std::mt19937 random_;
  char quote_ = '`';
};

}  // namespace kintsugi::sql
