#include "wire/client_connection.h"

#include <gtest/gtest.h>

#include "mysql/errors.h"
#include "mysql/status_flags.h"
#include "runtime/loop.h"
#include "wire/errors.h"
#include "wire/relay.h"
#include "wire/testing/mariadb_server.h"

namespace kintsugi::wire {
namespace {

using mysql::FieldType;

testing::MariadbServer& server() {
  static const auto instance =
      testing::MariadbServer::start({.settings = {"--max-allowed-packet=128M"}, .tls = true});
  return *instance;
}

/// Runs `body` on a loop with a connection; failing to connect fails the test.
template <class Body>
void with_connection(ConnectParams params, Body body) {
  runtime::Loop loop;
  auto task = [](ConnectParams wanted, Body run) -> Task<void> {
    auto connection = co_await ClientConnection::connect(std::move(wanted));
    if (!connection) {
      ADD_FAILURE() << connection.error().text();
      co_return;
    }
    co_await run(**connection);
    co_await (*connection)->quit();
  };
  loop.block_on(task(std::move(params), std::move(body)));
}

TEST(ClientConnection, QueriesAndTellsTheServersErrors) {
  with_connection(server().root(), [](ClientConnection& connection) -> Task<void> {
    EXPECT_TRUE(connection.is_mariadb());
    EXPECT_GT(connection.connection_id(), 0u);
    auto result = co_await connection.query("select 1 as One, null as n, 'x' as s union select 2, 'y', ''");
    EXPECT_EQ(result->rows.size(), 2u);
    EXPECT_EQ(result->cell(0, "one"), "1");
    EXPECT_EQ(result->cell(0, "n"), std::nullopt);
    EXPECT_EQ(result->cell(1, "s"), "");
    EXPECT_EQ(result->value(), "1");

    result = co_await connection.query("select nonsense");
    EXPECT_EQ(result.error().mysql_errno(), 1054);
    EXPECT_EQ(result.error().sqlstate(), "42S22");
    EXPECT_TRUE(connection.is_usable());

    result = co_await connection.query("create database if not exists t1");
    EXPECT_EQ(result->ok.affected_rows, 1u);
    EXPECT_TRUE(result->columns.empty());
    const auto used = co_await connection.init_db("t1");
    EXPECT_TRUE(used);
    EXPECT_EQ(connection.last_ok().changes.at(0).value, "t1");
    const auto missing = co_await connection.init_db("t0");
    EXPECT_EQ(missing.error().mysql_errno(), 1049);
    const auto pinged = co_await connection.ping();
    EXPECT_TRUE(pinged);
    result = co_await connection.query("begin");
    EXPECT_TRUE(connection.status() & mysql::status::kInTransaction);
    const auto reset = co_await connection.reset();
    EXPECT_TRUE(reset);
    EXPECT_FALSE(connection.status() & mysql::status::kInTransaction);
  });
}

std::string query_of(const ClientConnection& connection, std::string_view sql) {
  std::string payload;
  mysql::write_query(payload, sql, connection.capabilities());
  return payload;
}

TEST(ClientConnection, SendsTwoCommandsInOneWrite) {
  with_connection(server().root(), [](ClientConnection& connection) -> Task<void> {
    EXPECT_TRUE(connection.can_put_first());
    connection.put_first(query_of(connection, "start transaction"));
    auto done = co_await connection.send_command(query_of(connection, "select @@in_transaction"));
    EXPECT_TRUE(done);
    done = co_await connection.read_first();
    EXPECT_TRUE(done) << done.error().text();
    wire::RelayOutcome outcome =
        co_await drain_response(connection.packets(), mysql::Command::query, connection.capabilities());
    EXPECT_EQ(outcome.end, wire::RelayOutcome::End::complete);
    EXPECT_EQ(outcome.rows, 1u);
    connection.answer_read(outcome.ok.status, true);
    auto result = co_await connection.query("select @@in_transaction");
    EXPECT_EQ(result->value(), "1");
  });
}

TEST(ClientConnection, IsBrokenWhereTheFirstOfTwoCommandsFails) {
  with_connection(server().root(), [](ClientConnection& connection) -> Task<void> {
    connection.put_first(query_of(connection, "rollback to savepoint nothing_like_that"));
    auto done = co_await connection.send_command(query_of(connection, "select 1"));
    EXPECT_TRUE(done);
    done = co_await connection.read_first();
    EXPECT_EQ(done.error().mysql_errno(), 1305);
    EXPECT_FALSE(connection.is_usable());
  });
  with_connection(server().root(), [](ClientConnection& connection) -> Task<void> {
    connection.put_first(query_of(connection, "select 2"));
    auto done = co_await connection.send_command(query_of(connection, "select 1"));
    EXPECT_TRUE(done);
    done = co_await connection.read_first();
    EXPECT_TRUE(done.error().is(mysql::kMalformedPacket)) << done.error().text();
    EXPECT_FALSE(connection.is_usable());
  });
}

TEST(ClientConnection, ReadsSeveralResults) {
  with_connection(server().root(), [](ClientConnection& connection) -> Task<void> {
    auto all = co_await connection.query_all("select 1; set @a=1; select 2 union select 3");
    EXPECT_EQ(all->size(), 3u);
    EXPECT_EQ(all->at(2).rows.size(), 2u);
    all = co_await connection.query_all("select 1; select nonsense; select 3");
    EXPECT_EQ(all.error().mysql_errno(), 1054);
    const auto after = co_await connection.query("select 7");
    EXPECT_EQ(after->value(), "7");
  });
}

TEST(ClientConnection, RefusesAWrongPasswordAndAClosedPort) {
  runtime::Loop loop;
  ConnectParams params = server().root();
  params.password = "wrong";
  auto wrong = loop.block_on(ClientConnection::connect(params));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().mysql_errno(), 1045);
  params.address = runtime::Address::tcp("127.0.0.1", 1);
  auto closed = loop.block_on(ClientConnection::connect(params));
  ASSERT_FALSE(closed);
  EXPECT_TRUE(closed.error().is(runtime::kConnectFailed));
}

/// Everything that may be under the packets, with packets over 16 MiB both ways.
TEST(ClientConnection, CarriesLargePacketsOverEveryTransport) {
  for (const bool tls : {false, true}) {
    for (const auto compression : {mysql::Compression::none, mysql::Compression::zlib}) {
      for (const bool eof : {false, true}) {
        SCOPED_TRACE(::testing::Message() << tls << static_cast<int>(compression) << eof);
        ConnectParams params = server().root();
        params.address = server().tcp();
        params.tls = tls ? mysql::TlsPolicy::required : mysql::TlsPolicy::disabled;
        params.compression = compression;
        if (eof) params.capabilities &= ~mysql::capability::kDeprecateEof;
        const std::size_t size = tls || eof ? 1 << 20 : 40 << 20;
        with_connection(params, [tls, size](ClientConnection& connection) -> Task<void> {
          EXPECT_EQ(connection.packets().stream().is_tls(), tls);
          const std::string text(size, 'q');
          const std::string sql = "select '" + text + "' as t, length('x') as l union all select 'end', 2";
          const auto result = co_await connection.query(sql);
          EXPECT_TRUE(result) << result.error().text();
          if (!result) co_return;
          EXPECT_EQ(result->rows.size(), 2u);
          EXPECT_EQ(result->rows.at(0).at(0), text);
          EXPECT_EQ(result->cell(1, "t"), "end");
          const auto version = co_await connection.query("show status like 'Compression'");
          EXPECT_EQ(version->cell(0, "Value"), connection.packets().is_compressed() ? "ON" : "OFF");
        });
      }
    }
  }
}

TEST(ClientConnection, ChecksTheServersCertificateWhereItIsTold) {
  ConnectParams params = server().root();
  params.address = server().tcp();
  params.tls = mysql::TlsPolicy::required;
  params.tls_context = runtime::TlsContext::client(server().folder() + "/cert.pem").value();
  with_connection(params, [](ClientConnection& connection) -> Task<void> {
    const auto result = co_await connection.query("select 1");
    EXPECT_TRUE(result);
  });
  params.tls_server_name = "elsewhere";
  runtime::Loop loop;
  const auto refused = loop.block_on(ClientConnection::connect(params));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(runtime::kTlsFailed)) << refused.error().text();
}

