#include "wire/client_connection.h"

#include <algorithm>

#include <strings.h>

#include "mysql/errors.h"
#include "mysql/status_flags.h"
#include "wire/errors.h"
#include "wire/handshake.h"

namespace kintsugi::wire {
namespace {

using mysql::Command;

mysql::ClientHandshakeConfig identity_of(const ConnectParams& params) {
  mysql::ClientHandshakeConfig config;
  config.user = params.user;
  config.password = params.password;
  config.database = params.database;
  config.capabilities = params.capabilities & ~(mysql::capability::kCompress | mysql::capability::kZstd |
                                                mysql::capability::kLocalFiles);
  if (!params.attributes.empty()) config.capabilities |= mysql::capability::kConnectAttributes;
  if (params.compression == mysql::Compression::zlib) config.capabilities |= mysql::capability::kCompress;
  if (params.compression == mysql::Compression::zstd) config.capabilities |= mysql::capability::kZstd;
  config.collation = params.collation;
  config.attributes = params.attributes;
  config.secure = params.address.is_unix();
  config.tls = config.secure ? mysql::TlsPolicy::disabled : params.tls;
  config.allow_public_key_retrieval = params.allow_public_key_retrieval;
  return config;
}

std::string command_payload(Command command, std::string_view argument = {}) {
  std::string payload;
  mysql::write_command(payload, command, argument);
  return payload;
}

TextRow owned(std::span<const mysql::Cell> cells) {
  TextRow row;
  row.reserve(cells.size());
  for (const mysql::Cell& cell : cells) {
    row.push_back(cell ? std::optional<std::string>(*cell) : std::nullopt);
  }
  return row;
}

}  // namespace

std::optional<std::size_t> ResultSet::column(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string& other = columns[i].name;
    if (other.size() == name.size() && ::strncasecmp(other.data(), name.data(), name.size()) == 0) return i;
  }
  return std::nullopt;
}

std::optional<std::string> ResultSet::cell(std::size_t row, std::string_view column_name) const {
  const std::optional<std::size_t> place = column(column_name);
  if (!place || row >= rows.size()) return std::nullopt;
  return rows[row][*place];
}

std::optional<std::string> ResultSet::value() const {
  return rows.empty() || rows[0].empty() ? std::nullopt : rows[0][0];
}

ClientConnection::ClientConnection(runtime::Stream stream, const ConnectParams& params)
    : packets_(std::move(stream), params.max_packet), identity_(identity_of(params)) {}

Task<Result<std::unique_ptr<ClientConnection>>> ClientConnection::connect(ConnectParams params) {
  Result<runtime::Stream> stream = co_await runtime::Stream::connect(params.address, params.deadline);
  if (!stream) co_return failure(std::move(stream.error()));
  std::unique_ptr<ClientConnection> connection(new ClientConnection(std::move(*stream), params));
  const std::string address = params.address.text();
  Result<void> authenticated = co_await connection->authenticate(std::move(params));
  if (!authenticated) co_return failure(authenticated.error().with_context(address));
  co_return connection;
}

Task<Result<void>> ClientConnection::authenticate(ConnectParams params) {
  packets_.stream().set_deadline(params.deadline);
  std::optional<runtime::TlsContext> tls = params.tls_context;
  if (!tls && identity_.tls != mysql::TlsPolicy::disabled) {
    Result<runtime::TlsContext> unchecked = runtime::TlsContext::client();
    if (!unchecked) co_return failure(std::move(unchecked.error()));
    tls = std::move(*unchecked);
  }
  std::string name = params.tls_server_name.empty() ? params.address.host : params.tls_server_name;
  mysql::ClientHandshake handshake(identity_);
  mysql::HandshakeAction first = handshake.start();
  Result<void> done =
      co_await run_client_handshake(packets_, handshake, std::move(first), std::move(tls), std::move(name));
  if (!done) co_return done;
  greeting_ = handshake.greeting();
  capabilities_ = handshake.capabilities();
  last_ok_ = handshake.ok();
  const mysql::Compression compression = mysql::compression_of(capabilities_);
  if (compression != mysql::Compression::none) packets_.start_compression(compression, 0);
  co_return Result<void>();
}

bool ClientConnection::is_mariadb() const {
  return (greeting_.capabilities & mysql::capability::kMysql) == 0;
}

Soon<Result<void>> ClientConnection::send_command(std::string_view payload, Time deadline) {
  if (reading_) return Result<void>(broken(Error(kOutOfStep, "the answer to the last command was not read")));
  if (!usable_) return Result<void>(failure(kOutOfStep, "the connection is broken"));
  packets_.begin_command();
  packets_.stream().set_deadline(deadline);
  packets_.append(payload);
  reading_ = true;
  binary_ = false;
  rows_left_ = false;
  std::optional<Result<void>> flushed = packets_.flush_at_once();
  if (!flushed) return flush_command();
  if (!*flushed) return Result<void>(broken(std::move(flushed->error())));
  return Result<void>();
}

