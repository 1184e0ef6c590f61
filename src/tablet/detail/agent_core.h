#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "admin/histogram.h"
#include "kintsugi/tablet/v1/tablet.pb.h"
#include "runtime/event.h"
#include "runtime/task_group.h"
#include "tablet/accounts.h"
#include "tablet/agent.h"
#include "tablet/data_dir.h"
#include "tablet/detail/data_source.h"
#include "tablet/detail/decisions.h"
#include "tablet/detail/disk_watch.h"
#include "tablet/detail/opened.h"
#include "tablet/detail/reclone.h"
#include "tablet/detail/registration.h"
#include "tablet/detail/resolver.h"
#include "tablet/detail/role_grants.h"
#include "tablet/detail/shard_watch.h"
#include "tablet/health.h"
#include "tablet/lag.h"
#include "tablet/mysqld.h"
#include "tablet/reconcile.h"
#include "tablet/server_connection.h"

namespace kintsugi::tablet {

/// The agent without its faces: looks, decides, does, tells. The files: agent_core.cc (beginning, end, the
/// loop), agent_observe.cc (looking), agent_act.cc (doing), agent_role.cc (who may be primary),
/// agent_word.cc (whose word counts), agent_reclone.cc (data that is made anew).
class AgentCore : private Reclone::Host {
 public:
  explicit AgentCore(Agent::Parts parts);
  ~AgentCore() override;

  Task<Result<void>> start(runtime::Address http);
  Task<void> stop();

  /// How long each look at the server takes from now on. Borrowed.
  void measure_looks(admin::Histogram& took) { looks_took_ = &took; }

  // For its faces. Valid at any time; what is not known yet is empty.

  const v1::Health& health() const { return health_; }
  /// As it may be told now. A round may take seconds, or an agent stand still in the middle of it: a primary
  /// that may not lead any more by then serves nobody.
  v1::Health told_health() const;
  /// Whether health() says anything: not before the first look at a server that was there already is over,
  /// for who hears that a primary does not answer lets another take over.
  bool has_looked() const { return looked_; }
  /// Set and reset at each change of health() that is worth telling at once.
  runtime::Event& health_changed() { return health_changed_; }
  /// What the agent wants to do and has not managed yet, as "action: reason".
  std::vector<std::string> pending() const;
  /// One round that begins after the call; gives what it did.
  Task<Result<std::vector<std::string>>> reconcile_now(Time deadline);

  Task<Result<v1::GetStatusResponse>> status();
  Task<Result<v1::PingResponse>> ping();
  Task<Result<v1::GetSchemaResponse>> schema(v1::GetSchemaRequest request);
  Task<Result<v1::ApplySchemaResponse>> apply_schema(v1::ApplySchemaRequest request);
  Task<Result<v1::DecideTransactionResponse>> decide_transaction(v1::DecideTransactionRequest request);
  Task<Result<v1::ListTransactionsResponse>> list_transactions();
  Task<Result<v1::GetDecisionsResponse>> get_decisions(v1::GetDecisionsRequest request);
  Task<Result<v1::EndTransactionResponse>> end_transaction(v1::EndTransactionRequest request);
  /// Null before start().
  const Resolver* resolver() const { return resolver_ ? &*resolver_ : nullptr; }
  v1::GrantRoleResponse grant_role(const v1::GrantRoleRequest& request);
  Result<v1::RecloneResponse> reclone(v1::RecloneRequest request);
  /// Null before start().
  DataSource* data_source() { return data_source_ ? &*data_source_ : nullptr; }

  const TabletOptions& options() const { return parts_.options; }
  const TabletPlace& place() const { return place_; }
  const ServerState& server() const { return input_.server; }
  bool reachable() const { return reachable_; }
  std::uint32_t restarts() const { return mysqld_ ? mysqld_->restarts() : 0; }
  pid_t mysqld_pid() const { return mysqld_ ? mysqld_->pid() : 0; }
  bool started() const { return mysqld_.has_value(); }
  const std::optional<Error>& registration_error() const;
  std::string topology_lost() const { return watch_ ? watch_->lost() : std::string(); }
  /// On the data directory's disk; nothing if it is not known.
  std::optional<std::uint64_t> disk_free_bytes() const { return disk_free_; }
  const std::vector<UserSetting>& user_settings() const { return user_settings_; }
  const ShardPicture* shard() const { return watch_ && watch_->known() ? &watch_->picture() : nullptr; }

 private:
  // Beginning.
  Result<void> read_settings();
  Result<std::string> find_program() const;
  std::string make_my_cnf() const;
  Mysqld::Config mysqld_config();
  Task<Result<void>> check_program(std::string program) const;
  Login agent_login() const;
  Login monitor_login() const;
  Login gate_login() const;
  /// Of transactions over several shards.
  void begin_transactions();

  // Ending.
  Task<void> hand_over();
  Task<bool> prepare_shutdown();

  // The loop.
  Task<void> run();
  Task<void> round();
  void give_up_on_server(const Error& error);
  void tell();

  // Looking.
  Task<Result<void>> observe();
  Task<Result<void>> observe_accounts();
  Task<Result<void>> observe_databases();
  void observe_schema();
  Task<void> read_schema_version();
  void observe_topology();

