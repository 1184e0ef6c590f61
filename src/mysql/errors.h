#pragma once

#include "base/error.h"

namespace kintsugi::mysql {

// Numbers 45xx belong to this folder.

inline constexpr ErrorCode kMalformedPacket{4500, "malformed_packet", 1835, "HY000",
                                            "The peer does not speak the MySQL protocol as negotiated"};
inline constexpr ErrorCode kPacketTooLarge{4501, "packet_too_large", 1153, "08S01",
                                           "Send smaller packets or raise max_allowed_packet"};
inline constexpr ErrorCode kPacketOutOfOrder{4502, "packet_out_of_order", 1156, "08S01",
                                             "Reconnect: the two ends disagree on the packet sequence"};
inline constexpr ErrorCode kBadHandshake{4503, "bad_handshake", 1043, "08S01",
                                         "Use a client that speaks protocol 4.1 (any since MySQL 4.1)"};
inline constexpr ErrorCode kAccessDenied{4504, "access_denied", 1045, "28000"};
inline constexpr ErrorCode kUnsupportedAuth{
    4505, "unsupported_auth", 1251, "08004",
    "Use mysql_native_password or caching_sha2_password, and TLS where the method needs it"};
inline constexpr ErrorCode kTlsRequired{4506, "tls_required", 3159, "HY000", "Connect with TLS"};
inline constexpr ErrorCode kBadCompression{4507, "bad_compression", 1157, "08S01",
                                           "Reconnect, without compression if it happens again"};

}  // namespace kintsugi::mysql
