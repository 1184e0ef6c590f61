#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sql/lexer.h"
#include "sql/tree.h"

namespace kintsugi::sql {

/// The key of a statement's shape: 128 bits, XXH3.
struct StatementKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const StatementKey&) const = default;
};

/// One literal of a text. Adjacent strings ('a' 'b') are one, with the first one's position.
struct LiteralToken {
  LiteralKind kind{};
  bool plain = true;         ///< its value is its inner text: nothing escaped, nothing joined
  std::uint32_t offset = 0;  ///< with quotes or prefix
  std::uint32_t length = 0;
};

/// What one pass of the lexer tells of a statement. Reuse one object: after some statements it does not
/// allocate any more.
struct Fingerprint {
  StatementKey key;
  std::vector<LiteralToken> literals;  ///< in the order of the text: a literal's index is its ordinal
  int parameters = 0;                  ///< how many `?`
  bool valid = false;                  ///< false: not all of it are tokens; parse() has the error
  std::string buffer;                  ///< working memory
};

/// Fills `out` for the one statement in `sql`.
///
/// Texts with the same key differ at most in white space, comments (but directives and hints), the case of
/// reserved words, how names are quoted, and the values of literals. Kinds of literals, and how many there
/// are (so the length of an IN list), are in the key, as is `mode`, as are names, byte by byte; TRUE, FALSE
/// and NULL are words.
///
/// So a plan may be cached under the key only together with the values of those literals that it depends on
/// (ORDER BY 1, GROUP BY 2, `select 1` whose column is named by its text, char(10) in a cast, all of SET and
/// DDL): see `parameterize`. Columns named by an expression's text are named by the first text's spelling.
void fingerprint(std::string_view sql, const LexerMode& mode, Fingerprint& out);

/// The literals of a parsed statement as its fingerprint numbers them.
struct Parameterization {
  /// Literals of the text that are no Literal node of the tree (a type's length, an alias in quotes, …): a
  /// cached statement fits another text only if these have the same text there. The planner adds those that
  /// its plan depends on.
  std::vector<std::uint32_t> pinned;
};

/// Numbers each Literal of `statement`, which was parsed from the text of `fingerprint`: `ordinal` becomes
/// its index in `fingerprint.literals`. Call it before the tree is rewritten.
Parameterization parameterize(Statement& statement, const Fingerprint& fingerprint);

/// Whether the pinned literals of a cached statement, whose text was `cached_sql`, are the same in another
/// text with the same key.
bool pinned_equal(const Parameterization& pinned, std::string_view cached_sql, const Fingerprint& cached,
                  std::string_view sql, const Fingerprint& other);

/// The value of a literal as Literal::text has it: escapes resolved, adjacent strings joined. Appends to
/// `out`.
void literal_value(std::string_view sql, const LiteralToken& literal, const LexerMode& mode,
                   std::string& out);

}  // namespace kintsugi::sql
