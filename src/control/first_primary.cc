#include "control/first_primary.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "topo/names.h"

namespace kintsugi::control {
namespace {

FirstPrimary wait_for(std::string why) { return {.alias = "", .waiting = std::move(why)}; }

bool is_usable(const Candidate& candidate) {
  return candidate.alive && candidate.answers && candidate.server_up && candidate.may_be_primary;
}

// zone1-9 comes before zone1-10.
topo::TabletAlias parsed_alias(const Candidate& candidate) {
  return topo::TabletAlias::parse(candidate.alias).value_or(topo::TabletAlias());
}

std::vector<std::string> aliases_of(const std::vector<Candidate>& candidates,
                                    bool (*wanted)(const Candidate&)) {
  std::vector<std::string> aliases;
  for (const Candidate& each : candidates) {
    if (wanted(each)) aliases.push_back(each.alias);
  }
  return aliases;
}

FirstPrimary data_on_several(const UnledShard& shard, const std::vector<std::string>& holders) {
  return {.alias = "",
          .waiting =
              fmt::format("shard {} has no primary, and {} hold data: nothing says which of them is right. "
                          "Take the tablets whose data you do not want out of the spec, then one is elected",
                          shard.name, fmt::join(holders, ", ")),
          .needs_help = true};
}

}  // namespace

FirstPrimary decide_first_primary(const UnledShard& shard, Time now) {
  const auto usable = aliases_of(shard.candidates, is_usable);
  if (usable.empty()) {
    return wait_for(fmt::format("shard {} has no tablet that runs and may be primary", shard.name));
  }
  const auto silent =
      aliases_of(shard.candidates, [](const Candidate& each) { return !each.answers || !each.server_up; });
  const bool settled = shard.expected_tablets > 0 || now >= shard.waiting_since + kElectionSettle;
  const bool all_here = silent.empty() && settled && shard.candidates.size() >= shard.expected_tablets;
  if (!all_here && (shard.waiting_since == Time::max() || now < shard.waiting_since + kElectionGrace)) {
    return wait_for(fmt::format("shard {} waits for its other tablets ({} of {} answer)", shard.name,
                                shard.candidates.size() - silent.size(),
                                std::max(shard.expected_tablets, shard.candidates.size())));
  }
  const auto holders = aliases_of(
      shard.candidates, [](const Candidate& each) { return each.answers && each.server_up && !each.empty; });
  if (holders.size() > 1) return data_on_several(shard, holders);
  std::vector<Candidate> eligible;
  std::copy_if(shard.candidates.begin(), shard.candidates.end(), std::back_inserter(eligible),
               [&](const Candidate& each) { return is_usable(each) && (holders.empty() || !each.empty); });
  if (eligible.empty()) {
    return {.alias = "",
            .waiting = fmt::format("shard {}: {} holds the data but may not be primary (type rdonly)",
                                   shard.name, holders.front()),
            .needs_help = true};
  }
  return {.alias = std::ranges::min_element(eligible, {}, parsed_alias)->alias, .waiting = ""};
}

}  // namespace kintsugi::control
