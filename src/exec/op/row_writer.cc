#include "exec/op/row_writer.h"

#include <algorithm>
#include <utility>

#include "exec/op/concatenation.h"
#include "exec/op/copies.h"
#include "exec/op/insert.h"
#include "exec/op/merge.h"
#include "exec/op/ok_sink.h"
#include "exec/op/read.h"
#include "exec/op/text.h"
#include "plan/errors.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

namespace {

using plan::Insert;

constexpr std::size_t kStatementBytes = 256 * 1024;  // of one INSERT, and the row that passes it

bool is_read(const plan::Text& text) {
  return std::ranges::any_of(text, [](const plan::TextPiece& piece) {
    return piece.kind == plan::TextPiece::Kind::kOperand &&
           (piece.operand.from == plan::Operand::From::kRead ||
            piece.operand.from == plan::Operand::From::kSet);
  });
}

}  // namespace

RowWriter::RowWriter(ExecContext& context, const Insert& insert, RowSink* returned)
    : context_(context),
      insert_(insert),
      returned_(returned),
      alone_(is_read(insert.tail)),
      lookups_(context, insert.lookups, conversion_of(insert)),
      keys_(context) {}

Result<void> RowWriter::begin() {
  keyspace_ = context_.plan.routing->find_keyspace(insert_.destination.keyspace);
  if (keyspace_ == nullptr)
    return failure(plan::kUnknownKeyspace, "there is no keyspace " + insert_.destination.keyspace);
  if (insert_.vindex != nullptr) return {};
  Result<plan::ShardList> shards = resolve_all(context_, insert_.destination, insert_.copies);
  if (!shards) return failure(std::move(shards.error()));
  everywhere_ = std::move(*shards);
  return {};
}

/// How many of the rows wait for an id, once those that they bring are settled.
Task<Result<std::uint64_t>> RowWriter::count_ids(KnownRows& rows) {
  std::uint64_t wanted = 0, largest = 0;
  for (std::size_t i = 0; i < rows.size() && !insert_.id_column.empty(); ++i) {
    Result<std::span<const plan::Value>> values = rows.values(i);
    if (!values) co_return failure(std::move(values.error()));
    context_.bindings.read = *values;
    wanted += needs_id(insert_, insert_.rows.front(), context_.bindings) ? 1 : 0;
    largest = std::max(largest, own_id(insert_.rows.front(), context_.bindings));
  }
  Result<void> settled = co_await settle_ids(context_, insert_, wanted, largest);
  if (!settled) co_return failure(std::move(settled.error()));
  co_return wanted;
}

Task<Result<void>> RowWriter::write(KnownRows& rows) {
  Result<std::uint64_t> wanted = co_await count_ids(rows);
  if (!wanted) co_return failure(std::move(wanted.error()));
  std::uint64_t next = 0;
  if (*wanted > 0) {
    Result<std::uint64_t> first = co_await context_.sequences.reserve(*insert_.sequence, *wanted);
    if (!first) co_return failure(std::move(first.error()));
    next = *first;
    if (!context_.generated_id) context_.generated_id = next;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Result<std::span<const plan::Value>> values = rows.values(i);
    if (!values) co_return failure(std::move(values.error()));
    context_.bindings.read = *values;
    std::optional<std::uint64_t> id;
    if (needs_id(insert_, insert_.rows.front(), context_.bindings)) id = next++;
    Result<void> added = co_await add(id);
    if (!added) co_return added;
  }
  co_return Result<void>();
}

/// The row that the context's bindings are about.
Task<Result<void>> RowWriter::add(std::optional<std::uint64_t> id) {
  const Insert::Row& row = insert_.rows.front();
  Result<void> fired = co_await fire_before(context_, insert_, row, id, set_);
  if (!fired) co_return fired;
  plan::ShardList shards = everywhere_;
  if (insert_.vindex != nullptr) {
    Result<RowPlace> place = co_await place_of_row(context_, insert_, row, records_, id, *keyspace_);
    if (!place) co_return failure(std::move(place.error()));
    if (insert_.conflicts != nullptr) co_return co_await add_among(row, *place, id);
    Result<void> entered = co_await add_entries(insert_, row, *place, id, lookups_);
    if (!entered) co_return entered;
    shards = {place->shard};
  }
  for (const plan::ParentCheck& check : row.parents) keys_.need(check);
  const std::size_t number = records_++;
  std::string text;
  append_text(text, row.text, context_.bindings, context_.session, id);
  const bool full = is_full(shards.front(), text.size());
  if (full) {
    Result<void> sent = co_await flush();
    if (!sent) co_return sent;
  }
  for (const vschema::Shard* shard : shards) put(shard, text, number);
  co_return Result<void>();
}

