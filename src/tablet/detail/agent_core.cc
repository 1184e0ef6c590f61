#include "tablet/detail/agent_core.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "base/log.h"
#include "runtime/cancel.h"
#include "runtime/timer.h"
#include "tablet/detail/files.h"
#include "tablet/detail/hand_over.h"
#include "tablet/errors.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

/// Between two rounds of which the first has changed something.
constexpr Duration kRoundAfterChange = 20ms;
constexpr int kChangesInARow = 10;
constexpr Duration kVersionTimeout = 30s;
constexpr std::size_t kSaidBytesMax = 500;
constexpr std::uint64_t kDiskLow = 64u << 20;
/// A server that was there before the agent has answered by then, or is told not to.
constexpr Duration kFirstLook = 10s;
/// Longer than connect_server's sessions wait for a lock.
constexpr Duration kStopWriters = 10s;

std::string user_name() {
  const passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : std::to_string(::geteuid());
}

bool is_executable(const std::string& path) {
  return ::access(path.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(path);
}

}  // namespace

AgentCore::AgentCore(Agent::Parts parts) : parts_(std::move(parts)) {}
AgentCore::~AgentCore() = default;

const std::optional<Error>& AgentCore::registration_error() const {
  static const std::optional<Error> none;
  return registration_ ? registration_->error() : none;
}

Result<void> AgentCore::read_settings() {
  std::string text;
  if (!parts_.options.settings.empty()) {
    Result<std::string> file = read_file(parts_.options.settings);
    if (!file) return failure(kSettingMalformed, "--settings: " + file.error().message());
    text = std::move(*file);
  }
  Result<std::vector<UserSetting>> settings = parse_user_settings({}, text);
  if (!settings) return failure(settings.error().with_context(parts_.options.settings));
  user_settings_ = std::move(*settings);
  return {};
}

Result<std::string> AgentCore::find_program() const {
  if (!parts_.options.mysqld.empty()) {
    if (is_executable(parts_.options.mysqld)) return parts_.options.mysqld;
    return failure(kMysqldNotStarted, "--mysqld: " + parts_.options.mysqld + " is not a program");
  }
  const char* path = std::getenv("PATH");
  // Servers are in sbin, which is not in every user's PATH.
  const std::string folders =
      std::string(path != nullptr ? path : "") + ":/usr/sbin:/usr/local/sbin:/usr/libexec";
  for (const std::string& program : flavour_->programs()) {
    for (std::size_t begin = 0; begin <= folders.size();) {
      const std::size_t end = std::min(folders.find(':', begin), folders.size());
      const std::string candidate = folders.substr(begin, end - begin) + '/' + program;
      if (end > begin && is_executable(candidate)) return candidate;
      begin = end + 1;
    }
  }
  return failure(kMysqldNotStarted,
                 "no " + flavour_->programs().front() +
                     " was found in PATH: install the server, or name its program with --mysqld");
}

Task<Result<void>> AgentCore::check_program(std::string program) const {
  runtime::ProcessSpec spec;
  spec.command = {program, "--no-defaults", "--version"};
  const Result<runtime::ProcessOutput> run =
      co_await runtime::run_process(std::move(spec), Clock::now() + kVersionTimeout);
  if (!run) co_return failure(kMysqldNotStarted, run.error().message());
  // "…/mysqld  Ver 10.11.14-MariaDB-0+deb12u2 for debian-linux-gnu on x86_64 (Debian 12)"
  const std::size_t found = run->out.find("Ver ");
  if (!run->status.ok() || found == std::string::npos) {
    const std::string said = (run->error + run->out).substr(0, kSaidBytesMax);
    co_return failure(kUnsupportedServer, program +
                                              " is no MySQL server: asked for its version, it ended with " +
                                              run->status.text() + " and said: " + said);
  }
  const std::string version = run->out.substr(found + 4);
  const Result<void> checked = flavour_->check_version(version.substr(0, version.find(' ')));
  if (!checked) co_return failure(checked.error().with_context(program));
  co_return Result<void>();
}

std::string AgentCore::make_my_cnf() const {
  const TabletFiles& files = data_dir_->files();
  ServerParameters p;
  p.alias = place_.alias.text();
  p.server_id = identity_->server_id;
  p.mysql_data_dir = files.data;
  p.tmp_dir = files.tmp;
  p.socket = files.socket;
  p.pid_file = files.pid_file;
  p.error_log = files.error_log;
  p.port = place_.mysql.port;
  p.bind_address = place_.mysql.host;
  p.report_host = place_.host;
  p.run_as_root = ::geteuid() == 0;
  p.small_memory = parts_.options.small_memory;
  return render_my_cnf(place_.alias.text(), flavour_->settings(p), user_settings_);
}

