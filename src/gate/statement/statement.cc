#include "gate/statement/statement.h"
#include "gate/answer_taker.h"

#include <fmt/format.h>

#include "gate/bindings.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "gate/variables.h"

namespace kintsugi::gate {
namespace {

using sql::NodeKind;

struct Entry {
  NodeKind kind;
  StatementHandler run;
};

constexpr Entry kStatements[] = {
    {NodeKind::kSet, statement_set},
    {NodeKind::kSetTransaction, statement_set_transaction},
    {NodeKind::kUse, statement_use},
    {NodeKind::kBegin, statement_begin},
    {NodeKind::kCommit, statement_commit},
    {NodeKind::kRollback, statement_rollback},
    {NodeKind::kSavepoint, statement_savepoint},
    {NodeKind::kCall, statement_call},
    {NodeKind::kBlock, statement_call},
    {NodeKind::kIf, statement_call},
    {NodeKind::kCaseStatement, statement_call},
    {NodeKind::kLoop, statement_call},
    {NodeKind::kForLoop, statement_call},
    {NodeKind::kSignal, statement_call},
    {NodeKind::kGetDiagnostics, statement_diagnostics},
    {NodeKind::kReleaseSavepoint, statement_release_savepoint},
    {NodeKind::kKill, statement_kill},
    {NodeKind::kShow, statement_show},
    {NodeKind::kFlush, statement_flush},
    {NodeKind::kLockTables, statement_lock_tables},
    {NodeKind::kUnlockTables, statement_unlock_tables},
    {NodeKind::kPrepare, statement_prepare},
    {NodeKind::kExecute, statement_execute},
    {NodeKind::kDeallocate, statement_deallocate},
    {NodeKind::kCreateDatabase, statement_create_database},
    {NodeKind::kCreateTable, statement_create_as},
    {NodeKind::kAlterTable, statement_number_rows},
    {NodeKind::kDropObject, statement_drop_object},
    {NodeKind::kAlterVSchema, statement_alter_vschema},
};

}  // namespace

Task<Result<void>> run_session_statement(Session& session, const sql::Statement& statement,
                                         const ClientStatement& sent) {
  if (sql::is_query(statement.kind)) {  // of others the session is not asked
    Result<void> done = co_await statement_into_file(session, statement, sent);
    co_return done;
  }
  for (const Entry& entry : kStatements) {
    if (entry.kind != statement.kind) continue;
    Result<void> done = co_await entry.run(session, statement, sent);
    co_return done;
  }
  co_return failure(kUnsupported,
                    fmt::format("{} is not something that a gate does", sql::kind_name(statement.kind)));
}

std::string text_with_parameters(const Session& session, const ClientStatement& sent) {
  if (sent.parameters.empty()) return std::string(sent.text);
  const std::string* charset = session.state().settings->find("character_set_client");
  return with_literals(sent.text, session.lexer_mode(), sent.parameters,
                       charset == nullptr ? "utf8mb4" : unquoted(*charset));
}

Task<Result<void>> send_to_target(Session& session, const ClientStatement& sent, std::string_view what) {
  const Target& target = session.state().target;
  if (target.keyspace.empty()) co_return failure(kNoDatabase, "No database selected");
  const auto routing = session.worker().backends().routing();
  Result<const vschema::Keyspace*> keyspace = routing->keyspace(target.keyspace);
  if (!keyspace) co_return failure(std::move(keyspace.error()));
  const auto shards = (*keyspace)->shards(target.type);
  const vschema::Shard* shard = target.shard.empty() ? (shards.size() == 1 ? &shards.front() : nullptr)
                                                     : (*keyspace)->find_shard(target.shard, target.type);
  if (shard == nullptr) {
    co_return failure(
        kUnsupported,
        fmt::format("{} in a keyspace of several shards: choose one with USE `{}/…`", what, target.keyspace));
  }
  exec::ShardRequest request;
  request.shard = shard;
  request.keyspace = target.keyspace;
  request.type = target.type;
  request.write = true;
  RelayTaker taker(session.link(), session.identity().capabilities, session.respond());
  ShardConnections::Relayed relayed;
  session.shards().begin_statement(&sent, {});
  Result<void> done = co_await session.shards().perform(request, taker, relayed, session.cancel());
  session.shards().begin_statement(nullptr, {});
  session.state().warning_count = relayed.ok.warnings;
  if (relayed.client_lost) session.close_after_command();
  co_return done;
}

}  // namespace kintsugi::gate
