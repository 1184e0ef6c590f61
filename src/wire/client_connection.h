#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/soon.h"
#include "base/task.h"
#include "base/time.h"
#include "mysql/client_handshake.h"
#include "mysql/request.h"
#include "mysql/response.h"
#include "mysql/row.h"
#include "wire/packet_stream.h"

namespace kintsugi::wire {

struct ConnectParams {
  runtime::Address address;
  std::string user;
  std::string password;
  std::string database;  ///< empty: none
  mysql::TlsPolicy tls = mysql::TlsPolicy::disabled;
  std::optional<runtime::TlsContext> tls_context;  ///< must be there unless TLS is disabled
  std::string tls_server_name;                     ///< empty: the address's host
  /// Taken where the server offers them. kMysql is not asked for, so MariaDB's extensions can be.
  mysql::Capabilities capabilities = mysql::capability::kMultiStatements | mysql::capability::kMultiResults |
                                     mysql::capability::kPsMultiResults | mysql::capability::kSessionTrack |
                                     mysql::capability::kDeprecateEof;
  mysql::Compression compression = mysql::Compression::none;
  std::uint16_t collation = 45;
  mysql::ConnectAttributes attributes = {{"_client_name", "kintsugi"}};
  bool allow_public_key_retrieval = true;
  std::size_t max_packet = std::size_t{1} << 30;
  Time deadline = Time::max();  ///< for connecting and authenticating
};

/// What a query may take and give. A query that runs past its deadline costs the connection.
struct QueryOptions {
  Time deadline = Time::max();
  std::size_t rows_max = 1'000'000;  ///< all result sets together; more fail with kResultTooLarge
  std::size_t bytes_max = std::size_t{256} << 20;
};

using TextRow = std::vector<std::optional<std::string>>;

/// One result set, or the OK of a statement that has none (no columns then).
struct ResultSet {
  std::vector<mysql::ColumnDefinition> columns;
  std::vector<TextRow> rows;
  mysql::OkPacket ok;  ///< affected rows, insert id, status, warnings, session changes

  /// Place of a column by name, whatever its case.
  std::optional<std::size_t> column(std::string_view name) const;
  /// A cell by column name; nothing where it is NULL, or the row or the column does not exist.
  std::optional<std::string> cell(std::size_t row, std::string_view column_name) const;
  /// The first cell of the first row, as for `SELECT @@x`.
  std::optional<std::string> value() const;
};

/// The rows that came with one read. Cells are views that hold until the connection's next call.
struct RowBatch {
  std::size_t columns = 0;
  std::vector<mysql::Cell> cells;

  std::size_t rows() const { return columns == 0 ? 0 : cells.size() / columns; }
  std::span<const mysql::Cell> row(std::size_t i) const {
    return std::span(cells).subspan(i * columns, columns);
  }
};

struct PreparedStatement {
  std::uint32_t id = 0;
  std::vector<mysql::ColumnDefinition> parameters;
  std::vector<mysql::ColumnDefinition> columns;
};

/// A connection to a MySQL or MariaDB server as its client. Belongs to one loop; one call at a time, each
/// awaited before the next. An error of the server (Error with its number, code kServerError) leaves it
/// usable; any other failure, a deadline included, breaks it: is_usable() is false and it is to be destroyed.
class ClientConnection {
 public:
  static Task<Result<std::unique_ptr<ClientConnection>>> connect(ConnectParams params);

  /// The first result set; others are read and dropped. An error in any of them fails.
  Task<Result<ResultSet>> query(std::string sql, QueryOptions options = {});
  /// A statement that has no rows, of which only is told whether it was done: last_ok(). Rows break the
  /// connection.
  Task<Result<void>> run(std::string_view sql, Time deadline = Time::max());
  /// All result sets.
  Task<Result<std::vector<ResultSet>>> query_all(std::string sql, QueryOptions options = {});

  /// A query whose rows are taken as they come, with back-pressure: nothing is read ahead of what is asked
  /// for.
  ///
  ///     co_await connection.start_query(sql, deadline);           // columns() or, if empty, last_ok()
  ///     while (more) { batch = co_await connection.next_rows(); more = batch->rows() > 0; … }
  ///
  /// A batch without rows is the end of the result set: last_ok() has its status. With kMoreResults in it,
  /// next_result() begins the next one. A query that is not read to its end breaks the connection at the next
  /// call.
  Task<Result<void>> start_query(std::string sql, Time deadline = Time::max());
  Task<Result<void>> next_result();
  Task<Result<RowBatch>> next_rows();
  const std::vector<mysql::ColumnDefinition>& columns() const { return columns_; }
  const mysql::OkPacket& last_ok() const { return last_ok_; }

