// The part of the API that changes keyspaces.

#include <fmt/format.h>

#include "base/log.h"
#include "control/errors.h"
#include "control/service.h"
#include "topo/topo_server.h"

namespace kintsugi::control {
namespace {

const Logger kLog{"control"};

}  // namespace

Task<Result<v1::GetKeyspaceResponse>> Service::create_keyspace(v1::CreateKeyspaceRequest request) {
  std::vector<std::string> shards(request.shards().begin(), request.shards().end());
  if (shards.empty()) shards.emplace_back("-");
  topo::TopoServer topology(store_);
  topo::v1::Keyspace record;
  record.set_durability(request.durability());
  const std::size_t shard_count = shards.size();
  Result<void> made = co_await topology.create_keyspace(request.name(), record, std::move(shards));
  if (made && shard_count > 1) {
    // As CREATE DATABASE … SHARDS does: tables of it are made with a way to their shards, or are refused.
    topo::Store::Edit edit = [](const std::optional<std::string>&) {
      vschema::VSchema vschema;
      vschema.sharded = true;
      return Result<std::optional<std::string>>(vschema::to_json(vschema, true));
    };
    made = co_await topology.edit_vschema(request.name(), std::move(edit));
  }
  if (!made) co_return failure(made.error());
  kLog.info("keyspace.created", {{"keyspace", request.name()}, {"shards", shard_count}});
  v1::GetKeyspaceRequest ask;
  ask.set_name(request.name());
  Result<v1::GetKeyspaceResponse> response = co_await get_keyspace(std::move(ask));
  co_return response;
}

Task<Result<v1::DeleteKeyspaceResponse>> Service::delete_keyspace(v1::DeleteKeyspaceRequest request) {
  topo::TopoServer topology(store_);
  const Result<void> done = co_await topology.delete_keyspace(request.name(), request.recursive());
  if (!done && done.error().is(topo::kNoNode))
    co_return failure(kUnknownObject, fmt::format("there is no keyspace {}", request.name()));
  if (!done && done.error().is(topo::kNotEmpty)) {
    co_return failure(
        topo::kNotEmpty,
        fmt::format("{}: take it out of the cluster spec and apply that, or give --recursive to delete their "
                    "records",
                    done.error().message()));
  }
  if (!done) co_return failure(done.error());
  kLog.info("keyspace.deleted", {{"keyspace", request.name()}});
  co_return v1::DeleteKeyspaceResponse();
}

}  // namespace kintsugi::control
