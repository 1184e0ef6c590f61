#pragma once

#include <optional>
#include <string>

namespace kintsugi::cli {

/// Lines from a person at a terminal, with editing and a history that is kept in ~/.<name>_history (mode
/// 0600).
class LineEditor {
 public:
  explicit LineEditor(const std::string& name);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  /// The next line without its end; nothing at the end of the input. Blocks.
  std::optional<std::string> read(const char* prompt);
  void remember(const std::string& entry);

 private:
  std::string history_file_;
};

}  // namespace kintsugi::cli
