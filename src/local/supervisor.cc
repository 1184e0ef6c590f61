#include "local/supervisor.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/log.h"
#include "local/daemon.h"
#include "local/detail/json.h"
#include "local/errors.h"
#include "local/logs.h"
#include "local/preflight.h"
#include "runtime/errors.h"

namespace kintsugi::local {

namespace {

const Logger kLog{"local"};

constexpr Duration kReadyMax = 180s;
constexpr Duration kEtcdMax = 20s;
constexpr Duration kLook = 200ms;
constexpr int kHopeless = 6;  ///< restarts without having been ready
constexpr Duration kGuardianLook = 500ms;

spec::Cluster with_retained(spec::Cluster cluster, const std::vector<std::string>& retained) {
  for (const std::string& text : retained) {
    const Result<topo::ShardName> shard = topo::ShardName::parse(text);
    for (spec::Keyspace& keyspace : cluster.keyspaces) {
      if (!shard || keyspace.name != shard->keyspace) continue;
      keyspace.shards.push_back(*topo::KeyRange::parse(shard->shard));
      std::ranges::sort(keyspace.shards);
    }
  }
  return cluster;
}

}  // namespace

struct Supervisor::Plan {
  SpecSource source;
  SpecChange change;
  Assignments assigned;
  std::vector<ProcessPlan> processes;
};

Supervisor::Supervisor(Layout layout, std::string program)
    : layout_(std::move(layout)), program_(std::move(program)) {
  idle_.set();
}

Supervisor::~Supervisor() = default;

// ------------------------------------------------------------------------------------------ begin and end

Result<void> Supervisor::load() {
  Result<State> state = load_state(layout_);
  if (!state) return failure(state.error());
  state_ = std::move(*state);
  table_ = load_processes(layout_);
  return {};
}

std::map<std::string, runtime::Process> Supervisor::take_over() {
  std::map<std::string, runtime::Process> running;
  for (auto it = table_.processes.begin(); it != table_.processes.end();) {
    const ProcessRecord& record = it->second;
    Result<runtime::Process> process = failure(kNotRunning, "");
    if (record.started_ticks != 0 && started_ticks(record.pid) == record.started_ticks) {
      process = runtime::Process::adopt(record.pid);
    }
    if (process) {
      kLog.info("process.adopted", {{"process", it->first}, {"pid", record.pid}});
      running.emplace(it->first, std::move(*process));
      ++it;
    } else {
      it = table_.processes.erase(it);
    }
  }
  return running;
}

Result<spec::Cluster> Supervisor::applied_cluster() const {
  const Result<spec::Cluster> cluster = cluster_of(state_.spec);
  if (!cluster) return failure(cluster.error());
  return with_retained(*cluster, state_.retained_shards);
}

Task<Result<void>> Supervisor::open() {
  if (Result<void> loaded = load(); !loaded) co_return loaded;
  std::map<std::string, runtime::Process> running = take_over();
  if (!state_.spec.text.empty()) {
    const Result<spec::Cluster> cluster = applied_cluster();
    if (!cluster) co_return failure(cluster.error());
    const Result<Assignments> assigned = assign(*cluster, {});
    if (!assigned) co_return failure(assigned.error());
    for (const ProcessPlan& plan : desired_processes({layout_, program_}, *cluster, *assigned)) {
      const auto found = running.find(plan.name);
      const bool is_same =
          found != running.end() && table_.processes[plan.name].fingerprint == plan.fingerprint();
      if (is_same) {
        start_unit(plan, std::move(found->second));
        running.erase(found);
      } else if (state_.wanted == "up" && found == running.end()) {
        // All at once and not in their order: each tries until what it needs is there.
        start_unit(plan, std::nullopt);
      }
    }
  }
  for (auto& [process, left] : running) {
    kLog.warning("process.left_over", {{"process", process}, {"pid", left.pid()}});
    co_await left.stop(60s);
    forget_process(process);
  }
  serve();
  const Result<runtime::Address> address = server_.start(runtime::Address::unix_socket(layout_.socket()));
  if (!address) co_return failure(address.error());
  kLog.info("supervisor.ready", {{"dir", layout_.dir}, {"processes", units_.size()}});
  co_return Result<void>();
}

Task<void> Supervisor::wait_finished(bool with_guardian) {
  while (with_guardian && !finished_.is_set()) {
    Result<std::optional<FileLock>> lock = FileLock::try_take(layout_.guardian_lock());
    if (lock && *lock && state_.wanted != "down") {
      kLog.info("guardian.start");
      const Result<void> started = start_guardian(layout_, program_, std::move(**lock));
      if (!started) kLog.error("guardian.start_failed", {{"error", started.error()}});
    }
    for (const std::string& each : order_) bound_log(layout_.log(each));
    co_await finished_.wait(Clock::now() + kGuardianLook);
  }
  co_await finished_.wait();
}

Task<void> Supervisor::close() { co_await server_.stop(); }

// ----------------------------------------------------------------------------------------------- questions

void Supervisor::serve() {
  server_.route("GET", "/status", [this](runtime::HttpRequest) -> Task<runtime::HttpResponse> {
    co_return runtime::HttpResponse::json(200, detail::to_json(status()));
  });
  server_.stream_route("POST", "/apply", "application/x-ndjson",
                       [this](runtime::HttpRequest request, runtime::HttpWriter& out) -> Task<void> {
                         ApplyRequest wanted;
                         const Result<void> read = detail::from_json(request.body, wanted);
                         co_await answer(
                             [this, &wanted, &read](Progress& progress) -> Task<void> {
                               if (read) return apply(std::move(wanted), progress);
                               progress.finish(read);
                               return [](bool) -> Task<void> { co_return; }(true);
                             },
                             out);
                       });
  server_.stream_route("POST", "/down", "application/x-ndjson",
                       [this](runtime::HttpRequest, runtime::HttpWriter& out) -> Task<void> {
                         co_await answer([this](Progress& progress) { return down(progress); }, out);
                         finished_.set();
                       });
}

Task<void> Supervisor::answer(std::function<Task<void>(Progress&)> work, runtime::HttpWriter& out) {
  Progress progress;
  runtime::TaskGroup tasks;
  tasks.spawn(work(progress));
  ProgressEvent event;
  while (co_await progress.next(event)) {
    const std::string line = detail::to_json(event) + "\n";
    // Whoever asked may go away; the work goes on.
    if (!co_await out.write(line)) break;
  }
  co_await tasks.join();
}

ClusterStatus Supervisor::status() const {
  ClusterStatus out;
  out.cluster = state_.cluster;
  out.dir = layout_.dir;
  out.supervisor.pid = ::getpid();
  out.notes = notes_;
  bool all_ready = !units_.empty();
  for (const std::string& each : order_) {
    const auto found = units_.find(each);
    if (found == units_.end()) continue;
    out.processes.push_back(found->second->status());
    all_ready = all_ready && found->second->ready();
  }
  out.state = units_.empty() ? "down" : all_ready ? "ready" : "starting";
  return out;
}

// ------------------------------------------------------------------------------------------------- changes

Task<void> Supervisor::apply(ApplyRequest request, Progress& progress) {
  if (change_) {
    progress.finish(failure(kBusy, fmt::format("another change of cluster {} is under way", state_.cluster)));
    co_return;
  }
  idle_.reset();
  change_ = std::make_unique<runtime::Cancel>();
  const Result<void> changed = co_await change(std::move(request), progress);
  change_.reset();
  idle_.set();
  if (!changed) kLog.warning("spec.not_applied", {{"error", changed.error()}});
  const bool nothing_runs = units_.empty();
  if (!changed && nothing_runs) {
    // Refused before anything was started: nothing is left behind.
    state_.wanted = "down";
    static_cast<void>(save_state(layout_, state_));
  } else if (state_.wanted == "starting") {
    state_.wanted = "up";
    static_cast<void>(save_state(layout_, state_));
  }
  progress.finish(changed);
  if (!changed && nothing_runs) finished_.set();
}

Task<Result<void>> Supervisor::change(ApplyRequest request, Progress& progress) {
  Plan plan;
  Result<void> worked_out = co_await work_out(request, progress, plan);
  if (!worked_out) co_return worked_out;
  co_return co_await carry_out(std::move(plan), progress);
}

Task<Result<void>> Supervisor::work_out(const ApplyRequest& request, Progress& progress, Plan& plan) {
  const Result<spec::Cluster> wanted = cluster_of(request.spec);
  if (!wanted) co_return failure(wanted.error());
  std::optional<spec::Cluster> before;
  if (!state_.spec.text.empty()) {
    Result<spec::Cluster> applied = applied_cluster();
    if (!applied) co_return failure(applied.error());
    before = std::move(*applied);
  }
  // What is refused whatever the topology says is refused before anything is started.
  const Result<SpecChange> thinkable =
      decide_change(before ? &*before : nullptr, *wanted, {}, request.allow_data_loss);
  if (!thinkable) co_return failure(thinkable.error());
  if (Result<void> able = check_machine(*wanted); !able) co_return able;
  const bool nothing_ran = units_.empty();
  Result<void> etcd = co_await ensure_etcd(*wanted, progress);
  if (!etcd) co_return etcd;
  Observed observed;
  if (before) {
    Records records(etcd_endpoints(*wanted, state_.ports), wanted->name);
    Result<Observed> seen = co_await records.observe(*before);
    if (!seen) co_return failure(seen.error());
    observed = std::move(*seen);
  }
  Result<SpecChange> change =
      decide_change(before ? &*before : nullptr, *wanted, observed, request.allow_data_loss);
  Result<Assignments> assigned = failure(kInternal, "");
  if (change) assigned = assign(change->cluster, observed);
  if (!change || !assigned) {
    std::vector<std::string> started{"etcd"};
    if (nothing_ran) co_await stop_units(std::move(started), progress);
    co_return failure(change ? assigned.error() : change.error());
  }
  plan.source = request.spec;
  plan.change = std::move(*change);
  plan.assigned = std::move(*assigned);
  plan.processes = desired_processes({layout_, program_}, plan.change.cluster, plan.assigned);
  co_return Result<void>();
}

Result<Assignments> Supervisor::assign(const spec::Cluster& cluster, const Observed& observed) {
  spec::AliasBook book = state_.alias_book();
  keep_primaries(cluster, observed, book);
  Result<std::vector<spec::Tablet>> tablets = spec::assign_aliases(cluster, book);
  if (!tablets) return failure(tablets.error());
  Assignments assigned{std::move(*tablets), number_gates(cluster, state_.gates), state_.ports};
  std::set<std::uint16_t> taken;
  for (const auto& [name, port] : state_.ports) taken.insert(port);
  assigned.ports = assign_ports(cluster, assigned, free_ports(layout_, std::move(taken)));
  state_.set_alias_book(book);
  state_.gates = assigned.gates;
  state_.ports = assigned.ports;
  return assigned;
}

Result<void> Supervisor::check_machine(const spec::Cluster& wanted) {
  const Result<Assignments> assigned = assign(wanted, {});
  if (!assigned) return failure(assigned.error());
  Running running;
  for (const auto& [name, unit] : units_) {
    running.names.insert(name);
    for (const PlannedPort& each : unit->plan().ports) running.ports.insert(each.port);
  }
  const std::vector<ProcessPlan> plans = desired_processes({layout_, program_}, wanted, *assigned);
  const std::vector<std::string> obstacles = find_obstacles(layout_, wanted, plans, running);
  if (obstacles.empty()) return {};
  return failure(kEnvironment, fmt::format("{}", fmt::join(obstacles, "\n")));
}

Task<Result<void>> Supervisor::ensure_etcd(const spec::Cluster& wanted, Progress& progress) {
  if (!wanted.etcd.endpoints.empty()) co_return Result<void>();
  const Result<Assignments> assigned = assign(wanted, {});
  if (!assigned) co_return failure(assigned.error());
  const std::vector<ProcessPlan> plans = desired_processes({layout_, program_}, wanted, *assigned);
  const ProcessPlan& plan = plans.front();
  const auto found = units_.find(plan.name);
  if (found != units_.end() && found->second->plan().fingerprint() != plan.fingerprint()) {
    std::vector<std::string> names{plan.name};
    co_await stop_units(std::move(names), progress);
  }
  if (!units_.contains(plan.name)) {
    progress.say("started", plan.name);
    start_unit(plan, std::nullopt);
  }
  Unit& etcd = *units_.at(plan.name);
  const bool was_ready = etcd.ready();
  const bool is_ready = co_await etcd.wait_ready(Clock::now() + kEtcdMax, change_.get());
  if (!is_ready) {
    co_return failure(kNotReady, fmt::format("etcd is not ready: {}\n{}", etcd.status().detail,
                                             log_tail(layout_.log(plan.name), 5)));
  }
  if (!was_ready) progress.say("ready", plan.name);
  co_return Result<void>();
}

Task<Result<void>> Supervisor::carry_out(Plan plan, Progress& progress) {
  const spec::Cluster& cluster = plan.change.cluster;
  state_.cluster = cluster.name;
  state_.wanted = "up";
  state_.spec = plan.source;
  state_.retained_shards = plan.change.retained_shards;
  notes_ = plan.change.notes;
  if (Result<void> saved = save_state(layout_, state_); !saved) co_return saved;
  if (Result<void> made = make_credentials(layout_); !made) co_return made;
  if (!cluster.users.given()) {
    if (const Result<std::string> made = make_default_users(layout_); !made) co_return failure(made.error());
  }
  for (const std::string& note : notes_) progress.say("note", "", note);

  Records records(etcd_endpoints(cluster, state_.ports), cluster.name);
  Result<void> ensured = co_await records.ensure(cluster, state_.vschemas);
  if (!ensured) co_return ensured;
  if (Result<void> saved = save_state(layout_, state_); !saved) co_return saved;

  std::map<std::string, std::string> running;
  for (const auto& [name, unit] : units_) running[name] = unit->plan().fingerprint();
  const ProcessChanges changes = diff_processes(plan.processes, running);
  std::vector<topo::TabletAlias> gone;
  for (const std::string& name : changes.stop) {
    const std::string& alias = units_.at(name)->plan().alias;
    if (!alias.empty()) gone.push_back(*topo::TabletAlias::parse(alias));
  }
  co_await stop_units(changes.stop, progress);
  order_.clear();
  for (const ProcessPlan& each : plan.processes) {
    order_.push_back(each.name);
    if (std::ranges::find(changes.start, each.name) == changes.start.end()) continue;
    progress.say("started", each.name);
    start_unit(each, std::nullopt);
  }
  Result<void> restarted = co_await restart_units(changes.restart, plan.processes, progress);
  if (!restarted) co_return restarted;
  Result<void> forgotten = co_await records.forget(gone, plan.change);
  if (!forgotten) co_return forgotten;
  for (const topo::TabletAlias& alias : gone) {
    const auto is_of = [&](const topo::ShardName& shard) {
      return std::ranges::any_of(state_.aliases, [&](const auto& entry) {
        return entry.second == alias.text() && entry.first.starts_with(shard.text() + '/');
      });
    };
    if (!std::ranges::any_of(plan.change.removed_shards, is_of)) continue;
    std::error_code error;
    std::filesystem::remove_all(layout_.tablet(alias.text()), error);
    if (error) kLog.warning("data.not_removed", {{"tablet", alias.text()}, {"error", error.message()}});
  }
  co_return co_await wait_all_ready(progress);
}

Task<Result<void>> Supervisor::restart_units(std::vector<std::string> names,
                                             const std::vector<ProcessPlan>& plans, Progress& progress) {
  // One after the other, so that what one does is done by another meanwhile.
  for (const std::string& name : names) {
    std::vector<std::string> one{name};
    co_await stop_units(std::move(one), progress);
    const auto plan = std::ranges::find(plans, name, &ProcessPlan::name);
    progress.say("started", name, "with its new options");
    Unit& unit = start_unit(*plan, std::nullopt);
    const bool ready = co_await unit.wait_ready(Clock::now() + kReadyMax, change_.get());
    if (!ready) {
      co_return failure(kNotReady, fmt::format("{} is not ready with its new options: {}\n{}", name,
                                               unit.status().detail, log_tail(layout_.log(name), 5)));
    }
    progress.say("ready", name);
  }
  co_return Result<void>();
}

Task<void> Supervisor::say_when_ready(Unit& unit, Time deadline, Progress& progress) {
  const bool was_ready = unit.ready();
  const int restarts_before = unit.restarts();
  bool ready = was_ready;
  // What ends again and again will not be ready by waiting.
  while (!ready && Clock::now() < deadline && unit.restarts() < restarts_before + kHopeless &&
         !change_->requested()) {
    ready = co_await unit.wait_ready(std::min(deadline, Clock::now() + kLook), change_.get());
  }
  if (ready && !was_ready) progress.say("ready", unit.plan().name);
}

Task<Result<void>> Supervisor::wait_all_ready(Progress& progress) {
  const Time deadline = Clock::now() + kReadyMax;
  runtime::TaskGroup waiting;
  for (const auto& [name, unit] : units_) waiting.spawn(say_when_ready(*unit, deadline, progress));
  co_await waiting.join();
  if (change_->requested()) co_return failure(runtime::kCancelled, "the cluster is being stopped");
  std::string late;
  for (const auto& [name, unit] : units_) {
    if (unit->ready()) continue;
    const ProcessStatus status = unit->status();
    late += fmt::format("{}{} is {}: {}\n{}", late.empty() ? "" : "\n", name, status.state, status.detail,
                        log_tail(status.log, 3));
  }
  if (!late.empty()) co_return failure(kNotReady, late);
  co_return Result<void>();
}

Task<void> Supervisor::down(Progress& progress) {
  if (change_) change_->request();
  co_await idle_.wait();
  state_.wanted = "down";
  const Result<void> saved = save_state(layout_, state_);
  // Gates first: nobody writes to what ends after them. Then control, lest it take tablets that end for
  // failed ones. etcd last: the others give their leases back.
  for (const ProcessKind kind :
       {ProcessKind::gate, ProcessKind::control, ProcessKind::tablet, ProcessKind::etcd}) {
    std::vector<std::string> names = unit_names(kind);
    co_await stop_units(std::move(names), progress);
  }
  progress.finish(saved);
}

Task<void> Supervisor::stop_units(std::vector<std::string> names, Progress& progress) {
  runtime::TaskGroup stopping;
  auto stop = [this, &progress](std::string name) -> Task<void> {
    co_await units_.at(name)->stop();
    progress.say("stopped", name);
  };
  std::erase_if(names, [&](const std::string& each) { return !units_.contains(each); });
  for (const std::string& each : names) stopping.spawn(stop(each));
  co_await stopping.join();
  for (const std::string& each : names) {
    units_.erase(each);
    forget_process(each);
  }
}

// ------------------------------------------------------------------------------------------------- records

Unit& Supervisor::start_unit(const ProcessPlan& plan, std::optional<runtime::Process> running) {
  const Result<void> folder = make_private_folder(layout_.logs());
  if (!folder) kLog.error("folder.failed", {{"error", folder.error()}});
  auto unit = std::make_unique<Unit>(plan, [this](const Unit& started) { remember(started); });
  Unit& kept = *units_.insert_or_assign(plan.name, std::move(unit)).first->second;
  if (std::ranges::find(order_, plan.name) == order_.end()) order_.push_back(plan.name);
  kept.run(std::move(running));
  return kept;
}

void Supervisor::remember(const Unit& unit) {
  table_.processes[unit.plan().name] = {unit.pid(), started_ticks(unit.pid()), unit.plan().fingerprint()};
  if (const Result<void> saved = save_processes(layout_, table_); !saved) {
    kLog.error("processes.not_saved", {{"error", saved.error()}});
  }
}

void Supervisor::forget_process(const std::string& name) {
  table_.processes.erase(name);
  static_cast<void>(save_processes(layout_, table_));
}

std::vector<std::string> Supervisor::unit_names(ProcessKind kind) const {
  std::vector<std::string> names;
  for (const auto& [name, unit] : units_) {
    if (unit->plan().kind == kind) names.push_back(name);
  }
  return names;
}

}  // namespace kintsugi::local
