#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "tablet/flavour.h"
#include "tablet/reconcile.h"
#include "tablet/tablet_options.h"

namespace kintsugi::tablet::v1 {
class Health;
class Reclone;
}  // namespace kintsugi::tablet::v1

namespace kintsugi::tablet {

/// What a tablet's health is told from.
struct HealthInput {
  const TabletPlace& place;
  const Flavour& flavour;
  const ReconcileInput& input;  ///< `server` holds only if `reachable`
  const ReconcileDecision& decision;
  bool reachable = false;
  std::uint32_t epoch = 0;
  bool caught_up = false;
  bool crashed = false;   ///< v1::Health::crashed
  bool unusable = false;  ///< v1::Health::unusable
  bool at_rest = false;   ///< it does not run and is not started before the change is over
  std::optional<std::uint32_t> lag_ms;
  Duration waits_for{};  ///< v1::SemiSync::waits_ms
  std::string schema_version;
  const v1::Reclone* reclone = nullptr;  ///< null: none
  std::string error;                     ///< besides the decision's own
  WallTime now{};
};

/// Pure.
void fill_health(const HealthInput& from, v1::Health& health);

/// Whether two healths differ in more than what moves by itself (time, uptime, transactions): a change that
/// is told at once.
bool differs(const v1::Health& a, const v1::Health& b);

}  // namespace kintsugi::tablet
