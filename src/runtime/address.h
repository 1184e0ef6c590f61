#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace kintsugi::runtime {

/// Where a stream goes to: a host and port, or the path of a unix socket.
struct Address {
  std::string host;  ///< name, IPv4 or IPv6 without brackets; empty for a unix socket
  std::uint16_t port = 0;
  std::string path;  ///< of a unix socket; empty for TCP

  static Address tcp(std::string host, std::uint16_t port) { return {std::move(host), port, {}}; }
  static Address unix_socket(std::string path) { return {{}, 0, std::move(path)}; }
  /// "127.0.0.1:3306", "[::1]:3306", "unix:/run/mysqld.sock".
  static Result<Address> parse(std::string_view text);

  bool is_unix() const { return !path.empty(); }
  std::string text() const;
  bool operator==(const Address&) const = default;
};

}  // namespace kintsugi::runtime
