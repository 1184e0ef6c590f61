#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kintsugi::sql {

/// How a word may be used; see keywords.txt, which lists them all.
enum class KeywordUse : std::uint8_t {
  k_reserved,
  k_free,
  k_start,
  k_no_alias,
  k_function,
  k_spaced_function,
  k_name,
};

struct KeywordEntry {
  std::string_view word;  ///< lower case
  int token;              ///< 0: a name to the grammar
  KeywordUse use;
  bool quoted;  ///< as a name it must be quoted
};

std::size_t keyword_count();
const KeywordEntry& keyword_at(std::size_t index);

/// The entry of a word in any case, or nullptr.
const KeywordEntry* find_keyword(std::string_view word);

/// Whether the servers' grammars take a bare lower-case `name` before a parenthesis for a function of their
/// own, where in quotes it is a stored one.
bool is_builtin_function(std::string_view name);

/// Whether `name`, without an underscore, is a character set that may introduce a string.
bool is_charset(std::string_view name);

}  // namespace kintsugi::sql
