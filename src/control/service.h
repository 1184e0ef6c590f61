#pragma once

#include <functional>
#include <string>

#include "base/error.h"
#include "base/task.h"
#include "control/cluster_reader.h"
#include "control/cluster_state.h"
#include "kintsugi/control/v1/control.pb.h"
#include "recovery/recovery.h"
#include "topo/store.h"
#include "vschema/vschema.h"

namespace kintsugi::rpc {
class Server;
}

namespace kintsugi::control {

/// Control's API (proto/kintsugi/control/v1). Answers from what ClusterReader reads, so that a caller sees
/// what it wrote a moment ago. Borrows store and state. On one loop.
class Service {
 public:
  struct Identity {
    std::string cluster;
    std::string version;
    std::function<bool()> leads;                  ///< whether this control is the leader
    std::function<std::string()> leader_address;  ///< host:port of the leader; empty: none
  };
  Service(topo::Store& store, const ClusterState& state, Identity identity);

  void add_to(rpc::Server& server);

 private:
  template <class T>
  using Answer = Task<Result<T>>;

  void add_topology_methods(rpc::Server& server);
  void add_tablet_methods(rpc::Server& server);
  void add_recovery_methods(rpc::Server& server);
  void add_transaction_methods(rpc::Server& server);
  void add_schema_methods(rpc::Server& server);

  Answer<control::v1::GetClusterResponse> get_cluster(control::v1::GetClusterRequest request);
  Answer<control::v1::ListCellsResponse> list_cells(control::v1::ListCellsRequest request);
  Answer<control::v1::ListKeyspacesResponse> list_keyspaces(control::v1::ListKeyspacesRequest request);
  Answer<control::v1::GetKeyspaceResponse> get_keyspace(control::v1::GetKeyspaceRequest request);
  Answer<control::v1::GetKeyspaceResponse> create_keyspace(control::v1::CreateKeyspaceRequest request);
  Answer<control::v1::DeleteKeyspaceResponse> delete_keyspace(control::v1::DeleteKeyspaceRequest request);
  Answer<control::v1::ListShardsResponse> list_shards(control::v1::ListShardsRequest request);
  Answer<control::v1::GetShardResponse> get_shard(control::v1::GetShardRequest request);
  Answer<control::v1::TopoGetResponse> topo_get(control::v1::TopoGetRequest request);
  Answer<control::v1::TopoListResponse> topo_list(control::v1::TopoListRequest request);

  Answer<control::v1::ListTabletsResponse> list_tablets(control::v1::ListTabletsRequest request);
  Answer<control::v1::GetTabletResponse> get_tablet(control::v1::GetTabletRequest request);
  Answer<control::v1::PingTabletResponse> ping_tablet(control::v1::PingTabletRequest request);

  Answer<control::v1::ReparentShardResponse> reparent_shard(control::v1::ReparentShardRequest request);
  Answer<topo::v1::Shard> begin_hand_over(topo::ShardName shard, control::v1::ReparentShardRequest request);
  Answer<recovery::Shard> shard_of(std::string alias);
  Answer<void> check_nothing_lost(topo::TabletAlias alias);
  Answer<control::v1::ForgetTabletResponse> forget_tablet(control::v1::ForgetTabletRequest request);
  Answer<control::v1::RecloneTabletResponse> reclone_tablet(control::v1::RecloneTabletRequest request);
  Answer<control::v1::ListRecoveriesResponse> list_recoveries(control::v1::ListRecoveriesRequest request);
  Answer<control::v1::GetRecoveryResponse> get_recovery(control::v1::GetRecoveryRequest request);
  Answer<control::v1::HoldRecoveryResponse> hold_recovery(control::v1::HoldRecoveryRequest request);
  Answer<control::v1::ReleaseRecoveryResponse> release_recovery(control::v1::ReleaseRecoveryRequest request);

  Answer<control::v1::ListTransactionsResponse> list_transactions(
      control::v1::ListTransactionsRequest request);
  Answer<control::v1::GetTransactionResponse> get_transaction(control::v1::GetTransactionRequest request);
  Answer<control::v1::ResolveTransactionResponse> resolve_transaction(
      control::v1::ResolveTransactionRequest request);

  Answer<control::v1::GetVSchemaResponse> get_vschema(control::v1::GetVSchemaRequest request);
  Answer<control::v1::CheckVSchemaResponse> check_vschema(control::v1::CheckVSchemaRequest request);
  Answer<control::v1::ApplyVSchemaResponse> apply_vschema(control::v1::ApplyVSchemaRequest request);
  Answer<control::v1::GetSchemaResponse> get_schema(control::v1::GetSchemaRequest request);
  Answer<control::v1::ApplySchemaResponse> apply_schema(control::v1::ApplySchemaRequest request);

  /// All keyspaces' vschemas; kUnknownObject if there is none of this name.
  Answer<vschema::VSchemas> vschemas_around(std::string keyspace);

  topo::Store& store_;
  ClusterReader reader_;
  Identity identity_;
};

}  // namespace kintsugi::control
