#include <algorithm>
#include <vector>

#include "exec/op/concatenation.h"
#include "exec/op/insert.h"
#include "exec/op/merge.h"
#include "exec/op/operators.h"
#include "exec/op/read.h"
#include "exec/op/text.h"
#include "plan/errors.h"
#include "vschema/snapshot.h"

// INSERT whose rows, or some of whose values, are read first.

namespace kintsugi::exec {

namespace {

using plan::Insert;

constexpr std::size_t kStatementBytes = 256 * 1024;  // of one INSERT, and the row that passes it

bool is_read(const plan::Text& text) {
  return std::ranges::any_of(text, [](const plan::TextPiece& piece) {
    return piece.kind == plan::TextPiece::Kind::kOperand && piece.operand.from == plan::Operand::From::kRead;
  });
}

/// Writes rows as they come, some at a time, to their shards.
class RowWriter {
 public:
  RowWriter(ExecContext& context, const Insert& insert)
      : context_(context), insert_(insert), alone_(is_read(insert.tail)) {}

  /// Shards of rows that no vindex tells apart.
  Result<void> begin() {
    keyspace_ = context_.plan.routing->find_keyspace(insert_.destination.keyspace);
    if (keyspace_ == nullptr)
      return failure(plan::kUnknownKeyspace, "there is no keyspace " + insert_.destination.keyspace);
    if (insert_.vindex != nullptr) return {};
    Result<plan::ShardList> shards = resolve(context_.plan, insert_.destination, context_.bindings);
    if (!shards) return failure(std::move(shards.error()));
    everywhere_ = std::move(*shards);
    return {};
  }

  /// The row that the context's bindings are about.
  Task<Result<void>> add(std::size_t number, std::optional<std::uint64_t> id) {
    const Insert::Row& row = insert_.rows.front();
    plan::ShardList shards = everywhere_;
    if (insert_.vindex != nullptr) {
      Result<const vschema::Shard*> shard = shard_of(context_, insert_, row, number, id, *keyspace_);
      if (!shard) co_return failure(std::move(shard.error()));
      shards = {*shard};
    }
    ++records_;
    std::string text;
    append_text(text, row.text, context_.bindings, context_.session, id);
    const bool full = is_full(shards.front(), text.size());
    if (full) {
      Result<void> sent = co_await flush();
      if (!sent) co_return sent;
    }
    for (const vschema::Shard* shard : shards) put(shard, text);
    co_return Result<void>();
  }

  Task<Result<void>> flush() {
    if (batches_.empty()) co_return Result<void>();
    std::vector<Batch> batches = std::move(batches_);
    batches_.clear();
    const bool copies = everywhere_.size() > 1;
    std::vector<ShardRequest> requests(batches.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (!alone_) append_text(batches[i].text, insert_.tail, context_.bindings, context_.session);
      requests[i].shard = batches[i].shard;
      requests[i].keyspace = insert_.destination.keyspace;
      requests[i].type = insert_.destination.type;
      requests[i].own_text = false;
      requests[i].text = batches[i].text;
      requests[i].write = true;
      if (copies) requests[i].timestamp_us = context_.now_us;
      requests[i].unseen = copies && i > 0;
    }
    IgnoringSink sink;
    Concatenation concatenation(context_, std::move(requests), sink,
                                copies ? Concatenation::Answers::kFirst : Concatenation::Answers::kAll);
    Result<std::vector<mysql::OkPacket>> oks = co_await concatenation.run();
    if (!oks) co_return failure(std::move(oks.error()));
    if (copies) oks->resize(1);
    for (std::size_t i = 0; i < oks->size(); ++i) {
      duplicates_ += duplicates_of((*oks)[i], batches[i].rows);
      answers_.push_back(std::move((*oks)[i]));
    }
    co_return Result<void>();
  }

  /// What MySQL would say of the whole statement.
  mysql::OkPacket answer(std::uint16_t warnings) {
    mysql::OkPacket ok;
    if (!answers_.empty()) ok = merge_ok(answers_);
    ok.warnings = static_cast<std::uint16_t>(ok.warnings + warnings);
    ok.info = "Records: " + std::to_string(records_) + "  Duplicates: " + std::to_string(duplicates_) +
              "  Warnings: " + std::to_string(ok.warnings);
    return ok;
  }

 private:
  struct Batch {
    const vschema::Shard* shard;
    std::string text;
    std::size_t rows = 0;
  };

