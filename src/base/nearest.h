#pragma once

#include <string_view>
#include <vector>

namespace kintsugi {

/// The candidate that `word` is most likely meant to be: a few letters more, fewer or other, whatever their
/// case. Empty if none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace kintsugi
