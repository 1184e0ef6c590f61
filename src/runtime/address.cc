#include "runtime/address.h"

#include <charconv>

#include <fmt/format.h>

namespace kintsugi::runtime {

Result<Address> Address::parse(std::string_view text) {
  if (text.starts_with("unix:")) {
    if (text.size() == 5) return failure(kInvalidArgument, "'unix:' needs a path after it");
    return unix_socket(std::string(text.substr(5)));
  }
  const auto colon = text.rfind(':');
  const std::string_view port_text = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (port_text.empty() || error != std::errc() || end != port_text.data() + port_text.size() ||
      host.empty()) {
    return failure(kInvalidArgument,
                   fmt::format("'{}' is no address: write host:port, [ipv6]:port or unix:/path", text));
  }
  return tcp(std::string(host), port);
}

std::string Address::text() const {
  if (is_unix()) return "unix:" + path;
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                             : fmt::format("[{}]:{}", host, port);
}

}  // namespace kintsugi::runtime
