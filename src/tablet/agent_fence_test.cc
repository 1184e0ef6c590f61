#include "tablet/testing/agent_fixture.h"

// That what a primary let in before it was closed is over when it is: no server refuses it any more, and it
// would be told that all is well once nobody is waited for.

namespace kintsugi::tablet {
namespace {

using testing::HasSubstr;

class FenceTest : public AgentTest {
 protected:
  using Session = std::unique_ptr<SqlClient>;

  Task<Session> session(TestTablet& tablet) {
    Result<Session> made = co_await connect_server(gate(tablet), Clock::now() + kPatience);
    if (made) co_return std::move(*made);
    ADD_FAILURE() << made.error().text();
    co_return nullptr;
  }
  /// "", or what it failed with.
  static Task<std::string> outcome(SqlClient& session, std::string sql) {
    const Result<void> done = co_await run_all(session, {std::move(sql)}, Clock::now() + kPatience);
    co_return done ? "" : done.error().text();
  }
  /// Somebody has the lock of that name on the first.
  Task<bool> is_held(std::string lock) {
    const Time deadline = Clock::now() + kPatience;
    while (Clock::now() < deadline) {
      const std::string held =
          co_await value(root(first_), "SELECT IS_USED_LOCK('" + lock + "') IS NOT NULL");
      if (held == "1") co_return true;
      co_await runtime::sleep_for(10ms);
    }
    co_return false;
  }
  /// As after a partition: the second takes over while the first is there.
  Task<bool> take_over() {
    co_await begin_change(topo::v1::PrimaryChange::unplanned);
    const bool rested = co_await rests(first_);
    const bool both = co_await rests(second_);
    if (!rested || !both) co_return false;
    co_await end_change(second_.alias);
    const bool changed =
        co_await until("the other leads", [this] { return second_.leads() && first_.follows(); });
    co_return changed;
  }
};

// Neither flavour refuses XA PREPARE where it is read-only.
TEST_F(FenceTest, ABranchThatWroteBeforeIsNotPreparedAfterwards) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    Session client = co_await session(first_);
    CO_REQUIRE(client);
    for (const char* sql : {"XA START 'a'", "INSERT INTO customer.t VALUES (1)", "XA END 'a'"}) {
      EXPECT_EQ(co_await outcome(*client, sql), "");
    }
    CO_REQUIRE(co_await take_over());
    EXPECT_NE(co_await outcome(*client, "XA PREPARE 'a'"), "");
    EXPECT_EQ(co_await value(root(first_), "SELECT COUNT(*) FROM customer.t"), "0");
    CO_REQUIRE(co_await until("the same transactions on both", [&] {
      return first_.health().gtid_executed() == second_.health().gtid_executed();
    }));
  };
  run(body());
}

TEST_F(FenceTest, StatementsThatMayWriteAreEndedAndOthersGoOn) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    Session reader = co_await session(first_), writer = co_await session(first_),
            idle = co_await session(first_);
    CO_REQUIRE(reader && writer && idle);
    std::string read = "not over", written = "not over";
    runtime::TaskGroup statements;
    const auto ask = [](SqlClient& client, std::string sql, std::string& into) -> Task<void> {
      into = co_await outcome(client, std::move(sql));
    };
    statements.spawn(ask(*reader, "SELECT /* a report */ SLEEP(600) FROM dual", read));
    statements.spawn(ask(*writer, "DO SLEEP(600)", written));
    CO_REQUIRE(co_await take_over());
    EXPECT_THAT(written, HasSubstr("KT")) << "it is told nothing, and must not be";
    EXPECT_EQ(read, "not over");
    EXPECT_EQ(co_await outcome(*idle, "SELECT 1"), "");
    reader->abort();
    co_await statements.join();
  };
  run(body());
}

// Gates that do not know of the change yet go by what it tells.
TEST_F(FenceTest, WhoIsBeingClosedServesNobodyAlready) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    Session client = co_await session(first_);
    CO_REQUIRE(client);
    std::string written = "not over";
    runtime::TaskGroup statements;
    const auto write = [&]() -> Task<void> {  // read_only waits for it
      written = co_await outcome(
          *client, "INSERT INTO customer.t SELECT SLEEP(600) FROM (SELECT GET_LOCK('in', 0)) l");
    };
    statements.spawn(write());
    CO_REQUIRE(co_await is_held("in"));
    CO_REQUIRE(first_.health().serving());
    std::string error = "nothing";  // with which it first serves nobody
    const auto listen = [&error](const v1::Health& health) {
      if (!health.serving()) error = health.error();
      return health.serving();
    };
    const auto hear = [&]() -> Task<void> {
      rpc::Client calls(*first_.client);
      [[maybe_unused]] const auto ended = co_await calls.stream<v1::Health>(
          "kintsugi.tablet.v1.Tablet/StreamHealth", v1::StreamHealthRequest(), listen, kPatience);
    };
    runtime::TaskGroup gates;
    gates.spawn(hear());
    co_await begin_change(topo::v1::PrimaryChange::unplanned);
    co_await gates.join();
    EXPECT_NE(error, "nothing");
    EXPECT_THAT(error, ::testing::Not(HasSubstr("make_read_only"))) << "it is told before that has failed";
    EXPECT_EQ(written, "not over");
    client->abort();
    co_await statements.join();
  };
  run(body());
}

// The agent may write where others may not.
TEST_F(FenceTest, AChangeOfSchemaOnAFormerPrimaryIsNotCalledDone) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start_both());
    Session holder = co_await session(first_);
    CO_REQUIRE(holder);
    EXPECT_EQ(co_await outcome(*holder, "DO GET_LOCK('go', 0)"), "");
    v1::ApplySchemaRequest request;
    request.add_statements("DO GET_LOCK('begun', 0), GET_LOCK('go', 60)");
    request.add_statements("CREATE TABLE t (id INT PRIMARY KEY)");
    Result<v1::ApplySchemaResponse> applied = failure(kMysqldDown, "not over");
    runtime::TaskGroup changes;
    const auto apply = [&]() -> Task<void> {
      applied = co_await first_.call<v1::ApplySchemaResponse>("ApplySchema", request);
    };
    changes.spawn(apply());
    CO_REQUIRE(co_await is_held("begun"));
    CO_REQUIRE(co_await take_over());
    EXPECT_EQ(co_await outcome(*holder, "DO RELEASE_LOCK('go')"), "");
    co_await changes.join();
    CO_REQUIRE(!applied);
    EXPECT_TRUE(applied.error().is(kNotPrimary)) << applied.error().text();
  };
  run(body());
}

}  // namespace
}  // namespace kintsugi::tablet
