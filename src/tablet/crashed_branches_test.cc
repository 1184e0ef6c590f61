#include "tablet/detail/crashed_branches.h"

#include "tablet/testing/agent_fixture.h"

namespace kintsugi::tablet {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Word = BranchWords::Word;

TEST(BranchWords, OfEachBranchTheLastCounts) {
  BranchWords words;
  words.read("Gtid", "XA START X'61',X'62',19284 GTID 0-1-7");
  words.read("Query", "XA END X'61',X'62',19284");
  words.read("XA_prepare", "XA PREPARE X'61',X'62',19284");
  EXPECT_THAT(words.last(), ElementsAre(Pair("X'61',X'62',19284", Word::prepared)));
  words.read("Query", "use `customer`; XA COMMIT X'61',X'62',19284");
  words.read("Query", "XA ROLLBACK X'63',X'62',19284");
  EXPECT_THAT(words.last(), ElementsAre(Pair("X'61',X'62',19284", Word::committed),
                                        Pair("X'63',X'62',19284", Word::rolled_back)));
  BranchWords older;
  older.read("XA_prepare", "XA PREPARE X'63',X'62',19284");
  older.read("XA_prepare", "XA PREPARE X'64',X'62',19284");
  words.add_older(older);
  EXPECT_THAT(words.last(), Contains(Pair("X'63',X'62',19284", Word::rolled_back)));
  EXPECT_THAT(words.last(), Contains(Pair("X'64',X'62',19284", Word::prepared)));
}

TEST(BranchWords, WhatClientsWroteIsNoWord) {
  BranchWords words;
  words.read("Annotate_rows", "XA COMMIT X'61',X'62',19284");
  words.read("Query", "insert into t values ('XA COMMIT X\\'61\\'')");
  words.read("XA_prepare", "XA COMMIT X'61',X'62',19284");
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

/// Branches whose engine and binlog disagree, made by leaving the binlog out of what is done.
TEST_F(AgentTest, BranchesAreBroughtInLineWithTheBinlog) {
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
    co_await run_alone(login, unlogged(one("XA ROLLBACK 'lost', 'customer', 19284")));

    Result<std::unique_ptr<SqlClient>> session = co_await connect_server(login, Clock::now() + kPatience);
    CO_REQUIRE(session);
    SqlClient& root = **session;
    const Result<std::vector<std::string>> lost =
        co_await mend_crashed_branches(root, Clock::now() + kPatience);
    CO_REQUIRE(lost);
    EXPECT_THAT(*lost, ElementsAre("X'6c6f7374',X'637573746f6d6572',19284"));
    const Result<QueryRows> left = co_await root.query("XA RECOVER", Clock::now() + kPatience);
    CO_REQUIRE(left && left->rows.size() == 1);
    EXPECT_EQ(left->text(0, "data"), "agreedcustomer");
    const Result<QueryRows> rows =
        co_await root.query("SELECT GROUP_CONCAT(id) AS ids FROM customer.t", Clock::now() + kPatience);
    CO_REQUIRE(rows);
    EXPECT_EQ(rows->text(0, "ids"), "2");
  };
  run(body());
}

TEST_F(AgentTest, ABinlogWhoseEndIsTornOffAgreesWithNothing) {
  auto body = [this]() -> Task<void> {
    if (second_.options.flavour == "mysql") co_return;
    CO_REQUIRE(co_await start_both());
    const Login login = root(first_);
    co_await run_alone(login, one("CREATE TABLE customer.t (id INT PRIMARY KEY)"));
    const std::string file = co_await value(login, "SELECT @@global.log_bin_basename") + ".000001";
    co_await run_alone(login, one("FLUSH BINARY LOGS"));
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 60);
    Result<std::unique_ptr<SqlClient>> session = co_await connect_server(login, Clock::now() + kPatience);
    CO_REQUIRE(session);
    const Result<std::vector<std::string>> split =
        co_await mend_crashed_branches(**session, Clock::now() + kPatience);
    CO_REQUIRE(split);
    EXPECT_THAT(*split, ElementsAre(testing::HasSubstr("its binlog cannot be read")));
  };
  run(body());
}

}  // namespace
}  // namespace kintsugi::tablet
