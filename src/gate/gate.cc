#include "gate/gate.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "admin/readiness.h"
#include "admin/status.h"
#include "base/log.h"
#include "gate/cluster_topology.h"
#include "gate/errors.h"
#include "gate/event/scheduler.h"
#include "gate/health_watcher.h"
#include "gate/pool_report.h"
#include "gate/process_list.h"
#include "gate/query_log.h"
#include "gate/query_report.h"
#include "gate/registration.h"
#include "gate/sequences.h"
#include "gate/status_page.h"
#include "gate/vschema_editor.h"
#include "gate/worker.h"
#include "runtime/timer.h"
#include "topo/store.h"
#include "vschema/watcher.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

using namespace std::chrono_literals;
constexpr Duration kLookAtUsers = 1s;
constexpr Duration kVersionWait = 3s;
constexpr Duration kVersionPause = 1s;

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

Result<std::string> read_secret(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return failure(kInvalidArgument, fmt::format("backend_password_file {}: cannot be read", path));
  return text.str();
}

/// Runs `what` on the loop, now if it is this one.
void on_loop(runtime::Loop& loop, std::function<void()> what) {
  if (&loop == &runtime::Loop::current()) {
    what();
  } else {
    loop.post(std::move(what));
  }
}

}  // namespace

struct Gate::State {
  State(GateOptions given, Dependencies deps)
      : dependencies(std::move(deps)), shared(std::move(given), dependencies.metrics) {
    shared.spill.folder = shared.options.spill_folder;
    shared.spill.buffer_memory_max = shared.options.spill_buffer_memory_max;
    shared.spill.memory_max = shared.options.spill_memory_max;
    shared.spill.disk_max = shared.options.spill_disk_max;
  }

  Result<void> read_files();
  Result<void> open_query_log();
  Task<Result<void>> listen();
  Task<void> watch_users();
  void register_gate();
  Task<void> follow_topology();
  void note_oldest(std::size_t worker, std::uint64_t version);
  topo::Revision vschema_revision() const;
  void use_routing(std::shared_ptr<const vschema::Snapshot> snapshot);
  void use_health(std::shared_ptr<const HealthMap> health);
  void use_users();
  Task<void> find_version(Time give_up);

  Dependencies dependencies;
  GateShared shared;
  std::unique_ptr<UsersFile> users_file;
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<Registration> registration;
  std::unique_ptr<vschema::Watcher> watcher;
  std::unique_ptr<HealthWatcher> health_watcher;
  std::unique_ptr<SequenceBlocks> sequence_blocks;
  std::vector<std::unique_ptr<LoopSequences>> sequences;
  std::vector<std::unique_ptr<TopologyEditor>> editors;
  std::vector<std::unique_ptr<ClusterTopology>> topologies;
  std::unique_ptr<EventScheduler> events;
  std::shared_ptr<const vschema::Snapshot> routing;
  std::map<std::uint64_t, topo::Revision> revisions;  // of the vschemas, by the routing's version
  std::vector<std::uint64_t> oldest;                  // version that a loop writes by; 0: it has none yet
  runtime::Address address;
  runtime::TaskGroup tasks;
  runtime::TaskGroup last_tasks;  // those that end after the last session
  bool started = false;
};

Gate::Gate(GateOptions options, Dependencies dependencies)
    : state_(std::make_unique<State>(std::move(options), std::move(dependencies))) {}

Gate::~Gate() = default;

const runtime::Address& Gate::address() const { return state_->address; }

void Gate::set_routing(std::shared_ptr<const vschema::Snapshot> routing) {
  state_->use_routing(std::move(routing));
}

Result<void> Gate::State::read_files() {
  const GateOptions& options = shared.options;
  shared.access.user = options.backend_user;
  shared.access.own_host = host_name();
  if (!options.backend_password_file.empty()) {
    Result<std::string> password = read_secret(options.backend_password_file);
    if (!password) return failure(std::move(password.error()));
    shared.access.password = std::move(*password);
  }
  if (options.backend_tls) {
    Result<runtime::TlsContext> tls = runtime::TlsContext::client(options.backend_tls_ca);
    if (!tls) return failure(std::move(tls.error()));
    shared.access.tls = std::move(*tls);
  }
  Result<runtime::TlsContext> tls =
      options.tls_certificate.empty()
          ? runtime::TlsContext::self_signed(shared.access.own_host)
          : runtime::TlsContext::server(options.tls_certificate, options.tls_key, options.tls_ca);
  if (!tls) return failure(std::move(tls.error()));
  shared.tls = std::move(*tls);
  Result<std::shared_ptr<const mysql::RsaKeyPair>> rsa = mysql::RsaKeyPair::generate();
  if (!rsa) return failure(std::move(rsa.error()));
  shared.rsa = std::move(*rsa);
  if (options.users_file.empty()) {
    kLog.warning("users.none", {{"reason", "users_file is not set: nobody can connect"}});
    return {};
  }
  users_file = std::make_unique<UsersFile>(options.users_file);
  Result<bool> read = users_file->refresh();
  if (!read) return failure(std::move(read.error()));
  return {};
}

