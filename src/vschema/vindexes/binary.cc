#include "vschema/vindexes/all.h"

namespace kintsugi::vschema {
namespace {

class BinaryVindex : public Vindex {
 public:
  using Vindex::Vindex;
  Destination map(std::span<const VindexValue> values) const override {
    return Destination::of(KeyspaceId(values[0].is_null ? std::string_view() : values[0].text));
  }
};

}  // namespace

// No ranges: a column's collation may order its values otherwise than their bytes.
constinit const VindexType kBinaryVindex{
    .name = "binary",
    .cost = 0,
    .unique = true,
    .columns_max = 1,
    .summary = "The value's bytes are the id.",
    .make = [](const VindexType& type, const VindexParams&) -> Result<std::unique_ptr<Vindex>> {
      return std::make_unique<BinaryVindex>(type);
    }};

}  // namespace kintsugi::vschema
