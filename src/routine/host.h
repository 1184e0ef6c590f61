#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "mysql/response.h"
#include "mysql/row.h"
#include "routine/condition.h"
#include "routine/program.h"

namespace kintsugi::routine {

/// What one statement did.
struct Done {
  std::uint64_t affected_rows = 0;
  std::vector<Condition> warnings;
};

/// An answer's rows, kept until they are read.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual const std::vector<mysql::ColumnDefinition>& columns() const = 0;
  /// The next row's cells, which hold until the next call; nothing: there is none.
  virtual Result<bool> next(std::vector<mysql::Cell>& cells) = 0;
};

/// The gate's session, as an interpreter uses it. Outlives the interpreter.
class Host {
 public:
  virtual ~Host() = default;

  /// Runs a statement as if the client had sent it: planned, in the session's transaction, with its settings.
  /// A result set goes to the client, as one of several.
  virtual Task<Result<Done>> run(std::string sql) = 0;
  /// The same of a query whose rows are kept. A block's rows are those of its one query.
  virtual Task<Result<std::unique_ptr<Rows>>> query(std::string sql, Done& done) = 0;
  /// A procedure of that name; empty schema: of the chosen keyspace. kNoSuchRoutine, or a
  /// server's own error (1305).
  virtual Task<Result<std::shared_ptr<const Program>>> find(std::string_view schema,
                                                            std::string_view name) = 0;

  /// What the program was created under, until what is returned is destroyed.
  virtual std::shared_ptr<void> enter(const Program& program) = 0;
  virtual void assign(std::string_view user_variable, const Value& value) = 0;
  /// The query that SET @variable = expression is done by where statements of the session's own do not run,
  /// in a trigger: assign() gets its one row. Empty: SET runs as it is.
  virtual std::string query_to_assign(std::string_view) const { return {}; }
  virtual Result<void> assign(std::string_view, const std::vector<mysql::ColumnDefinition>&,
                              const std::vector<mysql::Cell>&) {
    return {};
  }
  virtual mysql::QuoteOptions quoting() const = 0;
  /// The statement was killed, or its client cannot be told anything any more: no handler may go on.
  virtual bool is_over() const = 0;
  /// Whether the servers run anonymous blocks (BEGIN NOT ATOMIC): MariaDB's do, which is how they are known.
  virtual bool has_blocks() const = 0;
  /// Whether it is a stored function that the gate runs, which is no part of what servers are sent.
  virtual bool runs_function(std::string_view schema, std::string_view name) const = 0;
  /// Lets others run: a loop may turn without any statement.
  virtual Task<void> pause() = 0;
};

}  // namespace kintsugi::routine
