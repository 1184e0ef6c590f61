#include <algorithm>
#include <deque>

#include "base/utf8.h"
#include "exec/errors.h"
#include "exec/op/file_rows.h"
#include "exec/op/operators.h"
#include "exec/op/read.h"
#include "exec/op/row_writer.h"
#include "plan/errors.h"
#include "plan/load.h"

// LOAD DATA INFILE: rows as the client sends them, or as they stand in the gate's file, some at a time.

namespace kintsugi::exec {

namespace {

using plan::Load;
using plan::Value;
using plan::ValueKind;

constexpr std::size_t kRowsAtOnce = 1000;
constexpr std::size_t kBytesAtOnce = 256 * 1024;

constexpr std::uint16_t kTooFewFields = 1261, kTooManyFields = 1262, kNullToNotNull = 1263;

/// Text that is the same in every character set, and needs no escapes.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~' && c != '\'' && c != '\\'; });
}

/// A whole number without what servers skip in it: spaces in front, '+', leading zeros. Empty: it is none.
std::string_view whole_number(std::string_view text, std::string& buffer) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return {};
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size() - 1));
  buffer = negative && text != "0" ? "-" : "";
  return buffer += text;
}

/// Some lines of the file as values.
class LoadedRows final : public KnownRows {
 public:
  LoadedRows(const Load& load, FileClient& client) : load_(load), client_(client) {}

  std::size_t size() const override { return rows_.size(); }
  std::size_t bytes() const { return bytes_; }
  std::uint64_t warnings() const { return warnings_; }
  void clear() {
    rows_.clear();
    bytes_ = 0;
  }

  /// `number` counts from 1. What is wrong with the line becomes warnings.
  Result<void> add(FileRow row, std::uint64_t number) {
    for (std::size_t i = 0; i < load_.fields.size(); ++i) {
      const Load::Field& field = load_.fields[i];
      if (i < row.fields.size()) {
        bytes_ += row.fields[i] ? row.fields[i]->size() : 0;
        if (row.fields[i] || field.variable || field.takes_null) continue;
        if (auto told = warn_of_null(field, number); !told) return told;
      } else if (!field.variable) {
        if (auto told = warn_of_missing(number); !told) return told;
      }
    }
    if (row.cut) {
      if (auto told = warn_of_more(number); !told) return told;
    }
    rows_.push_back(std::move(row.fields));
    return {};
  }

  Result<std::span<const Value>> values(std::size_t row) override {
    values_.clear();
    numbers_.clear();
    for (std::size_t i = 0; i < load_.fields.size(); ++i) values_.push_back(value_of(rows_[row], i));
    return std::span<const Value>(values_);
  }

 private:
  using Row = std::vector<std::optional<std::string>>;

  Value value_of(const Row& row, std::size_t i) {
    const Load::Field& field = load_.fields[i];
    if (i >= row.size()) return field.variable || field.null_missing ? Value() : *field.zero;
    if (!row[i]) return field.takes_null || field.variable ? Value() : *field.zero;
    const std::string_view text = *row[i];
    if (field.is_integer) {
      numbers_.emplace_back();
      const std::string_view number = whole_number(text, numbers_.back());
      if (!number.empty()) return {ValueKind::kInteger, number, {}};
    }
    if (is_plain(text)) return {ValueKind::kString, text, {}};
    const bool binary = field.is_binary || load_.charset == "binary";
    const bool utf8 = load_.charset.starts_with("utf8");
    if (binary || (utf8 && !is_utf8(text))) return {ValueKind::kBytes, text, {}};
    return {ValueKind::kBytes, text, utf8 ? std::string_view("utf8mb4") : std::string_view(load_.charset)};
  }

  Result<void> warn_of_missing(std::uint64_t number) {
    return warn(kTooFewFields, "Row " + std::to_string(number) + " doesn't contain data for all columns");
  }
  Result<void> warn_of_more(std::uint64_t number) {
    return warn(kTooManyFields, "Row " + std::to_string(number) +
                                    " was truncated; it contained more data than there were input columns");
  }
  Result<void> warn_of_null(const Load::Field& field, std::uint64_t number) {
    return warn(kNullToNotNull, "Column set to default value; NULL supplied to NOT NULL column '" +
                                    field.name + "' at row " + std::to_string(number));
  }
  Result<void> warn(std::uint16_t code, std::string message) {
    ++warnings_;
    return client_.warn(code, std::move(message), load_.insert->ignore);
  }

  const Load& load_;
  FileClient& client_;
  std::vector<Row> rows_;
  std::size_t bytes_ = 0;
  std::uint64_t warnings_ = 0;
  std::vector<Value> values_;
  std::deque<std::string> numbers_;
};

/// Lines with what was computed of each.
class ComputedRows final : public KnownRows {
 public:
  ComputedRows(KnownRows& lines, KnownRows& computed) : lines_(lines), computed_(computed) {}

  std::size_t size() const override { return lines_.size(); }
  Result<std::span<const Value>> values(std::size_t row) override {
    values_.clear();
    for (KnownRows* part : {&lines_, &computed_}) {
      Result<std::span<const Value>> values = part->values(row);
      if (!values) return values;
      values_.insert(values_.end(), values->begin(), values->end());
    }
    return std::span<const Value>(values_);
  }

 private:
  KnownRows& lines_;
  KnownRows& computed_;
  std::vector<Value> values_;
};

/// One execution of a Load.
class Loading {
 public:
  Loading(ExecContext& context, const Load& load)
      : context_(context),
        load_(load),
        client_(*context.file),
        lines_(load.format, load.fields.size(), load.charset),
        rows_(load, client_),
        writer_(context, *load.insert) {}

