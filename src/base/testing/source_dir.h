#pragma once

#include <string>

namespace kintsugi {

/// The checkout that a test was built from, for tests that read files of the repository. Linked into tests
/// only.
std::string source_dir();

}  // namespace kintsugi
