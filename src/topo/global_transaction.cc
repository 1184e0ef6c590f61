#include "topo/global_transaction.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "topo/key_range.h"

namespace kintsugi::topo {
namespace {

constexpr std::size_t kIdLength = 24;
constexpr std::size_t kTimeLength = 8;
constexpr std::size_t kPartMax = 64;

/// What says where it comes from: "@1234@567@gate-1#45".
std::string origin(const GlobalTransaction& transaction) {
  if (transaction.connection == 0 && transaction.gate.empty()) return "";
  const std::size_t room = kPartMax - std::min(kPartMax, transaction.decider.keyspace.size());
  const std::string connections =
      fmt::format("@{}@{}", transaction.connection, transaction.decider_connection);
  if (connections.size() > room) return "";
  const bool gate = !transaction.gate.empty() && connections.size() + 1 + transaction.gate.size() <= room;
  return gate ? connections + '@' + transaction.gate : connections;
}

/// Takes what is before the next '@' off the front.
std::string_view take_element(std::string_view& text) {
  const std::size_t end = text.find('@');
  const std::string_view element = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return element;
}

std::uint32_t take_number(std::string_view& text) {
  const std::string_view element = take_element(text);
  std::uint32_t number = 0;
  std::from_chars(element.data(), element.data() + element.size(), number);
  return number;
}

std::string write_sql(std::string_view verb, std::string_view id, std::string_view outcome) {
  return fmt::format(
      "{} INTO _kintsugi.decision (id, outcome) SELECT '{}', '{}' FROM _kintsugi.decision_floor "
      "WHERE only_row = 1 AND floor <= '{}' LOCK IN SHARE MODE",
      verb, id, outcome, id);
}

}  // namespace

bool GlobalTransaction::is_id(std::string_view text) {
  return text.size() == kIdLength &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string GlobalTransaction::new_id(std::chrono::system_clock::time_point began, std::string_view random) {
  return first_id(began).substr(0, kTimeLength) + to_hex(random);
}

std::string GlobalTransaction::first_id(std::chrono::system_clock::time_point began) {
  const std::int64_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(began.time_since_epoch()).count();
  return fmt::format("{:08x}{:016x}", static_cast<std::uint32_t>(seconds), 0);
}

std::chrono::system_clock::time_point GlobalTransaction::began(std::string_view id) {
  std::uint32_t seconds = 0;
  std::from_chars(id.data(), id.data() + kTimeLength, seconds, 16);
  return std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}

std::string GlobalTransaction::xid() const {
  return fmt::format("X'{}',X'{}',{}", to_hex(id + decider.shard), to_hex(decider.keyspace + origin(*this)),
                     kFormat);
}

std::string GlobalTransaction::commit_sql() const { return write_sql("INSERT", id, "commit"); }
std::string GlobalTransaction::abort_sql() const { return write_sql("INSERT IGNORE", id, "abort"); }
std::string GlobalTransaction::outcome_sql() const {
  return fmt::format("SELECT outcome FROM _kintsugi.decision WHERE id = '{}'", id);
}

Result<GlobalTransaction> GlobalTransaction::parse(std::int64_t format, std::size_t first_length,
                                                   std::size_t second_length, std::string_view data) {
  const bool ours =
      format == kFormat && first_length > kIdLength && first_length + second_length == data.size();
  if (!ours || !is_id(data.substr(0, kIdLength)))
    return failure(kInvalidArgument, "not a transaction of Kintsugi's");
  GlobalTransaction transaction;
  transaction.id = data.substr(0, kIdLength);
  transaction.decider.shard = data.substr(kIdLength, first_length - kIdLength);
  std::string_view second = data.substr(first_length);
  transaction.decider.keyspace = take_element(second);
  transaction.connection = take_number(second);
  transaction.decider_connection = take_number(second);
  transaction.gate = second;
  if (Result<void> named = check_shard_name(transaction.decider.shard); !named)
    return failure(std::move(named.error()));
  return transaction;
}

}  // namespace kintsugi::topo
