#pragma once

#include <string_view>

#include "vschema/vindex.h"

namespace kintsugi::vschema {

/// XXH64 with seed 0, least significant byte first.
KeyspaceId xxhash_id(std::string_view bytes);
/// MD5, all 16 bytes.
KeyspaceId md5_id(std::string_view bytes);

}  // namespace kintsugi::vschema
