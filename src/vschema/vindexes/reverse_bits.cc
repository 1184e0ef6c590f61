#include "vschema/vindexes/all.h"
#include "vschema/vindexes/number.h"

namespace kintsugi::vschema {
namespace {

class ReverseBitsVindex : public Vindex {
 public:
  using Vindex::Vindex;
  Destination map(std::span<const VindexValue> values) const override {
    const auto number = parse_number(values[0]);
    if (!number) return Destination::nowhere();
    return Destination::of(KeyspaceId::big_endian(__builtin_bitreverse64(*number)));
  }
};

}  // namespace

constinit const VindexType kReverseBitsVindex{
    .name = "reverse_bits",
    .cost = 1,
    .unique = true,
    .columns_max = 1,
    .summary = "The number's 64 bits in reverse: numbers that follow one another land in different shards.",
    .make = [](const VindexType& type, const VindexParams&) -> Result<std::unique_ptr<Vindex>> {
      return std::make_unique<ReverseBitsVindex>(type);
    }};

}  // namespace kintsugi::vschema
