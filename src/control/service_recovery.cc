#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "control/errors.h"
#include "control/service.h"
#include "control/shard_picture.h"
#include "control/tablet_client.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "recovery/reclone.h"
#include "recovery/recovery.h"
#include "rpc/server.h"
#include "runtime/timer.h"
#include "topo/records.h"
#include "topo/topo_server.h"

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

constexpr auto kLookAgain = std::chrono::milliseconds(50);
/// Longer than the leader waits for either side, and for a leader to be elected.
constexpr auto kHandOverAnswer = std::chrono::seconds(40);
constexpr auto kNewsOfOthers = std::chrono::seconds(5);
/// A replica applies one transaction after the other, and is behind by seconds under a load that its primary
/// commits in groups. Shorter than callers wait for an answer.
constexpr auto kOthersApply = std::chrono::seconds(45);
constexpr auto kPing = std::chrono::seconds(2);
constexpr std::uint32_t kJournalsShown = 20;

WallTime now() { return std::chrono::system_clock::now(); }

/// Why none of them can take over.
std::string objections(const recovery::Shard& shard) {
  std::string all;
  for (const recovery::Server& server : shard.servers) {
    if (server.alias == shard.primary) continue;
    all += (all.empty() ? "" : "; ") + recovery::objection_to_hand_over(shard, server.alias);
  }
  return all.empty() ? "it has no other tablet" : all;
}

/// Whom a person has named, who knows what may be lost.
Result<topo::TabletAlias> forced_successor(const recovery::Shard& shard, const std::string& asked_for) {
  if (asked_for.empty())
    return failure(kCannotTakeOver, "--accept-loss wants --to, too: who is to be the primary?");
  Result<topo::TabletAlias> alias = topo::TabletAlias::parse(asked_for);
  if (!alias) return alias;
  const std::string objection = recovery::objection_to_force(shard, *alias);
  if (!objection.empty()) return failure(kCannotTakeOver, objection);
  return alias;
}

Result<topo::TabletAlias> successor(const recovery::Shard& shard, const std::string& asked_for) {
  if (asked_for.empty()) {
    const std::optional<topo::TabletAlias> chosen = recovery::choose_successor(shard);
    if (chosen) return *chosen;
    return failure(kCannotTakeOver,
                   fmt::format("no tablet of {} can take over now: {}", shard.name, objections(shard)));
  }
  Result<topo::TabletAlias> alias = topo::TabletAlias::parse(asked_for);
  if (!alias) return alias;
  const std::string objection = recovery::objection_to_hand_over(shard, *alias);
  if (!objection.empty()) return failure(kCannotTakeOver, objection);
  return alias;
}

/// What is heard of a server may be of a moment ago.
Task<Result<void>> check_answers(const ShardView& shard, topo::TabletAlias alias) {
  const std::string name = alias.text();
  const auto tablet =
      std::ranges::find(shard.tablets, name, [](const TabletView& each) { return each.record.alias(); });
  const tablet::v1::PingRequest ask;
  tablet::v1::PingResponse answer;
  const Result<void> asked = co_await call_tablet(tablet->record, "Ping", ask, answer, kPing);
  if (asked && answer.mysqld_answers()) co_return Result<void>();
  co_return failure(kCannotTakeOver, fmt::format("the server of {} does not answer: {}", name,
                                                 asked ? answer.error() : asked.error().text()));
}

const recovery::Server* primary_of(const recovery::Shard& shard) {
  const auto found = std::ranges::find(shard.servers, shard.primary, &recovery::Server::alias);
  return found == shard.servers.end() ? nullptr : &*found;
}

/// As it was in another picture of the shard.
void set_primarys_position(recovery::Shard& shard, const recovery::Shard& as_in) {
  const recovery::Server* then = primary_of(as_in);
  for (recovery::Server& server : shard.servers) {
    if (then != nullptr && server.alias == then->alias) server.position = then->position;
  }
}

