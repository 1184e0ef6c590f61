#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "runtime/process.h"
#include "runtime/task_group.h"
#include "tablet/accounts.h"
#include "tablet/data_dir.h"
#include "tablet/server_connection.h"

namespace kintsugi::rpc {
class Client;
}

namespace kintsugi::tablet {

/// Makes a tablet's data anew as a copy of another tablet's, while its own server goes on and is kept out:
///
/// 1. what this server has and the primary has not is written to a file, as text that can be run again;
/// 2. the other's data comes, beside this server's own (MariaDB: from the other's agent, whose program reads
///    it; MySQL: this server fetches it with CLONE, and where none runs it begins empty, and is given the
///    rest as one that was left behind), and is made a data directory;
/// 3. from then on nothing goes back: the server is ended, the copy takes the place of its data, another
///    server is started on it, and told what it has executed.
///
/// Where no server runs on the data, what it has executed is read out of its binlogs; where not even that can
/// be done, the binlogs are kept.
///
/// Where it stands is in reclone.json: an agent that was started again begins anew, or from step 3 on goes
/// on. What fails before step 3 leaves all as it was. On one loop; borrows what it is given.
class Reclone {
 public:
  /// The agent it works for.
  class Host {
   public:
    virtual ~Host() = default;
    /// Where the primary's server is, once that is known and this tablet's own server answers, or never will.
    virtual Task<Result<ReplicationSource>> primary() = 0;
    /// No server runs on the data.
    virtual bool data_is_unusable() const = 0;
    /// A data directory without anybody's data.
    virtual Task<Result<void>> make_empty_data(std::string folder) = 0;
    /// Ends the server and keeps it from being started.
    virtual Task<Result<void>> end_server() = 0;
    /// Has the server started on the data that was taken, and waits until it answers.
    virtual Task<Result<void>> start_server(Identity identity) = 0;
    virtual void reclone_ended() = 0;
  };
  struct Parts {
    Host& host;
    const Flavour& flavour;
    DataDir& data_dir;
    const Credentials& credentials;
    std::string alias;
    std::string program;  ///< the server's
    std::string os_user;
    Login login;  ///< of the agent
  };
  explicit Reclone(Parts parts);
  ~Reclone();

  /// Goes on with what an earlier life of the agent has begun, if it has.
  void resume(Identity identity);
  /// kRecloneRefused: another is under way. Does nothing if this one is.
  Result<void> begin(v1::RecloneRequest request, Identity identity);
  Task<void> stop();

  bool under_way() const { return progress_.outcome() == v1::Reclone::under_way && !progress_.id().empty(); }
  /// The copy takes the place of the data: the server is started and told things by this alone.
  bool replaces() const { return state_.whole(); }
  /// Of the one that is under way, or the last one. No id: there was none.
  const v1::Reclone& progress() const { return progress_; }

 private:
  Task<void> run(Identity identity);
  Task<Result<void>> run_steps(Identity identity);
  Task<Result<void>> discard_copy();
  Task<Result<std::string>> executed_by_primary();
  Task<Result<std::string>> executed_here();
  Task<Result<void>> save(std::string executed);
  Task<Result<void>> save_extra(std::string executed);
  Result<void> keep_binlogs();
  Task<Result<void>> save_with(std::vector<std::string> command);
  Result<void> check(const v1::OfferCopyResponse& offer) const;
  Task<Result<void>> copy();
  Task<Result<void>> receive(rpc::Client& donor, v1::OfferCopyResponse offer);
  Task<Result<void>> fetch();
  Task<void> ask_progress(runtime::Cancel& cancel);
  Task<Result<void>> prepare();
  Task<Result<void>> replace(Identity identity);
  Task<Result<void>> run_program(std::vector<std::string> command);
  Result<void> check_end(const std::string& program, runtime::ExitStatus status,
                         std::uint64_t log_offset) const;
  Result<void> write_state();
  Login root() const;
  void step(std::string what);

  Parts parts_;
  const TabletFiles& files_;
  v1::RecloneState state_;
  v1::Reclone progress_;
  std::string copied_;  // what had been executed where the copy stands
  runtime::TaskGroup tasks_;
};

}  // namespace kintsugi::tablet
