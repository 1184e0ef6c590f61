#pragma once

#include "gate/session.h"
#include "routine/host.h"

namespace kintsugi::gate {

/// The session's warnings as routines handle them.
std::vector<routine::Condition> conditions_of(const std::vector<Warning>& warnings);

/// Of a statement in a trigger or a function that has no business to answer with rows: 1415.
class NoRows final : public exec::RowSink {
 public:
  /// "trigger", "function".
  explicit NoRows(std::string_view routine) : routine_(routine) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override;
  Task<Result<void>> rows(exec::RowBatch batch) override;
  Task<Result<void>> done(mysql::OkPacket packet) override;

  mysql::OkPacket ok;

 private:
  std::string_view routine_;
};

/// A session as routines see it: their statements go the way of the client's (statement_runner.h), but for
/// their answers. Made for one CALL; a trigger's has a way of its own for statements.
class RoutineHost : public routine::Host {
 public:
  /// `binary`: rows for the client are binary.
  RoutineHost(Session& session, bool binary) : session_(session), binary_(binary) {}

  Task<Result<routine::Done>> run(std::string sql) override;
  Task<Result<std::unique_ptr<routine::Rows>>> query(std::string sql, routine::Done& done) override;
  Task<Result<std::shared_ptr<const routine::Program>>> find(std::string_view schema,
                                                             std::string_view name) override;
  std::shared_ptr<void> enter(const routine::Program& program) override;
  void assign(std::string_view user_variable, const routine::Value& value) override;
  mysql::QuoteOptions quoting() const override;
  bool is_over() const override;
  bool has_blocks() const override;
  bool runs_function(std::string_view schema, std::string_view name) const override;
  Task<void> pause() override;

  /// A failure is in the client's hands already, in the middle of rows.
  bool told() const { return told_; }

 protected:
  Session& session() const { return session_; }
  /// `rows` (may be null) takes a query's.
  virtual Task<Result<routine::Done>> perform(std::string sql, Cursor* rows);
  /// The statement as the client's would run; its rows go to `rows` (null: to the client).
  Task<Result<routine::Done>> perform_into(std::string sql, exec::RowSink* rows);

 private:
  Session& session_;
  bool binary_;
  bool told_ = false;
  bool lost_ = false;
};

}  // namespace kintsugi::gate