bool is_over(const topo::v1::Recovery& journal) { return journal.has_ended_at(); }

}  // namespace

void Service::add_recovery_methods(rpc::Server& server) {
  using namespace v1;
  const std::string service = "kintsugi.control.v1.Control/";
  server.unary<ReparentShardRequest, ReparentShardResponse>(
      service + "ReparentShard",
      [this](ReparentShardRequest request) { return reparent_shard(std::move(request)); });
  server.unary<ForgetTabletRequest, ForgetTabletResponse>(
      service + "ForgetTablet",
      [this](ForgetTabletRequest request) { return forget_tablet(std::move(request)); });
  server.unary<RecloneTabletRequest, RecloneTabletResponse>(
      service + "RecloneTablet",
      [this](RecloneTabletRequest request) { return reclone_tablet(std::move(request)); });
  server.unary<ListRecoveriesRequest, ListRecoveriesResponse>(
      service + "ListRecoveries",
      [this](ListRecoveriesRequest request) { return list_recoveries(std::move(request)); });
  server.unary<GetRecoveryRequest, GetRecoveryResponse>(
      service + "GetRecovery",
      [this](GetRecoveryRequest request) { return get_recovery(std::move(request)); });
  server.unary<HoldRecoveryRequest, HoldRecoveryResponse>(
      service + "HoldRecovery",
      [this](HoldRecoveryRequest request) { return hold_recovery(std::move(request)); });
  server.unary<ReleaseRecoveryRequest, ReleaseRecoveryResponse>(
      service + "ReleaseRecovery",
      [this](ReleaseRecoveryRequest request) { return release_recovery(std::move(request)); });
}

Task<Result<topo::v1::Shard>> Service::begin_hand_over(topo::ShardName shard,
                                                       v1::ReparentShardRequest request) {
  const Result<KeyspaceView> keyspace = co_await reader_.keyspace(shard.keyspace);
  if (!keyspace) co_return failure(keyspace.error());
  const auto view = std::ranges::find(keyspace->shards, shard.shard, &ShardView::name);
  if (view == keyspace->shards.end())
    co_return failure(kUnknownObject, fmt::format("there is no shard {}", shard.text()));
  if (view->record.primary_alias().empty())
    co_return failure(kNoPrimary, fmt::format("shard {} has no primary yet", shard.text()));
  // One that cannot end is what people force.
  if (view->record.has_change() && !request.accept_loss()) {
    co_return failure(kChangeUnderWay, fmt::format("the primary of {} is being changed (recovery {})",
                                                   shard.text(), view->record.change().id()));
  }
  const recovery::Shard picture = picture_of(*keyspace, *view, false, now());
  const Result<topo::TabletAlias> to =
      request.accept_loss() ? forced_successor(picture, request.to()) : successor(picture, request.to());
  if (!to) co_return failure(to.error());
  const Result<void> answers = co_await check_answers(*view, *to);
  if (!answers) co_return failure(answers.error());
  topo::v1::PrimaryChange change;
  change.set_kind(request.accept_loss() ? topo::v1::PrimaryChange::forced : topo::v1::PrimaryChange::planned);
  change.set_to(to->text());
  topo::v1::Recovery journal;
  journal.set_seen(recovery::describe(picture));
  journal.set_reason("asked for");
  journal.set_asked_by(request.asked_by());
  journal.set_to(to->text());
  topo::TopoServer topology(store_);
  Result<topo::v1::Shard> begun = co_await topology.begin_primary_change(
      std::move(shard), std::move(change), std::move(journal), picture.epoch, now());
  if (!begun && begun.error().is(topo::kStaleEpoch))
    co_return failure(kChangeUnderWay, begun.error().message());
  co_return begun;
}

