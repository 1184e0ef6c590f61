#pragma once

#include "plan/pass/draft.h"

// Stored functions that span shards: what they read is not the same on every shard, or they make one value of
// rows that several shards have. A statement that calls one runs over copies, and so does the function: its
// tables are there as temporary tables of the same names, which hide the shard's own ones from it.
namespace kintsugi::plan::pass {

/// Whether the call names a keyspace, on whose servers the function is.
bool names_keyspace(const PlanContext& context, const sql::FunctionCall& call);
/// Whether what has a row's shard cannot evaluate the call: the function spans several shards, or the
/// statement runs on a server of the keyspace that the call names (follow_called).
bool runs_over_copies(const Draft& draft, const sql::FunctionCall& call);
/// The first call in the node that is one of those; null: there is none.
template <class IsOne>
const sql::FunctionCall* find_call(const sql::Node& node, IsOne is_one) {
  const sql::FunctionCall* found = nullptr;
  sql::walk(node, [&](const sql::Node& child) {
    const auto* call = sql::as<sql::FunctionCall>(&child);
    if (found == nullptr && call != nullptr && is_one(*call)) found = call;
    return found == nullptr;
  });
  return found;
}

/// The first that runs over copies; null: there is none.
const sql::FunctionCall* find_call_over_copies(const Draft& draft, const sql::Node& node);
/// kUnsupportedYet where there is one; `where` is what it stands in: "RETURNING".
Result<void> refuse_call_over_copies(const Draft& draft, const sql::Node& node, std::string_view where);
/// The tables that the function, and all that it calls, reads or writes; its name in any case.
std::vector<std::string> tables_used(const vschema::Keyspace& keyspace, std::string_view function);
/// Those of them that it, or one of those that it calls, writes.
std::vector<std::string> tables_written(const vschema::Keyspace& keyspace, std::string_view function);
/// INSERT … VALUES of one row: nothing is written yet when its values are known.
bool writes_one_row(const sql::Statement& statement);
/// Whether every shard has all of the table's rows.
bool is_whole_everywhere(const vschema::Keyspace& keyspace, const std::string& table);
/// What makes a function of the keyspace span shards, however many there are: "reads table 'corder'". Empty:
/// nothing does.
std::string why_spanning(const vschema::Keyspace& keyspace, std::string_view function);

/// Of a statement that calls functions that gates run, once: what the session is to do. Of one that calls
/// them for rows, that it does (Draft::gates_call). Of others nothing. kUnsupportedYet: it uses a table of
/// the function's. kReadOnlyTarget.
Result<void> plan_gate_functions(Draft& draft);

/// An UPDATE or INSERT … SELECT without the calls of such functions that it makes for each row: a mark
/// (read_mark) stands for each, by its number.
struct WithoutRowCalls {
  const sql::Statement* statement = nullptr;  ///< the statement itself where there are none, or others too
  std::vector<RowCall> calls;
};
/// What it makes lives in `arena`.
WithoutRowCalls replace_row_calls(const sql::Statement& statement, const PlanContext& context,
                                  sql::Arena& arena);
/// How the arguments of a call are read with the row.
class ArgumentSource {
 public:
  virtual ~ArgumentSource() = default;
  /// The argument as it is of the row before it is written; marks may stand in it for earlier calls.
  virtual Result<sql::Expr*> settle(std::size_t call, sql::Expr& argument) = 0;
  /// Its mark.
  virtual sql::Expr* read(sql::Expr& argument) = 0;
};
/// The queries that make these calls.
Result<RowCalls> make_row_calls(Draft& draft, ArgumentSource& source, sql::Arena& arena);
/// The numbers of the calls whose marks are in the node.
std::vector<std::size_t> row_calls_in(Draft& draft, const sql::Node& node);

/// Notes which of them the node calls, with the tables that they read, and which one is called by the name of
/// its keyspace. kCrossKeyspace: those of several keyspaces.
Result<void> take_functions(Draft& draft, const sql::Node& node);
/// Once it is known where the statement would run: one that calls a function of another keyspace runs on a
/// server of that one, over copies of its tables if it has any. kCrossKeyspace: it would have to be on two.
/// kUnsupportedYet: as for check_function_writes.
Result<void> follow_called(Draft& draft);
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