Mysqld::Config AgentCore::mysqld_config() {
  my_cnf_ = make_my_cnf();
  Mysqld::Config config;
  config.name = place_.alias.text();
  config.program = program_;
  config.files = data_dir_->files();
  config.port = place_.mysql.port;
  config.my_cnf = my_cnf_;
  config.stop_grace = parts_.options.stop_grace;
  config.former_primary_options = flavour_->former_primary_options();
  return config;
}

Login AgentCore::agent_login() const {
  return {runtime::Address::unix_socket(data_dir_->files().socket), kAgentUser,
          credentials_->password("agent")};
}

Login AgentCore::monitor_login() const {
  return {runtime::Address::unix_socket(data_dir_->files().socket), kMonitorUser,
          credentials_->password("monitor")};
}

Login AgentCore::gate_login() const {
  return {runtime::Address::unix_socket(data_dir_->files().socket), kGateUser,
          credentials_->password("gate")};
}

Task<Result<void>> AgentCore::start(runtime::Address http) {
  const Result<TabletPlace> place = check_options(parts_.options);
  if (!place) co_return failure(place.error());
  place_ = *place;
  const Result<const Flavour*> flavour = find_flavour(parts_.options.flavour);
  if (!flavour) co_return failure(flavour.error());
  flavour_ = *flavour;
  os_user_ = user_name();
  http_ = std::move(http);
  Result<Credentials> credentials = Credentials::read(parts_.credentials_dir);
  if (!credentials) co_return failure(std::move(credentials.error()));
  credentials_ = std::move(*credentials);
  Result<void> settings = read_settings();
  if (settings) {
    const std::vector<Setting> own = flavour_->settings(ServerParameters());
    settings = check_user_settings(user_settings_, own, flavour_->refused_settings());
  }
  if (!settings) co_return settings;
  Result<std::string> program = find_program();
  if (!program) co_return failure(std::move(program.error()));
  program_ = std::move(*program);
  const Result<void> supported = co_await check_program(program_);
  if (!supported) co_return supported;

  Result<DataDir> data_dir = DataDir::open(parts_.options.dir, parts_.options.mysql_socket);
  if (!data_dir) co_return failure(std::move(data_dir.error()));
  data_dir_.emplace(std::move(*data_dir));
  DataDirRequest request{place_.alias, place_.shard, program_, os_user_, user_settings_};
  Result<Identity> identity = co_await data_dir_->prepare(*flavour_, std::move(request), &tasks_.cancel());
  if (!identity) co_return failure(std::move(identity.error()));
  identity_ = std::move(*identity);
  input_.self = place_.alias;
  input_.configured = place_.type;
  monitor_session_.emplace(monitor_login());
  agent_session_.emplace(agent_login());
  schema_session_.emplace(agent_login());
  watch_.emplace(parts_.store, place_.shard, wake_);
  registration_.emplace(parts_.store,
                        Registration::Request{place_, identity_->owner, data_dir_->files().socket, http_.port,
                                              parts_.options.lease},
                        wake_);
  opened_.emplace(data_dir_->files().opened);
  const std::string alias = place_.alias.text();
  data_source_.emplace(DataSource::Parts{*flavour_, data_dir_->files(), os_user_, alias,
                                         credentials_->password("replication"), agent_login()});
  reclone_.emplace(
      Reclone::Parts{*this, *flavour_, *data_dir_, *credentials_, alias, program_, os_user_, agent_login()});
  mysqld_.emplace(mysqld_config());
  began_ = down_since_ = Clock::now();
  reclone_->resume(*identity_);
  if (opened_->word() || reclone_->replaces()) mysqld_->start_as(StartAs::waits);
  server_tasks_.spawn(mysqld_->run(server_tasks_.cancel(), wake_));
  begin_transactions();
  disk_.emplace(data_dir_->files().root, parts_.options.disk_patience);
  // What is asked of the server then may wait for the disk as well.
  tasks_.spawn(disk_->run(tasks_.cancel(), [this] {
    monitor_session_->abort();
    agent_session_->abort();
    schema_session_->abort();
    wake_.set();
  }));
  tasks_.spawn(watch_->run(tasks_.cancel()));
  tasks_.spawn(registration_->run(tasks_.cancel()));
  tasks_.spawn(run());
  co_return Result<void>();
}