Task<Result<v1::ReparentShardResponse>> Service::reparent_shard(v1::ReparentShardRequest request) {
  const Result<topo::ShardName> shard = topo::ShardName::parse(request.shard());
  if (!shard) co_return failure(shard.error());
  const Result<topo::v1::Shard> begun = co_await begin_hand_over(*shard, std::move(request));
  if (!begun) co_return failure(begun.error());
  const std::string key = topo::paths::recovery(*shard, begun->change().id());
  const Time give_up = Clock::now() + kHandOverAnswer;
  for (;;) {
    const auto journal = co_await topo::read_record<topo::v1::Recovery>(store_, key);
    // One that was forced takes writes only when somebody is back who acknowledges them.
    const bool decided = begun->change().kind() == topo::v1::PrimaryChange::forced && journal &&
                         journal->record.outcome() == topo::v1::Recovery::changed;
    if (decided || (journal && is_over(journal->record))) {
      if (journal->record.outcome() == topo::v1::Recovery::resumed) {
        co_return failure(kTakenBack,
                          fmt::format("recovery {}: {}", journal->record.id(), journal->record.conclusion()));
      }
      v1::ReparentShardResponse response;
      *response.mutable_recovery() = journal->record;
      co_return response;
    }
    if (Clock::now() >= give_up) {
      co_return failure(
          kChangeUnderWay,
          fmt::format("recovery {} of {} is not over yet: {}", begun->change().id(), shard->text(),
                      identity_.leader_address().empty() ? "no control leads" : "it goes on"));
    }
    co_await runtime::sleep_for(kLookAgain);
  }
}

/// A tablet's shard, as control sees it.
Task<Result<recovery::Shard>> Service::shard_of(std::string alias) {
  const Result<TabletView> tablet = co_await reader_.tablet(alias);
  if (!tablet) co_return failure(tablet.error());
  const topo::ShardName shard{tablet->record.keyspace(), tablet->record.shard()};
  const Result<KeyspaceView> keyspace = co_await reader_.keyspace(shard.keyspace);
  if (!keyspace) co_return failure(keyspace.error());
  const auto view = std::ranges::find(keyspace->shards, shard.shard, &ShardView::name);
  if (view == keyspace->shards.end())
    co_return failure(kUnknownObject, fmt::format("there is no shard {}", shard.text()));
  co_return picture_of(*keyspace, *view, false, now());
}

/// Waits, for a moment, until nothing can be lost with the tablet: others have to have what the primary has
/// told of since this began, when the tablet acknowledged nothing any more. kCannotForget: something could.
Task<Result<void>> Service::check_nothing_lost(topo::TabletAlias alias) {
  const Time told_since = Clock::now() + ClusterState::kSilence;
  const auto applies = [&alias](const recovery::Server& other) {
    return other.alias != alias && other.heard && other.receives && other.caught_up;
  };
  std::optional<recovery::Shard> first;
  for (;;) {
    Result<recovery::Shard> shard = co_await shard_of(alias.text());
    if (!shard) co_return failure(shard.error());
    if (!first && Clock::now() >= told_since) first = *shard;
    // Under load others are always a little behind what it tells now.
    if (first && first->epoch == shard->epoch) set_primarys_position(*shard, *first);
    const std::string objection = recovery::objection_to_forget(*shard, alias, false);
    if (first && objection.empty()) co_return Result<void>();
    const auto patience = std::ranges::any_of(shard->servers, applies) ? kOthersApply : kNewsOfOthers;
    if (Clock::now() >= told_since + patience) co_return failure(kCannotForget, objection);
    co_await runtime::sleep_for(kLookAgain);
  }
}

Task<Result<v1::ForgetTabletResponse>> Service::forget_tablet(v1::ForgetTabletRequest request) {
  const Result<topo::TabletAlias> alias = topo::TabletAlias::parse(request.alias());
  if (!alias) co_return failure(alias.error());
  const Result<recovery::Shard> shard = co_await shard_of(request.alias());
  if (!shard) co_return failure(shard.error());
  const std::string objection = recovery::objection_to_forget(*shard, *alias, true);
  if (!objection.empty()) co_return failure(kCannotForget, objection);
  if (!request.accept_loss()) {
    const Result<void> checked = co_await check_nothing_lost(*alias);
    if (!checked) co_return failure(checked.error());
  }
  topo::TopoServer topology(store_);
  const Result<void> gone = co_await topology.delete_tablet(*alias);
  if (!gone) co_return failure(gone.error());
  kLog.warning(
      "tablet.forgotten",
      {{"alias", request.alias()}, {"by", request.asked_by()}, {"accept_loss", request.accept_loss()}});
  co_return v1::ForgetTabletResponse();
}

