#pragma once

#include <cstdint>

/// What client and server agree on when they connect. The low 32 bits are the protocol's own, the high 32
/// MariaDB's extension, which travels in a reserved field and exists only where CLIENT_MYSQL is clear.
namespace kintsugi::mysql {

using Capabilities = std::uint64_t;

namespace capability {
inline constexpr Capabilities kMysql = 1u << 0;      ///< "long password"; clear in MariaDB's own greetings
inline constexpr Capabilities kFoundRows = 1u << 1;  ///< affected rows counts rows matched, not rows changed
inline constexpr Capabilities kLongFlag = 1u << 2;
inline constexpr Capabilities kConnectWithDb = 1u << 3;
inline constexpr Capabilities kNoSchema = 1u << 4;
inline constexpr Capabilities kCompress = 1u << 5;  ///< zlib
inline constexpr Capabilities kOdbc = 1u << 6;
inline constexpr Capabilities kLocalFiles = 1u << 7;
inline constexpr Capabilities kIgnoreSpace = 1u << 8;
inline constexpr Capabilities kProtocol41 = 1u << 9;
inline constexpr Capabilities kInteractive = 1u << 10;
inline constexpr Capabilities kSsl = 1u << 11;
inline constexpr Capabilities kIgnoreSigpipe = 1u << 12;
inline constexpr Capabilities kTransactions = 1u << 13;
inline constexpr Capabilities kReserved = 1u << 14;
inline constexpr Capabilities kSecureConnection = 1u << 15;
inline constexpr Capabilities kMultiStatements = 1u << 16;
inline constexpr Capabilities kMultiResults = 1u << 17;
inline constexpr Capabilities kPsMultiResults = 1u << 18;
inline constexpr Capabilities kPluginAuth = 1u << 19;
inline constexpr Capabilities kConnectAttributes = 1u << 20;
inline constexpr Capabilities kPluginAuthLenenc = 1u << 21;  ///< authentication data may be over 255 bytes
inline constexpr Capabilities kExpiredPasswords = 1u << 22;
inline constexpr Capabilities kSessionTrack = 1u << 23;
inline constexpr Capabilities kDeprecateEof = 1u << 24;
inline constexpr Capabilities kOptionalMetadata = 1u << 25;
inline constexpr Capabilities kZstd = 1u << 26;
inline constexpr Capabilities kQueryAttributes = 1u << 27;
inline constexpr Capabilities kMultiFactor = 1u << 28;

inline constexpr Capabilities kMariadbProgress = 1ull << 32;
inline constexpr Capabilities kMariadbComMulti = 1ull << 33;
inline constexpr Capabilities kMariadbBulk = 1ull << 34;
inline constexpr Capabilities kMariadbExtendedMetadata = 1ull << 35;
inline constexpr Capabilities kMariadbCacheMetadata = 1ull << 36;
inline constexpr Capabilities kMariadbAll = 0xffffffffull << 32;
}  // namespace capability

}  // namespace kintsugi::mysql
