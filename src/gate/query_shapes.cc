#include "gate/query_shapes.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/utf8.h"
#include "sql/shape.h"

namespace kintsugi::gate {
namespace {

constexpr std::size_t kAliasesPerShape = 4;  // lists of several lengths are several texts of one shape

std::uint64_t mixed(std::uint64_t id, std::uint64_t more, const QueryRun& run) {
  const std::uint64_t seed = id ^ more ^ (static_cast<std::uint64_t>(run.tier) << 56);
  return XXH3_64bits_withSeed(run.keyspace.data(), run.keyspace.size(), seed);
}

/// Without allocating where it fits.
void assign(std::string& to, std::string_view from) {
  if (to != from) to.assign(from);
}

}  // namespace

void QueryTotals::add(const QueryRun& run) {
  ++calls;
  if (run.failed) ++errors;
  rows += run.rows;
  bytes += run.bytes;
  shards += run.shards;
  total += run.took;
  waited += run.waited;
  longest = std::max(longest, run.took);
  const auto took = static_cast<std::uint64_t>(std::max<std::int64_t>(run.took.count(), 0));
  const std::size_t bucket = admin::HistogramSnapshot::bucket_of(took);
  ++latency[std::clamp(bucket, kFirstBucket, kFirstBucket + kBuckets - 1) - kFirstBucket];
}

void QueryTotals::add(const QueryTotals& other) {
  calls += other.calls;
  errors += other.errors;
  rows += other.rows;
  bytes += other.bytes;
  shards += other.shards;
  total += other.total;
  waited += other.waited;
  longest = std::max(longest, other.longest);
  for (std::size_t i = 0; i < kBuckets; ++i) latency[i] += other.latency[i];
}

admin::HistogramSnapshot QueryTotals::histogram() const {
  admin::HistogramSnapshot snapshot;
  std::ranges::copy(latency, snapshot.counts.begin() + kFirstBucket);
  snapshot.sum = static_cast<std::uint64_t>(total.count());
  return snapshot;
}

QueryShapes::Entry* QueryShapes::add(const sql::StatementKey& key, const QueryRun& run,
                                     const std::function<std::string()>& text) {
  if (shapes_max_ == 0) return nullptr;
  const std::uint64_t alias = mixed(key.low, key.high * 0x9E3779B97F4A7C15ULL, run);
  const auto known = by_alias_.find(alias);
  Entry& entry = known != by_alias_.end() ? *known->second : find(alias, run, text);
  used(entry);
  assign(entry.user, run.user);
  assign(entry.workload, run.workload);
  entry.last = run.ended;
  entry.totals.add(run);
  return &entry;
}

QueryShapes::Entry& QueryShapes::find(std::uint64_t alias, const QueryRun& run,
                                      const std::function<std::string()>& text) {
  std::string shape = text();
  const std::uint64_t id = sql::shape_id(shape);
  Entry*& slot = by_shape_[mixed(id, 0, run)];
  if (slot == nullptr) {
    // A slot of a map stays where it is while others come and go.
    if (once_.size() + again_.size() >= shapes_max_) make_room();
    Entry& made = once_.emplace_front();
    made.place = once_.begin();
    made.id = id;
    made.text = utf8_only(std::string_view(shape).substr(0, kTextBytesMax));
    made.keyspace = run.keyspace;
    made.tier = run.tier;
    slot = &made;
  }
  Entry& entry = *slot;
  if (by_alias_.size() >= kAliasesPerShape * shapes_max_) forget_aliases();
  by_alias_.emplace(alias, &entry);
  entry.aliases.push_back(alias);
  return entry;
}

/// Those that came again are at most three quarters, so that a new one has time to come a second time.
void QueryShapes::used(Entry& entry) {
  if (entry.again && entry.place == again_.begin()) return;
  Entries& from = entry.again ? again_ : once_;
  const bool first = entry.totals.calls == 0;
  Entries& to = first ? once_ : again_;
  to.splice(to.begin(), from, entry.place);
  entry.again = !first;
  if (again_.size() <= shapes_max_ - shapes_max_ / 4) return;
  Entry& oldest = again_.back();
  oldest.again = false;
  once_.splice(once_.begin(), again_, oldest.place);
}

void QueryShapes::make_room() {
  Entries& from = once_.empty() ? again_ : once_;
  const Entry& gone = from.back();
  other_.add(gone.totals);
  for (const std::uint64_t alias : gone.aliases) by_alias_.erase(alias);
  QueryRun run;
  run.keyspace = gone.keyspace;
  run.tier = gone.tier;
  by_shape_.erase(mixed(gone.id, 0, run));
  from.pop_back();
}

void QueryShapes::forget_aliases() {
  by_alias_.clear();
  for (Entries* entries : {&once_, &again_}) {
    for (Entry& entry : *entries) entry.aliases.clear();
  }
}

std::vector<QueryShape> QueryShapes::all() const {
  std::vector<QueryShape> out;
  const Time now = Clock::now();
  const WallTime wall = std::chrono::system_clock::now();
  for (const Entries* entries : {&once_, &again_}) {
    for (const Entry& entry : *entries) {
      const WallTime last = wall - std::chrono::duration_cast<WallTime::duration>(now - entry.last);
      out.push_back({entry.id, entry.text, entry.keyspace, entry.tier, entry.user, entry.workload,
                     entry.reason, last, entry.totals});
    }
  }
  if (other_.calls > 0) out.push_back({.text = shape_name(0), .totals = other_});
  return out;
}

void QueryShapes::reset() {
  by_alias_.clear();
  by_shape_.clear();
  once_.clear();
  again_.clear();
  other_ = {};
}

std::vector<QueryShape> merged(std::vector<QueryShape> all) {
  std::map<std::tuple<std::uint64_t, std::string, plan::Tier>, QueryShape> by_shape;
  for (QueryShape& one : all) {
    auto [place, fresh] = by_shape.try_emplace({one.id, one.keyspace, one.tier}, one);
    if (fresh) continue;
    QueryShape& sum = place->second;
    one.totals.add(sum.totals);
    if (one.reason.empty()) one.reason = std::move(sum.reason);
    if (one.last >= sum.last) {
      sum = std::move(one);
    } else {
      sum.totals = one.totals;
      sum.reason = std::move(one.reason);
    }
  }
  std::vector<QueryShape> out;
  for (auto& [key, shape] : by_shape) out.push_back(std::move(shape));
  std::ranges::sort(out, std::ranges::greater(), [](const QueryShape& shape) { return shape.totals.total; });
  return out;
}

std::string shape_name(std::uint64_t id) { return id == 0 ? "(other)" : fmt::format("{:016x}", id); }

}  // namespace kintsugi::gate
