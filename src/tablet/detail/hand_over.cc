#include "tablet/detail/hand_over.h"

#include <optional>

#include "kintsugi/control/v1/control.pb.h"
#include "rpc/client.h"
#include "rpc/json.h"
#include "runtime/http_client.h"
#include "tablet/errors.h"
#include "topo/lease.h"
#include "topo/records.h"

namespace kintsugi::tablet {
namespace {

/// The topology is near, or away.
constexpr Duration kLookUp = 2s;

}  // namespace

Task<Result<std::string>> ask_to_hand_over(topo::Store& store, topo::ShardName shard, topo::TabletAlias from,
                                           Time deadline) {
  const Result<std::optional<topo::Node>> leader =
      co_await topo::Lock::holder(store, topo::paths::election("control"), {.timeout = kLookUp});
  if (!leader) co_return failure(leader.error());
  if (!*leader) co_return failure(kNoLeader, "no control leads");
  control::v1::Candidate candidate;
  const Result<void> read = rpc::from_json((*leader)->value, candidate, rpc::UnknownFields::ignore);
  if (!read) co_return failure(read.error());
  const Result<runtime::Address> address = runtime::Address::parse(candidate.address());
  if (!address) co_return failure(address.error());
  runtime::HttpClient http(*address);
  rpc::Client client(http);
  control::v1::ReparentShardRequest request;
  request.set_shard(shard.text());
  request.set_asked_by(from.text() + ", which is being stopped");
  const Result<control::v1::ReparentShardResponse> done =
      co_await client.call<control::v1::ReparentShardResponse>("kintsugi.control.v1.Control/ReparentShard",
                                                               request, deadline);
  if (!done) co_return failure(done.error());
  co_return done->recovery().to();
}

}  // namespace kintsugi::tablet
