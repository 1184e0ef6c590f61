#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "routine/program.h"

namespace kintsugi::gate {

class Session;

/// The stored procedures that a loop's sessions have run, compiled: read from a server of their
/// keyspace when they are needed, and forgotten with its schema.
class RoutineCache {
 public:
  using Entry = std::shared_ptr<const routine::Program>;

  /// The server's own error if there is none of that name; kRoutineHidden; the codes of
  /// routine::Program::compile().
  Task<Result<Entry>> find(Session& session, std::string keyspace, std::string name);
  void forget(std::string_view keyspace);

 private:
  std::map<std::string, std::map<std::string, Entry>, std::less<>> keyspaces_;
  std::uint64_t generation_ = 0;  ///< of what was forgotten
};

}  // namespace kintsugi::gate
