#include "cli/statement_reader.h"

#include <algorithm>
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

// Where a line ends with \G or \g, or the input if this is all of it; npos: none does.
std::size_t client_end(std::string_view text, bool is_all) {
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 1)) {
    if (at + 1 >= text.size() || (text[at + 1] != 'G' && text[at + 1] != 'g')) continue;
    const std::size_t line_end = text.find('\n', at);
    if (line_end == std::string_view::npos && !is_all) continue;
    if (is_blank(text.substr(at + 2, line_end == std::string_view::npos ? line_end : line_end - at - 2)))
      return at;
  }
  return std::string_view::npos;
}

int lines_in(std::string_view text) { return static_cast<int>(std::ranges::count(text, '\n')); }

}  // namespace

void StatementReader::feed(std::string_view text) {
  text_.erase(0, std::exchange(begin_, 0));
  text_ += text;
}

/// Uses `end` bytes, of which the first `length` are the statement.
StatementReader::Statement StatementReader::take(std::size_t length, std::size_t end, bool vertical) {
  const std::string_view text = left().substr(0, length);
  const std::size_t first = std::min(text.find_first_not_of(kBlank), text.size());
  Statement statement{trimmed(text), vertical, line_ + lines_in(text.substr(0, first))};
  line_ += lines_in(left().substr(0, end));
  begin_ += end;
  return statement;
}

std::optional<StatementReader::Statement> StatementReader::next() {
  for (;;) {
    const std::string_view first = left().substr(0, sql::split_statement(left()));
    const std::size_t last = first.find_last_not_of(kBlank);
    const bool whole = last != std::string_view::npos && first[last] == ';';
    const std::size_t client = client_end(whole ? first : left(), false);
    if (client == std::string_view::npos && !whole) return std::nullopt;
    Statement statement = client != std::string_view::npos
                              ? take(client, client + 2, left()[client + 1] == 'G')
                              : take(last, first.size(), false);
    if (!statement.text.empty()) return statement;
  }
}

std::optional<StatementReader::Statement> StatementReader::rest() {
  const std::size_t client = client_end(left(), true);
  Statement statement = client != std::string_view::npos
                            ? take(client, left().size(), left()[client + 1] == 'G')
                            : take(left().size(), left().size(), false);
  if (statement.text.empty()) return std::nullopt;
  return statement;
}

bool StatementReader::is_pending() const { return !is_blank(left()); }

}  // namespace kintsugi::cli
