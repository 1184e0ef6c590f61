#pragma once

#include <cstdint>

/// The two bytes of server status in OK and EOF packets.
namespace kintsugi::mysql::status {

inline constexpr std::uint16_t kInTransaction = 0x0001;
inline constexpr std::uint16_t kAutocommit = 0x0002;
inline constexpr std::uint16_t kMoreResults = 0x0008;
inline constexpr std::uint16_t kNoGoodIndexUsed = 0x0010;
inline constexpr std::uint16_t kNoIndexUsed = 0x0020;
inline constexpr std::uint16_t kCursorExists = 0x0040;  ///< rows come by COM_STMT_FETCH
inline constexpr std::uint16_t kLastRowSent = 0x0080;
inline constexpr std::uint16_t kDatabaseDropped = 0x0100;
inline constexpr std::uint16_t kNoBackslashEscapes = 0x0200;
inline constexpr std::uint16_t kMetadataChanged = 0x0400;
inline constexpr std::uint16_t kQueryWasSlow = 0x0800;
inline constexpr std::uint16_t kOutParameters = 0x1000;
inline constexpr std::uint16_t kInReadOnlyTransaction = 0x2000;
inline constexpr std::uint16_t kSessionStateChanged = 0x4000;

}  // namespace kintsugi::mysql::status
