#include <algorithm>
#include <deque>

#include "exec/op/foreign_keys.h"
#include "exec/op/insert.h"
#include "exec/op/ok_sink.h"
#include "exec/op/read.h"
#include "exec/op/row_triggers.h"
#include "exec/op/text.h"
#include "plan/mapping.h"
#include "vschema/snapshot.h"

// IGNORE, REPLACE and ON DUPLICATE KEY UPDATE of tables with look-up vindexes, row by row. A row that it
// meets on another shard, by a unique look-up, is met there: IGNORE and ON DUPLICATE KEY UPDATE send the new
// row to that shard, whose unique key then tells; REPLACE deletes the old row there.

namespace kintsugi::exec {

namespace {

using plan::Conflicts;
using plan::Insert;

/// Takes the answer of a write of one row: with RETURNING, the rows that come tell whether it was written.
class WriteSink final : public RowSink {
 public:
  explicit WriteSink(RowSink* returned) : returned_(returned) {}
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    if (returned_ != nullptr) co_return co_await returned_->columns(std::move(columns));
    co_return Result<void>();
  }
  Task<Result<void>> rows(RowBatch batch) override {
    ok.affected_rows = 1;
    if (returned_ != nullptr) co_return co_await returned_->rows(batch);
    co_return Result<void>();
  }
  Task<Result<void>> done(mysql::OkPacket answer) override {
    const std::uint64_t returned = ok.affected_rows;
    ok = std::move(answer);
    ok.affected_rows += returned;
    co_return Result<void>();
  }

  mysql::OkPacket ok;

 private:
  RowSink* returned_;
};

class AmongWriter {
 public:
  AmongWriter(ExecContext& context, const Insert& insert, const Insert::Row& row, const RowPlace& place,
              std::optional<std::uint64_t> id, RowSink* returned)
      : context_(context),
        insert_(insert),
        conflicts_(*insert.conflicts),
        row_(row),
        place_(place),
        id_(id),
        returned_(returned),
        lookups_(context, insert.lookups, conversion_of(insert)),
        keys_(context) {}

  Task<Result<mysql::OkPacket>> run() {
    text_ = bound(insert_.head) + bound(row_.text) + bound(insert_.tail);
    // Parents are locked first, though a row that is met may need none of them.
    Result<void> parents = co_await find_parents();
    if (!parents && !ForeignKeys::is_violation(parents.error()))
      co_return failure(std::move(parents.error()));
    const bool plain = !insert_.ignore && !insert_.replace && !conflicts_.updates;
    Result<void> done;
    if (!plain || !row_.parents.empty()) done = co_await find();
    if (!done) co_return failure(std::move(done.error()));
    const bool updates = !insert_.ignore && !insert_.replace;
    if (met_.empty() || insert_.replace) {
      if (parents) co_return co_await put();
      if (!insert_.ignore) co_return failure(std::move(parents.error()));
      co_return left_out(parents.error());
    }
    if (plain && !met_.front().told) co_return failure(duplicate(met_.front()));
    if (updates || !is_ignored()) co_return co_await update();
    const auto told = std::ranges::find_if(met_, &Met::told);
    if (told == met_.end()) co_return left_out(duplicate(met_.front()));
    co_return co_await send(told->shard, text_);
  }

 private:
  /// A row that the new one meets.
  struct Met {
    const vschema::Shard* shard = nullptr;
    topo::KeyspaceId id;
    std::string primary;     ///< a condition that finds it
    bool told = true;        ///< its server tells, by a unique key
    std::size_t lookup = 0;  ///< else this look-up leads there
  };

  /// INSERT IGNORE … ON DUPLICATE KEY UPDATE updates.
  bool is_ignored() const { return insert_.ignore && !conflicts_.updates; }

  std::string bound(const plan::Text& text) const {
    std::string out;
    append_text(out, text, context_.bindings, context_.session, id_);
    return out;
  }

  const vschema::Keyspace* keyspace() const {
    return context_.plan.routing->find_keyspace(insert_.destination.keyspace);
  }

