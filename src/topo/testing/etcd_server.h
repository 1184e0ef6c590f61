#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "runtime/process.h"
#include "runtime/tls.h"

namespace kintsugi::topo::testing {

/// A real etcd for tests: on free ports of 127.0.0.1, with its data in a folder of its own under /tmp, both
/// gone when this is destroyed. Belongs to one loop.
class EtcdServer {
 public:
  /// It talks TLS to clients, and only to those with a certificate of the authority.
  struct Tls {
    std::string ca;  ///< files
    std::string certificate;
    std::string key;
  };
  struct Options {
    std::optional<Tls> tls;
    std::vector<std::string> flags;  ///< more for etcd's command line
  };
  /// Done when it answers. kNotFound: there is no etcd on this machine.
  static Task<Result<std::unique_ptr<EtcdServer>>> start(Options options);
  static Task<Result<std::unique_ptr<EtcdServer>>> start() { return start(Options()); }
  ~EtcdServer();

  /// "http://127.0.0.1:41237", or https.
  const std::string& endpoint() const { return endpoint_; }
  /// A folder that goes with it.
  const std::filesystem::path& folder() const { return folder_; }

  struct User {
    std::string name;
    std::string password;
    std::string root;  ///< what it may read and write is below this key
  };
  /// From now on etcd asks for user and password; its own root user has the password "root".
  Task<Result<void>> enable_auth(User user);
  /// Gives the user another password, as root.
  Task<Result<void>> change_password(std::string user, std::string password);
  /// A token of etcd's.
  Task<Result<std::string>> log_in(std::string user, std::string password);
  /// Whether a token is good for reading this key.
  Task<bool> takes(std::string token, std::string key);

  /// kill -9, as a crash of the machine that it runs on.
  Task<void> kill();
  /// Starts it again with its data, on the same ports.
  Task<Result<void>> restart();
  /// SIGSTOP: from its return on, connections are taken and nothing is answered.
  void pause();
  void resume();
  /// Forgets the history of changes so far.
  Task<Result<void>> compact();

 private:
  EtcdServer() = default;
  Result<void> spawn();
  Task<bool> answers();
  Task<Result<std::string>> post(std::string path, std::string body, std::string token = "");

  std::filesystem::path folder_;
  std::optional<runtime::TlsContext> tls_;  // as a client
  std::string endpoint_;
  std::vector<std::string> command_;
  std::optional<runtime::Process> process_;
};

}  // namespace kintsugi::topo::testing
