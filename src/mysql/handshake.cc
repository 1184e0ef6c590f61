#include "mysql/handshake.h"

#include <algorithm>

#include "mysql/auth.h"
#include "mysql/command.h"
#include "mysql/errors.h"
#include "mysql/packet.h"
#include "mysql/response.h"

namespace kintsugi::mysql {
namespace {

constexpr std::uint8_t kProtocolVersion = 10;
/// MariaDB servers say this before their version, for replicas that believed 10 to be older than 5.
constexpr std::string_view kMariadbPrefix = "5.5.5-";

std::string_view prefix_of(std::string_view server_version) {
  const bool is_mariadb_10 =
      server_version.starts_with("10.") && server_version.find("MariaDB") != std::string_view::npos;
  return is_mariadb_10 ? kMariadbPrefix : std::string_view();
}

void write_attributes(Writer& writer, const ConnectAttributes& attributes) {
  std::string all;
  Writer pairs(all);
  for (const auto& [name, value] : attributes) pairs.lenenc_string(name).lenenc_string(value);
  writer.lenenc_string(all);
}

ConnectAttributes read_attributes(Reader& reader) {
  ConnectAttributes attributes;
  Reader pairs(reader.lenenc_string());
  while (pairs.ok() && !pairs.empty()) {
    const std::string_view name = pairs.lenenc_string();
    const std::string_view value = pairs.lenenc_string();
    attributes.emplace_back(name, value);
  }
  if (!pairs.ok()) reader.fail();
  return attributes;
}

void write_client_head(Writer& writer, const HandshakeResponse& response) {
  writer.u32(static_cast<std::uint32_t>(response.capabilities)).u32(response.max_packet_size);
  writer.u8(static_cast<std::uint8_t>(response.collation)).zeros(19);
  const bool extended = (response.capabilities & capability::kMysql) == 0;
  writer.u32(extended ? static_cast<std::uint32_t>(response.capabilities >> 32) : 0);
}

}  // namespace

void write_greeting(std::string& out, const Greeting& greeting) {
  const Capabilities own = greeting.capabilities;
  Writer writer(out);
  writer.u8(kProtocolVersion).bytes(prefix_of(greeting.server_version));
  writer.null_string(greeting.server_version).u32(greeting.connection_id);
  writer.bytes(std::string_view(greeting.scramble).substr(0, 8)).zeros(1);
  writer.u16(static_cast<std::uint16_t>(own)).u8(greeting.collation).u16(greeting.status);
  writer.u16(static_cast<std::uint16_t>(own >> 16));
  const bool plugin = (own & capability::kPluginAuth) != 0;
  writer.u8(plugin ? static_cast<std::uint8_t>(greeting.scramble.size() + 1) : 0).zeros(6);
  writer.u32((own & capability::kMysql) == 0 ? static_cast<std::uint32_t>(own >> 32) : 0);
  writer.bytes(std::string_view(greeting.scramble).substr(8)).zeros(1);
  if (plugin) writer.null_string(greeting.auth_plugin);
}

Result<Greeting> parse_greeting(std::string_view payload) {
  Reader reader(payload);
  if (reader.peek() == 0xff) return failure(parse_error_packet(payload));
  const std::uint8_t version = reader.u8();
  if (reader.ok() && version != kProtocolVersion) {
    return failure(kBadHandshake, "the server speaks protocol version " + std::to_string(version));
  }
  Greeting greeting;
  std::string_view server_version = reader.null_string();
  if (server_version.starts_with(kMariadbPrefix)) server_version.remove_prefix(kMariadbPrefix.size());
  greeting.server_version = server_version;
  greeting.connection_id = reader.u32();
  greeting.scramble = reader.take(8);
  reader.skip(1);
  greeting.capabilities = reader.u16();
  greeting.collation = reader.u8();
  greeting.status = reader.u16();
  greeting.capabilities |= Capabilities{reader.u16()} << 16;
  const std::size_t data_size = reader.u8();
  reader.skip(6);
  const std::uint32_t extended = reader.u32();
  if ((greeting.capabilities & capability::kMysql) == 0)
    greeting.capabilities |= Capabilities{extended} << 32;
  const std::size_t rest = std::max<std::size_t>(13, data_size > 8 ? data_size - 8 : 0);
  greeting.scramble += reader.take(rest).substr(0, kScrambleSize - 8);
  if (greeting.capabilities & capability::kPluginAuth) greeting.auth_plugin = reader.null_string_or_rest();
  if (!reader.ok()) return failure(kMalformedPacket, "the server's greeting is cut short");
  if ((greeting.capabilities & capability::kProtocol41) == 0) {
    return failure(kBadHandshake, "the server does not speak protocol 4.1");
  }
  return greeting;
}

void write_handshake_response(std::string& out, const HandshakeResponse& response) {
  const Capabilities own = response.capabilities;
  Writer writer(out);
  write_client_head(writer, response);
  writer.null_string(response.user);
  if (own & capability::kPluginAuthLenenc) {
    writer.lenenc_string(response.auth_response);
  } else {
    writer.u8(static_cast<std::uint8_t>(response.auth_response.size())).bytes(response.auth_response);
  }
  if (own & capability::kConnectWithDb) writer.null_string(response.database.value_or(""));
  if (own & capability::kPluginAuth) writer.null_string(response.auth_plugin);
  if (own & capability::kConnectAttributes) write_attributes(writer, response.attributes);
  if (own & capability::kZstd) writer.u8(response.zstd_level);
}

Result<HandshakeResponse> parse_handshake_response(std::string_view payload, Capabilities offered) {
  Reader reader(payload);
  HandshakeResponse response;
  const std::uint32_t asked = reader.u32();
  if (reader.ok() && (asked & capability::kProtocol41) == 0) {
    return failure(kBadHandshake, "the client does not speak protocol 4.1");
  }
  response.max_packet_size = reader.u32();
  response.collation = reader.u8();
  reader.skip(19);
  const std::uint32_t extended = reader.u32();
  response.capabilities = asked;
  if ((asked & capability::kMysql) == 0) response.capabilities |= Capabilities{extended} << 32;
  response.capabilities &= offered;
  // How the packet is laid out follows from what the client set, whatever the server offered.
  response.user = reader.null_string();
  if (asked & capability::kPluginAuthLenenc) {
    response.auth_response = reader.lenenc_string();
  } else if (asked & capability::kSecureConnection) {
    response.auth_response = reader.take(reader.u8());
  } else {
    response.auth_response = reader.null_string();
  }
  if (asked & capability::kConnectWithDb) {
    const std::string_view database = reader.null_string();
    if (!database.empty()) response.database = database;
  }
  if (asked & capability::kPluginAuth) response.auth_plugin = reader.null_string_or_rest();
  if (asked & capability::kConnectAttributes && !reader.empty()) {
    response.attributes = read_attributes(reader);
  }
  if (asked & capability::kZstd && !reader.empty()) response.zstd_level = reader.u8();
  if (!reader.ok()) return failure(kBadHandshake, "the handshake response is cut short");
  return response;
}

void write_ssl_request(std::string& out, const HandshakeResponse& response) {
  Writer writer(out);
  write_client_head(writer, response);
}

bool is_ssl_request(std::string_view payload) {
  constexpr std::size_t kHeadSize = 32;
  return payload.size() == kHeadSize && (Reader(payload).u32() & capability::kSsl) != 0;
}

void write_change_user(std::string& out, const ChangeUser& request, Capabilities capabilities) {
  Writer writer(out);
  writer.u8(static_cast<std::uint8_t>(Command::change_user)).null_string(request.user);
  writer.u8(static_cast<std::uint8_t>(request.auth_response.size())).bytes(request.auth_response);
  writer.null_string(request.database).u16(request.collation);
  if (capabilities & capability::kPluginAuth) writer.null_string(request.auth_plugin);
  if (capabilities & capability::kConnectAttributes) write_attributes(writer, request.attributes);
}

Result<ChangeUser> parse_change_user(std::string_view payload, Capabilities capabilities) {
  Reader reader(payload);
  reader.skip(1);
  ChangeUser request;
  request.user = reader.null_string();
  request.auth_response =
      capabilities & capability::kSecureConnection ? reader.take(reader.u8()) : reader.null_string();
  request.database = reader.null_string_or_rest();
  if (!reader.empty()) request.collation = reader.u16();
  if (capabilities & capability::kPluginAuth && !reader.empty()) {
    request.auth_plugin = reader.null_string_or_rest();
  }
  if (capabilities & capability::kConnectAttributes && !reader.empty()) {
    request.attributes = read_attributes(reader);
  }
  if (!reader.ok()) return failure(kMalformedPacket, "COM_CHANGE_USER is cut short");
  return request;
}

void write_auth_switch(std::string& out, const AuthSwitchRequest& request) {
  Writer(out).u8(0xfe).null_string(request.auth_plugin).null_string(request.data);
}

Result<AuthSwitchRequest> parse_auth_switch(std::string_view payload) {
  Reader reader(payload);
  AuthSwitchRequest request;
  reader.skip(1);
  // A packet of the first byte alone asks for the method before 4.1, which nobody should use.
  if (reader.ok() && reader.empty()) {
    return failure(kUnsupportedAuth, "the server asks for the password method of MySQL 4.0");
  }
  request.auth_plugin = reader.null_string();
  std::string_view data = reader.rest();
  if (data.ends_with('\0')) data.remove_suffix(1);
  request.data = data;
  if (!reader.ok()) return failure(kMalformedPacket, "the request to switch the method is cut short");
  return request;
}

}  // namespace kintsugi::mysql
