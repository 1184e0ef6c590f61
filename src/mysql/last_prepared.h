#pragma once

#include <cstdint>

namespace kintsugi::mysql {

/// Stands for the statement that was prepared last: drivers of MariaDB send COM_STMT_PREPARE and
/// COM_STMT_EXECUTE at once, before they know its id. If it could not be prepared, there is none.
inline constexpr std::uint32_t kLastPrepared = 0xffffffff;

}  // namespace kintsugi::mysql