Task<Result<void>> RowWriter::flush() {
  if (batches_.empty()) co_return Result<void>();
  Result<void> entered = co_await keys_.before();
  if (entered) entered = co_await lookups_.flush();
  if (!entered) co_return entered;
  std::vector<Batch> batches = std::move(batches_);
  batches_.clear();
  const bool copies = everywhere_.size() > 1;
  std::vector<ShardRequest> requests(batches.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!alone_) append_text(batches[i].text, insert_.tail, context_.bindings, context_.session);
    requests[i].shard = batches[i].shard;
    requests[i].keyspace = batches[i].shard->keyspace;
    requests[i].type = insert_.destination.type;
    requests[i].own_text = false;
    requests[i].text = batches[i].text;
    requests[i].write = true;
    requests[i].rows = batches[i].rows;
    if (copies) requests[i].timestamp_us = context_.now_us;
    requests[i].unseen = copies && i > 0;
  }
  OkSink ignored;
  RowSink& sink = returned_ == nullptr ? static_cast<RowSink&>(ignored) : *returned_;
  Concatenation concatenation(context_, std::move(requests), sink,
                              copies ? Concatenation::Answers::kFirst : Concatenation::Answers::kAll);
  Result<std::vector<mysql::OkPacket>> oks = co_await concatenation.run();
  if (!oks) co_return failure(std::move(oks.error()));
  if (copies) oks->resize(1);
  for (std::size_t i = 0; i < oks->size(); ++i)
    duplicates_ += duplicates_of((*oks)[i], batches[i].rows.size());
  add_answers(std::move(*oks));
  co_return Result<void>();
}

/// A row that may meet others is written by itself.
Task<Result<void>> RowWriter::add_among(const Insert::Row& row, const RowPlace& place,
                                        std::optional<std::uint64_t> id) {
  Result<mysql::OkPacket> ok = co_await insert_among(context_, insert_, row, place, id, returned_);
  if (!ok) co_return failure(std::move(ok.error()));
  ++records_;
  duplicates_ += duplicates_of(*ok, 1);
  std::vector<mysql::OkPacket> oks;
  oks.push_back(std::move(*ok));
  add_answers(std::move(oks));
  co_return Result<void>();
}

void RowWriter::add_answers(std::vector<mysql::OkPacket> oks) {
  if (answer_) oks.insert(oks.begin(), std::move(*answer_));
  answer_ = merge_ok(oks);
}

RowWriter::Batch* RowWriter::find(const vschema::Shard* shard) {
  const auto found = std::ranges::find(batches_, shard, &Batch::shard);
  return found == batches_.end() ? nullptr : &*found;
}

bool RowWriter::is_full(const vschema::Shard* shard, std::size_t bytes) {
  const Batch* batch = find(shard);
  return batch != nullptr && (alone_ || batch->text.size() + bytes > kStatementBytes);
}

void RowWriter::put(const vschema::Shard* shard, const std::string& row, std::size_t number) {
  Batch* batch = find(shard);
  if (batch == nullptr) {
    batches_.push_back({shard, {}});
    batch = &batches_.back();
    const plan::Text& head = text_for(*shard, insert_.destination.keyspace, insert_.head, insert_.copies);
    append_text(batch->text, head, context_.bindings, context_.session);
  }
  if (!batch->rows.empty()) batch->text += ", ";
  batch->rows.push_back(number);
  batch->text += row;
  // What the tail says of the row is known now only.
  if (alone_) append_text(batch->text, insert_.tail, context_.bindings, context_.session);
}

}  // namespace kintsugi::exec
