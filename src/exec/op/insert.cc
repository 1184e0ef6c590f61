#include <algorithm>
#include <map>

#include "exec/op/concatenation.h"
#include "exec/op/copies.h"
#include "exec/op/foreign_keys.h"
#include "exec/op/insert.h"
#include "exec/op/joining_sink.h"
#include "exec/op/merge.h"
#include "exec/op/operators.h"
#include "exec/op/read.h"
#include "exec/op/text.h"
#include "plan/errors.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

namespace {

using plan::Insert;

/// One execution of an Insert.
struct Placed {
  std::vector<std::optional<std::uint64_t>> ids;  ///< by row: what a sequence gave it
  std::uint64_t generated = 0;                    ///< how many
  /// Rows (by number) of each shard, shards in the order of their first row's… of the key ranges.
  std::vector<const vschema::Shard*> shards;
  std::vector<std::vector<std::size_t>> rows;
  std::vector<RowPlace> places;  ///< by row, where a vindex tells them apart
};

Task<Result<void>> give_ids(ExecContext& context, const Insert& insert, Placed& placed) {
  placed.ids.resize(insert.rows.size());
  if (insert.id_column.empty()) co_return Result<void>();
  for (const Insert::Row& row : insert.rows)
    placed.generated += needs_id(insert, row, context.bindings) ? 1 : 0;
  std::uint64_t largest = 0;
  for (const Insert::Row& row : insert.rows) largest = std::max(largest, own_id(row, context.bindings));
  Result<void> known = co_await settle_ids(context, insert, placed.generated, largest);
  if (!known) co_return known;
  if (placed.generated == 0) co_return Result<void>();
  Result<std::uint64_t> first = co_await context.sequences.reserve(*insert.sequence, placed.generated);
  if (!first) co_return failure(first.error());
  std::uint64_t next = *first;
  for (std::size_t i = 0; i < insert.rows.size(); ++i) {
    if (needs_id(insert, insert.rows[i], context.bindings)) placed.ids[i] = next++;
  }
  co_return Result<void>();
}

Task<Result<void>> place(ExecContext& context, const Insert& insert, Placed& placed) {
  if (insert.vindex == nullptr) {
    Result<plan::ShardList> shards = resolve_all(context, insert.destination, insert.copies);
    if (!shards) co_return failure(shards.error());
    std::vector<std::size_t> all(insert.rows.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    placed.shards = *shards;
    placed.rows.assign(shards->size(), all);
    co_return Result<void>();
  }
  const vschema::Keyspace* keyspace = context.plan.routing->find_keyspace(insert.destination.keyspace);
  if (keyspace == nullptr)
    co_return failure(plan::kUnknownKeyspace, "there is no keyspace " + insert.destination.keyspace);
  // By address: shards of a keyspace stand in the order of their key ranges.
  std::map<const vschema::Shard*, std::vector<std::size_t>> by_shard;
  for (std::size_t i = 0; i < insert.rows.size(); ++i) {
    Result<RowPlace> row =
        co_await place_of_row(context, insert, insert.rows[i], i, placed.ids[i], *keyspace);
    if (!row) co_return failure(std::move(row.error()));
    by_shard[row->shard].push_back(i);
    placed.places.push_back(std::move(*row));
  }
  for (auto& [shard, rows] : by_shard) {
    placed.shards.push_back(shard);
    placed.rows.push_back(std::move(rows));
  }
  co_return Result<void>();
}

std::string statement_for(const ExecContext& context, const Insert& insert, const Placed& placed,
                          std::size_t shard) {
  std::string text;
  const plan::Text& head =
      text_for(*placed.shards[shard], insert.destination.keyspace, insert.head, insert.copies);
  append_text(text, head, context.bindings, context.session);
  bool first = true;
  for (std::size_t row : placed.rows[shard]) {
    if (!first) text += ", ";
    first = false;
    append_text(text, insert.rows[row].text, context.bindings, context.session, placed.ids[row]);
  }
  append_text(text, insert.tail, context.bindings, context.session);
  return text;
}

/// "Records: 3  Duplicates: 1  Warnings: 0"
struct InsertInfo {
  std::uint64_t records = 0, duplicates = 0;
};

struct Finish {
  ExecContext& context;
  const Insert& insert;
  const Placed& placed;
  bool copies;

  /// What MySQL would say of the whole statement.
  mysql::OkPacket operator()(std::span<const mysql::OkPacket> parts) const {
    mysql::OkPacket ok = copies ? parts.front() : merge_ok(parts);
    if (!copies && parts.size() > 1) {
      InsertInfo info;
      for (std::size_t i = 0; i < parts.size(); ++i) {
        info.records += placed.rows[i].size();
        info.duplicates += duplicates_of(parts[i], placed.rows[i].size());
      }
      ok.info = "Records: " + std::to_string(info.records) +
                "  Duplicates: " + std::to_string(info.duplicates) +
                "  Warnings: " + std::to_string(ok.warnings);
    }
    // A single row that was not inserted keeps the id that ON DUPLICATE KEY UPDATE may have told.
    const bool inserted = insert.rows.size() > 1 || ok.affected_rows == 1 || insert.replace;
    if (placed.generated > 0 && inserted) {
      for (const auto& id : placed.ids) {
        if (!id) continue;
        ok.last_insert_id = *id;
        context.generated_id = *id;
        break;
      }
    }
    return ok;
  }

  static mysql::OkPacket call(std::span<const mysql::OkPacket> parts, void* self) {
    return (*static_cast<const Finish*>(self))(parts);
  }
};

/// Passes an answer on, with its end as the whole statement's.
class FinishSink : public RowSink {
 public:
  FinishSink(RowSink& sink, const Finish& finish) : sink_(sink), finish_(finish) {}
  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    return sink_.columns(std::move(columns));
  }
  Task<Result<void>> rows(RowBatch batch) override { return sink_.rows(batch); }
  Task<Result<void>> done(mysql::OkPacket ok) override { return sink_.done(finish_({&ok, 1})); }

 private:
  RowSink& sink_;
  const Finish& finish_;
};

/// BEFORE triggers of one row, which may say where it lies.
Task<Result<void>> place_after_triggers(ExecContext& context, const Insert& insert, std::size_t row,
                                        OwnValues& set, Placed& placed) {
  if (insert.before_triggers == nullptr) co_return Result<void>();
  const vschema::Keyspace* keyspace = context.plan.routing->find_keyspace(insert.destination.keyspace);
  if (keyspace == nullptr)
    co_return failure(plan::kUnknownKeyspace, "there is no keyspace " + insert.destination.keyspace);
  Result<void> fired = co_await fire_before(context, insert, insert.rows[row], placed.ids[row], set);
  if (!fired) co_return fired;
  Result<RowPlace> place =
      co_await place_of_row(context, insert, insert.rows[row], row, placed.ids[row], *keyspace);
  if (!place) co_return failure(std::move(place.error()));
  placed.places.push_back(std::move(*place));
  co_return Result<void>();
}

/// One row after the other, each with those that it meets.
Task<Result<mysql::OkPacket>> write_among(ExecContext& context, const Insert& insert, Placed& placed,
                                          RowSink& sink) {
  JoiningSink joined(sink);
  RowSink* returned = insert.shape.empty() ? nullptr : &joined;
  std::vector<mysql::OkPacket> parts;
  OwnValues set;
  for (std::size_t i = 0; i < insert.rows.size(); ++i) {
    Result<void> known = co_await place_after_triggers(context, insert, i, set, placed);
    if (!known) co_return failure(std::move(known.error()));
    Result<mysql::OkPacket> ok =
        co_await insert_among(context, insert, insert.rows[i], placed.places[i], placed.ids[i], returned);
    if (!ok) co_return failure(std::move(ok.error()));
    parts.push_back(std::move(*ok));
  }
  if (returned != nullptr && !joined.begun()) {
    Result<void> told = co_await return_nothing(context, insert, joined);
    if (!told) co_return failure(std::move(told.error()));
  }
  if (parts.size() == 1) co_return std::move(parts.front());
  InsertInfo info{parts.size(), 0};
  for (const mysql::OkPacket& part : parts) info.duplicates += duplicates_of(part, 1);
  mysql::OkPacket ok = merge_ok(parts);
  ok.info = "Records: " + std::to_string(info.records) + "  Duplicates: " + std::to_string(info.duplicates) +
            "  Warnings: " + std::to_string(ok.warnings);
  co_return ok;
}

/// Entries of look-ups first: if a commit is cut off, they lead to a row that is not there, which does no
/// harm.
Task<Result<void>> write_entries(ExecContext& context, const Insert& insert, const Placed& placed) {
  if (insert.lookups.empty()) co_return Result<void>();
  LookupWriter lookups(context, insert.lookups, conversion_of(insert));
  for (std::size_t i = 0; i < insert.rows.size(); ++i) {
    Result<void> added =
        co_await add_entries(insert, insert.rows[i], placed.places[i], placed.ids[i], lookups);
    if (!added) co_return added;
  }
  co_return co_await lookups.flush();
}

Task<Result<void>> check_parents(ExecContext& context, const Insert& insert) {
  ForeignKeys keys(context);
  for (const Insert::Row& row : insert.rows) {
    for (const plan::ParentCheck& check : row.parents) keys.need(check);
  }
  co_return co_await keys.before();
}

/// The values that the rows' expressions have now: one row.
Task<Result<void>> read_values(ExecContext& context, const Insert& insert, ReadRows& read) {
  Result<void> done = co_await read_rows(context, *insert.read, insert.ignore, read);
  if (!done) co_return done;
  if (read.size() != 1 || read.column_count() != insert.read_columns)
    co_return failure(kInternal, "the values of an INSERT are not one row");
  Result<std::span<const plan::Value>> values = read.values(0);
  if (!values) co_return failure(std::move(values.error()));
  context.bindings.read = *values;
  co_return Result<void>();
}

/// Values are known, ids given, places found, as far as they are before triggers have run.
Task<Result<void>> prepare(ExecContext& context, const Insert& insert, ReadRows& read, Placed& placed) {
  if (insert.read != nullptr) {
    Result<void> known = co_await read_values(context, insert, read);
    if (!known) co_return known;
  }
  Result<void> given = co_await give_ids(context, insert, placed);
  if (!given || insert.before_triggers != nullptr) co_return given;  // which say where a row lies
  co_return co_await place(context, insert, placed);
}

/// What each shard is sent.
struct Sending {
  Sending(const ExecContext& context, const Insert& insert, const Placed& placed)
      : copies(insert.vindex == nullptr && placed.shards.size() > 1),
        texts(placed.shards.size()),
        requests(placed.shards.size()) {
    const bool own_text = insert.own_text && placed.generated == 0 && (placed.shards.size() == 1 || copies);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (!own_text) texts[i] = statement_for(context, insert, placed, i);
      requests[i].shard = placed.shards[i];
      requests[i].keyspace = placed.shards[i]->keyspace;
      requests[i].type = insert.destination.type;
      requests[i].own_text = own_text;
      requests[i].text = texts[i];
      requests[i].write = true;
      if (copies) requests[i].timestamp_us = context.now_us;
      if (!copies && requests.size() > 1) requests[i].rows = placed.rows[i];
    }
  }