  Task<void> observe_catching_up();
  void forget_catching_up();
  bool stands_still() const;
  bool begins_too_early() const;
  Task<Result<void>> observe_hand_over();
  void observe_copying();
  void observe_waiting();

  // Who may be primary.
  bool is_primary_of_record() const;
  bool is_redundant() const;
  /// Still, after the round: the record names it, and its lease holds or a replica's word does.
  bool may_lead_now() const;
  bool is_open() const;
  bool has_answered() const { return answered_ != 0 && answered_ == mysqld_->pid(); }
  bool has_crashed() const;
  void decide_start();
  Task<void> observe_role();
  Task<void> keep_word();
  Task<void> take_word_back();
  Task<Result<void>> mend_after_crash();
  Task<Result<void>> open_server();
  Task<Result<void>> close_server();
  Task<Result<void>> end_writers();
  Time look_again() const;
  // Whether its word counts (agent_word.cc).
  Task<Result<void>> publish_acknowledging();
  Task<void> withdraw();
  bool may_withdraw() const;
  Task<bool> another_has(std::string executed);

  // Its data is made anew.
  Task<Result<ReplicationSource>> primary() override;
  bool data_is_unusable() const override;
  Task<Result<void>> make_empty_data(std::string folder) override;
  Task<Result<void>> end_server() override;
  Task<Result<void>> start_server(Identity identity) override;
  void reclone_ended() override;
  std::string reclone_sentence() const;

  // Doing.
  Task<void> act();
  Task<Result<void>> perform(ActionKind kind);
  Task<Result<void>> compare_with_source();
  Task<Result<void>> attach();
  Task<Result<void>> start_creating_databases();
  Task<void> create_databases(std::uint32_t epoch);
  Task<Result<void>> run_statements(std::vector<std::string> statements);
  AccountsRequest accounts_request() const;

  Agent::Parts parts_;
  admin::Histogram* looks_took_ = nullptr;
  TabletPlace place_;
  const Flavour* flavour_ = nullptr;
  std::string os_user_;
  std::optional<Credentials> credentials_;
  std::vector<UserSetting> user_settings_;
  std::optional<DataDir> data_dir_;
  std::optional<Identity> identity_;
  std::string program_;  // the server's
  std::string my_cnf_;
  runtime::Address http_;

  runtime::Event wake_;
  std::optional<Mysqld> mysqld_;
  std::optional<ShardWatch> watch_;
  std::optional<Registration> registration_;
  std::optional<ServerSession> monitor_session_;
  std::optional<ServerSession> agent_session_;
  std::optional<ServerSession> schema_session_;  ///< of read_schema_version()

  std::optional<Decisions> decisions_;
  std::optional<Resolver> resolver_;
  std::optional<DataSource> data_source_;
  std::optional<DiskWatch> disk_;
  std::optional<Reclone> reclone_;
  bool copy_may_start_ = false;  ///< a server on the data that was taken over
  std::optional<Opened> opened_;
  pid_t mended_ = 0;            // the server whose engine was compared with its binlog
  std::string split_branches_;  // on which these disagree
  Time down_since_{};           // that a server which was open is not there
  GivenGrant given_;
  bool withdrawn_ = false;  ///< it is taking its word back, or has, whatever is heard of its record
  Time withdraw_again_{};
  /// What the primary had executed, under this epoch, since nothing is acknowledged here.
  struct Sample {
    std::uint32_t epoch = 0;
    std::string executed;
  };
  std::optional<Sample> sample_;
  HeldGrant held_;
  bool leads_alone_ = false;  // nobody has acknowledged anything yet, so nobody else can have been chosen
  bool caught_up_ = false;
  std::string catch_up_with_;  // what the source had at some moment
  std::optional<Time> draining_since_;
  std::optional<Time> copy_waits_since_;
  std::optional<Time> waits_since_;  ///< that commits wait, and this was the last one written:
  std::string waits_at_;

  ReconcileInput input_;
  ReconcileDecision decision_;
  bool reachable_ = false;
  bool looked_ = false;  // has_looked()
  Time began_{};
  pid_t answered_ = 0;        // the server that has, since it was started
  std::string trouble_;       // why the last round could not look or do; empty: it could
  std::string last_failure_;  // that was logged, and when: the same one is not logged each second
  Time last_failure_at_{};
  std::vector<std::string> done_;  // by the last round
  std::uint64_t rounds_ = 0;
  runtime::Event round_ended_;
  pid_t accounts_of_ = 0;  // the server whose accounts were brought in order
  std::uint32_t databases_epoch_ = 0;
  bool creating_databases_ = false;
  std::optional<ReplicationSource> compared_with_;
  Time replication_started_{};
  std::string version_published_;
  LagMeter lag_;
  std::optional<std::uint32_t> lag_ms_;
  std::optional<std::uint64_t> disk_free_;
  std::string schema_version_;
  std::uint64_t ddl_seen_ = 0;
  Time ddl_moved_{};  ///< when `ddl_seen_` was another
  Time schema_read_{};
  bool schema_is_read_ = false;  ///< read_schema_version() runs

  v1::Health health_;
  runtime::Event health_changed_;
  runtime::TaskGroup tasks_;         // the loop, the watch, the registration
  runtime::TaskGroup server_tasks_;  // the server's life: ends last
};

}  // namespace kintsugi::tablet