Task<Result<v1::RecloneTabletResponse>> Service::reclone_tablet(v1::RecloneTabletRequest request) {
  const Result<topo::TabletAlias> alias = topo::TabletAlias::parse(request.alias());
  if (!alias) co_return failure(alias.error());
  const Result<recovery::Shard> picture = co_await shard_of(request.alias());
  if (!picture) co_return failure(picture.error());
  Result<topo::ShardName> shard = topo::ShardName::parse(picture->name);
  if (!shard) co_return failure(shard.error());
  std::optional<topo::TabletAlias> from = recovery::choose_donor(*picture, *alias);
  if (!request.from().empty()) {
    Result<topo::TabletAlias> asked_for = topo::TabletAlias::parse(request.from());
    if (!asked_for) co_return failure(std::move(asked_for.error()));
    from = std::move(*asked_for);
  }
  const std::string objection =
      from ? recovery::objection_to_reclone(*picture, *alias, *from, request.discard())
           : fmt::format("no tablet of {} is in a state to be copied", picture->name);
  if (!objection.empty()) co_return failure(kCannotReclone, objection);
  topo::v1::Recovery journal;
  journal.set_reclone(alias->text());
  journal.set_from(from->text());
  journal.set_reason("asked for");
  journal.set_asked_by(request.asked_by());
  journal.set_seen(recovery::describe(*picture));
  topo::TopoServer topology(store_);
  Result<std::string> id =
      co_await topology.begin_reclone(*std::move(shard), std::move(journal), picture->epoch, now());
  if (!id) co_return failure(std::move(id.error()));
  v1::RecloneTabletResponse response;
  response.set_id(std::move(*id));
  response.set_from(from->text());
  co_return response;
}

Task<Result<v1::ListRecoveriesResponse>> Service::list_recoveries(v1::ListRecoveriesRequest request) {
  std::optional<topo::ShardName> shard;
  if (!request.shard().empty()) {
    Result<topo::ShardName> parsed = topo::ShardName::parse(request.shard());
    if (!parsed) co_return failure(parsed.error());
    const Result<ShardView> known = co_await reader_.shard(*parsed);
    if (!known) co_return failure(known.error());
    shard = *parsed;
  }
  topo::TopoServer topology(store_);
  Result<std::vector<topo::v1::Recovery>> journals = co_await topology.recoveries(std::move(shard));
  if (!journals) co_return failure(journals.error());
  v1::ListRecoveriesResponse response;
  const std::uint32_t limit = request.limit() == 0 ? kJournalsShown : request.limit();
  for (topo::v1::Recovery& journal : *journals) {
    if (static_cast<std::uint32_t>(response.recoveries_size()) == limit) break;
    *response.add_recoveries() = std::move(journal);
  }
  const auto cluster =
      co_await topo::read_record<topo::v1::RecoveryHold>(store_, topo::paths::recovery_hold());
  const auto add = [&](std::string target, const topo::v1::RecoveryHold& hold) {
    v1::RecoveryHoldInfo& info = *response.add_holds();
    info.set_target(std::move(target));
    *info.mutable_hold() = hold;
  };
  if (cluster) add("", cluster->record);
  const Result<std::vector<KeyspaceView>> keyspaces = co_await reader_.keyspaces();
  if (!keyspaces) co_return failure(keyspaces.error());
  for (const KeyspaceView& keyspace : *keyspaces) {
    if (keyspace.record.has_hold()) add(keyspace.name, keyspace.record.hold());
    for (const ShardView& each : keyspace.shards) {
      if (each.record.has_hold()) add(each.full_name(), each.record.hold());
    }
  }
  co_return response;
}

