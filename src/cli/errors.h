#pragma once

#include "base/error.h"

namespace kintsugi::cli {

/// Control does not answer.
inline constexpr ErrorCode kNoControl{
    7301, "no_control", 1105, "HY000",
    "Is the cluster running (kintsugi local status)? Name another control with "
    "--control host:port or KINTSUGI_CONTROL"};
/// `kintsugi sql` reaches nobody who speaks MySQL.
inline constexpr ErrorCode kNoGate{7303, "no_gate", 2003, "HY000",
                                   "Is the cluster running (kintsugi local status)? Name another gate with "
                                   "--gate host:port or KINTSUGI_GATE"};
/// A tablet's data was not made anew; the tablet is as it was.
inline constexpr ErrorCode kNotRecloned{7304, "not_recloned", 1105, "HY000",
                                        "`kintsugi recovery show` has the steps"};
/// A statement of `kintsugi sql` failed.
inline constexpr ErrorCode kStatementFailed{7302, "statement_failed"};

}  // namespace kintsugi::cli
