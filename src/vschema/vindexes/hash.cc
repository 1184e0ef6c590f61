// DES is here to scatter, not to hide: the ids are the ones that Vitess gives. The functions of libcrypto
// that are deprecated for lack of security are wanted: OpenSSL's newer interface refuses single DES and
// allocates.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/des.h>

#include <cstring>

#include "vschema/vindexes/all.h"
#include "vschema/vindexes/number.h"

namespace kintsugi::vschema {
namespace {

/// DES in ECB mode with a key of zeros, over the number's eight bytes, most significant first.
class HashVindex : public Vindex {
 public:
  explicit HashVindex(const VindexType& type) : Vindex(type) {
    DES_cblock zeros{};
    DES_set_key_unchecked(&zeros, &schedule_);
  }

  Destination map(std::span<const VindexValue> values) const override {
    const auto number = parse_number(values[0]);
    if (!number) return Destination::nowhere();
    DES_cblock block;
    std::memcpy(block, KeyspaceId::big_endian(*number).bytes().data(), sizeof block);
    // The schedule is only read; the interface is older than const.
    DES_ecb_encrypt(&block, &block, const_cast<DES_key_schedule*>(&schedule_), DES_ENCRYPT);
    return Destination::of(KeyspaceId({reinterpret_cast<const char*>(block), sizeof block}));
  }

 private:
  DES_key_schedule schedule_;
};

}  // namespace

constinit const VindexType kHashVindex{
    .name = "hash",
    .cost = 1,
    .unique = true,
    .columns_max = 1,
    .summary =
        "Scatters integers: DES with a key of zeros over the number. For a new keyspace xxhash does the same "
        "faster and "
        "takes strings too.",
    .make = [](const VindexType& type, const VindexParams&) -> Result<std::unique_ptr<Vindex>> {
      return std::make_unique<HashVindex>(type);
    }};

}  // namespace kintsugi::vschema
