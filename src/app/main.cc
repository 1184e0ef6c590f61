// kintsugi: the first word says what to be.

#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "admin/build_info.h"
#include "app/docs.h"
#include "app/error_table.h"
#include "app/role.h"
#include "app/spec_checks.h"
#include "cli/cli.h"
#include "local/commands.h"

namespace {

using namespace kintsugi;

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::string version() {
  const admin::BuildInfo& build = admin::build_info();
  return fmt::format("kintsugi {} (revision {}, {} build, {})\n", build.version, build.revision,
                     build.build_type, build.compiler);
}

std::string help() {
  std::string out =
      "usage: kintsugi <word> …\n\nMany MySQL servers made into one database.\n\nRuns a cluster:\n";
  out += fmt::format("  {:<12} {}\n", "local",
                     "a whole cluster from a spec, on this machine: local up -f cluster.yaml");
  for (const app::RoleEntry& each : app::roles()) out += fmt::format("  {:<12} {}\n", each.word, each.help);
  return out + "\n" + cli::overview() +
         "\n`kintsugi <word> --help` says more of each; `kintsugi --version` what this program is.\n";
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  const std::string word = arguments.empty() ? "help" : arguments.front();
  if (word == "help" || word == "--help" || word == "-h") {
    print(help());
    return 0;
  }
  if (word == "version" || word == "--version") {
    print(version());
    return 0;
  }
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (word == "local") return local::run(rest, app::spec_checks());
  if (word == "docs") return app::write_docs(rest);
  // `tablet list` is a command, `tablet --alias=…` a role.
  const bool is_command = !rest.empty() && !rest.front().starts_with('-');
  for (const app::RoleEntry& each : app::roles()) {
    if (word == each.word && !is_command) return app::run_role(each, rest, environ);
  }
  return cli::run(arguments, app::error_table());
}