  Task<Result<mysql::OkPacket>> send(const vschema::Shard* shard, std::string text, bool unseen = false) {
    ShardRequest request;
    request.shard = shard;
    request.keyspace = insert_.destination.keyspace;
    request.own_text = false;
    request.text = text;
    request.write = true;
    request.unseen = unseen;
    request.rows = {&place_.number, 1};
    WriteSink sink(unseen ? nullptr : returned_);
    Result<void> done = co_await context_.shards.run(request, sink, context_.cancel);
    if (!done) co_return failure(std::move(done.error()));
    co_return std::move(sink.ok);
  }

  // The rows that it meets.

  Task<Result<void>> find() {
    Result<void> done;
    if (!row_.conflict.empty()) done = co_await find_on({.shard = place_.shard}, bound(row_.conflict));
    for (std::size_t i = 0; i < row_.elsewhere.size() && done; ++i) {
      const bool told = conflicts_.told[i];
      // Values of a look-up that another table owns may be there more than once.
      if (row_.elsewhere[i].empty() || (!told && insert_.lookups[i]->verified_only)) continue;
      const std::string condition = bound(row_.elsewhere[i]);
      Result<std::vector<topo::KeyspaceId>> ids = co_await look_up(i);
      if (!ids) co_return failure(std::move(ids.error()));
      for (const topo::KeyspaceId& id : *ids) {
        const vschema::Shard* shard = keyspace()->shard_of(id);
        if (shard == nullptr || (told && shard == place_.shard) || !done) continue;
        done = co_await find_on({.shard = shard, .told = told, .lookup = i}, condition);
      }
    }
    co_return done;
  }

  Task<Result<std::vector<topo::KeyspaceId>>> look_up(std::size_t index) {
    Result<std::vector<topo::KeyspaceId>> ids =
        co_await lookups_.find(index, row_.lookups[index], insert_.id_in_lookup[index], id_);
    co_return ids;
  }

  /// `where` is what is known of rows that are found.
  Task<Result<void>> find_on(Met where, std::string condition) {
    const std::string text = conflicts_.select + condition + " for update";
    ReadRows rows(context_);
    Result<void> done = co_await read(where.shard, text, rows);
    for (std::size_t i = 0; i < rows.size() && done; ++i) done = take(rows, i, where);
    co_return done;
  }

  Task<Result<void>> read(const vschema::Shard* shard, std::string_view text, ReadRows& rows) {
    ShardRequest request;
    request.shard = shard;
    request.keyspace = insert_.destination.keyspace;
    request.own_text = false;
    request.part = ShardRequest::Part::kCopyOut;
    request.text = text;
    co_return co_await context_.shards.run(request, rows, context_.cancel);
  }

  Result<void> take(ReadRows& rows, std::size_t number, Met met) {
    Result<std::span<const plan::Value>> values = rows.values(number);
    if (!values) return failure(std::move(values.error()));
    plan::Bindings bindings = context_.bindings;
    bindings.read = *values;
    met.id = id_of(bindings);
    for (std::size_t i = 0; i < conflicts_.primary.size(); ++i) {
      met.primary += (i > 0 ? " and " : "") + conflicts_.primary_columns[i];
      met.primary += conflicts_.whole_row ? " <=> " : " = ";
      append_sql(met.primary, conflicts_.primary[i], bindings);
    }
    const auto known = std::ranges::find_if(
        met_, [&](const Met& other) { return other.shard == met.shard && other.primary == met.primary; });
    if (known != met_.end()) return {};
    met_.push_back(std::move(met));
    const bool first = met_.size() == 1;
    if (conflicts_.reassigns && first && !insert_.replace) note_old(bindings);
    // What a DELETE of its own removes it removes with its entries.
    if (insert_.replace && conflicts_.removes_apart()) return {};
    if (insert_.replace || (conflicts_.reassigns && first)) return note_removed(bindings, met_.back());
    return {};
  }

  topo::KeyspaceId id_of(const plan::Bindings& bindings) const {
    std::vector<plan::MappingBuffer> buffers(conflicts_.key.size());
    std::vector<vschema::VindexValue> values(conflicts_.key.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const plan::Mapped mapped = map_insert(insert_.columns[i], conflicts_.key[i], bindings, buffers[i]);
      if (mapped.state == plan::Mapped::State::kUnknown) return {};
      values[i] = mapped.value;
    }
    return insert_.vindex->map(values).id;
  }

