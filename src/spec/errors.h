#pragma once

#include "base/error.h"

namespace kintsugi::spec {

inline constexpr ErrorCode kBadSpec{7001, "bad_spec", 1105, "HY000",
                                    "docs/cluster-spec.md lists every field"};  ///< one line a mistake
inline constexpr ErrorCode kSpecUnreadable{7002, "spec_unreadable"};            ///< the file cannot be read

}  // namespace kintsugi::spec
