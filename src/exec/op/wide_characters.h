#pragma once

#include <cstddef>
#include <string_view>

namespace kintsugi::exec {

/// Characters of several bytes of a character set in which one of these may look like a separator: those of
/// GBK, GB18030, Big5, Shift-JIS and CP932. In UTF-8 and EUC none does.
class WideCharacters {
 public:
  /// Any other character set: none.
  explicit WideCharacters(std::string_view charset);

  /// How many bytes the character that begins with `text` has; 0: more bytes are wanted to know. 1 also where
  /// they make no character.
  std::size_t length(std::string_view text) const;

 private:
  enum class Kind { kNone, kGbk, kGb18030, kBig5, kShiftJis };

  bool is_lead(unsigned char byte) const;
  bool is_tail(unsigned char byte) const;

  Kind kind_ = Kind::kNone;
};

}  // namespace kintsugi::exec
