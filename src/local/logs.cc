#include "local/logs.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>

namespace kintsugi::local {

std::string log_tail(const std::string& path, int lines) {
  std::ifstream in(path);
  // The tail of a log that may be long: its last 16 KiB are enough.
  in.seekg(0, std::ios::end);
  const std::streamoff size = in.tellg();
  in.seekg(std::max<std::streamoff>(0, size - (16 << 10)));
  std::deque<std::string> last;
  for (std::string line; std::getline(in, line);) {
    last.push_back(line);
    if (last.size() > static_cast<std::size_t>(lines)) last.pop_front();
  }
  std::string out;
  for (const std::string& line : last) out += "  " + line + '\n';
  return out;
}

void bound_log(const std::string& path, std::uintmax_t bytes_max) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size <= bytes_max) return;
  std::filesystem::copy_file(path, path + ".1", std::filesystem::copy_options::overwrite_existing, error);
  if (!error) std::filesystem::resize_file(path, 0, error);
}

}  // namespace kintsugi::local
