#include "tablet/detail/processes.h"

#include <dirent.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "tablet/detail/files.h"

namespace kintsugi::tablet {
namespace {

std::optional<pid_t> parse_pid(std::string_view text) {
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return pid;
}

/// `arguments`: each ends with a zero byte.
bool has_argument(std::string_view arguments, std::string_view wanted) {
  while (!arguments.empty()) {
    const std::size_t end = arguments.find('\0');
    if (arguments.substr(0, end) == wanted) return true;
    arguments.remove_prefix(end == std::string_view::npos ? arguments.size() : end + 1);
  }
  return false;
}

}  // namespace

std::vector<pid_t> processes_with_argument(const std::string& argument) {
  std::vector<pid_t> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> processes(::opendir("/proc"), ::closedir);
  if (!processes) return found;
  while (const dirent* entry = ::readdir(processes.get())) {
    const std::optional<pid_t> pid = parse_pid(entry->d_name);
    if (!pid || *pid == ::getpid()) continue;
    // A zombie's is empty, so that a process that has ended is never found.
    const Result<std::string> arguments = read_file("/proc/" + std::string(entry->d_name) + "/cmdline");
    if (arguments && has_argument(*arguments, argument)) found.push_back(*pid);
  }
  return found;
}

bool waits_in_kernel(pid_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid) + "/task";
  const std::unique_ptr<DIR, int (*)(DIR*)> threads(::opendir(folder.c_str()), ::closedir);
  if (!threads) return false;
  bool any = false;
  while (const dirent* entry = ::readdir(threads.get())) {
    if (!parse_pid(entry->d_name)) continue;
    // "1234 (mariadbd) D 1 …"; the name may have parentheses.
    const Result<std::string> stat = read_file(folder + '/' + entry->d_name + "/stat");
    if (!stat) continue;  // it has ended
    const std::size_t name_end = stat->rfind(") ");
    const char state = name_end == std::string::npos ? '?' : (*stat)[name_end + 2];
    if (state != 'D' && state != 'Z' && state != 'X') return false;
    any = any || state == 'D';
  }
  return any;
}

std::string find_beside(const std::string& server_program, const std::string& name) {
  std::string path = std::filesystem::path(server_program).parent_path() / name;
  return ::access(path.c_str(), X_OK) == 0 ? path : name;
}

}  // namespace kintsugi::tablet
