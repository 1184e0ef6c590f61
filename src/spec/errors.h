#pragma once

#include "base/error.h"

namespace kintsugi::spec {

/// The cluster spec has mistakes: a line for each, with its place and field.
inline constexpr ErrorCode kBadSpec{7001, "bad_spec", 1105, "HY000",
                                    "docs/cluster-spec.md lists every field"};
/// The spec, or a file that it names, cannot be read.
inline constexpr ErrorCode kSpecUnreadable{7002, "spec_unreadable"};

}  // namespace kintsugi::spec