Task<Result<void>> ClientConnection::flush_command() {
  Result<void> flushed = co_await packets_.flush();
  if (!flushed) co_return broken(std::move(flushed.error()));
  co_return flushed;
}

void ClientConnection::put_first(std::string_view payload) {
  packets_.begin_command();
  packets_.append(payload);
}

Task<Result<void>> ClientConnection::read_first() {
  Result<std::string_view> payload = co_await read_packet();
  if (!payload) co_return failure(std::move(payload.error()));
  if (mysql::is_error_packet(*payload)) co_return broken(mysql::parse_error_packet(*payload));
  if (!mysql::is_ok_packet(*payload))
    co_return broken(Error(mysql::kMalformedPacket, "rows in answer to a command that has none"));
  packets_.set_sequence(1);  // of the second one's answer
  co_return Result<void>();
}

void ClientConnection::answer_read(std::uint16_t status, bool in_step) {
  reading_ = false;
  usable_ = usable_ && in_step;
  last_ok_.status = status;
}

tl::unexpected<Error> ClientConnection::broken(Error error) {
  usable_ = false;
  return failure(std::move(error));
}

tl::unexpected<Error> ClientConnection::refused(std::string_view payload) {
  Error error = mysql::parse_error_packet(payload);
  if (error.is(mysql::kMalformedPacket)) return broken(std::move(error));
  reading_ = false;
  rows_left_ = false;
  return failure(std::move(error));
}

Task<Result<std::string_view>> ClientConnection::read_packet() {
  Result<std::string_view> payload = co_await packets_.read_packet();
  if (!payload) co_return broken(std::move(payload.error()));
  co_return payload;
}

// ------------------------------------------------------------------------------------------------- results

Task<Result<void>> ClientConnection::start_query(std::string sql, Time deadline) {
  std::string payload;
  mysql::write_query(payload, sql, capabilities_);
  Result<void> sent = co_await send_command(payload, deadline);
  if (!sent) co_return sent;
  co_return co_await begin_result();
}

Task<Result<void>> ClientConnection::next_result() {
  if (!reading_ || rows_left_) co_return broken(Error(kOutOfStep, "there is no next result to begin"));
  co_return co_await begin_result();
}

/// Of an answer's first packet: the OK or ERR that is all of it. Nothing: rows follow.
std::optional<Result<void>> ClientConnection::take_end(std::string_view payload) {
  if (mysql::is_error_packet(payload)) return refused(payload);
  if (mysql::is_local_infile(payload)) {
    return broken(
        Error(mysql::kMalformedPacket, "the server asks for a local file, which was not agreed on"));
  }
  const bool eof = mysql::is_end_of_rows(payload, 0);
  if (!eof && !mysql::is_ok_packet(payload)) return std::nullopt;
  Result<mysql::OkPacket> ok =
      eof ? mysql::parse_end_of_rows(payload, 0) : mysql::parse_ok_packet(payload, capabilities_);
  if (!ok) return broken(std::move(ok.error()));
  last_ok_ = std::move(*ok);
  reading_ = (last_ok_.status & mysql::status::kMoreResults) != 0;
  return Result<void>();
}

/// The packets before the rows; or the OK or ERR in their place.
Task<Result<void>> ClientConnection::begin_result() {
  columns_.clear();
  Result<std::string_view> payload = co_await read_packet();
  if (!payload) co_return failure(std::move(payload.error()));
  std::optional<Result<void>> end = take_end(*payload);
  if (end) co_return std::move(*end);
  Result<mysql::ResultSetHeader> header = mysql::parse_result_set_header(*payload, capabilities_);
  if (!header) co_return broken(std::move(header.error()));
  Result<void> defined = co_await read_definitions(header->columns, columns_);
  rows_left_ = defined.has_value();
  co_return defined;
}

Task<Result<void>> ClientConnection::read_definitions(std::size_t count,
                                                      std::vector<mysql::ColumnDefinition>& into) {
  const bool eof = (capabilities_ & mysql::capability::kDeprecateEof) == 0 && count > 0;
  for (std::size_t i = 0; i < count + (eof ? 1 : 0); ++i) {
    Result<std::string_view> payload = co_await read_packet();
    if (!payload) co_return failure(std::move(payload.error()));
    if (mysql::is_error_packet(*payload)) co_return refused(*payload);
    if (i == count) break;
    Result<mysql::ColumnDefinition> column = mysql::parse_column_definition(*payload, capabilities_);
    if (!column) co_return broken(std::move(column.error()));
    into.push_back(std::move(*column));
  }
  co_return Result<void>();
}

