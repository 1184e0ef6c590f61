#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "local/changes.h"
#include "local/progress.h"
#include "local/protocol.h"
#include "local/records.h"
#include "local/state.h"
#include "local/unit.h"
#include "runtime/http_server.h"

namespace kintsugi::local {

/// Keeps the processes of one cluster running and changes them as specs are applied. There is one for a
/// state folder: whoever makes it holds the folder's supervisor lock.
///
/// What runs does not depend on it: a supervisor that is killed leaves all processes alone, and the next one
/// takes them over by their records in the folder. All calls on one loop.
class Supervisor {
 public:
  Supervisor(Layout layout, std::string program);
  ~Supervisor();

  /// Reads the folder, takes over what runs, starts what should and does not, and answers on the socket.
  Task<Result<void>> open();
  /// Brings the cluster to what a spec says. Ends `progress`; runs to its end even if nobody listens.
  Task<void> apply(ApplyRequest request, Progress& progress);
  /// Stops every process. `wait_finished()` returns after it.
  Task<void> down(Progress& progress);
  ClusterStatus status() const;

  /// Until the cluster is down. Meanwhile starts a guardian whenever there is none, if `with_guardian`.
  Task<void> wait_finished(bool with_guardian);
  Task<void> close();

 private:
  struct Plan;  ///< of one change

  void serve();
  Task<void> answer(std::function<Task<void>(Progress&)> work, runtime::HttpWriter& out);
  Result<void> load();
  std::map<std::string, runtime::Process> take_over();
  Result<spec::Cluster> applied_cluster() const;
  Assignments assignments() const;

  Task<Result<void>> change(ApplyRequest request, Progress& progress);
  Task<Result<void>> work_out(const ApplyRequest& request, Progress& progress, Plan& plan);
  Result<void> check_machine(const spec::Cluster& wanted);
  Result<Assignments> assign(const spec::Cluster& cluster, const Observed& observed);
  Task<Result<void>> ensure_etcd(const spec::Cluster& wanted, Progress& progress);
  Task<Result<void>> carry_out(Plan plan, Progress& progress);
  Task<void> stop_units(std::vector<std::string> names, Progress& progress);
  Task<Result<void>> restart_units(std::vector<std::string> names, const std::vector<ProcessPlan>& plans,
                                   Progress& progress);
  Task<Result<void>> wait_all_ready(Progress& progress);
  Task<void> say_when_ready(Unit& unit, Time deadline, Progress& progress);

  Unit& start_unit(const ProcessPlan& plan, std::optional<runtime::Process> running);
  void remember(const Unit& unit);
  void forget_process(const std::string& name);
  std::vector<std::string> unit_names(ProcessKind kind) const;

  Layout layout_;
  std::string program_;
  State state_;
  ProcessTable table_;
  std::map<std::string, std::unique_ptr<Unit>> units_;
  std::vector<std::string> order_;  ///< of units_, as planned
  std::vector<std::string> notes_;
  std::unique_ptr<runtime::Cancel> change_;  ///< of the change under way
  runtime::Event idle_;                      ///< set while none is
  runtime::Event finished_;
  runtime::HttpServer server_;
};

}  // namespace kintsugi::local
