#include "tablet/server_log.h"

#include <algorithm>
#include <deque>

#include "tablet/errors.h"

namespace kintsugi::tablet {
namespace {

constexpr std::size_t kLinesMax = 8;
constexpr std::size_t kBytesMax = 1500;

constexpr std::string_view kDiskFull = "The disk is full: make room.";
constexpr std::string_view kNotOurs =
    "The data directory must belong to the user that the agent runs as, and be writable.";
constexpr std::string_view kUnknownSetting = "Take the setting out of the cluster spec, or correct its name.";

struct KnownCause {
  std::string_view in_log;
  std::string_view advice;
};
constexpr KnownCause kCauses[] = {
    {"No space left on device", kDiskFull},
    {"Disk full", kDiskFull},
    {"Disk is full", kDiskFull},
    {"errno: 28", kDiskFull},
    {"Errcode: 28", kDiskFull},
    {"error: 28", kDiskFull},
    {"error 28", kDiskFull},
    {"Permission denied", kNotOurs},
    {"Read-only file system", kNotOurs},
    {"error: 13", kNotOurs},
    {"Errcode: 13", kNotOurs},
    {"unknown variable", kUnknownSetting},
    {"unknown option", kUnknownSetting},
    {"Unable to lock ./ibdata1", "Another server works in the data directory."},
    {"Cannot allocate memory", "Give the server a smaller innodb_buffer_pool_size, or the host more memory."},
};

/// What errors say of data that no start will make better: "Page read from tablespace is corrupted", "Unable
/// to apply log to corrupted page 7", "Database page corruption on disk".
constexpr std::string_view kDataFaults[] = {"corrupt", "Corrupt", "Space id and page no stored in the page"};
/// Of the engine, in a line that is not marked as an error.
constexpr std::string_view kAssertion = "Assertion failure";
constexpr std::size_t kErrorsMax = 1000;

bool is_error_line(std::string_view line) {
  return line.find("[ERROR]") != std::string_view::npos || line.find("ERROR: ") != std::string_view::npos;
}

/// " Make room.", or nothing where no cause is known.
std::string advice_about(std::string_view log) {
  for (const KnownCause& cause : kCauses) {
    if (log.find(cause.in_log) != std::string_view::npos) return ' ' + std::string(cause.advice);
  }
  return "";
}

}  // namespace

std::string error_lines(std::string_view log, std::size_t lines_max) {
  std::deque<std::string_view> lines;
  while (!log.empty()) {
    const std::size_t end = log.find('\n');
    if (is_error_line(log.substr(0, end))) lines.push_back(log.substr(0, end));
    if (lines.size() > lines_max) lines.pop_front();
    log.remove_prefix(end == std::string_view::npos ? log.size() : end + 1);
  }
  std::string text;
  for (const std::string_view line : lines) {
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

Error explain_start_failure(std::string_view log, const std::string& exit, std::uint16_t port) {
  std::string lines = error_lines(log, kLinesMax);
  if (lines.empty()) lines = log.substr(log.size() - std::min(log.size(), kBytesMax));
  const std::string message = "mysqld (port " + std::to_string(port) + ") did not come up, " + exit + '.';
  const std::string said = " Its error log says: " + lines;
  for (const std::string_view taken : {"Address already in use", "Another process with pid"}) {
    if (log.find(taken) != std::string_view::npos) return Error(kPortTaken, message + said);
  }
  return Error(kMysqldNotStarted, message + advice_about(log) + said);
}

bool blames_data(std::string_view log) {
  const auto in_log = [log](std::string_view words) { return log.find(words) != std::string_view::npos; };
  if (std::ranges::any_of(kCauses, in_log, &KnownCause::in_log)) return false;
  if (in_log(kAssertion)) return true;
  const std::string errors = error_lines(log, kErrorsMax);
  return std::ranges::any_of(
      kDataFaults, [&errors](std::string_view words) { return errors.find(words) != std::string::npos; });
}

Error explain_initialise_failure(const std::string& program, const std::string& exit,
                                 std::string_view output) {
  std::string lines = error_lines(output, kLinesMax);
  if (lines.empty()) lines = output.substr(0, kBytesMax);
  return Error(kInitialiseFailed,
               program + " ended with " + exit + '.' + advice_about(output) + " It said: " + lines);
}

}  // namespace kintsugi::tablet
