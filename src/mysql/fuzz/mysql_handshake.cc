// The server's and the client's handshake against a peer that says anything: the input is cut into packets at
// its own length bytes.

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "mysql/client_handshake.h"
#include "mysql/packet.h"
#include "mysql/server_handshake.h"

using namespace kintsugi::mysql;

namespace {

constexpr Capabilities kCapabilities = capability::kProtocol41 | capability::kSecureConnection |
                                       capability::kPluginAuth | capability::kPluginAuthLenenc |
                                       capability::kConnectWithDb | capability::kConnectAttributes |
                                       capability::kSsl | capability::kSessionTrack | capability::kZstd;
const std::string kScramble = "abcdefghij0123456789";

std::shared_ptr<const RsaKeyPair> key() {
  static const auto pair = RsaKeyPair::generate().value();
  return pair;
}

template <class Handshake>
void run(Handshake& handshake, HandshakeAction action, Reader input, std::uint8_t sequence) {
  while (action.kind == HandshakeAction::Kind::read && !input.empty()) {
    const std::string_view payload = input.take(std::min<std::size_t>(input.u16(), input.remaining()));
    action = handshake.resume(payload, sequence);
    sequence = static_cast<std::uint8_t>(sequence + 2);
    if (action.kind == HandshakeAction::Kind::start_tls) action = handshake.resume_after_tls();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader input({reinterpret_cast<const char*>(data), size});
  const std::uint8_t choice = input.u8();
  if (choice & 1) {
    ServerHandshakeConfig config;
    config.server_version = "8.0.36";
    config.capabilities = kCapabilities;
    config.rsa = choice & 2 ? key() : nullptr;
    config.always_full_auth = (choice & 4) != 0;
    config.credentials = [](std::string_view) { return std::vector{Credential::from_password("p")}; };
    ServerHandshake handshake(config, kScramble);
    if (choice & 8) {
      const std::string_view first = input.take(std::min<std::size_t>(input.u16(), input.remaining()));
      run(handshake, handshake.start_change_user(first, kCapabilities), input, 2);
    } else {
      run(handshake, handshake.start(), input, 1);
    }
  } else {
    ClientHandshake handshake({.user = "u", .password = "p", .database = "d", .capabilities = kCapabilities});
    if (choice & 8) {
      run(handshake, handshake.start_change_user({.scramble = kScramble}, kCapabilities), input, 1);
    } else {
      run(handshake, handshake.start(), input, 0);
    }
  }
  return 0;
}
