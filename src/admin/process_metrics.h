#pragma once

#include "admin/metrics.h"
#include "base/time.h"

namespace kintsugi::admin {

/// Memory, CPU, descriptors, threads, uptime of this process under Prometheus' usual names, and
/// kintsugi_build_info.
void add_process_metrics(Metrics& metrics);

/// Since the program began to run.
Duration process_uptime();
/// Memory of this process that is in RAM.
double resident_bytes();
/// CPU time used so far.
double cpu_seconds();

}  // namespace kintsugi::admin
