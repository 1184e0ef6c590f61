#pragma once

#include <span>

#include "mysql/response.h"

namespace kintsugi::exec {

/// One OK packet for those of several shards, in order: rows and warnings added up, the first id, and the
/// text
/// ("Rows matched: 2  Changed: 1  Warnings: 0") with its numbers added up where all are alike. `parts` is not
/// empty.
mysql::OkPacket merge_ok(std::span<const mysql::OkPacket> parts);

/// Adds the numbers of two texts that are alike but for their numbers; else `a`.
std::string add_info(const std::string& a, const std::string& b);

}  // namespace kintsugi::exec
