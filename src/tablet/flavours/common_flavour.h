#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tablet/flavour.h"

namespace kintsugi::tablet {

/// Both servers replicate alike and name it differently: master and slave, or source and replica. The two
/// words stand in statements, settings, variables and columns, in one of three spellings.
struct ReplicationWords {
  ReplicationWords(std::string_view source_word, std::string_view replica_word);
  std::string source, replica;              ///< settings: rpl_semi_sync_source_enabled
  std::string upper_source, upper_replica;  ///< statements: STOP REPLICA
  std::string title_source, title_replica;  ///< columns: Source_Host
};

/// What is the same in MariaDB and MySQL but for the words. A flavour says its words, and what it has of its
/// own.
class CommonFlavour : public Flavour {
 public:
  std::vector<Setting> settings(const ServerParameters& parameters) const final;
  std::vector<RefusedSetting> refused_settings() const final;
  std::vector<AccountSpec> accounts(const std::string& keyspace) const final;

  ObservationQueries observation_queries() const final;
  Result<ServerState> parse_observation(const QueryRows& variables, const QueryRows& status,
                                        const QueryRows& replication) const final;

  std::vector<std::string> make_writable() const final;
  std::vector<std::string> semi_sync_source(bool on) const final;
  std::vector<std::string> semi_sync_replica(bool on) const final;
  std::vector<std::string> stop_receiving() const final;
  std::vector<std::string> start_replication() const final;
  std::vector<std::string> start_applying() const final;
  std::string open_transactions_query() const final;
  std::string writers_query() const final;
  std::vector<std::string> stop_replication() const final;
  std::vector<std::string> forget_source() const final;
  std::vector<std::string> attach(const ReplicationSource& source, const std::string& password,
                                  const std::string& executed) const final;

 protected:
  explicit CommonFlavour(ReplicationWords words) : words_(std::move(words)) {}

  // What a flavour has of its own.

  virtual std::vector<Setting> own_settings(const ServerParameters& parameters) const = 0;
  virtual std::vector<RefusedSetting> own_refused_settings() const = 0;
  /// The longest a commit can be told to wait for an acknowledgement, in ms: a primary must not go on alone.
  virtual const char* longest_wait_ms() const = 0;
  virtual std::set<std::string> agent_privileges() const = 0;    ///< on *.*
  virtual std::set<std::string> monitor_privileges() const = 0;  ///< on *.*
  virtual std::set<std::string> replication_privileges() const { return {"REPLICATION SLAVE"}; }

  /// The part of ObservationQueries::variables that gives `read_only`, `gtid_executed` and what parse_gtids()
  /// looks at.
  virtual std::string own_variables() const = 0;
  /// Fills by_gtid and applied_all: that `gtid_executed` has all that was received. The best of those that
  /// have come to rest becomes primary by what it tells there.
  virtual Result<void> parse_gtids(const QueryRows& variables, const QueryRows& replication,
                                   ReplicationState& state) const = 0;
  /// "CHANGE … TO".
  virtual std::string change_source() const = 0;
  /// What it is told besides where the source is, as GTID.
  virtual std::string change_source_options() const = 0;
  /// Makes it go on after what it has executed; none where it does so anyway.
  virtual std::vector<std::string> take_position(const std::string& executed) const = 0;

 private:
  Result<ReplicationState> parse_replication(const QueryRows& variables, const QueryRows& rows) const;

  ReplicationWords words_;
};

}  // namespace kintsugi::tablet
