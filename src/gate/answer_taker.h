#pragma once

#include <functional>

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
  /// Reads the answer to its end. Called again when the statement was tried again.
  virtual Task<wire::RelayOutcome> take(Backend& backend, mysql::Command command) = 0;
};

/// Straight to the client, as it comes.
class RelayTaker final : public AnswerTaker {
 public:
  RelayTaker(ClientLink& client, mysql::Capabilities capabilities, std::function<void(mysql::OkPacket&)> edit,
             std::function<void(Error&)> edit_error)
      : client_(client),
        capabilities_(capabilities),
        edit_(std::move(edit)),
        edit_error_(std::move(edit_error)) {}
  Task<wire::RelayOutcome> take(Backend& backend, mysql::Command command) override;

 private:
  ClientLink& client_;
  mysql::Capabilities capabilities_;
  std::function<void(mysql::OkPacket&)> edit_;
  std::function<void(Error&)> edit_error_;
};

/// To an operator of exec. One result set: more are an error.
class SinkTaker final : public AnswerTaker {
 public:
  explicit SinkTaker(exec::RowSink& sink) : sink_(sink) {}
  Task<wire::RelayOutcome> take(Backend& backend, mysql::Command command) override;
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
