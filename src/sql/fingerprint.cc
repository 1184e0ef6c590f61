#include "sql/fingerprint.h"

#include <algorithm>
#include <cstring>

#include <xxhash.h>

#include "sql/grammar/keywords.h"

namespace kintsugi::sql {
namespace {

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

void put_mode(std::string& out, const LexerMode& mode) {
  unsigned flags = 0;
  for (bool flag : {mode.ansi_quotes, mode.no_backslash_escapes, mode.pipes_as_concat, mode.ignore_space,
                    mode.high_not_precedence}) {
    flags = flags * 2 + (flag ? 1 : 0);
  }
  put(out, flags);
  put(out, mode.mysql_version);
  put(out, mode.mariadb_version);
}

LiteralKind literal_kind(TokenClass cls) {
  static_assert(static_cast<int>(TokenClass::kBit) - static_cast<int>(TokenClass::kInteger) ==
                static_cast<int>(LiteralKind::kBit) - static_cast<int>(LiteralKind::kInteger));
  return static_cast<LiteralKind>(static_cast<int>(cls) - static_cast<int>(TokenClass::kInteger) +
                                  static_cast<int>(LiteralKind::kInteger));
}

// A name, however it is quoted, by its value; an escaped one (rare) by its text.
void put_name(std::string& out, std::string_view text, bool plain) {
  bool quoted = text[0] == '`' || text[0] == '"';
  if (quoted && plain) text = text.substr(1, text.size() - 2);
  put_text(out, text);
}

// Words that can't be names fold to their kind. Others may be names, whose case may count.
void put_keyword(std::string& out, std::string_view text, bool first) {
  if (first) return;
  const KeywordEntry* keyword = find_keyword(text);
  bool may_be_name =
      keyword != nullptr && (keyword->use == KeywordUse::k_free || keyword->use == KeywordUse::k_start ||
                             keyword->use == KeywordUse::k_no_alias);
  if (may_be_name) put_text(out, text);
}

}  // namespace

void fingerprint(std::string_view sql, const LexerMode& mode, Fingerprint& out) {
  out.literals.clear();
  out.buffer.clear();
  out.parameters = 0;
  put_mode(out.buffer, mode);
  Lexer lexer(sql, mode);
  bool first = true;
  bool after_string = false;
  bool semicolon = false;  // the one at the end does not count
  Token token = lexer.next();
  for (; token.cls != TokenClass::kEnd && token.cls != TokenClass::kInvalid; token = lexer.next()) {
    if (semicolon) put(out.buffer, static_cast<std::int16_t>(';'));
    semicolon = token.kind == ';';
    if (semicolon) continue;
    std::string_view text = lexer.text(token);
    if (token.cls == TokenClass::kString && after_string) {
      LiteralToken& string = out.literals.back();
      string.length = token.offset + token.length - string.offset;
      string.plain = false;
      continue;
    }
    after_string = token.cls == TokenClass::kString;
    put(out.buffer, static_cast<std::int16_t>(token.kind));
    switch (token.cls) {
      case TokenClass::kName:
        put_name(out.buffer, text, token.plain);
        break;
      case TokenClass::kKeyword:
        put_keyword(out.buffer, text, first);
        break;
      case TokenClass::kIntroducer:
      case TokenClass::kUserVariable:
      case TokenClass::kSystemVariable:
      case TokenClass::kHint:
      case TokenClass::kDirective:
        put_text(out.buffer, text);
        break;
      case TokenClass::kParameter:
        ++out.parameters;
        break;
      default:
        if (is_literal(token.cls)) {
          out.literals.push_back({literal_kind(token.cls), token.plain, token.offset, token.length});
        }
    }
    first = first && token.cls == TokenClass::kDirective;
  }
  out.valid = token.cls == TokenClass::kEnd;
  XXH128_hash_t hash = XXH3_128bits(out.buffer.data(), out.buffer.size());
  out.key = {hash.high64, hash.low64};
}

Parameterization parameterize(Statement& statement, const Fingerprint& fingerprint) {
  const auto& literals = fingerprint.literals;
  std::vector<bool> found(literals.size());
  walk(static_cast<Node&>(statement), [&](Node& node) {
    auto* literal = as<Literal>(&node);
    if (literal == nullptr) return true;
    auto place = std::lower_bound(
        literals.begin(), literals.end(), literal->offset,
        [](const LiteralToken& token, std::uint32_t offset) { return token.offset < offset; });
    // A string that the lexer joined and the grammar did not ({d 'x'} and an alias) is not this node's value.
    if (place != literals.end() && place->offset == literal->offset && place->length == literal->length) {
      literal->ordinal = static_cast<std::int32_t>(place - literals.begin());
      found[static_cast<std::size_t>(literal->ordinal)] = true;
    }
    return true;
  });
  Parameterization result;
  for (std::uint32_t i = 0; i < literals.size(); ++i) {
    if (!found[i]) result.pinned.push_back(i);
  }
  return result;
}

bool pinned_equal(const Parameterization& pinned, std::string_view cached_sql, const Fingerprint& cached,
                  std::string_view sql, const Fingerprint& other) {
  return std::all_of(pinned.pinned.begin(), pinned.pinned.end(), [&](std::uint32_t ordinal) {
    const LiteralToken& a = cached.literals[ordinal];
    const LiteralToken& b = other.literals[ordinal];
    return cached_sql.substr(a.offset, a.length) == sql.substr(b.offset, b.length);
  });
}

void literal_value(std::string_view sql, const LiteralToken& literal, const LexerMode& mode,
                   std::string& out) {
  Lexer lexer(sql.substr(0, literal.offset + literal.length), mode, literal.offset);
  for (Token token = lexer.next(); is_literal(token.cls); token = lexer.next()) {
    append_token_value(sql, token, mode, out);
  }
}

}  // namespace kintsugi::sql
