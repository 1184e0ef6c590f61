#include <algorithm>
#include <optional>
#include <utility>

#include "exec/errors.h"
#include "exec/op/merge.h"
#include "exec/op/ok_sink.h"
#include "exec/op/operators.h"
#include "exec/op/read.h"
#include "exec/op/row_counter.h"
#include "runtime/task_group.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

namespace {

constexpr std::string_view kMore = "a global key's look-up table, or a foreign key's index";

struct Outcome {
  OkSink sink;
  Result<void> result;
};

Task<void> run_one(ExecContext& context, const ShardRequest& request, Outcome& outcome) {
  outcome.result = co_await context.shards.run(request, outcome.sink, context.cancel);
}

std::string names(const std::vector<const vschema::Shard*>& shards) {
  std::string text;
  for (const vschema::Shard* shard : shards) text += (text.empty() ? "" : ", ") + shard->text();
  return text;
}

/// Statements about tables that belong to the one that changes.
Task<Result<void>> run_more(ExecContext& context, const std::vector<plan::Text>& texts,
                            const plan::ShardList& shards) {
  for (const plan::Text& each : texts) {
    const std::string text = bind_text(each, context.bindings, context.session);
    for (const vschema::Shard* shard : shards) {
      ShardRequest request;
      request.shard = shard;
      request.keyspace = shard->keyspace;
      request.own_text = false;
      request.text = text;
      request.write = true;
      request.unseen = true;
      OkSink sink;
      Result<void> done = co_await context.shards.run(request, sink, context.cancel);
      if (!done) co_return done;
    }
  }
  co_return Result<void>();
}

/// What takes an edit back; nothing: it cannot be.
std::optional<plan::VSchemaEdit> reverse_of(const plan::VSchemaEdit& edit) {
  using Kind = plan::VSchemaEdit::Kind;
  plan::VSchemaEdit back = edit;
  switch (edit.kind) {
    case Kind::kAddForeignKey:
      back.kind = Kind::kDropForeignKey;
      back.new_name = edit.foreign_keys.front().name;
      return back;
    case Kind::kAddGlobalKey:
      back.kind = Kind::kDropGlobalKey;
      back.new_name = edit.global_keys.front().name;
      return back;
    case Kind::kAddTrigger:
      back.kind = Kind::kDropTrigger;
      back.new_name = edit.trigger.name;
      return back;
    case Kind::kSetIds:
      if (edit.auto_increment_column.empty()) return std::nullopt;
      back.auto_increment_column.clear();
      return back;
    default:
      return std::nullopt;
  }
}

std::vector<plan::VSchemaEdit> reverse_of_all(const std::vector<plan::VSchemaEdit>& edits) {
  std::vector<plan::VSchemaEdit> all;
  for (const plan::VSchemaEdit& edit : edits) {
    if (std::optional<plan::VSchemaEdit> back = reverse_of(edit)) all.push_back(std::move(*back));
  }
  return all;
}

/// What was added is not kept after all: nothing of it is left, whatever ended the statement.
Task<Result<void>> undo(ExecContext& context, const plan::Ddl& ddl, const plan::ShardList& shards) {
  const std::vector<plan::VSchemaEdit> edits = reverse_of_all(ddl.edits);
  runtime::Cancel* const cancel = std::exchange(context.cancel, nullptr);
  Result<void> undone = co_await context.vschema.apply(edits, context.cancel);
  if (undone) undone = co_await run_more(context, ddl.undo, shards);
  context.cancel = cancel;
  co_return undone;
}

/// That servers may do what they are about to be asked.
Task<Result<void>> check_schema(ExecContext& context, const plan::Ddl& ddl, const vschema::Shard* shard) {
  for (const plan::Ddl::Check& guard : ddl.guards) {
    if (!guard.always && !context.bindings.foreign_key_checks) continue;
    ShardRequest request;
    request.shard = shard;
    request.keyspace = ddl.destination.keyspace;
    request.own_text = false;
    request.part = ShardRequest::Part::kCopyOut;
    request.text = guard.query;
    RowCounter sink;
    Result<void> asked = co_await context.shards.run(request, sink, context.cancel);
    if (!asked) co_return asked;
    if (sink.count > 0) co_return failure(guard.broken);
  }
  co_return Result<void>();
}

/// That rows which are there keep to the new foreign keys. These are in force already, so that no row can
/// come behind the check's back.
Task<Result<void>> check_rows(ExecContext& context, const plan::Ddl& ddl, const plan::ShardList& shards) {
  if (!context.bindings.foreign_key_checks) co_return Result<void>();
  for (const plan::Ddl::Check& check : ddl.checks) {
    RowCounter sink;
    Result<void> asked = co_await context.statements->run(check.query, ShardRequest::Part::kStatement, sink);
    if (asked && sink.count == 0) continue;
    Result<void> undone = co_await undo(context, ddl, shards);
    if (!undone) co_return undone;
    co_return asked ? failure(check.broken) : std::move(asked);
  }
  co_return Result<void>();
}

/// New global keys are in force, for new rows; then for all.
Task<Result<void>> fill_keys(ExecContext& context, const plan::Ddl& ddl, const plan::ShardList& shards) {
  if (ddl.key_fills.empty()) co_return Result<void>();
  Result<void> done = co_await fill_global_keys(context, ddl, shards);
  if (done) done = co_await context.vschema.apply(ddl.filled, context.cancel);
  if (done) co_return done;
  Result<void> undone = co_await undo(context, ddl, shards);
  if (undone) co_return done;
  co_return failure(
      done.error().with_context("the key is left as it is (" + std::string(undone.error().message()) + ")"));
}

// Every shard is asked, whatever becomes of the others: a change that half of them have is worst if nobody
// knows which half.
Task<Result<mysql::OkPacket>> change_schemas(ExecContext& context, const plan::Ddl& ddl,
                                             const plan::ShardList& shards) {
  std::string text;
  if (!ddl.own_text) text = bind_text(ddl.text, context.bindings, context.session);
  ShardRequest request;
  request.keyspace = ddl.destination.keyspace;
  request.own_text = ddl.own_text;
  request.text = text;
  request.write = true;
  std::vector<ShardRequest> requests = to_each(shards, request);
  std::vector<Outcome> outcomes(shards.size());
  for (ShardRequest& repeated : std::span(requests).subspan(1)) repeated.part = ShardRequest::Part::kRepeat;

  co_await run_one(context, requests.front(), outcomes.front());
  if (!outcomes.front().result) co_return failure(outcomes.front().result.error());
  {
    runtime::TaskGroup others;
    for (std::size_t i = 1; i < requests.size(); ++i)
      others.spawn(run_one(context, requests[i], outcomes[i]));
    co_await others.join();
  }
  std::vector<const vschema::Shard*> succeeded, failed;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    (outcomes[i].result ? succeeded : failed).push_back(shards[i]);
  for (const Outcome& outcome : outcomes) {
    if (outcome.result) continue;
    co_return failure(kHalfDone, "done on " + names(succeeded) + ", but not on " + names(failed) + ": " +
                                     outcome.result.error().text());
  }
  Result<void> made = co_await run_more(context, ddl.after, shards);
  if (!made) co_return failure(made.error().with_context(kMore));
  const std::uint16_t warnings = outcomes.front().sink.ok.warnings;
  if (!ddl.each_own) outcomes.resize(1);
  std::vector<mysql::OkPacket> oks;
  for (Outcome& outcome : outcomes) oks.push_back(std::move(outcome.sink.ok));
  mysql::OkPacket ok = merge_ok(oks);
  ok.warnings = warnings;  // the others are of the same definition
  co_return ok;
}

/// Servers did not do it: what the vschema says already is taken back, unless some of them did.
Task<Result<void>> refuse(ExecContext& context, const plan::Ddl& ddl, Error why) {
  const std::vector<plan::VSchemaEdit> edits = reverse_of_all(ddl.edits_first);
  if (why.is(kHalfDone) || edits.empty()) co_return failure(std::move(why));
  Result<void> undone = co_await context.vschema.apply(edits, nullptr);
  if (undone) co_return failure(std::move(why));
  co_return failure(why.with_context("the vschema is left as it is (" + undone.error().text() + ")"));
}

/// Those of other keyspaces that have the same rows.
Task<Result<void>> change_copies(ExecContext& context, const plan::Ddl& ddl) {
  for (const plan::Copy& copy : ddl.copies) {
    plan::Destination elsewhere;
    elsewhere.keyspace = copy.keyspace;
    elsewhere.reach = plan::Destination::Reach::kAllShards;
    Result<plan::ShardList> shards = resolve(context.plan, elsewhere, context.bindings);
    if (!shards) co_return failure(std::move(shards.error()));
    const std::vector<plan::Text> texts = {copy.text};
    Result<void> done = co_await run_more(context, texts, *shards);
    if (!done) co_return failure(done.error().with_context("the copy in keyspace '" + copy.keyspace + "'"));
  }
  co_return Result<void>();
}

/// Under what a trigger is created, as a server of the keyspace has it for the session.
Task<Result<void>> note_circumstances(ExecContext& context, const vschema::Shard* shard,
                                      vschema::TriggerSpec& trigger) {
  const std::string text =
      "select @@sql_mode, @@character_set_client, @@collation_connection, @@collation_database, now(2), " +
      context.session.sql(plan::SessionValue::kCurrentUser, {});
  ReadRows rows(context);
  Result<void> asked = co_await read_from(context, shard, text, rows);
  if (!asked) co_return asked;
  Result<std::span<const plan::Value>> values = rows.values(0);
  if (!values) co_return failure(std::move(values.error()));
  std::string* const texts[] = {&trigger.sql_mode, &trigger.character_set_client,
                                &trigger.collation_connection, &trigger.database_collation, &trigger.created};
  for (std::size_t i = 0; i < std::size(texts); ++i) *texts[i] = (*values)[i].text;
  if (trigger.definer.empty()) trigger.definer = (*values)[std::size(texts)].text;
  co_return Result<void>();
}

Task<Result<void>> change_vschema(ExecContext& context, const plan::Ddl& ddl, const plan::ShardList& shards) {
  if (ddl.edits.empty()) co_return Result<void>();
  std::vector<plan::VSchemaEdit> edits = ddl.edits;
  for (plan::VSchemaEdit& edit : edits) {
    if (edit.kind != plan::VSchemaEdit::Kind::kAddTrigger) continue;
    Result<void> known = co_await note_circumstances(context, shards.front(), edit.trigger);
    if (!known) co_return known;
  }
  Result<void> applied = co_await context.vschema.apply(edits, context.cancel);
  if (applied) co_return applied;
  if (std::ranges::any_of(edits, [](const auto& edit) { return reverse_of(edit).has_value(); })) {
    const Result<void> undone = co_await undo(context, ddl, shards);
    if (undone) co_return applied;
  }
  co_return failure(applied.error().with_context("done on all shards, but the vschema could not be changed"));
}

}  // namespace

