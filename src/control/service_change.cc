// The part of the API that changes keyspaces.

#include <chrono>

#include <fmt/format.h>

#include "base/log.h"
#include "control/convert.h"
#include "control/service.h"
#include "topo/key_range.h"
#include "topo/topo_server.h"

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

Result<void> check_cover(const std::vector<std::string>& shards) {
  std::vector<topo::KeyRange> ranges;
  for (const std::string& shard : shards) {
    Result<topo::KeyRange> range = topo::KeyRange::parse(shard);
    if (!range) return failure(std::move(range.error()));
    ranges.push_back(*range);
  }
  return topo::check_partition(std::move(ranges));
}

}  // namespace

Task<Result<v1::GetKeyspaceResponse>> Service::create_keyspace(v1::CreateKeyspaceRequest request) {
  std::vector<std::string> shards(request.shards().begin(), request.shards().end());
  if (shards.empty()) shards.emplace_back("-");
  const Result<void> whole = check_cover(shards);
  if (!whole) co_return failure(whole.error());
  topo::TopoServer topology(store_);
  topo::v1::Keyspace record;
  record.set_durability(request.durability());
  const Result<void> made = co_await topology.create_keyspace(request.name(), record);
  if (!made) co_return failure(made.error());
  for (const std::string& shard : shards) {
    const Result<void> added = co_await topology.create_shard({request.name(), shard});
    if (!added) co_return failure(added.error());
  }
  kLog.info("keyspace.created", {{"keyspace", request.name()}, {"shards", shards.size()}});
  v1::GetKeyspaceRequest ask;
  ask.set_name(request.name());
  Result<v1::GetKeyspaceResponse> response = co_await get_keyspace(std::move(ask));
  co_return response;
}

Task<Result<v1::DeleteKeyspaceResponse>> Service::delete_keyspace(v1::DeleteKeyspaceRequest request) {
  const Result<KeyspaceView> keyspace = co_await find_keyspace(request.name());
  if (!keyspace) co_return failure(keyspace.error());
  std::size_t tablets = 0;
  for (const ShardView& shard : keyspace->shards) tablets += shard.tablets.size();
  if (tablets > 0 && !request.recursive()) {
    co_return failure(
        topo::kNotEmpty,
        fmt::format("keyspace {} has {} tablets: take it out of the cluster spec and apply that, or give "
                    "--recursive to delete their records",
                    request.name(), tablets));
  }
  topo::TopoServer topology(store_);
  const Result<void> done = co_await topology.delete_keyspace(request.name(), true);
  if (!done) co_return failure(done.error());
  kLog.info("keyspace.deleted", {{"keyspace", request.name()}, {"tablets", tablets}});
  co_return v1::DeleteKeyspaceResponse();
}

}  // namespace kintsugi::control
