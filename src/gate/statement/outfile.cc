#include <memory>
#include <optional>

#include <fmt/format.h>

#include "base/lower_case.h"
#include "gate/errors.h"
#include "gate/file_line.h"
#include "gate/load_file.h"
#include "gate/restored.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "gate/statement_runner.h"
#include "mysql/charset.h"
#include "mysql/packet.h"
#include "mysql/row.h"
#include "sql/into_file.h"

// SELECT … INTO OUTFILE and INTO DUMPFILE: the query runs without INTO, and its rows go to a file of the
// gate's folder as they come. Values are the bytes that columns have, or those of CHARACTER SET.

namespace kintsugi::gate {
namespace {

constexpr std::size_t kWrittenAtOnce = 256 * 1024;
constexpr std::uint64_t kDumpedMax = 2;  // rows; servers tell of the third

constexpr std::uint16_t kDeprecated = 1287, kAmbiguousTerminator = 1475, kWideSeparators = 1638;

/// Rows, to a file.
class FileSink final : public exec::RowSink {
 public:
  FileSink(FolderFile& file, const plan::FileFormat* format) : file_(file), format_(format) {}

  Task<Result<void>> columns(std::vector<mysql::ColumnDefinition> columns) override {
    columns_ = columns.size();
    if (format_ == nullptr) co_return Result<void>();
    Result<FileLines> lines = FileLines::of(*format_, columns);
    if (!lines) co_return failure(std::move(lines.error()));
    lines_.emplace(std::move(*lines));
    co_return Result<void>();
  }

  Task<Result<void>> rows(exec::RowBatch batch) override {
    std::string_view frames(batch.frames.data(), batch.frames.size());
    while (!frames.empty()) {
      const std::size_t length = mysql::parse_header(frames.substr(0, mysql::kHeaderSize)).length;
      const std::string_view payload = frames.substr(mysql::kHeaderSize, length);
      frames.remove_prefix(mysql::kHeaderSize + length);
      const bool continued = length == mysql::kMaxFrame;
      Result<void> taken;
      if (long_row_.empty() && !continued) {
        taken = add(payload);
      } else {
        long_row_ += payload;
        if (!continued) {
          taken = add(long_row_);
          long_row_.clear();
        }
      }
      if (!taken) co_return taken;
    }
    co_return Result<void>();
  }

  Task<Result<void>> done(mysql::OkPacket) override { co_return flush(); }

  std::uint64_t row_count() const { return rows_; }
  bool is_ambiguous() const { return lines_ && lines_->is_ambiguous(); }

 private:
  Result<void> add(std::string_view row) {
    if (Result<void> parsed = mysql::parse_text_row(row, columns_, cells_); !parsed) return parsed;
    ++rows_;
    if (lines_) {
      lines_->append(text_, cells_);
    } else if (rows_ > kDumpedMax) {
      return failure(kDumpedRows, "Result consisted of more than one row");
    } else {
      for (const mysql::Cell& cell : cells_) text_ += cell.value_or(std::string_view("\0", 1));
    }
    return text_.size() < kWrittenAtOnce ? Result<void>() : flush();
  }

  Result<void> flush() {
    Result<void> written = file_.write(text_);
    text_.clear();
    return written;
  }

  FolderFile& file_;
  const plan::FileFormat* format_;  // null: INTO DUMPFILE
  std::size_t columns_ = 0;
  std::optional<FileLines> lines_;
  std::vector<mysql::Cell> cells_;
  std::string long_row_;
  std::string text_;
  std::uint64_t rows_ = 0;
};

void warn(SessionState& state, std::uint32_t code, std::string message) {
  state.warnings.push_back({"Warning", code, std::move(message)});
  ++state.warning_count;
}

/// What servers warn of where such a query is well.
void add_warnings(Session& session, const sql::Into& into, const plan::FileFormat& format,
                  const FileSink& sink) {
  SessionState& state = session.state();
  if (into.last && session.worker().is_mariadb()) {
    warn(state, kDeprecated,
         "'<select expression> INTO <destination>;' is deprecated and will be removed in a future release. "
         "Please use 'SELECT <select list> INTO <destination> FROM...' instead");
  }
  if (has_wide_separators(format))
    warn(state, kWideSeparators, "Non-ASCII separator arguments are not fully supported");
  if (sink.is_ambiguous()) {
    warn(state, kAmbiguousTerminator,
         "First character of the FIELDS TERMINATED string is ambiguous; please use non-optional and "
         "non-empty FIELDS ENCLOSED BY");
  }
}

/// The query's rows, to `sink`: in these characters, or as columns have them.
Task<Result<void>> run_query(Session& session, const sql::Into& into, const std::string& charset,
                             const ClientStatement& sent, FileSink& sink) {
  static constexpr const char* kResults = "character_set_results";
  const Restored restored(session, {kResults});
  auto settings = std::make_shared<Settings>(*session.state().settings);
  settings->set(kResults, charset.empty() ? "NULL" : fmt::format("'{}'", charset));
  session.state().settings = std::move(settings);
  session.settings_changed();

  const std::string text = sql::without_into(sent.text, into);
  ClientStatement query = sent;
  query.text = text;
  query.binary = false;
  query.cursor = nullptr;
  query.fingerprint = nullptr;
  InnerStatement inner;
  inner.rows = &sink;
  inner.rows_in_utf8 = false;
  const bool goes_on = co_await run_inner(session, query, inner);
  if (!goes_on) session.close_after_command();
  if (inner.error) co_return failure(std::move(*inner.error));
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> statement_into_file(Session& session, const sql::Statement& statement,
                                       const ClientStatement& sent) {
  const sql::Into& into = *sql::into_file(statement);
  const bool dumps = into.dumpfile != nullptr;
  Result<FilesFolder> folder = files_folder(session);
  if (!folder) co_return failure(std::move(folder.error()));
  const Result<plan::FileFormat> format = plan::file_format(into.format);
  if (!format) co_return failure(format.error());
  std::string charset = lower_case(into.charset);
  if (charset == "binary") charset.clear();
  if (!charset.empty() && mysql::default_collation(charset) == nullptr)
    co_return failure(kUnknownCharset, fmt::format("Unknown character set: '{}'", into.charset));
  if (!mysql::is_ascii_safe(charset))
    co_return failure(kUnsupported, fmt::format("INTO OUTFILE in the character set {}", charset));

  const std::string_view name = (dumps ? into.dumpfile : into.outfile)->text;
  Result<FolderFile> file = folder->create(name);
  if (!file) co_return failure(std::move(file.error()));
  FileSink sink(*file, dumps ? nullptr : &*format);
  Result<void> done = co_await run_query(session, into, charset, sent, sink);
  if (done) done = file->close();
  if (!done) {
    folder->remove(name);
    co_return done;
  }
  add_warnings(session, into, *format, sink);
  mysql::OkPacket ok;
  ok.affected_rows = sink.row_count();
  ok.warnings = static_cast<std::uint16_t>(session.state().warning_count);
  session.state().row_count = static_cast<std::int64_t>(sink.row_count());
  session.respond().ok(std::move(ok));
  co_return done;
}

}  // namespace kintsugi::gate
