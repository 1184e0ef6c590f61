#pragma once

#include <utility>

#include "base/error.h"
#include "runtime/stream.h"

namespace kintsugi::runtime {

/// Two ends of one connection within the process, on the current loop. kConnectFailed: too many files are
/// open.
Result<std::pair<Stream, Stream>> stream_pair();

}  // namespace kintsugi::runtime