  bool copies;  ///< of the same rows
  std::vector<std::string> texts;
  std::vector<ShardRequest> requests;
};

/// Rows with their entries, and after their parents were looked for.
Task<Result<mysql::OkPacket>> write_with_entries(ExecContext& context, const Insert& insert, Placed& placed,
                                                 RowSink& sink) {
  if (insert.conflicts != nullptr) {
    Result<mysql::OkPacket> written = co_await write_among(context, insert, placed, sink);
    if (!written) co_return written;
    const Finish finish{context, insert, placed, false};
    co_return finish({&*written, 1});
  }
  Result<void> done = co_await check_parents(context, insert);
  if (done) done = co_await write_entries(context, insert, placed);
  if (!done) co_return failure(std::move(done.error()));
  Sending sending(context, insert, placed);
  for (std::size_t i = 1; i < sending.requests.size(); ++i) sending.requests[i].unseen = sending.copies;
  Concatenation concatenation(context, std::move(sending.requests), sink,
                              sending.copies ? Concatenation::Answers::kFirst : Concatenation::Answers::kAll);
  Result<std::vector<mysql::OkPacket>> oks = co_await concatenation.run();
  if (!oks) co_return failure(std::move(oks.error()));
  const Finish finish{context, insert, placed, sending.copies};
  co_return finish(*oks);
}

