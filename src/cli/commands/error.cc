#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/text_table.h"

namespace kintsugi::cli {
namespace {

std::string code_text(const ErrorEntry& entry) { return fmt::format("KT{}", entry.code->number); }

/// "KT4022", "kt4022", "4022:" and "no_primary" all name one.
bool is_meant(const ErrorEntry& entry, std::string word) {
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::tolower(c); });
  while (word.ends_with(':') || word.ends_with('.')) word.pop_back();
  const std::string number = std::to_string(entry.code->number);
  return word == number || word == "kt" + number || word == entry.code->name;
}

std::string as_text(const ErrorEntry& entry) {
  const ErrorCode& code = *entry.code;
  const std::string client =
      code.number == kServerError.number
          ? "the server's own number and SQLSTATE"
          : fmt::format("{} (SQLSTATE {})", code.mysql_errno, static_cast<const char*>(code.sqlstate));
  const char* step = code.next_step[0] == '\0' ? "What the message says." : code.next_step;
  return fmt::format(
      "{} {}\n  what happened  {}\n  what to do     {}{}\n  MySQL error    {}\n  raised by      {}\n",
      code_text(entry), code.name, entry.meaning, step, std::string_view(step).ends_with('.') ? "" : ".",
      client, entry.folder);
}

std::string as_json(const std::vector<const ErrorEntry*>& entries) {
  std::string out = R"({"errors":[)";
  for (const ErrorEntry* entry : entries) {
    const ErrorCode& code = *entry->code;
    out += fmt::format(
        R"({}{{"ktCode":{},"name":{},"folder":{},"meaning":{},"nextStep":{},"mysqlErrno":{},"sqlstate":{}}})",
        out.ends_with('[') ? "" : ",", code.number, json_string(code.name), json_string(entry->folder),
        json_string(entry->meaning), json_string(code.next_step), code.mysql_errno,
        json_string(code.sqlstate));
  }
  return out + "]}\n";
}

Task<Result<void>> list(Context& context, const Parsed& parsed) {
  std::vector<const ErrorEntry*> chosen;
  for (const ErrorEntry& entry : context.errors()) {
    if (!parsed.has("folder") || parsed.get("folder") == entry.folder) chosen.push_back(&entry);
  }
  if (chosen.empty()) {
    co_return failure(kNotFound, fmt::format("no error belongs to a folder '{}'", parsed.get("folder")));
  }
  if (context.json()) {
    context.print(as_json(chosen));
    co_return Result<void>();
  }
  TextTable table({"CODE", "NAME", "FOLDER", "WHAT HAPPENED"});
  for (const ErrorEntry* entry : chosen) {
    table.add({code_text(*entry), entry->code->name, entry->folder, entry->meaning});
  }
  context.print(table.text());
  co_return Result<void>();
}

Task<Result<void>> show(Context& context, const Parsed& parsed) {
  std::vector<const ErrorEntry*> chosen;
  for (const std::string& word : parsed.all("code")) {
    const std::size_t before = chosen.size();
    for (const ErrorEntry& entry : context.errors()) {
      if (is_meant(entry, word)) chosen.push_back(&entry);
    }
    if (chosen.size() == before) {
      co_return failure(kNotFound,
                        fmt::format("there is no error '{}': `kintsugi error list` has all. Numbers "
                                    "without KT are MySQL's own",
                                    word));
    }
  }
  std::string text;
  for (const ErrorEntry* entry : chosen) text += (text.empty() ? "" : "\n") + as_text(*entry);
  context.print(context.json() ? as_json(chosen) : text);
  co_return Result<void>();
}

}  // namespace

std::vector<Command> error_commands() {
  return {
      {"error show",
       "what an error code means and what to do about it",
       "Asks nobody: the program knows its own errors. docs/errors.md has the same.",
       {{"code", "KT4022, or its name, no_primary", true, true}},
       {},
       {{"error show KT4022", "The error that a client, a log or a command has told."},
        {"error show no_primary", "All errors of that name."}},
       show},
      {"error list",
       "all error codes",
       "",
       {},
       {{"folder", "name", "only those that this folder of src raises: gate, tablet, spec, …"}},
       {{"error list", "All, one a line."},
        {"error list --folder gate --json", "Those of the gate, for a program."}},
       list},
  };
}

}  // namespace kintsugi::cli
