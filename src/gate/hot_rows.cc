#include "gate/hot_rows.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "gate/errors.h"
#include "sql/where_key.h"

namespace kintsugi::gate {
namespace {

constexpr std::size_t kKeyShown = 100;

/// The table whose rows the statement locks by its WHERE.
const plan::TableUse* locked_table(const plan::Plan& plan) {
  using Access = plan::TableUse::Access;
  if (plan.statement == sql::NodeKind::kUpdate || plan.statement == sql::NodeKind::kDelete) {
    const auto written = std::ranges::find(plan.tables, Access::kWrite, &plan::TableUse::access);
    return written == plan.tables.end() ? nullptr : &*written;
  }
  const bool reads_one = plan.statement == sql::NodeKind::kSelect && plan.tables.size() == 1;
  return plan.locks && reads_one ? &plan.tables.front() : nullptr;
}

/// Of a key, what people can read.
std::string shown(const std::string& key) {
  return utf8_only(std::string_view(key).substr(0, std::min(key.find('\0'), kKeyShown)));
}

}  // namespace

Task<Result<void>> HotRows::enter(std::string key, std::uint32_t writers_max, bool at_once,
                                  runtime::Cancel* cancel) {
  std::shared_ptr<LoadAccount> account;
  {
    const std::lock_guard lock(mutex_);
    Row& row = rows_[key];
    if (!row.account)
      row.account = std::make_shared<LoadAccount>(fmt::format("a row of {}", shown(key)), policy_, waits_);
    ++row.users;
    account = row.account;
  }
  Result<void> in = co_await account->enter({.statements_max = writers_max}, at_once, cancel);
  if (in) co_return in;
  forget(key);
  if (!in.error().is(kLoadStatements)) co_return in;
  const LoadAccount::Now now = account->now();
  co_return failure(kHotRow,
                    fmt::format("{} is written by as many as may ({}), whose statements or transactions have "
                                "not ended in time, and {} wait for it",
                                account->what(), now.running, now.waiting));
}

void HotRows::leave(const std::string& key) {
  std::shared_ptr<LoadAccount> account;
  {
    const std::lock_guard lock(mutex_);
    account = rows_.at(key).account;
  }
  account->leave();
  forget(key);
}

void HotRows::forget(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto row = rows_.find(key);
  if (--row->second.users == 0) rows_.erase(row);
}

std::size_t HotRows::size() const {
  const std::lock_guard lock(mutex_);
  return rows_.size();
}

Task<Result<void>> RowTurns::enter(std::string key, std::uint32_t writers_max, bool at_once,
                                   runtime::Cancel* cancel) {
  if (keys_.size() >= kRowsMax || std::ranges::find(keys_, key) != keys_.end()) co_return Result<void>();
  Result<void> in = co_await rows_.enter(key, writers_max, at_once, cancel);
  if (in) keys_.push_back(std::move(key));
  co_return in;
}

void RowTurns::leave() {
  for (const std::string& key : keys_) rows_.leave(key);
  keys_.clear();
}

std::optional<std::string> row_key(const plan::Plan& plan, const ClientStatement& statement,
                                   const sql::LexerMode& mode) {
  const plan::TableUse* const table = locked_table(plan);
  if (table == nullptr) return std::nullopt;
  std::optional<sql::WhereKey> where = sql::where_key(statement.text, mode);
  if (!where || where->first_parameter + where->parameters > statement.parameters.size()) return std::nullopt;
  if (plan.statement == sql::NodeKind::kSelect && !where->for_update) return std::nullopt;
  std::string key = fmt::format("{}.{}", table->keyspace, table->table);
  key += '\0';
  key += where->text;
  key += '\0';
  if (where->parameters != 0) {
    const auto values = statement.parameters.subspan(where->first_parameter, where->parameters);
    mysql::write_execute(key, 0, 0, values, 0);
  }
  return key;
}

}  // namespace kintsugi::gate