TEST(ClientConnection, PreparesStatementsOfEveryType) {
  with_connection(server().root(), [](ClientConnection& connection) -> Task<void> {
    const auto statement = co_await connection.prepare(
        "select ? a, ? b, ? c, ? d, ? e, ? f, ? g, ? h, cast(? as decimal(10,3)) i, cast(? as unsigned) j");
    EXPECT_TRUE(statement) << statement.error().text();
    if (!statement) co_return;
    EXPECT_EQ(statement->parameters.size(), 10u);
    std::vector<mysql::Parameter> parameters = {
        {{FieldType::tiny, false, ""}, std::int64_t{-7}},
        {{FieldType::longlong, true, ""}, std::uint64_t{UINT64_MAX}},
        {{FieldType::double_, false, ""}, 0.125},
        {{FieldType::float_, false, ""}, 1.5f},
        {{FieldType::var_string, false, ""}, "süß"},
        {{FieldType::datetime, false, ""}, mysql::DateTime{2024, 2, 29, 1, 2, 3, 450000}},
        {{FieldType::date, false, ""}, mysql::DateTime{2024, 2, 29}},
        {{FieldType::time, false, ""}, mysql::TimeSpan{true, 1, 2, 3, 4, 0}},
        {{FieldType::newdecimal, false, ""}, "12.3456"},
        {{FieldType::null, false, ""}, mysql::Value()}};
    const auto result = co_await connection.execute(*statement, parameters);
    EXPECT_TRUE(result) << result.error().text();
    if (!result) co_return;
    const std::vector<std::optional<std::string>> expected = {"-7",         "18446744073709551615",
                                                              "0.125",      "1.5",
                                                              "süß",        "2024-02-29 01:02:03.450000",
                                                              "2024-02-29", "-26:03:04",
                                                              "12.346",     std::nullopt};
    EXPECT_EQ(result->rows.at(0).size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      // Servers differ in how many digits of a fraction they give a bare parameter.
      const auto& got = result->rows[0][i];
      if (i == 7) {
        EXPECT_TRUE(got && got->starts_with(*expected[i])) << got.value_or("NULL");
      } else {
        EXPECT_EQ(got, expected[i]) << i;
      }
    }
    const auto closed = co_await connection.close_statement(statement->id);
    EXPECT_TRUE(closed);
    const auto gone = co_await connection.execute(*statement, parameters);
    EXPECT_EQ(gone.error().mysql_errno(), 1243);
    EXPECT_TRUE(connection.is_usable());
  });
}

