#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/soon.h"
#include "base/spares.h"
#include "base/task.h"
#include "base/time.h"
#include "gate/bindings.h"
#include "gate/limits.h"
#include "gate/planning.h"
#include "gate/routing_use.h"
#include "gate/shard_connections.h"
#include "gate/shared_reads.h"
#include "gate/statement_use.h"
#include "gate/turns.h"
#include "plan/explain.h"
#include "plan/plan.h"
#include "runtime/cancel.h"
#include "wire/relay.h"

namespace kintsugi::gate {

class Session;

/// One statement that runs: what is known of it, and what it leaves behind. Lives in the frame of
/// run_statement(), on the session's loop.
///
/// A statement whose plan is known and that goes to one shard waits once, for the server. So what may have to
/// wait before that, and hardly ever does, is decided by plain functions: they return the task of the next
/// step, and only where something is waited for first is there a coroutine of its own. In two files:
/// statement_runner.cc (planning, turns, time, what is told of it afterwards) and statement_answer.cc (from
/// shards to the client).
class StatementRun final : private wire::AnswerEditor {
 public:
  StatementRun(Session& session, const ClientStatement& statement);
  ~StatementRun() override { values_->clear(); }

  Soon<Result<PlannedStatement>> plan();
  /// LOAD DATA reads more from the client, over the command that the text is a part of: it is kept, and
  /// planned again.
  bool must_keep_text(const Result<PlannedStatement>& planned) const;
  void keep_text();
  /// Runs what was planned.
  Task<Result<void>> run(PlannedStatement planned);
  void not_planned();
  /// Tells the client what it has not been told, and counts. False: the client is gone.
  bool end(const Result<void>& done);

 private:
  // statement_runner.cc
  Task<Result<void>> within_limit();
  Task<void> expire(Time when, runtime::Cancel* cancel);
  Task<Result<void>> execute();
  Task<Result<void>> by_session();
  Task<Result<void>> in_turn();
  Task<Result<void>> plan_by_current_routing();
  bool is_current() const;
  bool shares() const;
  void fail(const Error& error);
  void keep_earlier_diagnostics();
  bool tells_loss(const Error& error) const;
  void warn_of_directives();
  void account(const Error* error);

  // statement_answer.cc
  Task<Result<void>> on_shards();
  Task<Result<void>> as_own_unit();
  Task<Result<void>> after_look_ups();
  Task<Result<void>> to_shards();
  Task<Result<void>> after_commit(const vschema::Shard* shard);
  Task<Result<void>> send(const vschema::Shard* shard);
  Task<Result<void>> send_plainly(const vschema::Shard* shard, AfterStatement after);
  Task<Result<void>> send_with_routines(const vschema::Shard* shard, AfterStatement after);
  Task<Result<void>> send_and_settle(const vschema::Shard* shard, AfterStatement after);
  Task<Result<void>> look_up();
  Task<Result<void>> relay(const vschema::Shard& shard);
  Task<Result<void>> share(const vschema::Shard& shard);
  Task<Result<void>> have_shared(const SharedReads::Answer& answer);
  Task<Result<void>> with_operators(SharedReads::Place* shared = nullptr);
  Task<Result<void>> into_cursor();
  Task<Result<void>> into_sink(exec::RowSink& rows);
  Task<Result<void>> run_operators(exec::RowSink& sink, mysql::OkPacket& final_ok);
  void edit_ok(mysql::OkPacket& ok) override;
  void edit_error(Error& error) override;
  void sent(std::uint64_t rows, std::uint64_t bytes);
  void note(const mysql::OkPacket& ok, bool has_rows, std::uint64_t rows);

  Session& session_;
  ClientStatement statement_;
  std::string kept_text_;  // where the statement's is not the command's
  Spares<BoundValues>::Borrowed values_;
  StatementUse* const outer_use_;
  std::shared_ptr<const plan::Plan> plan_;
  plan::Bindings bindings_;
  std::vector<plan::LookupAnswer> lookups_;
  sql::StatementKey shape_;
  plan::Tier tier_ = plan::Tier::kNone;
  StatementUse use_;
  Turns turns_;
  RoutingUse::Hold routing_held_;
  const Time begun_;
  bool told_ = false;  // an error has gone to the client already
  bool client_lost_ = false;
  bool rows_begun_ = false;
  bool id_brought_ = false;       // the OK's id is one that the statement brought: LAST_INSERT_ID() stays
  std::vector<Warning> earlier_;  // of statements before, where this one may leave them
  TimeLimit limit_;
  bool timed_out_ = false;
  bool shares_ = false;    // a read that others may be sent for
  bool own_unit_ = false;  // the statement is a transaction by itself, which servers are told
};

}  // namespace kintsugi::gate
