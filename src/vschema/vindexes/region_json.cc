#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "vschema/errors.h"
#include "vschema/vindexes/all.h"
#include "vschema/vindexes/parts.h"

namespace kintsugi::vschema {
namespace {

using Regions = std::map<std::string, std::uint64_t, std::less<>>;

class RegionJsonVindex : public Vindex {
 public:
  RegionJsonVindex(const VindexType& type, Regions regions, std::size_t bytes, std::unique_ptr<Vindex> hash)
      : Vindex(type), regions_(std::move(regions)), bytes_(bytes), hash_(std::move(hash)) {}

  /// The region comes first in an id, and last among the columns: an id alone may be anywhere.
  Destination map(std::span<const VindexValue> values) const override {
    const Destination hashed = hash_->map(values[0]);
    if (hashed.kind != Destination::Kind::id) return Destination::nowhere();
    if (values.size() == 1) return {Destination::Kind::range, {}, {}};
    const auto region = values[1].is_null ? regions_.end() : regions_.find(values[1].text);
    if (region == regions_.end()) return Destination::nowhere();
    IdParts id;
    append_region(id, region->second, bytes_);
    id.append(hashed.id.bytes(), hashed.id.bytes().size());
    return Destination::of(KeyspaceId(id.view()));
  }
  std::size_t columns() const override { return 2; }

 private:
  Regions regions_;
  std::size_t bytes_;
  std::unique_ptr<Vindex> hash_;
};

Result<Regions> read_regions(const std::string& path, std::size_t bytes) {
  std::ifstream file(path);
  if (path.empty() || !file)
    return failure(kBadVSchema, fmt::format("region_map: cannot read file '{}'", path));
  const std::string text(std::istreambuf_iterator<char>(file), {});
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(text, error);
  if (error) return failure(kBadVSchema, fmt::format("region_map: {} is no JSON: {}", path, error.message()));
  if (!json.is_object()) return failure(kBadVSchema, "region_map must be an object, as {\"US\": 1}");
  Regions regions;
  for (const auto& [country, value] : json.get_object()) {
    boost::system::error_code no_number;
    const auto region = value.to_number<std::uint64_t>(no_number);
    if (no_number || region >= (std::uint64_t{1} << (8 * bytes))) {
      return failure(kBadVSchema, fmt::format("region_map: the region of '{}' is no number of {} bytes",
                                              std::string_view(country.data(), country.size()), bytes));
    }
    regions.emplace(std::string(country.data(), country.size()), region);
  }
  return regions;
}

Result<std::unique_ptr<Vindex>> make(const VindexType& type, const VindexParams& params) {
  const Result<std::size_t> bytes = region_bytes(params);
  if (!bytes) return failure(bytes.error());
  Result<Regions> regions = read_regions(param(params, "region_map"), *bytes);
  if (!regions) return failure(regions.error());
  auto hash = make_part("hash");
  if (!hash) return failure(hash.error());
  return std::make_unique<RegionJsonVindex>(type, *std::move(regions), *bytes, *std::move(hash));
}

constexpr VindexParam kParams[] = {
    {"region_map",
     "a JSON file, readable by every gate, as {\"US\": 1, \"FR\": 2}: the region of each country"},
    {"region_bytes", "1 or 2: how many bytes the region has"},
};

}  // namespace

constinit const VindexType kRegionJsonVindex{
    .name = "region_json",
    .cost = 1,
    .unique = true,
    .columns_max = 2,
    .summary =
        "By (id, country): the country's region by a file, then hash of the id. A country that the file "
        "lacks has no place.",
    .params = kParams,
    .make = make};

}  // namespace kintsugi::vschema
