#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.h"

namespace kintsugi {

enum class LogLevel { debug, info, warning, error, off };
enum class LogFormat { text, json };

/// One `key=value` of a log line.
struct LogField {
  template <class T>
  LogField(std::string_view field_key, const T& field_value) : key(field_key) {
    if constexpr (std::is_same_v<T, bool>) {
      value = field_value ? "true" : "false";
      quoted = false;
    } else if constexpr (std::is_arithmetic_v<T>) {
      value = std::to_string(field_value);
      quoted = false;
    } else if constexpr (std::is_same_v<T, Error>) {
      value = field_value.text();
    } else {
      value = std::string_view(field_value);
    }
  }
  std::string_view key;
  std::string value;
  bool quoted = true;
};
using LogFields = std::initializer_list<LogField>;

/// The log of one component (a folder, usually): `const Logger kLog{"tablet"};` at namespace scope.
/// One line an event; the event is a stable `noun.verb`, what varies goes into the fields. Any thread.
///
///     kLog.warning("mysqld.exited", {{"alias", alias}, {"signal", 9}, {"restart_in_ms", 500}});
class Logger {
 public:
  explicit Logger(const char* component);
  void debug(std::string_view event, LogFields fields = {}) const { write(LogLevel::debug, event, fields); }
  void info(std::string_view event, LogFields fields = {}) const { write(LogLevel::info, event, fields); }
  void warning(std::string_view event, LogFields fields = {}) const {
    write(LogLevel::warning, event, fields);
  }
  void error(std::string_view event, LogFields fields = {}) const { write(LogLevel::error, event, fields); }
  bool enabled(LogLevel level) const;

 private:
  void write(LogLevel level, std::string_view event, LogFields fields) const;
  struct Component* component_;
};

/// Process-wide settings of the log; the log is the one thing here that is a singleton, since a line must be
/// writable from everywhere. Any thread, at any time.
namespace log_settings {
Result<LogLevel> parse_level(std::string_view text);
std::string_view name(LogLevel level);
void set_format(LogFormat format);
/// component "" or "*": every component, those to come as well.
void set_level(std::string_view component, LogLevel level);
std::map<std::string, LogLevel> levels();
/// The last hundred warnings and errors, oldest first: for status pages.
std::vector<std::string> recent_problems();
/// Lines of this level since the process began.
std::uint64_t lines(LogLevel level);
/// Lines go to this function instead of stderr (tests); nullptr: stderr again. Called under a lock.
void set_sink(void (*sink)(LogLevel level, std::string_view line));
}  // namespace log_settings

}  // namespace kintsugi
