#include "exec/op/insert.h"
#include "exec/op/joining_sink.h"
#include "exec/op/operators.h"
#include "exec/op/read.h"
#include "exec/op/row_writer.h"
#include "plan/errors.h"
#include "vschema/snapshot.h"

// INSERT whose rows, or some of whose values, are read first.

namespace kintsugi::exec {

namespace {

using plan::Insert;

/// What MySQL would say of the whole statement.
mysql::OkPacket answer(const RowWriter& writer, std::uint16_t warnings) {
  mysql::OkPacket ok = writer.sum();
  ok.warnings = static_cast<std::uint16_t>(ok.warnings + warnings);
  ok.info = "Records: " + std::to_string(writer.records()) +
            "  Duplicates: " + std::to_string(writer.duplicates()) +
            "  Warnings: " + std::to_string(ok.warnings);
  return ok;
}

Task<Result<void>> read_and_write(ExecContext& context, const Insert& insert, RowWriter& writer,
                                  ReadRows& rows) {
  Result<void> done = co_await read_rows(context, *insert.read, insert.ignore, rows);
  if (!done) co_return done;
  if (rows.column_count() != insert.read_columns)
    co_return failure(plan::kColumnCount, "Column count doesn't match value count at row 1");
  done = co_await rows.call(context, insert.calls);
  if (done) done = writer.begin();
  if (done) done = co_await writer.write(rows);
  if (done) done = co_await writer.flush();
  co_return done;
}

}  // namespace

Task<Result<void>> return_nothing(ExecContext& context, const Insert& insert, RowSink& returned) {
  const vschema::Keyspace* keyspace = context.plan.routing->find_keyspace(insert.destination.keyspace);
  const std::string text = bind_text(insert.shape, context.bindings, context.session);
  ShardRequest request;
  request.shard = &keyspace->shards().front();
  request.keyspace = insert.destination.keyspace;
  request.own_text = false;
  request.text = text;
  co_return co_await context.shards.run(request, returned, context.cancel);
}

Task<Result<void>> insert_read(ExecContext& context, const Insert& insert, RowSink& sink) {
  Result<const plan::Route*> route = serving_route(context, insert);
  if (!route) co_return failure(std::move(route.error()));
  if (*route != nullptr) {
    Result<void> routed = co_await run_route(context, **route, sink);
    co_return routed;
  }
  Result<void> begun = co_await context.shards.begin_unit({});
  if (!begun) co_return begun;
  const bool returns = !insert.shape.empty();
  JoiningSink returned(sink);
  RowWriter writer(context, insert, returns ? &returned : nullptr);
  ReadRows rows(context);
  Result<void> done = co_await read_and_write(context, insert, writer, rows);
  if (done && returns && !returned.begun()) done = co_await return_nothing(context, insert, returned);
  Result<void> ended = co_await end_unit(context, std::move(done));
  if (!ended) co_return ended;
  mysql::OkPacket ok = answer(writer, rows.warnings());
  if (context.generated_id) ok.last_insert_id = *context.generated_id;
  co_return co_await sink.done(std::move(ok));
}

}  // namespace kintsugi::exec
