#include "tablet/detail/crashed_branches.h"

#include <set>

#include <fmt/ranges.h>

#include "tablet/testing/agent_fixture.h"

namespace kintsugi::tablet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Word = BranchWords::Word;

MATCHER_P2(Is, name, word, "") { return arg.first == name && arg.second.word == word; }

/// Events of one file, each ten bytes after the other.
class Events {
 public:
  explicit Events(BranchWords& words) : words_(words) {}
  Events& add(std::string_view type, std::string_view info) {
    words_.read({"binlog.000007", at_, at_ + 10, type, info});
    at_ += 10;
    return *this;
  }

 private:
  BranchWords& words_;
  std::uint64_t at_ = 100;
};

TEST(BranchWords, OfEachBranchTheLastCounts) {
  BranchWords words;
  Events events(words);
  events.add("Gtid", "XA START X'61',X'62',19284 GTID 0-1-7")
      .add("Query", "XA END X'61',X'62',19284")
      .add("XA_prepare", "XA PREPARE X'61',X'62',19284");
  EXPECT_THAT(words.last(), ElementsAre(Is("X'61',X'62',19284", Word::prepared)));
  EXPECT_EQ(words.last().begin()->second.place, (BinlogPlace{"binlog.000007", 100, 130}));
  events.add("Query", "use `customer`; XA COMMIT X'61',X'62',19284")
      .add("Query", "XA ROLLBACK X'63',X'62',19284");
  EXPECT_THAT(words.last(), ElementsAre(Is("X'61',X'62',19284", Word::committed),
                                        Is("X'63',X'62',19284", Word::rolled_back)));
  BranchWords older;
  Events(older)
      .add("XA_prepare", "XA PREPARE X'63',X'62',19284")
      .add("XA_prepare", "XA PREPARE X'64',X'62',19284");
  words.add_older(older);
  EXPECT_THAT(words.last(), testing::Contains(Is("X'63',X'62',19284", Word::rolled_back)));
  EXPECT_THAT(words.last(), testing::Contains(Is("X'64',X'62',19284", Word::prepared)));
}

TEST(BranchWords, WhatClientsWroteIsNoWord) {
  BranchWords words;
  Events(words)
      .add("Annotate_rows", "XA COMMIT X'61',X'62',19284")
      .add("Query", "insert into t values ('XA COMMIT X\\'61\\'')")
      .add("XA_prepare", "XA COMMIT X'61',X'62',19284");
  EXPECT_THAT(words.last(), IsEmpty());
}

constexpr int kUnknownBranch = 1397;

/// In a session of its own, which lets go of what it prepared. A branch is unknown to others until then.
Task<void> run_alone(Login login, std::vector<std::string> statements) {
  const Time give_up = Clock::now() + kPatience;
  while (true) {
    Result<std::unique_ptr<SqlClient>> session = co_await connect_server(login, give_up);
    CO_REQUIRE(session);
    const Result<void> done = co_await run_all(**session, statements, give_up);
    if (done) co_return;
    if (done.error().mysql_errno() != kUnknownBranch || Clock::now() > give_up) {
      ADD_FAILURE() << statements.back() << ": " << done.error().text();
      co_return;
    }
    co_await runtime::sleep_for(20ms);
  }
}

std::vector<std::string> prepare(const std::string& name, int id) {
  const std::string branch = "'" + name + "', 'customer', 19284";
  return {"XA START " + branch, "INSERT INTO customer.t VALUES (" + std::to_string(id) + ")",
          "XA END " + branch, "XA PREPARE " + branch};
}

std::vector<std::string> one(const std::string& statement) { return {statement}; }

std::vector<std::string> unlogged(std::vector<std::string> statements) {
  statements.insert(statements.begin(), "SET SESSION sql_log_bin = 0");
  return statements;
}

class CrashedBranchesTest : public AgentTest {
 protected:
  /// Names of branches in the engine.
  Task<std::string> prepared(Login login) {
    const Result<QueryRows> rows = co_await ask(std::move(login), "XA RECOVER");
    if (!rows) co_return rows.error().text();
    std::set<std::string> names;
    for (std::size_t row = 0; row < rows->rows.size(); ++row) names.insert(rows->text(row, "data"));
    co_return fmt::format("{}", fmt::join(names, " "));
  }

  const TestServer server_;
  const TabletFiles files_{first_.options.dir};
  const ReplayingServer crashed_{
      {server_.words(), first_.socket(), server_.os_user, "customer"}, files_, server_.program};
};

