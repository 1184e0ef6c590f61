#pragma once

#include "exec/executor.h"
#include "gate/backend.h"
#include "gate/client_link.h"
#include "wire/relay.h"

namespace kintsugi::gate {

/// Where the answer to one command goes to. An ERR that comes before anything else is kept back (`held`), so
/// that the statement can be tried again.
class AnswerTaker {
 public:
  virtual ~AnswerTaker() = default;
  /// Reads the answer to its end. Called again when the statement was tried again. `outcome` is new.
  virtual Task<void> take(Backend& backend, mysql::Command command, wire::RelayOutcome& outcome) = 0;
};

/// Straight to the client, as it comes.
class RelayTaker final : public AnswerTaker {
 public:
  /// `editor` is borrowed.
  RelayTaker(ClientLink& client, mysql::Capabilities capabilities, wire::AnswerEditor& editor)
      : client_(client), capabilities_(capabilities), editor_(editor) {}
  Task<void> take(Backend& backend, mysql::Command command, wire::RelayOutcome& outcome) override;

 private:
  ClientLink& client_;
  mysql::Capabilities capabilities_;
  wire::AnswerEditor& editor_;
};

/// To an operator of exec. One result set: more are an error.
class SinkTaker final : public AnswerTaker {
 public:
  explicit SinkTaker(exec::RowSink& sink) : sink_(sink) {}
  Task<void> take(Backend& backend, mysql::Command command, wire::RelayOutcome& outcome) override;
  /// What the sink failed with, if it did: not the server's fault.
  std::optional<Error>& sink_error() { return sink_error_; }

 private:
  Task<Result<void>> piece(const struct SinkPiece& piece);

  exec::RowSink& sink_;
  std::vector<mysql::ColumnDefinition> columns_;
  bool has_rows_ = false;
  std::optional<Error> sink_error_;
};

}  // namespace kintsugi::gate
