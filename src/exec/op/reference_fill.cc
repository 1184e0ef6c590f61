#include "exec/op/ok_sink.h"
#include "exec/op/operators.h"
#include "exec/op/read.h"
#include "plan/errors.h"
#include "vschema/snapshot.h"

// The rows of a reference table's source, to all of its copies. Those who write the source meanwhile write
// the copies too, since the vschema says so by now: after the locks here are gone, or before they were got.

namespace kintsugi::exec {

namespace {

constexpr std::size_t kStatementBytes = 256 * 1024;

class Filling {
 public:
  Filling(ExecContext& context, const plan::ReferenceFill& fill, const plan::ShardList& shards)
      : context_(context), fill_(fill), shards_(shards), rows_(context) {}

  /// The source is locked before the copies, as writes lock them. It is read after these were emptied, so
  /// that a row which comes in between (where isolation leaves gaps open) is not lost.
  Task<Result<void>> run() {
    plan::Destination source;
    source.keyspace = fill_.source_keyspace;
    Result<plan::ShardList> from = resolve(context_.plan, source, context_.bindings);
    if (!from) co_return failure(std::move(from.error()));
    ReadRows count(context_);
    Result<void> done = co_await read(from->front(), fill_.lock, count);
    if (done) done = co_await send_all(fill_.wipe);
    if (done) done = co_await read(from->front(), fill_.read, rows_);
    if (done) done = co_await write();
    co_return done;
  }

 private:
  Task<Result<void>> read(const vschema::Shard* shard, const std::string& text, RowSink& sink) {
    const ShardRequest request = request_for(shard, text, ShardRequest::Part::kCopyOut);
    co_return co_await context_.shards.run(request, sink, context_.cancel);
  }

  Task<Result<void>> write() {
    std::string text;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      Result<std::span<const plan::Value>> values = rows_.values(i);
      if (!values) co_return failure(std::move(values.error()));
      text += text.empty() ? fill_.replace : ", ";
      append_row(text, *values);
      if (text.size() < kStatementBytes) continue;
      Result<void> sent = co_await send_all(text);
      if (!sent) co_return sent;
      text.clear();
    }
    if (text.empty()) co_return Result<void>();
    co_return co_await send_all(text);
  }

  void append_row(std::string& text, std::span<const plan::Value> values) const {
    text += '(';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text += ", ";
      append_sql(text, values[i], context_.bindings.no_backslash_escapes);
    }
    text += ')';
  }

  Task<Result<void>> send_all(const std::string& text) {
    for (const vschema::Shard* shard : shards_) {
      ShardRequest request = request_for(shard, text, ShardRequest::Part::kCopyIn);
      request.write = true;
      OkSink sink;
      Result<void> done = co_await context_.shards.run(request, sink, context_.cancel);
      if (!done) co_return done;
    }
    co_return Result<void>();
  }

  static ShardRequest request_for(const vschema::Shard* shard, std::string_view text,
                                  ShardRequest::Part part) {
    ShardRequest request;
    request.shard = shard;
    request.keyspace = shard->keyspace;
    request.own_text = false;
    request.text = text;
    request.part = part;
    return request;
  }

  ExecContext& context_;
  const plan::ReferenceFill& fill_;
  const plan::ShardList& shards_;
  ReadRows rows_;
};

}  // namespace

Task<Result<void>> fill_reference(ExecContext& context, const plan::Ddl& ddl, const plan::ShardList& shards) {
  Result<void> begun = co_await context.shards.begin_unit({});
  if (!begun) co_return begun;
  Filling filling(context, *ddl.fill, shards);
  Result<void> done = co_await filling.run();
  done = co_await end_unit(context, std::move(done));
  if (done) co_return done;
  co_return failure(done.error().with_context(
      "the table has its source, but not yet its rows: repeat ALTER TABLE … REFERENCE FROM …"));
}

}  // namespace kintsugi::exec
