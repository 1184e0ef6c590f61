#include "control/leadership.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "kintsugi/control/v1/control.pb.h"
#include "rpc/json.h"
#include "runtime/timer.h"

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

constexpr auto kRound = std::chrono::seconds(1);
/// Asked of the store within a round, so that a slow answer does not use the lease up.
const topo::Call kBounded{.timeout = std::chrono::seconds(2)};

std::string record(const std::string& address) {
  v1::Candidate candidate;
  candidate.set_address(address);
  return rpc::to_json(candidate);
}

// Somebody else's record that cannot be read is a leader all the same, at an address that nobody knows.
std::string address_in(const std::string& json) {
  v1::Candidate candidate;
  return rpc::from_json(json, candidate, rpc::UnknownFields::ignore) ? candidate.address()
                                                                     : "an unknown address";
}

std::string key_of(topo::LeaseId lease) { return fmt::format("{}{:x}", kElectionPrefix, lease); }

}  // namespace

Task<void> Leadership::run(std::string address, runtime::Cancel* cancel) {
  address_ = std::move(address);
  while (!cancel->requested()) {
    const Result<void> ended = co_await stand(cancel);
    if (!ended) leader_address_.clear();
    co_await runtime::sleep_for(kRound, cancel);
  }
}

Task<Result<void>> Leadership::stand(runtime::Cancel* cancel) {
  const Time granted_at = Clock::now();
  const Result<topo::LeaseId> lease = co_await store_.grant_lease(kLeadershipLease, kBounded);
  if (!lease) co_return failure(lease.error());
  leads_until_ = granted_at + kLeadershipLease;
  Result<topo::Revision> made = co_await store_.create(key_of(*lease), record(address_), *lease, kBounded);
  Result<void> outcome = made ? Result<void>() : failure(made.error());
  while (outcome && !cancel->requested()) {
    outcome = co_await look(*lease);
    if (!outcome) break;
    const bool slept = co_await runtime::sleep_for(kRound, cancel);
    if (!slept) break;
    const Time asked_at = Clock::now();
    outcome = co_await store_.keep_alive(*lease, kBounded);
    // Counted from before the request: the lease can't have begun anew earlier than that.
    if (outcome) leads_until_ = asked_at + kLeadershipLease;
  }
  step_down(outcome ? "it stops" : outcome.error().message().c_str());
  const Result<void> revoked = co_await store_.revoke_lease(*lease, kBounded);
  if (!revoked) kLog.debug("election.lease_left", {{"reason", revoked.error()}});
  co_return outcome;
}

Task<Result<void>> Leadership::look(topo::LeaseId lease) {
  const Result<std::vector<topo::Node>> nodes = co_await store_.list(kElectionPrefix, false, kBounded);
  if (!nodes) co_return failure(nodes.error());
  const auto own = std::ranges::find(*nodes, key_of(lease), &topo::Node::key);
  if (own == nodes->end()) co_return failure(topo::kLeaseLost, "the lease of the election ended");
  const auto first = std::ranges::min_element(*nodes, {}, &topo::Node::created);
  leader_address_ = address_in(first->value);
  const bool wins = first == own;
  if (wins && !leads_) kLog.info("election.won", {{"address", address_}});
  if (!wins && leads_) kLog.warning("election.lost", {{"leader", leader_address_}});
  leads_ = wins;
  co_return Result<void>();
}

void Leadership::step_down(const char* why) {
  if (leads_) kLog.warning("election.stepped_down", {{"reason", why}});
  leads_ = false;
}

}  // namespace kintsugi::control
