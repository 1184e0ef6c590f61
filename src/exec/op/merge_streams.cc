#include "exec/op/merge_streams.h"

#include <algorithm>
#include <limits>

#include "exec/errors.h"
#include "exec/op/merge.h"
#include "exec/op/operators.h"
#include "exec/op/row_joiner.h"
#include "exec/op/text.h"
#include "mysql/packet.h"

namespace kintsugi::exec {

/// One request's answer: its next row, and the batch that the row is in.
class Merging::Lane final : public RowSink {
 public:
  Lane(Merging& owner, std::size_t index) : owner_(owner), index_(index) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    co_return co_await owner_.take_columns(std::move(columns));
  }

  Task<Result<void>> rows(RowBatch batch) override {
    frames_ = {batch.frames.data(), batch.frames.size()};
    if (owner_.all_sent()) co_return Result<void>();
    Result<bool> found = next_row();
    if (!found) co_return failure(std::move(found.error()));
    if (!*found) co_return Result<void>();
    used_up_.reset();
    owner_.add(*this);
    const bool used = co_await used_up_.wait(Time::max(), &owner_.workers_.cancel());
    if (!used) co_return failure(kCancelled, "another shard failed");
    co_return Result<void>();
  }

  Task<Result<void>> done(mysql::OkPacket ok) override {
    ok_ = std::move(ok);
    owner_.changed_.set();
    co_return Result<void>();
  }

  /// Comes to the next row of the batch; false where there is none.
  Result<bool> next_row() {
    has_row_ = false;
    if (!take_row()) return false;
    Result<std::size_t> visible = owner_.keys_->read(row_, keys_);
    if (!visible) return failure(std::move(visible.error()));
    visible_ = *visible;
    has_row_ = true;
    return true;
  }

  void let_go() { used_up_.set(); }
  bool has_row() const { return has_row_; }
  bool finished() const { return ok_.has_value(); }
  std::size_t index() const { return index_; }
  std::string_view row() const { return row_; }
  /// The row with its header, as it came; empty if it came in several.
  std::string_view frame() const { return frame_; }
  std::size_t visible() const { return visible_; }
  const MergeKeys& keys() const { return keys_; }
  const mysql::OkPacket& ok() const { return *ok_; }

 private:
  /// Rows of one frame stay where they are; longer ones are put together.
  bool take_row() {
    if (frames_.empty()) return false;
    const std::size_t length = mysql::parse_header(frames_).length;
    if (is_long_ || length == mysql::kMaxFrame) {
      const std::optional<std::string_view> joined = joiner_.next(frames_);
      is_long_ = !joined;
      if (joined) row_ = *joined;
      frame_ = {};
      return joined.has_value();
    }
    frame_ = frames_.substr(0, mysql::kHeaderSize + length);
    row_ = frame_.substr(mysql::kHeaderSize);
    frames_.remove_prefix(mysql::kHeaderSize + length);
    return true;
  }

  Merging& owner_;
  std::size_t index_;
  std::string_view frames_;
  std::string_view row_;
  std::string_view frame_;
  RowJoiner joiner_;
  bool is_long_ = false;  ///< in the middle of a row of several frames
  bool has_row_ = false;
  MergeKeys keys_;
  std::size_t visible_ = 0;
  runtime::Event used_up_;
  std::optional<mysql::OkPacket> ok_;
};

Merging::Merging(ExecContext& context, const plan::MergeStreams& merge, std::vector<ShardRequest> requests,
                 RowSink& sink)
    : context_(context),
      merge_(merge),
      requests_(std::move(requests)),
      sink_(sink),
      skip_(merge.offset ? whole_number(*merge.offset, context.bindings) : 0),
      left_(merge.limit ? whole_number(*merge.limit, context.bindings)
                        : std::numeric_limits<std::uint64_t>::max()) {
  for (std::size_t i = 0; i < requests_.size(); ++i) lanes_.push_back(std::make_unique<Lane>(*this, i));
}

Merging::~Merging() = default;

