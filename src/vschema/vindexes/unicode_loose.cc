#include "vschema/uca/weights.h"
#include "vschema/vindexes/all.h"
#include "vschema/vindexes/digest.h"

namespace kintsugi::vschema {
namespace {

/// The digest of what a text says, without its case, accents, width and trailing spaces, so that values that
/// a collation such as utf8mb4_unicode_ci takes as equal share an id.
class UnicodeLooseVindex : public Vindex {
 public:
  UnicodeLooseVindex(const VindexType& type, KeyspaceId (*digest)(std::string_view))
      : Vindex(type), digest_(digest) {}

  Destination map(std::span<const VindexValue> values) const override {
    std::string_view text = values[0].is_null ? std::string_view() : values[0].text;
    while (text.ends_with(' ')) text.remove_suffix(1);
    WeightBytes weights;
    if (!primary_weights(text, weights)) return Destination::nowhere();
    return Destination::of(digest_(weights.view()));
  }
  bool is_loose(std::size_t) const override { return true; }

 private:
  KeyspaceId (*digest_)(std::string_view);
};

}  // namespace

constinit const VindexType kUnicodeLooseMd5Vindex{
    .name = "unicode_loose_md5",
    .cost = 1,
    .unique = true,
    .columns_max = 1,
    .summary =
        "MD5 of the text without case, accents, width and trailing spaces, for columns with a collation that "
        "ignores them.",
    .make = [](const VindexType& type, const VindexParams&) -> Result<std::unique_ptr<Vindex>> {
      return std::make_unique<UnicodeLooseVindex>(type, md5_id);
    }};

constinit const VindexType kUnicodeLooseXxhashVindex{
    .name = "unicode_loose_xxhash",
    .cost = 1,
    .unique = true,
    .columns_max = 1,
    .summary =
        "XXH64 of the text without case, accents, width and trailing spaces, for columns with a collation "
        "that "
        "ignores them.",
    .make = [](const VindexType& type, const VindexParams&) -> Result<std::unique_ptr<Vindex>> {
      return std::make_unique<UnicodeLooseVindex>(type, xxhash_id);
    }};

}  // namespace kintsugi::vschema
