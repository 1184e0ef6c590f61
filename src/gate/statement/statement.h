#pragma once

#include "base/error.h"
#include "base/task.h"
#include "gate/shard_connections.h"
#include "sql/tree.h"

namespace kintsugi::gate {

class Session;

/// Runs a statement that is the session's own affair (plan::Session), and writes its answer but for an ERR.
/// `sent` is what the client sent.
Task<Result<void>> run_session_statement(Session& session, const sql::Statement& statement,
                                         const ClientStatement& sent);

/// What one kind of statement does. Each is a function in a file of this folder and one line in the table of
/// statement.cc.
using StatementHandler = Task<Result<void>> (*)(Session& session, const sql::Statement& statement,
                                                const ClientStatement& sent);

Task<Result<void>> statement_set(Session& session, const sql::Statement& statement,
                                 const ClientStatement& sent);
Task<Result<void>> statement_set_transaction(Session& session, const sql::Statement& statement,
                                             const ClientStatement& sent);
Task<Result<void>> statement_use(Session& session, const sql::Statement& statement,
                                 const ClientStatement& sent);
Task<Result<void>> statement_begin(Session& session, const sql::Statement& statement,
                                   const ClientStatement& sent);
Task<Result<void>> statement_commit(Session& session, const sql::Statement& statement,
                                    const ClientStatement& sent);
Task<Result<void>> statement_rollback(Session& session, const sql::Statement& statement,
                                      const ClientStatement& sent);
Task<Result<void>> statement_savepoint(Session& session, const sql::Statement& statement,
                                       const ClientStatement& sent);
Task<Result<void>> statement_release_savepoint(Session& session, const sql::Statement& statement,
                                               const ClientStatement& sent);
Task<Result<void>> statement_kill(Session& session, const sql::Statement& statement,
                                  const ClientStatement& sent);
Task<Result<void>> statement_show(Session& session, const sql::Statement& statement,
                                  const ClientStatement& sent);
/// FLUSH KINTSUGI QUERIES.
Task<Result<void>> statement_flush(Session& session, const sql::Statement& statement,
                                   const ClientStatement& sent);
Task<Result<void>> statement_lock_tables(Session& session, const sql::Statement& statement,
                                         const ClientStatement& sent);
Task<Result<void>> statement_unlock_tables(Session& session, const sql::Statement& statement,
                                           const ClientStatement& sent);
Task<Result<void>> statement_prepare(Session& session, const sql::Statement& statement,
                                     const ClientStatement& sent);
Task<Result<void>> statement_execute(Session& session, const sql::Statement& statement,
                                     const ClientStatement& sent);
Task<Result<void>> statement_deallocate(Session& session, const sql::Statement& statement,
                                        const ClientStatement& sent);
/// Those three where they are the server's: on a connection that stays with the session.
Task<Result<void>> statement_reserved(Session& session, const sql::Statement& statement,
                                      const ClientStatement& sent);

/// Runs a CALL, or a compound statement, here, statement by statement.
Task<Result<void>> call_procedure(Session& session, const ClientStatement& sent);

/// CALL in a sharded keyspace, and compound statements that use tables.
Task<Result<void>> statement_diagnostics(Session& session, const sql::Statement& statement,
                                         const ClientStatement& sent);
Task<Result<void>> statement_call(Session& session, const sql::Statement& statement,
                                  const ClientStatement& sent);

/// A statement that calls stored functions which gates run: its plan is a plan::Session.
Task<Result<void>> statement_with_functions(Session& session, const plan::Plan& plan,
                                            const ClientStatement& sent);

/// A query INTO OUTFILE or INTO DUMPFILE.
Task<Result<void>> statement_into_file(Session& session, const sql::Statement& statement,
                                       const ClientStatement& sent);

/// CREATE TABLE … AS query in a sharded keyspace.
Task<Result<void>> statement_create_as(Session& session, const sql::Statement& statement,
                                       const ClientStatement& sent);

/// ALTER TABLE that adds an AUTO_INCREMENT column to a sharded table.
Task<Result<void>> statement_number_rows(Session& session, const sql::Statement& statement,
                                         const ClientStatement& sent);

Task<Result<void>> statement_create_database(Session& session, const sql::Statement& statement,
                                             const ClientStatement& sent);
/// DROP DATABASE.
Task<Result<void>> statement_drop_object(Session& session, const sql::Statement& statement,
                                         const ClientStatement& sent);
Task<Result<void>> statement_alter_vschema(Session& session, const sql::Statement& statement,
                                           const ClientStatement& sent);

/// SHOW of the cluster: whether `what` is of it, and its answer.
bool is_of_cluster(std::string_view what);
Task<Result<void>> show_cluster(Session& session, const sql::Show& show);
/// SHOW VARIABLES without WHERE, of the session.
Task<Result<void>> show_variables(Session& session, const sql::Show& show, const ClientStatement& sent);
/// SHOW KINTSUGI TRANSACTIONS. A shard that cannot be asked is a warning.
Task<Result<void>> show_transactions(Session& session, const sql::Show& show);
/// SHOW KINTSUGI QUERIES.
Task<Result<void>> show_queries(Session& session, const sql::Show& show);

/// LIKE of a string pattern, without regard to case, as SHOW has it.
bool like(std::string_view text, std::string_view pattern);
/// "%" where the statement has none.
std::string_view pattern_of(const sql::Show& show);

/// What the client sent, with its parameters as literals.
std::string text_with_parameters(const Session& session, const ClientStatement& sent);

/// Sends the client's own text to the one shard that the session's target has, and relays the answer.
/// kUnsupported, naming `what`, if the target has several.
Task<Result<void>> send_to_target(Session& session, const ClientStatement& sent, std::string_view what);

}  // namespace kintsugi::gate