Task<void> AgentCore::stop() {
  co_await hand_over();
  tasks_.cancel().request();
  wake_.set();
  for (std::optional<ServerSession>* session : {&monitor_session_, &agent_session_, &schema_session_}) {
    if (*session) (*session)->abort();
  }
  co_await tasks_.join();
  if (reclone_) co_await reclone_->stop();
  server_tasks_.cancel().request();
  co_await server_tasks_.join();
  // A shutdown waits for open sessions.
  for (std::optional<ServerSession>* session : {&monitor_session_, &agent_session_, &schema_session_})
    session->reset();
  if (!mysqld_) co_return;
  decision_.serving = false;
  trouble_ = "the agent is stopped";
  tell();
  if (parts_.options.leave_mysqld_running) {
    kLog.info("mysqld.left_running", {{"alias", place_.alias.text()}, {"pid", mysqld_->pid()}});
    co_return;
  }
  const bool politely = co_await prepare_shutdown();
  co_await mysqld_->stop(!politely);
}

/// Another is the primary before this one stops, where one can be. That it did not work is no reason to stay:
/// whoever stops a tablet has one.
Task<void> AgentCore::hand_over() {
  const Duration wait = parts_.options.hand_over_wait;
  const bool stays = parts_.options.leave_mysqld_running || wait == Duration::zero();
  if (stays || !watch_ || !mysqld_ || !is_primary_of_record() || !is_redundant() || !is_open()) co_return;
  const Result<std::string> done =
      co_await ask_to_hand_over(parts_.store, place_.shard, place_.alias, Clock::now() + wait);
  if (done) {
    kLog.info("primary.handed_over", {{"alias", place_.alias.text()}, {"to", *done}});
  } else if (done.error().is(kNoLeader)) {
    // The whole cluster is stopped, as a rule.
    kLog.info("primary.not_handed_over", {{"alias", place_.alias.text()}, {"error", done.error()}});
  } else {
    kLog.warning("primary.not_handed_over", {{"alias", place_.alias.text()}, {"error", done.error()}});
  }
}

/// A server that can be made read-only has no commits that only it has: that waits for them. A polite
/// shutdown may tell clients that all is well with such ones. False: there may be some, and it would.
Task<bool> AgentCore::prepare_shutdown() {
  if (!mysqld_->running()) co_return true;
  ServerSession session(agent_login());
  const SemiSyncState& semi_sync = input_.server.semi_sync;
  if (is_open()) {
    const bool stuck = semi_sync.source_enabled && semi_sync.replicas == 0 && semi_sync.waiting > 0;
    Result<void> closed;
    if (!stuck) closed = co_await session.run(flavour_->make_read_only(), Clock::now() + kStopWriters);
    if (!stuck && closed) closed = co_await end_writers();
    if (!stuck && closed) closed = opened_->clear();
    if (stuck || !closed) {
      const std::string why = closed ? "no replica is there to acknowledge them" : closed.error().text();
      kLog.warning("mysqld.commits_wait",
                   {{"alias", place_.alias.text()}, {"waiting", semi_sync.waiting}, {"error", why}});
      if (flavour_->shutdown_acknowledges() && semi_sync.source_enabled) co_return false;
    }
  }
  co_await session.run(flavour_->before_shutdown(), Clock::now() + kStopWriters);
  co_return true;
}

Task<void> AgentCore::run() {
  int in_a_row = 0;
  while (!tasks_.cancel().requested()) {
    wake_.reset();
    co_await round();
    in_a_row = done_.empty() ? 0 : in_a_row + 1;
    // What was changed is looked at again at once; what does not stay changed, at the usual pace.
    if (in_a_row > 0 && in_a_row < kChangesInARow) {
      co_await runtime::sleep_for(kRoundAfterChange, &tasks_.cancel());
      continue;
    }
    co_await wake_.wait(look_again(), &tasks_.cancel());
  }
}

Task<void> AgentCore::round() {
  done_.clear();
  trouble_.clear();
  decision_.actions.clear();
  observe_topology();
  decide_start();
  const Time began = Clock::now();
  Result<void> looked = co_await observe();
  reachable_ = looked.has_value();
  if (looked && looks_took_ != nullptr) looks_took_->observe(Clock::now() - began);
  observe_topology();
  if (looked) {
    co_await keep_word();
    co_await observe_catching_up();
    co_await observe_role();
    observe_copying();
    observe_waiting();
    input_.reclone = reclone_sentence();
    decision_ = reconcile(input_);
    // To close a server can take seconds, in which it would still be read.
    if (health_.serving() && !decision_.serving) tell();
    co_await act();
    co_await withdraw();
    observe_schema();
  } else {
    give_up_on_server(looked.error());
  }
  tell();
  ++rounds_;
  round_ended_.set();
  round_ended_.reset();
}

