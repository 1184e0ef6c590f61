#include "gate/worker.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "gate/errors.h"
#include "gate/login.h"
#include "gate/query_log.h"
#include "gate/session.h"
#include "runtime/errors.h"
#include "runtime/stream_pair.h"
#include "runtime/timer.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

using namespace std::chrono_literals;
constexpr Duration kTick = 1s;
constexpr Duration kWatchAfter = 1s;  // statements that run for longer: is their client still there?
/// A client that was told something may still be sending.
constexpr runtime::LingerBounds kLinger{.bytes = std::size_t{64} << 20, .silence = 1s, .total = 5s};
constexpr Duration kTelling = 1s;
constexpr Duration kLastLinger = 200ms;  // a gate that stops does not wait for longer
constexpr const char* kVersionUnknown = "10.11.0-MariaDB";

}  // namespace

GateShared::GateShared(GateOptions given, admin::Metrics& registry)
    : options(std::move(given)),
      metrics(registry),
      admission({options.load_waiters_max, options.load_wait}, metrics.load_wait),
      hot_rows({options.hot_row_waiters_max, options.load_wait}, metrics.hot_row_wait) {}
GateShared::~GateShared() = default;

Worker::Worker(GateShared& shared, runtime::Loop& loop, std::uint32_t number)
    : shared_(shared),
      loop_(loop),
      number_(number),
      backends_(shared.options, shared.access, shared.workers.size(), shared.metrics.pool_wait),
      schema_(backends_, shared.options.failover_wait, shared.metrics.schema_reads),
      plans_(shared.options.plan_cache_entries),
      queries_(shared.options.query_shapes_max),
      server_version_(kVersionUnknown) {}

Worker::~Worker() = default;

Task<void> on_each_loop(GateShared& shared, std::function<void(Worker&)> visit) {
  if (shared.workers.empty() || shared.workers.front() == nullptr || shared.stopping) co_return;
  runtime::Loop& home = runtime::Loop::current();
  for (Worker* worker : shared.workers) {
    const bool away = &worker->loop() != &home;
    if (away) co_await runtime::switch_to(worker->loop());
    visit(*worker);
    if (away) co_await runtime::switch_to(home);
  }
}

void Worker::set_services(exec::Sequences* sequences, exec::VSchemaEditor* editor,
                          ClusterTopology* topology) {
  sequences_ = sequences;
  vschema_editor_ = editor;
  topology_ = topology;
}

void Worker::set_routing(std::shared_ptr<const vschema::Snapshot> routing) {
  limits_keyspaces_ = options().per_keyspace.any() ||
                      std::ranges::any_of(routing->keyspaces(),
                                          [](const auto& keyspace) { return keyspace->limits().any(); });
  const std::uint64_t version = routing->version();
  backends_.set_routing(std::move(routing));
  routing_use_.set_current(version);
}

void Worker::set_health(std::shared_ptr<const HealthMap> health) {
  backends_.set_health(std::move(health));
  const auto& routing = backends_.routing();
  if (!routing) return;
  for (const auto& keyspace : routing->keyspaces()) {
    for (const vschema::Shard& shard : keyspace->shards()) {
      if (!shard.primary) continue;
      const auto known = backends_.health().find(shard.primary->alias);
      if (known == backends_.health().end() || known->second->schema_version.empty()) continue;
      if (schema_.is_news(shard.text(), known->second->schema_version)) forget_schema(keyspace->name());
    }
  }
}

void Worker::set_server_version(std::string version) {
  server_version_ = std::move(version);
  server_version_known_ = true;
}

const std::string& Worker::told_version() const {
  const std::string& option = shared_.options.server_version;
  return option.empty() ? server_version_ : option;
}

std::uint32_t Worker::next_connection_id() {
  const auto loops = static_cast<std::uint32_t>(shared_.workers.size());
  return ++connection_counter_ * loops + number_;
}

Worker& Worker::of_connection(GateShared& shared, std::uint32_t connection_id) {
  return *shared.workers[connection_id % shared.workers.size()];
}

// Schema.

void Worker::forget_schema(const std::string& keyspace) {
  schema_.forget(keyspace);
  routines_.forget(keyspace);
}

void Worker::forget_schema_everywhere(GateShared& shared, std::string keyspace) {
  for (Worker* worker : shared.workers) {
    if (&worker->loop() == &runtime::Loop::current()) {
      worker->forget_schema(keyspace);
    } else {
      worker->loop().post([worker, keyspace] { worker->forget_schema(keyspace); });
    }
  }
}

// Clients.

/// Half of client_keepalive's bound is silence, half is waiting for answers.
runtime::KeepAlive Worker::keep_alive() const {
  constexpr int kQuestionsMax = 6;
  const Duration bound = options().client_keepalive;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(bound / 2).count();
  const int questions = static_cast<int>(std::clamp<std::int64_t>(seconds, 1, kQuestionsMax));
  return {.idle = bound / 2, .interval = bound / 2 / questions, .questions = questions};
}

Result<runtime::Address> Worker::listen(const runtime::Address& address) {
  runtime::Listener::Options options;
  options.reuse_port = !address.is_unix();
  options.keep_alive = keep_alive();
  if (address.is_unix()) options.unix_mode = 0777;
  Result<runtime::Listener> listener = runtime::Listener::listen(address, options);
  if (!listener) return failure(std::move(listener.error()));
  if (listeners_.empty()) {
    tasks_.spawn(maintain());
    tasks_.spawn(clean_up());
    tasks_.spawn(backends_.give_up_lost(&tasks_.cancel()));
    tasks_.spawn(keep_warm());
  }
  listeners_.push_back(std::make_unique<runtime::Listener>(std::move(*listener)));
  tasks_.spawn(accept(*listeners_.back()));
  return listeners_.back()->address();
}