Task<Result<std::vector<mysql::OkPacket>>> Merging::run() {
  {
    runtime::Cancel::Callback cancelled(context_.cancel,
                                        [this] { fail(Error(kCancelled, "the statement was cancelled")); });
    for (std::size_t i = 0; i < lanes_.size(); ++i) workers_.spawn(run_lane(i));
    workers_.spawn(merge());
    co_await workers_.join();
  }
  if (error_) co_return failure(*error_);
  std::vector<mysql::OkPacket> oks;
  for (const auto& lane : lanes_) oks.push_back(lane->ok());
  co_return oks;
}

Task<void> Merging::run_lane(std::size_t index) {
  Lane& lane = *lanes_[index];
  Result<void> done = co_await context_.shards.run(requests_[index], lane, &workers_.cancel());
  if (!done) {
    fail(done.error());
  } else if (!lane.finished()) {
    fail(Error(kInternal, "a shard's answer has no end"));
  }
}

void Merging::fail(Error error) {
  if (error_) return;
  error_ = std::move(error);
  workers_.cancel().request();
  changed_.set();
}

Task<Result<void>> Merging::take_columns(std::vector<mysql::ColumnDefinition> columns) {
  Result<bool> first = columns_.take(columns);
  if (!first) co_return failure(std::move(first.error()));
  if (!*first) co_return Result<void>();
  const bool binary = context_.binary_rows && context_.part == ShardRequest::Part::kStatement;
  Result<MergeKeyReader> keys = MergeKeyReader::make(merge_.keys, columns, merge_.hidden, binary);
  if (!keys) co_return failure(std::move(keys.error()));
  keys_ = std::move(*keys);
  if (merge_.groups) {
    Result<GroupFolder> folder = GroupFolder::make(merge_.folds, columns, merge_.hidden, binary);
    if (!folder) co_return failure(std::move(folder.error()));
    folder_ = std::move(*folder);
  }
  columns.resize(columns.size() - merge_.hidden);
  Result<void> sent = co_await sink_.columns(std::move(columns));
  columns_sent_ = true;
  changed_.set();
  co_return sent;
}

void Merging::add(Lane& lane) {
  const auto later = [this](const Lane* a, const Lane* b) { return comes_first(*b, *a); };
  heap_.push_back(&lane);
  std::ranges::push_heap(heap_, later);
  changed_.set();
}

bool Merging::comes_first(const Lane& a, const Lane& b) const {
  const int order = keys_->compare(a.keys(), b.keys());
  return order != 0 ? order < 0 : a.index() < b.index();
}

/// Puts the heap in order again after its first lane has come to another row.
void Merging::sift_down() {
  std::size_t at = 0;
  while (true) {
    std::size_t first = at;
    for (std::size_t child = 2 * at + 1; child <= 2 * at + 2 && child < heap_.size(); ++child) {
      if (comes_first(*heap_[child], *heap_[first])) first = child;
    }
    if (first == at) return;
    std::swap(heap_[at], heap_[first]);
    at = first;
  }
}

/// Whether it is certain which row comes next. In any order, that is whichever is there.
bool Merging::is_ready() const {
  if (heap_.empty() || !columns_sent_) return false;
  if (merge_.keys.empty()) return true;
  return std::ranges::all_of(lanes_, [](const auto& lane) { return lane->has_row() || lane->finished(); });
}

bool Merging::is_over() const {
  return std::ranges::all_of(lanes_, [](const auto& lane) { return lane->finished(); });
}

Task<void> Merging::merge() {
  while (!error_) {
    Result<void> merged = co_await merge_rows();
    if (!merged) {
      fail(merged.error());
      co_return;
    }
    if (is_over()) break;
    const bool changed = co_await changed_.wait(Time::max(), &workers_.cancel());
    if (!changed) co_return;
    changed_.reset();
  }
  if (error_) co_return;
  end_group();
  Result<void> flushed = co_await flush();
  if (!flushed) fail(flushed.error());
}

