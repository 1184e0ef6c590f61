#include "gate/backend.h"

#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <xxhash.h>

#include "mysql/capabilities.h"
#include "mysql/status_flags.h"

namespace kintsugi::gate {
namespace {

constexpr mysql::Capabilities kBackendCapabilities =
    mysql::capability::kMultiResults | mysql::capability::kPsMultiResults | mysql::capability::kSessionTrack;

const std::shared_ptr<const Settings>& no_settings() {
  static const auto kNone = std::make_shared<const Settings>();
  return kNone;
}

}  // namespace

Backend::Backend(std::shared_ptr<const BackendConfig> config,
                 std::unique_ptr<wire::ClientConnection> connection, mysql::Capabilities carried)
    : config_(std::move(config)),
      connection_(std::move(connection)),
      carried_(carried),
      database_(config_->database),
      settings_(no_settings()) {}

Task<Result<std::unique_ptr<Poolable>>> Backend::connect(std::shared_ptr<const BackendConfig> config,
                                                         mysql::Capabilities carried, Time deadline) {
  wire::ConnectParams params;
  params.address = config->address;
  params.user = config->user;
  params.password = config->password;
  params.database = config->database;
  if (config->tls && !config->address.is_unix()) {
    params.tls = mysql::TlsPolicy::preferred;
    params.tls_context = config->tls;
  }
  params.capabilities = kBackendCapabilities;
  params.capabilities |= carried;
  params.attributes = {{"_client_name", "kintsugi gate"}};
  params.deadline = deadline;
  Result<std::unique_ptr<wire::ClientConnection>> connected =
      co_await wire::ClientConnection::connect(std::move(params));
  if (!connected) co_return failure(connected.error().with_context(config->alias));
  std::unique_ptr<Poolable> backend = std::make_unique<Backend>(config, std::move(*connected), carried);
  co_return backend;
}

bool Backend::in_transaction() const { return (connection_->status() & mysql::status::kInTransaction) != 0; }

bool Backend::is_mysql() const { return connection_->server_version().find("MariaDB") == std::string::npos; }

void Backend::break_connection() {
  broken_ = true;
  connection_->abort();
}

void Backend::give_up(const std::string& why) {
  broken_ = given_up_ = true;
  connection_->give_up(why);
}

Task<Result<wire::ResultSet>> Backend::query(std::string sql) {
  Result<wire::ResultSet> result = co_await connection_->query(std::move(sql));
  co_return result;
}

Task<Result<void>> Backend::apply(std::shared_ptr<const Settings> settings) {
  if (settings == settings_ || *settings == *settings_) {
    settings_ = std::move(settings);
    co_return Result<void>();
  }
  std::string sql = settings_transition(*settings_, *settings, is_mysql());
  if (!sql.empty()) {
    Result<wire::ResultSet> done = co_await connection_->query(std::move(sql));
    if (!done) {
      // Some of it may have taken effect: nobody knows what the connection has now.
      broken_ = true;
      co_return failure(std::move(done.error()));
    }
  }
  settings_ = std::move(settings);
  co_return Result<void>();
}

Task<Result<void>> Backend::use_clock(std::int64_t now_us) {
  if (now_us == clock_us_) co_return Result<void>();
  constexpr std::int64_t kMicroseconds = 1'000'000;
  std::string sql =
      now_us == 0 ? "SET timestamp = DEFAULT"
                  : fmt::format("SET timestamp = {}.{:06}", now_us / kMicroseconds, now_us % kMicroseconds);
  Result<wire::ResultSet> done = co_await connection_->query(std::move(sql));
  if (!done) {
    broken_ = true;
    co_return failure(std::move(done.error()));
  }
  clock_us_ = now_us;
  co_return Result<void>();
}

Task<Result<void>> Backend::use(std::string_view database) {
  if (database.empty() || database == database_) co_return Result<void>();
  std::string name(database);
  Result<void> done = co_await connection_->init_db(name);
  if (done) database_ = std::move(name);
  co_return done;
}

Task<Result<void>> Backend::reset() {
  Result<void> done = co_await connection_->reset();
  if (!done) {
    broken_ = true;
    co_return done;
  }
  statement_of_.clear();
  statements_.clear();
  touched_ = false;
  settings_ = no_settings();
  clock_us_ = 0;
  // The character set is not the handshake's any more, but the server's own.
  Result<wire::ResultSet> names = co_await connection_->query("SET NAMES utf8mb4 COLLATE utf8mb4_general_ci");
  if (!names) {
    broken_ = true;
    co_return failure(std::move(names.error()));
  }
  co_return Result<void>();
}

std::uint64_t Backend::hash_of(std::string_view sql) const {
  return XXH3_64bits_withSeed(sql.data(), sql.size(), settings_->signature());
}

std::optional<std::uint32_t> Backend::prepared(std::string_view sql) {
  const auto known = statement_of_.find(hash_of(sql));
  if (known == statement_of_.end()) return std::nullopt;
  const Statements::iterator statement = known->second;
  const bool same = statement->text == sql && statement->settings == settings_->signature() &&
                    statement->database == database_;
  if (!same) return std::nullopt;
  // Which was used last is of interest only when there are many.
  const bool many = statements_.size() > config_->statements_max / 2;
  if (many && statement != statements_.begin())
    statements_.splice(statements_.begin(), statements_, statement);
  return statement->id;
}

Task<Result<std::uint32_t>> Backend::prepare(std::string_view sql) {
  if (const std::optional<std::uint32_t> known = prepared(sql)) co_return *known;
  const std::uint64_t hash = hash_of(sql);
  if (const auto other = statement_of_.find(hash); other != statement_of_.end())
    co_await forget(other->second);
  while (statements_.size() >= config_->statements_max) co_await forget(std::prev(statements_.end()));
  std::string text(sql);
  Result<std::uint32_t> id = co_await prepare_once(text);
  if (!id) co_return id;
  statements_.push_front({hash, std::move(text), settings_->signature(), database_, *id});
  statement_of_.emplace(hash, statements_.begin());
  co_return id;
}

Task<void> Backend::forget(Statements::iterator statement) {
  const std::uint32_t id = statement->id;
  statement_of_.erase(statement->hash);
  statements_.erase(statement);
  co_await close_statement(id);
}

Task<Result<std::uint32_t>> Backend::prepare_once(std::string sql) {
  Result<wire::PreparedStatement> prepared = co_await connection_->prepare(std::move(sql));
  if (!prepared) co_return failure(std::move(prepared.error()));
  co_return prepared->id;
}

Task<void> Backend::close_statement(std::uint32_t id) {
  Result<void> closed = co_await connection_->close_statement(id);
  if (!closed) broken_ = true;
}

}  // namespace kintsugi::gate
