#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "admin/metrics.h"
#include "gate/gate.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "vschema/snapshot.h"
#include "wire/client_connection.h"
#include "wire/testing/mariadb_server.h"

namespace kintsugi::gate::testing {

/// A gate before real mariadbds, without agents and topology: keyspace `commerce` on one server, keyspace
/// `customer` in two shards (-80, 80-) on two databases' servers. Users: app / secret. Throws
/// std::runtime_error when it cannot be started.
class GateFixture {
 public:
  struct Options {
    std::size_t loops = 2;
    bool sharded = true;
    GateOptions gate;
    std::vector<std::string> server_settings;  ///< see wire::testing::MariadbServer
  };
  explicit GateFixture(Options options);
  ~GateFixture();

  /// Stops the gate, as its destructor does.
  void stop();
  runtime::Address address() const;
  /// A client of the gate; on the caller's own loop.
  wire::ConnectParams client(std::string database = "commerce") const;
  wire::testing::MariadbServer& server(std::size_t number) { return *servers_[number]; }
  /// What one of the gate's counters has counted; 0 before it is there.
  std::uint64_t counter(const char* name) { return metrics_.counter({name, ""}).value(); }
  runtime::Loop& loop(std::size_t number) { return *loops_[number]; }
  /// Runs SQL on a server as root, past the gate.
  wire::ResultSet on_server(std::size_t number, std::string sql);

 private:
  void run_home();

  Options options_;
  std::string folder_;
  std::vector<std::unique_ptr<wire::testing::MariadbServer>> servers_;
  std::vector<std::unique_ptr<runtime::Loop>> loops_;
  std::vector<std::thread> threads_;
  admin::Metrics metrics_;
  std::unique_ptr<Gate> gate_;
  runtime::Loop own_;
};

}  // namespace kintsugi::gate::testing