Task<Result<v1::GetRecoveryResponse>> Service::get_recovery(v1::GetRecoveryRequest request) {
  topo::TopoServer topology(store_);
  Result<std::vector<topo::v1::Recovery>> journals = co_await topology.recoveries();
  if (!journals) co_return failure(journals.error());
  const auto found = std::ranges::find(*journals, request.id(), &topo::v1::Recovery::id);
  if (found == journals->end())
    co_return failure(kUnknownObject, fmt::format("there is no recovery '{}'", request.id()));
  v1::GetRecoveryResponse response;
  *response.mutable_recovery() = std::move(*found);
  co_return response;
}

namespace {

/// Of a shard's or keyspace's record.
template <class Record>
Task<Result<void>> edit_hold(topo::Store& store, std::string key,
                             std::optional<topo::v1::RecoveryHold> hold) {
  std::function<Result<bool>(Record&)> edit = [&hold](Record& record) -> Result<bool> {
    if (!hold && !record.has_hold()) return false;
    if (hold) {
      *record.mutable_hold() = *hold;
    } else {
      record.clear_hold();
    }
    return true;
  };
  const Result<Record> done = co_await topo::edit_record<Record>(store, std::move(key), std::move(edit));
  if (!done) co_return failure(done.error());
  co_return Result<void>();
}

Task<Result<void>> set_cluster_hold(topo::Store& store, std::optional<topo::v1::RecoveryHold> hold) {
  const std::string key = topo::paths::recovery_hold();
  if (hold) {
    const Result<topo::Revision> put = co_await store.put(key, topo::to_text(*hold));
    if (!put) co_return failure(put.error());
    co_return Result<void>();
  }
  const Result<topo::Node> node = co_await store.get(key);
  if (!node && node.error().is(topo::kNoNode)) co_return Result<void>();
  if (!node) co_return failure(node.error());
  Result<void> erased = co_await store.erase(key, node->revision);
  co_return erased;
}

/// Of a shard, a keyspace, or ("") the cluster.
Task<Result<void>> set_hold(topo::Store& store, std::string target,
                            std::optional<topo::v1::RecoveryHold> hold) {
  Result<void> done;
  if (target.empty()) {
    done = co_await set_cluster_hold(store, std::move(hold));
  } else if (target.find('/') != std::string::npos) {
    const Result<topo::ShardName> shard = topo::ShardName::parse(target);
    if (!shard) co_return failure(shard.error());
    done = co_await edit_hold<topo::v1::Shard>(store, topo::paths::shard(*shard), std::move(hold));
  } else {
    done = co_await edit_hold<topo::v1::Keyspace>(store, topo::paths::keyspace(target), std::move(hold));
  }
  if (!done && done.error().is(topo::kNoNode))
    co_return failure(kUnknownObject, fmt::format("there is no keyspace or shard '{}'", target));
  co_return done;
}

}  // namespace

Task<Result<v1::HoldRecoveryResponse>> Service::hold_recovery(v1::HoldRecoveryRequest request) {
  topo::v1::RecoveryHold hold;
  hold.set_reason(request.reason());
  hold.set_by(request.by());
  hold.mutable_since()->set_seconds(std::chrono::system_clock::to_time_t(now()));
  const Result<void> done = co_await set_hold(store_, request.target(), std::move(hold));
  if (!done) co_return failure(done.error());
  co_return v1::HoldRecoveryResponse();
}

Task<Result<v1::ReleaseRecoveryResponse>> Service::release_recovery(v1::ReleaseRecoveryRequest request) {
  const Result<void> done = co_await set_hold(store_, request.target(), std::nullopt);
  if (!done) co_return failure(done.error());
  co_return v1::ReleaseRecoveryResponse();
}

}  // namespace kintsugi::control