Task<Result<RowBatch>> ClientConnection::next_rows() {
  RowBatch batch{.columns = columns_.size()};
  converted_.clear();
  if (!rows_left_) co_return batch;
  Result<std::string_view> first = co_await read_packet();
  if (!first) co_return failure(std::move(first.error()));
  std::optional<std::string_view> payload = *first;
  while (payload) {
    Result<bool> row = take_row(*payload, batch);
    if (!row) co_return failure(std::move(row.error()));
    // A packet that spanned frames is held by the stream only until the next one is taken.
    if (!*row || payload->size() >= mysql::kMaxFrame) break;
    Result<std::optional<std::string_view>> next = packets_.next_buffered_packet();
    if (!next) co_return broken(std::move(next.error()));
    payload = *next;
  }
  co_return batch;
}

/// False where the packet was not a row but the end of them. An ERR behind rows of the same batch fails it
/// all.
Result<bool> ClientConnection::take_row(std::string_view payload, RowBatch& batch) {
  if (mysql::is_error_packet(payload)) return refused(payload);
  if (mysql::is_end_of_rows(payload, capabilities_)) {
    Result<mysql::OkPacket> ok = mysql::parse_end_of_rows(payload, capabilities_);
    if (!ok) return broken(std::move(ok.error()));
    last_ok_ = std::move(*ok);
    rows_left_ = false;
    reading_ = (last_ok_.status & mysql::status::kMoreResults) != 0;
    return false;
  }
  if (!binary_) {
    const Result<void> parsed = mysql::parse_text_row(payload, columns_.size(), row_);
    if (!parsed) return broken(parsed.error());
    batch.cells.insert(batch.cells.end(), row_.begin(), row_.end());
    return true;
  }
  std::vector<mysql::Value> values;
  const Result<void> parsed = mysql::parse_binary_row(payload, columns_, values);
  if (!parsed) return broken(parsed.error());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (const auto* text = std::get_if<std::string_view>(&values[i])) {
      batch.cells.emplace_back(*text);
    } else if (mysql::is_null(values[i])) {
      batch.cells.emplace_back();
    } else {
      converted_.push_back(*mysql::to_text(values[i], columns_[i].type, columns_[i].decimals));
      batch.cells.emplace_back(converted_.back());
    }
  }
  return true;
}

Result<void> ClientConnection::spend(QueryOptions& budget, const RowBatch& batch) {
  std::size_t bytes = 0;
  for (const mysql::Cell& cell : batch.cells) bytes += cell ? cell->size() : 0;
  if (batch.rows() > budget.rows_max || bytes > budget.bytes_max) {
    return broken(Error(kResultTooLarge, "the result has more rows or bytes than were allowed"));
  }
  budget.rows_max -= batch.rows();
  budget.bytes_max -= bytes;
  return {};
}

/// All rows of the result set that has begun.
Task<Result<ResultSet>> ClientConnection::read_result(QueryOptions& budget) {
  ResultSet result;
  result.columns = columns_;
  while (rows_left_) {
    Result<RowBatch> batch = co_await next_rows();
    if (!batch) co_return failure(std::move(batch.error()));
    const Result<void> spent = spend(budget, *batch);
    if (!spent) co_return failure(spent.error());
    for (std::size_t i = 0; i < batch->rows(); ++i) result.rows.push_back(owned(batch->row(i)));
  }
  result.ok = last_ok_;
  co_return result;
}

Task<Result<std::vector<ResultSet>>> ClientConnection::query_all(std::string sql, QueryOptions options) {
  std::vector<ResultSet> results;
  Result<void> begun = co_await start_query(std::move(sql), options.deadline);
  for (;;) {
    if (!begun) co_return failure(std::move(begun.error()));
    Result<ResultSet> result = co_await read_result(options);
    if (!result) co_return failure(std::move(result.error()));
    results.push_back(std::move(*result));
    if (!reading_) co_return results;
    begun = co_await begin_result();
  }
}

Task<Result<ResultSet>> ClientConnection::query(std::string sql, QueryOptions options) {
  Result<std::vector<ResultSet>> all = co_await query_all(std::move(sql), options);
  if (!all) co_return failure(std::move(all.error()));
  co_return std::move(all->front());
}

// ------------------------------------------------------------------------------------- prepared statements

