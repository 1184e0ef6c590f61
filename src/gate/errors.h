#pragma once

#include "base/error.h"

namespace kintsugi::gate {

// Numbers 40xx to 43xx belong to this folder.

// Connecting.
inline constexpr ErrorCode kTooManyConnections{4001, "too_many_connections", 1040, "08004",
                                               "Close connections that are not used, or raise the gate's "
                                               "connections_max"};
inline constexpr ErrorCode kBadUsers{4002, "bad_users", 1105, "HY000",
                                     "docs/configuration.md describes users.json"};
inline constexpr ErrorCode kShuttingDown{4003, "shutting_down", 1053, "08S01",
                                         "Connect again: another gate, or this one after its restart"};
inline constexpr ErrorCode kIdleTooLong{4004, "idle_too_long", 4031, "HY000", "Connect again"};

// Commands.
inline constexpr ErrorCode kUnknownCommand{4010, "unknown_command", 1047, "08S01"};
inline constexpr ErrorCode kUnknownStatement{4011, "unknown_statement", 1243, "HY000"};
inline constexpr ErrorCode kTooManyStatements{4012, "too_many_statements", 1461, "42000",
                                              "Close statements that are not used, or raise the gate's "
                                              "prepared_statements_max"};
inline constexpr ErrorCode kMalformedExecute{4013, "malformed_execute", 1210, "HY000"};
inline constexpr ErrorCode kNoCursor{4014, "no_cursor", 1421, "HY000"};
inline constexpr ErrorCode kNoSuchThread{4017, "no_such_thread", 1094, "HY000"};
inline constexpr ErrorCode kNotOwner{4018, "not_owner", 1095, "HY000"};
inline constexpr ErrorCode kEmptyQuery{4016, "empty_query", 1065, "42000"};

// Targets and servers.
inline constexpr ErrorCode kBadTarget{4020, "bad_target", 1049, "42000",
                                      "A target is keyspace, keyspace/shard or keyspace:shard, with "
                                      "@primary, @replica or @rdonly behind it if wanted"};
inline constexpr ErrorCode kNoDatabase{4021, "no_database", 1046, "3D000", "Choose a keyspace with USE"};
inline constexpr ErrorCode kNoPrimary{4022, "no_primary", 1105, "HY000",
                                      "A failover may be in progress: retry in a few seconds"};
inline constexpr ErrorCode kNoReplica{4023, "no_replica", 1105, "HY000",
                                      "Retry, read from the primary, or look at `kintsugi tablet list`"};
/// Not one that is away: the topology has none, so waiting is of no use.
inline constexpr ErrorCode kNoSuchReplica{4026, "no_such_replica", 1105, "HY000",
                                          "Add a replica to the shard, or USE keyspace@primary"};
inline constexpr ErrorCode kPoolExhausted{4024, "pool_exhausted", 1040, "08004",
                                          "Retry, or raise the gate's pool_connections_max"};
inline constexpr ErrorCode kRoutingUnknown{
    4025, "routing_unknown", 1105, "HY000",
    "The gate has not read the topology yet: check that etcd and control run"};

// Transactions and session state.
inline constexpr ErrorCode kSecondShard{
    4030, "second_shard", 1105, "HY000",
    "transaction_mode is 'single': keep the transaction on one shard, or set "
    "transaction_mode = 'multi'"};
inline constexpr ErrorCode kTransactionLost{4031, "transaction_lost", 1213, "40001",
                                            "The transaction was rolled back: start it again"};
/// A server died while a query ran over copies of its tables there.
inline constexpr ErrorCode kScratchLost{4039, "scratch_lost", 1105, "HY000", "Run the query again"};
inline constexpr ErrorCode kPartialCommit{4032, "partial_commit", 1105, "HY000",
                                          "Some shards have committed and others have not: compare the rows"};
inline constexpr ErrorCode kSetRefused{4033, "set_refused", 1227, "42000",
                                       "Variables of the servers are set in the cluster spec"};
inline constexpr ErrorCode kNotReplayable{4034, "not_replayable", 1235, "42000"};
inline constexpr ErrorCode kReadOnlyTarget{4035, "read_only_target", 1290, "HY000",
                                           "The session reads from replicas: USE keyspace@primary to write"};
inline constexpr ErrorCode kUnsupported{4036, "unsupported", 1235, "42000"};

}  // namespace kintsugi::gate