/// It does not answer: what can be done without it.
void AgentCore::give_up_on_server(const Error& error) {
  monitor_session_->drop();
  agent_session_->drop();
  if (schema_is_read_) {
    schema_session_->abort();
  } else {
    schema_session_->drop();
  }
  decision_ = ReconcileDecision();
  trouble_ = mysqld_->error() ? mysqld_->error()->text() : error.text();
  if (const std::string reclone = reclone_sentence(); !reclone.empty()) {
    trouble_ += "; " + reclone;
  } else if (mysqld_->data_is_unusable()) {
    trouble_ +=
        "; no server runs on its data: `kintsugi tablet reclone " + place_.alias.text() +
        "` makes that anew from another, which control begins by itself where the shard has a primary";
  }
  if (has_crashed())
    trouble_ += "; it was open when it ended: it is not started before control has decided who is primary";
  const bool replaced = is_primary_of_record() && watch_->picture().change == Change::unplanned;
  // One that is only starting will answer.
  const bool hangs = is_open() || has_answered() || disk_->hangs();
  if (replaced && hangs && mysqld_->pid() != 0) mysqld_->kill();
}

Task<Result<std::vector<std::string>>> AgentCore::reconcile_now(Time deadline) {
  if (!mysqld_) co_return failure(kMysqldDown, "the agent is starting");
  // The round that runs now may have looked before the caller's change.
  const std::uint64_t wanted = rounds_ + 2;
  std::vector<std::string> done;
  while (rounds_ < wanted) {
    wake_.set();
    const std::uint64_t before = rounds_;
    const bool ended = co_await round_ended_.wait(deadline, &tasks_.cancel());
    if (!ended) co_return failure(kMysqldDown, "the round did not end in time");
    if (rounds_ != before) done.insert(done.end(), done_.begin(), done_.end());
  }
  co_return done;
}

std::vector<std::string> AgentCore::pending() const {
  std::vector<std::string> list;
  for (const Action& action : decision_.actions)
    list.push_back(std::string(name(action.kind)) + ": " + action.why);
  return list;
}

void AgentCore::tell() {
  std::string error = trouble_;
  const auto add = [&](const std::string& text) {
    if (text.empty()) return;
    error += (error.empty() ? "" : "; ") + text;
  };
  if (registration_ && registration_->error()) add(registration_->error()->text());
  disk_free_ = free_bytes(data_dir_->files().root);
  if (disk_free_ && *disk_free_ < kDiskLow) {
    add("the disk of " + data_dir_->files().root + " has only " + std::to_string(*disk_free_ >> 20) +
        " MB free: make room, commits wait when there is none");
  }
  const std::uint32_t epoch = input_.shard_known ? watch_->picture().epoch : 0;
  v1::Health health;
  HealthInput from{place_, *flavour_, input_, decision_};
  from.reachable = reachable_;
  from.epoch = epoch;
  from.caught_up = caught_up_;
  from.crashed = has_crashed();
  from.unusable = mysqld_->data_is_unusable();
  const bool replaced = input_.shard_known && watch_->picture().change == Change::unplanned;
  from.at_rest = replaced && ((from.crashed && mysqld_->waits()) || mysqld_->dying());
  from.lag_ms = lag_ms_;
  if (waits_since_) from.waits_for = Clock::now() - *waits_since_;
  from.schema_version = schema_version_;
  if (reclone_) from.reclone = &reclone_->progress();
  from.error = error;
  from.now = std::chrono::system_clock::now();
  fill_health(from, health);
  if (decision_.draining && !draining_since_) draining_since_ = Clock::now();
  // How far it has come is waited for in a change of primary.
  const bool moved = input_.shard_known && watch_->picture().change != Change::none &&
                     health.gtid_executed() != health_.gtid_executed();
  const bool changed = moved || differs(health, health_);
  if (changed && (health.serving() != health_.serving() || health.type() != health_.type())) {
    kLog.info("tablet.state", {{"alias", place_.alias.text()},
                               {"type", topo::name(static_cast<topo::TabletType>(health.type()))},
                               {"serving", health.serving()},
                               {"epoch", epoch},
                               {"error", health.error()}});
  }
  health_ = std::move(health);
  const bool looks_over = reachable_ || !mysqld_->adopted() || Clock::now() - began_ >= kFirstLook;
  const bool told_before = std::exchange(looked_, looked_ || looks_over);
  if (!changed && told_before == looked_) return;
  health_changed_.set();
  health_changed_.reset();
}

}  // namespace kintsugi::tablet
