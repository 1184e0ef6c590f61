#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/testing/client.h"
#include "gate/testing/gate_fixture.h"

// How the gate spares servers: reads that share an answer, writers of one row that wait in the gate. What is
// at the server is held up there by a lock.

namespace kintsugi::gate {
namespace {

using ::testing::AllOf;
using testing::Client;
using ::testing::Each;
using testing::GateFixture;
using ::testing::HasSubstr;
using ::testing::Not;

class SparingTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    GateFixture::Options options;
    options.loops = 1;  // reads are shared within one
    options.gate.shared_reads = true;
    options.gate.hot_row_writers_max = 1;
    options.gate.hot_row_waiters_max = 4;
    options.gate.per_user.statements_max = 4;
    gate_ = new GateFixture(options);
    Client client(gate_->client());
    client.query("create table t (id int primary key, n int not null)");
    client.query("insert into t values (1, 0), (2, 0)");
    client.query("select * from t where id = 1");  // the gate knows the table now
  }
  static void TearDownTestSuite() {
    delete gate_;
    gate_ = nullptr;
  }

  static bool comes_true(const std::function<bool()>& condition) {
    const Time limit = Clock::now() + 20s;
    while (!condition()) {
      if (Clock::now() > limit) return false;
      std::this_thread::sleep_for(1ms);
    }
    return true;
  }
  /// How many sessions run this text, of the gate's or of the server's.
  static int running(Client& where, std::string_view text) {
    int count = 0;
    const Result<wire::ResultSet> processes = where.query("show full processlist");
    for (const wire::TextRow& row : processes->rows) {
      for (const auto& cell : row) count += cell == text ? 1 : 0;
    }
    return count;
  }
  static std::uint64_t selects() {
    return std::stoull(*gate_->on_server(0, "show global status like 'Com_select'").rows[0][1]);
  }

  /// Clients that run one statement each at the same time; the answers as Client::text() has them.
  class Crowd {
   public:
    Crowd(int size, std::string sql) : sql_(std::move(sql)), answers_(static_cast<std::size_t>(size)) {
      for (std::string& answer : answers_) {
        threads_.emplace_back([this, &answer] {
          Client client(gate_->client());
          answer = client.text(sql_);
        });
      }
    }
    std::vector<std::string> answers() {
      for (std::thread& thread : threads_) thread.join();
      return answers_;
    }

   private:
    std::string sql_;
    std::vector<std::string> answers_;
    std::vector<std::thread> threads_;
  };

  static GateFixture* gate_;
};
GateFixture* SparingTest::gate_ = nullptr;

TEST_F(SparingTest, ReadsThatAreTheSameShareAnAnswer) {
  const std::string read = "select id, id + 1 from t order by id";
  Client gate(gate_->client()), server(gate_->server(0).root());
  EXPECT_EQ(gate.text(read), "1|2\n2|3");
  const std::uint64_t before = selects();
  ASSERT_TRUE(server.query("lock tables commerce.t write"));
  Crowd crowd(8, read);
  ASSERT_TRUE(comes_true([&] { return running(gate, read) == 8; }));
  EXPECT_TRUE(comes_true([&] { return running(server, read) == 1; })) << "the others wait in the gate";
  ASSERT_TRUE(server.query("unlock tables"));
  EXPECT_THAT(crowd.answers(), Each("1|2\n2|3"));
  EXPECT_EQ(selects() - before, 2u) << "the first, and one for those that came meanwhile";
}

TEST_F(SparingTest, WhoWaitsForAnothersAnswerHasNoTurnOfItsUsers) {
  const std::string read = "select id, n from t order by id", other = "select id, rand() from t";
  Client gate(gate_->client()), server(gate_->server(0).root());
  gate.query(read);
  gate.query(other);
  ASSERT_TRUE(server.query("lock tables commerce.t write"));
  {
    Crowd crowd(8, read);
    ASSERT_TRUE(comes_true([&] { return running(gate, read) == 8; }));
    Crowd others(3, other);
    EXPECT_TRUE(comes_true([&] { return running(server, other) == 3; }))
        << "with the read that was sent they are the four that the user may run";
    EXPECT_EQ(running(server, read), 1);
    ASSERT_TRUE(server.query("unlock tables"));
    EXPECT_THAT(crowd.answers(), Each(::testing::StartsWith("1|")));
    others.answers();
  }
}

TEST_F(SparingTest, ReadsOfASessionsOwnAreNotShared) {
  Client gate(gate_->client()), server(gate_->server(0).root());
  for (const char* read : {"select id, rand() from t", "select id, @a from t"}) {
    gate.query(read);
    ASSERT_TRUE(server.query("lock tables commerce.t write"));
    Crowd crowd(3, read);
    EXPECT_TRUE(comes_true([&] { return running(server, read) == 3; })) << read;
    ASSERT_TRUE(server.query("unlock tables"));
    crowd.answers();
  }
}