/// Branches whose engine and binlog disagree, made by leaving the binlog out of what is done.
TEST_F(CrashedBranchesTest, BranchesAreBroughtInLineWithTheBinlog) {
  auto body = [this]() -> Task<void> {
    if (second_.options.flavour == "mysql") co_return;  // does it by itself
    CO_REQUIRE(co_await start_both());
    const Login login = root(first_);
    co_await run_alone(login, one("CREATE TABLE customer.t (id INT PRIMARY KEY)"));
    // In both as prepared: nothing is wrong.
    co_await run_alone(login, prepare("agreed", 1));
    // The binlog has ended them, the engine has not.
    co_await run_alone(login, prepare("committed", 2));
    co_await run_alone(login, one("XA COMMIT 'committed', 'customer', 19284"));
    co_await run_alone(login, prepare("undone", 3));
    co_await run_alone(login, one("XA ROLLBACK 'undone', 'customer', 19284"));
    co_await run_alone(login, unlogged(one("DELETE FROM customer.t WHERE id = 2")));
    co_await run_alone(login, unlogged(prepare("committed", 2)));
    co_await run_alone(login, unlogged(prepare("undone", 3)));
    // The binlog has never seen it.
    co_await run_alone(login, unlogged(prepare("unseen", 4)));
    // The binlog has it as prepared, the engine has not.
    co_await run_alone(login, prepare("lost", 5));
    const std::string written = co_await value(login, "SELECT @@global.gtid_binlog_state");
    co_await run_alone(login, unlogged(one("XA ROLLBACK 'lost', 'customer', 19284")));

    const Result<std::vector<std::string>> split =
        co_await mend_crashed_branches(crashed_, Clock::now() + kPatience);
    CO_REQUIRE(split);
    EXPECT_THAT(*split, IsEmpty());
    EXPECT_EQ(co_await prepared(login), "agreedcustomer lostcustomer");
    EXPECT_EQ(co_await value(login, "SELECT GROUP_CONCAT(id) FROM customer.t"), "2");
    EXPECT_EQ(co_await value(login, "SELECT @@global.gtid_binlog_state"), written);
    co_await run_alone(login, one("XA COMMIT 'lost', 'customer', 19284"));
    EXPECT_EQ(co_await value(login, "SELECT GROUP_CONCAT(id) FROM customer.t"), "2,5");
    EXPECT_FALSE(path_exists(files_.replayed));
  };
  run(body());
}

TEST_F(CrashedBranchesTest, WhatCannotBeRunAgainIsNamed) {
  auto body = [this]() -> Task<void> {
    if (second_.options.flavour == "mysql") co_return;
    CO_REQUIRE(co_await start_both());
    const Login login = root(first_);
    co_await run_alone(login, one("CREATE TABLE customer.t (id INT PRIMARY KEY)"));
    co_await run_alone(login, prepare("lost", 5));
    co_await run_alone(login, unlogged(one("XA ROLLBACK 'lost', 'customer', 19284")));
    co_await run_alone(login, unlogged(one("INSERT INTO customer.t VALUES (5)")));
    const Result<std::vector<std::string>> split =
        co_await mend_crashed_branches(crashed_, Clock::now() + kPatience);
    CO_REQUIRE(split);
    EXPECT_THAT(*split, ElementsAre("X'6c6f7374',X'637573746f6d6572',19284"));
    EXPECT_EQ(co_await prepared(login), "");
    EXPECT_THAT(read_file(files_.replayed).value_or(""), HasSubstr("XA PREPARE"));
  };
  run(body());
}

TEST_F(CrashedBranchesTest, ABinlogWhoseEndIsTornOffAgreesWithNothing) {
  auto body = [this]() -> Task<void> {
    if (second_.options.flavour == "mysql") co_return;
    CO_REQUIRE(co_await start_both());
    const Login login = root(first_);
    co_await run_alone(login, one("CREATE TABLE customer.t (id INT PRIMARY KEY)"));
    const std::string file = co_await value(login, "SELECT @@global.log_bin_basename") + ".000001";
    co_await run_alone(login, one("FLUSH BINARY LOGS"));
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 60);
    const Result<std::vector<std::string>> split =
        co_await mend_crashed_branches(crashed_, Clock::now() + kPatience);
    CO_REQUIRE(split);
    EXPECT_THAT(*split, ElementsAre(HasSubstr("its binlog cannot be read")));
  };
  run(body());
}

}  // namespace
}  // namespace kintsugi::tablet