Task<Result<void>> run_ddl(ExecContext& context, const plan::Node& node, RowSink& sink) {
  const auto& ddl = static_cast<const plan::Ddl&>(node);
  Result<plan::ShardList> shards = resolve(context.plan, ddl.destination, context.bindings);
  if (!shards) co_return failure(shards.error());
  if (ddl.referred && context.bindings.foreign_key_checks) co_return failure(*ddl.referred);
  Result<void> done = co_await check_schema(context, ddl, shards->front());
  if (done) done = co_await context.vschema.apply(ddl.edits_first, context.cancel);
  if (!done) co_return done;
  done = co_await run_more(context, ddl.before, *shards);
  if (!done) co_return failure(done.error().with_context(kMore));
  mysql::OkPacket ok;
  if (ddl.own_text || !ddl.text.empty()) {
    Result<mysql::OkPacket> changed = co_await change_schemas(context, ddl, *shards);
    if (!changed) co_return co_await refuse(context, ddl, std::move(changed.error()));
    ok = std::move(*changed);
  }
  done = co_await change_copies(context, ddl);
  if (done) done = co_await change_vschema(context, ddl, *shards);
  if (done) done = co_await check_rows(context, ddl, *shards);
  if (done && ddl.fill) done = co_await fill_reference(context, ddl, *shards);
  if (done) done = co_await fill_keys(context, ddl, *shards);
  if (done) done = co_await run_more(context, ddl.last, *shards);
  if (!done) co_return done;
  co_return co_await sink.done(std::move(ok));
}

}  // namespace kintsugi::exec
