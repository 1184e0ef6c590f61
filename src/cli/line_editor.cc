#include "cli/line_editor.h"

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>

#include <readline/history.h>
#include <readline/readline.h>

namespace kintsugi::cli {
namespace {

constexpr int kHistoryMax = 2000;

}  // namespace

LineEditor::LineEditor(const std::string& name) {
  ::using_history();
  ::stifle_history(kHistoryMax);
  if (const char* home = std::getenv("HOME")) {
    history_file_ = std::string(home) + "/." + name + "_history";
    ::read_history(history_file_.c_str());
  }
}

LineEditor::~LineEditor() {
  if (history_file_.empty()) return;
  // Statements may hold what others must not read.
  const mode_t before = ::umask(0077);
  ::write_history(history_file_.c_str());
  ::umask(before);
}

std::optional<std::string> LineEditor::read(const char* prompt) {
  char* line = ::readline(prompt);
  if (line == nullptr) return std::nullopt;
  std::string text(line);
  std::free(line);
  return text;
}

void LineEditor::remember(const std::string& entry) { ::add_history(entry.c_str()); }

}  // namespace kintsugi::cli
