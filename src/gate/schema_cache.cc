#include "gate/schema_cache.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/utf8.h"
#include "gate/backend.h"
#include "gate/backends.h"
#include "runtime/errors.h"
#include "runtime/event.h"

namespace kintsugi::gate {

/// Tables of one keyspace that are being read.
struct SchemaCache::Read {
  std::string keyspace;
  std::vector<std::string> names;
  Backend* server = nullptr;  ///< while it is asked
  Result<void> result;
  runtime::Event done;
};

SchemaCache::SchemaCache(Backends& backends, Duration server_wait, admin::Counter& reads)
    : backends_(backends), server_wait_(server_wait), count_(reads) {}
SchemaCache::~SchemaCache() = default;

Task<Result<void>> SchemaCache::load(std::vector<plan::TableKey> tables, runtime::Cancel* cancel) {
  std::vector<std::shared_ptr<Read>> awaited;
  std::map<std::string, std::shared_ptr<Read>> begun;  // by keyspace
  for (plan::TableKey& key : tables) {
    std::shared_ptr<Read>& read = under_way_[key];
    if (read == nullptr) {
      std::shared_ptr<Read>& mine = begun[key.keyspace];
      if (mine == nullptr) mine = std::make_shared<Read>();
      mine->keyspace = key.keyspace;
      mine->names.push_back(std::move(key.table));
      read = mine;
    }
    awaited.push_back(read);
  }
  for (const auto& [keyspace, read] : begun) reads_.spawn(run(read));
  for (const std::shared_ptr<Read>& read : awaited) {
    const bool over = co_await read->done.wait(Time::max(), cancel);
    if (!over) co_return failure(runtime::kCancelled, "cancelled while a table's definition was read");
    if (!read->result) co_return failure(read->result.error());
  }
  co_return Result<void>();
}

Task<void> SchemaCache::run(std::shared_ptr<Read> read) {
  const std::uint64_t times_forgotten = times_forgotten_[read->keyspace];
  Result<Entries> found = co_await ask(*read);
  for (const std::string& name : read->names) under_way_.erase({read->keyspace, name});
  if (!found) {
    read->result = failure(std::move(found.error()));
  } else if (times_forgotten == times_forgotten_[read->keyspace]) {
    std::vector<plan::TableKey> missing;
    for (const std::string& name : read->names) {
      const bool there = std::ranges::any_of(*found, [&](const auto& table) { return table->name == name; });
      if (!there) missing.push_back({read->keyspace, name});
    }
    if (!schema_->learn(*found, missing)) schema_ = schema_->with(std::move(*found), missing);
  }
  read->done.set();
}

Task<Result<SchemaCache::Entries>> SchemaCache::ask(Read& read) {
  plan::SchemaReader reader;
  std::vector<std::string> possible;  // no server has a table whose name is not well-formed UTF-8
  std::ranges::copy_if(read.names, std::back_inserter(possible), is_utf8);
  if (possible.empty()) co_return reader.take();
  Backends::Wanted wanted;
  wanted.keyspace = read.keyspace;
  Result<Lease> lease = co_await backends_.take_plain(wanted, Clock::now() + server_wait_, &reads_.cancel());
  if (!lease) co_return failure(std::move(lease.error()));
  count_.add();
  read.server = &backend_of(*lease);
  Result<wire::ResultSet> answer = co_await read.server->query(plan::schema_query(read.keyspace, possible));
  read.server = nullptr;
  if (!answer) co_return failure(std::move(answer.error()));
  std::vector<std::string_view> cells;
  for (const wire::TextRow& row : answer->rows) {
    cells.clear();
    for (const auto& cell : row) cells.push_back(cell ? std::string_view(*cell) : std::string_view());
    Result<void> added = reader.add_row(cells);
    if (!added) co_return failure(std::move(added.error()));
  }
  co_return reader.take();
}

void SchemaCache::forget(const std::string& keyspace) {
  ++times_forgotten_[keyspace];
  schema_ = schema_->without(keyspace);
}

bool SchemaCache::is_news(const std::string& shard, const std::string& version) {
  std::string& known = versions_[shard];
  if (known == version) return false;
  return !std::exchange(known, version).empty();
}

Task<void> SchemaCache::stop() {
  reads_.cancel().request();
  for (const auto& [key, read] : under_way_) {
    if (read->server != nullptr) read->server->connection().abort();
  }
  co_await reads_.join();
}

}  // namespace kintsugi::gate
