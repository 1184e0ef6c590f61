#include <fstream>
#include <iterator>
#include <unordered_map>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "vschema/errors.h"
#include "vschema/vindexes/all.h"
#include "vschema/vindexes/number.h"

namespace kintsugi::vschema {
namespace {

using NumberMap = std::unordered_map<std::uint64_t, std::uint64_t>;

class NumericStaticMapVindex : public Vindex {
 public:
  NumericStaticMapVindex(const VindexType& type, NumberMap numbers, std::unique_ptr<Vindex> fallback)
      : Vindex(type), numbers_(std::move(numbers)), fallback_(std::move(fallback)) {}

  Destination map(std::span<const VindexValue> values) const override {
    const auto number = parse_number(values[0]);
    if (number) {
      if (const auto entry = numbers_.find(*number); entry != numbers_.end()) {
        return Destination::of(KeyspaceId::big_endian(entry->second));
      }
    }
    if (fallback_) return fallback_->map(values);
    return number ? Destination::of(KeyspaceId::big_endian(*number)) : Destination::nowhere();
  }

 private:
  NumberMap numbers_;
  std::unique_ptr<Vindex> fallback_;  // null: identity
};

Result<NumberMap> parse_map(std::string_view text) {
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(text, error);
  if (error) return failure(kBadVSchema, fmt::format("the map is no JSON: {}", error.message()));
  if (!json.is_object()) return failure(kBadVSchema, "the map must be an object, as {\"1\": 10}");
  NumberMap numbers;
  for (const auto& [key, value] : json.get_object()) {
    const auto from = parse_number({std::string_view(key.data(), key.size())});
    boost::system::error_code no_number;
    const auto to = value.to_number<std::uint64_t>(no_number);
    if (!from || no_number) {
      return failure(kBadVSchema,
                     fmt::format("entry '{}' of the map is not from an integer to an unsigned integer",
                                 std::string_view(key.data(), key.size())));
    }
    numbers[*from] = to;
  }
  return numbers;
}

Result<std::string> map_text(const VindexParams& params) {
  const auto json = params.find("json");
  const auto path = params.find("json_path");
  if ((json == params.end()) == (path == params.end())) {
    return failure(kBadVSchema, "numeric_static_map needs one of the parameters json and json_path");
  }
  if (json != params.end()) return json->second;
  std::ifstream file(path->second);
  if (!file) return failure(kBadVSchema, fmt::format("json_path: cannot read the file {}", path->second));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<std::unique_ptr<Vindex>> make_fallback(const VindexParams& params) {
  const auto name = params.find("fallback_type");
  if (name == params.end()) return nullptr;
  const VindexType* type = find_vindex_type(name->second);
  if (type != nullptr && (type->needs_table || type->columns_max > 1)) {
    return failure(kBadVSchema,
                   fmt::format("fallback_type {}: it must be a function of one column", type->name));
  }
  return make_vindex(name->second, {});
}

Result<std::unique_ptr<Vindex>> make(const VindexType& type, const VindexParams& params) {
  Result<std::string> text = map_text(params);
  if (!text) return failure(text.error());
  Result<NumberMap> numbers = parse_map(*text);
  if (!numbers) return failure(numbers.error());
  Result<std::unique_ptr<Vindex>> fallback = make_fallback(params);
  if (!fallback) return failure(fallback.error());
  return std::make_unique<NumericStaticMapVindex>(type, *std::move(numbers), *std::move(fallback));
}

constexpr VindexParam kParams[] = {
    {"json", "the map as JSON, {\"1\": 10, \"2\": 11}: the number that stands for each"},
    {"json_path", "a file with the map, readable by every gate; instead of json"},
    {"fallback_type", "the vindex type for numbers that the map lacks; without it they are their own ids"},
};

}  // namespace

constinit const VindexType kNumericStaticMapVindex{
    .name = "numeric_static_map",
    .cost = 1,
    .unique = true,
    .columns_max = 1,
    .summary =
        "A fixed map from numbers to numbers (eight bytes, most significant first), to place chosen tenants "
        "by hand.",
    .params = kParams,
    .make = make};

}  // namespace kintsugi::vschema
