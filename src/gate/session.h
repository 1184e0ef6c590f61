#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/soon.h"
#include "base/task.h"
#include "gate/admission.h"
#include "gate/client_link.h"
#include "gate/hot_rows.h"
#include "gate/prepared.h"
#include "gate/responder.h"
#include "gate/session_state.h"
#include "gate/session_values.h"
#include "gate/shard_connections.h"
#include "gate/variables.h"
#include "gate/worker.h"
#include "runtime/cancel.h"
#include "sql/lexer.h"

namespace kintsugi::gate {

/// A statement of a routine: what becomes of it is for the routine to see, and not for the client.
struct InnerStatement {
  exec::RowSink* rows = nullptr;  ///< rows come here; null: they go to the client
  bool rows_in_utf8 = true;  ///< whatever the client's characters are; else as the session's settings say
  bool rows_allowed = true;  ///< the client takes them
  bool of_routine = false;   ///< a CALL's, which counts what functions write with it
  std::optional<Error> error;
  bool told = false;  ///< the error has gone to the client, in the middle of rows
  mysql::OkPacket ok;
};

/// One client connection: its life from greeting to end, and what its commands work on. What a command does
/// is in command/, what a statement does that the gate runs itself in statement/; this only holds the parts
/// together. Every call on its worker's loop. Client errors are sent to the client; run() ends when the
/// connection does.
class Session {
 public:
  Session(Worker& worker, runtime::Stream stream, std::uint32_t connection_id);
  ~Session();

  /// Handshake, commands, clean-up.
  Task<void> run();
  /// Of a session of the gate's own, with no client: `work` in the place of commands, clean-up.
  Task<void> run_own(std::function<Task<void>(Session&)> work);

  /// Ends the statement that runs, if any, with error 1317. Of KILL QUERY, and of clients that are gone.
  void cancel_statement();
  /// Ends the session, after its transaction if it is in one and `finish_transaction`.
  void end(bool finish_transaction);
  /// Ends the session at once, and tells the client's machine so before it returns.
  void kill();

  // The parts.
  Worker& worker() { return worker_; }
  ClientLink& link() { return link_; }
  Responder& respond() { return responder_; }
  const ClientIdentity& identity() const { return identity_; }
  SessionState& state() { return state_; }
  const SessionState& state() const { return state_; }
  const StateValues& values() const { return values_; }
  ShardConnections& shards() { return shards_; }
  RowTurns& row_turns() { return row_turns_; }
  PreparedStatements& prepared() { return prepared_; }
  Activity& activity() { return activity_; }
  const Activity& activity() const { return activity_; }
  runtime::Cancel* cancel() { return &*cancel_; }
  /// What was cancelled has ended: what comes next is not.
  void renew_cancel() {
    if (cancel_->requested()) cancel_.emplace();
  }

  /// Settings changed: what is derived of them is derived anew.
  void settings_changed();
  const sql::LexerMode& lexer_mode() const { return lexer_mode_; }
  const SqlMode& sql_mode() const { return sql_mode_; }
  bool client_is_utf8() const { return client_is_utf8_; }

  /// Chooses a target; kBadTarget, unknown keyspace or shard.
  Result<void> use(std::string_view target);
  /// The client's characters, as its handshake says them.
  void set_collation(std::uint16_t collation);
  /// Whose rights and limits its statements have.
  void be_user(std::string user, const UserEntry& entry);
  /// As after connecting: COM_RESET_CONNECTION, COM_CHANGE_USER.
  Task<void> reset();

  /// A statement failed: counted, and kept for the status page. Writes nothing to the client.
  void note_error(const Error& error);
  /// Ends the connection after the command at hand.
  void close_after_command() { closing_ = true; }
  /// More answers of the same command follow: a flag of each answer's status.
  void set_more_results(bool more) { more_results_ = more; }
  bool more_results() const { return more_results_; }

  /// The routine's statement that runs, if one does. Gives back what was there.
  InnerStatement* set_inner(InnerStatement* inner);
  InnerStatement* inner() { return inner_; }
  /// CALLs that run one in another.
  int& call_depth() { return call_depth_; }
  /// Stored functions that the gate runs, one in another: what they do is bounded (check_within_function()).
  int& function_depth() { return function_depth_; }
  /// The failure of the statement at hand is in the client's hands already, in the place of a row.
  void set_error_told() { error_told_ = true; }
  bool take_error_told() { return std::exchange(error_told_, false); }

 private:
  friend class Login;
  Result<void> take_place_of_user();
  Result<void> take_place_in(const vschema::Keyspace* keyspace);
  Task<bool> login();
  Task<void> serve_commands();
  Soon<Result<std::string_view>> next_command();
  void begin_command(std::string_view payload);
  Task<void> say_why(Error why);
  void set_defaults();
  std::uint16_t status() const;
  Time idle_deadline() const;

  Worker& worker_;
  ClientLink link_;
  ClientIdentity identity_;
  ConnectionPlace user_place_, keyspace_place_;
  SessionState state_;
  bool in_transaction_ = false;
  StateValues values_;
  Responder responder_;
  RowTurns row_turns_;  // goes after the connections, whose locks it stands for
  ShardConnections shards_;
  PreparedStatements prepared_;
  Activity activity_;
  std::string scramble_;
  std::shared_ptr<const Settings> base_settings_;
  std::optional<runtime::Cancel> cancel_;
  sql::LexerMode lexer_mode_;
  SqlMode sql_mode_;
  bool client_is_utf8_ = true;
  bool in_command_ = false;
  bool closing_ = false;
  bool more_results_ = false;
  InnerStatement* inner_ = nullptr;
  int call_depth_ = 0;
  int function_depth_ = 0;
  bool error_told_ = false;
};

}  // namespace kintsugi::gate
