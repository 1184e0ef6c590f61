#include "tablet/reconcile.h"

#include <algorithm>

namespace kintsugi::tablet {
namespace {

class Decider {
 public:
  explicit Decider(const ReconcileInput& input) : in_(input), server_(input.server) {}

  ReconcileDecision decide() {
    decision_.type = server_.read_only ? in_.configured : topo::TabletType::primary;
    if (!in_.shard_known) {
      // Whoever was primary when this agent's last life ended still is: only the topology says otherwise.
      decision_.serving = !server_.read_only || replicates();
      problem("the topology was not read yet");
    } else if (!in_.primary) {
      without_primary();
    } else if (*in_.primary == in_.self) {
      as_leader();
    } else if (in_.change == Change::unplanned && in_.configured != topo::TabletType::rdonly) {
      come_to_rest();
    } else {
      as_replica();
    }
    return std::move(decision_);
  }

 private:
  void act(ActionKind kind, std::string why) { decision_.actions.push_back({kind, std::move(why)}); }
  void problem(std::string text) {
    if (!decision_.problem.empty()) decision_.problem += "; ";
    decision_.problem += text;
  }
  bool replicates() const {
    return server_.replication && server_.replication->sql_thread == ThreadState::running;
  }

  void without_primary() {
    if (!server_.read_only) act(ActionKind::make_read_only, "the shard has no primary");
    problem("the shard has no primary");
  }

  /// Of the primary that the record names.
  void as_leader() {
    if (in_.change == Change::unplanned) {
      close("another primary is being chosen");
      decision_.fenced = !may_write();
    } else if (in_.shut) {
      if (!server_.read_only) act(ActionKind::make_read_only, "its server ended unasked");
      problem("its server ended unasked while it was primary: control decides who goes on");
    } else if (!in_.may_lead) {
      close("its lease has run out and no replica gave its word");
      problem(
          "it neither reaches the topology nor a replica, so another may be primary by now: it takes no "
          "statements");
    } else if (in_.change == Change::planned) {
      hand_over();
    } else {
      as_primary();
    }
  }

  /// Somebody may still change what is here.
  bool may_write() const { return !server_.read_only || in_.half_closed; }

  /// Also of a former primary that has not heard for a while: its commits may wait for ever.
  void close(std::string why) {
    if (!may_write()) return;
    const SemiSyncState& semi_sync = server_.semi_sync;
    const bool stuck =
        !server_.read_only && semi_sync.source_enabled && (semi_sync.waiting > 0 || semi_sync.replicas == 0);
    act(stuck ? ActionKind::kill_server : ActionKind::make_read_only, std::move(why));
  }

  void hand_over() {
    problem("hands over to another primary");
    if (server_.read_only) {
      close("it hands over to another primary");
      decision_.fenced = !may_write();
      return;
    }
    // Gates begin nothing new here from now on, and what they have begun ends.
    decision_.draining = true;
    const bool ended = in_.open_transactions && *in_.open_transactions == 0;
    if (ended || (in_.draining_for && *in_.draining_for >= kDrainMax))
      act(ActionKind::make_read_only, "it hands over to another primary");
  }

  void come_to_rest() {
    problem("receives nothing until another primary is chosen");
    if (may_write()) {
      close(in_.primary->text() + " is the shard's primary");
      return;
    }
    decision_.serving = replicates();
    if (!server_.replication) {
      decision_.fenced = true;
      return;
    }
    const ReplicationState& replication = *server_.replication;
    if (in_.has_granted) {
      problem(in_.primary->text() + " counts on this replica for some seconds more");
    } else if (replication.io_thread != ThreadState::stopped) {
      act(ActionKind::stop_receiving, "another primary is being chosen");
    } else if (replication.applied_all) {
      decision_.fenced = true;
    } else {
      problem("applies what it has received");
      if (replication.sql_thread == ThreadState::stopped) problem("it cannot: " + replication.sql_error);
    }
  }

