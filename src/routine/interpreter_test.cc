#include "routine/interpreter.h"

#include <coroutine>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace kintsugi::routine {
namespace {

/// Runs a task that never waits.
struct Starter {
  struct promise_type {
    Starter get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};
template <class T>
Starter start(Task<T> task, std::optional<T>& result) {
  result = co_await std::move(task);
}
template <class T>
T run(Task<T> task) {
  std::optional<T> result;
  start(std::move(task), result);
  return std::move(*result);
}

/// Rows of one column of whole numbers.
class Numbers final : public Rows {
 public:
  explicit Numbers(std::vector<std::string> numbers) : numbers_(std::move(numbers)) {
    columns_.resize(1);
    columns_.front().name = "n";
    columns_.front().type = mysql::FieldType::long_;
  }
  const std::vector<mysql::ColumnDefinition>& columns() const override { return columns_; }
  Result<bool> next(std::vector<mysql::Cell>& cells) override {
    if (at_ == numbers_.size()) return false;
    cells.assign(1, std::string_view(numbers_[at_++]));
    return true;
  }

 private:
  std::vector<mysql::ColumnDefinition> columns_;
  std::vector<std::string> numbers_;
  std::size_t at_ = 0;
};

class FakeHost final : public Host {
 public:
  std::vector<std::string> log;
  std::map<std::string, std::uint16_t> errors;
  std::map<std::string, std::vector<std::string>> answers;
  std::map<std::string, std::string> procedures;
  std::map<std::string, std::string> variables;
  int turns_until_killed = 1'000'000;
  bool blocks = true;

  Task<Result<Done>> run(std::string sql) override {
    log.push_back(sql);
    if (const auto error = errors.find(sql); error != errors.end())
      co_return failure(server_error(error->second, "HY000", "no"));
    co_return Done{.affected_rows = 1};
  }
  Task<Result<std::unique_ptr<Rows>>> query(std::string sql, Done&) override {
    log.push_back("? " + sql);
    const auto answer = answers.find(sql);
    if (answer == answers.end()) co_return failure(server_error(1146, "42S02", "not expected: " + sql));
    std::unique_ptr<Rows> rows = std::make_unique<Numbers>(answer->second);
    co_return rows;
  }
  Task<Result<std::shared_ptr<const Program>>> find(std::string_view, std::string_view name) override {
    const auto found = procedures.find(std::string(name));
    if (found == procedures.end()) co_return failure(server_error(1305, "42000", std::string(name)));
    Result<std::shared_ptr<Program>> program = Program::compile(found->second, {});
    if (!program) co_return failure(program.error());
    (*program)->name = name;
    std::shared_ptr<const Program> made = *program;
    co_return made;
  }
  std::shared_ptr<void> enter(const Program&) override { return nullptr; }
  void assign(std::string_view name, const Value& value) override {
    variables[std::string(name)] = literal(value, {});
  }
  mysql::QuoteOptions quoting() const override { return {}; }
  bool is_over() const override { return turns_until_killed <= 0; }
  bool has_blocks() const override { return blocks; }
  bool runs_function(std::string_view, std::string_view name) const override { return name == "next_id"; }
  Task<void> pause() override {
    --turns_until_killed;
    co_return;
  }
};

Result<Finished> run(FakeHost& host, std::string sql) {
  Result<std::shared_ptr<Program>> program = Program::compile(std::move(sql), {});
  if (!program) return failure(program.error());
  Interpreter interpreter(host);
  return run(interpreter.run(**program));
}

using Log = std::vector<std::string>;

TEST(Interpreter, CountsWithoutAServer) {
  FakeHost host;
  ASSERT_TRUE(run(host,
                  "begin not atomic declare i int default 0; while i < 3 do set i = i + 1; "
                  "insert into t (i, j) values (i, i * 2); end while; end"));
  EXPECT_EQ(host.log, (Log{"insert into t (i, j) values (1, 1 * 2)", "insert into t (i, j) values (2, 2 * 2)",
                           "insert into t (i, j) values (3, 3 * 2)"}));
}

TEST(Interpreter, PutsVariablesWhereTheyStand) {
  FakeHost host;
  ASSERT_TRUE(run(host,
                  "begin not atomic declare i int default 5; declare s varchar(9) default 'it''s'; "
                  "select i, i + 1, s x from t where t.i = i and s = s order by i, t.s limit i; end"));
  EXPECT_EQ(
      host.log.back(),
      "select 5 AS `i`, if(1,5,2147483647) + 1 AS `i + 1`, 'it''s' x from t where t.i = 5 and 'it''s' = "
      "'it''s' order by coalesce(5), t.s limit 5");
}

TEST(Interpreter, AsksAServerForWhatHasAType) {
  FakeHost host;
  const std::string asked = "begin not atomic declare `i` int default 7;set `i` = i / 2; select `i`; end";
  host.answers[asked] = {"4"};
  ASSERT_TRUE(run(host, "begin not atomic declare i int default 7; set i = i / 2; do sleep(i); end"));
  EXPECT_EQ(host.log, (Log{"? " + asked, "do sleep(4)"}));
}

TEST(Interpreter, SendsNoServerAFunctionThatTheGateRuns) {
  FakeHost host;
  host.answers["select (next_id(7) + 1)"] = {"9"};
  host.answers["begin not atomic declare `i` int default 9;set `i` = other(i); select `i`; end"] = {"10"};
  ASSERT_TRUE(run(host,
                  "begin not atomic declare i int default 7; set i = next_id(i) + 1; set i = other(i); "
                  "do sleep(i); end"));
  EXPECT_EQ(host.log.front(), "? select (next_id(7) + 1)");
  EXPECT_EQ(host.log.back(), "do sleep(10)");
}

TEST(Interpreter, AFunctionReturnsAValue) {
  FakeHost host;
  const auto call = [&host](const std::string& body, std::vector<Value> arguments) {
    Result<std::shared_ptr<Program>> program =
        Program::compile("create function f(n int) returns int " + body, {});
    EXPECT_TRUE(program) << program.error().text();
    (*program)->name = "f";
    Interpreter interpreter(host);
    return run(interpreter.call_function(**program, std::move(arguments)));
  };
  Result<Value> value = call("begin update t set x = n; return n; end", {integer(5)});
  ASSERT_TRUE(value) << value.error().text();
  EXPECT_EQ(*value, integer(5));
  EXPECT_EQ(host.log, (Log{"update t set x = 5"}));
  value = call("begin if n > 5 then return 1; end if; end", {integer(5)});
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().mysql_errno(), 1321);
}

TEST(Interpreter, ATriggersRowsAreItsFirstVariables) {
  FakeHost host;
  const std::string asked =
      "begin not atomic declare `old.name` varchar(9) default 'Ann';declare `new.id` int default 7;"
      "declare `x` int;set `x` = length(`old.name`) / `new.id`; select `x`; end";
  host.answers[asked] = {"1"};
  Result<std::shared_ptr<Program>> program = Program::compile(
      "create procedure p(in `old.name` varchar(9), in `new.id` int) begin declare x int; "
      "set x = length(OLD.name) / new.`id`; insert into t values (x, NEW.ID, t.id); end",
      {});
  ASSERT_TRUE(program) << program.error().text();
  Interpreter interpreter(host);
  ASSERT_TRUE(run(interpreter.run(**program, {text("Ann"), integer(7)})));
  EXPECT_EQ(host.log, (Log{"? " + asked, "insert into t values (1, 7, t.id)"}));
}

TEST(Interpreter, WithoutBlocksAsksWithTheValues) {
  FakeHost host;
  host.blocks = false;
  host.answers["select (7 / 2)"] = {"4"};
  ASSERT_TRUE(run(host, "begin not atomic declare i int default 7; set i = i / 2; do sleep(i); end"));
  EXPECT_EQ(host.log.back(), "do sleep(4)");
}

TEST(Interpreter, ReadsCursorsUntilNotFound) {
  FakeHost host;
  host.answers["select id from t"] = {"10", "20"};
  ASSERT_TRUE(run(host,
                  "begin not atomic declare n, ended int default 0; declare c cursor for select id from t; "
                  "declare continue handler for not found set ended = 1; open c; "
                  "repeat fetch c into n; if ended = 0 then delete from t where id = n; end if; "
                  "until ended end repeat; close c; end"));
  EXPECT_EQ(host.log,
            (Log{"? select id from t", "delete from t where id = 10", "delete from t where id = 20"}));
}

TEST(Interpreter, HandlersGoOnOrLeave) {
  FakeHost host;
  host.errors["delete from a"] = 1146;
  ASSERT_TRUE(run(host,
                  "begin not atomic declare continue handler for sqlexception delete from h; "
                  "begin declare exit handler for 1146 delete from x; delete from a; delete from no; end; "
                  "delete from b; end"));
  EXPECT_EQ(host.log, (Log{"delete from a", "delete from x", "delete from b"}));
}

TEST(Interpreter, WhatNobodyHandlesIsTheFailure) {
  FakeHost host;
  host.errors["delete from a"] = 1062;
  const Result<Finished> finished =
      run(host,
          "begin not atomic declare exit handler for 1146 delete from x; delete from a; delete from b; end");
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().mysql_errno(), 1062);
  EXPECT_EQ(host.log.size(), 1u);
}

