#pragma once

#include <memory>
#include <string>

#include "base/task.h"
#include "runtime/address.h"

namespace kintsugi::admin {
class Metrics;
class Readiness;
class StatusPage;
}  // namespace kintsugi::admin
namespace kintsugi::runtime {
class HttpServer;
}
namespace kintsugi::topo {
class Store;
}

namespace kintsugi::control {

/// The control process: API, leadership, what the leader does, pages. Made by app/, on one loop; everything
/// it is given is borrowed and must outlive it.
class Control {
 public:
  struct Parts {
    std::string cluster;
    std::string version;
    topo::Store& store;
    runtime::HttpServer& http;  ///< gets the API's methods; started by the caller after this was made
    admin::Metrics& metrics;
    admin::Readiness& readiness;
    admin::StatusPage& status;
  };
  explicit Control(Parts parts);
  ~Control();

  /// Begins to watch and to stand for election. `address`: where the API can be reached, host:port.
  void start(const std::string& address);
  /// Gives leadership back and ends everything; before the HTTP server goes away.
  Task<void> stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kintsugi::control