Task<void> Worker::accept(runtime::Listener& listener) {
  for (;;) {
    Result<runtime::Stream> stream = co_await listener.accept();
    if (!stream) {
      if (stream.error().is(runtime::kCancelled)) co_return;
      kLog.error("client.accept_failed", {{"error", stream.error()}});
      co_await runtime::sleep_for(100ms, &tasks_.cancel());
      continue;
    }
    session_tasks_.spawn(serve(std::move(*stream)));
  }
}

Task<void> Worker::serve(runtime::Stream stream) {
  const std::uint32_t open = shared_.connections.fetch_add(1) + 1;
  if (open > options().connections_max) {
    shared_.connections.fetch_sub(1);
    shared_.metrics.connects.with({"too_many"}).add();
    ClientLink link(std::move(stream), kLoginPacketMax);
    co_await link.refuse(Error(kTooManyConnections, "Too many connections"));
    lingering_.add(link.release());
    co_return;
  }
  shared_.metrics.connections.add();
  const std::uint32_t id = next_connection_id();
  auto session = std::make_unique<Session>(*this, std::move(stream), id);
  sessions_.emplace(id, session.get());
  co_await session->run();
  sessions_.erase(id);
  runtime::Stream leaving = session->link().release();
  session.reset();
  shared_.metrics.connections.subtract();
  shared_.connections.fetch_sub(1);
  if (sessions_.empty()) drained_.set();
  if (leaving.is_open()) lingering_.add(std::move(leaving), kLinger);
}

void Worker::serve_own(std::function<Task<void>(Session&)> work) {
  if (!stopping_) session_tasks_.spawn(run_own(std::move(work)));
}

/// Its end of a connection has another, which says nothing and is not closed before it.
Task<void> Worker::run_own(std::function<Task<void>(Session&)> work) {
  Result<std::pair<runtime::Stream, runtime::Stream>> ends = runtime::stream_pair();
  if (!ends) {
    kLog.warning("session.not_begun", {{"error", ends.error()}, {"do", "raise the limit of open files"}});
    co_return;
  }
  const std::uint32_t id = next_connection_id();
  Session session(*this, std::move(ends->first), id);
  sessions_.emplace(id, &session);
  co_await session.run_own(std::move(work));
  sessions_.erase(id);
  if (sessions_.empty()) drained_.set();
}

/// Each second: statements whose client has gone are ended, connections to servers that are idle for too long
/// closed.
Task<void> Worker::maintain() {
  while (co_await runtime::sleep_for(kTick, &tasks_.cancel())) {
    const Time now = Clock::now();
    for (const auto& [id, session] : sessions_) {
      if (now - session->activity().since > kWatchAfter && session->link().client_gone())
        session->cancel_statement();
    }
    backends_.tidy(now);
  }
}

/// Each second, beside maintain(), which no server must hold up.
Task<void> Worker::clean_up() {
  while (co_await runtime::sleep_for(kTick, &tasks_.cancel())) co_await backends_.clean_up(&tasks_.cancel());
}

/// Each second, beside the others: a server that does not answer may take a while.
Task<void> Worker::keep_warm() {
  while (co_await runtime::sleep_for(kTick, &tasks_.cancel())) co_await backends_.warm(&tasks_.cancel());
}

Session* Worker::find(std::uint32_t connection_id) {
  const auto found = sessions_.find(connection_id);
  return found == sessions_.end() ? nullptr : found->second;
}

std::vector<ProcessInfo> Worker::processes() const {
  std::vector<ProcessInfo> all;
  const Time now = Clock::now();
  for (const auto& [id, session] : sessions_) {
    const Activity& activity = session->activity();
    ProcessInfo info;
    info.id = id;
    info.user = session->identity().user;
    info.peer = session->identity().peer;
    info.target = session->state().target.text();
    info.command = activity.command;
    info.statement = activity.statement;
    info.seconds = std::chrono::duration_cast<std::chrono::seconds>(now - activity.since).count();
    info.in_transaction = session->shards().in_transaction();
    info.pins = session->shards().pins();
    all.push_back(std::move(info));
  }
  return all;
}

/// Those that did not end by themselves: who waits for nothing is told, the others are cut off.
Task<void> Worker::end_sessions() {
  std::vector<Session*> all;
  for (const auto& [id, session] : sessions_) all.push_back(session);
  for (Session* session : all) session->end(false);
  if (!sessions_.empty()) {
    drained_.reset();
    co_await drained_.wait(Clock::now() + kTelling);
  }
  for (const auto& [id, session] : sessions_) session->link().abort();
  co_await session_tasks_.join();
}

Task<void> Worker::stop(Time deadline) {
  stopping_ = true;
  tasks_.cancel().request();
  for (const auto& listener : listeners_) listener->abort();
  std::vector<Session*> all;
  for (const auto& [id, session] : sessions_) all.push_back(session);
  for (Session* session : all) session->end(true);
  if (!sessions_.empty()) {
    drained_.reset();
    co_await drained_.wait(deadline);
  }
  co_await end_sessions();
  co_await schema_.stop();
  co_await lingering_.stop(Clock::now() + kLastLinger);
  co_await tasks_.join();
  listeners_.clear();
  backends_.close();
}

}  // namespace kintsugi::gate
