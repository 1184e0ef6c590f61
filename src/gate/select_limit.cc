#include "gate/select_limit.h"

#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "sql/arena.h"
#include "sql/parser.h"

namespace kintsugi::gate {
namespace {

std::size_t end_of_last_token(std::string_view sql, const sql::LexerMode& mode) {
  sql::Lexer lexer(sql, mode);
  std::size_t end = 0;
  for (sql::Token token = lexer.next(); token.cls != sql::TokenClass::kEnd; token = lexer.next()) {
    if (token.cls == sql::TokenClass::kInvalid) break;
    const bool is_part = lexer.text(token) != ";" && token.cls != sql::TokenClass::kDirective;
    if (is_part) end = token.offset + token.length;
  }
  return end;
}

}  // namespace

std::optional<std::uint64_t> select_limit(const SessionState& state) {
  for (const auto& [name, value] : state.connection_variables) {
    if (name != "sql_select_limit") continue;
    std::uint64_t limit = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), limit);
    if (read.ec != std::errc() || limit == std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
    return limit;
  }
  return std::nullopt;
}

std::string with_select_limit(std::string_view sql, const sql::LexerMode& mode, std::uint64_t limit) {
  sql::Arena arena;
  const Result<sql::Statement*> statement = sql::parse(sql, arena, mode);
  if (!statement || !sql::is_query((*statement)->kind)) return "";
  const auto& query = static_cast<const sql::Query&>(**statement);
  if (query.limit != nullptr || query.into != nullptr) return "";
  const std::size_t at = query.locking.empty() ? end_of_last_token(sql, mode) : query.locking.front()->offset;
  const std::string_view before = sql.substr(0, at);
  return fmt::format("{} limit {} {}", before, limit, sql.substr(at));
}

}  // namespace kintsugi::gate
