#include "gate/cursor.h"

#include <numeric>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/testing/client.h"
#include "gate/testing/gate_fixture.h"
#include "mysql/status_flags.h"

// Cursors of prepared statements, packet by packet, at a gate before real servers.

namespace kintsugi::gate {
namespace {

using testing::Client;
using testing::GateFixture;

constexpr int kRows = 3000;

/// A prepared statement whose rows are fetched.
class Fetching {
 public:
  Fetching(Client& client, std::string sql) : client_(client) {
    auto prepared = client_.loop().block_on(client_.connection().prepare(std::move(sql)));
    if (!prepared) throw std::runtime_error(prepared.error().text());
    id_ = prepared->id;
  }

  /// An answer: the status of its end, or the error.
  struct Answer {
    std::uint16_t status = 0;
    int error = 0;
    std::vector<std::int64_t> numbers;  ///< the first column of its rows
    std::vector<mysql::ColumnDefinition> columns;
  };

  Answer execute(std::uint8_t flags = mysql::execute_flag::kReadOnlyCursor) {
    std::string payload;
    mysql::write_execute(payload, id_, flags, {}, capabilities());
    send(payload);
    Answer answer;
    std::string packet = read();
    if (!mysql::is_ok_packet(packet) && !ended(packet, answer)) {
      const auto header = mysql::parse_result_set_header(packet, capabilities());
      for (std::uint64_t i = 0; i < header->columns; ++i) {
        packet = read();
        answer.columns.push_back(*mysql::parse_column_definition(packet, capabilities()));
      }
      columns_ = answer.columns;
      const bool cursor = (flags & mysql::execute_flag::kReadOnlyCursor) != 0;
      if (cursor || (capabilities() & mysql::capability::kDeprecateEof) == 0) {
        packet = read();
        EXPECT_TRUE(ended(packet, answer));
      }
      if (!cursor) rows(answer);
    }
    client_.connection().answer_read(answer.status, true);
    return answer;
  }

  Answer fetch(std::uint32_t count) {
    std::string payload;
    mysql::write_fetch(payload, {id_, count});
    send(payload);
    Answer answer;
    rows(answer);
    client_.connection().answer_read(answer.status, true);
    return answer;
  }

  Answer reset() {
    std::string payload;
    mysql::write_id_command(payload, mysql::Command::stmt_reset, id_);
    send(payload);
    Answer answer;
    const std::string packet = read();
    EXPECT_TRUE(mysql::is_ok_packet(packet));
    client_.connection().answer_read(0, true);
    return answer;
  }

 private:
  mysql::Capabilities capabilities() { return client_.connection().capabilities(); }
  void send(const std::string& payload) {
    const auto sent = [](wire::ClientConnection& connection, std::string_view command) -> Task<Result<void>> {
      Result<void> done = co_await connection.send_command(command);
      co_return done;
    };
    ASSERT_TRUE(client_.loop().block_on(sent(client_.connection(), payload)));
  }
  std::string read() {
    client_.connection().packets().stream().set_deadline(Clock::now() + std::chrono::seconds(30));
    const auto next = [](wire::PacketStream& packets) -> Task<Result<std::string_view>> {
      Result<std::string_view> packet = co_await packets.read_packet();
      co_return packet;
    };
    const Result<std::string_view> packet = client_.loop().block_on(next(client_.connection().packets()));
    if (!packet) throw std::runtime_error(packet.error().text());
    return std::string(*packet);
  }
  bool ended(const std::string& packet, Answer& answer) {
    if (mysql::is_error_packet(packet)) {
      answer.error = mysql::parse_error_packet(packet).mysql_errno();
      return true;
    }
    if (!mysql::is_end_of_rows(packet, capabilities())) return false;
    answer.status = mysql::parse_end_of_rows(packet, capabilities())->status;
    return true;
  }
  void rows(Answer& answer) {
    for (std::string packet = read(); !ended(packet, answer); packet = read()) {
      std::vector<mysql::Value> values;
      ASSERT_TRUE(mysql::parse_binary_row(packet, columns_, values));
      answer.numbers.push_back(std::get<std::int64_t>(values.at(0)));
    }
  }

  Client& client_;
  std::uint32_t id_ = 0;
  std::vector<mysql::ColumnDefinition> columns_;
};

/// The parameter: whether the client has agreed on OK packets in the place of EOF.
class CursorTest : public ::testing::TestWithParam<bool> {
 protected:
  static void SetUpTestSuite() {
    GateFixture::Options options;
    options.gate.spill_buffer_memory_max = 4096;
    options.gate.spill_disk_max = 50 << 20;
    options.server_settings = {"--max-allowed-packet=64M"};
    fixture_ = std::make_unique<GateFixture>(options);
    fixture_->on_server(1,
                        "create table customer.customer (customer_id bigint primary key, email varchar(64))");
    fixture_->on_server(2,
                        "create table customer.customer (customer_id bigint primary key, email varchar(64))");
    Client client(fixture_->client("customer"));
    std::string values;
    for (int i = 1; i <= kRows; ++i) values += (i == 1 ? "" : ",") + fmt::format("({}, 'customer {}')", i, i);
    client.affected("insert into customer values " + values);
  }
  static void TearDownTestSuite() { fixture_.reset(); }
  static std::unique_ptr<GateFixture> fixture_;

  Client connect(std::string database = "customer") {
    wire::ConnectParams params = fixture_->client(std::move(database));
    if (!GetParam()) params.capabilities &= ~mysql::capability::kDeprecateEof;
    return Client(params);
  }
};
std::unique_ptr<GateFixture> CursorTest::fixture_;

INSTANTIATE_TEST_SUITE_P(Eof, CursorTest, ::testing::Values(false, true));

std::int64_t sum(const std::vector<std::int64_t>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), std::int64_t{0});
}

