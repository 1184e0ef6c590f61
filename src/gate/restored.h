#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gate/session.h"

namespace kintsugi::gate {

/// Gives a session back what it had of these variables when it is destroyed; what else was set meanwhile
/// stays. Names are those of settings (variables.h), the gate's own variables among them. Borrows the
/// session.
class Restored {
 public:
  Restored(Session& session, std::vector<std::string> names);
  ~Restored();
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;

 private:
  void restore_apart(const std::string& name);

  struct Before {
    explicit Before(const SessionState& state);
    std::shared_ptr<const Settings> settings;
    TransactionMode transaction_mode;
    bool read_your_writes;
    Duration max_replica_lag;
    std::vector<Settings::Entry> connection_variables;
    std::uint64_t last_insert_id;
  };
  Session& session_;
  Before before_;
  std::vector<std::string> names_;
};

}  // namespace kintsugi::gate
