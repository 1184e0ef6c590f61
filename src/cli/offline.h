#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "plan/planner.h"

namespace kintsugi::cli {

/// A cluster that is only thought of: keyspaces by their vschemas, tables by their CREATE TABLE.
struct OfflineCluster {
  struct File {
    std::string name;      ///< for messages
    std::string keyspace;  ///< whose it is
    std::string text;
  };
  std::vector<File> vschemas;
  std::vector<File> schemas;
  int shards = 2;        ///< of each sharded keyspace
  bool mysql = true;     ///< else MariaDB: whose syntax and default collation
  std::string keyspace;  ///< that is chosen, as by USE
  topo::TabletType type = topo::TabletType::primary;
};

/// What a statement is planned against. A keyspace without a vschema is sharded, and a table that its vschema
/// lacks is sharded as its CREATE TABLE says (SHARD BY, REFERENCE), else by the first column of its primary
/// key, as gates do. A failure names the file.
Result<plan::PlanContext> offline_context(const OfflineCluster& cluster);

}  // namespace kintsugi::cli
