#pragma once

#include "base/error.h"

namespace kintsugi::plan {

// Numbers 32xx belong to this folder. Each message says which part of the statement is meant.

/// The statement is right, but no route expresses it.
inline constexpr ErrorCode kUnsupportedYet{
    3200, "unsupported_yet", 1235, "42000",
    "Restrict every sharded table to one value of its sharding key, or choose a shard with "
    "USE `keyspace/shard` and run it there"};
/// Would need rows of several keyspaces.
inline constexpr ErrorCode kCrossKeyspace{3201, "cross_keyspace", 1235, "42000",
                                          "Split the statement into one for each keyspace"};
/// No keyspace is chosen, and a table is named without one.
inline constexpr ErrorCode kNoKeyspace{3202, "no_keyspace", 1046, "3D000",
                                       "Choose one with USE, or write keyspace.table"};
/// No keyspace has that name.
inline constexpr ErrorCode kUnknownKeyspace{3203, "unknown_keyspace", 1049, "42000",
                                            "SHOW DATABASES lists the keyspaces"};
/// The keyspace has no such table.
inline constexpr ErrorCode kUnknownTable{3204, "unknown_table", 1146, "42S02"};
/// No table of the statement has that column.
inline constexpr ErrorCode kUnknownColumn{3205, "unknown_column", 1054, "42S22"};
/// On the servers, but the vschema of its sharded keyspace does not say how its rows are spread.
inline constexpr ErrorCode kNotInVSchema{
    3208, "not_in_vschema", 1146, "42S02",
    "Add the table to the keyspace's vschema, or choose a shard with USE `keyspace/shard`"};
/// The server itself would place the row, from a value that the gate cannot know.
inline constexpr ErrorCode kUnroutableValue{
    3209, "unroutable_value", 1235, "42000",
    "Write the sharding key as a literal or parameter of the column's own type"};
/// No shard takes the value: the vindex does not map it, or the key is NULL.
inline constexpr ErrorCode kNoShardForValue{3210, "no_shard_for_value", 1048, "23000"};
/// The statement would change the value by which a row is placed.
inline constexpr ErrorCode kShardingKeyUpdate{3211, "sharding_key_update", 1235, "42000",
                                              "Delete the row and insert it with the new key"};
/// A write while a replica or rdonly target is chosen.
inline constexpr ErrorCode kReadOnlyTarget{3212, "read_only_target", 1290, "HY000",
                                           "Choose the primary: USE keyspace"};
/// A row has more or fewer values than there are columns.
inline constexpr ErrorCode kColumnCount{3213, "column_count", 1136, "21S01"};
/// Copies of a reference table would become different.
inline constexpr ErrorCode kCopiesWouldDiffer{
    3214, "copies_would_differ", 1235, "42000",
    "Compute the value first, then write it: every shard must be sent the same row"};
/// Gates do not let clients do this.
inline constexpr ErrorCode kForbidden{3215, "forbidden_statement", 1227, "42000"};
/// ALTER TABLE … SHARD BY of a table that exists: its rows would lie elsewhere.
inline constexpr ErrorCode kWouldReshard{
    3219, "would_reshard", 1235, "42000",
    "If the table is empty, DROP it and CREATE it with SHARD BY; else copy its "
    "rows into a new table with INSERT"};
/// UPDATE or DELETE of a view whose rows are not those of tables.
inline constexpr ErrorCode kNotUpdatable{3222, "not_updatable", 1288, "HY000", "Write to the view's table"};
/// INSERT into a view whose rows are not those of tables.
inline constexpr ErrorCode kNotInsertable{3223, "not_insertable", 1471, "HY000",
                                          "Insert into the view's table"};
/// A write of a view's column that is an expression.
inline constexpr ErrorCode kNonUpdatableColumn{
    3224, "column_not_updatable", 1348, "HY000",
    "Write to the columns that the expression is made of, in the view's table"};
/// A write of columns of several tables through a view that joins them.
inline constexpr ErrorCode kSeveralOfJoin{3231, "several_tables_of_view", 1393, "HY000",
                                          "Write to the columns of one table at a time"};
/// INSERT into a view of a join that does not say of which columns.
inline constexpr ErrorCode kJoinWithoutColumns{3232, "view_without_columns", 1394, "HY000",
                                               "List columns of one of its tables"};
/// DELETE from a view of a join.
inline constexpr ErrorCode kDeleteFromJoin{3233, "delete_from_join_view", 1395, "HY000",
                                           "Delete from the table whose rows are meant"};
/// ENCLOSED BY or ESCAPED BY of more than one character.
inline constexpr ErrorCode kWrongSeparator{3221, "wrong_separator", 1083, "42000",
                                           "Give one character, or '' for none"};
/// The connection to the server that had a temporary table of the session was lost, and the table with it.
inline constexpr ErrorCode kTemporaryTableLost{
    3225, "temporary_table_lost", 1146, "42S02",
    "Make it again: CREATE TEMPORARY TABLE. DROP TEMPORARY TABLE makes the gate forget it"};
/// A FOREIGN KEY that no table could have.
inline constexpr ErrorCode kWrongForeignKey{
    3226, "wrong_foreign_key", 1005, "HY000",
    "Refer to all columns of a primary or unique key, by columns of the same types"};
/// A table that copies in other keyspaces have as their source would be gone.
inline constexpr ErrorCode kSourceOfCopies{
    3228, "source_of_copies", 1227, "42000",
    "Drop the copies first, or give them another source: ALTER TABLE copy REFERENCE FROM keyspace.table"};
/// A key of a column that is not there.
inline constexpr ErrorCode kNoKeyColumn{3227, "no_key_column", 1072, "42000"};
/// EXPLAIN of what is put together of several servers' answers, or run by the gate.
inline constexpr ErrorCode kNoServersPlan{
    3229, "no_servers_plan", 1235, "42000",
    "EXPLAIN FORMAT=KINTSUGI shows what each shard is sent, ANALYZE FORMAT=KINTSUGI runs it and says what "
    "each of them did"};
/// The keyspace has no such shard, or none that serves.
inline constexpr ErrorCode kUnknownShard{3217, "unknown_shard", 1049, "42000"};

/// SELECT … INTO OUTFILE within another statement: EXPLAIN, a subquery.
inline constexpr ErrorCode kFileWithin{3230, "file_within", 1235, "42000",
                                       "Leave INTO out, or run the query by itself"};

/// A row would be deleted and inserted while servers run triggers of its table, and switch them off for
/// nobody.
inline constexpr ErrorCode kMovesUnderTriggers{
    3234, "moves_under_triggers", 1235, "42000",
    "DELETE and INSERT the row, or let the gate run the triggers: drop them, and create them with "
    "/*kintsugi: in_gate=1 */"};

}  // namespace kintsugi::plan