  void as_primary() {
    if (server_.replication && !let_go_of_source()) return;
    if (in_.copy_waits_for && *in_.copy_waits_for >= kCopyWaitsMax) {
      const char* why =
          "its commits wait for a replica, and the copy of its data, of which one is made, waits for them: "
          "it is "
          "killed and started again, and takes no commits before that replica is there";
      act(ActionKind::kill_server, why);
      problem(why);
      return;
    }
    if (in_.semi_sync != server_.semi_sync.source_enabled) {
      act(in_.semi_sync ? ActionKind::semi_sync_source_on : ActionKind::semi_sync_source_off,
          in_.semi_sync ? "another tablet can acknowledge" : "no other tablet can acknowledge");
    }
    if (server_.semi_sync.replica_enabled)
      act(ActionKind::semi_sync_replica_off, "a primary acknowledges nothing");
    if (server_.read_only) act(ActionKind::make_writable, "this tablet is the shard's primary");
    if (!in_.databases_exist) {
      problem("the keyspace's database is not ready yet");
      decision_.holds_back = in_.semi_sync && server_.semi_sync.replicas == 0;
      if (!decision_.holds_back)
        act(ActionKind::create_databases, "the keyspace's database is not ready yet");
    }
    if (in_.recorded != topo::TabletType::primary) {
      act(ActionKind::publish_type, "the tablet's record does not say primary");
      decision_.type = topo::TabletType::primary;
    }
    decision_.serving = !server_.read_only && in_.databases_exist;
    if (server_.semi_sync.source_enabled && !server_.semi_sync.source_active) {
      problem("semi-synchronous replication has fallen back to asynchronous");
    }
    if (server_.semi_sync.source_enabled && server_.semi_sync.replicas == 0) {
      problem("no replica is there to acknowledge: commits wait (" +
              std::to_string(waiting_commits(server_, decision_)) + " now)");
    }
  }

  /// True when nothing is received any more and all that was is applied.
  bool let_go_of_source() {
    const ReplicationState& replication = *server_.replication;
    if (replication.io_thread != ThreadState::stopped) {
      act(ActionKind::stop_receiving, "this tablet is the shard's primary");
      problem("still receives from its former primary");
      return false;
    }
    if (!replication.applied_all) {
      problem("applies what it has received before it becomes primary");
      if (replication.sql_thread == ThreadState::stopped && in_.may_retry_replication) {
        act(ActionKind::start_applying, "what was received is not applied yet");
      }
      if (!replication.sql_error.empty()) problem("it cannot: " + replication.sql_error);
      return false;
    }
    act(ActionKind::forget_source, "this tablet is the shard's primary");
    return true;
  }

  void as_replica() {
    if (may_write()) {
      close(in_.primary->text() + " is the shard's primary");
      problem("still writable, but " + in_.primary->text() + " is the shard's primary");
      return;
    }
    if (!in_.reclone.empty()) {
      problem(in_.reclone);
      const bool stopped = !server_.replication || (server_.replication->io_thread == ThreadState::stopped &&
                                                    server_.replication->sql_thread == ThreadState::stopped);
      if (!stopped) act(ActionKind::stop_replication, "its data is made anew");
      return;
    }
    if (server_.semi_sync.source_enabled) act(ActionKind::semi_sync_source_off, "a replica waits for nobody");
    if (in_.recorded != in_.configured) act(ActionKind::publish_type, "the tablet's record says otherwise");
    if (!in_.source) {
      problem("the primary " + in_.primary->text() + " has no record that says where it is");
      decision_.serving = replicates();
      return;
    }
    if (is_attached()) {
      keep_attached();
    } else {
      attach();
    }
  }

  bool is_attached() const {
    if (!server_.replication) return false;
    const ReplicationState& replication = *server_.replication;
    return replication.by_gtid && replication.source_user == kReplicationUser &&
           !replication.begins_too_early() &&
           ReplicationSource{replication.source_host, replication.source_port} == *in_.source;
  }

  /// What it may acknowledge, its record says beforehand: also where it had taken its word back.
  void give_word() {
    if (in_.acknowledges && !in_.recorded_acknowledges)
      act(ActionKind::publish_acknowledging, "it is about to acknowledge commits");
  }

  void set_acknowledging() {
    give_word();
    if (in_.acknowledges == server_.semi_sync.replica_enabled) return;
    act(in_.acknowledges ? ActionKind::semi_sync_replica_on : ActionKind::semi_sync_replica_off,
        in_.acknowledges ? "the primary's commits may wait for this replica"
                         : "this replica's word does not count");
  }

  void attach() {
    problem("not attached to the primary " + in_.primary->text() + " yet");
    switch (in_.errant) {
      case Errant::not_compared:
        act(ActionKind::compare_with_source, "a replica must have nothing that its primary has not");
        return;
      case Errant::some:
        errant();
        return;
      case Errant::none:
        set_acknowledging();
        act(ActionKind::attach, in_.primary->text() + " is the shard's primary");
        return;
    }
  }

