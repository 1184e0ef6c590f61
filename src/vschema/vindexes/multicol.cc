#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "vschema/errors.h"
#include "vschema/vindexes/all.h"
#include "vschema/vindexes/parts.h"

namespace kintsugi::vschema {
namespace {

constexpr std::size_t kColumnsMax = 8;
constexpr std::size_t kBytes = 8;

struct Part {
  std::unique_ptr<Vindex> vindex;
  std::size_t bytes = 0;
};

/// The first bytes of each column's own id, one after the other.
class MulticolVindex : public Vindex {
 public:
  MulticolVindex(const VindexType& type, std::vector<Part> parts) : Vindex(type), parts_(std::move(parts)) {}

  Destination map(std::span<const VindexValue> values) const override {
    if (values.size() > parts_.size()) return Destination::nowhere();
    IdParts id;
    std::size_t allotted = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Destination own = parts_[i].vindex->map(values[i]);
      if (own.kind != Destination::Kind::id) return Destination::nowhere();
      id.pad(allotted);
      id.append(own.id.bytes(), parts_[i].bytes);
      allotted += parts_[i].bytes;
    }
    if (values.size() == parts_.size()) return Destination::of(KeyspaceId(id.view()));
    return {Destination::Kind::range, {}, KeyRange::of_prefix(id.view())};
  }

  bool is_loose(std::size_t column) const override {
    return column < parts_.size() && parts_[column].vindex->is_loose(0);
  }
  std::size_t columns() const override { return parts_.size(); }

 private:
  std::vector<Part> parts_;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  if (text.empty()) return words;
  std::size_t begin = 0;
  for (std::size_t comma = 0; comma != std::string::npos; begin = comma + 1) {
    comma = text.find(',', begin);
    std::string word = text.substr(begin, comma == std::string::npos ? comma : comma - begin);
    std::erase(word, ' ');
    words.push_back(std::move(word));
  }
  return words;
}

Result<std::size_t> number_in(std::string_view text, std::string_view name, std::size_t most) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= 1 && number <= most)
    return number;
  return failure(kBadVSchema,
                 fmt::format("parameter {}: '{}' is not a number from 1 to {}", name, text, most));
}

Result<std::vector<std::string>> words_of(const VindexParams& params, const char* name, std::size_t count) {
  std::vector<std::string> words = split(param(params, name));
  if (words.size() > count) {
    return failure(kBadVSchema,
                   fmt::format("parameter {} has {} values for {} columns", name, words.size(), count));
  }
  words.resize(count);
  return words;
}

/// Columns that are not given their bytes share what is left.
Result<std::vector<std::size_t>> share_bytes(const std::vector<std::string>& words) {
  std::vector<std::size_t> bytes(words.size());
  std::size_t left = kBytes, open = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].empty()) {
      ++open;
      continue;
    }
    const Result<std::size_t> given = number_in(words[i], "column_bytes", kBytes);
    if (!given) return failure(given.error());
    bytes[i] = *given;
    left -= std::min(left, *given);
  }
  std::size_t total = 0;
  for (std::size_t& each : bytes) {
    if (each == 0) {
      each = (left + open - 1) / open;
      left -= each;
      --open;
      if (each == 0) return failure(kBadVSchema, "parameter column_bytes leaves no byte for a column");
    }
    total += each;
  }
  if (total <= kBytes) return bytes;
  return failure(kBadVSchema,
                 fmt::format("parameter column_bytes: {} bytes are more than {}", total, kBytes));
}

Result<std::unique_ptr<Vindex>> make(const VindexType& type, const VindexParams& params) {
  const Result<std::size_t> count = number_in(param(params, "column_count"), "column_count", kColumnsMax);
  if (!count) return failure(count.error());
  const auto widths = words_of(params, "column_bytes", *count);
  if (!widths) return failure(widths.error());
  const auto types = words_of(params, "column_vindex", *count);
  if (!types) return failure(types.error());
  const auto bytes = share_bytes(*widths);
  if (!bytes) return failure(bytes.error());
  std::vector<Part> parts;
  for (std::size_t i = 0; i < *count; ++i) {
    auto part = make_part((*types)[i].empty() ? "hash" : (*types)[i]);
    if (!part) return failure(part.error().with_context("column_vindex"));
    parts.push_back({*std::move(part), (*bytes)[i]});
  }
  return std::make_unique<MulticolVindex>(type, std::move(parts));
}

constexpr VindexParam kParams[] = {
    {"column_count", "how many columns, up to 8"},
    {"column_bytes",
     "how many bytes of the eight each column has, as `1,3,4`; those without share what is left"},
    {"column_vindex", "the vindex type of each column, as `hash,binary`; without: hash"},
};

}  // namespace

constinit const VindexType kMulticolVindex{
    .name = "multicol",
    .cost = 1,
    .unique = true,
    .columns_max = static_cast<int>(kColumnsMax),
    .summary =
        "By several columns: the first bytes of each one's own id, eight in all. Rows with the same "
        "values of leading columns lie in few shards, and are looked for there.",
    .params = kParams,
    .make = make};

}  // namespace kintsugi::vschema
