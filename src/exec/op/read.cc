#include "exec/op/read.h"

#include <algorithm>

#include <fmt/format.h>

#include "exec/errors.h"
#include "exec/op/text.h"
#include "mysql/row.h"
#include "vschema/snapshot.h"

namespace kintsugi::exec {

namespace {

using mysql::FieldType;
using plan::ValueKind;

constexpr std::uint16_t kBinaryCollation = 63;

bool is_whole(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Dates with parts that are zero are no literals everywhere, but strings that every server takes for a date.
bool has_zero_part(std::string_view date) {
  return date.size() < 10 || date.substr(5, 2) == "00" || date.substr(8, 2) == "00";
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

Task<Result<void>> ReadRows::columns(std::vector<mysql::ColumnDefinition> columns) {
  columns_ = std::move(columns);
  co_return Result<void>();
}

Task<Result<void>> ReadRows::rows(RowBatch batch) {
  std::string_view frames(batch.frames.data(), batch.frames.size());
  while (const std::optional<std::string_view> row = joiner_.next(frames)) {
    Result<void> kept = keep(*row);
    if (!kept) co_return kept;
  }
  co_return Result<void>();
}

Task<Result<void>> ReadRows::done(mysql::OkPacket ok) {
  warnings_ = ok.warnings;
  co_return Result<void>();
}

Result<void> ReadRows::keep(std::string_view row) {
  bytes_ += row.size();
  rows_.emplace_back(row);
  if (rows_.size() <= context_.write_rows_max && bytes_ <= context_.write_bytes_max) return {};
  return failure(kWriteTooLarge,
                 fmt::format("the statement reads more than {} rows or {} bytes before it writes",
                             context_.write_rows_max, context_.write_bytes_max));
}

Result<std::span<const plan::Value>> ReadRows::values(std::size_t row) {
  values_.clear();
  made_.clear();
  for (std::size_t i = row * calls_; i < std::min((row + 1) * calls_, called_.size()); ++i) {
    Result<void> added = add_values(called_[i].row, called_[i].columns, called_cells_);
    if (!added) return failure(std::move(added.error()));
  }
  values_.resize(calls_);
  if (Result<void> added = add_values(rows_[row], columns_, cells_); !added)
    return failure(std::move(added.error()));
  return std::span<const plan::Value>(values_);
}

Result<void> ReadRows::add_values(std::string_view row, const std::vector<mysql::ColumnDefinition>& columns,
                                  std::vector<mysql::Cell>& cells) {
  Result<void> parsed = mysql::parse_text_row(row, columns.size(), cells);
  if (!parsed) return parsed;
  for (std::size_t i = 0; i < cells.size(); ++i)
    values_.push_back(cells[i] ? value_of(columns[i], *cells[i]) : plan::Value{});
  return {};
}

Task<Result<void>> ReadRows::call(ExecContext& context, const plan::RowCalls& calls) {
  calls_ = calls.texts.size();
  for (std::size_t i = 0; i < rows_.size() * calls_; ++i) {
    Result<std::span<const plan::Value>> known = values(i / calls_);
    if (!known) co_return failure(std::move(known.error()));
    context.bindings.read = *known;
    std::string text = bind_text(calls.texts[i % calls_], context.bindings, context.session);
    ReadRows answer(context);
    Result<void> done =
        co_await context.statements->run(std::move(text), ShardRequest::Part::kCopyOut, answer);
    if (!done) co_return done;
    if (answer.size() != 1 || answer.column_count() != 1)
      co_return failure(kShardsDisagree, "a function that the gate runs gave no value");
    called_.push_back({std::move(answer.columns_), std::move(answer.rows_.front())});
  }
  co_return Result<void>();
}

plan::Value ReadRows::value_of(const mysql::ColumnDefinition& column, std::string_view text) {
  const auto string = [text](std::string_view charset) {
    // Digits of bytes are the same in every character set that a client may speak.
    if (charset == "utf8mb4" && is_ascii(text)) return plan::Value{ValueKind::kString, text, {}};
    return plan::Value{ValueKind::kBytes, text, charset};
  };
  if (mysql::is_integer_type(column.type)) return {ValueKind::kInteger, text, {}};
  switch (column.type) {
    case FieldType::year:
      return {ValueKind::kInteger, text, {}};
    case FieldType::decimal:
    case FieldType::newdecimal:
      return {is_whole(text) ? ValueKind::kInteger : ValueKind::kDecimal, text, {}};
    case FieldType::float_:
    case FieldType::double_:
      if (is_whole(text) || text.find('e') != text.npos) return {ValueKind::kFloat, text, {}};
      made_.push_back(std::string(text) + "e0");  // without, it would be a decimal
      return {ValueKind::kFloat, made_.back(), {}};
    case FieldType::date:
    case FieldType::newdate:
      return has_zero_part(text) ? string("utf8mb4") : plan::Value{ValueKind::kDate, text, {}};
    case FieldType::timestamp:
    case FieldType::datetime:
    case FieldType::timestamp2:
    case FieldType::datetime2:
      return has_zero_part(text) ? string("utf8mb4") : plan::Value{ValueKind::kTimestamp, text, {}};
    case FieldType::time:
    case FieldType::time2:
      return {ValueKind::kTime, text, {}};
    case FieldType::bit:
      return {ValueKind::kBytes, text, {}};
    case FieldType::json:
      return string("utf8mb4");
    default:
      return string(column.collation == kBinaryCollation ? "binary" : "utf8mb4");
  }
}

Task<Result<void>> read_rows(ExecContext& context, const plan::Plan& read, bool ignore, ReadRows& rows) {
  ExecContext inner{.plan = read,
                    .bindings = context.bindings,
                    .shards = context.shards,
                    .sequences = context.sequences,
                    .vschema = context.vschema,
                    .session = context.session};
  inner.cancel = context.cancel;
  inner.now_us = context.now_us;
  inner.lookahead_bytes_max = context.lookahead_bytes_max;
  inner.concurrency_max = context.concurrency_max;
  inner.gather_rows_max = context.gather_rows_max;
  inner.gather_bytes_max = context.gather_bytes_max;
  inner.spill = context.spill;
  inner.part = ignore ? ShardRequest::Part::kPart : ShardRequest::Part::kRead;
  Result<void> done = co_await execute(inner, rows);
  context.gathered.rows += inner.gathered.rows;
  context.gathered.bytes += inner.gathered.bytes;
  co_return done;
}

Task<Result<void>> read_from(ExecContext& context, const vschema::Shard* shard, std::string_view text,
                             RowSink& sink) {
  ShardRequest request;
  request.shard = shard;
  request.keyspace = shard->keyspace;
  request.own_text = false;
  request.part = ShardRequest::Part::kCopyOut;
  request.text = text;
  co_return co_await context.shards.run(request, sink, context.cancel);
}

}  // namespace kintsugi::exec
