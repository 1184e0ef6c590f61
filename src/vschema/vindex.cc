#include "vschema/vindex.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "vschema/detail/near.h"
#include "vschema/errors.h"
#include "vschema/vindexes/all.h"

namespace kintsugi::vschema {
namespace {

std::string type_names() {
  std::string names;
  for (const VindexType* type : kAllVindexes) {
    if (!names.empty()) names += ", ";
    names += type->name;
  }
  return names;
}

Error unknown_type(std::string_view name) {
  std::vector<std::string_view> names;
  for (const VindexType* type : kAllVindexes) names.push_back(type->name);
  const std::string hint = did_you_mean(name, names);
  if (!hint.empty()) return {kBadVSchema, fmt::format("unknown vindex type '{}'{}", name, hint)};
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
