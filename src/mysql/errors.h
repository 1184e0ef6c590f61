#pragma once

#include "base/error.h"

namespace kintsugi::mysql {

// Numbers 45xx belong to this folder.

/// Bytes came that are no packet of the protocol.
inline constexpr ErrorCode kMalformedPacket{4500, "malformed_packet", 1835, "HY000",
                                            "The peer does not speak the MySQL protocol as negotiated"};
/// A packet is larger than is taken.
inline constexpr ErrorCode kPacketTooLarge{4501, "packet_too_large", 1153, "08S01",
                                           "Send smaller packets or raise max_allowed_packet"};
/// A packet's number is not the one that follows.
inline constexpr ErrorCode kPacketOutOfOrder{4502, "packet_out_of_order", 1156, "08S01",
                                             "Reconnect: the two ends disagree on the packet sequence"};
/// A connection does not begin as protocol 4.1 says.
inline constexpr ErrorCode kBadHandshake{4503, "bad_handshake", 1043, "08S01",
                                         "Use a client that speaks protocol 4.1 (any since MySQL 4.1)"};
/// The user is not known, may not come from this host, or has given a wrong password.
inline constexpr ErrorCode kAccessDenied{4504, "access_denied", 1045, "28000"};
/// Client and server share no method of authentication that is allowed.
inline constexpr ErrorCode kUnsupportedAuth{
    4505, "unsupported_auth", 1251, "08004",
    "Use mysql_native_password or caching_sha2_password, and TLS where the method needs it"};
/// TLS is required, and the connection has none.
inline constexpr ErrorCode kTlsRequired{4506, "tls_required", 3159, "HY000", "Connect with TLS"};
/// Compressed bytes came that cannot be read.
inline constexpr ErrorCode kBadCompression{4507, "bad_compression", 1157, "08S01",
                                           "Reconnect, without compression if it happens again"};
/// The client did not finish its login in time.
inline constexpr ErrorCode kHandshakeTimeout{4508, "handshake_timeout", 1159, "08S01",
                                             "Log in sooner, or raise the gate's login_timeout"};

}  // namespace kintsugi::mysql
