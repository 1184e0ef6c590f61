#include "control/leadership.h"

#include "base/log.h"
#include "kintsugi/control/v1/control.pb.h"
#include "rpc/json.h"
#include "runtime/errors.h"
#include "runtime/timer.h"
#include "topo/records.h"

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

constexpr auto kStandAgain = std::chrono::seconds(1);

std::string to_candidate(const std::string& address) {
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

}  // namespace

Task<void> Leadership::run(std::string address, runtime::Cancel* cancel) {
  const std::string candidate = to_candidate(address);
  while (!cancel->requested()) {
    co_await stand(candidate, cancel);
    leader_address_.clear();
    co_await runtime::sleep_for(kStandAgain, cancel);
  }
}

Task<void> Leadership::stand(std::string candidate, runtime::Cancel* cancel) {
  topo::LeaseKeeper lease(store_, ttl_);
  const Result<void> leased = co_await lease.start(cancel);
  if (!leased) {
    kLog.debug("election.no_lease", {{"reason", leased.error()}});
    co_return;
  }
  topo::Lock lock(store_, topo::paths::election("control"), lease, [this](const std::string& holder) {
    leader_address_ = holder.empty() ? "" : address_in(holder);
  });
  const Result<void> won = co_await lock.acquire(std::move(candidate), cancel);
  if (won) {
    lead_by(&lease);
    kLog.info("election.won", {{"address", leader_address_}});
    const Error ended = co_await lock.hold(cancel);
    lead_by(nullptr);
    if (ended.is(runtime::kCancelled)) {
      kLog.info("election.given_back", {{"address", leader_address_}});
    } else {
      kLog.warning("election.stepped_down", {{"reason", ended}});
    }
  } else {
    kLog.debug("election.not_won", {{"reason", won.error()}});
  }
  co_await lease.stop();
}

void Leadership::lead_by(const topo::LeaseKeeper* lease) {
  held_ = lease;
  if (on_change_) on_change_();
}

}  // namespace kintsugi::control
