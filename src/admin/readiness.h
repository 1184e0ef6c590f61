#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace kintsugi::admin {

struct CheckResult {
  bool ok = true;
  std::string detail;  ///< why not, and what to do; or a word on what was found
};

/// What must hold for this process to be given work: the topology was read, mysqld answers. On the admin
/// loop.
class Readiness {
 public:
  /// `check` must not wait: it tells what is known already. What it refers to must outlive the admin server.
  void add(std::string name, std::function<CheckResult()> check) {
    checks_.emplace_back(std::move(name), std::move(check));
  }

  struct Named {
    std::string name;
    CheckResult result;
  };
  std::vector<Named> run() const {
    std::vector<Named> results;
    for (const auto& [name, check] : checks_) results.push_back({name, check()});
    return results;
  }

 private:
  std::vector<std::pair<std::string, std::function<CheckResult()>>> checks_;
};

}  // namespace kintsugi::admin
