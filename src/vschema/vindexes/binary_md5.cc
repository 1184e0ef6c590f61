// MD5 is here to scatter, not to hide: the ids are the ones that Vitess gives. The deprecated call does not
// allocate.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>

#include "vschema/vindexes/all.h"
#include "vschema/vindexes/digest.h"

namespace kintsugi::vschema {

KeyspaceId md5_id(std::string_view bytes) {
  unsigned char digest[MD5_DIGEST_LENGTH];
  MD5(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return KeyspaceId({reinterpret_cast<const char*>(digest), sizeof digest});
}

namespace {

class BinaryMd5Vindex : public Vindex {
 public:
  using Vindex::Vindex;
  Destination map(std::span<const VindexValue> values) const override {
    return Destination::of(md5_id(values[0].is_null ? std::string_view() : values[0].text));
  }
};

}  // namespace

constinit const VindexType kBinaryMd5Vindex{
    .name = "binary_md5",
    .cost = 1,
    .unique = true,
    .columns_max = 1,
    .summary = "Scatters by MD5 of the value's bytes; ids of 16 bytes.",
    .make = [](const VindexType& type, const VindexParams&) -> Result<std::unique_ptr<Vindex>> {
      return std::make_unique<BinaryMd5Vindex>(type);
    }};

}  // namespace kintsugi::vschema
