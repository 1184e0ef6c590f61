#include <fmt/format.h>

#include "cli/cli.h"
#include "cli/command.h"

namespace kintsugi::cli {
namespace {

std::string usage_of(const Command& command) {
  std::string usage = fmt::format("kintsugi {}", command.words);
  for (const Argument& argument : command.arguments) {
    const std::string shown = fmt::format("<{}>{}", argument.name, argument.repeated ? "…" : "");
    usage += argument.required ? " " + shown : " [" + shown + "]";
  }
  for (const Flag& flag : command.flags) {
    usage += flag.value_name[0] == '\0' ? fmt::format(" [--{}]", flag.name)
                                        : fmt::format(" [--{} <{}>]", flag.name, flag.value_name);
  }
  return usage;
}

std::string entry(const Command& command) {
  std::string out = fmt::format("## {}\n\n{}.", command.words, command.summary);
  out[out.find('\n') + 2] = static_cast<char>(std::toupper(static_cast<unsigned char>(command.summary[0])));
  if (command.description[0] != '\0') out += fmt::format(" {}", command.description);
  out += fmt::format("\n\n```\n{}\n```\n\n", usage_of(command));
  for (const Argument& argument : command.arguments)
    out += fmt::format("- `<{}>`: {}\n", argument.name, argument.help);
  for (const Flag& flag : command.flags) out += fmt::format("- `--{}`: {}\n", flag.name, flag.help);
  if (!command.arguments.empty() || !command.flags.empty()) out += '\n';
  for (const Example& example : command.examples) {
    out += fmt::format("```sh\nkintsugi {}   # {}\n```\n\n", example.command, example.what);
  }
  return out;
}

}  // namespace

std::string reference_page() {
  std::string out = fmt::format(
      "# Command line\n\n<!-- Made by `kintsugi docs` from the tables in src/cli/commands: change those. "
      "-->\n\n"
      "Every command asks control (`--control host:port`, environment `KINTSUGI_CONTROL`, default {}) and "
      "takes\n"
      "`--json`, which prints the API's own answer. It exits with 0, with 1 when it failed, with 2 when it "
      "was called\n"
      "wrongly; errors go to standard error with their code and the next step. `kintsugi local` is described "
      "in\n"
      "[cluster-spec.md](cluster-spec.md), the roles in [configuration.md](configuration.md).\n\n",
      "127.0.0.1:15000");
  for (const Command& command : commands()) out += entry(command);
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

std::string overview(std::string_view group) {
  std::string out;
  for (const Command& command : commands()) {
    const std::string_view words = command.words;
    if (group.empty() || (words.starts_with(group) && words.substr(group.size()).starts_with(' ')))
      out += fmt::format("  {:<18} {}\n", words, command.summary);
  }
  return out;
}

}  // namespace kintsugi::cli