TEST_P(CursorTest, RowsOfAllShardsComeInPieces) {
  Client client = connect();
  Fetching statement(client, "select customer_id, email from customer");
  const auto opened = statement.execute();
  ASSERT_EQ(opened.error, 0);
  EXPECT_EQ(opened.columns.size(), 2u);
  EXPECT_TRUE(opened.status & mysql::status::kCursorExists);
  std::vector<std::int64_t> all;
  for (;;) {
    const auto piece = statement.fetch(700);
    ASSERT_EQ(piece.error, 0);
    all.insert(all.end(), piece.numbers.begin(), piece.numbers.end());
    // As servers do, the end is told when a fetch finds fewer rows than it asked for.
    const bool last = piece.numbers.size() < 700;
    EXPECT_EQ((piece.status & mysql::status::kLastRowSent) != 0, last);
    EXPECT_EQ((piece.status & mysql::status::kCursorExists) != 0, !last);
    if (last) break;
    EXPECT_EQ(client.text("select 1"), "1");  // other statements may come between
  }
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kRows));
  EXPECT_EQ(sum(all), static_cast<std::int64_t>(kRows) * (kRows + 1) / 2);
  EXPECT_EQ(statement.fetch(1).error, 1421);
}

TEST_P(CursorTest, TheRowsAreThoseOfTheExecution) {
  Client client = connect();
  Fetching statement(client, "select customer_id from customer where customer_id in (1, 2, 4)");
  ASSERT_EQ(statement.execute().error, 0);
  client.affected("delete from customer where customer_id = 2");
  EXPECT_THAT(statement.fetch(10).numbers, ::testing::UnorderedElementsAre(1, 2, 4));
  client.affected("insert into customer values (2, 'customer 2')");
}

TEST_P(CursorTest, AnEmptyAnswerEndsAtOnce) {
  Client client = connect();
  Fetching statement(client, "select customer_id from customer where customer_id = 1000000");
  const auto opened = statement.execute();
  EXPECT_TRUE(opened.status & mysql::status::kCursorExists);
  const auto piece = statement.fetch(5);
  EXPECT_TRUE(piece.numbers.empty());
  EXPECT_TRUE(piece.status & mysql::status::kLastRowSent);
}

TEST_P(CursorTest, ResetAndExecutionCloseIt) {
  Client client = connect();
  Fetching statement(client, "select customer_id from customer");
  EXPECT_EQ(statement.fetch(1).error, 1421);
  statement.execute();
  EXPECT_EQ(statement.fetch(1).numbers.size(), 1u);
  statement.reset();
  EXPECT_EQ(statement.fetch(1).error, 1421);
  statement.execute();
  const auto whole = statement.execute(0);
  EXPECT_EQ(whole.numbers.size(), static_cast<std::size_t>(kRows));
  EXPECT_FALSE(whole.status & mysql::status::kCursorExists);
  EXPECT_EQ(statement.fetch(1).error, 1421);
}

TEST_P(CursorTest, SeveralAreOpenAtTheSameTime) {
  Client client = connect();
  Fetching one(client, "select customer_id from customer where customer_id in (1, 2, 3)");
  Fetching other(client, "select customer_id from customer where customer_id in (7, 8, 9)");
  one.execute();
  other.execute();
  std::vector<std::int64_t> ones, others;
  for (int i = 0; i < 3; ++i) {
    ones.push_back(one.fetch(1).numbers.at(0));
    others.push_back(other.fetch(1).numbers.at(0));
  }
  EXPECT_THAT(ones, ::testing::UnorderedElementsAre(1, 2, 3));
  EXPECT_THAT(others, ::testing::UnorderedElementsAre(7, 8, 9));
}

TEST_P(CursorTest, WhatHasNoRowsIsAnsweredAsWithout) {
  Client client = connect();
  Fetching statement(client, "update customer set email = 'x' where customer_id = 5");
  const auto done = statement.execute();
  EXPECT_EQ(done.error, 0);
  EXPECT_TRUE(done.columns.empty());
  EXPECT_EQ(client.text("select email from customer where customer_id = 5"), "x");
}

TEST_P(CursorTest, ARowMayBeLongerThanAFrame) {
  Client client = connect("commerce");
  Fetching statement(client,
                     "select cast(seq as signed), repeat('x', if(seq = 2, 20000000, 1)) from seq_1_to_3");
  ASSERT_EQ(statement.execute().error, 0);
  EXPECT_THAT(statement.fetch(2).numbers, ::testing::ElementsAre(1, 2));
  EXPECT_THAT(statement.fetch(2).numbers, ::testing::ElementsAre(3));
}

TEST_P(CursorTest, MoreThanTheGateMayKeepFails) {
  Client client = connect("commerce");
  Fetching statement(client, "select cast(seq as signed), repeat('x', 30000000) from seq_1_to_2");
  EXPECT_EQ(statement.execute().error, 1114);
  EXPECT_EQ(statement.fetch(1).error, 1421);
  EXPECT_EQ(client.text("select 1"), "1");
}

TEST_P(CursorTest, AnErrorOfTheServerIsTheAnswer) {
  Client client = connect();
  Fetching statement(client,
                     "select customer_id from customer where (select 1 union select 2) = customer_id");
  EXPECT_EQ(statement.execute().error, 1242);
  EXPECT_EQ(statement.fetch(1).error, 1421);
}

}  // namespace
}  // namespace kintsugi::gate
