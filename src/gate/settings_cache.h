#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gate/settings.h"

namespace kintsugi::gate {

/// What a constant SET made of a session's settings: clients begin with the same few SETs, and their outcome
/// need be asked of a server only once. Of one loop; emptied when it is full.
class SettingsCache {
 public:
  struct Outcome {
    Settings before;
    std::string sql;
    std::shared_ptr<const Settings> after;
    bool autocommit = true;
  };
  const Outcome* find(const Settings& before, std::string_view sql) const {
    const auto [begin, end] = outcomes_.equal_range(key(before, sql));
    for (auto it = begin; it != end; ++it) {
      if (it->second.sql == sql && it->second.before == before) return &it->second;
    }
    return nullptr;
  }
  void add(Outcome outcome) {
    if (outcomes_.size() >= kEntriesMax) outcomes_.clear();
    const std::uint64_t where = key(outcome.before, outcome.sql);
    outcomes_.emplace(where, std::move(outcome));
  }

 private:
  static constexpr std::size_t kEntriesMax = 1000;
  static std::uint64_t key(const Settings& before, std::string_view sql) {
    return before.signature() ^ std::hash<std::string_view>()(sql);
  }
  std::unordered_multimap<std::uint64_t, Outcome> outcomes_;
};

}  // namespace kintsugi::gate
