#pragma once

#include <map>
#include <string>

#include "control/view.h"

namespace kintsugi::control {

/// Health by alias, of the tablets that say theirs at the moment.
using HealthByAlias = std::map<std::string, tablet::v1::Health, std::less<>>;

/// The picture that records make. `records`: keys (below the cluster's root) and values, all of them. A
/// record that cannot be read is left out and named in `unreadable`. Pure.
struct BuiltView {
  ClusterView view;
  std::vector<std::string> unreadable;  ///< sentences
};
BuiltView build_view(const std::map<std::string, std::string>& records, const HealthByAlias& health);

}  // namespace kintsugi::control
