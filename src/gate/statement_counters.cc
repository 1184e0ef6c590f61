#include "gate/statement_counters.h"

#include <utility>

namespace kintsugi::gate {

void StatementCounters::count(mysql::Command command) {
  admin::Counter*& counter = commands_[static_cast<std::uint8_t>(command)];
  if (counter == nullptr) counter = &metrics_.commands.with({mysql::command_name(command)});
  counter->add();
}

void StatementCounters::count(std::string_view kind, std::string_view keyspace, plan::Tier tier,
                              Duration took) {
  for (std::size_t i = 0; i < known_.size(); ++i) {
    Known& each = known_[i];
    if (each.kind != kind.data() || each.tier != tier || each.keyspace != keyspace) continue;
    each.statements->add();
    each.latency->observe(took);
    if (i > 0) std::swap(known_[i - 1], each);
    return;
  }
  if (known_.size() == kKnownMax) known_.pop_back();
  known_.push_back({kind.data(), tier, std::string(keyspace),
                    &metrics_.statements.with({kind, keyspace, plan::tier_name(tier)}),
                    &metrics_.latency.with({kind})});
  known_.back().statements->add();
  known_.back().latency->observe(took);
}

}  // namespace kintsugi::gate
