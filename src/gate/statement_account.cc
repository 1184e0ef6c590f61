#include "gate/statement_account.h"

#include "base/log.h"
#include "gate/query_line.h"
#include "gate/query_log.h"
#include "gate/session.h"
#include "gate/statement_kinds.h"
#include "sql/shape.h"

namespace kintsugi::gate {
namespace {

const Logger kLog{"gate"};

constexpr std::size_t kStatementLogged = 256;

/// Which text it has is known by the plan, or is found out again.
sql::StatementKey key_of(Session& session, const EndedStatement& ended) {
  if (ended.shape != nullptr) return *ended.shape;
  sql::Fingerprint& fingerprint = session.worker().fingerprint();
  sql::fingerprint(ended.sent.text, session.lexer_mode(), fingerprint);
  return fingerprint.key;
}

void warn_of_slow(Session& session, const EndedStatement& ended, Duration took) {
  kLog.warning("statement.slow",
               {{"user", session.identity().user},
                {"connection", session.identity().connection_id},
                {"ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()},
                {"failed", ended.error != nullptr},
                {"tier", plan::tier_name(ended.tier)},
                {"workload", ended.plan != nullptr ? ended.plan->directives.workload : std::string()},
                {"sql", session.activity().statement.substr(0, kStatementLogged)}});
}

void log(Session& session, const EndedStatement& ended, Duration took, const QueryShapes::Entry* entry) {
  QueryLog* const queries = session.worker().shared().query_log.get();
  if (queries == nullptr || !queries->wants(took, ended.error != nullptr)) return;
  std::string text;
  if (entry == nullptr) text = sql::shape_text(ended.sent.text, session.lexer_mode());
  const std::uint64_t shape = entry != nullptr ? entry->id : sql::shape_id(text);
  const std::string_view shown = entry != nullptr ? entry->text : text;
  queries->write(query_line(session, ended, std::chrono::system_clock::now(), took, shape, shown));
}

}  // namespace

void account_for(Session& session, const EndedStatement& ended) {
  const Time now = Clock::now();
  QueryRun run;
  run.keyspace = session.state().target.keyspace;
  run.tier = ended.tier;
  run.user = session.identity().user;
  if (ended.plan != nullptr) run.workload = ended.plan->directives.workload;
  run.failed = ended.error != nullptr;
  run.took = now - ended.begun;
  run.waited = ended.use.waited;
  run.rows = ended.use.rows;
  run.bytes = ended.use.bytes;
  run.shards = ended.use.shards();
  run.ended = now;
  QueryShapes::Entry* entry = session.worker().queries().add(key_of(session, ended), run, [&session, &ended] {
    return sql::shape_text(ended.sent.text, session.lexer_mode());
  });
  if (entry != nullptr && entry->reason.empty() && is_costly(ended.tier) && ended.plan != nullptr)
    entry->reason = plan::why_several(*ended.plan);
  const std::string_view kind =
      ended.plan != nullptr ? sql::kind_name(ended.plan->statement) : std::string_view("invalid");
  session.worker().counters().count(kind, session.state().target.keyspace, ended.tier, run.took);
  log(session, ended, run.took, entry);
  const Duration slow = session.worker().options().slow_query;
  if (slow > Duration::zero() && run.took >= slow) warn_of_slow(session, ended, run.took);
}

void note_gathered(Session& session, const exec::ExecContext::Usage& gathered) {
  if (gathered.rows == 0) return;
  GateMetrics& metrics = session.worker().metrics();
  const std::string& keyspace = session.state().target.keyspace;
  metrics.gathered_rows.with({keyspace}).add(gathered.rows);
  metrics.gathered_bytes.with({keyspace}).add(gathered.bytes);
}

}  // namespace kintsugi::gate
