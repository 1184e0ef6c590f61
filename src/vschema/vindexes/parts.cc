#include "vschema/vindexes/parts.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "vschema/errors.h"

namespace kintsugi::vschema {

void IdParts::append(std::string_view part, std::size_t most) {
  const std::size_t count = std::min({part.size(), most, sizeof bytes_ - size_});
  std::memcpy(bytes_ + size_, part.data(), count);
  size_ += count;
}

void IdParts::pad(std::size_t size) { size_ = std::max(size_, std::min(size, sizeof bytes_)); }

std::string param(const VindexParams& params, std::string_view name) {
  const auto found = params.find(std::string(name));
  return found == params.end() ? std::string() : found->second;
}

Result<std::size_t> region_bytes(const VindexParams& params) {
  const std::string text = param(params, "region_bytes");
  if (text == "1") return 1;
  if (text == "2") return 2;
  return failure(kBadVSchema, fmt::format("parameter region_bytes must be 1 or 2, not '{}'", text));
}

void append_region(IdParts& id, std::uint64_t region, std::size_t size) {
  const char bytes[2] = {static_cast<char>(region >> 8), static_cast<char>(region)};
  id.append(std::string_view(bytes, 2).substr(2 - size), size);
}

Result<std::unique_ptr<Vindex>> make_part(std::string_view type_name) {
  const VindexType* type = find_vindex_type(type_name);
  if (type != nullptr && (type->needs_table || type->columns_max > 1)) {
    return failure(kBadVSchema, fmt::format("{}: it must be a function of one column", type->name));
  }
  return make_vindex(type_name, {});
}

}  // namespace kintsugi::vschema
