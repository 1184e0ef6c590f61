#include "gate/session.h"

#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "gate/command/command.h"
#include "gate/errors.h"
#include "gate/login.h"
#include "mysql/charset.h"
#include "mysql/errors.h"
#include "mysql/status_flags.h"
#include "runtime/coarse_time.h"
#include "runtime/errors.h"
#include "vschema/errors.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

std::string peer_host(const runtime::Stream& stream) {
  std::string peer = stream.peer();
  if (peer == "unix") return "localhost";
  const std::size_t colon = peer.rfind(':');
  if (colon != std::string::npos) peer.resize(colon);
  if (peer.size() > 2 && peer.front() == '[') peer = peer.substr(1, peer.size() - 2);
  return peer;
}

/// Errors after which client and gate do not agree on where in the stream they are.
bool is_out_of_step(const Error& error) {
  return error.is(mysql::kPacketTooLarge) || error.is(mysql::kPacketOutOfOrder) ||
         error.is(mysql::kMalformedPacket) || error.is(mysql::kBadCompression);
}

Error shutting_down() { return Error(kShuttingDown, "Server shutdown in progress"); }

}  // namespace

Session::Session(Worker& worker, runtime::Stream stream, std::uint32_t connection_id)
    : worker_(worker),
      link_(std::move(stream), worker.options().max_allowed_packet),
      values_(identity_, state_, in_transaction_, worker.options()),
      responder_(link_, identity_.capabilities),
      row_turns_(worker.shared().hot_rows),
      shards_(worker.backends(), worker.options(), state_, worker.metrics()),
      prepared_(worker.options().prepared_statements_max, worker.options().prepared_bytes_max),
      base_settings_(state_.settings) {
  identity_.connection_id = state_.connection_id = connection_id;
  identity_.peer = peer_host(link_.packets().stream());
  set_defaults();
  link_.set_write_timeout(worker.options().client_write_timeout);
  responder_.set_status([this] { return status(); });
  cancel_.emplace();
}

Session::~Session() = default;

void Session::set_defaults() {
  const GateOptions& options = worker_.options();
  state_.transaction_mode = options.transaction_mode;
  state_.read_your_writes = options.read_your_writes;
  state_.max_replica_lag = options.max_replica_lag;
}

std::uint16_t Session::status() const {
  std::uint16_t status = 0;
  if (state_.autocommit) status |= mysql::status::kAutocommit;
  if (shards_.in_transaction()) status |= mysql::status::kInTransaction;
  if (sql_mode_.no_backslash_escapes) status |= mysql::status::kNoBackslashEscapes;
  if (more_results_) status |= mysql::status::kMoreResults;
  return status;
}

Time Session::idle_deadline() const {
  Duration timeout = worker_.options().idle_timeout;
  for (const auto& [name, value] : state_.connection_variables) {
    if (name == "wait_timeout") timeout = std::chrono::seconds(std::atoll(value.c_str()));
  }
  return runtime::coarse_now() + timeout;
}

Task<void> Session::run() {
  activity_.since = Clock::now();
  const bool welcome = co_await login();
  worker_.metrics().connects.with({welcome ? "ok" : "refused"}).add();
  if (welcome) co_await serve_commands();
  co_await shards_.close();
}

Task<void> Session::run_own(std::function<Task<void>(Session&)> work) {
  activity_.command = "Daemon";
  activity_.since = Clock::now();
  lexer_mode_.follow_server(worker_.server_version());
  in_command_ = true;
  co_await work(*this);
  in_command_ = false;
  co_await shards_.close();
}

void Session::be_user(std::string user, const UserEntry& entry) {
  identity_.user = std::move(user);
  identity_.caller = entry.caller;
  identity_.groups = entry.groups;
  identity_.scatter = entry.scatter;
  identity_.gather = entry.gather;
  identity_.files = entry.files;
  identity_.account_host = entry.source_host.empty() ? "%" : entry.source_host;
  identity_.limits = strictest(entry.limits, worker_.options().per_user);
}

Task<bool> Session::login() {
  activity_.command = "Connect";
  Login login(*this);
  const bool done = co_await login.run();
  lexer_mode_.follow_server(worker_.server_version());
  co_return done;
}

/// One frame for as long as the session lives: what a command does not have to wait for costs none of its
/// own.
Task<void> Session::serve_commands() {
  bool goes_on = true;
  while (goes_on && !closing_) {
    Result<std::string_view> packet = co_await next_command();
    if (!packet) {
      co_await link_.note_no_command(packet.error());
      co_await say_why(std::move(packet.error()));
      co_return;
    }
    begin_command(*packet);
    goes_on = co_await run_command(*this, *packet);
    in_transaction_ = shards_.in_transaction();
    if (goes_on) {
      Result<void> flushed = co_await link_.flush();
      goes_on = flushed.has_value();
    }
    in_command_ = false;
    if (goes_on && worker_.stopping() && !shards_.in_transaction()) {
      co_await link_.dismiss(shutting_down());
      goes_on = false;
    }
  }
}

Soon<Result<std::string_view>> Session::next_command() {
  activity_.command = "Sleep";
  activity_.statement.clear();
  activity_.since = runtime::coarse_now();
  return link_.read_command(idle_deadline());
}

void Session::begin_command(std::string_view payload) {
  link_.note_command(payload);
  in_command_ = true;
  renew_cancel();
  activity_.since = Clock::now();
}