TEST_F(SparingTest, WritersOfOneRowWaitInTheGate) {
  const std::string write = "update t set n = n + 1 where id = 1";
  Client gate(gate_->client()), server(gate_->server(0).root());
  server.query("use commerce");
  server.query("update t set n = 0");
  server.query("begin");
  server.query("select * from t where id = 1 for update");
  Crowd crowd(5, write);
  ASSERT_TRUE(comes_true([&] { return running(gate, write) == 5; }));
  EXPECT_TRUE(comes_true([&] { return running(server, write) == 1; }));
  Client other(gate_->client());
  EXPECT_THAT(other.text("update t set n = 7 where id = 1"), AllOf(HasSubstr("1205: "), HasSubstr("KT4056")))
      << "four wait already";
  EXPECT_EQ(other.affected("update t set n = 7 where id = 2"), 1u) << "of another row they do not wait";
  server.query("commit");
  EXPECT_THAT(crowd.answers(), Each(""));
  EXPECT_EQ(gate.text("select n from t order by id"), "5\n7");
}

TEST_F(SparingTest, TransactionsThatWriteOneRowComeOneAfterTheOther) {
  const std::string write = "update t set n = n + 1 where id = 1",
                    read = "select n from t where id = 1 for update";
  Client first(gate_->client()), second(gate_->client()), gate(gate_->client()),
      server(gate_->server(0).root());
  gate.query("update t set n = 0");
  first.query("begin");
  EXPECT_EQ(first.text(read), "0");
  EXPECT_EQ(first.affected(write), 1u);
  Crowd crowd(3, write);
  std::string seen;
  std::thread transaction([&] {
    second.query("begin");
    seen = second.text(read);
    second.query(write);
    second.query("commit");
  });
  ASSERT_TRUE(comes_true([&] { return running(gate, write) == 3 && running(gate, read) == 1; }));
  EXPECT_EQ(running(server, write) + running(server, read), 0) << "they wait in the gate";
  EXPECT_EQ(first.affected(write), 1u) << "whose turn it is goes on";
  first.query("commit");
  EXPECT_THAT(crowd.answers(), Each(""));
  transaction.join();
  EXPECT_GE(std::stoi(seen), 2);
  EXPECT_EQ(gate.text("select n from t where id = 1"), "6");
}

TEST_F(SparingTest, ATurnEndsWithItsTransactionHoweverThatEnds) {
  const std::string write = "update t set n = n + 1 where id = 1";
  for (const char* end :
       {"rollback", "commit", "set autocommit = 1", "create table if not exists u (id int)"}) {
    Client writer(gate_->client()), other(gate_->client());
    writer.query("set autocommit = 0");
    EXPECT_EQ(writer.affected(write), 1u);
    std::string answer = "none";
    std::thread waits([&] { answer = other.text(write); });
    ASSERT_TRUE(comes_true([&] { return running(writer, write) == 1; }));
    EXPECT_EQ(writer.text(end), "") << end;
    waits.join();
    EXPECT_EQ(answer, "") << end;
  }
  auto gone = std::make_unique<Client>(gate_->client());
  gone->query("begin");
  gone->query(write);
  gone.reset();
  Client failing(gate_->client());
  failing.query("begin");
  EXPECT_EQ(failing.affected(write), 1u) << "whose client is gone has no turn";
  EXPECT_THAT(failing.text("update t set n = nothing where id = 1"), HasSubstr("1054: "));
  failing.query("rollback");
  Client last(gate_->client());
  EXPECT_EQ(last.affected(write), 1u);
}

TEST_F(SparingTest, ATransactionThatHasLocksDoesNotWaitForARow) {
  Client first(gate_->client()), second(gate_->client());
  first.query("begin");
  EXPECT_EQ(first.affected("update t set n = 10 where id = 1"), 1u);
  second.query("set innodb_lock_wait_timeout = 1");
  second.query("begin");
  EXPECT_EQ(second.affected("update t set n = 20 where id = 2"), 1u);
  EXPECT_THAT(second.text("update t set n = 11 where id = 1"),
              AllOf(HasSubstr("1205: "), Not(HasSubstr("KT4056"))))
      << "it came to the server, which knows of deadlocks";
  second.query("rollback");
  EXPECT_EQ(first.affected("update t set n = 12 where id = 1"), 1u);
  first.query("commit");
  EXPECT_EQ(first.text("select n from t where id = 1"), "12");
}

}  // namespace
}  // namespace kintsugi::gate