  /// Of a row that goes away, or may change.
  Result<void> note_removed(const plan::Bindings& bindings, const Met& met) {
    const plan::Bindings own = std::exchange(context_.bindings, bindings);
    Result<void> done;
    for (std::size_t i = 0; i < insert_.lookups.size() && done; ++i)
      done = lookups_.remove(i, conflicts_.values[i], met.id, conflicts_.key);
    context_.bindings = own;
    return done;
  }

  // Foreign keys.

  Task<Result<void>> find_parents() {
    keys_.clear();
    for (const plan::ParentCheck& check : row_.parents) keys_.need(check);
    Result<void> done = co_await keys_.before();
    keys_.clear();
    co_return done;
  }

  /// IGNORE: a row without its parent.
  mysql::OkPacket left_out(const Error& error) {
    context_.statements->warn(error.mysql_errno(), std::string(error.message()));
    mysql::OkPacket ok;
    ok.warnings = 1;
    ok.info = "Records: 1  Duplicates: 1  Warnings: 1";
    return ok;
  }

  /// As a server would tell it of a key.
  Error duplicate(const Met& met) const {
    const std::vector<plan::Operand>& values = row_.lookups[met.lookup];
    std::string entry;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool generated = id_ && static_cast<int>(i) == insert_.id_in_lookup[met.lookup];
      entry += i > 0 ? "-" : "";
      entry += generated ? std::to_string(*id_) : std::string(values[i].in(context_.bindings).text);
    }
    return Error::from_server(
        1062, "23000",
        "Duplicate entry '" + entry + "' for key '" + insert_.lookups[met.lookup]->vindex + "'");
  }

  /// Rows that others refer to go as by a DELETE of their own.
  Task<Result<mysql::OkPacket>> remove(const Met& met) {
    std::string text = "delete from " + conflicts_.owner + " where " + met.primary;
    if (conflicts_.whole_row) text += " limit 1";
    if (!conflicts_.removes_apart()) co_return co_await send(met.shard, text, true);
    OkSink sink;
    Result<void> done = co_await context_.statements->run(text, ShardRequest::Part::kStatement, sink);
    if (!done) co_return failure(std::move(done.error()));
    co_return std::move(sink.ok);
  }

  /// The row as it was before ON DUPLICATE KEY UPDATE.
  void note_old(const plan::Bindings& bindings) {
    for (const plan::ChildChange& child : conflicts_.children) {
      plan::ChildChange& known = changed_.emplace_back(child);
      for (plan::Operand& operand : known.before) operand = kept(operand, bindings);
    }
    for (const plan::ParentCheck& parent : conflicts_.parents) {
      plan::ParentCheck& known = checked_.emplace_back(parent);
      for (const plan::Operand& operand : parent.values) known.before.push_back(kept(operand, bindings));
    }
  }

  /// The operand as a constant.
  plan::Operand kept(const plan::Operand& operand, const plan::Bindings& bindings) {
    plan::Operand constant;
    constant.constant = operand.in(bindings);
    constant.constant.text = texts_.emplace_back(constant.constant.text);
    return constant;
  }

  /// The row as it is now, of which the context's bindings are.
  Task<Result<void>> settle() {
    for (const plan::ParentCheck& check : checked_) keys_.need(check);
    for (plan::ChildChange& change : changed_) {
      change.after = conflicts_.children[static_cast<std::size_t>(&change - changed_.data())].before;
      keys_.change(change);
    }
    Result<void> done = co_await keys_.before();
    if (done) done = co_await keys_.after();
    co_return done;
  }

  // What is done with it.

