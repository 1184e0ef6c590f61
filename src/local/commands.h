#pragma once

#include <string>
#include <vector>

namespace kintsugi::local {

/// `kintsugi local <arguments>`. Makes and runs a loop of its own. Gives the exit code: 0, 1 when it failed,
/// 2 when it was called wrongly, 3 when `status` finds the cluster down.
int run(const std::vector<std::string>& arguments);

/// The text of `kintsugi local --help`.
std::string help();

}  // namespace kintsugi::local
