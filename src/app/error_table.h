#pragma once

#include <string>
#include <vector>

#include "base/error_entry.h"

namespace kintsugi::app {

/// Every ErrorCode of the program, as the headers declare them. Made while building (error_table.cmake), so
/// that a code is declared once and never forgotten here.
std::vector<ErrorEntry> declared_errors();

/// The same by number. Any thread.
const std::vector<ErrorEntry>& error_table();

/// docs/errors.md.
std::string errors_page();

}  // namespace kintsugi::app