  Task<Result<void>> run() {
    if (Result<void> begun = writer_.begin(); !begun) co_return begun;
    Result<void> opened = co_await client_.open(load_.file);
    if (!opened) co_return opened;
    for (;;) {
      Result<std::string_view> bytes = co_await client_.read();
      if (!bytes) co_return failure(std::move(bytes.error()));
      const bool end = bytes->empty();
      if (end) {
        lines_.end();
      } else {
        lines_.add(*bytes);
      }
      Result<void> taken = co_await take_rows();
      if (!taken) co_return taken;
      if (end) break;
    }
    Result<void> written = co_await write_rows();
    if (written) written = co_await writer_.flush();
    if (written) assign_variables();
    co_return written;
  }

  mysql::OkPacket answer() const {
    mysql::OkPacket ok = writer_.sum();
    ok.warnings = static_cast<std::uint16_t>(ok.warnings + rows_.warnings() + computing_warnings_);
    const std::uint64_t records = writer_.records();
    const bool replace = load_.insert->replace;
    const std::uint64_t deleted = replace && ok.affected_rows > records ? ok.affected_rows - records : 0;
    const std::uint64_t skipped = !replace && ok.affected_rows < records ? records - ok.affected_rows : 0;
    ok.info = "Records: " + std::to_string(records) + "  Deleted: " + std::to_string(deleted) +
              "  Skipped: " + std::to_string(skipped) + "  Warnings: " + std::to_string(ok.warnings);
    if (context_.generated_id) ok.last_insert_id = *context_.generated_id;
    return ok;
  }

 private:
  Task<Result<void>> take_rows() {
    for (FileRow row; lines_.next(row) == FileRows::Step::kRow;) {
      last_ = row.fields;
      Result<void> added = rows_.add(std::move(row), ++number_);
      if (!added) co_return added;
      row = {};
      if (rows_.size() < kRowsAtOnce && rows_.bytes() < kBytesAtOnce) continue;
      Result<void> written = co_await write_rows();
      if (!written) co_return written;
      rows_.clear();
    }
    if (lines_.held() > context_.write_bytes_max) {
      co_return failure(kWriteTooLarge, "line " + std::to_string(number_ + 1) +
                                            " of the file is longer than write_bytes_max = " +
                                            std::to_string(context_.write_bytes_max));
    }
    co_return Result<void>();
  }

  Task<Result<void>> write_rows() {
    if (load_.computed.empty() || rows_.size() == 0) {
      Result<void> written = co_await writer_.write(rows_);
      co_return written;
    }
    ReadRows computed(context_);
    Result<void> done = co_await compute(computed);
    if (!done) co_return done;
    ComputedRows rows(rows_, computed);
    Result<void> written = co_await writer_.write(rows);
    co_return written;
  }

  /// Expressions are a server's affair: any one's.
  Task<Result<void>> compute(ReadRows& computed) {
    Result<std::string> query = computing_query();
    if (!query) co_return failure(std::move(query.error()));
    ShardRequest request;
    request.keyspace = load_.insert->destination.keyspace;
    request.type = load_.insert->destination.type;
    request.own_text = false;
    request.text = *query;
    request.part = load_.insert->ignore ? ShardRequest::Part::kPart : ShardRequest::Part::kRead;
    Result<void> done = co_await context_.shards.run(request, computed, context_.cancel);
    if (!done) co_return done;
    computing_warnings_ += computed.warnings();
    if (computed.size() == rows_.size()) co_return Result<void>();
    co_return failure(kInternal, "not each line of the file has been computed");
  }

  Result<std::string> computing_query() {
    std::string query;
    plan::Bindings bindings = context_.bindings;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      Result<std::span<const Value>> values = rows_.values(row);
      if (!values) return failure(std::move(values.error()));
      bindings.read = *values;
      query += row == 0 ? "SELECT " : " UNION ALL SELECT ";
      for (std::size_t i = 0; i < load_.computed.size(); ++i) {
        if (i > 0) query += ", ";
        query += bind_text(load_.computed[i], bindings, context_.session);
        query += " AS `" + std::to_string(i) + '`';
      }
    }
    return query;
  }

  /// As the last line leaves them.
  void assign_variables() {
    for (std::size_t i = 0; i < load_.fields.size() && number_ > 0; ++i) {
      if (!load_.fields[i].variable) continue;
      std::string value;
      if (i < last_.size() && last_[i]) {
        plan::append_sql(value, {ValueKind::kBytes, *last_[i], load_.charset}, false);
      } else {
        value = "NULL";
      }
      client_.assign(load_.fields[i].name, std::move(value));
    }
  }

  ExecContext& context_;
  const Load& load_;
  FileClient& client_;
  FileRows lines_;
  LoadedRows rows_;
  RowWriter writer_;
  std::uint64_t number_ = 0;
  std::uint64_t computing_warnings_ = 0;
  std::vector<std::optional<std::string>> last_;
};

}  // namespace

Task<Result<void>> run_load(ExecContext& context, const plan::Node& node, RowSink& sink) {
  if (context.file == nullptr)
    co_return failure(plan::kUnsupportedYet, "LOAD DATA where no client waits for it");
  Result<void> begun = co_await context.shards.begin_unit({});
  if (!begun) co_return begun;
  Loading loading(context, static_cast<const Load&>(node));
  Result<void> done = co_await loading.run();
  Result<void> ended = co_await end_unit(context, std::move(done));
  if (!ended) co_return ended;
  co_return co_await sink.done(loading.answer());
}

}  // namespace kintsugi::exec
