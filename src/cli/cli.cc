#include "cli/cli.h"

#include <cstdio>

#include <fmt/format.h>

#include "cli/context.h"
#include "cli/parser.h"
#include "runtime/loop.h"

namespace kintsugi::cli {

int run(const std::vector<std::string>& arguments, const std::vector<ErrorEntry>& errors) {
  const Invocation invocation = parse(arguments);
  if (invocation.command == nullptr) {
    std::fputs(invocation.text.c_str(), invocation.exit_code == 0 ? stdout : stderr);
    return invocation.exit_code;
  }
  runtime::Loop loop;
  Context context(invocation.control, invocation.json, errors);
  const Result<void> done = loop.block_on(invocation.command->run(context, invocation.parsed));
  if (done) return 0;
  std::fputs(fmt::format("kintsugi {}: {}\n", invocation.command->words, done.error().text()).c_str(),
             stderr);
  return 1;
}

}  // namespace kintsugi::cli
