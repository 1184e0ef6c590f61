#include "control/recovery_metrics.h"

#include "topo/time.h"

namespace kintsugi::control {
namespace {

constexpr admin::MetricSpec kRecoveries{
    "kintsugi_control_recoveries_total",
    "Changes of primary and re-cloned tablets that this control has brought to an end, by how they ended.",
    admin::MetricUnit::count,
    {"kind", "outcome"}};
constexpr admin::MetricSpec kRecoveryTime{
    "kintsugi_control_recovery_seconds",
    "From the decision until the primary took writes, or the tablet followed.",
    admin::MetricUnit::seconds,
    {"kind"}};

}  // namespace

std::string kind_of(const topo::v1::Recovery& journal) {
  if (!journal.reclone().empty()) return "reclone";
  return topo::v1::PrimaryChange::Kind_Name(journal.kind());
}

RecoveryMetrics::RecoveryMetrics(admin::Metrics& metrics)
    : ended_(metrics.counters(kRecoveries)), took_(metrics.histograms(kRecoveryTime)) {}

void RecoveryMetrics::note(const topo::v1::Recovery& journal) {
  const std::string kind = kind_of(journal);
  ended_.with({kind, topo::v1::Recovery::Outcome_Name(journal.outcome())}).add();
  took_.with({kind}).observe(std::chrono::duration_cast<Duration>(topo::to_time(journal.ended_at()) -
                                                                  topo::to_time(journal.began_at())));
}

}  // namespace kintsugi::control
