#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kintsugi::vschema {

/// The one of `names` that a person who wrote `name` may have meant; empty: none is near.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& names);

/// " (did you mean x?)", or nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& names);

}  // namespace kintsugi::vschema
