#pragma once

#include <string>
#include <string_view>

namespace kintsugi {

/// The text with '?' for each byte that is not part of well-formed UTF-8. Logs, pages and JSON are UTF-8, but
/// what they quote may be a client's bytes.
std::string utf8_only(std::string_view text);

/// Whether all of it is well-formed UTF-8.
bool is_utf8(std::string_view text);

}  // namespace kintsugi
