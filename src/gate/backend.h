#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "gate/pool.h"
#include "gate/settings.h"
#include "wire/client_connection.h"

namespace kintsugi::gate {

/// How the gate connects to one server.
struct BackendConfig {
  std::string alias;  ///< "zone1-101", for messages
  runtime::Address address;
  std::string user;
  std::string password;
  std::string database;                    ///< of the tablet's keyspace
  std::optional<runtime::TlsContext> tls;  ///< unset: no TLS
  std::size_t statements_max = 256;        ///< prepared on one connection at the same time
};

/// Capabilities of a client that the connections which serve it are opened with, too: what the server answers
/// depends on them. (A server that does not know one of them answers without.)
inline constexpr mysql::Capabilities kCarriedCapabilities =
    mysql::capability::kFoundRows | mysql::capability::kMariadbExtendedMetadata;

/// One pooled connection to a mysqld, and what was set on it. It always speaks with EOF packets (no
/// kDeprecateEof), as most clients do. Belongs to one loop; one answer at a time.
class Backend final : public Poolable {
 public:
  /// Fails with what connecting fails with, or with the server's refusal; the message names the tablet.
  static Task<Result<std::unique_ptr<Poolable>>> connect(std::shared_ptr<const BackendConfig> config,
                                                         mysql::Capabilities carried, Time deadline);
  Backend(std::shared_ptr<const BackendConfig> config, std::unique_ptr<wire::ClientConnection> connection,
          mysql::Capabilities carried);

  bool is_stale() const override { return broken_ || connection_->is_stale(); }
  mysql::Capabilities carried() const override { return carried_; }
  std::uint64_t settings_signature() const override { return settings_->signature(); }
  bool is_broken() const override { return broken_ || !connection_->is_usable(); }

  wire::ClientConnection& connection() { return *connection_; }
  const std::shared_ptr<const BackendConfig>& config() const { return config_; }
  bool is_mysql() const;
  bool in_transaction() const override;
  void give_up(const std::string& why) override;
  /// It was taken for dead while it was in use.
  bool given_up() const { return given_up_; }

  /// Runs a statement of the gate's own. The server's error is the failure.
  Task<Result<wire::ResultSet>> query(std::string sql);
  /// The same of one that has no rows.
  Task<Result<void>> run(std::string_view sql) { return connection_->run(sql); }

  /// Makes the connection have these settings, with one statement if they differ.
  Task<Result<void>> apply(std::shared_ptr<const Settings> settings);
  const std::shared_ptr<const Settings>& settings() const { return settings_; }
  /// The session's own statement changed them here.
  void note_settings(std::shared_ptr<const Settings> settings) { settings_ = std::move(settings); }
  /// What NOW() is for the statements that follow, in microseconds since 1970; 0: the server's own clock.
  /// Before apply(), whose settings may have a `timestamp`.
  Task<Result<void>> use_clock(std::int64_t now_us);
  std::int64_t clock() const { return clock_us_; }
  /// Makes this the default database.
  Task<Result<void>> use(std::string_view database);
  const std::string& database() const { return database_; }

  /// What no settings describe was changed (temporary tables, locks, …): the connection must be reset before
  /// somebody else gets it.
  void mark_touched() { touched_ = true; }
  bool touched() const { return touched_; }
  /// Settings, statements, temporary tables, locks: as if it had just connected.
  Task<Result<void>> reset();

  /// The server's id for this text, if it is prepared already.
  std::optional<std::uint32_t> prepared(std::string_view sql);
  /// The server's id for this text, prepared now if it was not.
  Task<Result<std::uint32_t>> prepare(std::string_view sql);
  /// The same for a text that will not come again: to be closed with close_statement().
  Task<Result<std::uint32_t>> prepare_once(std::string sql);
  Task<void> close_statement(std::uint32_t id);

  /// No more use: an answer is out of step, or a cancelled query does not end.
  void break_connection();

 private:
  /// A statement keeps the sql_mode and character sets it was prepared under, and the database.
  struct Statement {
    std::uint64_t hash;  ///< of the text and the settings
    std::string text;
    std::uint64_t settings;
    std::string database;
    std::uint32_t id;
  };
  using Statements = std::list<Statement>;  // the front was used last

  std::uint64_t hash_of(std::string_view sql) const;
  Task<void> forget(Statements::iterator statement);

  std::shared_ptr<const BackendConfig> config_;
  std::unique_ptr<wire::ClientConnection> connection_;
  mysql::Capabilities carried_;
  bool broken_ = false;
  bool given_up_ = false;
  bool touched_ = false;
  std::int64_t clock_us_ = 0;
  std::string database_;
  std::shared_ptr<const Settings> settings_;
  Statements statements_;
  std::unordered_map<std::uint64_t, Statements::iterator> statement_of_;  // by their hashes
};

/// The connection of a lease.
inline Backend& backend_of(const Lease& lease) { return static_cast<Backend&>(*lease.get()); }

}  // namespace kintsugi::gate
