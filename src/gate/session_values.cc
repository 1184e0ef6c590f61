#include "gate/session_values.h"

#include <charconv>

#include <fmt/format.h>

#include "gate/isolation.h"
#include "gate/settings.h"

namespace kintsugi::gate {
namespace {

std::string in_seconds(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

/// A number as a BIGINT, whatever its size: clients read these by their type.
std::string bigint(std::uint64_t number) { return fmt::format("CAST('{:020}' AS UNSIGNED)", number); }
std::string bigint_if_number(std::string value) {
  std::uint64_t number = 0;
  const char* end = value.data() + value.size();
  const auto [read_to, failed] = std::from_chars(value.data(), end, number);
  return failed == std::errc() && read_to == end ? bigint(number) : value;
}
std::string bigint(std::int64_t number) { return fmt::format("CAST('{:020}' AS SIGNED)", number); }

}  // namespace

std::string StateValues::sql(plan::SessionValue value, std::string_view name) const {
  using plan::SessionValue;
  switch (value) {
    case SessionValue::kLastInsertId:
      return bigint(state_.last_insert_id);
    case SessionValue::kRowCount:
      return bigint(state_.row_count);
    case SessionValue::kFoundRows:
      return bigint(static_cast<std::int64_t>(state_.found_rows));
    case SessionValue::kConnectionId:
      return std::to_string(identity_.connection_id);
    case SessionValue::kDatabase:
      return state_.target.keyspace.empty() ? "NULL" : quote_string(state_.target.text());
    case SessionValue::kCurrentUser:
      return quote_string(identity_.user + '@' + identity_.account_host);
    case SessionValue::kUser:
      return quote_string(identity_.user + '@' + identity_.peer);
    case SessionValue::kVariable:
      return bigint_if_number(variable(name));
  }
  return "NULL";
}

std::string StateValues::variable(std::string_view name) const {
  if (name == "autocommit") return state_.autocommit ? "1" : "0";
  if (name == "error_count") return std::to_string(state_.error_count_before);
  if (name == "warning_count") return std::to_string(state_.warning_count_before);
  if (name == "last_insert_id" || name == "identity") return std::to_string(state_.last_insert_id);
  if (name == "in_transaction") return in_transaction_ ? "1" : "0";
  if (name == "pseudo_thread_id") return std::to_string(identity_.connection_id);
  if (name == "transaction_mode")
    return fmt::format("'{}'", kTransactionModes[static_cast<std::size_t>(state_.transaction_mode)]);
  if (name == "read_your_writes") return state_.read_your_writes ? "1" : "0";
  if (name == "max_replica_lag")
    return fmt::format("{}", std::chrono::duration<double>(state_.max_replica_lag).count());
  if (const std::string* value = state_.settings->find(canonical_variable(std::string(name)))) return *value;
  for (const auto& [variable, value] : state_.connection_variables) {
    if (variable == name) return value;
  }
  if (name == "wait_timeout" || name == "interactive_timeout") return in_seconds(options_.idle_timeout);
  if (name == "net_write_timeout") return in_seconds(options_.client_write_timeout);
  return "@@session." + std::string(name);
}

}  // namespace kintsugi::gate
