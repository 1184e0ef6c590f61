#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "gate/cursor.h"
#include "gate/settings.h"
#include "mysql/request.h"
#include "sql/fingerprint.h"

namespace kintsugi::gate {

/// A statement that the client has prepared. Servers prepare it when it is executed there.
struct PreparedStatement {
  std::uint32_t id = 0;
  std::string sql;
  std::uint16_t parameters = 0;
  std::vector<mysql::ParameterType> types;  ///< as bound last
  mysql::LongData long_data;                ///< empty, or one entry a parameter
  std::unique_ptr<Cursor> cursor;           ///< of the last execution, if it asked for one; until it is read
  /// The text's, under the settings that the session had then: it is lexed once, and not for each execution.
  std::unique_ptr<const sql::Fingerprint> fingerprint;
  std::shared_ptr<const Settings> fingerprint_settings;
};

/// A session's prepared statements, bounded in number and in bytes.
class PreparedStatements {
 public:
  PreparedStatements(std::size_t count_max, std::size_t bytes_max)
      : count_max_(count_max), bytes_max_(bytes_max) {}

  /// kTooManyStatements.
  Result<PreparedStatement*> add(std::string sql, std::uint16_t parameters);
  /// kUnknownStatement.
  Result<PreparedStatement*> find(std::uint32_t id);
  void close(std::uint32_t id);
  void clear();
  std::size_t size() const { return statements_.size(); }

  /// COM_STMT_SEND_LONG_DATA; an error is told at the next execution, as MySQL does.
  Result<void> add_long_data(PreparedStatement& statement, std::uint16_t parameter, std::string_view data);
  /// For one execution; the statement has none afterwards.
  mysql::LongData take_long_data(PreparedStatement& statement);

 private:
  std::size_t count_max_;
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::uint32_t last_id_ = 0;
  using Statement = std::unique_ptr<PreparedStatement>;
  std::vector<Statement>::iterator place_of(std::uint32_t id);
  std::vector<Statement> statements_;  ///< by their ids, which grow
};

}  // namespace kintsugi::gate
