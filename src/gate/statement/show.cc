#include <fmt/format.h>

#include "gate/answer_taker.h"
#include "gate/errors.h"
#include "gate/process_list.h"
#include "gate/session.h"
#include "gate/statement/shown_table.h"
#include "gate/statement/statement.h"
#include "mysql/quote.h"

namespace kintsugi::gate {
bool like(std::string_view text, std::string_view pattern) {
  while (!pattern.empty()) {
    const char c = pattern.front();
    if (c == '%') {
      pattern.remove_prefix(1);
      for (std::size_t skip = 0; skip <= text.size(); ++skip) {
        if (like(text.substr(skip), pattern)) return true;
      }
      return false;
    }
    if (text.empty()) return false;
    if (c == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
    const bool any = c == '_';
    if (!any && std::tolower(static_cast<unsigned char>(text.front())) !=
                    std::tolower(static_cast<unsigned char>(pattern.front()))) {
      return false;
    }
    text.remove_prefix(1);
    pattern.remove_prefix(1);
  }
  return text.empty();
}

std::string_view pattern_of(const sql::Show& show) {
  const auto* literal = sql::as<sql::Literal>(show.like);
  return literal == nullptr ? std::string_view("%") : literal->text;
}

namespace {

/// SHOW DATABASES: the keyspaces, and the one that every server has.
Result<void> show_databases(Session& session, const sql::Show& show) {
  if (show.where != nullptr) return failure(kUnsupported, "SHOW DATABASES … WHERE: use LIKE");
  const std::string_view pattern = pattern_of(show);
  std::vector<Responder::Row> rows;
  const auto& routing = session.worker().backends().routing();
  std::vector<std::string> names = {"information_schema"};
  if (routing) {
    for (const auto& keyspace : routing->keyspaces()) names.push_back(keyspace->name());
  }
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (like(name, pattern)) rows.push_back({name});
  }
  const std::string title = show.like == nullptr ? "Database" : fmt::format("Database ({})", pattern);
  session.respond().table({title}, rows);
  return {};
}

Result<void> show_warnings(Session& session, const sql::Show& show, bool errors_only) {
  std::vector<Responder::Row> rows;
  std::uint64_t skip = show.limit == nullptr ? 0 : limit_of(show.limit->offset, 0);
  std::uint64_t left = show.limit == nullptr ? UINT64_MAX : limit_of(show.limit->count, UINT64_MAX);
  for (const Warning& warning : session.state().warnings) {
    if (errors_only && warning.level != "Error") continue;
    if (skip > 0) {
      --skip;
      continue;
    }
    if (left-- == 0) break;
    rows.push_back({warning.level, std::to_string(warning.code), warning.message});
  }
  session.respond().table({"Level", {"Code", true, true}, "Message"}, rows);
  return {};
}

Task<Result<void>> show_processlist(Session& session, const sql::Show& show) {
  std::vector<ProcessInfo> processes = co_await list_processes(session.worker());
  respond_process_list(session.respond(), processes, show.full);
  co_return Result<void>();
}

/// The user's own, as the gate lets it: its servers know one account only, which is the gate's.
Result<void> show_grants(Session& session, const sql::Show& show) {
  const ClientIdentity& identity = session.identity();
  const sql::Account* account = show.account;
  const bool own =
      account == nullptr || account->current_user ||
      (account->user == identity.user && (!account->has_host || account->host == identity.account_host));
  if (!own || !show.roles.empty()) {
    const std::string_view host = account == nullptr || !account->has_host ? "%" : account->host;
    return failure(kNoSuchGrant, fmt::format("There is no such grant defined for user '{}' on host '{}'",
                                             account == nullptr ? identity.user : account->user, host));
  }
  const std::string to = fmt::format(" TO {}@{}", mysql::quoted_identifier(identity.user),
                                     mysql::quoted_identifier(identity.account_host));
  std::vector<Responder::Row> rows = {{(identity.files ? "GRANT FILE ON *.*" : "GRANT USAGE ON *.*") + to}};
  if (const auto& routing = session.worker().backends().routing()) {
    for (const auto& keyspace : routing->keyspaces())
      rows.push_back({"GRANT ALL PRIVILEGES ON " + mysql::quoted_identifier(keyspace->name()) + ".*" + to});
  }
  session.respond().table({fmt::format("Grants for {}@{}", identity.user, identity.account_host)}, rows);
  return {};
}

/// What a server tells of itself: relayed from one of the target's, or of any keyspace's.
Task<Result<void>> ask_server(Session& session, const ClientStatement& sent) {
  exec::ShardRequest request;
  const Target target = session.state().target;
  const auto routing = session.worker().backends().routing();
  if (!routing) co_return failure(kRoutingUnknown, "the routing is not known");
  request.keyspace = target.keyspace;
  request.type = target.type;
  request.shard =
      target.shard.empty() ? nullptr : routing->find_shard(target.keyspace, target.shard, target.type);
  RelayTaker taker(session.link(), session.identity().capabilities, session.respond());
  ShardConnections::Relayed relayed;
  session.shards().begin_statement(&sent, {});
  Result<void> done = co_await session.shards().perform(request, taker, relayed, session.cancel());
  session.shards().begin_statement(nullptr, {});
  if (relayed.client_lost) session.close_after_command();
  co_return done;
}

/// Of the client's own TLS, which the servers know nothing of. False: it is not about that.
bool show_tls(Session& session, const sql::Show& show) {
  const runtime::Stream& stream = session.link().packets().stream();
  const std::pair<std::string_view, std::string> facts[] = {{"Ssl_cipher", stream.tls_cipher()},
                                                            {"Ssl_version", stream.tls_version()}};
  for (const auto& [name, value] : facts) {
    if (show.like == nullptr || !like(name, pattern_of(show)) ||
        pattern_of(show).find('%') != std::string_view::npos) {
      continue;
    }
    session.respond().table({"Variable_name", "Value"}, {{std::string(name), value}});
    return true;
  }
  return false;
}

/// SHOW that any server answers alike, or of which one server's answer is what is asked for.
bool is_of_one_server(std::string_view what) {
  constexpr std::string_view kWhat[] = {"variables",    "status",         "engine status", "profiles",
                                        "profile",      "binary logs",    "master status", "binlog status",
                                        "slave status", "replica status", "slave hosts",   "replicas",
                                        "locales",      "function code",  "procedure code"};
  return std::find(std::begin(kWhat), std::end(kWhat), what) != std::end(kWhat);
}

}  // namespace

Task<Result<void>> statement_show(Session& session, const sql::Statement& statement,
                                  const ClientStatement& sent) {
  const auto& show = static_cast<const sql::Show&>(statement);
  const std::string_view what = show.what;
  Result<void> done;
  if (what == "databases" || what == "schemas" || what == "keyspaces") {
    done = show_databases(session, show);
  } else if (what == "warnings" || what == "errors") {
    done = show_warnings(session, show, what == "errors");
  } else if (what == "count(*) warnings") {
    session.respond().table({{"@@session.warning_count", true}},
                            {{std::to_string(session.state().warning_count)}});
  } else if (what == "count(*) errors") {
    session.respond().table({{"@@session.error_count", true}},
                            {{std::to_string(session.state().error_count)}});
  } else if (what == "grants") {
    done = show_grants(session, show);
  } else if (what == "processlist") {
    done = co_await show_processlist(session, show);
  } else if (what == "status" && show_tls(session, show)) {
    co_return done;
  } else if (is_of_cluster(what)) {
    done = co_await show_cluster(session, show);
  } else if (what == "variables" && show.where == nullptr && show.scope != sql::VariableScope::kGlobal) {
    done = co_await show_variables(session, show, sent);
  } else if (is_of_one_server(what)) {
    done = co_await ask_server(session, sent);
  } else {
    done = failure(kUnsupported, fmt::format("SHOW {}", what));
  }
  co_return done;
}

Task<Result<void>> statement_kill(Session& session, const sql::Statement& statement, const ClientStatement&) {
  const auto& kill = static_cast<const sql::Kill&>(statement);
  const auto* literal = sql::as<sql::Literal>(kill.id);
  if (literal == nullptr || kill.what == sql::KillWhat::kQueryId) {
    co_return failure(kUnsupported, "KILL takes the number of a connection, as SHOW PROCESSLIST has it");
  }
  const auto id = static_cast<std::uint32_t>(limit_of(literal, 0));
  const bool query_only = kill.what == sql::KillWhat::kQuery;
  Result<void> killed = co_await kill_connection(session, id, query_only);
  if (killed) session.respond().ok();
  co_return killed;
}

}  // namespace kintsugi::gate
