#include "gate/shared_reads.h"

#include <utility>

#include "mysql/packet.h"
#include "runtime/errors.h"

namespace kintsugi::gate {

/// Reads that wait for one that runs: the first will be sent, the others get its answer.
struct SharedBatch {
  runtime::Event begun;
  runtime::Event done;
  std::size_t followers = 0;
  std::shared_ptr<const SharedReads::Answer> answer;
};

SharedReads::Place::Place(Place&& other) noexcept
    : reads_(std::exchange(other.reads_, nullptr)),
      key_(std::move(other.key_)),
      batch_(std::move(other.batch_)),
      answer_(std::move(other.answer_)) {}

SharedReads::Place& SharedReads::Place::operator=(Place&& other) noexcept {
  if (this == &other) return *this;
  leave();
  reads_ = std::exchange(other.reads_, nullptr);
  key_ = std::move(other.key_);
  batch_ = std::move(other.batch_);
  answer_ = std::move(other.answer_);
  return *this;
}

void SharedReads::Place::publish(std::shared_ptr<const Answer> answer) {
  batch_->answer = std::move(answer);
  std::exchange(batch_, nullptr)->done.set();
}

void SharedReads::Place::leave() {
  if (batch_) publish(nullptr);
  if (reads_ != nullptr) std::exchange(reads_, nullptr)->end(key_);
}

Task<Result<SharedReads::Place>> SharedReads::enter(std::string key, runtime::Cancel* cancel) {
  Place place;
  const auto [running, first] = running_.try_emplace(key);
  if (first) {
    place.reads_ = this;
    place.key_ = std::move(key);
    co_return place;
  }
  if (const std::shared_ptr<SharedBatch> batch = running->second) {
    ++batch->followers;
    const bool came = co_await batch->done.wait(Time::max(), cancel);
    if (!came) co_return failure(runtime::kCancelled, "query was cancelled");
    place.answer_ = batch->answer;
    co_return place;
  }
  const auto batch = running->second = std::make_shared<SharedBatch>();
  const bool came = co_await batch->begun.wait(Time::max(), cancel);
  if (!batch->begun.is_set()) {  // who has come meanwhile does without it
    running_.at(key) = nullptr;
    batch->done.set();
    co_return failure(runtime::kCancelled, "query was cancelled");
  }
  place.reads_ = this;
  place.key_ = std::move(key);
  if (batch->followers != 0) place.batch_ = batch;
  if (!came) co_return failure(runtime::kCancelled, "query was cancelled");
  co_return place;
}

/// The one that ran has ended: those that wait have their turn.
void SharedReads::end(const std::string& key) {
  const auto running = running_.find(key);
  if (running->second == nullptr) {
    running_.erase(running);
  } else {
    std::exchange(running->second, nullptr)->begun.set();
  }
}

Task<Result<void>> SharedReadSink::columns(std::vector<mysql::ColumnDefinition> columns) {
  answer_->columns = columns;
  Result<void> taken = co_await sink_.columns(std::move(columns));
  co_return taken;
}

Task<Result<void>> SharedReadSink::rows(exec::RowBatch batch) {
  if (answer_ && answer_->frames.size() + batch.frames.size() > bytes_max_) answer_ = nullptr;
  if (answer_) {
    const std::string_view frames(batch.frames.data(), batch.frames.size());
    answer_->rows += mysql::count_packets(frames);
    answer_->frames += frames;
  }
  Result<void> taken = co_await sink_.rows(batch);
  co_return taken;
}

Task<Result<void>> SharedReadSink::done(mysql::OkPacket ok) {
  if (answer_) answer_->ok = ok;
  whole_ = ok.warnings == 0;
  Result<void> taken = co_await sink_.done(std::move(ok));
  co_return taken;
}

std::shared_ptr<const SharedReads::Answer> SharedReadSink::take() {
  return whole_ ? std::exchange(answer_, nullptr) : nullptr;
}

}  // namespace kintsugi::gate
