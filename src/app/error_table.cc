#include "app/error_table.h"

#include <algorithm>

#include <fmt/format.h>

namespace kintsugi::app {

namespace {

constexpr int kBlock = 100;  ///< numbers that one folder has for itself

std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string row(const ErrorEntry& entry) {
  const ErrorCode& code = *entry.code;
  const bool of_the_server = code.number == kServerError.number;
  return fmt::format("| KT{} | `{}` | {} | {} | {} | {} |\n", code.number, code.name, cell(entry.meaning),
                     of_the_server ? "the server's" : std::to_string(code.mysql_errno),
                     of_the_server ? "the server's" : code.sqlstate, cell(code.next_step));
}

/// "KT40xx", "KT32xx and KT33xx".
std::string blocks_of(const std::string& folder) {
  std::string text;
  int last = 0;
  for (const ErrorEntry& entry : error_table()) {
    const int block = entry.code->number / kBlock;
    if (entry.folder != folder || block == last) continue;
    text += fmt::format("{}KT{}xx", text.empty() ? "" : " and ", block);
    last = block;
  }
  return text;
}

constexpr const char* kIntroduction = R"(# Errors

<!-- Made by `kintsugi docs` from the ErrorCode constants in src/*/*.h and their comments: change those. -->

Every failure of Kintsugi's own has a number that stays, a name, a message that says what happened to what, and where there
is one the next step:

```
ERROR 1105 (HY000): KT4022: shard customer/-80 has no primary (zone1-101: last seen 4 s ago). A failover may be in progress: retry in a few seconds
```

A MySQL client gets the MySQL error and SQLSTATE of the table, so that what applications know by number (1045, 1146, 1213, …)
stays true; 1105 is MySQL's number for what it has none for. What a server behind the gate says is passed on as it is, with its
own number and without a KT number. In JSON (`--json`, the API) an error has its number and name, in the log as well.
On a machine without this page:

```sh
kintsugi error show KT4022
```

Each folder of `src` has hundreds of numbers for itself. A number is never used again for something else.
)";

}  // namespace

const std::vector<ErrorEntry>& error_table() {
  static const std::vector<ErrorEntry> all = [] {
    std::vector<ErrorEntry> entries = declared_errors();
    std::ranges::sort(entries, {}, [](const ErrorEntry& entry) { return entry.code->number; });
    return entries;
  }();
  return all;
}

std::string errors_page() {
  std::string page = kIntroduction;
  std::string_view folder;
  for (const ErrorEntry& entry : error_table()) {
    if (entry.folder != folder) {
      folder = entry.folder;
      page += fmt::format("\n## {}: {}\n\n", blocks_of(entry.folder), folder);
      page +=
          "| code | name | what happened | MySQL error | SQLSTATE | what to do "
          "|\n|---|---|---|---|---|---|\n";
    }
    page += row(entry);
  }
  return page;
}

}  // namespace kintsugi::app
