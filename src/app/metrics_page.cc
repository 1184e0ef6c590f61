#include "app/metrics_page.h"

#include <fmt/format.h>

#include "admin/process_metrics.h"
#include "app/process.h"
#include "app/role.h"
#include "runtime/loop.h"

namespace kintsugi::app {
namespace {

constexpr const char* kIntroduction = R"page(# Metrics

<!-- Made by `kintsugi docs` from the metrics that the code registers: change those. -->

Every process serves `/metrics` on its HTTP port, in the text format that Prometheus reads (version 0.0.4). Names tell the unit: `_seconds`,
`_bytes`, `_total` for what only grows. A histogram has `_bucket`, `_sum` and `_count`. What a label may be is bounded: from its
200th set of values on a metric counts under "(other)".

A Prometheus that scrapes a cluster of one machine needs the ports that `kintsugi local status` prints:

```yaml
scrape_configs:
  - job_name: kintsugi
    static_configs:
      - targets: ["127.0.0.1:15000", "127.0.0.1:15001"]
```

What is worth being woken for: `kintsugi_control_problems > 0` for a minute, `max(kintsugi_control_leads) < 1`,
`max(kintsugi_control_shards_without_redundancy) > 0` for some minutes (one more failure and a shard stands still), a rise of
`kintsugi_log_errors_total`, `kintsugi_tablet_replication_lag_seconds` over what your replica reads bear, and
`kintsugi_tablet_disk_free_bytes` under a tenth of the disk.

)page";

std::string common_part() {
  admin::Metrics metrics;
  admin::add_process_metrics(metrics);
  return "## Every process\n\n" + metrics.reference_markdown();
}

Task<Result<std::string>> part_of(const RoleEntry& entry) {
  const CommonOptions common;
  Process process(common);
  Result<void> made = process.make();
  const std::unique_ptr<Role> role = entry.make();
  if (made) made = role->make(process);
  if (!made) co_return failure(made.error());
  std::string text =
      fmt::format("\n## kintsugi {}\n\n{}", entry.word, process.metrics().reference_markdown());
  co_await role->stop();
  co_return text;
}

}  // namespace

std::string metrics_page() {
  std::string page = kIntroduction + common_part();
  runtime::Loop loop;
  for (const RoleEntry& entry : roles()) {
    const Result<std::string> part = loop.block_on(part_of(entry));
    page += part ? *part : fmt::format("\n{}: {}\n", entry.word, part.error().text());
  }
  return page;
}

}  // namespace kintsugi::app
