#include <limits>

#include "vschema/vindexes/all.h"
#include "vschema/vindexes/number.h"

namespace kintsugi::vschema {
namespace {

class NumericVindex : public Vindex {
 public:
  using Vindex::Vindex;

  Destination map(std::span<const VindexValue> values) const override {
    const auto number = parse_number(values[0]);
    return number ? Destination::of(KeyspaceId::big_endian(*number)) : Destination::nowhere();
  }

  // The ids of negative numbers lie above those of all others, so only a range that begins at zero or above
  // is one of ids as well.
  KeyRange map_range(const VindexValue& low, const VindexValue& high) const override {
    KeyRange all;
    const auto first = parse_number(low);
    if (!first || low.text.starts_with('-')) return all;
    KeyRange range;
    range.start = KeyspaceId::big_endian(*first).bytes();
    if (high.is_null) return range;
    const auto last = parse_number(high);
    if (!last || high.text.starts_with('-')) return all;
    if (*last < *first || *last == std::numeric_limits<std::uint64_t>::max()) return range;
    range.end = KeyspaceId::big_endian(*last + 1).bytes();
    return range;
  }
};

}  // namespace

constinit const VindexType kNumericVindex{
    .name = "numeric",
    .cost = 0,
    .unique = true,
    .columns_max = 1,
    .ranges = true,
    .summary =
        "The number itself is the id (eight bytes, most significant first), so that BETWEEN goes to few "
        "shards. Negative "
        "numbers come last.",
    .make = [](const VindexType& type, const VindexParams&) -> Result<std::unique_ptr<Vindex>> {
      return std::make_unique<NumericVindex>(type);
    }};

}  // namespace kintsugi::vschema