/// What the text protocol says of a row, the binary one must say as well.
TEST(ClientConnection, BinaryRowsReadAsTextRowsDo) {
  with_connection(server().root(), [](ClientConnection& connection) -> Task<void> {
    auto made = co_await connection.query_all(
        "create database if not exists t2; use t2; drop table if exists every;"
        "create table every (a tinyint, b smallint unsigned, c mediumint, d int unsigned, e bigint, f float,"
        " g double, h decimal(20,5), i date, j datetime(3), k timestamp(6) null, l time(2), m year, n "
        "char(5),"
        " o varbinary(9), p text, q blob, r enum('x','y'), s set('u','v'), t bit(9), u json, v float(7,2));"
        "insert into every values (-1,65535,-8388608,4294967295,-9223372036854775808,1.1,1e100,-1234.50000,"
        "'2024-02-29','2024-02-29 23:59:59.123','2024-01-01 00:00:00.000001','-838:59:59.99',2024,'ä','\\0b',"
        "'text',x'ff00','y','u,v',b'100000001','{\"a\":1}',3.14159),"
        "(0,0,0,0,0,0,0,0,'0000-00-00','2024-01-01','2024-01-01','00:00:00',1901,'','','','','x','',0,'[]',0)"
        ","
        "(null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,"
        "null,"
        "null,null)");
    EXPECT_TRUE(made) << made.error().text();
    const auto text = co_await connection.query("select * from every");
    EXPECT_TRUE(text) << text.error().text();
    const auto statement = co_await connection.prepare("select * from every");
    EXPECT_TRUE(statement) << statement.error().text();
    const auto binary = co_await connection.execute(*statement, {});
    EXPECT_TRUE(binary) << binary.error().text();
    if (!text || !binary) co_return;
    EXPECT_EQ(text->rows.size(), 3u);
    EXPECT_EQ(binary->rows.size(), 3u);
    for (std::size_t row = 0; row < text->rows.size(); ++row) {
      for (std::size_t i = 0; i < text->columns.size(); ++i) {
        EXPECT_EQ(binary->rows.at(row).at(i), text->rows.at(row).at(i)) << text->columns[i].name;
      }
    }
    // And the other way: a binary row made of the text one.
    std::vector<mysql::Cell> cells(text->rows[0].begin(), text->rows[0].end());
    std::string made_binary;
    const auto converted = mysql::text_row_to_binary(made_binary, binary->columns, cells);
    EXPECT_TRUE(converted) << converted.error().text();
    std::vector<mysql::Value> values;
    const auto parsed = mysql::parse_binary_row(made_binary, binary->columns, values);
    EXPECT_TRUE(parsed) << parsed.error().text();
  });
}

