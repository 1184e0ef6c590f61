#include "gate/transaction.h"

#include <strings.h>

#include <algorithm>

#include "mysql/quote.h"

namespace kintsugi::gate {

void Transaction::begin(std::string modifiers, std::string next) {
  end();
  state_ = State::begun;
  modifiers_ = std::move(modifiers);
  next_ = std::move(next);
}

void Transaction::begin_implicitly(std::string next) {
  if (open()) return;
  state_ = State::implicit;
  next_ = std::move(next);
}

void Transaction::end() {
  state_ = State::none;
  modifiers_.clear();
  next_.clear();
  savepoints_.clear();
}

std::vector<std::string>::iterator Transaction::find(std::string_view name) {
  return std::find_if(savepoints_.begin(), savepoints_.end(), [name](const std::string& each) {
    return each.size() == name.size() && ::strncasecmp(each.data(), name.data(), name.size()) == 0;
  });
}

void Transaction::add_savepoint(std::string_view name) {
  if (const auto known = find(name); known != savepoints_.end()) savepoints_.erase(known);
  savepoints_.emplace_back(name);
}

bool Transaction::rollback_to(std::string_view name) {
  const auto known = find(name);
  if (known == savepoints_.end()) return false;
  savepoints_.erase(known + 1, savepoints_.end());
  return true;
}

bool Transaction::release(std::string_view name) {
  const auto known = find(name);
  if (known == savepoints_.end()) return false;
  savepoints_.erase(known, savepoints_.end());
  return true;
}

std::vector<std::string> Transaction::opening(const std::string& branch) const {
  std::vector<std::string> statements;
  if (state_ == State::none) return statements;
  if (!next_.empty()) statements.push_back("SET TRANSACTION " + next_);
  if (!branch.empty()) {
    for (const char* access : {"READ ONLY", "READ WRITE"}) {
      if (modifiers_.find(access) != std::string::npos)
        statements.push_back(std::string("SET TRANSACTION ") + access);
    }
    statements.push_back("XA START " + branch);
    // A branch has no words for that, but the first read of any row makes it.
    if (modifiers_.find("SNAPSHOT") != std::string::npos)
      statements.emplace_back("SELECT outcome FROM _kintsugi.decision LIMIT 1");
  } else if (state_ == State::begun) {
    statements.push_back(modifiers_.empty() ? kStartTransaction : kStartTransaction + (' ' + modifiers_));
  }
  for (const std::string& name : savepoints_)
    statements.push_back("SAVEPOINT " + mysql::quoted_identifier(name));
  return statements;
}

}  // namespace kintsugi::gate
