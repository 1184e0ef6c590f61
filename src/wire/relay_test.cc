#include "wire/relay.h"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "mysql/errors.h"
#include "mysql/result_framer.h"
#include "runtime/loop.h"
#include "runtime/process.h"
#include "wire/testing/small_gate.h"

namespace kintsugi::wire {
namespace {

using mysql::Command;
using testing::GateOptions;
using testing::SmallGate;
namespace capability = mysql::capability;

testing::MariadbServer& server() {
  static const auto instance = testing::MariadbServer::start({.settings = {"--max-allowed-packet=128M"}});
  return *instance;
}

/// Runs `body` with a gate, on a loop of its own.
template <class Body>
void with_gate(GateOptions options, Body body) {
  runtime::Loop loop;
  auto task = [](GateOptions wanted, Body run) -> Task<void> {
    SmallGate gate(server(), std::move(wanted));
    co_await run(gate);
    co_await gate.stop();
  };
  loop.block_on(task(std::move(options), std::move(body)));
}

std::string text_of(const Result<std::vector<ResultSet>>& results) {
  if (!results)
    return "error " + std::to_string(results.error().mysql_errno()) + " " + results.error().message();
  std::string text;
  for (const ResultSet& set : *results) {
    for (const auto& column : set.columns) text += column.name + " ";
    for (const TextRow& row : set.rows) {
      text += "\n";
      for (const auto& cell : row) text += cell.value_or("NULL") + ",";
    }
    text += "(" + std::to_string(set.ok.affected_rows) + "/" + std::to_string(set.ok.last_insert_id) + "/" +
            std::to_string(set.ok.warnings) + "/" + std::to_string(set.ok.status & 0xf) + ")\n";
  }
  return text;
}

const char* const kScript[] = {
    "create or replace table mysql.relayed (id int primary key auto_increment, v varchar(20))",
    "insert into mysql.relayed (v) values ('a'), (null), ('')",
    "select * from mysql.relayed",
    "select * from mysql.relayed where id = 0",
    "select 1; update mysql.relayed set v = 'c' where id = 1; select 2, 3 union select 4, 5",
    "select nonsense",
    "select 1; select nonsense",
    "set @x = 1, autocommit = 1",
    "select seq, repeat('z', seq % 50) from mysql.seq_1_to_20000",
    "select repeat('w', 17000000)",
    "select cast('x' as signed)",
};

constexpr mysql::Capabilities kExtended = capability::kMariadbExtendedMetadata;
const mysql::Capabilities kAll = ConnectParams().capabilities | kExtended;

TEST(Relay, GivesWhatTheServerGivesWhateverTheTwoSidesAgreedOn) {
  std::vector<std::string> direct;
  runtime::Loop loop;
  auto ask = [](ConnectParams params) -> Task<std::vector<std::string>> {
    std::vector<std::string> texts;
    auto connection = co_await ClientConnection::connect(std::move(params));
    EXPECT_TRUE(connection) << connection.error().text();
    if (!connection) co_return texts;
    for (const char* const sql : kScript) {
      const auto results = co_await (*connection)->query_all(sql);
      texts.push_back(text_of(results));
    }
    co_await (*connection)->quit();
    co_return texts;
  };
  direct = loop.block_on(ask(server().root()));
  ASSERT_EQ(direct.size(), std::size(kScript));
  for (const mysql::Capabilities less_front :
       {mysql::Capabilities(), capability::kDeprecateEof, capability::kSessionTrack, kExtended}) {
    for (const mysql::Capabilities less_back :
         {mysql::Capabilities(), capability::kDeprecateEof, capability::kSessionTrack, kExtended}) {
      for (const auto compression :
           {mysql::Compression::none, mysql::Compression::zlib, mysql::Compression::zstd}) {
        if (compression != mysql::Compression::none && less_front != 0) continue;
        SCOPED_TRACE(::testing::Message() << "client without " << less_front << ", server without "
                                          << less_back << ", compression " << static_cast<int>(compression));
        with_gate({.backend = kAll & ~less_back}, [&](SmallGate& gate) -> Task<void> {
          ConnectParams params = gate.params();
          params.capabilities = kAll & ~less_front;
          params.compression = compression;
          const std::vector<std::string> through = co_await ask(std::move(params));
          EXPECT_EQ(through.size(), direct.size());
          for (std::size_t i = 0; i < through.size(); ++i) EXPECT_EQ(through[i], direct[i]) << kScript[i];
        });
      }
    }
  }
}

TEST(Relay, TellsExtendedMetadataToWhomItIsFor) {
  for (const mysql::Capabilities less_front : {mysql::Capabilities(), kExtended}) {
    for (const mysql::Capabilities less_back : {mysql::Capabilities(), kExtended}) {
      with_gate({.backend = kAll & ~less_back}, [=](SmallGate& gate) -> Task<void> {
        ConnectParams params = gate.params();
        params.capabilities = kAll & ~less_front;
        auto connected = co_await ClientConnection::connect(std::move(params));
        EXPECT_TRUE(connected) << connected.error().text();
        if (!connected) co_return;
        const auto answer = co_await (*connected)->query("select json_object('a', 1) as doc, 2 as n");
        EXPECT_TRUE(answer) << answer.error().text();
        if (!answer) co_return;
        const bool both = less_front == 0 && less_back == 0;
        EXPECT_EQ(answer->columns.at(0).extended, both ? std::string("\1\4json") : "");
        EXPECT_EQ(answer->columns.at(1).extended, "");
        EXPECT_EQ(answer->cell(0, "n"), "2");
        co_await (*connected)->quit();
      });
    }
  }
}

TEST(Relay, PassesPreparedStatementsAndCursors) {
  for (const mysql::Capabilities less_front : {mysql::Capabilities(), capability::kDeprecateEof, kExtended}) {
    for (const mysql::Capabilities less_back :
         {mysql::Capabilities(), capability::kDeprecateEof, kExtended}) {
      SCOPED_TRACE(::testing::Message()
                   << "client without " << less_front << ", server without " << less_back);
      with_gate({.backend = kAll & ~less_back}, [=](SmallGate& gate) -> Task<void> {
        ConnectParams params = gate.params();
        params.capabilities = kAll & ~less_front;
        auto connected = co_await ClientConnection::connect(std::move(params));
        EXPECT_TRUE(connected) << connected.error().text();
        if (!connected) co_return;
        ClientConnection& connection = **connected;
        const auto statement = co_await connection.prepare("select seq, ? from mysql.seq_1_to_5");
        EXPECT_TRUE(statement) << statement.error().text();
        if (!statement) co_return;
        EXPECT_EQ(statement->columns.size(), 2u);
        const std::vector<mysql::Parameter> parameters = {{{mysql::FieldType::var_string, false, ""}, "p"}};
        const auto result = co_await connection.execute(*statement, parameters);
        EXPECT_TRUE(result) << result.error().text();
        if (result) EXPECT_EQ(result->cell(4, "seq"), "5");

        // A cursor: the answer ends after the columns, rows come when they are fetched.
        std::string payload;
        mysql::write_execute(payload, statement->id, mysql::execute_flag::kReadOnlyCursor, parameters, 0);
        auto sent = co_await connection.send_command(payload);
        EXPECT_TRUE(sent);
        RelayOutcome outcome =
            co_await drain_response(connection.packets(), Command::stmt_execute, connection.capabilities());
        EXPECT_EQ(outcome.end, RelayOutcome::End::complete);
        EXPECT_EQ(outcome.rows, 0u);
        connection.answer_read(0, true);
        for (const std::uint64_t rows : {3, 2}) {
          payload.clear();
          mysql::write_fetch(payload, {.statement_id = statement->id, .rows = 3});
          sent = co_await connection.send_command(payload);
          EXPECT_TRUE(sent);
          outcome =
              co_await drain_response(connection.packets(), Command::stmt_fetch, connection.capabilities());
          EXPECT_EQ(outcome.end, RelayOutcome::End::complete);
          EXPECT_EQ(outcome.rows, rows);
          connection.answer_read(0, true);
        }
        // The other answers that are not result sets.
        for (const std::string& other : {std::string("\x1b\0\0", 3), std::string("\x09"), std::string("\x0e"),
                                         std::string("\x04relayed\0%", 10)}) {
          const auto used = co_await connection.init_db("mysql");
          EXPECT_TRUE(used);
          sent = co_await connection.send_command(other);
          EXPECT_TRUE(sent);
          outcome = co_await drain_response(connection.packets(), *mysql::command_of(other),
                                            connection.capabilities());
          EXPECT_EQ(outcome.end, RelayOutcome::End::complete);
          connection.answer_read(0, true);
        }
        const auto last = co_await connection.query("select 1");
        EXPECT_TRUE(last) << last.error().text();
        co_await connection.quit();
      });
    }
  }
}

TEST(Relay, EveryWayToAuthenticateLeadsThrough) {
  for (const bool tls : {false, true}) {
    for (const bool full : {false, true}) {
      for (const char* plugin : {mysql::kNativePassword, mysql::kCachingSha2Password}) {
        SCOPED_TRACE(::testing::Message() << plugin << (tls ? " TLS" : "") << (full ? " full" : ""));
        const GateOptions options{.tls = tls, .full_auth = full, .plugin = plugin};
        with_gate(options, [tls](SmallGate& gate) -> Task<void> {
          for (const char* password : {"right", "wrong"}) {
            ConnectParams params = gate.params();
            params.tls = tls ? mysql::TlsPolicy::required : mysql::TlsPolicy::disabled;
            params.password = password;
            const auto connection = co_await ClientConnection::connect(std::move(params));
            if (std::string_view(password) == "wrong") {
              EXPECT_EQ(connection.error().mysql_errno(), 1045);
              continue;
            }
            EXPECT_TRUE(connection) << connection.error().text();
            if (!connection) continue;
            const auto result = co_await (*connection)->query("select 42");
            EXPECT_EQ(result->value(), "42");
            const auto changed = co_await (*connection)->change_user("app", "right", "");
            EXPECT_TRUE(changed) << changed.error().text();
            const auto refused = co_await (*connection)->change_user("app", "wrong", "");
            EXPECT_EQ(refused.error().mysql_errno(), 1045);
          }
        });
      }
    }
  }
}

/// The stock client, which is stricter about sequence ids and EOF packets than ours.
TEST(Relay, TheMariadbClientIsServed) {
  for (const bool tls : {false, true}) {
    for (const std::string more : {"--no-beep", "--compress"}) {
      with_gate({.tls = tls}, [=](SmallGate& gate) -> Task<void> {
        runtime::ProcessSpec spec;
        spec.command = {
            "mariadb",     "--no-defaults",
            "-h127.0.0.1", "-P" + std::to_string(gate.port()),
            "-uapp",       "-pright",
            more,          tls ? "--ssl" : "--skip-ssl",
            "-N",          "mysql",
            "-e",          "select 1; select seq from seq_1_to_3; select length(repeat('x', 20000000)); \\s"};
        const auto output = co_await runtime::run_process(std::move(spec), Clock::now() + 30s);
        EXPECT_TRUE(output) << output.error().text();
        if (!output) co_return;
        EXPECT_TRUE(output->status.ok()) << output->error;
        EXPECT_TRUE(output->out.starts_with("1\n1\n2\n3\n20000000\n")) << output->out;
        EXPECT_NE(output->out.find("8.0.36-small-gate"), std::string::npos) << output->out;
      });
    }
  }
}

#ifdef KINTSUGI_SANITIZED
constexpr bool kAllocatorKeepsFreed = true;
#else
constexpr bool kAllocatorKeepsFreed = false;
#endif

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(Relay, AGigabyteStreamsInBoundedMemory) {
  with_gate({}, [](SmallGate& gate) -> Task<void> {
    auto connected = co_await ClientConnection::connect(gate.params());
    EXPECT_TRUE(connected);
    if (!connected) co_return;
    ClientConnection& connection = **connected;
    const std::size_t before = resident_bytes();
    const auto begun =
        co_await connection.start_query("select repeat('x', 100000) from mysql.seq_1_to_10737");
    EXPECT_TRUE(begun);
    std::uint64_t bytes = 0;
    std::size_t most = 0;
    for (;;) {
      const auto batch = co_await connection.next_rows();
      EXPECT_TRUE(batch);
      if (!batch || batch->rows() == 0) break;
      for (const mysql::Cell& cell : batch->cells) bytes += cell->size();
      most = std::max(most, resident_bytes());
    }
    EXPECT_EQ(bytes, 1073700000u);
    if (!kAllocatorKeepsFreed) EXPECT_LT(most, before + (std::size_t{16} << 20));
    EXPECT_EQ(gate.last().rows, 10737u);
    co_await connection.quit();
  });
}

TEST(Relay, AClientThatDoesNotReadStopsTheServerAndNotTheGate) {
  with_gate({}, [](SmallGate& gate) -> Task<void> {
    auto lazy = co_await ClientConnection::connect(gate.params());
    EXPECT_TRUE(lazy);
    const std::size_t before = resident_bytes();
    const auto begun = co_await (*lazy)->start_query("select repeat('x', 1000000) from mysql.seq_1_to_1000");
    EXPECT_TRUE(begun);
    // The gate serves others meanwhile, and has not taken the lazy one's result into memory.
    for (int i = 0; i < 20; ++i) {
      auto other = co_await ClientConnection::connect(gate.params());
      EXPECT_TRUE(other);
      const auto result = co_await (*other)->query("select 1");
      EXPECT_TRUE(result);
      co_await (*other)->quit();
    }
    EXPECT_LT(resident_bytes(), before + (std::size_t{32} << 20));
  });
}

/// What a server may do wrong, by a server that does it.
TEST(Relay, TellsWhichSideWasLost) {
  runtime::Loop loop;
  auto relay_of = [](std::string bytes, bool close_sink) -> Task<RelayOutcome> {
    Result<runtime::Listener> listener = runtime::Listener::listen(runtime::Address::tcp("127.0.0.1", 0));
    const auto pair = [&]() -> Task<std::pair<runtime::Stream, runtime::Stream>> {
      Result<runtime::Stream> near = co_await runtime::Stream::connect(listener->address());
      Result<runtime::Stream> far = co_await listener->accept();
      co_return std::pair(std::move(*near), std::move(*far));
    };
    auto source = co_await pair();
    auto sink = co_await pair();
    const Result<void> written = co_await source.second.write_all(bytes);
    EXPECT_TRUE(written);
    source.second.close();
    PacketStream from(std::move(source.first));
    PacketStream to(std::move(sink.first));
    from.set_exact(false);
    from.set_sequence(1);
    to.set_sequence(1);
    if (close_sink) to.stream().abort();
    RelayOutcome outcome;
    co_await relay_response(from, to, {}, outcome);
    co_return outcome;
  };
  std::string columns;
  std::uint8_t sequence = 1;
  std::string definition;
  mysql::write_column_definition(definition, {.name = "c"}, 0);
  mysql::append_packet(columns, sequence, "\x01");
  mysql::append_packet(columns, sequence, definition);
  mysql::append_packet(columns, sequence, std::string("\xfe\0\0\2\0", 5));
  const std::string row("\x05\0\0\x04\x04text", 9);

  RelayOutcome outcome = loop.block_on(relay_of(columns + row, false));
  EXPECT_EQ(outcome.end, RelayOutcome::End::source_lost);
  EXPECT_TRUE(outcome.failure->is(runtime::kConnectionLost));
  EXPECT_TRUE(outcome.between_packets);
  EXPECT_EQ(outcome.rows, 1u);

  outcome = loop.block_on(relay_of(columns + row.substr(0, 7), false));
  EXPECT_EQ(outcome.end, RelayOutcome::End::source_lost);
  EXPECT_FALSE(outcome.between_packets);

  outcome = loop.block_on(relay_of(std::string("\x05\0\0\1\xfb/etc", 9), false));
  EXPECT_EQ(outcome.end, RelayOutcome::End::source_lost);
  EXPECT_TRUE(outcome.failure->is(mysql::kMalformedPacket));
  EXPECT_EQ(outcome.bytes, 0u);

  outcome = loop.block_on(relay_of(columns + row, true));
  EXPECT_EQ(outcome.end, RelayOutcome::End::sink_lost);
}

/// Several answers as one: how a query that goes to all shards is answered.
TEST(Relay, JoinsAnswersAndHoldsErrorsBack) {
  runtime::Loop loop;
  auto body = []() -> Task<void> {
    Result<runtime::Listener> listener = runtime::Listener::listen(runtime::Address::tcp("127.0.0.1", 0));
    Result<runtime::Stream> near = co_await runtime::Stream::connect(listener->address());
    Result<runtime::Stream> far = co_await listener->accept();
    PacketStream client(std::move(*near));
    PacketStream gate(std::move(*far));
    client.set_exact(false);
    auto backend = co_await ClientConnection::connect(server().root());
    EXPECT_TRUE(backend);
    const mysql::Capabilities agreed = (*backend)->capabilities();

    const auto ask = [&](std::string sql, RelayOptions options) -> Task<RelayOutcome> {
      std::string payload;
      mysql::write_query(payload, sql, agreed);
      const Result<void> sent = co_await (*backend)->send_command(payload);
      EXPECT_TRUE(sent);
      options.from_capabilities = options.to_capabilities = agreed;
      RelayOutcome outcome;
      co_await relay_response((*backend)->packets(), gate, options, outcome);
      (*backend)->answer_read(outcome.ok.status, outcome.end == RelayOutcome::End::complete);
      co_return outcome;
    };
    gate.set_sequence(1);
    RelayOutcome outcome = co_await ask("select nonsense", {.hold_error = true});
    EXPECT_TRUE(outcome.held);
    EXPECT_EQ(outcome.error->mysql_errno(), 1054);
    EXPECT_EQ(outcome.bytes, 0u);
    outcome = co_await ask("select 1 as c union select 2", {.hold_error = true, .send_end = false});
    outcome = co_await ask("select 3 as c", {.send_header = false, .send_end = false});
    RelayOptions last{.send_header = false};
    struct Warning final : AnswerEditor {
      void edit_ok(mysql::OkPacket& ok) override { ok.warnings = 9; }
      void edit_error(Error&) override {}
    } warning;
    last.editor = &warning;
    outcome = co_await ask("select 4 as c", last);
    EXPECT_EQ(outcome.ok.warnings, 0);

    client.set_sequence(1);
    const RelayOutcome whole = co_await drain_response(client, Command::query, agreed);
    EXPECT_EQ(whole.end, RelayOutcome::End::complete);
    EXPECT_EQ(whole.rows, 4u);
    EXPECT_EQ(whole.result_sets, 1u);
    EXPECT_EQ(whole.ok.warnings, 9);
    EXPECT_EQ(gate.sequence(), 8);
    co_await (*backend)->quit();
  };
  loop.block_on(body());
}

}  // namespace
}  // namespace kintsugi::wire
