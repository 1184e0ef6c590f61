#pragma once

#include "exec/executor.h"
#include "gate/session_state.h"

namespace kintsugi::gate {

/// What LAST_INSERT_ID(), USER(), @@autocommit and their like are in a session.
class StateValues final : public exec::SessionValues {
 public:
  StateValues(const ClientIdentity& identity, const SessionState& state, const bool& in_transaction,
              const GateOptions& options)
      : identity_(identity), state_(state), in_transaction_(in_transaction), options_(options) {}
  std::string sql(plan::SessionValue value, std::string_view name) const override;

 private:
  std::string variable(std::string_view name) const;

  const ClientIdentity& identity_;
  const SessionState& state_;
  const bool& in_transaction_;
  const GateOptions& options_;
};

}  // namespace kintsugi::gate
