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
  };

  /// More text; lines with their '\n'.
  void feed(std::string_view text) { pending_ += text; }
  /// The next whole statement; blank ones are passed over.
  std::optional<Statement> next();
  /// What is left at the end of the input, without its end; nothing if it is blank.
  std::optional<Statement> rest();
  /// Whether a statement has begun and waits for its end.
  bool is_pending() const;
  void clear() { pending_.clear(); }

 private:
  std::string pending_;
};

}  // namespace kintsugi::cli