  /// The row is inserted, in the place of those that it meets if it replaces them.
  Task<Result<mysql::OkPacket>> put() {
    std::uint64_t removed = 0;
    for (const Met& met : met_) {
      if (met.told && met.shard == place_.shard && !conflicts_.removes_apart()) continue;  // REPLACE does it
      Result<mysql::OkPacket> gone = co_await remove(met);
      if (!gone) co_return failure(std::move(gone.error()));
      removed += gone->affected_rows;
    }
    // A parent may have gone with them.
    Result<void> done;
    if (!met_.empty() && !conflicts_.children.empty()) done = co_await find_parents();
    if (done) done = co_await add_entries(insert_, row_, place_, id_, lookups_);
    if (done) done = co_await lookups_.flush(LookupWriter::Part::kUnique);
    if (!done) co_return failure(std::move(done.error()));
    Result<mysql::OkPacket> ok = co_await send(place_.shard, text_);
    if (!ok) co_return ok;
    if (ok->affected_rows == 0) {
      done = co_await take_back();
    } else {
      done = co_await lookups_.flush(LookupWriter::Part::kOthers);
    }
    if (done && ok->affected_rows > 0 && insert_.triggers != nullptr)
      done = co_await fire_triggers(context_, *insert_.triggers, {}, bound(row_.new_row), place_.shard);
    if (!done) co_return failure(std::move(done.error()));
    ok->affected_rows += removed;
    co_return ok;
  }

  /// IGNORE has left the row out for another reason than a key.
  Task<Result<void>> take_back() {
    LookupWriter entries(context_, insert_.lookups);
    for (std::size_t i = 0; i < row_.lookups.size(); ++i) {
      if (!insert_.lookups[i]->unique) continue;
      Result<void> removed = entries.remove(i, row_.lookups[i], place_.id, {}, insert_.id_in_lookup[i], id_);
      if (!removed) co_return removed;
    }
    co_return co_await entries.flush(LookupWriter::Part::kUnique);
  }

  /// The row that it meets is updated; what it is afterwards is read again.
  Task<Result<mysql::OkPacket>> update() {
    const Met& met = met_.front();
    if (!row_.update.empty()) co_return co_await update_and_move(met);
    Result<mysql::OkPacket> ok = co_await send(met.shard, text_);
    if (!ok || !conflicts_.reassigns) co_return ok;
    ReadRows rows(context_);
    const std::string text = conflicts_.select + met.primary + " for update";
    Result<void> done = co_await read(met.shard, text, rows);
    for (std::size_t row = 0; row < rows.size() && done; ++row) {
      Result<std::span<const plan::Value>> values = rows.values(row);
      if (!values) co_return failure(std::move(values.error()));
      const plan::Bindings own = context_.bindings;
      context_.bindings.read = *values;
      for (std::size_t i = 0; i < insert_.lookups.size() && done; ++i)
        done = co_await lookups_.add(i, conflicts_.values[i], met.id);
      if (done) done = co_await lookups_.flush();
      if (done) done = co_await settle();
      context_.bindings = own;
    }
    if (done) done = co_await lookups_.flush();
    if (!done) co_return failure(std::move(done.error()));
    co_return ok;
  }

  /// As an UPDATE, which counts otherwise.
  Task<Result<mysql::OkPacket>> update_and_move(const Met& met) {
    OkSink sink;
    std::string text = bound(row_.update) + met.primary;
    Result<void> done =
        co_await context_.statements->run(std::move(text), ShardRequest::Part::kStatement, sink);
    if (!done) co_return failure(std::move(done.error()));
    if (sink.ok.info.find("Changed: 0 ") == std::string::npos) sink.ok.affected_rows = 2;
    sink.ok.info.clear();
    co_return std::move(sink.ok);
  }

  ExecContext& context_;
  const Insert& insert_;
  const Conflicts& conflicts_;
  const Insert::Row& row_;
  const RowPlace& place_;
  const std::optional<std::uint64_t> id_;
  RowSink* const returned_;
  LookupWriter lookups_;
  ForeignKeys keys_;
  std::string text_;
  std::vector<Met> met_;
  std::vector<plan::ChildChange> changed_;
  std::vector<plan::ParentCheck> checked_;
  std::deque<std::string> texts_;  ///< of values of these
};

}  // namespace

Task<Result<mysql::OkPacket>> insert_among(ExecContext& context, const Insert& insert, const Insert::Row& row,
                                           const RowPlace& place, std::optional<std::uint64_t> id,
                                           RowSink* returned) {
  AmongWriter writer(context, insert, row, place, id, returned);
  co_return co_await writer.run();
}

}  // namespace kintsugi::exec
