#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace kintsugi::tablet {

/// The processes that were started with this argument, word for word, by whomever; this one is not among
/// them.
std::vector<pid_t> processes_with_argument(const std::string& argument);

}  // namespace kintsugi::tablet
