#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "topo/names.h"

/// What a statement asks of the gate in a comment of its own: `/*kintsugi: timeout_ms=500 allow_scatter=1
/// */`, or by Vitess' names, `/*vt+ QUERY_TIMEOUT_MS=500 */`. docs/queries.md has them all.
namespace kintsugi::plan {

struct Directives {
  std::optional<std::uint64_t> timeout_ms;  ///< 0: none
  std::optional<std::uint64_t> gather_rows_max;
  std::optional<std::uint64_t> gather_bytes_max;
  std::optional<bool> allow_scatter;
  std::optional<bool> allow_gather;
  std::optional<bool> merge;
  std::optional<bool> scatter_errors_as_warnings;
  std::optional<topo::TabletType> tablet_type;
  std::optional<bool> use_plan_cache;
  std::optional<bool> in_gate;
  std::string workload;  ///< whom the statement is of, for logs and pages
  /// What was written and does nothing, each with the reason, as sentences.
  std::vector<std::string> ignored;

  bool operator==(const Directives&) const = default;
};

/// `comments` are sql::Statement::directives. Never fails: what cannot be read is ignored, and said so.
Directives parse_directives(std::span<const std::string_view> comments);

/// Whether the comment is a clause of CREATE TABLE (`SHARD BY …`, `REFERENCE`) rather than directives.
bool is_shard_clause(std::string_view comment);

struct DirectiveInfo {
  std::string_view name;
  std::string_view vitess_name;  ///< empty: Vitess has none
  std::string_view value;        ///< what may stand behind the equals sign
  std::string_view meaning;
};
/// For docs/queries.md.
std::vector<DirectiveInfo> directive_infos();
std::string directive_reference_markdown();

}  // namespace kintsugi::plan
