#include "plan/directives.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/lower_case.h"

namespace kintsugi::plan {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ','; }

std::optional<bool> read_switch(const std::string& value) {
  if (value.empty() || value == "1" || value == "true" || value == "on" || value == "yes") return true;
  if (value == "0" || value == "false" || value == "off" || value == "no") return false;
  return std::nullopt;
}

std::optional<std::uint64_t> read_number(const std::string& value) {
  std::uint64_t number = 0;
  const char* end = value.data() + value.size();
  const auto [stopped, error] = std::from_chars(value.data(), end, number);
  if (value.empty() || error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

/// Puts a value in its place; false if it is none.
using Reader = bool (*)(Directives& directives, const std::string& value);

template <std::optional<std::uint64_t> Directives::* member>
bool number(Directives& directives, const std::string& value) {
  const std::optional<std::uint64_t> read = read_number(value);
  if (read) directives.*member = read;
  return read.has_value();
}

template <std::optional<bool> Directives::* member, bool reverse = false>
bool flag(Directives& directives, const std::string& value) {
  const std::optional<bool> read = read_switch(value);
  if (read) directives.*member = *read != reverse;
  return read.has_value();
}

bool tablet_type(Directives& directives, const std::string& value) {
  const Result<topo::TabletType> type = topo::parse_tablet_type(value);
  if (type) directives.tablet_type = *type;
  return type.has_value();
}

bool workload(Directives& directives, const std::string& value) {
  constexpr std::size_t kBytesMax = 64;
  directives.workload = value.substr(0, kBytesMax);
  return !value.empty();
}

struct Entry {
  DirectiveInfo info;
  Reader read;
};

constexpr Entry kEntries[] = {
    {{"timeout_ms", "QUERY_TIMEOUT_MS", "a number; 0: none",
      "ends the statement after so many milliseconds, with error 3024"},
     number<&Directives::timeout_ms>},
    {{"gather_rows_max", "", "a number",
      "rows that the statement may have copied to one server; no more than the gate's option of that name "
      "says"},
     number<&Directives::gather_rows_max>},
    {{"gather_bytes_max", "", "a number", "…and bytes"}, number<&Directives::gather_bytes_max>},
    {{"allow_scatter", "ALLOW_SCATTER", "0 or 1",
      "0: the statement fails rather than go to several shards as it is (what copies rows has allow_gather). "
      "1: it may where the keyspace, the user or "
      "the "
      "gate says `ask`"},
     flag<&Directives::allow_scatter>},
    {{"allow_gather", "", "0 or 1", "the same of queries that copy rows to one server"},
     flag<&Directives::allow_gather>},
    {{"merge", "", "0 or 1",
      "0: shards' rows are put into one order by a server, over copies, and not by the gate"},
     flag<&Directives::merge>},
    {{"scatter_errors_as_warnings", "SCATTER_ERRORS_AS_WARNINGS", "0 or 1",
      "1: a query that several shards are asked is answered without the rows of those that fail, with a "
      "warning for each"},
     flag<&Directives::scatter_errors_as_warnings>},
    {{"tablet_type", "", "primary, replica or rdonly",
      "which tablets are asked, whatever the session's target says; not for writes"},
     tablet_type},
    {{"workload", "WORKLOAD_NAME", "a word, or text in quotes",
      "a name for the log of slow statements and the gate's page"},
     workload},
    {{"plan_cache", "", "0 or 1", "0: the statement is planned anew, and its plan is not kept"},
     flag<&Directives::use_plan_cache>},
    {{"in_gate", "", "0 or 1",
      "of `CREATE TRIGGER`: gates run it, so that an UPDATE may move rows of its table to other shards"},
     flag<&Directives::in_gate>},
    {{"", "SKIP_QUERY_PLAN_CACHE", "0 or 1", "the reverse of plan_cache"},
     flag<&Directives::use_plan_cache, true>},
};

/// What Vitess has and what is otherwise here.
struct Meaningless {
  std::string_view name;
  std::string_view why;
};
constexpr Meaningless kMeaningless[] = {
    {"priority", "the gate does not put off statements by priority"},
    {"multi_shard_autocommit", "a write on several shards is always one transaction"},
    {"ignore_max_payload_size", "max_allowed_packet is the only bound on a statement's size"},
    {"ignore_max_memory_rows", "rows are not held in the gate's memory; gather_rows_max bounds copies"},
    {"allow_hash_join", "joins run on the servers"},
    {"consolidator", "equal queries are not run as one"},
};

bool is_name(std::string_view name, const DirectiveInfo& info) {
  return (!info.name.empty() && name == info.name) ||
         (!info.vitess_name.empty() && name == lower_case(info.vitess_name));
}

void apply(Directives& directives, const std::string& name, const std::string& value) {
  for (const Entry& entry : kEntries) {
    if (!is_name(name, entry.info)) continue;
    if (!entry.read(directives, value)) {
      directives.ignored.push_back(
          fmt::format("directive {}: '{}' is not {}", name, value, entry.info.value));
    }
    return;
  }
  for (const Meaningless& known : kMeaningless) {
    if (name != known.name) continue;
    directives.ignored.push_back(fmt::format("directive {} does nothing: {}", name, known.why));
    return;
  }
  directives.ignored.push_back(fmt::format("there is no directive '{}'", name));
}

/// Takes `name=value` apart, one after the other.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  bool next(std::string& name, std::string& value) {
    while (!text_.empty() && is_blank(text_.front())) text_.remove_prefix(1);
    if (text_.empty()) return false;
    name = lower_case(take([](char c) { return c == '=' || is_blank(c); }));
    value.clear();
    std::string_view rest = text_;
    while (!rest.empty() && is_blank(rest.front()) && rest.front() != ',') rest.remove_prefix(1);
    if (rest.empty() || rest.front() != '=') return true;
    text_ = rest.substr(1);
    while (!text_.empty() && is_blank(text_.front()) && text_.front() != ',') text_.remove_prefix(1);
    value = read_value();
    return true;
  }

 private:
  template <class End>
  std::string_view take(const End& ends) {
    const auto end = std::ranges::find_if(text_, ends);
    const auto length = static_cast<std::size_t>(end - text_.begin());
    const std::string_view taken = text_.substr(0, length);
    text_.remove_prefix(length);
    return taken;
  }

  std::string read_value() {
    if (text_.empty()) return {};
    const char quote = text_.front();
    if (quote != '\'' && quote != '"') return std::string(take(is_blank));
    text_.remove_prefix(1);
    std::string inner(take([quote](char c) { return c == quote; }));
    if (!text_.empty()) text_.remove_prefix(1);
    return inner;
  }

  std::string_view text_;
};

}  // namespace

