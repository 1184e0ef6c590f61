#include "control/service.h"

#include <map>

#include "control/convert.h"
#include "rpc/server.h"
#include "topo/names.h"

namespace kintsugi::control {

namespace {

void fill_cells(const ClusterView& view, google::protobuf::RepeatedPtrField<v1::CellInfo>& cells) {
  std::map<std::string, std::uint32_t> tablets;
  for (const TabletView* tablet : view.tablets()) ++tablets[tablet->cell];
  for (const auto& [name, record] : view.cells) {
    v1::CellInfo& cell = *cells.Add();
    cell.set_name(name);
    *cell.mutable_record() = record;
    cell.set_tablets(tablets[name]);
  }
}

}  // namespace

Service::Service(topo::Store& store, const ClusterState& state, Identity identity)
    : store_(store), reader_(store, state), identity_(std::move(identity)) {}

void Service::add_to(rpc::Server& server) {
  add_topology_methods(server);
  add_tablet_methods(server);
  add_recovery_methods(server);
  add_transaction_methods(server);
  add_schema_methods(server);
}

void Service::add_topology_methods(rpc::Server& server) {
  using namespace v1;
  const std::string service = "kintsugi.control.v1.Control/";
  server.unary<GetClusterRequest, GetClusterResponse>(
      service + "GetCluster", [this](GetClusterRequest request) { return get_cluster(std::move(request)); });
  server.unary<ListCellsRequest, ListCellsResponse>(
      service + "ListCells", [this](ListCellsRequest request) { return list_cells(std::move(request)); });
  server.unary<ListKeyspacesRequest, ListKeyspacesResponse>(
      service + "ListKeyspaces",
      [this](ListKeyspacesRequest request) { return list_keyspaces(std::move(request)); });
  server.unary<GetKeyspaceRequest, GetKeyspaceResponse>(
      service + "GetKeyspace",
      [this](GetKeyspaceRequest request) { return get_keyspace(std::move(request)); });
  server.unary<CreateKeyspaceRequest, GetKeyspaceResponse>(
      service + "CreateKeyspace",
      [this](CreateKeyspaceRequest request) { return create_keyspace(std::move(request)); });
  server.unary<DeleteKeyspaceRequest, DeleteKeyspaceResponse>(
      service + "DeleteKeyspace",
      [this](DeleteKeyspaceRequest request) { return delete_keyspace(std::move(request)); });
  server.unary<ListShardsRequest, ListShardsResponse>(
      service + "ListShards", [this](ListShardsRequest request) { return list_shards(std::move(request)); });
  server.unary<GetShardRequest, GetShardResponse>(
      service + "GetShard", [this](GetShardRequest request) { return get_shard(std::move(request)); });
  server.unary<TopoGetRequest, TopoGetResponse>(
      service + "TopoGet", [this](TopoGetRequest request) { return topo_get(std::move(request)); });
  server.unary<TopoListRequest, TopoListResponse>(
      service + "TopoList", [this](TopoListRequest request) { return topo_list(std::move(request)); });
}

Task<Result<v1::GetClusterResponse>> Service::get_cluster(v1::GetClusterRequest) {
  const Result<ClusterReader::Cluster> cluster = co_await reader_.cluster();
  if (!cluster) co_return failure(cluster.error());
  v1::GetClusterResponse response;
  response.set_name(identity_.cluster);
  response.set_version(identity_.version);
  response.set_leader(identity_.leads());
  response.set_leader_address(identity_.leader_address());
  fill_cells(cluster->built.view, *response.mutable_cells());
  for (const KeyspaceView& keyspace : cluster->built.view.keyspaces)
    fill(keyspace, *response.add_keyspaces());
  if (response.leader_address().empty())
    response.add_problems("no control leads; nobody elects primaries meanwhile");
  for (std::string& problem : all_problems(cluster->records, cluster->built))
    response.add_problems(std::move(problem));
  co_return response;
}

Task<Result<v1::ListCellsResponse>> Service::list_cells(v1::ListCellsRequest) {
  const Result<ClusterReader::Cluster> cluster = co_await reader_.cluster();
  if (!cluster) co_return failure(cluster.error());
  v1::ListCellsResponse response;
  fill_cells(cluster->built.view, *response.mutable_cells());
  co_return response;
}

Task<Result<v1::ListKeyspacesResponse>> Service::list_keyspaces(v1::ListKeyspacesRequest) {
  const Result<ClusterReader::Cluster> cluster = co_await reader_.cluster();
  if (!cluster) co_return failure(cluster.error());
  v1::ListKeyspacesResponse response;
  for (const KeyspaceView& keyspace : cluster->built.view.keyspaces)
    fill(keyspace, *response.add_keyspaces());
  co_return response;
}

Task<Result<v1::GetKeyspaceResponse>> Service::get_keyspace(v1::GetKeyspaceRequest request) {
  const Result<KeyspaceView> keyspace = co_await reader_.keyspace(request.name());
  if (!keyspace) co_return failure(keyspace.error());
  v1::GetKeyspaceResponse response;
  fill(*keyspace, *response.mutable_keyspace());
  co_return response;
}

Task<Result<v1::ListShardsResponse>> Service::list_shards(v1::ListShardsRequest request) {
  v1::ListShardsResponse response;
  if (!request.keyspace().empty()) {
    const Result<KeyspaceView> keyspace = co_await reader_.keyspace(request.keyspace());
    if (!keyspace) co_return failure(keyspace.error());
    for (const ShardView& shard : keyspace->shards) fill(shard, *response.add_shards());
    co_return response;
  }
  const Result<ClusterReader::Cluster> cluster = co_await reader_.cluster();
  if (!cluster) co_return failure(cluster.error());
  for (const KeyspaceView& keyspace : cluster->built.view.keyspaces) {
    for (const ShardView& shard : keyspace.shards) fill(shard, *response.add_shards());
  }
  co_return response;
}

Task<Result<v1::GetShardResponse>> Service::get_shard(v1::GetShardRequest request) {
  const Result<topo::ShardName> name = topo::ShardName::parse(request.shard());
  if (!name) co_return failure(name.error());
  const Result<ShardView> shard = co_await reader_.shard(*name);
  if (!shard) co_return failure(shard.error());
  v1::GetShardResponse response;
  fill(*shard, *response.mutable_shard());
  co_return response;
}

Task<Result<v1::TopoGetResponse>> Service::topo_get(v1::TopoGetRequest request) {
  const Result<topo::Node> node = co_await store_.get(request.path());
  if (!node) co_return failure(node.error());
  v1::TopoGetResponse response;
  response.set_path(node->key);
  response.set_value(node->value);
  response.set_revision(node->revision);
  co_return response;
}

Task<Result<v1::TopoListResponse>> Service::topo_list(v1::TopoListRequest request) {
  const Result<std::vector<topo::Node>> nodes = co_await store_.list(request.prefix(), true);
  if (!nodes) co_return failure(nodes.error());
  v1::TopoListResponse response;
  for (const topo::Node& node : *nodes) response.add_paths(node.key);
  co_return response;
}

}  // namespace kintsugi::control
