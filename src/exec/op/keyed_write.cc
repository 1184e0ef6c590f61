#include <algorithm>
#include <charconv>
#include <deque>
#include <set>

#include "exec/op/alike_rows.h"
#include "exec/op/concatenation.h"
#include "exec/op/copies.h"
#include "exec/op/foreign_keys.h"
#include "exec/op/insert.h"
#include "exec/op/joining_sink.h"
#include "exec/op/merge.h"
#include "exec/op/ok_sink.h"
#include "exec/op/operators.h"
#include "exec/op/read.h"
#include "exec/op/row_triggers.h"
#include "exec/op/text.h"
#include "plan/errors.h"
#include "plan/mapping.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

namespace {

using Target = plan::KeyedWrite::Target;

constexpr std::size_t kStatementBytes = 64 * 1024;
constexpr std::size_t kStatementRows = 1000;
constexpr std::size_t kBatchesMax = 256;

/// "Rows matched: 1  Changed: 0  Warnings: 1"
bool changed_nothing(const mysql::OkPacket& ok) { return ok.info.find("Changed: 0 ") != std::string::npos; }

RowPlace place_of(const Target& target, const std::vector<plan::Operand>& key,
                  const vschema::Keyspace& keyspace, const plan::Bindings& bindings) {
  return exec::place_of(*target.vindex, target.columns, key, keyspace, target.destination.type, bindings);
}

/// Writes the rows of one target.
class TargetWriter {
 public:
  TargetWriter(ExecContext& context, const plan::KeyedWrite& write, const Target& target, RowSink& returned,
               std::vector<mysql::OkPacket>& answers)
      : context_(context),
        write_(write),
        target_(target),
        returned_(returned),
        answers_(answers),
        lookups_(context, target.lookups, {.ignore = write.ignore}),
        keys_(context) {}

