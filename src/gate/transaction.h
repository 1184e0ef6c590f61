#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace kintsugi::gate {

inline constexpr const char* kStartTransaction = "START TRANSACTION";

/// A session's transaction as the client sees it, wherever its rows are: whether one is open, how it began,
/// which savepoints it has. A shard that is touched first in the middle of it is told what came before, by
/// opening(). Pure.
class Transaction {
 public:
  /// BEGIN or START TRANSACTION. `modifiers`: "READ ONLY", "WITH CONSISTENT SNAPSHOT", …, with commas;
  /// `next`: of a SET TRANSACTION before it ("ISOLATION LEVEL SERIALIZABLE"), or empty.
  void begin(std::string modifiers, std::string next);
  /// With autocommit = 0 the first statement opens one by itself, on each server as well.
  void begin_implicitly(std::string next);
  /// COMMIT, ROLLBACK, or what does the same.
  void end();

  bool open() const { return state_ != State::none; }
  bool explicitly_open() const { return state_ == State::begun; }
  const std::string& modifiers() const { return modifiers_; }
  /// What a SET TRANSACTION before it said, of this one alone.
  const std::string& characteristics() const { return next_; }

  /// A savepoint of the same name is replaced. Names compare without regard to case.
  void add_savepoint(std::string_view name);
  /// Forgets those set after it. False: there is none of that name.
  bool rollback_to(std::string_view name);
  /// Forgets it and those set after it. False: there is none of that name.
  bool release(std::string_view name);

  /// What a server is sent when it joins. `branch`: the name of the XA branch that its part is; empty: it is
  /// an ordinary transaction.
  std::vector<std::string> opening(const std::string& branch = "") const;

 private:
  enum class State { none, begun, implicit };
  std::vector<std::string>::iterator find(std::string_view name);

  State state_ = State::none;
  std::string modifiers_;
  std::string next_;
  std::vector<std::string> savepoints_;
};

}  // namespace kintsugi::gate
