#include "exec/op/concatenation.h"

#include <algorithm>

#include "exec/errors.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

namespace {

/// A server may call the texts of one expression CHAR or VARCHAR by what its optimizer finds constant.
bool is_text(mysql::FieldType type) {
  return type == mysql::FieldType::string || type == mysql::FieldType::var_string ||
         type == mysql::FieldType::varchar;
}

/// Whether rows of both mean the same.
bool same_shape(std::span<const mysql::ColumnDefinition> a, std::span<const mysql::ColumnDefinition> b) {
  return std::ranges::equal(a, b, [](const mysql::ColumnDefinition& x, const mysql::ColumnDefinition& y) {
    return (x.type == y.type && x.is_unsigned() == y.is_unsigned()) || (is_text(x.type) && is_text(y.type));
  });
}

/// Whether a server refused a row of what it was to write, and not the transaction.
bool is_of_a_row(const Error& error) {
  constexpr std::uint16_t kDeadlock = 1213;
  return error.is(kServerError) && error.mysql_errno() != kDeadlock;
}

}  // namespace

Result<bool> SharedColumns::take(const std::vector<mysql::ColumnDefinition>& columns) {
  if (!first_) {
    first_ = columns;
    return true;
  }
  if (same_shape(*first_, columns)) return false;
  return failure(kShardsDisagree, "shards answered with columns of different number or types");
}

/// One request's answer on its way to the sink.
class Concatenation::Lane : public RowSink {
 public:
  Lane(Concatenation& owner, std::size_t index) : owner_(owner), index_(index) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    if (dropped()) co_return Result<void>();
    co_return co_await owner_.send_columns(std::move(columns));
  }

  Task<Result<void>> rows(RowBatch batch) override {
    if (dropped()) co_return Result<void>();
    if (!is_turn()) {
      held_.insert(held_.end(), batch.frames.begin(), batch.frames.end());
      if (held_.size() < owner_.context_.lookahead_bytes_max) co_return Result<void>();
      const bool came = co_await turn_came_.wait(Time::max(), &owner_.workers_.cancel());
      if (!came) co_return failure(kCancelled, "another shard failed");
      if (dropped()) co_return Result<void>();
      co_return co_await flush();
    }
    Result<void> done = co_await flush();
    if (!done) co_return done;
    co_return co_await owner_.sink_.rows(batch);
  }

  Task<Result<void>> done(mysql::OkPacket ok) override {
    ok_ = std::move(ok);
    if (is_turn()) co_return co_await owner_.advance(index_);
    co_return Result<void>();
  }

  /// Sends what was held before its turn came.
  Task<Result<void>> flush() {
    const bool sent = co_await owner_.columns_sent_.wait(Time::max(), &owner_.workers_.cancel());
    if (!sent) co_return failure(kCancelled, "another shard failed");
    if (held_.empty()) co_return Result<void>();
    std::vector<char> held = std::move(held_);
    held_.clear();
    RowBatch batch{held};
    co_return co_await owner_.sink_.rows(batch);
  }

  bool holds_rows() const { return !held_.empty(); }
  bool finished() const { return ok_.has_value(); }
  const mysql::OkPacket& ok() const { return *ok_; }
  void give_turn() { turn_came_.set(); }
  bool over = false;  ///< its request, in whatever way

 private:
  bool is_turn() const { return owner_.turn_ == index_; }
  /// Nobody is interested in its rows: another shard writes the same ones, or one was refused.
  bool dropped() const {
    return (owner_.answers_ == Answers::kFirst && index_ > 0) || owner_.refused_row_.has_value();
  }

  Concatenation& owner_;
  std::size_t index_;
  std::vector<char> held_;
  runtime::Event turn_came_;
  std::optional<mysql::OkPacket> ok_;
};

