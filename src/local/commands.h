#pragma once

#include <string>
#include <vector>

#include "spec/parse.h"

namespace kintsugi::local {

/// `kintsugi local <arguments>`; specs are judged by `checks` too before anything is done. Makes and runs a
/// loop of its own. Gives the exit code: 0, 1 when it failed, 2 when it was called wrongly, 3 when `status`
/// finds the cluster down.
int run(const std::vector<std::string>& arguments, const spec::PartChecks& checks);

/// The text of `kintsugi local --help`.
std::string help();

}  // namespace kintsugi::local
