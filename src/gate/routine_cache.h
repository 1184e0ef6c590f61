#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "plan/row_triggers.h"
#include "routine/program.h"

namespace kintsugi::plan {
struct Plan;
}
namespace kintsugi::gate {
struct EventDefinition;
}

namespace kintsugi::gate {

class Session;

/// The stored procedures, and functions that gates run, that a loop's sessions have run, compiled: read from
/// a server of their keyspace when they are needed, and forgotten with its schema. And the triggers that
/// gates run.
class RoutineCache {
 public:
  using Entry = std::shared_ptr<const routine::Program>;

  /// The server's own error if there is none of that name; kRoutineHidden; the codes of
  /// routine::Program::compile().
  Task<Result<Entry>> find(Session& session, std::string keyspace, std::string name);
  /// The same of a stored function.
  Task<Result<Entry>> find_function(Session& session, std::string keyspace, std::string name);
  /// Whether there was none when it was looked for, before the keyspace's schema changed.
  bool is_absent_function(const std::string& keyspace, const std::string& name) const;
  /// The triggers that servers run for rows of the table, in a keyspace whose tables the gate knows nothing
  /// of.
  Task<Result<std::vector<Entry>>> find_triggers(Session& session, std::string keyspace, std::string table);
  /// The body of a trigger that gates run, whose first variables are the columns of OLD, then those of NEW,
  /// that `triggers` names.
  Task<Result<Entry>> find_trigger(Session& session, const plan::RowTriggers& triggers,
                                   const vschema::TriggerSpec& trigger);
  /// The body of an event. Kept by whoever asks.
  Task<Result<Entry>> compile_event(Session& session, std::string keyspace, const EventDefinition& event);
  void forget(std::string_view keyspace);

  /// Whether it was found that no routine which servers run for the plan assigns a user variable.
  bool is_silent(const plan::Plan& plan) const { return silent_.contains(&plan); }
  /// `generation`: from before it was looked for.
  void note_silent(std::shared_ptr<const plan::Plan> plan, std::uint64_t generation);
  std::uint64_t generation() const { return generation_; }

 private:
  /// `kind`: "PROCEDURE", "FUNCTION".
  Task<Result<Entry>> find(Session& session, const char* kind, std::string keyspace, std::string name);

  /// By keyspace, kind and name.
  std::map<std::string, std::map<std::string, Entry>, std::less<>> keyspaces_;
  std::map<std::string, std::set<std::string>, std::less<>> absent_;  ///< likewise
  std::map<std::string, Entry> triggers_;                             ///< by text
  /// Of servers, by keyspace and table.
  std::map<std::string, std::map<std::string, std::vector<Entry>>, std::less<>> of_tables_;
  std::unordered_map<const plan::Plan*, std::shared_ptr<const plan::Plan>> silent_;
  std::uint64_t generation_ = 0;  ///< of what was forgotten
};

}  // namespace kintsugi::gate
