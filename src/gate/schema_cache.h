#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "admin/metrics.h"
#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "plan/schema.h"
#include "runtime/cancel.h"
#include "runtime/task_group.h"

namespace kintsugi::gate {

class Backend;
class Backends;

/// The tables that one loop's plans are made against, read from servers as statements need them. Of many
/// sessions that need a table at once, one read serves all. All calls on that loop.
class SchemaCache {
 public:
  /// A read waits for a server that can be asked for `server_wait` at most. `reads`: counts them.
  SchemaCache(Backends& backends, Duration server_wait, admin::Counter& reads);
  ~SchemaCache();

  /// Another object only when what was known has changed; one that has learned more tables is the same.
  std::shared_ptr<const plan::Schema> current() const { return schema_; }
  const plan::Schema* get() const { return schema_.get(); }

  /// Reads the tables from a server of each keyspace; those that do not exist are remembered as missing. What
  /// changed while it was read may still be unknown then: who plans asks again. kCancelled; what
  /// Backends::take_plain() and servers refuse.
  Task<Result<void>> load(std::vector<plan::TableKey> tables, runtime::Cancel* cancel);
  /// The keyspace's tables are read again when they are needed.
  void forget(const std::string& keyspace);
  /// What a shard's primary says of its definitions; `shard` with its keyspace. True: it is another version
  /// than it said before, so the keyspace should be forgotten.
  bool is_news(const std::string& shard, const std::string& version);

  /// Ends reads under way; nothing may be loaded afterwards.
  Task<void> stop();

 private:
  using Entries = std::vector<plan::Schema::Entry>;
  struct Read;
  Task<void> run(std::shared_ptr<Read> read);
  Task<Result<Entries>> ask(Read& read);

  Backends& backends_;
  Duration server_wait_;
  admin::Counter& count_;
  std::shared_ptr<plan::Schema> schema_ = std::make_shared<plan::Schema>();
  std::map<std::string, std::string> versions_;           ///< by shard, as primaries told
  std::map<std::string, std::uint64_t> times_forgotten_;  ///< by keyspace
  std::map<plan::TableKey, std::shared_ptr<Read>> under_way_;
  runtime::TaskGroup reads_;
};

}  // namespace kintsugi::gate