  void errant() {
    decision_.problem.clear();
    problem("has transactions that the primary " + in_.primary->text() + " has not: " + in_.errant_gtids +
            ". It is not attached: `kintsugi tablet reclone " + in_.self.text() +
            "` saves them to a file and makes its data anew");
    decision_.copy = in_.errant_own ? CopyNeed::own : CopyNeed::foreign;
    if (server_.replication && server_.replication->io_thread != ThreadState::stopped) {
      act(ActionKind::stop_replication, "this server has transactions that its primary has not");
    }
    // Two seconds of somebody's typing may have brought the primary to where the replica is.
    if (in_.may_retry_replication) act(ActionKind::compare_with_source, "the primary may have them by now");
  }

  void keep_attached() {
    const ReplicationState& replication = *server_.replication;
    decision_.serving = replicates();
    if (in_.acknowledges != server_.semi_sync.replica_enabled) {
      // The receiver tells its source once, when it connects.
      act(ActionKind::stop_receiving, "the receiver must connect anew to change whether it acknowledges");
      set_acknowledging();
      act(ActionKind::start_replication, "it was stopped to change whether it acknowledges");
      return;
    }
    if (in_.source_purged && in_.errant == Errant::some) {
      decision_.serving = false;
      errant();
      return;
    }
    if (in_.source_purged) {
      // So it looks, too, where something was written here after the servers were compared.
      if (in_.may_retry_replication)
        act(ActionKind::compare_with_source, "what the primary's binlog lacks may be this server's own");
      if (in_.errant == Errant::none) decision_.copy = CopyNeed::left_behind;
      problem("the primary no longer has the binlog that this replica needs: `kintsugi tablet reclone " +
              in_.self.text() + "` makes its data anew. The server says " + replication.io_error);
    } else if (!replication.io_error.empty()) {
      problem("cannot receive: " + replication.io_error);
    }
    if (!replication.sql_error.empty()) problem("cannot apply: " + replication.sql_error);
    const bool stopped =
        replication.io_thread == ThreadState::stopped || replication.sql_thread == ThreadState::stopped;
    if (!stopped) give_word();
    if (stopped && in_.may_retry_replication) {
      give_word();
      act(ActionKind::start_replication, "one of its threads stands still");
    }
    if (stopped && decision_.problem.empty()) problem("replication stands still");
  }

  const ReconcileInput& in_;
  const ServerState& server_;
  ReconcileDecision decision_;
};

}  // namespace

bool semi_sync_wanted(Durability durability, const topo::TabletAlias& primary,
                      const std::vector<ShardTablet>& tablets) {
  switch (durability) {
    case Durability::none:
      return false;
    case Durability::semi_sync:
    case Durability::cross_cell:
      return true;
    case Durability::unset:
      break;
  }
  return std::any_of(tablets.begin(), tablets.end(), [&](const ShardTablet& tablet) {
    return tablet.alias != primary && tablet.may_become_primary;
  });
}

bool may_acknowledge(Durability durability, const topo::TabletAlias& self, bool may_become_primary,
                     const topo::TabletAlias& primary) {
  if (!may_become_primary || durability == Durability::none) return false;
  return durability != Durability::cross_cell || self.cell != primary.cell;
}

std::string_view name(ActionKind kind) {
  switch (kind) {
    case ActionKind::make_read_only:
      return "make_read_only";
    case ActionKind::make_writable:
      return "make_writable";
    case ActionKind::semi_sync_source_on:
      return "semi_sync_source_on";
    case ActionKind::semi_sync_source_off:
      return "semi_sync_source_off";
    case ActionKind::semi_sync_replica_on:
      return "semi_sync_replica_on";
    case ActionKind::semi_sync_replica_off:
      return "semi_sync_replica_off";
    case ActionKind::stop_receiving:
      return "stop_receiving";
    case ActionKind::stop_replication:
      return "stop_replication";
    case ActionKind::forget_source:
      return "forget_source";
    case ActionKind::compare_with_source:
      return "compare_with_source";
    case ActionKind::attach:
      return "attach";
    case ActionKind::start_replication:
      return "start_replication";
    case ActionKind::start_applying:
      return "start_applying";
    case ActionKind::kill_server:
      return "kill_server";
    case ActionKind::create_databases:
      return "create_databases";
    case ActionKind::publish_type:
      return "publish_type";
    case ActionKind::publish_acknowledging:
      return "publish_acknowledging";
  }
  return "?";
}

ReconcileDecision reconcile(const ReconcileInput& input) { return Decider(input).decide(); }

}  // namespace kintsugi::tablet
