#include "gate/settings.h"

#include <algorithm>

#include <fmt/format.h>
#include <xxhash.h>

#include "gate/isolation.h"

namespace kintsugi::gate {
namespace {

auto position(auto& entries, std::string_view name) {
  return std::lower_bound(
      entries.begin(), entries.end(), name,
      [](const Settings::Entry& entry, std::string_view wanted) { return entry.first < wanted; });
}

/// Of one SET statement.
class Assignments {
 public:
  explicit Assignments(bool mysql) : mysql_(mysql) {}
  void add(const std::string& name, std::string_view value) {
    sql_ += sql_.empty() ? "SET " : ", ";
    if (!name.starts_with('@')) sql_ += "@@session.";
    sql_ += native_variable(name, mysql_);
    sql_ += '=';
    sql_ += value;
  }
  bool has(std::string_view name) const {
    return sql_.find(fmt::format("@@session.{}=", name)) != std::string::npos;
  }
  std::string take() { return std::move(sql_); }

 private:
  bool mysql_;
  std::string sql_;
};

/// Character sets go back to what every server connection begins with, not to the server's own.
std::string_view default_of(std::string_view name) {
  // The word NULL alone would leave it the type of what it was, which columns of answers show.
  if (name.starts_with('@')) return "CAST(NULL AS BINARY)";
  if (name == "collation_connection") return "utf8mb4_general_ci";
  return name == "character_set_client" || name == "character_set_connection" ||
                 name == "character_set_results"
             ? "utf8mb4"
             : "DEFAULT";
}

}  // namespace

void Settings::set(std::string name, std::string value) {
  const auto at = position(entries_, name);
  if (at != entries_.end() && at->first == name) {
    at->second = std::move(value);
  } else {
    entries_.emplace(at, std::move(name), std::move(value));
  }
  sign();
}

void Settings::reset(std::string_view name) {
  const auto at = position(entries_, name);
  if (at == entries_.end() || at->first != name) return;
  entries_.erase(at);
  sign();
}

void Settings::clear() {
  entries_.clear();
  signature_ = 0;
}

const std::string* Settings::find(std::string_view name) const {
  const auto at = position(entries_, name);
  return at != entries_.end() && at->first == name ? &at->second : nullptr;
}

void Settings::sign() {
  signature_ = 0;
  for (const auto& [name, value] : entries_) {
    signature_ = XXH3_64bits_withSeed(name.data(), name.size(), signature_);
    signature_ = XXH3_64bits_withSeed(value.data(), value.size(), signature_);
  }
}

std::string settings_transition(const Settings& from, const Settings& to, bool mysql) {
  Assignments set(mysql);
  auto old_entry = from.entries().begin();
  auto new_entry = to.entries().begin();
  while (old_entry != from.entries().end() || new_entry != to.entries().end()) {
    const bool only_old = new_entry == to.entries().end() ||
                          (old_entry != from.entries().end() && old_entry->first < new_entry->first);
    const bool only_new = old_entry == from.entries().end() ||
                          (new_entry != to.entries().end() && new_entry->first < old_entry->first);
    if (only_old) {
      set.add(old_entry->first, default_of(old_entry->first));
      ++old_entry;
    } else if (only_new) {
      set.add(new_entry->first, new_entry->second);
      ++new_entry;
    } else {
      if (old_entry->second != new_entry->second) set.add(new_entry->first, new_entry->second);
      ++old_entry, ++new_entry;
    }
  }
  // A character set brings its own collation with it.
  const std::string* collation = to.find("collation_connection");
  if (collation != nullptr && set.has("character_set_connection") && !set.has("collation_connection")) {
    set.add("collation_connection", *collation);
  }
  return set.take();
}

std::string quote_string(std::string_view text) {
  if (text.find('\\') != std::string_view::npos) {
    std::string hex = "_utf8mb4 x'";
    for (const char byte : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return hex + '\'';
  }
  std::string quoted = "'";
  for (const char byte : text) {
    if (byte == '\'') quoted += '\'';
    quoted += byte;
  }
  return quoted + '\'';
}

std::string_view unquoted(std::string_view sql) {
  return sql.size() >= 2 && sql.front() == '\'' ? sql.substr(1, sql.size() - 2) : sql;
}

}  // namespace kintsugi::gate
