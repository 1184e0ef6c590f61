#include "cli/statement_reader.h"

#include <utility>

#include "sql/lexer.h"

namespace kintsugi::cli {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

bool is_blank(std::string_view text) { return text.find_first_not_of(kBlank) == std::string_view::npos; }

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(kBlank) - begin + 1));
}

// Where a line ends with \G or \g; npos: none does.
std::size_t client_end(std::string_view text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    at = text.find('\\', at);
    if (at == std::string_view::npos || at + 1 >= text.size()) return std::string_view::npos;
    if (text[at + 1] != 'G' && text[at + 1] != 'g') continue;
    const auto line_end = text.find('\n', at);
    if (line_end != std::string_view::npos && is_blank(text.substr(at + 2, line_end - at - 2))) return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<StatementReader::Statement> StatementReader::next() {
  for (;;) {
    const std::size_t length = sql::split_statement(pending_);
    const bool whole = length > 0 &&
                       pending_.substr(0, length).find_last_not_of(kBlank) != std::string::npos &&
                       pending_[pending_.substr(0, length).find_last_not_of(kBlank)] == ';';
    const std::size_t client =
        client_end(std::string_view(pending_).substr(0, whole ? length : pending_.size()));
    Statement statement;
    if (client != std::string::npos) {
      statement = {trimmed(std::string_view(pending_).substr(0, client)), pending_[client + 1] == 'G'};
      pending_.erase(0, client + 2);
    } else if (whole) {
      std::string text = trimmed(std::string_view(pending_).substr(0, length));
      text.pop_back();
      statement = {trimmed(text), false};
      pending_.erase(0, length);
    } else {
      return std::nullopt;
    }
    if (!statement.text.empty()) return statement;
  }
}

std::optional<StatementReader::Statement> StatementReader::rest() {
  const std::string text = trimmed(std::exchange(pending_, ""));
  if (text.empty()) return std::nullopt;
  return Statement{text, false};
}

bool StatementReader::is_pending() const { return !is_blank(pending_); }

}  // namespace kintsugi::cli
