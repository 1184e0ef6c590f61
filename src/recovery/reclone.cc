#include "recovery/reclone.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace kintsugi::recovery {
namespace {

bool is_whole(const Server& server) {
  return server.heard && server.answers && server.copy == CopyNeed::none && !server.recloning;
}

std::string why(const Server& server) {
  if (server.copy == CopyNeed::unusable)
    return fmt::format("no server runs on the data of {}", server.alias.text());
  return server.copy == CopyNeed::own
             ? fmt::format("{} has transactions that its primary has not: {}", server.alias.text(),
                           server.position)
             : fmt::format("{} needs transactions that its primary no longer has in its binlog",
                           server.alias.text());
}

}  // namespace

std::optional<topo::TabletAlias> choose_donor(const Shard& shard, const topo::TabletAlias& tablet) {
  const Server* best = nullptr;
  const auto rank = [&](const Server& server) {
    return std::tuple(server.alias == shard.primary, server.alias.cell != tablet.cell, server.alias);
  };
  for (const Server& server : shard.servers) {
    const bool primary = server.alias == shard.primary;
    const bool follows = server.receives && server.caught_up;
    if (server.alias == tablet || !is_whole(server) || !(primary || follows)) continue;
    if (best == nullptr || rank(server) < rank(*best)) best = &server;
  }
  return best == nullptr ? std::nullopt : std::optional(best->alias);
}

std::optional<Reclone> choose_reclone(const Shard& shard) {
  if (shard.held || !shard.is_led()) return std::nullopt;
  if (std::ranges::any_of(shard.servers, &Server::recloning)) return std::nullopt;
  for (const Server& server : shard.servers) {
    const bool stands =
        server.answers && (server.copy == CopyNeed::left_behind || server.copy == CopyNeed::own);
    const bool due =
        server.heard && server.alias != shard.primary && (stands || server.copy == CopyNeed::unusable);
    if (!due) continue;
    const std::optional<topo::TabletAlias> donor = choose_donor(shard, server.alias);
    if (donor) return Reclone{server.alias, *donor, why(server)};
  }
  return std::nullopt;
}

std::string objection_to_reclone(const Shard& shard, const topo::TabletAlias& tablet,
                                 const topo::TabletAlias& from, bool discard) {
  const Server* server = shard.find(tablet);
  const Server* donor = shard.find(from);
  if (server == nullptr) return fmt::format("{} is no tablet of {}", tablet.text(), shard.name);
  if (donor == nullptr) return fmt::format("{} is no tablet of {}", from.text(), shard.name);
  if (tablet == from) return fmt::format("{} cannot be a copy of itself", tablet.text());
  if (tablet == shard.primary)
    return fmt::format("{} is the primary of {}: `kintsugi shard reparent {}` first", tablet.text(),
                       shard.name, shard.name);
  if (!shard.is_led()) return fmt::format("{} has no primary that takes writes", shard.name);
  if (!server->heard) return fmt::format("the agent of {} is not heard", tablet.text());
  if (server->recloning) return fmt::format("the data of {} is being made anew already", tablet.text());
  if (!is_whole(*donor) || (from != shard.primary && !(donor->receives && donor->caught_up)))
    return fmt::format("{} is not in a state to be copied: it must answer and follow its primary",
                       from.text());
  if (discard) return "";
  const bool well =
      server->answers && server->copy == CopyNeed::none && server->receives && server->caught_up;
  if (well) return fmt::format("{} is well; --discard makes its data anew all the same", tablet.text());
  if (server->copy == CopyNeed::foreign) {
    return fmt::format(
        "{} has transactions of other servers that the primary {} has not: {}, and {}. Make sure that it is "
        "not the "
        "primary whose data is wrong; --discard then saves them to a file and makes the data of {} anew",
        tablet.text(), shard.primary.text(), server->position, shard.find(shard.primary)->position,
        tablet.text());
  }
  return "";
}

}  // namespace kintsugi::recovery
