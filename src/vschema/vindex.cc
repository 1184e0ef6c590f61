#include "vschema/vindex.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "vschema/errors.h"
#include "vschema/vindexes/all.h"

namespace kintsugi::vschema {
namespace {

// Levenshtein's distance, for "did you mean".
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string type_names() {
  std::string names;
  for (const VindexType* type : kAllVindexes) {
    if (!names.empty()) names += ", ";
    names += type->name;
  }
  return names;
}

Error unknown_type(std::string_view name) {
  const auto* nearest =
      *std::min_element(std::begin(kAllVindexes), std::end(kAllVindexes),
                        [&](auto* a, auto* b) { return distance(a->name, name) < distance(b->name, name); });
  if (distance(nearest->name, name) <= 3) {
    return {kBadVSchema, fmt::format("unknown vindex type '{}' (did you mean {}?)", name, nearest->name)};
  }
  return {kBadVSchema, fmt::format("unknown vindex type '{}': there are {}", name, type_names())};
}

Result<void> check_params(const VindexType& type, const VindexParams& params) {
  for (const auto& [name, value] : params) {
    const auto named = [&](const VindexParam& param) { return param.name == name; };
    if (std::none_of(type.params.begin(), type.params.end(), named)) {
      return failure(kBadVSchema, fmt::format("vindex type {} has no parameter '{}'", type.name, name));
    }
  }
  return {};
}

}  // namespace

KeyRange Vindex::map_range(const VindexValue&, const VindexValue&) const { return {}; }

std::span<const VindexType* const> vindex_types() { return kAllVindexes; }

const VindexType* find_vindex_type(std::string_view name) {
  const auto* const* found = std::find_if(std::begin(kAllVindexes), std::end(kAllVindexes),
                                          [&](auto* type) { return type->name == name; });
  return found == std::end(kAllVindexes) ? nullptr : *found;
}

Result<std::unique_ptr<Vindex>> make_vindex(std::string_view type_name, const VindexParams& params) {
  const VindexType* type = find_vindex_type(type_name);
  if (type == nullptr) return failure(unknown_type(type_name));
  if (auto checked = check_params(*type, params); !checked) return failure(checked.error());
  return type->make(*type, params);
}

std::string vindex_reference_markdown() {
  std::string text =
      "| type | what it does | unique | cost | ranges | parameters |\n|---|---|---|---|---|---|\n";
  for (const VindexType* type : kAllVindexes) {
    std::string params;
    for (const VindexParam& param : type->params) {
      params += fmt::format("{}`{}`: {}", params.empty() ? "" : "<br>", param.name, param.meaning);
    }
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", type->name, type->summary,
                        type->unique ? "yes" : "no", type->cost, type->ranges ? "yes" : "no",
                        params.empty() ? "–" : params);
  }
  return text;
}

}  // namespace kintsugi::vschema