TEST(ClientConnection, StreamsWithoutHoldingTheResult) {
  with_connection(server().root(), [](ClientConnection& connection) -> Task<void> {
    const auto begun =
        co_await connection.start_query("select seq, repeat('x', 100) from mysql.seq_1_to_300000; select 5");
    EXPECT_TRUE(begun) << begun.error().text();
    std::size_t rows = 0;
    for (;;) {
      auto batch = co_await connection.next_rows();
      EXPECT_TRUE(batch);
      if (!batch || batch->rows() == 0) break;
      EXPECT_EQ(batch->row(0)[0], std::to_string(rows + 1));
      rows += batch->rows();
      EXPECT_LE(connection.packets().buffered().size(), PacketStream::kReadBytes);
    }
    EXPECT_EQ(rows, 300000u);
    EXPECT_TRUE(connection.last_ok().status & mysql::status::kMoreResults);
    const auto next = co_await connection.next_result();
    EXPECT_TRUE(next);
    auto batch = co_await connection.next_rows();
    EXPECT_EQ(batch->row(0)[0], "5");
    if (batch->rows() > 0 && !connection.is_usable()) batch = co_await connection.next_rows();
    EXPECT_TRUE(connection.is_usable());
  });
}

TEST(ClientConnection, LimitsAndDeadlinesCostTheConnection) {
  with_connection(server().root(), [](ClientConnection& connection) -> Task<void> {
    const auto many = co_await connection.query("select * from mysql.seq_1_to_1000", {.rows_max = 999});
    EXPECT_TRUE(many.error().is(kResultTooLarge));
    EXPECT_FALSE(connection.is_usable());
  });
  with_connection(server().root(), [](ClientConnection& connection) -> Task<void> {
    const auto slow = co_await connection.query("select sleep(30)", {.deadline = Clock::now() + 100ms});
    EXPECT_TRUE(slow.error().is(runtime::kTimeout)) << slow.error().text();
    EXPECT_FALSE(connection.is_usable());
    const auto after = co_await connection.query("select 1");
    EXPECT_TRUE(after.error().is(kOutOfStep));
  });
}

TEST(ClientConnection, ChangesItsUser) {
  with_connection(server().root(), [](ClientConnection& connection) -> Task<void> {
    auto made = co_await connection.query("create or replace user other@'%' identified by 'pass word'");
    EXPECT_TRUE(made) << made.error().text();
    const auto changed = co_await connection.change_user("other", "pass word", "");
    EXPECT_TRUE(changed) << changed.error().text();
    const auto who = co_await connection.query("select current_user()");
    EXPECT_EQ(who->value(), "other@%");
    const auto back = co_await connection.change_user("root", "", "mysql");
    EXPECT_TRUE(back) << back.error().text();
    const auto where = co_await connection.query("select database()");
    EXPECT_EQ(where->value(), "mysql");
    const auto refused = co_await connection.change_user("other", "wrong", "");
    EXPECT_EQ(refused.error().mysql_errno(), 1045);
  });
}

TEST(ClientConnection, NoticesThatTheServerIsGone) {
  const auto own = testing::MariadbServer::start();
  with_connection(own->root(), [&own](ClientConnection& connection) -> Task<void> {
    EXPECT_FALSE(connection.is_stale());
    own->kill();
    const Time limit = Clock::now() + 5s;
    while (!connection.is_stale() && Clock::now() < limit) co_await runtime::yield();  // the loop looks
    EXPECT_TRUE(connection.is_stale());
    const auto result = co_await connection.query("select 1");
    EXPECT_TRUE(result.error().is(runtime::kConnectionLost)) << result.error().text();
  });
}

}  // namespace
}  // namespace kintsugi::wire
