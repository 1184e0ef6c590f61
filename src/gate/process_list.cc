#include "gate/process_list.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "runtime/errors.h"

namespace kintsugi::gate {
namespace {

constexpr std::size_t kInfoShown = 100;

Result<void> kill_itself(Session& session, bool query_only) {
  if (!query_only) session.close_after_command();
  if (!query_only && session.worker().is_mariadb()) {
    return failure(kConnectionKilled, "Connection was killed");
  }
  return failure(runtime::kCancelled, "Query execution was interrupted");
}

}  // namespace

Task<std::vector<ProcessInfo>> list_processes(Worker& worker) {
  std::vector<ProcessInfo> all;
  for (Worker* other : worker.shared().workers) {
    if (other != &worker) co_await runtime::switch_to(other->loop());
    std::vector<ProcessInfo> here = other->processes();
    all.insert(all.end(), std::make_move_iterator(here.begin()), std::make_move_iterator(here.end()));
    if (other != &worker) co_await runtime::switch_to(worker.loop());
  }
  std::sort(all.begin(), all.end(), [](const ProcessInfo& a, const ProcessInfo& b) { return a.id < b.id; });
  co_return all;
}

void respond_process_list(Responder& responder, const std::vector<ProcessInfo>& processes, bool full) {
  std::vector<Responder::Row> rows;
  for (const ProcessInfo& process : processes) {
    std::string info = utf8_only(process.statement);
    if (!full && info.size() > kInfoShown) info.resize(kInfoShown);
    rows.push_back({std::to_string(process.id), process.user, process.peer, process.target, process.command,
                    std::to_string(process.seconds), process.pins.text(process.in_transaction),
                    std::move(info)});
  }
  responder.table({{"Id", true}, "User", "Host", "db", "Command", {"Time", true}, "State", "Info"}, rows);
}

Task<Result<void>> kill_connection(Session& killer, std::uint32_t connection_id, bool query_only) {
  Worker& worker = killer.worker();
  const std::string user = killer.identity().user;
  Worker& other = Worker::of_connection(worker.shared(), connection_id);
  if (&other != &worker) co_await runtime::switch_to(other.loop());
  Result<void> result;
  Session* session = other.find(connection_id);
  if (session == nullptr) {
    result = failure(kNoSuchThread, fmt::format("Unknown thread id: {}", connection_id));
  } else if (session->identity().user != user) {
    result = failure(kNotOwner, fmt::format("You are not owner of thread {}", connection_id));
  } else if (session == &killer) {
    result = kill_itself(killer, query_only);
  } else if (query_only) {
    session->cancel_statement();
  } else {
    session->kill();
  }
  if (&other != &worker) co_await runtime::switch_to(worker.loop());
  co_return result;
}

}  // namespace kintsugi::gate
