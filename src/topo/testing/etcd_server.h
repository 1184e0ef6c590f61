#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "runtime/process.h"

namespace kintsugi::topo::testing {

/// A real etcd for tests: on free ports of 127.0.0.1, with its data in a folder of its own under /tmp, both
/// gone when this is destroyed. Belongs to one loop.
class EtcdServer {
 public:
  /// Done when it answers. kNotFound: there is no etcd on this machine.
  static Task<Result<std::unique_ptr<EtcdServer>>> start();
  ~EtcdServer();

  /// "http://127.0.0.1:41237"
  const std::string& endpoint() const { return endpoint_; }

  /// kill -9, as a crash of the machine that it runs on.
  Task<void> kill();
  /// Starts it again with its data, on the same ports.
  Task<Result<void>> restart();
  /// SIGSTOP: it takes connections and does not answer.
  void pause();
  void resume();
  /// Forgets the history of changes so far.
  Task<Result<void>> compact();

 private:
  EtcdServer() = default;
  Result<void> spawn();
  Task<bool> answers();

  std::filesystem::path folder_;
  std::string endpoint_;
  std::vector<std::string> command_;
  std::optional<runtime::Process> process_;
};

}  // namespace kintsugi::topo::testing