TEST(Interpreter, AKillIsNotHandled) {
  FakeHost host;
  host.turns_until_killed = 5;
  const Result<Finished> finished = run(
      host,
      "begin not atomic declare continue handler for sqlexception begin end; loop begin end; end loop; end");
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().mysql_errno(), 1317);
}

TEST(Interpreter, AKillThatAServerDoesNotTellEndsIt) {
  FakeHost host;
  host.turns_until_killed = 0;
  const Result<Finished> finished = run(host, "begin not atomic do sleep(600); delete from b; end");
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().mysql_errno(), 1317);
  EXPECT_EQ(host.log, Log{"do sleep(600)"});
}

TEST(Interpreter, CallsGiveValuesBack) {
  FakeHost host;
  host.procedures["p"] =
      "create procedure p(a int, inout b int, out c int) begin set b = b + a, c = b * 2; end";
  ASSERT_TRUE(run(
      host, "begin not atomic declare x int default 4; call p(3, x, @r); delete from t where i = x; end"));
  EXPECT_EQ(host.log, Log{"delete from t where i = 7"});
  EXPECT_EQ(host.variables["r"], "14");
  const Result<Finished> wrong = run(host, "call p(1, 2, @r)");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().mysql_errno(), 1414);
}

TEST(Interpreter, RecursionIsBounded) {
  FakeHost host;
  host.procedures["p"] = "create procedure p() call p()";
  host.answers["select @@max_sp_recursion_depth"] = {"3"};
  const Result<Finished> finished = run(host, "call p()");
  ASSERT_FALSE(finished);
  EXPECT_TRUE(finished.error().mysql_errno() == kRecursionLimit.mysql_errno) << finished.error().text();
}

TEST(Interpreter, SumsAffectedRows) {
  FakeHost host;
  const Result<Finished> finished = run(host, "begin not atomic delete from a; update b set c = 1; end");
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->affected_rows, 2u);
}

}  // namespace
}  // namespace kintsugi::routine
