#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "mysql/capabilities.h"

/// The packets of a connection's beginning, as bytes to structs and back; payloads without frame headers.
/// The conversations made of them are in server_handshake.h and client_handshake.h.
namespace kintsugi::mysql {

/// Protocol::HandshakeV10: what a server says first.
struct Greeting {
  std::string server_version;
  std::uint32_t connection_id = 0;
  std::string scramble;  ///< kScrambleSize bytes
  Capabilities capabilities = 0;
  std::uint8_t collation = 0;
  std::uint16_t status = 0;
  std::string auth_plugin;
};

void write_greeting(std::string& out, const Greeting& greeting);
/// An ERR packet in its place (too many connections, host blocked) gives that error.
Result<Greeting> parse_greeting(std::string_view payload);

using ConnectAttributes = std::vector<std::pair<std::string, std::string>>;

/// Protocol::HandshakeResponse41: who the client is and what it wants.
struct HandshakeResponse {
  Capabilities capabilities = 0;
  std::uint32_t max_packet_size = 0;
  std::uint16_t collation = 0;
  std::string user;
  std::string auth_response;
  std::optional<std::string> database;
  std::string auth_plugin;  ///< empty: the client does not say
  ConnectAttributes attributes;
  std::uint8_t zstd_level = 0;
};

void write_handshake_response(std::string& out, const HandshakeResponse& response);
/// Protocol 3.20 is refused with kBadHandshake. `offered`: the server's capabilities; the result's are those
/// both have.
Result<HandshakeResponse> parse_handshake_response(std::string_view payload, Capabilities offered);

/// Protocol::SSLRequest: a HandshakeResponse41 cut off before the user's name; TLS begins with the byte
/// after.
void write_ssl_request(std::string& out, const HandshakeResponse& response);
bool is_ssl_request(std::string_view payload);

/// COM_CHANGE_USER, the command's byte included. What a client does not send keeps its zero value;
/// `collation` 0 means unchanged.
struct ChangeUser {
  std::string user;
  std::string auth_response;
  std::string database;
  std::uint16_t collation = 0;
  std::string auth_plugin;
  ConnectAttributes attributes;
};

void write_change_user(std::string& out, const ChangeUser& request, Capabilities capabilities);
Result<ChangeUser> parse_change_user(std::string_view payload, Capabilities capabilities);

/// The server asks for another method (first byte 0xfe).
struct AuthSwitchRequest {
  std::string auth_plugin;
  std::string data;  ///< the scramble, without its zero byte
};

void write_auth_switch(std::string& out, const AuthSwitchRequest& request);
Result<AuthSwitchRequest> parse_auth_switch(std::string_view payload);

}  // namespace kintsugi::mysql
