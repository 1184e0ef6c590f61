#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "exec/executor.h"
#include "mysql/response.h"
#include "runtime/cancel.h"
#include "runtime/event.h"

namespace kintsugi::gate {

struct SharedBatch;

/// Reads that are the same, of one loop's clients. While one of them runs, those that come meanwhile wait
/// together; when it has ended, one of them is sent, and its answer is theirs too. So an answer never is
/// older than the question: what a session has written, or has seen, is in all that it reads afterwards. On
/// one loop.
class SharedReads {
 public:
  struct Answer {
    std::vector<mysql::ColumnDefinition> columns;
    std::string frames;  ///< of rows
    std::uint64_t rows = 0;
    mysql::OkPacket ok;
  };

  /// What became of a read that came.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept;
    Place& operator=(Place&& other) noexcept;
    ~Place() { leave(); }

    /// Another one's; null: it must be sent to a server.
    const std::shared_ptr<const Answer>& answer() const { return answer_; }
    /// Others wait for what it brings.
    bool leads() const { return batch_ != nullptr; }
    /// Gives it to them.
    void publish(std::shared_ptr<const Answer> answer);

   private:
    friend class SharedReads;
    void leave();

    SharedReads* reads_ = nullptr;
    std::string key_;
    std::shared_ptr<SharedBatch> batch_;
    std::shared_ptr<const Answer> answer_;
  };

  /// Waits as said above; kCancelled. Of those who wait for one that fails, or is lost, each sends its own.
  Task<Result<Place>> enter(std::string key, runtime::Cancel* cancel);
  /// Kinds of reads under way.
  std::size_t size() const { return running_.size(); }

 private:
  void end(const std::string& key);

  /// By what makes them the same; those that wait for the one that runs, if any.
  std::unordered_map<std::string, std::shared_ptr<SharedBatch>> running_;
};

/// Hands an answer on to `sink`, and keeps it for others as long as it is no larger than `bytes_max`.
class SharedReadSink final : public exec::RowSink {
 public:
  SharedReadSink(exec::RowSink& sink, std::size_t bytes_max) : sink_(sink), bytes_max_(bytes_max) {}
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override;
  Task<Result<void>> rows(exec::RowBatch batch) override;
  Task<Result<void>> done(mysql::OkPacket ok) override;

  /// Null: it was too large, is not whole, or has warnings, which each session must ask for itself.
  std::shared_ptr<const SharedReads::Answer> take();

 private:
  exec::RowSink& sink_;
  std::size_t bytes_max_;
  std::shared_ptr<SharedReads::Answer> answer_ = std::make_shared<SharedReads::Answer>();
  bool whole_ = false;
};

}  // namespace kintsugi::gate
