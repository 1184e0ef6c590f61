#pragma once

#include "plan/pass/draft.h"

// Stored functions that span shards: what they read is not the same on every shard, or they make one value of
// rows that several shards have. A statement that calls one runs over copies, and so does the function: its
// tables are there as temporary tables of the same names, which hide the shard's own ones from it.
namespace kintsugi::plan::pass {

/// Whether the call is of such a function, and its keyspace has several shards.
bool spans_shards(const PlanContext& context, const sql::FunctionCall& call);
/// The first such call in the node; null: there is none.
const sql::FunctionCall* find_spanning_call(const PlanContext& context, const sql::Node& node);
/// kUnsupportedYet where there is one; `where` is what it stands in: "RETURNING".
Result<void> refuse_spanning_call(const PlanContext& context, const sql::Node& node, std::string_view where);
/// Whether every shard has all of the table's rows.
bool is_whole_everywhere(const vschema::Keyspace& keyspace, const std::string& table);
/// What makes a function of the keyspace span shards, however many there are: "reads table 'corder'". Empty:
/// nothing does.
std::string why_spanning(const vschema::Keyspace& keyspace, std::string_view function);

/// Notes which of them the node calls, with the tables that they read. kCrossKeyspace: those of several
/// keyspaces.
Result<void> take_functions(Draft& draft, const sql::Node& node);
/// kUnsupportedYet where the statement calls one in what the servers do with the rows that are written, or
/// writes a table that one of them reads: the function would have to see the rows that are written so far.
Result<void> check_function_writes(const Draft& draft);
/// The statement runs over copies because of them.
Result<void> gather_for_functions(Draft& draft);

/// CREATE FUNCTION in a sharded keyspace. kUnsupportedYet, saying what it does that it may not. May ask for
/// tables to be known first (Draft::missing).
Result<void> plan_create_function(Draft& draft, const sql::CreateRoutine& create, Ddl& node);
void plan_drop_function(const Draft& draft, const sql::DropObject& drop, Ddl& node);

}  // namespace kintsugi::plan::pass
