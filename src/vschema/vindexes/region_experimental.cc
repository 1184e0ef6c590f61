#include "vschema/vindexes/all.h"
#include "vschema/vindexes/number.h"
#include "vschema/vindexes/parts.h"

namespace kintsugi::vschema {
namespace {

class RegionVindex : public Vindex {
 public:
  RegionVindex(const VindexType& type, std::size_t bytes, std::unique_ptr<Vindex> hash)
      : Vindex(type), bytes_(bytes), hash_(std::move(hash)) {}

  Destination map(std::span<const VindexValue> values) const override {
    const auto region = parse_number(values[0]);
    if (!region) return Destination::nowhere();
    IdParts id;
    append_region(id, *region, bytes_);
    if (values.size() == 1) return {Destination::Kind::range, {}, KeyRange::of_prefix(id.view())};
    const Destination hashed = hash_->map(values[1]);
    if (hashed.kind != Destination::Kind::id) return Destination::nowhere();
    id.append(hashed.id.bytes(), hashed.id.bytes().size());
    return Destination::of(KeyspaceId(id.view()));
  }
  std::size_t columns() const override { return 2; }

 private:
  std::size_t bytes_;
  std::unique_ptr<Vindex> hash_;
};

Result<std::unique_ptr<Vindex>> make(const VindexType& type, const VindexParams& params) {
  const Result<std::size_t> bytes = region_bytes(params);
  if (!bytes) return failure(bytes.error());
  auto hash = make_part("hash");
  if (!hash) return failure(hash.error());
  return std::make_unique<RegionVindex>(type, *bytes, *std::move(hash));
}

constexpr VindexParam kParams[] = {{"region_bytes", "1 or 2: how many bytes the region has"}};

}  // namespace

constinit const VindexType kRegionExperimentalVindex{
    .name = "region_experimental",
    .cost = 1,
    .unique = true,
    .columns_max = 2,
    .summary =
        "By (region, id): the region's number, then hash of the id, so that a region has shards of "
        "its own.",
    .params = kParams,
    .make = make};

}  // namespace kintsugi::vschema