Task<Result<PreparedStatement>> ClientConnection::prepare(std::string sql, Time deadline) {
  const std::string payload = command_payload(Command::stmt_prepare, sql);
  Result<void> sent = co_await send_command(payload, deadline);
  if (!sent) co_return failure(std::move(sent.error()));
  Result<std::string_view> answer = co_await read_packet();
  if (!answer) co_return failure(std::move(answer.error()));
  if (mysql::is_error_packet(*answer)) co_return refused(*answer);
  Result<mysql::PrepareOk> ok = mysql::parse_prepare_ok(*answer);
  if (!ok) co_return broken(std::move(ok.error()));
  PreparedStatement statement{.id = ok->statement_id};
  Result<void> read = co_await read_definitions(ok->parameters, statement.parameters);
  if (!read) co_return failure(std::move(read.error()));
  read = co_await read_definitions(ok->columns, statement.columns);
  if (!read) co_return failure(std::move(read.error()));
  reading_ = false;
  co_return statement;
}

Task<Result<ResultSet>> ClientConnection::execute(const PreparedStatement& statement,
                                                  std::vector<mysql::Parameter> parameters,
                                                  QueryOptions options) {
  if (parameters.size() != statement.parameters.size()) {
    co_return failure(kInvalidArgument, "the statement has " + std::to_string(statement.parameters.size()) +
                                            " parameters, not " + std::to_string(parameters.size()));
  }
  std::string payload;
  mysql::write_execute(payload, statement.id, 0, parameters, capabilities_);
  Result<void> sent = co_await send_command(payload, options.deadline);
  if (!sent) co_return failure(std::move(sent.error()));
  binary_ = true;
  Result<void> begun = co_await begin_result();
  if (!begun) co_return failure(std::move(begun.error()));
  Result<ResultSet> first = co_await read_result(options);
  while (first && reading_) {
    begun = co_await begin_result();
    if (!begun) co_return failure(std::move(begun.error()));
    Result<ResultSet> other = co_await read_result(options);
    if (!other) co_return failure(std::move(other.error()));
  }
  co_return first;
}

Task<Result<void>> ClientConnection::close_statement(std::uint32_t id) {
  std::string payload;
  mysql::write_id_command(payload, Command::stmt_close, id);
  Result<void> sent = co_await send_command(payload);
  if (sent) reading_ = false;
  co_return sent;
}

// ------------------------------------------------------------------------------------------ other commands

Task<Result<void>> ClientConnection::simple_command(std::string payload, Time deadline) {
  Result<void> sent = co_await send_command(payload, deadline);
  if (!sent) co_return sent;
  columns_.clear();
  const Result<std::string_view> answer = co_await packets_.read_packet();
  if (!answer) co_return broken(answer.error());
  std::optional<Result<void>> end = take_end(*answer);
  if (!end) co_return broken(Error(kOutOfStep, "rows where there were to be none"));
  co_return std::move(*end);
}

Task<Result<void>> ClientConnection::run(std::string_view sql, Time deadline) {
  std::string payload;
  mysql::write_query(payload, sql, capabilities_);
  return simple_command(std::move(payload), deadline);
}

Task<Result<void>> ClientConnection::ping(Time deadline) {
  return simple_command(command_payload(Command::ping), deadline);
}

Task<Result<void>> ClientConnection::reset(Time deadline) {
  return simple_command(command_payload(Command::reset_connection), deadline);
}

Task<Result<void>> ClientConnection::init_db(std::string database, Time deadline) {
  return simple_command(command_payload(Command::init_db, database), deadline);
}

Task<Result<void>> ClientConnection::change_user(std::string user, std::string password, std::string database,
                                                 Time deadline) {
  if (!is_usable()) co_return failure(kOutOfStep, "the connection is broken or in the middle of an answer");
  identity_.user = std::move(user);
  identity_.password = std::move(password);
  identity_.database = std::move(database);
  identity_.secure = identity_.secure || packets_.stream().is_tls();
  packets_.begin_command();
  packets_.stream().set_deadline(deadline);
  mysql::ClientHandshake handshake(identity_);
  mysql::HandshakeAction first = handshake.start_change_user(greeting_, capabilities_);
  Result<void> done =
      co_await run_client_handshake(packets_, handshake, std::move(first), std::nullopt, std::string());
  // The server ends the connection of a client that it refuses here.
  if (!done) co_return broken(std::move(done.error()));
  greeting_.scramble = handshake.scramble();
  last_ok_ = handshake.ok();
  co_return done;
}

Task<void> ClientConnection::quit() {
  if (is_usable()) {
    const std::string payload = command_payload(Command::quit);
    const Result<void> sent = co_await send_command(payload, Clock::now() + 1s);
    (void)sent;
  }
  usable_ = false;
  packets_.stream().close();
}

}  // namespace kintsugi::wire
