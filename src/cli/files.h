#pragma once

#include <string>

#include "base/error.h"

namespace kintsugi::cli {

/// The whole file; "-" is standard input.
Result<std::string> read_input(const std::string& path);

}  // namespace kintsugi::cli
