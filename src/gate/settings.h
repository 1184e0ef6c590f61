#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kintsugi::gate {

/// The system and user variables that a session has set and that a server's connection must have while it
/// works for the session: names ("sql_mode", or "@total" for a user variable) with the SQL text of their
/// values. A value is always a literal, read back from a server that has accepted it, so that replaying it
/// elsewhere cannot fail or mean something else.
///
/// Two sessions with the same settings share pooled connections without a round trip: signature() tells.
class Settings {
 public:
  using Entry = std::pair<std::string, std::string>;

  /// `name` in lower case.
  void set(std::string name, std::string value);
  /// Back to the server's own value.
  void reset(std::string_view name);
  void clear();

  /// The value's SQL text, or null.
  const std::string* find(std::string_view name) const;
  const std::vector<Entry>& entries() const { return entries_; }
  bool empty() const { return entries_.empty(); }

  /// The same for the same entries, whatever the order they were set in; 0 when empty.
  std::uint64_t signature() const { return signature_; }
  friend bool operator==(const Settings& a, const Settings& b) {
    return a.signature_ == b.signature_ && a.entries_ == b.entries_;
  }

 private:
  void sign();

  std::vector<Entry> entries_;  ///< by name
  std::uint64_t signature_ = 0;
};

/// The one SET statement that makes a connection with settings `from` into one with `to`; empty if they are
/// equal. What `to` does not have goes back to DEFAULT (user variables: to NULL).
/// `mysql`: the server is MySQL, which has other names for some (isolation.h).
std::string settings_transition(const Settings& from, const Settings& to, bool mysql = false);

/// SQL text of a string, in single quotes; right whether or not NO_BACKSLASH_ESCAPES is set (a text with a
/// backslash is written as a hexadecimal literal with its character set).
std::string quote_string(std::string_view text);
/// The words of a setting that is a string without quotes in it ("'utf8mb4'"): a character set, a mode.
std::string_view unquoted(std::string_view sql);

}  // namespace kintsugi::gate