Task<Result<void>> Merging::merge_rows() {
  while (is_ready() && !all_sent()) {
    // Until a lane's batch is used up, every lane stays ready.
    for (bool used_up = false; !used_up && !all_sent();) {
      Lane& lane = *heap_.front();
      Result<void> emitted = emit(lane);
      if (!emitted) co_return emitted;
      Result<bool> next = lane.next_row();
      if (!next) co_return failure(std::move(next.error()));
      used_up = !*next;
      if (used_up) {
        heap_.front() = heap_.back();
        heap_.pop_back();
        lane.let_go();
      }
      if (!heap_.empty()) sift_down();
      if (out_.size() < kOutBytes) continue;
      Result<void> flushed = co_await flush();
      if (!flushed) co_return flushed;
    }
  }
  if (!all_sent()) co_return Result<void>();
  let_all_go();
  co_return co_await flush();
}

void Merging::let_all_go() {
  for (Lane* lane : heap_) lane->let_go();
  heap_.clear();
}

bool Merging::is_known(const Lane& lane) {
  if (!merge_.distinct) return false;
  if (has_last_ && keys_->compare(last_keys_, lane.keys()) == 0) return true;
  has_last_ = true;
  last_row_ = lane.row();
  // Once read by a lane, it can be read again.
  if (!keys_->read(last_row_, last_keys_)) has_last_ = false;
  return false;
}

Result<void> Merging::emit(const Lane& lane) {
  if (folder_) return fold(lane);
  if (is_known(lane)) return {};
  if (skip_ > 0) {
    --skip_;
    return {};
  }
  --left_;
  if (merge_.hidden == 0 && !lane.frame().empty()) {
    out_ += lane.frame();
    return {};
  }
  std::uint8_t sequence = 0;  // the one who writes to the client sets them
  mysql::append_packet(out_, sequence, keys_->visible(lane.row(), lane.visible(), scratch_));
  return {};
}

Result<void> Merging::fold(const Lane& lane) {
  if (has_last_ && keys_->compare(last_keys_, lane.keys()) == 0) return folder_->add(lane.row());
  end_group();
  if (all_sent()) return {};
  has_last_ = true;
  last_row_ = lane.row();
  Result<std::size_t> read = keys_->read(last_row_, last_keys_);
  if (!read) return failure(std::move(read.error()));
  return folder_->begin(last_row_);
}

void Merging::end_group() {
  if (!folder_ || !has_last_) return;
  has_last_ = false;
  if (!folder_->fulfils(merge_.having)) return;
  if (skip_ > 0) {
    --skip_;
    return;
  }
  --left_;
  scratch_.clear();
  folder_->write(scratch_);
  std::uint8_t sequence = 0;  // as above
  mysql::append_packet(out_, sequence, scratch_);
}

Task<Result<void>> Merging::flush() {
  if (out_.empty()) co_return Result<void>();
  RowBatch batch{out_};
  Result<void> sent = co_await sink_.rows(batch);
  out_.clear();
  co_return sent;
}

Task<Result<void>> run_merge(ExecContext& context, const plan::Node& node, RowSink& sink) {
  const auto& merge = static_cast<const plan::MergeStreams&>(node);
  Result<const plan::Route*> route = serving_route(context, merge);
  if (!route) co_return failure(std::move(route.error()));
  if (*route != nullptr) {
    Result<void> routed = co_await run_route(context, **route, sink);
    co_return routed;
  }
  Result<plan::ShardList> shards = resolve(context.plan, merge.destination, context.bindings);
  if (!shards) co_return failure(std::move(shards.error()));
  std::string text;
  if (!merge.own_text) text = bind_text(merge.text, context.bindings, context.session);
  ShardRequest request;
  request.keyspace = merge.destination.keyspace;
  request.type = merge.destination.type;
  request.own_text = merge.own_text;
  request.text = text;
  request.part = context.part;
  std::vector<ShardRequest> requests = to_each(*shards, request);
  Merging merging(context, merge, std::move(requests), sink);
  Result<std::vector<mysql::OkPacket>> oks = co_await merging.run();
  if (!oks) co_return failure(oks.error());
  mysql::OkPacket ok = merge_ok(*oks);
  co_return co_await sink.done(std::move(ok));
}

}  // namespace kintsugi::exec
