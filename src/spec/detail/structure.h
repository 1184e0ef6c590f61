#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/detail/tree.h"

namespace kintsugi::spec::detail {

/// What is wrong, and at which field.
struct Finding {
  Position position;
  std::string path;
  std::string message;
};

/// Checks the tree against the table of fields: names, types, bounds, what is required. Values that are
/// wrong are made null in it, so that what follows sees them as not given and does not complain twice.
std::vector<Finding> check_structure(Node& root);

/// The position of what `path` ("spec.keyspaces[1].shards") names, or of what is nearest around it.
Position locate(const Node& root, std::string_view path);

std::optional<std::int64_t> parse_integer(std::string_view text);
/// "32M" → 33554432.
std::optional<std::int64_t> parse_bytes(std::string_view text);

}  // namespace kintsugi::spec::detail
