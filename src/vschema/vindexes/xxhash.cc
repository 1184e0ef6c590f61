#include <xxhash.h>

#include "vschema/vindexes/all.h"
#include "vschema/vindexes/digest.h"

namespace kintsugi::vschema {

KeyspaceId xxhash_id(std::string_view bytes) {
  std::uint64_t hash = XXH64(bytes.data(), bytes.size(), 0);
  char little_endian[8];
  for (char& byte : little_endian) {
    byte = static_cast<char>(hash & 0xff);
    hash >>= 8;
  }
  return KeyspaceId({little_endian, sizeof little_endian});
}

namespace {

class XxhashVindex : public Vindex {
 public:
  using Vindex::Vindex;
  Destination map(std::span<const VindexValue> values) const override {
    return Destination::of(xxhash_id(values[0].is_null ? std::string_view() : values[0].text));
  }
};

}  // namespace

constinit const VindexType kXxhashVindex{
    .name = "xxhash",
    .cost = 1,
    .unique = true,
    .columns_max = 1,
    .summary =
        "Scatters integers and strings: XXH64 of the value's text. The one to take when nothing speaks for "
        "another. Text "
        "is taken byte by byte: 'a' and 'A' differ.",
    .make = [](const VindexType& type, const VindexParams&) -> Result<std::unique_ptr<Vindex>> {
      return std::make_unique<XxhashVindex>(type);
    }};

}  // namespace kintsugi::vschema
