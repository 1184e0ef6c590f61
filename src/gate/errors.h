#pragma once

#include "base/error.h"

namespace kintsugi::gate {

// Numbers 40xx to 43xx belong to this folder.

// Connecting.
/// The gate has as many client connections as it takes.
inline constexpr ErrorCode kTooManyConnections{4001, "too_many_connections", 1040, "08004",
                                               "Close connections that are not used, or raise the gate's "
                                               "connections_max"};
/// users.json cannot be read or has a mistake. A running gate keeps the users that it knows.
inline constexpr ErrorCode kBadUsers{4002, "bad_users", 1105, "HY000", "docs/users.md describes users.json"};
/// The gate stops, or closes its connections to a server.
inline constexpr ErrorCode kShuttingDown{4003, "shutting_down", 1053, "08S01",
                                         "Connect again: another gate, or this one after its restart"};
/// The client sent nothing for longer than idle_timeout, or than its own wait_timeout.
inline constexpr ErrorCode kIdleTooLong{4004, "idle_too_long", 4031, "HY000", "Connect again"};
/// The user, or the keyspace, has as many connections to this gate as it may.
inline constexpr ErrorCode kLoadConnections{
    4005, "load_connections", 1203, "42000",
    "Close connections that are not used; docs/overload.md says who sets the limit"};

// Commands.
/// The client sent a command of the protocol that the gate does not know.
inline constexpr ErrorCode kUnknownCommand{4010, "unknown_command", 1047, "08S01"};
/// The session has no prepared statement of that id.
inline constexpr ErrorCode kUnknownStatement{4011, "unknown_statement", 1243, "HY000"};
/// The session has as many prepared statements, or as many bytes of them, as it may.
inline constexpr ErrorCode kTooManyStatements{4012, "too_many_statements", 1461, "42000",
                                              "Close statements that are not used, or raise the gate's "
                                              "prepared_statements_max"};
/// The parameters of a prepared statement cannot be read.
inline constexpr ErrorCode kMalformedExecute{4013, "malformed_execute", 1210, "HY000"};
/// The statement has no open cursor to fetch from.
inline constexpr ErrorCode kNoCursor{4014, "no_cursor", 1421, "HY000"};
/// The gate has no connection of that id.
inline constexpr ErrorCode kNoSuchThread{4017, "no_such_thread", 1094, "HY000"};
/// Only connections of the own user can be killed.
inline constexpr ErrorCode kNotOwner{4018, "not_owner", 1095, "HY000"};
/// The session killed its own connection.
inline constexpr ErrorCode kConnectionKilled{4019, "connection_killed", 1927, "70100"};

// Targets and servers.
/// The target is written wrongly, or names a keyspace or shard that does not exist.
inline constexpr ErrorCode kBadTarget{4020, "bad_target", 1049, "42000",
                                      "A target is keyspace, keyspace/shard or keyspace:shard, with "
                                      "@primary, @replica or @rdonly behind it if wanted"};
/// The statement needs a database, and none is chosen.
inline constexpr ErrorCode kNoDatabase{4021, "no_database", 1046, "3D000", "Choose a keyspace with USE"};
/// The shard has no primary that takes writes; the message says what its last one lacks.
inline constexpr ErrorCode kNoPrimary{4022, "no_primary", 1105, "HY000",
                                      "A failover may be in progress: retry in a few seconds"};
/// None of the shard's replicas can be read from: they are away, or too far behind.
inline constexpr ErrorCode kNoReplica{4023, "no_replica", 1105, "HY000",
                                      "Retry, read from the primary, or look at `kintsugi tablet list`"};
/// The topology has no replica of the shard in this cell, so waiting is of no use.
inline constexpr ErrorCode kNoSuchReplica{4026, "no_such_replica", 1105, "HY000",
                                          "Add a replica to the shard, or USE keyspace@primary"};
/// No replica is as fresh as the session wants, and the gate is told not to read the primary instead.
inline constexpr ErrorCode kReplicaBehind{4027, "replica_behind", 1105, "HY000",
                                          "Retry, read from the primary, or allow more by SET "
                                          "max_replica_lag or replica_wait"};
/// All connections to a server are in use, and none became free in time.
inline constexpr ErrorCode kPoolExhausted{4024, "pool_exhausted", 1040, "08004",
                                          "Retry, or raise the gate's pool_connections_max"};
/// The gate does not know the topology.
inline constexpr ErrorCode kRoutingUnknown{
    4025, "routing_unknown", 1105, "HY000",
    "The gate has not read the topology yet: check that etcd and control run"};

// Transactions and session state.
/// With transaction_mode 'single', a transaction would go to a second shard.
inline constexpr ErrorCode kSecondShard{
    4030, "second_shard", 1105, "HY000",
    "transaction_mode is 'single': keep the transaction on one shard, or set "
    "transaction_mode = 'multi'"};
/// A server that had a part of the transaction was lost or undid its part, so all of it is undone.
inline constexpr ErrorCode kTransactionLost{4031, "transaction_lost", 1213, "40001",
                                            "The transaction was rolled back: start it again"};
/// A server died while a query ran over copies of its tables there.
inline constexpr ErrorCode kScratchLost{4039, "scratch_lost", 1105, "HY000", "Run the query again"};
/// COMMIT was done on some shards and failed on others.
inline constexpr ErrorCode kPartialCommit{4032, "partial_commit", 1105, "HY000",
                                          "Some shards have committed and others have not: compare the rows"};
/// Whether a transaction over several shards was committed could not be found out in time.
inline constexpr ErrorCode kOutcomeUnknown{4046, "outcome_unknown", 1105, "40003",
                                           "It is committed on all its shards or on none, as soon as the "
                                           "shard that decides can be reached: look there "
                                           "before you do it again"};
/// The statement would change more than its own session.
inline constexpr ErrorCode kSetRefused{4033, "set_refused", 1227, "42000",
                                       "Variables of the servers are set in the cluster spec"};
/// LOAD DATA LOCAL INFILE of a client that was not started so that it sends files.
inline constexpr ErrorCode kLocalFilesOff{
    4040, "local_files_off", 4166, "HY000",
    "Start the client with --local-infile=1, or its driver's like of it"};
/// The gate cannot do this; the message says what it can do instead.
inline constexpr ErrorCode kUnsupported{4036, "unsupported", 1235, "42000"};
/// SHOW GRANTS of another user than the session's own.
inline constexpr ErrorCode kNoSuchGrant{4079, "no_such_grant", 1141, "42000",
                                        "A gate tells each user of their own; all stand in users.json"};
/// A procedure's SELECT, to a client that takes no more than one answer.
inline constexpr ErrorCode kNoResultSets{4041, "no_result_sets", 1312, "0A000",
                                         "Connect with CLIENT_MULTI_RESULTS"};
/// COM_STMT_BULK_EXECUTE of what is no INSERT, UPDATE or DELETE, that leaves columns of an UPDATE as they
/// are, or that asks for the id of each row.
inline constexpr ErrorCode kNotInBulk{4047, "not_in_bulk", 1295, "HY000",
                                      "Execute it once for each row of values"};
/// Procedures that call one another by EXECUTE are nested too deeply.
inline constexpr ErrorCode kCallsTooDeep{4042, "calls_too_deep", 1456, "HY000",
                                         "Call procedures by CALL: max_sp_recursion_depth bounds that"};
/// The servers' account of the gate may not read how the routine is defined.
inline constexpr ErrorCode kRoutineHidden{
    4043, "routine_hidden", 1227, "42000",
    "Create the routine through the gate, or GRANT its account SELECT on "
    "mysql.proc (MySQL: SHOW_ROUTINE)"};
/// The transaction has no savepoint of that name.
inline constexpr ErrorCode kNoSavepoint{4037, "no_savepoint", 1305, "42000"};
/// SET TRANSACTION came in the middle of a transaction.
inline constexpr ErrorCode kInTransaction{4038, "transaction_in_progress", 1568, "25001",
                                          "COMMIT or ROLLBACK first"};

// Keyspaces made by statements.
/// A keyspace of that name exists.
inline constexpr ErrorCode kDatabaseExists{
    4060, "database_exists", 1007, "HY000",
    "SHOW DATABASES lists them; CREATE DATABASE IF NOT EXISTS leaves one "
    "as it is"};
/// No keyspace has that name.
inline constexpr ErrorCode kNoSuchDatabase{4061, "no_such_database", 1008, "HY000",
                                           "SHOW DATABASES lists them"};

/// What was changed does not hold on every gate yet, and a change that others must keep to waits for that.
inline constexpr ErrorCode kGatesBehind{
    4062, "gates_behind", 1205, "HY000",
    "SHOW PROCESSLIST at that gate shows what it runs; repeat the statement when that has ended"};

// Files on the gate's machine: INTO OUTFILE, INTO DUMPFILE, LOAD DATA INFILE without LOCAL.
/// The gate has no folder for them.
inline constexpr ErrorCode kFilesOff{4070, "files_off", 1290, "HY000",
                                     "Set the gate's files_folder; or let the client write what it is sent "
                                     "(mysql --batch -e 'SELECT …' > file), and "
                                     "send its own file by LOAD DATA LOCAL"};
/// The user may not use them.
inline constexpr ErrorCode kFilesDenied{4071, "files_denied", 1045, "28000",
                                        "Give the user's entry in users.json \"Files\": true"};
/// A path that leads out of the folder, by .. or by a link.
inline constexpr ErrorCode kOutsideFolder{4072, "outside_folder", 1290, "HY000",
                                          "Name a file within the gate's files_folder"};
/// INTO OUTFILE and INTO DUMPFILE make new files only.
inline constexpr ErrorCode kFileExists{4073, "file_exists", 1086, "HY000",
                                       "Take another name, or remove the file first"};
/// The file, or the folder that it should be in, cannot be made.
inline constexpr ErrorCode kFileNotMade{
    4074, "file_not_made", 1, "HY000",
    "Folders are not made: check the path, and what the gate's user may write"};
/// What was written of it is removed.
inline constexpr ErrorCode kFileNotWritten{4075, "file_not_written", 3, "HY000",
                                           "Check the disk that the gate's files_folder is on"};
/// CHARACTER SET of which gates know nothing.
inline constexpr ErrorCode kUnknownCharset{4078, "unknown_charset", 1115, "42000",
                                           "SHOW CHARACTER SET lists those of the servers"};
/// INTO DUMPFILE is for one value.
inline constexpr ErrorCode kDumpedRows{4077, "dumped_rows", 1172, "42000",
                                       "Add LIMIT 1, or use INTO OUTFILE"};
/// There is no such file, or the gate cannot read it.
inline constexpr ErrorCode kFileNotRead{4076, "file_not_read", 13, "HY000",
                                        "Check the path, and what the gate's user may read"};

// Limits, and what a statement's comments ask for.
/// The statement would go to several shards, which the gate, the user or the keyspace does not allow.
inline constexpr ErrorCode kScatterForbidden{
    4050, "scatter_forbidden", 1227, "42000",
    "Compare the sharding key with a value, so that one shard answers; EXPLAIN FORMAT=KINTSUGI shows which "
    "key is missing"};
/// The query would copy rows to one server, which the gate, the user or the keyspace does not allow.
inline constexpr ErrorCode kGatherForbidden{4051, "gather_forbidden", 1227, "42000",
                                            "Join and group on the sharding key, or compare it with a value; "
                                            "EXPLAIN FORMAT=KINTSUGI shows what would "
                                            "be copied, and why"};
/// The statement took longer than query_timeout, or than its directive timeout_ms.
inline constexpr ErrorCode kQueryTimeout{4052, "query_timeout", 3024, "HY000",
                                         "Ask for less, or raise it with /*kintsugi: timeout_ms=… */"};
/// The statement took longer than its session's max_statement_time, which drivers set for a time limit of a
/// query (JDBC's setQueryTimeout).
inline constexpr ErrorCode kStatementTime{4063, "statement_time", 1969, "70100",
                                          "Ask for less, or raise the limit that the client has set"};
/// The user, or the keyspace, runs as many statements as it may, and this one's turn did not come.
inline constexpr ErrorCode kLoadStatements{
    4054, "load_statements", 1226, "42000",
    "Retry later, with a pause; docs/overload.md says who sets the limit"};
/// The user, or the keyspace, begins more statements a second than it may.
inline constexpr ErrorCode kLoadRate{4055, "load_rate", 1226, "42000",
                                     "Retry later, with a pause; docs/overload.md says who sets the limit"};
/// Others write the same row, in transactions that have not ended, and this one's turn did not come: it has
/// done nothing. As for a row's lock, which it would wait for at its server.
inline constexpr ErrorCode kHotRow{
    4056, "hot_row", 1205, "HY000",
    "Retry the transaction, with a pause; docs/overload.md says how writers of "
    "one row are queued"};
/// A comment asks for what there is not; the statement runs without. Told as a warning.
inline constexpr ErrorCode kDirectiveIgnored{4053, "directive_ignored", 1235, "42000",
                                             "docs/queries.md lists the directives"};

/// Whose rights an event has is no user any more, so that it does not run. Logged, and in SHOW KINTSUGI
/// EVENTS.
inline constexpr ErrorCode kNoEventUser{
    4080, "no_event_user", 1449, "HY000",
    "ALTER EVENT … ENABLE, by a user that there is, makes it that user's; or give users.json the user again"};

}  // namespace kintsugi::gate
