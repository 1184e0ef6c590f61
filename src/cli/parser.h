#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace kintsugi::cli {

/// What a command line asks for.
struct Invocation {
  const Command* command = nullptr;  ///< null: print `text` and exit with `exit_code`
  Parsed parsed;
  bool json = false;
  std::string control;  ///< address of control, "127.0.0.1:15000"
  std::string text;     ///< help, or what was wrong
  int exit_code = 0;
};

/// Reads the words after "kintsugi". Never fails: a wrong call becomes a text and exit code 2.
Invocation parse(const std::vector<std::string>& arguments);

/// Where control is: --control, KINTSUGI_CONTROL, or this machine.
inline constexpr const char* kDefaultControl = "127.0.0.1:15000";

}  // namespace kintsugi::cli
