#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace kintsugi::rpc {

/// The other side answered, but not as a Kintsugi process does: something else listens there, or a proxy
/// answered in its place.
inline constexpr ErrorCode kRpcFailed{1201, "rpc_failed", 1105, "HY000",
                                      "Check that the address is that of a Kintsugi process"};

/// {"code":"not_found","message":"…","details":[{"ktCode":1004,"name":"not_found","nextStep":"…"}]}
std::string error_to_json(const Error& error);

/// The HTTP status of the error's Connect code: 404 for kNotFound, 503 for what says that a server cannot be
/// reached, 400 (failed_precondition) for every code this folder does not know.
int http_status(const Error& error);

/// The error that was sent, with the same code (Error::is holds), message, MySQL number and state. kRpcFailed
/// if the text is no error of ours. Any thread.
Error error_from_json(std::string_view json, int status);

/// The last line of a stream that failed; and the error in it, or nothing if the line is an ordinary one.
std::string stream_end_json(const Error& error);
bool is_stream_end(std::string_view line);
Error error_from_stream_end(std::string_view line);

}  // namespace kintsugi::rpc
