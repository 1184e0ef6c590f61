#include "tablet/detail/crashed_branches.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "base/log.h"
#include "tablet/server_connection.h"
#include "topo/key_range.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

constexpr int kEventsAtOnce = 500;
constexpr int kNotReadable =
    1220;  // SHOW BINLOG EVENTS of a file that has no whole event where one should be
/// The newest file was begun when the server was started, so the one before is what it wrote at the end.
/// A branch that was prepared in an older one and not ended in these is looked for only if it is there.
constexpr std::size_t kFilesAtLeast = 2;

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// A row of XA RECOVER as XA statements and binlogs write the name.
std::string branch_name(const QueryRows& rows, std::size_t row) {
  const std::string data = rows.text(row, "data");
  const std::size_t first = std::min<std::size_t>(number(rows.text(row, "gtrid_length")), data.size());
  return fmt::format("X'{}',X'{}',{}", topo::to_hex(data.substr(0, first)), topo::to_hex(data.substr(first)),
                     rows.text(row, "formatID"));
}

Task<Result<std::set<std::string>>> prepared_in_engine(SqlClient& root, Time deadline) {
  const Result<QueryRows> rows = co_await root.query("XA RECOVER", deadline);
  if (!rows) co_return failure(rows.error());
  std::set<std::string> found;
  for (std::size_t row = 0; row < rows->rows.size(); ++row) found.insert(branch_name(*rows, row));
  co_return found;
}

Task<Result<BranchWords>> read_file(SqlClient& root, std::string file, Time deadline) {
  BranchWords words;
  std::string from;
  while (true) {
    const Result<QueryRows> events = co_await root.query(
        fmt::format("SHOW BINLOG EVENTS IN '{}'{} LIMIT {}", file, from, kEventsAtOnce), deadline);
    if (!events) co_return failure(events.error());
    for (std::size_t row = 0; row < events->rows.size(); ++row) {
      const std::string type = events->text(row, "Event_type"), info = events->text(row, "Info");
      words.read(
          {file, number(events->text(row, "Pos")), number(events->text(row, "End_log_pos")), type, info});
    }
    if (events->rows.size() < kEventsAtOnce) co_return words;
    from = " FROM " + events->text(events->rows.size() - 1, "End_log_pos");
  }
}

struct Binlog {
  BranchWords words;
  bool whole = false;  ///< from its beginning on, as far as it was needed
};

/// From the newest file back, until there is a word of each.
Task<Result<Binlog>> read_binlog(SqlClient& root, std::set<std::string> wanted, Time deadline) {
  const Result<QueryRows> files = co_await root.query("SHOW BINARY LOGS", deadline);
  if (!files) co_return failure(files.error());
  Binlog binlog;
  BranchWords& words = binlog.words;
  // Older ones may have been purged.
  binlog.whole = !files->empty() && files->text(0, "Log_name").ends_with(".000001");
  for (std::size_t read = 0; read < files->rows.size(); ++read) {
    const bool all = std::ranges::all_of(
        wanted, [&words](const std::string& name) { return words.last().contains(name); });
    if (all && read >= kFilesAtLeast) break;
    std::string file = files->text(files->rows.size() - 1 - read, "Log_name");
    const Result<BranchWords> of_file = co_await read_file(root, std::move(file), deadline);
    if (!of_file) co_return failure(of_file.error());
    words.add_older(*of_file);
  }
  co_return binlog;
}

}  // namespace

void BranchWords::read(const BinlogEvent& event) {
  if (event.type == "Gtid") transaction_begin_ = event.begin;
  std::string_view info = event.info;
  // Before what a client says, servers write the database that it was in.
  if (event.type == "Query" && info.starts_with("use `")) {
    const std::size_t end = info.find("`; ");
    if (end != std::string_view::npos) info.remove_prefix(end + 3);
  }
  struct Form {
    std::string_view type, begin;
    Word word;
  };
  constexpr Form kForms[] = {{"XA_prepare", "XA PREPARE ", Word::prepared},
                             {"Query", "XA COMMIT ", Word::committed},
                             {"Query", "XA ROLLBACK ", Word::rolled_back}};
  for (const Form& form : kForms) {
    if (event.type != form.type || !info.starts_with(form.begin)) continue;
    Last last{form.word, {}};
    if (form.word == Word::prepared) last.place = {std::string(event.file), transaction_begin_, event.end};
    last_[std::string(info.substr(form.begin.size()))] = std::move(last);
  }
}

void BranchWords::add_older(const BranchWords& older) {
  last_.insert(older.last_.begin(), older.last_.end());
}

Task<Result<std::vector<std::string>>> mend_crashed_branches(ReplayingServer server, Time deadline) {
  const Result<std::unique_ptr<SqlClient>> session =
      co_await connect_server(root_login(server.login), deadline);
  if (!session) co_return failure(session.error().with_context("root's login over the unix socket"));
  SqlClient& root = **session;
  const Result<std::set<std::string>> prepared = co_await prepared_in_engine(root, deadline);
  if (!prepared) co_return failure(prepared.error());
  const Result<Binlog> binlog = co_await read_binlog(root, *prepared, deadline);
  // One whose end was torn off, as where its disk had filled up, cannot be compared with any more.
  if (!binlog && binlog.error().mysql_errno() == kNotReadable)
    co_return std::vector<std::string>{"its binlog cannot be read (" + binlog.error().message() + ")"};
  if (!binlog) co_return failure(binlog.error());
  const std::map<std::string, BranchWords::Last>& words = binlog->words.last();
  std::vector<std::string> disagree;
  for (const std::string& name : *prepared) {
    const auto last = words.find(name);
    if (last != words.end() && last->second.word == BranchWords::Word::prepared) continue;
    if (last == words.end() && !binlog->whole) {
      disagree.push_back(name);
      continue;
    }
    const bool commit = last != words.end() && last->second.word == BranchWords::Word::committed;
    std::vector<std::string> statements = {"SET SESSION sql_log_bin = 0",
                                           (commit ? "XA COMMIT " : "XA ROLLBACK ") + name,
                                           "SET SESSION sql_log_bin = 1"};
    const Result<void> done = co_await run_all(root, std::move(statements), deadline);
    if (!done) co_return failure(done.error().with_context("branch " + name));
    kLog.info("branch.mended", {{"branch", name}, {"outcome", commit ? "committed" : "rolled back"}});
  }
  for (const auto& [name, last] : words) {
    if (last.word != BranchWords::Word::prepared || prepared->contains(name)) continue;
    const Result<void> again = co_await replay_binlog(server, last.place, deadline);
    if (again) {
      kLog.info("branch.mended", {{"branch", name}, {"outcome", "prepared again"}});
    } else {
      kLog.error("branch.not_mended", {{"branch", name}, {"error", again.error()}});
      disagree.push_back(name);
    }
  }
  co_return disagree;
}

}  // namespace kintsugi::tablet
