#include "gate/prepared.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/errors.h"
#include "mysql/last_prepared.h"

namespace kintsugi::gate {

Result<PreparedStatement*> PreparedStatements::add(std::string sql, std::uint16_t parameters) {
  if (statements_.size() >= count_max_) {
    return failure(kTooManyStatements,
                   fmt::format("the session has {} prepared statements", statements_.size()));
  }
  if (bytes_ + sql.size() > bytes_max_) {
    return failure(kTooManyStatements,
                   fmt::format("the session's prepared statements have {} bytes", bytes_));
  }
  bytes_ += sql.size();
  PreparedStatement& statement = *statements_.emplace_back(std::make_unique<PreparedStatement>());
  statement.id = ++last_id_;
  statement.sql = std::move(sql);
  statement.parameters = parameters;
  return &statement;
}

Result<PreparedStatement*> PreparedStatements::find(std::uint32_t id) {
  const auto found = place_of(id == mysql::kLastPrepared ? last_id_ : id);
  if (found == statements_.end()) {
    return failure(kUnknownStatement,
                   fmt::format("Unknown prepared statement handler ({}) given to EXECUTE", id));
  }
  return found->get();
}

/// Its place, or the end. Few are ever closed one by one: then it is as far from the first as its id is.
std::vector<PreparedStatements::Statement>::iterator PreparedStatements::place_of(std::uint32_t id) {
  if (statements_.empty()) return statements_.end();
  const std::uint32_t guess = id - statements_.front()->id;
  if (guess < statements_.size() && statements_[guess]->id == id) return statements_.begin() + guess;
  const auto id_of = [](const Statement& statement) { return statement->id; };
  const auto found = std::ranges::lower_bound(statements_, id, {}, id_of);
  return found != statements_.end() && (*found)->id == id ? found : statements_.end();
}

/// Of kLastPrepared: nothing was prepared last, so its id goes to nobody.
void PreparedStatements::close(std::uint32_t id) {
  if (id == mysql::kLastPrepared) ++last_id_;
  const auto found = place_of(id);
  if (found == statements_.end()) return;
  take_long_data(**found);
  bytes_ -= (*found)->sql.size();
  statements_.erase(found);
}

void PreparedStatements::clear() {
  statements_.clear();
  bytes_ = 0;
}

Result<void> PreparedStatements::add_long_data(PreparedStatement& statement, std::uint16_t parameter,
                                               std::string_view data) {
  if (parameter >= statement.parameters) {
    return failure(kMalformedExecute, fmt::format("the statement has no parameter {}", parameter));
  }
  if (bytes_ + data.size() > bytes_max_) {
    return failure(kTooManyStatements,
                   fmt::format("the session's prepared statements have {} bytes", bytes_));
  }
  statement.long_data.resize(statement.parameters);
  std::optional<std::string>& value = statement.long_data[parameter];
  if (!value) value.emplace();
  value->append(data);
  bytes_ += data.size();
  return {};
}

mysql::LongData PreparedStatements::take_long_data(PreparedStatement& statement) {
  for (const auto& value : statement.long_data) {
    if (value) bytes_ -= value->size();
  }
  return std::exchange(statement.long_data, {});
}

}  // namespace kintsugi::gate
