#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sql/fingerprint.h"

namespace kintsugi::sql {

/// What fingerprint() gives, at about an eighth of its cost for texts whose like was seen before. Owned by
/// one thread, without locks. Takes no memory until the first text, then 96 KiB for 2048 skeletons and twice
/// the length of the longest text.
///
/// A text is skimmed, not lexed: one pass that finds its plain integers and its plain strings in '…', and
/// leaves the text with a mark in the place of each, its skeleton. A table has the keys of the last
/// skeletons. The skim gives up on what needs the lexer: comments and --, " @ # \ and control characters, a
/// quote that touches a word (n'…', x'…', _utf8mb4'…'), doubled quotes, strings side by side, every other
/// number, and names that begin with a digit.
///
/// Texts with the same skeleton and mode have the same key, since no token depends on what is in a literal.
/// A string is one token whatever is in it, as it has no quote and no backslash; an integer is one whatever
/// its digits are, as no word and no point touches it (0x1, 1e5, 1.5, t.1 and 1a are no integers). The tokens
/// around them look ahead only for a point, `(`, a comment, the rest of an operator or the beginning of a
/// string: none of these is in an integer, and a mark tells a string from it. The marks are control
/// characters, which a skeleton has nowhere else. To be safe, a skeleton is kept only if in its first text
/// the lexer has found the literals that the skim has.
class Fingerprints {
 public:
  Fingerprints();
  ~Fingerprints();

  /// Fills `out` as fingerprint() does, but for its working memory.
  void of(std::string_view sql, const LexerMode& mode, Fingerprint& out);

  /// What became of the texts so far.
  struct Counts {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;    ///< skimmed, but the table had no such skeleton
    std::uint64_t given_up = 0;  ///< not for the skim, or longer than 64 KiB
  };
  const Counts& counts() const { return counts_; }

 private:
  struct Memory;

  // The length of the skeleton, which is in the memory, or kGaveUp.
  std::size_t skim(std::string_view sql, std::vector<LiteralToken>& literals);

  std::unique_ptr<Memory> memory_;
  std::vector<LiteralToken> skimmed_;
  Counts counts_;
};

}  // namespace kintsugi::sql
