#include "tablet/detail/agent_service.h"

#include <unistd.h>

#include "admin/build_info.h"
#include "rpc/server.h"
#include "runtime/cancel.h"
#include "tablet/detail/agent_core.h"
#include "tablet/detail/files.h"
#include "tablet/errors.h"
#include "tablet/schema.h"
#include "tablet/server_log.h"

namespace kintsugi::tablet {
namespace {

constexpr Duration kHealthEvery = 1s;
constexpr Duration kAnswer = 5s;
constexpr Duration kReconcile = 60s;
constexpr Duration kDdl = std::chrono::hours(24);
constexpr std::size_t kErrorLogBytes = 64 * 1024;
constexpr std::size_t kErrorLogLines = 20;

Task<Result<void>> stream_health(AgentCore& core, rpc::Sink& sink) {
  while (!sink.gone().requested()) {
    if (!core.has_looked()) {
      co_await core.health_changed().wait(Clock::now() + kHealthEvery, &sink.gone());
      continue;
    }
    const v1::Health health = core.told_health();
    Result<void> sent = co_await sink.send(health);
    if (!sent) co_return Result<void>();  // whoever listened is gone
    // What changed while it was sent is told at once.
    const v1::Health now = core.told_health();
    const bool moved = health.gtid_executed() != now.gtid_executed();
    if (moved || differs(health, now)) continue;
    co_await core.health_changed().wait(Clock::now() + kHealthEvery, &sink.gone());
  }
  co_return Result<void>();
}

Task<Result<v1::ReconcileResponse>> reconcile_now(AgentCore& core) {
  Result<std::vector<std::string>> done = co_await core.reconcile_now(Clock::now() + kReconcile);
  if (!done) co_return failure(std::move(done.error()));
  v1::ReconcileResponse response;
  *response.mutable_health() = core.health();
  for (std::string& each : *done) response.add_done(std::move(each));
  for (std::string& each : core.pending()) response.add_pending(std::move(each));
  co_return response;
}

Task<Result<v1::OfferCopyResponse>> offer_copy(AgentCore& core) {
  if (!core.reachable()) co_return failure(kMysqldDown, core.health().error());
  Result<v1::OfferCopyResponse> offer = co_await core.data_source()->offer(core.server().version);
  co_return offer;
}

Task<Result<void>> copy_data(AgentCore& core, v1::CopyDataRequest request, rpc::Sink& sink) {
  if (!core.reachable()) co_return failure(kMysqldDown, core.health().error());
  Result<void> given = co_await core.data_source()->copy(std::move(request), sink);
  co_return given;
}

}  // namespace

void add_agent_methods(AgentCore& core, rpc::Server& server) {
  const std::string service = "kintsugi.tablet.v1.Tablet/";
  server.stream<v1::StreamHealthRequest>(
      service + "StreamHealth",
      [&core](v1::StreamHealthRequest, rpc::Sink& sink) { return stream_health(core, sink); });
  server.unary<v1::GetStatusRequest, v1::GetStatusResponse>(
      service + "GetStatus", [&core](v1::GetStatusRequest) { return core.status(); });
  server.unary<v1::PingRequest, v1::PingResponse>(service + "Ping",
                                                  [&core](v1::PingRequest) { return core.ping(); });
  server.unary<v1::GetSchemaRequest, v1::GetSchemaResponse>(
      service + "GetSchema",
      [&core](v1::GetSchemaRequest request) { return core.schema(std::move(request)); });
  server.unary<v1::ApplySchemaRequest, v1::ApplySchemaResponse>(
      service + "ApplySchema",
      [&core](v1::ApplySchemaRequest request) { return core.apply_schema(std::move(request)); });
  server.unary<v1::ReconcileRequest, v1::ReconcileResponse>(
      service + "Reconcile", [&core](v1::ReconcileRequest) { return reconcile_now(core); });
  server.unary<v1::GrantRoleRequest, v1::GrantRoleResponse>(
      service + "GrantRole", [&core](v1::GrantRoleRequest request) -> Task<Result<v1::GrantRoleResponse>> {
        co_return core.grant_role(request);
      });
  server.unary<v1::RecloneRequest, v1::RecloneResponse>(
      service + "Reclone", [&core](v1::RecloneRequest request) -> Task<Result<v1::RecloneResponse>> {
        co_return core.reclone(std::move(request));
      });
  server.unary<v1::OfferCopyRequest, v1::OfferCopyResponse>(
      service + "OfferCopy", [&core](v1::OfferCopyRequest) { return offer_copy(core); });
  server.stream<v1::CopyDataRequest>(service + "CopyData",
                                     [&core](v1::CopyDataRequest request, rpc::Sink& sink) {
                                       return copy_data(core, std::move(request), sink);
                                     });
  add_transaction_methods(core, server);
}

Task<Result<v1::GetStatusResponse>> AgentCore::status() {
  v1::GetStatusResponse response;
  if (!mysqld_) co_return failure(kMysqldDown, "the agent is starting");
  const TabletFiles& files = data_dir_->files();
  *response.mutable_health() = health_;
  response.set_flavour(std::string(flavour_->name()));
  response.set_server_version(input_.server.version);
  response.set_agent_version(std::string(admin::build_info().version) + " (" + admin::build_info().revision +
                             ")");
  response.set_data_dir(files.root);
  response.set_mysql_data_dir(files.data);
  response.set_error_log(files.error_log);
  response.mutable_address()->set_host(place_.host);
  response.mutable_address()->set_http_port(http_.port);
  response.mutable_address()->set_mysql_port(place_.mysql.port);
  response.mutable_address()->set_mysql_socket(files.socket);
  response.set_agent_pid(static_cast<std::uint32_t>(::getpid()));
  response.set_mysqld_pid(static_cast<std::uint32_t>(mysqld_->pid()));
  response.set_mysqld_restarts(mysqld_->restarts());
  response.set_mysqld_adopted(mysqld_->adopted());
  response.set_my_cnf_path(files.my_cnf);
  response.set_my_cnf(my_cnf_);
  for (const UserSetting& setting : user_settings_) {
    (*response.mutable_my_cnf_user())[setting.name] = setting.value.value_or("");
  }
  response.set_server_id(identity_->server_id);
  response.set_owner(identity_->owner);
  response.mutable_data_dir_created_at()->set_seconds(
      std::chrono::system_clock::to_time_t(identity_->created_at));
  response.set_error_log_tail(error_lines(read_tail(files.error_log, 0, kErrorLogBytes), kErrorLogLines));
  for (std::string& each : pending()) response.add_pending(std::move(each));
  if (!mysqld_->running()) co_return response;
  const Result<std::vector<AccountGrants>> accounts =
      co_await show_accounts(accounts_request(), Clock::now() + kAnswer);
  if (!accounts) co_return response;  // the health says what is wrong with the server
  for (const AccountGrants& each : *accounts) {
    v1::Account& account = *response.add_accounts();
    account.set_name(each.account.text());
    account.set_purpose(each.account.purpose);
    for (const std::string& grant : each.grants) account.add_grants(grant);
  }
  co_return response;
}

Task<Result<v1::PingResponse>> AgentCore::ping() {
  v1::PingResponse response;
  response.set_alias(parts_.options.alias);
  if (!mysqld_ || !mysqld_->running()) {
    response.set_error(mysqld_ && mysqld_->error() ? mysqld_->error()->text() : "mysqld is starting");
    co_return response;
  }
  ServerSession session(monitor_login());
  const Time deadline = Clock::now() + kAnswer;
  Result<QueryRows> answer = co_await session.query("SELECT 1", deadline);
  const Time begin = Clock::now();
  if (answer) answer = co_await session.query("SELECT 1", deadline);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
  response.set_mysqld_answers(answer.has_value());
  if (answer) response.set_mysqld_answer_us(static_cast<std::uint32_t>(took));
  if (!answer) response.set_error(answer.error().text());
  co_return response;
}

Task<Result<v1::GetSchemaResponse>> AgentCore::schema(v1::GetSchemaRequest request) {
  if (!reachable_) co_return failure(kMysqldDown, health_.error());
  ServerSession session(agent_login());
  v1::GetSchemaResponse response;
  response.set_schema_version(schema_version_);
  std::vector<std::string> tables(request.tables().begin(), request.tables().end());
  const Result<void> read = co_await read_schema(session, place_.shard.keyspace, std::move(tables), response,
                                                 Clock::now() + std::chrono::minutes(1));
  if (!read) co_return failure(read.error());
  co_return response;
}

Task<Result<v1::ApplySchemaResponse>> AgentCore::apply_schema(v1::ApplySchemaRequest request) {
  if (!reachable_) co_return failure(kMysqldDown, health_.error());
  if (input_.server.read_only)
    co_return failure(kNotPrimary, place_.alias.text() + " is not its shard's primary");
  if (request.epoch() != 0 && request.epoch() != watch_->picture().epoch) {
    co_return failure(kNotPrimary, "the shard is at epoch " + std::to_string(watch_->picture().epoch) +
                                       ", not at " + std::to_string(request.epoch()));
  }
  ServerSession session(agent_login());
  v1::ApplySchemaResponse response;
  const Result<void> applied =
      co_await tablet::apply_schema(session, place_.shard.keyspace, request, response, Clock::now() + kDdl);
  if (!applied) co_return failure(applied.error());
  // The agent's own account may write where others may not, and that of a former primary waits for nobody.
  const Result<QueryRows> closed =
      co_await session.query("SELECT @@global.read_only AS closed", Clock::now() + kAnswer);
  if (!closed) co_return failure(closed.error());
  if (closed->text(0, "closed") != "0") {
    co_return failure(kNotPrimary, place_.alias.text() +
                                       " ceased to be its shard's primary meanwhile: what was changed may "
                                       "not be there");
  }
  Result<std::string> digest =
      co_await schema_digest(session, place_.shard.keyspace, Clock::now() + std::chrono::minutes(1));
  if (digest) response.set_schema_version(*digest);
  wake_.set();
  co_return response;
}

}  // namespace kintsugi::tablet
