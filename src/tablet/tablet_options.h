#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "runtime/address.h"
#include "topo/names.h"

namespace kintsugi {
class OptionTable;
}

namespace kintsugi::tablet {

/// What an agent can be told. Each field is described where it is declared (tablet_options.cc), from which
/// docs/configuration.md is made.
struct TabletOptions {
  std::string alias;
  std::string keyspace;
  std::string shard;
  std::string type = "replica";

  std::string dir;
  std::string mysql;
  std::string mysql_socket;
  std::string advertise_host;
  std::string flavour = "mariadb";
  std::string mysqld;
  std::string settings;
  bool small_memory = false;
  Duration stop_grace = std::chrono::seconds(60);
  bool leave_mysqld_running = false;
  Duration hand_over_wait = std::chrono::seconds(10);

  Duration observe_every = std::chrono::seconds(1);
  Duration disk_patience = std::chrono::seconds(20);
  Duration lease = std::chrono::seconds(6);
  Duration transaction_patience = std::chrono::seconds(5);
  Duration decisions_kept = std::chrono::hours(24);
};

void declare(OptionTable& table, TabletOptions& options);

/// The options as values that fit together; kBadOption names the option.
struct TabletPlace {
  topo::TabletAlias alias;
  topo::ShardName shard;
  topo::TabletType type = topo::TabletType::replica;  ///< replica or rdonly
  runtime::Address mysql;                             ///< where mysqld listens
  std::string host;                                   ///< how others reach it
};
Result<TabletPlace> check_options(const TabletOptions& options);

}  // namespace kintsugi::tablet
