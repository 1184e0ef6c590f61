#include "base/log.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "base/time.h"
#include "base/utf8.h"

namespace kintsugi {

struct Component {
  std::string name;
  std::atomic<LogLevel> level;
};

namespace {

struct Registry {
  std::mutex mutex;
  std::map<std::string, std::unique_ptr<Component>> components;
  LogLevel default_level = LogLevel::info;
  std::atomic<LogFormat> format = LogFormat::text;
  void (*sink)(LogLevel, std::string_view) = nullptr;
  std::deque<std::string> problems;
  std::array<std::atomic<std::uint64_t>, 4> lines{};
};

constexpr std::size_t kProblemsKept = 100;

// Never destroyed: other objects log while the process ends.
Registry& registry() {
  static auto* instance = new Registry;
  return *instance;
}

constexpr std::string_view kNames[] = {"debug", "info", "warning", "error", "off"};

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

bool needs_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(" \"=\\\n\t") != std::string_view::npos;
}

std::string text_line(LogLevel level, const std::string& component, std::string_view event,
                      LogFields fields) {
  std::string line = fmt::format("{} {:<7} {} {}", to_rfc3339(std::chrono::system_clock::now(), true),
                                 log_settings::name(level), component, event);
  for (const LogField& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    if (field.quoted && needs_quotes(field.value)) {
      append_quoted(line, field.value);
    } else {
      line += field.value;
    }
  }
  return line;
}

std::string json_line(LogLevel level, const std::string& component, std::string_view event,
                      LogFields fields) {
  std::string line =
      fmt::format(R"({{"time":"{}","level":"{}","component":"{}","event":")",
                  to_rfc3339(std::chrono::system_clock::now(), true), log_settings::name(level), component);
  append_escaped(line, event);
  line += '"';
  for (const LogField& field : fields) {
    line += ',';
    append_quoted(line, field.key);
    line += ':';
    if (field.quoted) {
      append_quoted(line, field.value);
    } else {
      line += field.value;
    }
  }
  return line + "}";
}

void emit(LogLevel level, std::string_view text) {
  std::string line = utf8_only(text);
  Registry& all = registry();
  all.lines[static_cast<std::size_t>(level)].fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(all.mutex);
  if (level >= LogLevel::warning) {
    all.problems.push_back(line);
    if (all.problems.size() > kProblemsKept) all.problems.pop_front();
  }
  if (all.sink != nullptr) {
    all.sink(level, line);
    return;
  }
  line += '\n';
  // One write a line, so that the lines of several processes in one file stay whole.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

Logger::Logger(const char* component) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  std::unique_ptr<Component>& slot = all.components[component];
  if (!slot) {
    slot = std::make_unique<Component>();
    slot->name = component;
    slot->level = all.default_level;
  }
  component_ = slot.get();
}

bool Logger::enabled(LogLevel level) const {
  return level >= component_->level.load(std::memory_order_relaxed);
}

void Logger::write(LogLevel level, std::string_view event, LogFields fields) const {
  if (!enabled(level)) return;
  emit(level, registry().format == LogFormat::json ? json_line(level, component_->name, event, fields)
                                                   : text_line(level, component_->name, event, fields));
}

namespace log_settings {

Result<LogLevel> parse_level(std::string_view text) {
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (text == kNames[i]) return static_cast<LogLevel>(i);
  }
  return failure(kInvalidArgument,
                 fmt::format("'{}' is no log level: use debug, info, warning, error or off", text));
}

std::string_view name(LogLevel level) { return kNames[static_cast<std::size_t>(level)]; }

void set_format(LogFormat format) { registry().format = format; }

void set_level(std::string_view component, LogLevel level) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  if (component.empty() || component == "*") {
    all.default_level = level;
    for (auto& [unused, each] : all.components) each->level = level;
    return;
  }
  std::unique_ptr<Component>& slot = all.components[std::string(component)];
  if (!slot) {
    slot = std::make_unique<Component>();
    slot->name = component;
  }
  slot->level = level;
}

std::map<std::string, LogLevel> levels() {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  std::map<std::string, LogLevel> result;
  for (const auto& [component, each] : all.components) result[component] = each->level;
  return result;
}

std::vector<std::string> recent_problems() {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  return {all.problems.begin(), all.problems.end()};
}

std::uint64_t lines(LogLevel level) {
  const auto index = static_cast<std::size_t>(level);
  return index < registry().lines.size() ? registry().lines[index].load(std::memory_order_relaxed) : 0;
}

void set_sink(void (*sink)(LogLevel, std::string_view)) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  all.sink = sink;
}

}  // namespace log_settings
}  // namespace kintsugi
