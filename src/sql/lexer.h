#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sql/arena.h"

namespace kintsugi::sql {

/// What of sql_mode changes how text becomes tokens, and which executable comments run.
struct LexerMode {
  bool ansi_quotes = false;           ///< "x" is a name, not a string
  bool no_backslash_escapes = false;  ///< a backslash in a string is itself
  bool pipes_as_concat = false;       ///< || concatenates
  bool ignore_space = false;          ///< space may stand between a function word and its parenthesis
  bool high_not_precedence = false;   ///< NOT binds as ! does
  /// Text in /*!NNNNN … */ is executed if the number is not over the first, or is one of MariaDB's, which
  /// begin at 100000, and not over the second. /*M!NNNNNN … */ goes by the second, and is a comment if that
  /// is 0.
  std::uint32_t mysql_version = 80400;
  std::uint32_t mariadb_version = 101100;

  /// Takes the versions of a server that calls itself "9.7.0" or "10.11.14-MariaDB-0+deb12u2"; "5.5.5-" may
  /// stand in front of the latter. Leaves them as they are if it is no version.
  void follow_server(std::string_view version);

  bool operator==(const LexerMode&) const = default;
};

enum class TokenClass : std::uint8_t {
  kEnd,
  kInvalid,  ///< no token: an unclosed string or comment, a stray character
  kName,     ///< a name, bare or quoted
  kKeyword,  ///< a word that the grammar knows; whether it is reserved, see is_reserved
  kInteger,  // the literals, in the order of LiteralKind
  kDecimal,
  kFloat,
  kString,
  kNational,
  kHexNumber,
  kHexString,
  kBit,
  kIntroducer,      ///< _utf8mb4 before a string
  kUserVariable,    ///< @name, and the host of an account
  kSystemVariable,  ///< @@scope.name
  kParameter,       ///< ?
  kOperator,        ///< punctuation too
  kHint,            ///< /*+ … */ after the first word of a query or of a change
  kDirective,       ///< /*kintsugi … */, and Vitess' /*vt+ … */
};
inline bool is_literal(TokenClass c) { return c >= TokenClass::kInteger && c <= TokenClass::kBit; }

struct Token {
  int kind = 0;  ///< the grammar's number for it
  TokenClass cls = TokenClass::kEnd;
  bool plain = true;  ///< a quoted token holds no escape or doubled quote: its inner text is its value
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

/// Cuts a text into tokens: one pass, no allocation. The text must outlive it and be under 4 GiB.
/// Strings are taken bytewise: safe for every character set whose trailing bytes are never a quote or a
/// backslash (utf8mb4, latin1, binary, …; not gbk, sjis, big5).
class Lexer {
 public:
  Lexer(std::string_view sql, const LexerMode& mode, std::uint32_t offset = 0, bool in_comment = false)
      : sql_(sql), mode_(mode), at_(offset), in_comment_(in_comment) {}

  /// The next token. After kEnd and kInvalid it must not be called again.
  Token next();

  std::string_view text(const Token& token) const { return sql_.substr(token.offset, token.length); }
  /// Whether the last token stands inside an executable comment: a lexer that starts there must know.
  bool in_comment() const { return in_comment_; }

 private:
  Token scan();
  Token word();
  bool string_follows() const;
  bool parenthesis_touches() const;
  bool parenthesis_follows() const;
  Token number();
  Token quoted(char quote, TokenClass cls, int kind, std::uint32_t start);
  Token digits_in_quotes(TokenClass cls, int kind, bool hex);
  Token variable();
  Token punctuation();
  bool skip_blank(Token& found);
  bool skip_comment(Token& found);
  bool enter_executable_comment();
  bool close_comment();
  Token finish(std::uint32_t start, TokenClass cls, int kind, bool plain = true);
  Token invalid(std::uint32_t start);
  char peek(std::uint32_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }
  bool ended() const { return at_ >= sql_.size(); }

  std::string_view sql_;
  LexerMode mode_;
  std::uint32_t at_;
  int previous_ = 0;         ///< kind of the token before
  bool name_dot_ = false;    ///< a point touches the name before: .5 is no number there
  bool after_dot_ = false;   ///< the token before was a point: a word that touches it is a name
  bool in_comment_ = false;  ///< inside an executable comment
};

/// The value of a string, quoted name or variable token: without quotes, escapes resolved. Points into `sql`
/// where nothing was escaped, else into `arena`.
std::string_view token_value(std::string_view sql, const Token& token, const LexerMode& mode, Arena& arena);

/// As token_value, appended to `out`; of literals only.
void append_token_value(std::string_view sql, const Token& token, const LexerMode& mode, std::string& out);

/// The length of the first statement of a text that may hold several, its `;` included. What follows is the
/// rest; a rest of blanks and comments only is taken along.
std::size_t split_statement(std::string_view sql, const LexerMode& mode = {});

/// Whether `name` without quotes is a name to the lexer and no word of the grammar.
bool is_bare_name(std::string_view name);

/// Whether `name` must be quoted where a name is meant: reserved in MySQL 8 or MariaDB, or a word that our
/// grammar takes for itself.
bool needs_quotes(std::string_view name);

}  // namespace kintsugi::sql
