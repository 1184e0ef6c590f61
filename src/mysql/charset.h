#pragma once

#include <cstdint>
#include <string_view>

namespace kintsugi::mysql {

/// One collation, as the protocol's numbers mean it. The table holds those of MariaDB 10.11 and MySQL 9,
/// which do not contradict each other.
struct Collation {
  std::uint16_t id;
  std::string_view name;
  std::string_view charset;
  std::uint8_t max_bytes;  ///< of one character
};

inline constexpr std::uint16_t kBinaryCollation = 63;
inline constexpr std::uint16_t kUtf8mb4GeneralCi = 45;

/// nullptr where there is no such collation. Names in any case; utf8_… is utf8mb3_….
const Collation* find_collation(std::uint16_t id);
const Collation* find_collation(std::string_view name);

/// The one that a character set has by itself ("utf8mb4" → utf8mb4_general_ci, which both kinds of servers
/// know), or nullptr.
const Collation* default_collation(std::string_view charset);

/// What a server takes for a client that asks for this collation when it connects. nullptr, its default,
/// where the server does not have it (each kind has some of its own), or cannot read statements written in
/// it.
const Collation* client_collation(std::uint16_t id, bool mariadb);

/// Whether the bytes of ' and \ never occur inside another character of this set: false for big5, gbk, sjis,
/// …, and for those where they are not single bytes at all (utf16, …).
bool is_ascii_safe(std::string_view charset);

}  // namespace kintsugi::mysql
