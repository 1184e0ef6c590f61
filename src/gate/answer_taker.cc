#include "gate/answer_taker.h"

#include <utility>

#include "gate/answer.h"
#include "gate/errors.h"
#include "mysql/packet.h"
#include "mysql/status_flags.h"

namespace kintsugi::gate {

using Kind = mysql::ResultFramer::Kind;

Task<void> RelayTaker::take(Backend& backend, mysql::Command command, wire::RelayOutcome& outcome) {
  wire::RelayOptions options;
  options.command = command;
  options.from_capabilities = backend.connection().capabilities();
  options.to_capabilities = capabilities_;
  options.editor = &editor_;
  options.hold_error = true;
  return wire::relay_response(backend.connection().packets(), client_.packets(), options, outcome);
}

struct SinkPiece {
  Kind kind;
  std::span<char> frames;
  std::string_view payload;
  mysql::Capabilities capabilities;
  wire::RelayOutcome* outcome;
};

namespace {

Result<void> parse_columns(std::string_view frames, mysql::Capabilities capabilities,
                           std::vector<mysql::ColumnDefinition>& columns) {
  while (frames.size() >= mysql::kHeaderSize) {
    const std::size_t length = mysql::parse_header(frames).length;
    Result<mysql::ColumnDefinition> column =
        mysql::parse_column_definition(frames.substr(mysql::kHeaderSize, length), capabilities);
    if (!column) return failure(std::move(column.error()));
    columns.push_back(std::move(*column));
    frames.remove_prefix(mysql::kHeaderSize + length);
  }
  return {};
}

void lose(wire::RelayOutcome& outcome, wire::RelayOutcome::End end, Error error) {
  outcome.end = end;
  outcome.failure = std::move(error);
}

}  // namespace

/// A failure is the sink's.
Task<Result<void>> SinkTaker::piece(const SinkPiece& piece) {
  switch (piece.kind) {
    case Kind::end_of_columns: {
      if (std::exchange(has_rows_, true)) {
        co_return failure(kUnsupported,
                          "an answer of several result sets cannot be put together from shards");
      }
      std::vector<mysql::ColumnDefinition> columns = std::move(columns_);
      columns_.clear();
      Result<void> taken = co_await sink_.columns(std::move(columns));
      co_return taken;
    }
    case Kind::rows: {
      piece.outcome->bytes += piece.frames.size();
      const exec::RowBatch batch{piece.frames};
      Result<void> taken = co_await sink_.rows(batch);
      co_return taken;
    }
    case Kind::ok:
    case Kind::end_of_rows: {
      mysql::OkPacket ok = piece.outcome->ok;
      // A block's rows are followed by an OK of its own, which is the end of the answer.
      if ((ok.status & mysql::status::kMoreResults) != 0) co_return Result<void>();
      Result<void> taken = co_await sink_.done(std::move(ok));
      co_return taken;
    }
    default:
      co_return Result<void>();
  }
}

Task<void> SinkTaker::take(Backend& backend, mysql::Command command, wire::RelayOutcome& outcome) {
  using End = wire::RelayOutcome::End;
  const mysql::Capabilities capabilities = backend.connection().capabilities();
  Answer answer(backend.connection().packets(), command, capabilities);
  bool begun = false;
  columns_.clear();
  has_rows_ = false;
  while (!answer.done()) {
    Result<Answer::Piece> next = co_await answer.next();
    if (!next) {
      lose(outcome, End::source_lost, std::move(next.error()));
      co_return;
    }
    if (next->kind == Kind::error) {
      outcome.error = mysql::parse_error_packet(next->payload);
      outcome.held = !begun;
      continue;
    }
    Result<void> read;
    if (next->kind == Kind::columns)
      read = parse_columns({next->frames.data(), next->frames.size()}, capabilities, columns_);
    if (next->kind == Kind::ok || next->kind == Kind::end_of_rows) {
      Result<mysql::OkPacket> ok = next->kind == Kind::ok
                                       ? mysql::parse_ok_packet(next->payload, capabilities)
                                       : mysql::parse_end_of_rows(next->payload, capabilities);
      if (ok) outcome.ok = std::move(*ok);
      if (!ok) read = failure(std::move(ok.error()));
    }
    if (!read) {
      lose(outcome, End::source_lost, std::move(read.error()));
      co_return;
    }
    const bool last = answer.done();
    const SinkPiece given{next->kind, next->frames, next->payload, capabilities, &outcome};
    begun = begun || next->kind == Kind::end_of_columns;
    Result<void> taken = co_await piece(given);
    if (!taken) {
      sink_error_ = taken.error();
      // The answer may have been over: then the connection is fine.
      if (!last) lose(outcome, End::sink_lost, std::move(taken.error()));
      break;
    }
  }
  if (answer.done()) answer.finish();
  outcome.rows = answer.framer().rows();
  outcome.result_sets = answer.framer().result_sets();
}

}  // namespace kintsugi::gate