/// To a client whose next command was not read. One that left by itself hears nothing, nor does one that was
/// killed: drivers take the silence, as of a server, for a lost connection and connect again.
Task<void> Session::say_why(Error why) {
  if (is_out_of_step(why)) {
    co_await link_.refuse(std::move(why));
  } else if (why.is(runtime::kTimeout)) {
    co_await link_.dismiss(
        Error(kIdleTooLong, "The client was disconnected by the gate because of inactivity."));
  } else if (why.is(runtime::kCancelled) && worker_.stopping()) {
    co_await link_.dismiss(shutting_down());
  }
}

void Session::note_error(const Error& error) {
  worker_.metrics().errors.with({std::to_string(error.mysql_errno())}).add();
  worker_.error_log().add({.at = std::chrono::system_clock::now(),
                           .mysql_errno = error.mysql_errno(),
                           .user = identity_.user,
                           .target = state_.target.text(),
                           .message = error.text(),
                           .statement = activity_.statement});
}

InnerStatement* Session::set_inner(InnerStatement* inner) {
  responder_.set_inner(inner == nullptr ? nullptr : &inner->ok, inner == nullptr || inner->rows_allowed);
  return std::exchange(inner_, inner);
}

void Session::cancel_statement() {
  if (in_command_) cancel_->request();
}

void Session::end(bool finish_transaction) {
  if (finish_transaction && (in_command_ || shards_.in_transaction())) return;  // it ends by itself
  cancel_statement();
  closing_ = true;
  if (in_command_) {
    link_.abort();
  } else {
    link_.interrupt();
  }
}

void Session::kill() {
  end(false);
  link_.hang_up();
}

void Session::settings_changed() {
  const std::string* mode = state_.settings->find("sql_mode");
  sql_mode_ = parse_sql_mode(mode == nullptr ? std::string_view() : unquoted(*mode));
  set_lexer_mode(lexer_mode_, sql_mode_);
  const std::string* charset = state_.settings->find("character_set_client");
  client_is_utf8_ = charset == nullptr || charset->find("utf8") != std::string::npos;
}

Result<void> Session::use(std::string_view text) {
  Result<Target> target = Target::parse(text);
  if (!target) return failure(std::move(target.error()));
  if (target->keyspace.empty()) target->keyspace = state_.target.keyspace;
  const auto& routing = worker_.backends().routing();
  if (!routing) return failure(kRoutingUnknown, "the routing is not known");
  const vschema::Keyspace* keyspace = routing->find_keyspace(target->keyspace);
  const bool system = target->keyspace == "information_schema" || target->keyspace == "mysql" ||
                      target->keyspace == "performance_schema" || target->keyspace == "sys";
  if (keyspace == nullptr && !(system && target->shard.empty()) && !target->keyspace.empty()) {
    return failure(kBadTarget, fmt::format("Unknown database '{}'", text));
  }
  if (!target->shard.empty() && keyspace->find_shard(target->shard, target->type) == nullptr) {
    return failure(kBadTarget, fmt::format("Unknown database '{}': the keyspace has no such shard", text));
  }
  if (target->keyspace != state_.target.keyspace) {
    Result<void> placed = take_place_in(keyspace);
    if (!placed) return placed;
  }
  state_.target = std::move(*target);
  return {};
}

/// kLoadConnections; the session then has the place it had.
Result<void> Session::take_place_of_user() {
  const std::uint32_t connections_max = identity_.limits.connections_max;
  if (connections_max == 0) {
    user_place_ = {};
    return {};
  }
  const std::shared_ptr<LoadAccount> account = worker_.shared().admission.user(identity_.user);
  Result<void> placed = account->connect(connections_max);
  if (placed) user_place_ = ConnectionPlace(account);
  return placed;
}

Result<void> Session::take_place_in(const vschema::Keyspace* keyspace) {
  std::uint32_t connections_max = 0;
  if (keyspace != nullptr)
    connections_max = strictest(keyspace->limits(), worker_.options().per_keyspace).connections_max;
  if (connections_max == 0) {
    keyspace_place_ = {};
    return {};
  }
  const std::shared_ptr<LoadAccount> account = worker_.shared().admission.keyspace(keyspace->name());
  Result<void> placed = account->connect(connections_max);
  if (placed) keyspace_place_ = ConnectionPlace(account);
  return placed;
}

void Session::set_collation(std::uint16_t id) {
  const bool mariadb = worker_.is_mariadb();
  const mysql::Collation* collation = mysql::client_collation(id, mariadb);
  if (collation == nullptr || id == mysql::kUtf8mb4GeneralCi) return;
  auto settings = std::make_shared<Settings>(*state_.settings);
  const std::string charset = quote_string(collation->charset);
  settings->set("character_set_client", charset);
  settings->set("character_set_connection", charset);
  settings->set("character_set_results", charset);
  settings->set("collation_connection", quote_string(collation->name));
  state_.settings = std::move(settings);
  settings_changed();
}

Task<void> Session::reset() {
  co_await shards_.close();
  row_turns_.leave();
  prepared_.clear();
  const Target target = state_.target;
  state_ = SessionState();
  state_.connection_id = identity_.connection_id;
  state_.target = target;
  state_.settings = base_settings_;
  set_defaults();
  state_.multi_statements = (identity_.capabilities & mysql::capability::kMultiStatements) != 0;
  settings_changed();
}

}  // namespace kintsugi::gate
