#include "gate/restored.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kintsugi::gate {

Restored::Before::Before(const SessionState& state)
    : settings(state.settings),
      transaction_mode(state.transaction_mode),
      read_your_writes(state.read_your_writes),
      max_replica_lag(state.max_replica_lag),
      connection_variables(state.connection_variables),
      last_insert_id(state.last_insert_id) {}

Restored::Restored(Session& session, std::vector<std::string> names)
    : session_(session), before_(session.state()), names_(std::move(names)) {}

Restored::~Restored() {
  SessionState& state = session_.state();
  auto settings = std::make_shared<Settings>(*state.settings);
  for (const std::string& name : names_) {
    const std::string* value = before_.settings->find(name);
    if (value != nullptr) {
      settings->set(name, *value);
    } else {
      settings->reset(name);
    }
    restore_apart(name);
  }
  if (*settings == *state.settings) return;
  if (*settings == *before_.settings) {
    state.settings = before_.settings;
  } else {
    state.settings = std::move(settings);
  }
  session_.settings_changed();
}

/// What a session keeps elsewhere than in its settings.
void Restored::restore_apart(const std::string& name) {
  SessionState& state = session_.state();
  if (name == "transaction_mode") {
    state.transaction_mode = before_.transaction_mode;
  } else if (name == "read_your_writes") {
    state.read_your_writes = before_.read_your_writes;
  } else if (name == "max_replica_lag") {
    state.max_replica_lag = before_.max_replica_lag;
  } else if (name == "last_insert_id") {
    state.last_insert_id = before_.last_insert_id;
  }
  const auto named = [&name](const Settings::Entry& entry) { return entry.first == name; };
  std::erase_if(state.connection_variables, named);
  std::ranges::copy_if(before_.connection_variables, std::back_inserter(state.connection_variables), named);
}

}  // namespace kintsugi::gate
