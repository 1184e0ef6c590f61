#include "gate/errors.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "gate/statement_runner.h"

namespace kintsugi::gate {
namespace {

/// AND CHAIN, RELEASE: what follows the end of a transaction.
Task<Result<void>> after_end(Session& session, sql::Tristate chain, sql::Tristate release,
                             std::string modifiers) {
  if (chain == sql::Tristate::kYes) {
    Result<void> begun = co_await session.shards().begin(std::move(modifiers));
    if (!begun) co_return begun;
  }
  if (release == sql::Tristate::kYes) session.close_after_command();
  session.respond().ok();
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> statement_use(Session& session, const sql::Statement& statement, const ClientStatement&) {
  Result<void> used = session.use(static_cast<const sql::Use&>(statement).target);
  if (used) session.respond().ok(target_changed(session));
  co_return used;
}

Task<Result<void>> statement_begin(Session& session, const sql::Statement& statement,
                                   const ClientStatement&) {
  const auto& begin = static_cast<const sql::Begin&>(statement);
  std::string modifiers = begin.snapshot ? "WITH CONSISTENT SNAPSHOT" : "";
  if (begin.access != sql::AccessMode::kUnset) {
    modifiers += modifiers.empty() ? "" : ", ";
    modifiers += begin.access == sql::AccessMode::kReadOnly ? "READ ONLY" : "READ WRITE";
  }
  if (session.shards().tables_locked()) {
    Result<void> committed = co_await session.shards().commit();
    co_await session.shards().unlock_tables();
    if (!committed) co_return committed;
  }
  Result<void> begun = co_await session.shards().begin(std::move(modifiers));
  if (begun) session.respond().ok();
  co_return begun;
}

Task<Result<void>> statement_commit(Session& session, const sql::Statement& statement,
                                    const ClientStatement&) {
  const auto& commit = static_cast<const sql::Commit&>(statement);
  std::string modifiers = session.shards().transaction().modifiers();
  Result<void> done = co_await session.shards().commit();
  if (!done) co_return done;
  done = co_await after_end(session, commit.chain, commit.release, std::move(modifiers));
  co_return done;
}

Task<Result<void>> statement_rollback(Session& session, const sql::Statement& statement,
                                      const ClientStatement&) {
  const auto& rollback = static_cast<const sql::Rollback&>(statement);
  if (!rollback.to_savepoint.empty()) {
    std::string name(rollback.to_savepoint);
    Result<void> undone = co_await session.shards().rollback_to(std::move(name));
    if (undone) session.respond().ok();
    co_return undone;
  }
  std::string modifiers = session.shards().transaction().modifiers();
  Result<void> done = co_await session.shards().rollback();
  if (!done) co_return done;
  done = co_await after_end(session, rollback.chain, rollback.release, std::move(modifiers));
  co_return done;
}

Task<Result<void>> statement_savepoint(Session& session, const sql::Statement& statement,
                                       const ClientStatement&) {
  std::string name(static_cast<const sql::Savepoint&>(statement).name);
  Result<void> set = co_await session.shards().savepoint(std::move(name));
  if (set) session.respond().ok();
  co_return set;
}

Task<Result<void>> statement_release_savepoint(Session& session, const sql::Statement& statement,
                                               const ClientStatement&) {
  std::string name(static_cast<const sql::ReleaseSavepoint&>(statement).name);
  Result<void> released = co_await session.shards().release_savepoint(std::move(name));
  if (released) session.respond().ok();
  co_return released;
}

Task<Result<void>> statement_reserved(Session& session, const sql::Statement&, const ClientStatement& sent) {
  session.shards().reserve();
  Result<void> done = co_await send_to_target(session, sent, "PREPARE and EXECUTE");
  if (!done && session.shards().held() == 0) co_await session.shards().unreserve();
  co_return done;
}

}  // namespace kintsugi::gate
