#include "exec/op/stored_values.h"

#include "exec/op/ok_sink.h"
#include "exec/op/read.h"

namespace kintsugi::exec {
namespace {

using Part = ShardRequest::Part;

constexpr std::string_view kTable = "kintsugi_stored_values";

std::string list_of(const std::vector<std::string>& columns) {
  std::string list;
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + column;
  return list;
}

std::string insert_of(const GivenValues& given, const plan::Bindings& bindings) {
  std::string sql = given.conversion.ignore ? "insert ignore into " : "insert into ";
  (sql += kTable) += " values (";
  for (std::size_t i = 0; i < given.values.size(); ++i) {
    if (i > 0) sql += ", ";
    append_sql(sql, given.values[i], bindings);
  }
  return sql + ")";
}

Task<Result<void>> ask(ExecContext& context, const GivenValues& given, Part part, std::string text,
                       RowSink& sink) {
  ShardRequest request;
  request.keyspace = given.keyspace;
  request.own_text = false;
  request.part = part;
  request.text = text;
  request.scratch = true;
  request.rows = {&given.row, 1};
  co_return co_await context.shards.run(request, sink, context.cancel);
}

/// On the scratch connection, which is given back by the caller.
Task<Result<void>> store(ExecContext& context, const GivenValues& given, ReadRows& stored) {
  const std::string columns = list_of(given.columns);
  OkSink ignored;
  Result<void> done = co_await ask(context, given, Part::kShape,
                                   "create temporary table " + std::string(kTable) + " as select " + columns +
                                       " from " + std::string(given.table) + " limit 0",
                                   ignored);
  if (done) done = co_await ask(context, given, Part::kShape, insert_of(given, context.bindings), ignored);
  if (done)
    done = co_await ask(context, given, Part::kCopyOut, "select * from " + std::string(kTable), stored);
  co_return done;
}

}  // namespace

bool is_convertible(const plan::KeyColumn& column) { return column.type_class != plan::ColumnClass::kOther; }

Task<Result<StoredValues>> stored_values(ExecContext& context, const GivenValues& given) {
  ReadRows rows(context);
  Result<void> done = co_await store(context, given, rows);
  co_await context.shards.end_scratch();
  if (!done) co_return failure(std::move(done.error()));
  if (rows.size() != 1 || rows.column_count() != given.values.size())
    co_return failure(kInternal, "what is stored of a row is not one row");
  Result<std::span<const plan::Value>> values = rows.values(0);
  if (!values) co_return failure(std::move(values.error()));
  StoredValues stored;
  for (const plan::Value& value : *values) {
    stored.texts.emplace_back(value.text);
    plan::Operand& operand = stored.values.emplace_back();
    operand.constant = value;
    operand.constant.text = stored.texts.back();
  }
  co_return stored;
}

}  // namespace kintsugi::exec
