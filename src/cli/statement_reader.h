#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kintsugi::cli {

/// Cuts what a person types, or a file's text, into statements. A statement ends with ';', or with \G for an
/// answer row by row (\g is the same as ';'), outside of strings and comments.
class StatementReader {
 public:
  struct Statement {
    std::string text;       ///< without its end
    bool vertical = false;  ///< it ended with \G
    int line = 1;           ///< of all text that was fed, where it begins
  };

  /// More text; lines with their '\n'.
  void feed(std::string_view text);
  /// The next whole statement; blank ones are passed over.
  std::optional<Statement> next();
  /// What is left at the end of the input, without its end; nothing if it is blank.
  std::optional<Statement> rest();
  /// Whether a statement has begun and waits for its end.
  bool is_pending() const;

 private:
  std::string_view left() const { return std::string_view(text_).substr(begin_); }
  Statement take(std::size_t length, std::size_t end, bool vertical);

  std::string text_;
  std::size_t begin_ = 0;  ///< of what is not used yet
  int line_ = 1;           ///< at begin_
};

}  // namespace kintsugi::cli
