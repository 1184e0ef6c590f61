#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error_entry.h"

namespace kintsugi::cli {

/// Runs the command line `arguments` (without the program's name) and returns the process' exit code: 0, 1
/// when the command failed, 2 when it was called wrongly. `errors`: all codes of the program, by number, for
/// `error show`. Makes and runs a loop of its own.
int run(const std::vector<std::string>& arguments, const std::vector<ErrorEntry>& errors);

/// The commands, one a line: all, or those whose first word is `group`.
std::string overview(std::string_view group = "");

/// docs/cli.md: every command with its arguments, flags and examples.
std::string reference_page();

}  // namespace kintsugi::cli