bool is_shard_clause(std::string_view comment) {
  const std::string text = lower_case(comment.substr(0, 10));
  const auto is_word = [&text](std::string_view word) {
    return text.starts_with(word) && (text.size() == word.size() || is_blank(text[word.size()]));
  };
  return is_word("shard") || is_word("reference");
}

Directives parse_directives(std::span<const std::string_view> comments) {
  Directives directives;
  for (std::string_view comment : comments) {
    if (is_shard_clause(comment)) continue;
    if (comment.starts_with(':')) comment.remove_prefix(1);
    Words words(comment);
    std::string name, value;
    while (words.next(name, value)) apply(directives, name, value);
  }
  return directives;
}

std::vector<DirectiveInfo> directive_infos() {
  std::vector<DirectiveInfo> infos;
  for (const Entry& entry : kEntries) infos.push_back(entry.info);
  return infos;
}

std::string directive_reference_markdown() {
  std::string out = "| directive | in Vitess | value | what it does |\n|---|---|---|---|\n";
  const auto code = [](std::string_view name) {
    return name.empty() ? std::string("–") : fmt::format("`{}`", name);
  };
  for (const Entry& entry : kEntries) {
    out += fmt::format("| {} | {} | {} | {} |\n", code(entry.info.name), code(entry.info.vitess_name),
                       entry.info.value, entry.info.meaning);
  }
  out += "\nKnown, and without effect here (a warning says so):\n\n";
  for (const Meaningless& known : kMeaningless) out += fmt::format("- `{}`: {}\n", known.name, known.why);
  return out;
}

}  // namespace kintsugi::plan
