#pragma once

#include <string>
#include <vector>

namespace kintsugi::app {

/// `kintsugi docs [--directory docs] [--check]`: writes the reference pages, or the parts of pages between
/// markers, from the tables that the program itself runs by. With --check nothing is written, and a page that
/// is not as the tables say is named. Gives the exit code: 0, 1 if a page differs or cannot be written, 2 for
/// a wrong call.
int write_docs(const std::vector<std::string>& arguments);

}  // namespace kintsugi::app
