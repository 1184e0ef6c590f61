#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "wire/client_connection.h"

namespace kintsugi::wire::testing {

/// A real mariadbd with cheap settings, in a temporary folder, on a unix socket and a free TCP port. Starts
/// in under a second; ended (SIGKILL) and its folder removed when destroyed, ended as well when the test's
/// process dies. Root has no password. Throws std::runtime_error with the server's log when it does not
/// start. Needs no loop and blocks: for a test's set-up.
class MariadbServer {
 public:
  struct Options {
    std::vector<std::string> settings;  ///< "--log-bin", "--max-allowed-packet=64M", …
    bool tls = false;                   ///< with a self-signed certificate made for it
    /// A MySQL server's program, which is run instead, with its own settings and the certificate that it
    /// makes.
    std::string mysql = {};
  };
  static std::unique_ptr<MariadbServer> start(const Options& options);
  static std::unique_ptr<MariadbServer> start() { return start(Options{}); }
  ~MariadbServer();
  MariadbServer(const MariadbServer&) = delete;
  MariadbServer& operator=(const MariadbServer&) = delete;

  const std::string& folder() const { return folder_; }
  runtime::Address socket() const { return runtime::Address::unix_socket(folder_ + "/s"); }
  runtime::Address tcp() const { return runtime::Address::tcp("127.0.0.1", port_); }
  pid_t pid() const { return pid_; }
  /// As root over the unix socket.
  ConnectParams root() const;

  void kill();     ///< SIGKILL, and waits for the end
  void restart();  ///< after kill(), with the same data

 private:
  explicit MariadbServer(Options options);
  std::vector<std::string> server_command() const;
  void launch();
  void wait_until_ready() const;

  Options options_;
  std::string folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace kintsugi::wire::testing
