#include <vector>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "vschema/errors.h"
#include "vschema/vindexes/all.h"
#include "vschema/vindexes/digest.h"
#include "vschema/vindexes/parts.h"

namespace kintsugi::vschema {
namespace {

using Digest = KeyspaceId (*)(std::string_view);

/// A text of several pieces, each at its place in the text; each piece is hashed by itself.
class CfcVindex : public Vindex {
 public:
  CfcVindex(const VindexType& type, Digest digest, std::vector<std::size_t> offsets)
      : Vindex(type), digest_(digest), offsets_(std::move(offsets)) {}

  Destination map(std::span<const VindexValue> values) const override {
    if (values[0].is_null) return Destination::nowhere();
    const std::string_view text = values[0].text;
    if (digest_ == nullptr) return Destination::of(KeyspaceId(text));
    if (!offsets_.empty() && text.size() < offsets_.back()) return Destination::nowhere();
    std::string id;
    std::size_t begin = 0;
    for (const std::size_t end : offsets_) {
      append(id, text.substr(begin, end - begin));
      begin = end;
    }
    append(id, text.substr(begin));
    return Destination::of(KeyspaceId(id));
  }

 private:
  void append(std::string& id, std::string_view piece) const {
    id += digest_(piece).bytes().substr(0, piece.size());
  }

  Digest digest_;  // null: identity
  std::vector<std::size_t> offsets_;
};

Result<std::vector<std::size_t>> parse_offsets(const std::string& text) {
  std::vector<std::size_t> offsets;
  if (text.empty()) return offsets;
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(text, error);
  bool sound = !error && json.is_array();
  std::size_t last = 0;
  for (std::size_t i = 0; sound && i < json.get_array().size(); ++i) {
    boost::system::error_code no_number;
    const auto offset = json.get_array()[i].to_number<std::size_t>(no_number);
    sound = !no_number && offset > last;
    offsets.push_back(last = offset);
  }
  if (sound) return offsets;
  return failure(kBadVSchema, fmt::format("offsets: '{}' is no list of rising numbers, as [2, 4]", text));
}

Result<std::unique_ptr<Vindex>> make(const VindexType& type, const VindexParams& params) {
  const std::string hash = param(params, "hash");
  if (!hash.empty() && hash != "md5" && hash != "xxhash64") {
    return failure(kBadVSchema, fmt::format("hash: '{}' is neither md5 nor xxhash64", hash));
  }
  auto offsets = parse_offsets(param(params, "offsets"));
  if (!offsets) return failure(offsets.error());
  const Digest digest = hash.empty() ? nullptr : hash == "md5" ? md5_id : xxhash_id;
  return std::make_unique<CfcVindex>(type, digest, *std::move(offsets));
}

constexpr VindexParam kParams[] = {
    {"hash", "md5 or xxhash64, of each piece, cut to its length; without: the bytes are the id"},
    {"offsets", "where pieces end, as [2, 4]; the last goes to the end of the text"},
};

}  // namespace

constinit const VindexType kCfcVindex{
    .name = "cfc",
    .cost = 1,
    .unique = true,
    .columns_max = 1,
    .summary =
        "A text that is made of pieces of fixed length: each is hashed by itself, so that texts with the "
        "same first pieces lie together. Text that is too short for its pieces has no place.",
    .params = kParams,
    .make = make};

}  // namespace kintsugi::vschema