Result<void> Gate::State::open_query_log() {
  const GateOptions& options = shared.options;
  if (options.query_log.empty()) return {};
  Result<std::unique_ptr<QueryLog>> opened = QueryLog::open({.path = options.query_log,
                                                             .every = options.query_log_every,
                                                             .slow = options.query_log_slow,
                                                             .errors = options.query_log_errors,
                                                             .queue_bytes_max = options.query_log_queue_max,
                                                             .file_bytes_max = options.query_log_file_max,
                                                             .files_max = options.query_log_files},
                                                            shared.metrics.query_log_lines);
  if (!opened) return failure(std::move(opened.error()));
  shared.query_log = std::move(*opened);
  return {};
}

Task<Result<void>> Gate::State::listen() {
  const GateOptions& options = shared.options;
  address = runtime::Address::tcp(options.mysql_host, options.mysql_port);
  for (const auto& worker : workers) {
    const bool away = &worker->loop() != dependencies.loops.front();
    if (away) co_await runtime::switch_to(worker->loop());
    Result<runtime::Address> at = worker->listen(address);
    if (at && !away && !options.mysql_socket.empty()) {
      Result<runtime::Address> socket = worker->listen(runtime::Address::unix_socket(options.mysql_socket));
      if (!socket) at = failure(std::move(socket.error()));
    }
    if (away) co_await runtime::switch_to(*dependencies.loops.front());
    if (!at) co_return failure(std::move(at.error()));
    address = *at;
  }
  co_return Result<void>();
}

Task<Result<void>> Gate::start() {
  State& state = *state_;
  Result<void> read = state.read_files();
  if (read) read = state.open_query_log();
  if (!read) co_return read;
  state.shared.workers.resize(state.dependencies.loops.size());
  state.sequence_blocks = std::make_unique<SequenceBlocks>(state.shared, state.dependencies.store);
  for (std::size_t i = 0; i < state.dependencies.loops.size(); ++i) {
    runtime::Loop& loop = *state.dependencies.loops[i];
    state.workers.push_back(std::make_unique<Worker>(state.shared, loop, static_cast<std::uint32_t>(i)));
    Worker& worker = *state.workers.back();
    state.shared.workers[i] = &worker;
    state.sequences.push_back(std::make_unique<LoopSequences>(*state.sequence_blocks, state.shared, loop));
    state.editors.push_back(std::make_unique<TopologyEditor>(worker, *state.dependencies.loops.front(),
                                                             state.dependencies.store));
    state.topologies.push_back(std::make_unique<ClusterTopology>(worker, *state.dependencies.loops.front(),
                                                                 state.dependencies.store));
    worker.set_services(state.sequences.back().get(), state.editors.back().get(),
                        state.topologies.back().get());
  }
  state.use_users();
  if (state.routing) state.use_routing(state.routing);
  State* self = state_.get();
  state.health_watcher = std::make_unique<HealthWatcher>(
      [self](std::shared_ptr<const HealthMap> health) { self->use_health(std::move(health)); });
  if (state.dependencies.store != nullptr) {
    state.watcher =
        std::make_unique<vschema::Watcher>(*state.dependencies.store, state.shared.options.cell,
                                           [self](std::shared_ptr<const vschema::Snapshot> snapshot) {
                                             self->use_routing(std::move(snapshot));
                                           });
    state.register_gate();
    state.events = std::make_unique<EventScheduler>(*state.workers.front(), *state.dependencies.store);
    state.shared.events = state.events.get();
  }
  state.started = true;
  if (state.shared.options.server_version.empty()) co_await state.find_version(Clock::now() + kVersionWait);
  Result<void> listening = co_await state.listen();
  if (!listening) {
    co_await stop();
    co_return listening;
  }
  if (state.users_file) state.tasks.spawn(state.watch_users());
  state.tasks.spawn(state.find_version(Time::max()));
  if (state.events) state.tasks.spawn(state.events->run(&state.tasks.cancel()));
  kLog.info("gate.ready", {{"address", state.address.text()}, {"loops", state.workers.size()}});
  co_return Result<void>();
}

void Gate::State::register_gate() {
  const GateOptions& options = shared.options;
  registration = std::make_unique<Registration>(
      *dependencies.store,
      Registration::Request{options.cell, options.name, shared.access.own_host, options.mysql_port},
      [this] { return vschema_revision(); });
  oldest.resize(workers.size());
  for (std::size_t i = 0; i < workers.size(); ++i) {
    workers[i]->routing_use().follow([this, i](std::uint64_t version) {
      on_loop(*dependencies.loops.front(), [this, i, version] { note_oldest(i, version); });
    });
  }
  last_tasks.spawn(registration->run(last_tasks.cancel()));
  tasks.spawn(follow_topology());
}

/// Whoever changes a vschema waits for gates that are registered: what is read before that is of no use.
Task<void> Gate::State::follow_topology() {
  const bool registered = co_await registration->registered().wait(Time::max(), &tasks.cancel());
  if (registered) watcher->start();
}

