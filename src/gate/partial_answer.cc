#include "gate/partial_answer.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "gate/session.h"
#include "vschema/snapshot.h"

namespace kintsugi::gate {
namespace {

/// Sees whether a shard has begun to answer, and whether rows of it have gone further.
class WatchingSink final : public exec::RowSink {
 public:
  WatchingSink(exec::RowSink& sink, PartialAnswer& answer) : sink_(sink), answer_(answer) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    answer_.answered = true;
    return sink_.columns(std::move(columns));
  }
  Task<Result<void>> rows(exec::RowBatch batch) override {
    has_rows = true;
    return sink_.rows(batch);
  }
  Task<Result<void>> done(mysql::OkPacket ok) override {
    answer_.answered = is_done = true;
    return sink_.done(std::move(ok));
  }

  bool has_rows = false;
  bool is_done = false;

 private:
  exec::RowSink& sink_;
  PartialAnswer& answer_;
};

/// Whether the request is for rows that a shard has.
bool is_for_rows(const exec::ShardRequest& request) {
  using Part = exec::ShardRequest::Part;
  const bool reads =
      request.part == Part::kStatement || request.part == Part::kCopyOut || request.part == Part::kPart;
  return reads && request.shard != nullptr && !request.scratch && !request.stays && !request.write;
}

}  // namespace

bool forgives_shards(Session& session, const plan::Plan& plan) {
  return plan.directives.scatter_errors_as_warnings.value_or(false) && sql::is_query(plan.statement) &&
         !plan.writes && !plan.locks && session.state().autocommit && !session.shards().transaction().open();
}

Task<Result<void>> ForgivingShards::run(const exec::ShardRequest& request, exec::RowSink& sink,
                                        runtime::Cancel* cancel) {
  if (!is_for_rows(request)) co_return co_await shards_.run(request, sink, cancel);
  WatchingSink watching(sink, answer_);
  Result<void> done = co_await shards_.run(request, watching, cancel);
  const bool stopped = cancel != nullptr && cancel->requested();
  if (done || watching.has_rows || watching.is_done || stopped) co_return done;
  ++answer_.lacking;
  if (!answer_.first) answer_.first = done.error();
  statements_.warn(done.error().mysql_errno(), fmt::format("the answer lacks the rows of {}: {}",
                                                           request.shard->text(), done.error().text()));
  co_return co_await sink.done({});
}

Task<Result<void>> ForgivingShards::begin_unit(std::span<const vschema::Shard* const> shards) {
  return shards_.begin_unit(shards);
}

Task<Result<void>> ForgivingShards::end_unit(bool keep) { return shards_.end_unit(keep); }

Task<void> ForgivingShards::end_scratch() { return shards_.end_scratch(); }

Task<Result<void>> PartialSink::columns(std::vector<mysql::ColumnDefinition> columns) {
  if (is_empty()) co_return failure(*answer_.first);
  co_return co_await sink_.columns(std::move(columns));
}

Task<Result<void>> PartialSink::rows(exec::RowBatch batch) { return sink_.rows(batch); }

Task<Result<void>> PartialSink::done(mysql::OkPacket ok) {
  if (is_empty()) co_return failure(*answer_.first);
  const std::uint64_t warnings = ok.warnings + answer_.lacking;
  ok.warnings = static_cast<std::uint16_t>(
      std::min<std::uint64_t>(warnings, std::numeric_limits<std::uint16_t>::max()));
  co_return co_await sink_.done(std::move(ok));
}

}  // namespace kintsugi::gate