  Task<Result<PreparedStatement>> prepare(std::string sql, Time deadline = Time::max());
  /// Rows come as text, formatted as the text protocol does. Parameters' strings must outlive the call.
  Task<Result<ResultSet>> execute(const PreparedStatement& statement,
                                  std::vector<mysql::Parameter> parameters, QueryOptions options = {});
  Task<Result<void>> close_statement(std::uint32_t id);

  Task<Result<void>> ping(Time deadline = Time::max());
  /// COM_RESET_CONNECTION: rolls back, drops temporary tables, variables, statements; keeps user and
  /// database.
  Task<Result<void>> reset(Time deadline = Time::max());
  Task<Result<void>> init_db(std::string database, Time deadline = Time::max());
  Task<Result<void>> change_user(std::string user, std::string password, std::string database,
                                 Time deadline = Time::max());
  /// Says goodbye and closes; what may go wrong with it does not matter.
  Task<void> quit();
  /// Makes the call under way fail with kCancelled. The server goes on with the statement: KILL it over
  /// another connection.
  void abort() { packets_.stream().abort(); }
  /// The same, but with kConnectionLost: the server is taken for dead, for the reason `why`.
  void give_up(std::string why) { packets_.stream().give_up(std::move(why)); }

  const std::string& server_version() const { return greeting_.server_version; }
  std::uint32_t connection_id() const { return greeting_.connection_id; }
  mysql::Capabilities capabilities() const { return capabilities_; }
  bool is_mariadb() const;
  /// False after a failure that was not the server's answer, and while an answer is being read.
  bool is_usable() const { return usable_ && !reading_; }
  /// Whether the server has closed it meanwhile, asked without I/O: for connections that come out of a pool.
  bool is_stale() const { return !is_usable() || packets_.stream().is_stale(); }
  /// Status flags of the last answer.
  std::uint16_t status() const { return last_ok_.status; }

  // For who passes commands and answers on. After send_command, the answer must be read from packets() to its
  // end (wire/relay.h does), and answer_read() be told of it.

  PacketStream& packets() { return packets_; }
  /// `payload`: the command, its byte included.
  Soon<Result<void>> send_command(std::string_view payload, Time deadline = Time::max());
  /// `status`: of the answer's last OK; `in_step` false: it was not read to its end.
  void answer_read(std::uint16_t status, bool in_step);

  /// A command without rows that goes in one write with the next one, which send_command() sends. Its answer
  /// comes first: read_first() has it. Where that is no OK the connection is broken, since the other answer
  /// is on its way.
  void put_first(std::string_view payload);
  Task<Result<void>> read_first();
  /// Not of compressed connections, on which each command begins packets of its own.
  bool can_put_first() const { return is_usable() && !packets_.is_compressed(); }

 private:
  ClientConnection(runtime::Stream stream, const ConnectParams& params);

  Task<Result<void>> authenticate(ConnectParams params);
  Task<Result<void>> flush_command();
  Task<Result<std::string_view>> read_packet();
  Task<Result<void>> simple_command(std::string payload, Time deadline);
  Task<Result<void>> begin_result();
  std::optional<Result<void>> take_end(std::string_view payload);
  Task<Result<void>> read_definitions(std::size_t count, std::vector<mysql::ColumnDefinition>& into);
  Task<Result<ResultSet>> read_result(QueryOptions& budget);
  Result<bool> take_row(std::string_view payload, RowBatch& batch);
  Result<void> spend(QueryOptions& budget, const RowBatch& batch);
  tl::unexpected<Error> broken(Error error);
  tl::unexpected<Error> refused(std::string_view payload);

  PacketStream packets_;
  mysql::Greeting greeting_;
  mysql::ClientHandshakeConfig identity_;
  mysql::Capabilities capabilities_ = 0;
  bool usable_ = true;
  bool reading_ = false;  // an answer has begun and is not read to its end
  bool binary_ = false;   // its rows are binary
  bool rows_left_ = false;
  std::deque<std::string> converted_;  // text of binary values; its elements do not move
  std::vector<mysql::Cell> row_;
  std::vector<mysql::ColumnDefinition> columns_;
  mysql::OkPacket last_ok_;
};

}  // namespace kintsugi::wire
