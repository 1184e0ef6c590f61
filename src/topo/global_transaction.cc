#include "topo/global_transaction.h"

#include <algorithm>

#include <fmt/format.h>

#include "topo/key_range.h"

namespace kintsugi::topo {
namespace {

constexpr std::size_t kIdLength = 24;

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::string GlobalTransaction::xid() const {
  return fmt::format("X'{}',X'{}',{}", to_hex(id + decider.shard), to_hex(decider.keyspace), kFormat);
}

std::string GlobalTransaction::commit_sql() const {
  return fmt::format("INSERT INTO _kintsugi.decision (id, outcome) VALUES ('{}', 'commit')", id);
}
std::string GlobalTransaction::abort_sql() const {
  return fmt::format("INSERT IGNORE INTO _kintsugi.decision (id, outcome) VALUES ('{}', 'abort')", id);
}
std::string GlobalTransaction::outcome_sql() const {
  return fmt::format("SELECT outcome FROM _kintsugi.decision WHERE id = '{}'", id);
}

Result<GlobalTransaction> GlobalTransaction::parse(std::int64_t format, std::size_t first_length,
                                                   std::size_t second_length, std::string_view data) {
  const bool ours =
      format == kFormat && first_length > kIdLength && first_length + second_length == data.size();
  if (!ours || !is_hex(data.substr(0, kIdLength)))
    return failure(kInvalidArgument, "not a transaction of Kintsugi's");
  GlobalTransaction transaction;
  transaction.id = data.substr(0, kIdLength);
  transaction.decider.shard = data.substr(kIdLength, first_length - kIdLength);
  transaction.decider.keyspace = data.substr(first_length);
  if (Result<void> named = check_shard_name(transaction.decider.shard); !named)
    return failure(std::move(named.error()));
  return transaction;
}

}  // namespace kintsugi::topo