  Task<Result<void>> run(ReadRows& rows) {
    keyspace_ = context_.plan.routing->find_keyspace(target_.destination.keyspace);
    if (keyspace_ == nullptr)
      co_return failure(plan::kUnknownKeyspace, "there is no keyspace " + target_.destination.keyspace);
    if (target_.vindex == nullptr) {
      Result<plan::ShardList> shards = resolve_all(context_, target_.destination, target_.copies);
      if (!shards) co_return failure(std::move(shards.error()));
      everywhere_ = std::move(*shards);
    }
    Result<std::vector<std::uint64_t>> times = co_await count_alike(context_, target_, rows);
    if (!times) co_return failure(std::move(times.error()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Result<std::span<const plan::Value>> values = rows.values(i);
      if (!values) co_return failure(std::move(values.error()));
      context_.bindings.read = *values;
      for (std::uint64_t n = 0; n < (*times)[i]; ++n) {
        Result<void> added = co_await add();
        if (!added) co_return added;
      }
    }
    Result<void> flushed = co_await flush();
    if (flushed) flushed = co_await settle();
    if (!flushed || !seen_.empty()) co_return flushed;
    if (write_.returns_rows) co_return co_await answer_nothing();
    const bool tells = write_.update && rows.size() == 0 && target_.before_triggers == nullptr;
    co_return tells ? co_await update_nothing(rows.column_count() + write_.calls.texts.size()) : flushed;
  }

 private:
  struct Batch {
    const vschema::Shard* shard;
    std::string values;              ///< of the rows that it takes
    std::vector<std::string> heads;  ///< for each shard that is sent it
    std::string text;                ///< of the rows
    std::size_t rows = 0;
  };

  /// The row that the bindings are about.
  Task<Result<void>> add() {
    const bool missing = target_.presence.in(context_.bindings).is_null();
    if (missing || (!target_.one_by_one && !is_new())) co_return Result<void>();
    if (target_.before_triggers != nullptr) {
      Result<void> fired = co_await fire_before(context_, *target_.before_triggers, target_.before_old,
                                                target_.before_new, set_);
      if (!fired) co_return fired;
    }
    Result<bool> kept = co_await keep_foreign_keys();
    if (!kept) co_return failure(std::move(kept.error()));
    if (!*kept) co_return Result<void>();
    const bool alone =
        target_.triggers != nullptr || target_.before_triggers != nullptr || (!keys_.empty() && is_alone());
    Result<void> written = co_await write_row();
    if (written && alone) written = co_await flush();
    if (written && alone) written = co_await settle();
    if (written && target_.triggers != nullptr) written = co_await fire();
    co_return written;
  }

  Task<Result<void>> fire() {
    if (answers_.empty() || (!write_.update && !write_.returns_rows && answers_.back().affected_rows == 0))
      co_return Result<void>();  // DELETE IGNORE has left it
    const std::vector<plan::Operand>& key = target_.new_key.empty() ? target_.key : target_.new_key;
    const vschema::Shard* shard = target_.vindex == nullptr
                                      ? everywhere_.front()
                                      : place_of(target_, key, *keyspace_, context_.bindings).shard;
    co_return co_await fire_triggers(context_, *target_.triggers, target_.old_row, bound(target_.new_row),
                                     shard);
  }

  Task<Result<void>> write_row() {
    if (target_.vindex == nullptr) co_return co_await add_to(everywhere_.front());
    const RowPlace place = place_of(target_, target_.key, *keyspace_, context_.bindings);
    const vschema::Shard* shard = place.shard;
    if (shard == nullptr)
      co_return failure(plan::kUnroutableValue, "a row of " + target_.table + " has a sharding key '" +
                                                    target_.columns.front().name + "' that no vindex places");
    RowPlace moved = place;
    if (!target_.new_key.empty()) moved = place_of(target_, target_.new_key, *keyspace_, context_.bindings);
    const vschema::Shard* to = moved.shard;
    if (to != nullptr && write_.update && write_.ignore && !lookups_.empty())
      co_return co_await write_or_leave(place, moved);
    if (to != nullptr) {
      Result<void> entered = co_await change_entries(place.id, moved.id);
      if (!entered) co_return entered;
    }
    if (to == shard) co_return co_await add_to(shard);
    Result<void> flushed = co_await flush();
    if (!flushed) co_return flushed;
    if (to == nullptr) co_return co_await refuse_move(shard);
    co_return co_await move(shard, to);
  }

  // UPDATE IGNORE of what look-ups are about: a row that has no place in one stays as it is.

  /// Unique entries before the row, which may be left as it is for their sake; the others if it was written.
  Task<Result<void>> write_or_leave(RowPlace from, RowPlace to) {
    Result<void> done = co_await flush();
    for (std::size_t i = 0; i < target_.lookups.size() && done; ++i) {
      if (!target_.lookups[i]->unique) continue;
      done = co_await change_entry(i, from.id, to.id);
      if (done || !is_duplicate(done.error())) continue;
      // Its old entry is gone, and the new one has not come to be.
      done = co_await lookups_.add(i, target_.lookups[i]->values, from.id);
      if (done) done = co_await lookups_.flush();
      if (done) done = co_await take_back(i, from.id, to.id);
      if (done) answers_.push_back(left());
      co_return done;
    }
    if (!done) co_return done;
    const std::size_t before = answers_.size();
    done = from.shard == to.shard ? co_await add_to(from.shard) : co_await move(from.shard, to.shard);
    if (done) done = co_await flush();
    if (!done) co_return done;
    if (answers_.size() > before && changed_nothing(answers_.back()))
      co_return co_await take_back(target_.lookups.size(), from.id, to.id);
    for (std::size_t i = 0; i < target_.lookups.size() && done; ++i) {
      if (!target_.lookups[i]->unique) done = co_await change_entry(i, from.id, to.id);
    }
    co_return done;
  }

  static bool is_duplicate(const Error& error) { return error.mysql_errno() == 1062; }

  bool has_entry_to_change(std::size_t index, const topo::KeyspaceId& from,
                           const topo::KeyspaceId& to) const {
    const plan::OwnedLookup& lookup = *target_.lookups[index];
    return lookup.filling || from != to || !same_values(lookup);
  }

  Task<Result<void>> change_entry(std::size_t index, topo::KeyspaceId from, topo::KeyspaceId to) {
    if (!has_entry_to_change(index, from, to)) co_return Result<void>();
    const plan::OwnedLookup& lookup = *target_.lookups[index];
    Result<void> done = lookups_.remove(index, lookup.values, from, target_.key);
    if (done) done = co_await lookups_.add(index, lookup.fresh, to);
    if (done) done = co_await lookups_.flush();
    co_return done;
  }

  /// Entries of the unique ones among the first `count` look-ups are again as they were.
  Task<Result<void>> take_back(std::size_t count, topo::KeyspaceId from, topo::KeyspaceId to) {
    Result<void> done;
    for (std::size_t i = 0; i < count && done; ++i) {
      const plan::OwnedLookup& lookup = *target_.lookups[i];
      if (!lookup.unique || !has_entry_to_change(i, from, to)) continue;
      done = lookups_.remove(i, lookup.fresh, to, target_.key);
      if (done) done = co_await lookups_.add(i, lookup.values, from);
      if (done) done = co_await lookups_.flush();
    }
    co_return done;
  }

  /// After rows were written: their entries, by which what foreign keys do finds them.
  Task<Result<void>> settle() {
    Result<void> done = co_await lookups_.flush();
    if (done) done = co_await keys_.after();
    co_return done;
  }

  /// Where rows may refer to one another, and under IGNORE, each is looked at by itself; else those of a
  /// batch together.
  bool is_alone() const {
    const auto itself = [](const auto& of) { return of.key->of_itself; };
    return write_.ignore || std::ranges::any_of(target_.parents, itself) ||
           std::ranges::any_of(target_.children, itself);
  }

  /// False: IGNORE leaves the row as it is; of an UPDATE, servers do not tell.
  Task<Result<bool>> keep_foreign_keys() {
    for (const plan::ParentCheck& check : target_.parents) keys_.need(check);
    for (const plan::ChildChange& change : target_.children) keys_.change(change);
    if (keys_.empty() || !is_alone()) co_return true;
    Result<void> done = co_await keys_.before();
    if (done) co_return true;
    if (!write_.ignore || !ForeignKeys::is_violation(done.error()))
      co_return failure(std::move(done.error()));
    keys_.clear();
    mysql::OkPacket ok = write_.update ? left() : mysql::OkPacket();
    if (!write_.update) {
      context_.statements->warn(done.error().mysql_errno(), std::string(done.error().message()));
      ok.warnings = 1;
    }
    answers_.push_back(std::move(ok));
    co_return false;
  }

  /// Of a row that UPDATE IGNORE leaves as it is, servers tell no more.
  static mysql::OkPacket left() {
    mysql::OkPacket ok;
    ok.info = "Rows matched: 1  Changed: 0  Warnings: 0";
    return ok;
  }

  /// What changes of the row's entries; they are written after the rows.
  Task<Result<void>> change_entries(topo::KeyspaceId before, topo::KeyspaceId after) {
    for (std::size_t i = 0; i < target_.lookups.size(); ++i) {
      const plan::OwnedLookup& lookup = *target_.lookups[i];
      if (write_.update && !lookup.filling && before == after && same_values(lookup)) continue;
      Result<void> done = lookups_.remove(i, lookup.values, before, target_.key);
      if (done && write_.update) done = co_await lookups_.add(i, lookup.fresh, after);
      if (!done) co_return done;
    }
    co_return Result<void>();
  }

  bool same_values(const plan::OwnedLookup& lookup) const {
    for (std::size_t i = 0; i < lookup.values.size(); ++i) {
      std::string before, after;
      append_sql(before, lookup.values[i], context_.bindings);
      append_sql(after, lookup.fresh[i], context_.bindings);
      if (before != after) return false;
    }
    return true;
  }

  bool is_new() {
    std::string identity;
    for (const plan::Operand& operand : target_.identity) {
      const std::string_view text = operand.in(context_.bindings).text;
      identity += std::to_string(text.size()).append(1, ':').append(text);
    }
    return seen_.insert(std::move(identity)).second;
  }

  std::string values_of_row() const {
    std::string values;
    for (const plan::Operand& operand : target_.values) {
      append_sql(values, operand, context_.bindings);
      values += ',';
    }
    return values;
  }

  Task<Result<void>> add_to(const vschema::Shard* shard) {
    std::string row, values = values_of_row();
    append_text(row, target_.row, context_.bindings, context_.session);
    const auto fits = [&](const Batch& batch) { return batch.shard == shard && batch.values == values; };
    auto found = write_.ordered ? batches_.begin() : std::ranges::find_if(batches_, fits);
    const bool other = found != batches_.end() && !fits(*found);
    const bool full = found != batches_.end() && (target_.one_by_one || found->rows >= kStatementRows ||
                                                  found->text.size() + row.size() > kStatementBytes);
    if (other || full || (found == batches_.end() && batches_.size() >= kBatchesMax)) {
      Result<void> flushed = co_await flush();
      if (!flushed) co_return flushed;
      found = batches_.end();
    }
    if (found == batches_.end()) {
      batches_.push_back({shard, std::move(values), heads_for(shard), {}});
      found = batches_.end() - 1;
    }
    if (found->rows++ > 0) found->text += target_.separator;
    found->text += row;
    co_return Result<void>();
  }

  plan::ShardList sent_to(const vschema::Shard* shard) const {
    return copies() ? everywhere_ : plan::ShardList{shard};
  }

  std::vector<std::string> heads_for(const vschema::Shard* shard) const {
    std::vector<std::string> heads;
    for (const vschema::Shard* each : sent_to(shard))
      heads.push_back(bound(text_for(*each, target_.destination.keyspace, target_.head, target_.copies)));
    return heads;
  }

  /// What has come so far is written: one statement a shard at a time.
  Task<Result<void>> flush() {
    Result<void> kept = co_await keys_.before();
    if (kept) kept = co_await send_batches();
    co_return kept;
  }

  Task<Result<void>> send_batches() {
    while (!batches_.empty()) {
      std::vector<Batch> round, later;
      std::set<const vschema::Shard*> busy;
      for (Batch& batch : batches_)
        (busy.insert(batch.shard).second ? round : later).push_back(std::move(batch));
      batches_ = std::move(later);
      Result<void> sent = co_await send(std::move(round));
      if (!sent) co_return sent;
    }
    co_return Result<void>();
  }

  bool copies() const { return everywhere_.size() > 1; }

  Task<Result<void>> send(std::vector<Batch> round) {
    std::vector<ShardRequest> requests;
    std::deque<std::string> texts;
    const std::string tail = bound(target_.tail);
    for (const Batch& batch : round) {
      const plan::ShardList shards = sent_to(batch.shard);
      for (std::size_t i = 0; i < shards.size(); ++i) {
        texts.push_back(batch.heads[i] + batch.text + tail);
        ShardRequest& request = requests.emplace_back(request_for(shards[i], texts.back()));
        if (copies()) request.timestamp_us = context_.now_us;
        request.unseen = i > 0;
      }
    }
    OkSink ignored;
    RowSink& sink = write_.returns_rows ? returned_ : ignored;
    Concatenation concatenation(context_, std::move(requests), sink,
                                copies() ? Concatenation::Answers::kFirst : Concatenation::Answers::kAll);
    Result<std::vector<mysql::OkPacket>> oks = co_await concatenation.run();
    if (!oks) co_return failure(std::move(oks.error()));
    if (copies()) oks->resize(1);
    for (mysql::OkPacket& ok : *oks) answers_.push_back(std::move(ok));
    co_return Result<void>();
  }

  ShardRequest request_for(const vschema::Shard* shard, std::string_view text) const {
    ShardRequest request;
    request.shard = shard;
    request.keyspace = shard->keyspace;
    request.type = target_.destination.type;
    request.own_text = false;
    request.text = text;
    request.write = true;
    return request;
  }

  Task<Result<mysql::OkPacket>> send_one(const vschema::Shard* shard, std::string text,
                                         ShardRequest::Part part) {
    ShardRequest request = request_for(shard, text);
    request.part = part;
    OkSink sink;
    Result<void> sent = co_await context_.shards.run(request, sink, context_.cancel);
    if (!sent) co_return failure(std::move(sent.error()));
    co_return std::move(sink.ok);
  }

  std::string bound(const plan::Text& text) const {
    return bind_text(text, context_.bindings, context_.session);
  }
  std::string update_of_row() const { return bound(target_.head) + bound(target_.row) + bound(target_.tail); }

  /// The row is put onto its new shard as it is, and becomes what it is to be there: so its server judges all
  /// that is wrong with it.
  Task<Result<void>> move(const vschema::Shard* from, const vschema::Shard* to) {
    constexpr auto kCopy = ShardRequest::Part::kCopyIn;
    if (target_.servers_triggers)
      co_return failure(plan::kMovesUnderTriggers, "an UPDATE moves a row of " + target_.table +
                                                       " from shard " + from->name + " to " + to->name +
                                                       ", and servers run triggers of the table");
    Result<mysql::OkPacket> put = co_await send_one(to, bound(target_.insert), kCopy);
    if (!put) co_return failure(std::move(put.error()));
    Result<mysql::OkPacket> updated = co_await send_one(to, update_of_row(), ShardRequest::Part::kStatement);
    if (!updated) co_return failure(std::move(updated.error()));
    // UPDATE IGNORE may have left it as it was.
    Result<mysql::OkPacket> removed =
        co_await send_one(changed_nothing(*updated) ? to : from, bound(target_.remove), kCopy);
    if (!removed) co_return failure(std::move(removed.error()));
    answers_.push_back(std::move(*updated));
    co_return Result<void>();
  }

  /// The new key has no place: what the row's server says of it, if it refuses it too.
  Task<Result<void>> refuse_move(const vschema::Shard* shard) {
    Result<mysql::OkPacket> updated =
        co_await send_one(shard, update_of_row(), ShardRequest::Part::kStatement);
    if (!updated) co_return failure(std::move(updated.error()));
    std::string value;
    append_sql(value, target_.new_key.front(), context_.bindings);
    co_return failure(plan::kUnroutableValue, "the sharding key '" + target_.columns.front().name + "' of " +
                                                  target_.table + " would become " + value +
                                                  ", which is not a plain value for it");
  }

  /// No row was found: a server says what RETURNING looks like.
  Task<Result<void>> answer_nothing() {
    const std::span<const vschema::Shard> all = keyspace_->shards(target_.destination.type);
    if (all.empty()) co_return failure(plan::kUnknownShard, "no shard of " + target_.destination.keyspace);
    const std::string text = bound(target_.shape);
    const ShardRequest request = request_for(&all.front(), text);
    co_return co_await context_.shards.run(request, returned_, context_.cancel);
  }

  /// No row was found: what a server says of SET all the same.
  Task<Result<void>> update_nothing(std::size_t columns) {
    const std::vector<plan::Value> nulls(columns);
    context_.bindings.read = nulls;
    const std::span<const vschema::Shard> all = keyspace_->shards(target_.destination.type);
    if (all.empty()) co_return Result<void>();
    const auto tried = co_await send_one(&all.front(), update_of_row(), ShardRequest::Part::kStatement);
    co_return tried ? Result<void>() : failure(tried.error());
  }

  ExecContext& context_;
  const plan::KeyedWrite& write_;
  const Target& target_;
  RowSink& returned_;
  std::vector<mysql::OkPacket>& answers_;
  LookupWriter lookups_;
  ForeignKeys keys_;
  const vschema::Keyspace* keyspace_ = nullptr;
  plan::ShardList everywhere_;
  OwnValues set_;  ///< of the row at hand, by BEFORE triggers
  std::set<std::string> seen_;
  std::vector<Batch> batches_;
};

Task<Result<void>> read_and_write(ExecContext& context, const plan::KeyedWrite& write, ReadRows& rows,
                                  RowSink& returned, std::vector<mysql::OkPacket>& answers) {
  Result<void> done = co_await read_rows(context, *write.read, write.ignore, rows);
  if (done) done = co_await rows.call(context, write.calls);
  for (std::size_t i = 0; i < write.targets.size() && done; ++i) {
    TargetWriter writer(context, write, write.targets[i], returned, answers);
    done = co_await writer.run(rows);
  }
  co_return done;
}

mysql::OkPacket answer_of(const plan::KeyedWrite& write, const std::vector<mysql::OkPacket>& answers,
                          std::uint16_t warnings) {
  mysql::OkPacket ok;
  if (!answers.empty()) ok = merge_ok(answers);
  if (answers.empty() && write.update) ok.info = "Rows matched: 0  Changed: 0  Warnings: 0";
  // Of LAST_INSERT_ID(value), the last row's stays.
  for (const mysql::OkPacket& answer : answers)
    if (answer.last_insert_id != 0) ok.last_insert_id = answer.last_insert_id;
  ok.warnings = static_cast<std::uint16_t>(ok.warnings + warnings);
  return ok;
}

}  // namespace

Task<Result<void>> run_keyed_write(ExecContext& context, const plan::Node& node, RowSink& sink) {
  const auto& write = static_cast<const plan::KeyedWrite&>(node);
  Result<const plan::Route*> route = serving_route(context, write);
  if (!route) co_return failure(std::move(route.error()));
  if (*route != nullptr) {
    Result<void> routed = co_await run_route(context, **route, sink);
    co_return routed;
  }
  Result<void> begun = co_await context.shards.begin_unit({});
  if (!begun) co_return begun;
  ReadRows rows(context);
  JoiningSink returned(sink);
  std::vector<mysql::OkPacket> answers;
  Result<void> done = co_await read_and_write(context, write, rows, returned, answers);
  Result<void> ended = co_await end_unit(context, std::move(done));
  if (!ended) co_return ended;
  mysql::OkPacket ok = answer_of(write, answers, rows.warnings());
  co_return co_await sink.done(std::move(ok));
}

}  // namespace kintsugi::exec