  Batch* find(const vschema::Shard* shard) {
    const auto found = std::ranges::find(batches_, shard, &Batch::shard);
    return found == batches_.end() ? nullptr : &*found;
  }

  bool is_full(const vschema::Shard* shard, std::size_t bytes) {
    const Batch* batch = find(shard);
    return batch != nullptr && (alone_ || batch->text.size() + bytes > kStatementBytes);
  }

  void put(const vschema::Shard* shard, const std::string& row) {
    Batch* batch = find(shard);
    if (batch == nullptr) {
      batches_.push_back({shard, {}});
      batch = &batches_.back();
      append_text(batch->text, insert_.head, context_.bindings, context_.session);
    }
    if (batch->rows++ > 0) batch->text += ", ";
    batch->text += row;
    // What the tail says of the row is known now only.
    if (alone_) append_text(batch->text, insert_.tail, context_.bindings, context_.session);
  }

  ExecContext& context_;
  const Insert& insert_;
  const bool alone_;  ///< each row is a statement of its own
  const vschema::Keyspace* keyspace_ = nullptr;
  plan::ShardList everywhere_;
  std::vector<Batch> batches_;
  std::vector<mysql::OkPacket> answers_;
  std::uint64_t records_ = 0, duplicates_ = 0;
};

/// How many of the rows wait for an id, once those that they bring are settled.
Task<Result<std::uint64_t>> count_ids(ExecContext& context, const Insert& insert, ReadRows& rows) {
  std::uint64_t wanted = 0, largest = 0;
  for (std::size_t i = 0; i < rows.size() && !insert.id_column.empty(); ++i) {
    Result<std::span<const plan::Value>> values = rows.values(i);
    if (!values) co_return failure(std::move(values.error()));
    context.bindings.read = *values;
    wanted += needs_id(insert, insert.rows.front(), context.bindings) ? 1 : 0;
    largest = std::max(largest, own_id(insert.rows.front(), context.bindings));
  }
  Result<void> settled = co_await settle_ids(context, insert, wanted, largest);
  if (!settled) co_return failure(std::move(settled.error()));
  co_return wanted;
}

Task<Result<void>> read_and_write(ExecContext& context, const Insert& insert, RowWriter& writer,
                                  ReadRows& rows) {
  Result<void> done = co_await read_rows(context, *insert.read, insert.ignore, rows);
  if (!done) co_return done;
  if (rows.column_count() != insert.read_columns)
    co_return failure(plan::kColumnCount, "Column count doesn't match value count at row 1");
  Result<std::uint64_t> wanted = co_await count_ids(context, insert, rows);
  if (!wanted) co_return failure(std::move(wanted.error()));
  std::uint64_t next = 0;
  if (*wanted > 0) {
    Result<std::uint64_t> first = co_await context.sequences.reserve(*insert.sequence, *wanted);
    if (!first) co_return failure(std::move(first.error()));
    next = *first;
    context.generated_id = next;
  }
  done = writer.begin();
  for (std::size_t i = 0; i < rows.size() && done; ++i) {
    Result<std::span<const plan::Value>> values = rows.values(i);
    if (!values) co_return failure(std::move(values.error()));
    context.bindings.read = *values;
    std::optional<std::uint64_t> id;
    if (needs_id(insert, insert.rows.front(), context.bindings)) id = next++;
    done = co_await writer.add(i, id);
  }
  if (done) done = co_await writer.flush();
  co_return done;
}

}  // namespace

Task<Result<void>> insert_read(ExecContext& context, const Insert& insert, RowSink& sink) {
  Result<const plan::Route*> route = serving_route(context, insert);
  if (!route) co_return failure(std::move(route.error()));
  if (*route != nullptr) {
    Result<void> routed = co_await run_route(context, **route, sink);
    co_return routed;
  }
  Result<void> begun = co_await context.shards.begin_unit({});
  if (!begun) co_return begun;
  RowWriter writer(context, insert);
  ReadRows rows(context);
  Result<void> done = co_await read_and_write(context, insert, writer, rows);
  Result<void> ended = co_await context.shards.end_unit(done.has_value());
  if (!done) co_return done;
  if (!ended) co_return ended;
  mysql::OkPacket ok = writer.answer(rows.warnings());
  if (context.generated_id) ok.last_insert_id = *context.generated_id;
  co_return co_await sink.done(std::move(ok));
}

}  // namespace kintsugi::exec