Concatenation::Concatenation(ExecContext& context, std::vector<ShardRequest> requests, RowSink& sink,
                             Answers answers)
    : context_(context),
      requests_(std::move(requests)),
      sink_(sink),
      answers_(answers),
      in_row_order_(answers == Answers::kAll && requests_.size() > 1 &&
                    std::ranges::none_of(requests_, [](const auto& each) { return each.rows.empty(); })) {
  for (std::size_t i = 0; i < requests_.size(); ++i) lanes_.push_back(std::make_unique<Lane>(*this, i));
}

Concatenation::~Concatenation() = default;

Task<Result<std::vector<mysql::OkPacket>>> Concatenation::run() {
  {
    runtime::Cancel::Callback cancelled(context_.cancel,
                                        [this] { fail(Error(kCancelled, "the statement was cancelled")); });
    // Those who write the same rows at once wait for each other at the first shard, not crosswise at several.
    if (answers_ == Answers::kFirst) co_await run_lane(next_++);
    const std::size_t workers = std::min(requests_.size(), context_.concurrency_max);
    for (std::size_t i = 0; i < workers; ++i) workers_.spawn(work());
    co_await workers_.join();
  }
  if (error_) co_return failure(*error_);
  std::vector<mysql::OkPacket> oks;
  for (const auto& lane : lanes_) oks.push_back(lane->ok());
  co_return oks;
}

// Requests are taken in order, so that the one whose turn it is always is at work.
Task<void> Concatenation::work() {
  while (next_ < requests_.size() && !workers_.cancel().requested()) {
    const std::size_t index = next_++;
    if (may_be_refused(index)) co_await run_lane(index);
  }
}

Task<void> Concatenation::run_lane(std::size_t index) {
  Lane& lane = *lanes_[index];
  ShardRequest& request = requests_[index];
  std::size_t refused = in_row_order_ ? request.rows.front() : 0;
  if (in_row_order_) request.refused_row = &refused;
  Result<void> done = co_await context_.shards.run(request, lane, &workers_.cancel());
  lane.over = true;
  if (!done && in_row_order_ && is_of_a_row(done.error())) {
    refuse(refused, done.error());
  } else if (!done) {
    fail(done.error());
  } else if (!lane.finished()) {
    fail(Error(kInternal, "a shard's answer has no end"));
  }
  stop_if_told();
}

void Concatenation::fail(Error error) {
  if (workers_.cancel().requested()) return;
  error_ = std::move(error);
  workers_.cancel().request();
}

void Concatenation::refuse(std::size_t row, Error error) {
  if (workers_.cancel().requested()) return;  // and this is how it ended
  if (refused_row_ && *refused_row_ < row) return;
  refused_row_ = row;
  error_ = std::move(error);
  for (const auto& lane : lanes_) lane->give_turn();  // what waits to be sent is dropped
}

/// Whether what a request writes may still be refused with an error that a server would have told instead.
bool Concatenation::may_be_refused(std::size_t index) const {
  return !refused_row_ || (!lanes_[index]->over && requests_[index].rows.front() < *refused_row_);
}

void Concatenation::stop_if_told() {
  if (!refused_row_) return;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (may_be_refused(i)) return;
  }
  workers_.cancel().request();
}

Task<Result<void>> Concatenation::send_columns(std::vector<mysql::ColumnDefinition> columns) {
  Result<bool> first = columns_.take(columns);
  if (!first) co_return failure(std::move(first.error()));
  if (!*first) co_return Result<void>();
  Result<void> sent = co_await sink_.columns(std::move(columns));
  if (sent) columns_sent_.set();
  co_return sent;
}

// Called by the lane whose turn it is, at its end. Lanes that have finished have nobody else to send what
// they hold.
Task<Result<void>> Concatenation::advance(std::size_t index) {
  while (true) {
    Lane& lane = *lanes_[index];
    if (lane.holds_rows()) {
      Result<void> flushed = co_await lane.flush();
      if (!flushed) co_return flushed;
    }
    turn_ = ++index;
    if (index == lanes_.size()) co_return Result<void>();
    if (!lanes_[index]->finished()) break;
  }
  lanes_[index]->give_turn();
  co_return Result<void>();
}

}  // namespace kintsugi::exec