void Gate::State::note_oldest(std::size_t worker, std::uint64_t version) {
  oldest[worker] = version;
  const std::uint64_t lowest = *std::ranges::min_element(oldest);
  revisions.erase(revisions.begin(), revisions.lower_bound(lowest));
  registration->note_change();
}

/// That no loop writes by an earlier one.
topo::Revision Gate::State::vschema_revision() const {
  const auto found = revisions.find(*std::ranges::min_element(oldest));
  return found == revisions.end() ? 0 : found->second;
}

/// Sessions go by the version of the servers behind the gate, from when the first of them answers.
Task<void> Gate::State::find_version(Time give_up) {
  Worker& home = *workers.front();
  runtime::Cancel* const stopping = &tasks.cancel();
  while (!home.knows_server_version() && Clock::now() < give_up && !stopping->requested()) {
    if (!home.backends().routing() || home.backends().routing()->keyspaces().empty()) {
      if (dependencies.store == nullptr) co_return;
      co_await home.backends().wait_for_news(give_up, stopping);
      continue;
    }
    Backends::Wanted wanted;
    Result<Lease> lease = co_await home.backends().take_plain(wanted, give_up, stopping);
    if (!lease) {
      co_await runtime::sleep_for(kVersionPause, stopping);
      continue;
    }
    for (const auto& worker : workers) {
      Worker* to = worker.get();
      const std::string& version = backend_of(*lease).connection().server_version();
      on_loop(to->loop(), [to, version] { to->set_server_version(version); });
    }
  }
}

Task<void> Gate::stop() {
  State& state = *state_;
  if (!state.started) co_return;
  state.started = false;
  state.shared.stopping = true;
  state.tasks.cancel().request();
  co_await state.tasks.join();
  const Time deadline = Clock::now() + state.shared.options.drain_timeout;
  for (const auto& worker : state.workers) {
    const bool away = &worker->loop() != state.dependencies.loops.front();
    if (away) co_await runtime::switch_to(worker->loop());
    co_await worker->stop(deadline);
    if (away) co_await runtime::switch_to(*state.dependencies.loops.front());
  }
  state.last_tasks.cancel().request();
  co_await state.last_tasks.join();
  if (state.watcher) co_await state.watcher->stop();
  co_await state.health_watcher->stop();
}

void Gate::State::use_routing(std::shared_ptr<const vschema::Snapshot> snapshot) {
  routing = std::move(snapshot);
  if (watcher) revisions[routing->version()] = watcher->vschema_revision();
  std::map<std::string, vschema::Tablet> tablets;
  for (const auto& keyspace : routing->keyspaces()) {
    for (const topo::TabletType type :
         {topo::TabletType::primary, topo::TabletType::replica, topo::TabletType::rdonly}) {
      for (const vschema::Shard& shard : keyspace->shards(type)) {
        if (shard.primary) tablets.emplace(shard.primary->alias, *shard.primary);
        for (const vschema::Tablet& tablet : shard.tablets) tablets.emplace(tablet.alias, tablet);
      }
    }
  }
  for (const auto& worker : workers) {
    Worker* to = worker.get();
    on_loop(to->loop(), [to, given = routing] { to->set_routing(given); });
  }
  if (!health_watcher) return;
  std::vector<vschema::Tablet> watched;
  for (auto& [alias, tablet] : tablets) watched.push_back(std::move(tablet));
  health_watcher->watch(watched);
}

void Gate::State::use_health(std::shared_ptr<const HealthMap> health) {
  for (const auto& worker : workers) {
    Worker* to = worker.get();
    on_loop(to->loop(), [to, health] { to->set_health(health); });
  }
}

void Gate::State::use_users() {
  if (!users_file) return;
  for (const auto& worker : workers) {
    Worker* to = worker.get();
    on_loop(to->loop(), [to, users = users_file->current()] { to->set_users(users); });
  }
}

Task<void> Gate::State::watch_users() {
  while (co_await runtime::sleep_for(kLookAtUsers, &tasks.cancel())) {
    Result<bool> changed = users_file->refresh();
    if (!changed) {
      shared.metrics.users_reload_failures.add();
      kLog.error("users.refused", {{"error", changed.error()}, {"kept", "the users known so far"}});
    } else if (*changed) {
      kLog.info("users.read", {{"users", users_file->current()->size()}});
      use_users();
    }
  }
}

void Gate::show(admin::StatusPage& page, admin::Readiness& readiness) {
  State* state = state_.get();
  readiness.add("routing", [state]() -> admin::CheckResult {
    if (!state->routing) return {false, "the topology was not read yet: check that etcd and control run"};
    const std::string lost = state->watcher ? state->watcher->lost() : "";
    return {true, lost.empty() ? "known" : "of before etcd was lost: " + lost};
  });
  readiness.add("listener", [state]() -> admin::CheckResult {
    return {state->started && state->address.port != 0, state->address.text()};
  });
  add_status_sections(page, state->shared, [state] { return state->routing; });
  add_query_page(page, state->shared);
  add_pool_metrics(state->dependencies.metrics, state->shared);
  add_query_metrics(state->dependencies.metrics, state->shared);
}

}  // namespace kintsugi::gate