/// Whether what it reads, or finds on other shards, must stay so until its rows are written.
bool is_unit(const Insert& insert) {
  const bool reads = insert.read != nullptr && insert.read->locks;
  const bool referring = !insert.rows.empty() && !insert.rows.front().parents.empty();
  return reads || !insert.lookups.empty() || insert.conflicts != nullptr || referring;
}

Task<Result<void>> insert_as_unit(ExecContext& context, const Insert& insert, RowSink& sink) {
  Result<void> begun = co_await context.shards.begin_unit({});
  if (!begun) co_return begun;
  ReadRows read(context);
  Placed placed;
  mysql::OkPacket ok;
  Result<void> done = co_await prepare(context, insert, read, placed);
  if (done) {
    Result<mysql::OkPacket> written = co_await write_with_entries(context, insert, placed, sink);
    if (written) ok = std::move(*written);
    if (!written) done = failure(std::move(written.error()));
  }
  Result<void> ended = co_await end_unit(context, std::move(done));
  if (!ended) co_return ended;
  co_return co_await sink.done(std::move(ok));
}

}  // namespace

Task<Result<void>> run_insert(ExecContext& context, const plan::Node& node, RowSink& sink) {
  const auto& insert = static_cast<const Insert&>(node);
  if (insert.row_for_each) {
    Result<void> written = co_await insert_read(context, insert, sink);
    co_return written;
  }
  if (is_unit(insert)) {
    Result<void> written = co_await insert_as_unit(context, insert, sink);
    co_return written;
  }
  ReadRows read(context);
  Placed placed;
  Result<void> prepared = co_await prepare(context, insert, read, placed);
  if (!prepared) co_return prepared;
  Sending sending(context, insert, placed);
  Finish finish{context, insert, placed, sending.copies};
  if (sending.requests.size() == 1) {
    FinishSink finishing(sink, finish);
    co_return co_await context.shards.run(sending.requests.front(), finishing, context.cancel);
  }
  co_return co_await run_several(context, std::move(sending.requests), sending.copies, sink, Finish::call,
                                 &finish);
}

}  // namespace kintsugi::exec
