// A tablet's data is made anew as a copy of another's, with real servers.
#include <fstream>

#include "tablet/detail/data_source.h"
#include "tablet/testing/agent_fixture.h"

namespace kintsugi::tablet {
namespace {

using testing::HasSubstr;

class RecloneTest : public AgentTest {
 protected:
  v1::RecloneRequest request_for_copy_of(const TestTablet& tablet, std::string id) {
    v1::RecloneRequest request;
    request.set_id(std::move(id));
    request.set_from(tablet.alias.text());
    request.set_from_host("127.0.0.1");
    request.set_from_http_port(tablet.client->server().port);
    request.set_from_mysql_port(tablet.port);
    return request;
  }
  Task<std::string> ask_for_copy(TestTablet& tablet, const TestTablet& from, std::string id) {
    const v1::RecloneRequest request = request_for_copy_of(from, std::move(id));
    const auto asked = co_await tablet.call<v1::RecloneResponse>("Reclone", request);
    co_return asked ? "" : asked.error().text();
  }
  /// What the donor says of a refusal, or nothing; `last` gets the last piece.
  static Task<std::string> copy_from(const TestTablet& donor, v1::CopyDataRequest request,
                                     v1::CopyPiece* last = nullptr) {
    rpc::Client calls(*donor.client);
    std::function<Task<Result<void>>(v1::CopyPiece)> take =
        [last](v1::CopyPiece piece) -> Task<Result<void>> {
      if (last != nullptr) *last = std::move(piece);
      co_return Result<void>();
    };
    const auto done = co_await calls.stream_slowly<v1::CopyPiece>("kintsugi.tablet.v1.Tablet/CopyData",
                                                                  request, std::move(take), kPatience);
    co_return done ? "" : done.error().text();
  }
  /// What a copy of the second has executed, by what its agent says; or why it gave none.
  Task<std::string> executed_in_copy_of_second() {
    const v1::OfferCopyRequest ask;
    const auto offer = co_await second_.call<v1::OfferCopyResponse>("OfferCopy", ask);
    if (!offer) co_return offer.error().text();
    v1::CopyDataRequest request;
    request.set_word(offer->word());
    request.set_to("zone1-103");
    request.set_proof(copy_proof(kPasswords.at("replication"), offer->word(), "zone1-102", "zone1-103"));
    v1::CopyPiece last;
    const std::string refused = co_await copy_from(second_, request, &last);
    co_return refused.empty() ? last.gtid_executed() : refused;
  }
  /// On MariaDB: and is at rest, since it has noted the last. What agents tell of their servers may be as old
  /// as a round.
  Task<bool> second_has_all_of_first() {
    const std::string last = co_await value(root(first_), "SELECT @@gtid_binlog_pos");
    co_return co_await ends_as(root(second_), "SELECT @@gtid_slave_pos", last);
  }
  /// The second has transactions of its own, which the first has not, and is kept out.
  Task<bool> make_errant() {
    const bool up = co_await start_both();
    if (!up) co_return false;
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY, v TEXT)"), "no row");
    EXPECT_EQ(co_await value(gate(first_), "INSERT INTO customer.t VALUES (1, 'shared')"), "no row");
    const bool there = co_await wait_for_row(second_, "1");
    if (!there) co_return false;
    const bool was_mariadb = TestServer().is_mariadb();
    EXPECT_EQ(co_await value(root(second_), was_mariadb ? "STOP SLAVE" : "STOP REPLICA"), "no row");
    if (!was_mariadb) EXPECT_EQ(co_await value(root(second_), "SET GLOBAL super_read_only = OFF"), "no row");
    EXPECT_EQ(co_await value(root(second_), "INSERT INTO customer.t VALUES (77, 'only here')"), "no row");
    EXPECT_EQ(co_await value(root(second_), "CREATE TABLE customer.own (id INT)"), "no row");
    // It is compared when it is attached anew. Its agent may have started replication again.
    std::string forgotten;
    const Time deadline = Clock::now() + kPatience;
    while (forgotten != "no row" && Clock::now() < deadline) {
      EXPECT_EQ(co_await value(root(second_), was_mariadb ? "STOP SLAVE" : "STOP REPLICA"), "no row");
      forgotten = co_await value(root(second_), was_mariadb ? "RESET SLAVE ALL" : "RESET REPLICA ALL");
    }
    const bool told = co_await until("it is kept out", [this] {
      return second_.health().copy() == v1::Health::own && !second_.health().serving();
    });
    co_return told;
  }
  /// From its fifth page on.
  static void ruin(const std::string& tablespace) {
    constexpr std::size_t kPage = 16384;
    std::fstream file(tablespace, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(4 * kPage);
    file << std::string(20 * kPage, 'x');
  }
  Task<void> write_rows(int from, int to) {
    for (int i = from; i < to; ++i) {
      EXPECT_EQ(
          co_await value(gate(first_), "INSERT INTO customer.t VALUES (" + std::to_string(i) + ", 'later')"),
          "no row");
    }
  }
};

TEST_F(RecloneTest, WhatOnlyItHadIsSavedAndItFollowsAgain) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await make_errant());
    const std::string own = second_.health().error();
    EXPECT_THAT(own, HasSubstr("kintsugi tablet reclone zone1-102"));
    const v1::GetStatusRequest ask;
    const auto before = co_await second_.call<v1::GetStatusResponse>("GetStatus", ask);
    CO_REQUIRE(before);
    EXPECT_EQ(co_await ask_for_copy(second_, first_, "r1"), "");
    // Commits wait for the one replica that there is: they are made when it is back.
    CO_REQUIRE(co_await until("it is done", [this] {
      return second_.health().reclone().outcome() == v1::Reclone::done && first_.leads() && second_.follows();
    }));
    co_await write_rows(100, 110);
    CO_REQUIRE(co_await wait_for_row(second_, "109"));
    EXPECT_EQ(co_await value(gate(second_), "SELECT COUNT(*) FROM customer.t WHERE id = 77"), "0");
    EXPECT_THAT(co_await value(gate(second_), "SELECT * FROM customer.own"), HasSubstr("doesn't exist"));
    CO_REQUIRE(co_await until("the same transactions on both", [&] {
      return first_.health().gtid_executed() == second_.health().gtid_executed();
    }));
    CO_REQUIRE(co_await until("it has caught up", [&] { return second_.health().caught_up(); }));

    const std::string saved = second_.health().reclone().saved();
    EXPECT_EQ(saved, std::filesystem::canonical(second_.options.dir).string() + "/saved/r1.sql");
    const std::string text = read_file(saved).value_or("");
    EXPECT_THAT(text, HasSubstr("only here"));
    EXPECT_THAT(text, HasSubstr("CREATE TABLE customer.own"));
    EXPECT_THAT(text, testing::Not(HasSubstr("shared")));
    const auto after = co_await second_.call<v1::GetStatusResponse>("GetStatus", ask);
    CO_REQUIRE(after);
    EXPECT_NE(after->server_id(), before->server_id()) << "numbers of transactions come again";
    EXPECT_EQ(after->owner(), before->owner());
    for (const char* left : {"/data.copied", "/data.replaced", "/reclone.json", "/copy.tmp"})
      EXPECT_FALSE(path_exists(second_.options.dir + left)) << left;

    // It is as good as any: it can take over, and the one before follows it.
    co_await begin_change(topo::v1::PrimaryChange::planned);
    CO_REQUIRE(co_await rests(first_));
    co_await end_change(second_.alias);
    CO_REQUIRE(
        co_await until("they have changed places", [&] { return second_.leads() && first_.follows(); }));
    EXPECT_EQ(co_await value(gate(second_), "INSERT INTO customer.t VALUES (200, 'after')"), "no row");
    CO_REQUIRE(co_await wait_for_row(first_, "200"));
  };
  run(body());
}

/// As after a second failure before the first one is back: commits of the only server that is left wait for
/// the copy of its data, which must not wait for them.
TEST_F(RecloneTest, TheOnlyOneLeftGivesItsDataBeforeItCommits) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await make_errant());
    if (TestServer().is_mariadb()) {
      // MySQL's copies wait for statements of DDL alone.
      std::string answer = "none";
      runtime::TaskGroup writers;
      const auto write = [](Login login, std::string& into) -> Task<void> {
        std::string said = co_await value(std::move(login), "INSERT INTO customer.t VALUES (100, 'waits')");
        into = std::move(said);
      };
      writers.spawn(write(gate(first_), answer));
      CO_REQUIRE(co_await until("the commit waits",
                                [this] { return first_.health().semi_sync().waiting_commits() == 1; }));
      EXPECT_EQ(co_await ask_for_copy(second_, first_, "r7"), "");
      CO_REQUIRE(co_await until("its server is killed", [this] { return first_.health().crashed(); }));
      co_await writers.join();
      EXPECT_THAT(answer, testing::Not(testing::AnyOf("no row", "none")));
      CO_REQUIRE(co_await until("the copy has failed", [this] {
        return second_.health().reclone().outcome() == v1::Reclone::failed;
      }));
    }
    co_await begin_change(topo::v1::PrimaryChange::unplanned);
    CO_REQUIRE(co_await rests(first_));
    co_await end_change(first_.alias);
    CO_REQUIRE(co_await until("it holds its first commit back", [this] {
      return !first_.health().read_only() && first_.health().semi_sync().waiting_commits() == 1;
    }));
    EXPECT_FALSE(first_.health().serving());
    EXPECT_EQ(co_await ask_for_copy(second_, first_, "r6"), "");
    CO_REQUIRE(co_await until("it follows", [this] { return first_.leads() && second_.follows(); }));
    co_await write_rows(101, 102);
    CO_REQUIRE(co_await wait_for_row(second_, "101"));
  };
  run(body());
}

TEST_F(RecloneTest, OneThatWasLeftBehindCatchesUp) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await start(first_));
    co_await elect(first_);
    CO_REQUIRE(co_await until("it leads alone", [this] { return first_.serves(topo::TabletType::primary); }));
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY, v TEXT)"), "no row");
    co_await write_rows(0, 3);
    // The server keeps a log until all that is in it is in its tables' files for good.
    const Time deadline = Clock::now() + kPatience;
    while (co_await value(root(first_), "SHOW BINARY LOGS") == "binlog.000001" && Clock::now() < deadline) {
      EXPECT_EQ(co_await value(root(first_), "FLUSH BINARY LOGS"), "no row");
      EXPECT_EQ(co_await value(root(first_), "PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY"), "no row");
    }
    CO_REQUIRE(co_await start(second_));
    CO_REQUIRE(
        co_await until("left behind", [this] { return second_.health().copy() == v1::Health::left_behind; }));
    EXPECT_EQ(co_await ask_for_copy(second_, first_, "r2"), "");
    CO_REQUIRE(co_await until("it follows", [this] { return first_.leads() && second_.follows(); }));
    CO_REQUIRE(co_await wait_for_row(second_, "2"));
    EXPECT_EQ(second_.health().reclone().saved(), "") << "it had nothing of its own";
  };
  run(body());
}

TEST_F(RecloneTest, ATornOneBeginsAnewAndAWholeOneIsTaken) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await make_errant());
    const auto stop_at = [this](std::string step) {
      return until("at " + step, [this, step] {
        return second_.health().reclone().step().find(step) != std::string::npos;
      });
    };
    EXPECT_EQ(co_await ask_for_copy(second_, first_, "r3"), "");
    CO_REQUIRE(co_await stop_at("copies the data"));
    second_.options.leave_mysqld_running = true;
    co_await second_.stop();
    EXPECT_TRUE(path_exists(second_.options.dir + "/reclone.json"));
    CO_REQUIRE(co_await start(second_));
    // As if the agent had died after it had renamed the first of two folders.
    CO_REQUIRE(co_await stop_at("starts a server"));
    co_await second_.stop();
    if (const auto pid = second_.mysqld()) ::kill(*pid, SIGKILL);
    std::filesystem::rename(second_.options.dir + "/data", second_.options.dir + "/data.copied");
    CO_REQUIRE(path_exists(second_.options.dir + "/data.replaced"));
    CO_REQUIRE(co_await second_.start());
    CO_REQUIRE(co_await until("it follows", [this] { return first_.leads() && second_.follows(); }));
    EXPECT_EQ(second_.health().reclone().id(), "r3");
    EXPECT_EQ(co_await value(gate(second_), "SELECT COUNT(*) FROM customer.t"), "1");
  };
  run(body());
}

/// What a fault of the disk, or of the server, leaves behind. By itself that would be for ever.
TEST_F(RecloneTest, DataOnWhichNoServerRunsIsMadeAnew) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await make_errant());
    co_await second_.stop();
    ruin(second_.options.dir + "/data/ibdata1");
    CO_REQUIRE(co_await second_.start());
    CO_REQUIRE(co_await until("its data is found unusable",
                              [this] { return second_.health().copy() == v1::Health::unusable; }));
    EXPECT_THAT(second_.health().error(), HasSubstr("no server runs on its data: `kintsugi tablet reclone"));
    EXPECT_EQ(co_await ask_for_copy(second_, first_, "r8"), "");
    CO_REQUIRE(co_await until("it follows", [this] { return first_.leads() && second_.follows(); }));
    co_await write_rows(100, 103);
    CO_REQUIRE(co_await wait_for_row(second_, "102"));
    CO_REQUIRE(co_await wait_for_row(second_, "1"));
    EXPECT_EQ(second_.health().copy(), v1::Health::not_needed);
    EXPECT_EQ(co_await value(gate(second_), "SELECT COUNT(*) FROM customer.t WHERE id = 77"), "0");
    const std::string text = read_file(second_.options.dir + "/saved/r8.sql").value_or("");
    EXPECT_THAT(text, HasSubstr("only here"));
    EXPECT_THAT(text, testing::Not(HasSubstr("shared")));
  };
  run(body());
}

TEST_F(RecloneTest, WhereNotEvenItsBinlogsCanBeReadTheseAreKept) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await make_errant());
    co_await second_.stop();
    ruin(second_.options.dir + "/data/ibdata1");
    const std::vector<std::string> logs = binlogs(second_.options.dir + "/data");
    for (const std::string& log : logs) std::filesystem::resize_file(log, 3);
    CO_REQUIRE(co_await second_.start());
    CO_REQUIRE(co_await until("its data is found unusable",
                              [this] { return second_.health().copy() == v1::Health::unusable; }));
    EXPECT_EQ(co_await ask_for_copy(second_, first_, "r9"), "");
    CO_REQUIRE(co_await until("it follows", [this] { return first_.leads() && second_.follows(); }));
    for (const std::string& log : logs) {
      const std::string name = std::filesystem::path(log).filename();
      EXPECT_TRUE(path_exists(second_.options.dir + "/saved/r9.binlogs/" + name)) << name;
    }
  };
  run(body());
}

/// A replica writes the end of a branch into its engine and its binlog before it notes in gtid_slave_pos that
/// it has done so. A copy of that moment has the transaction.
TEST_F(RecloneTest, ACopyOfAReplicaStandsWhereItsBinlogStood) {
  auto body = [this]() -> Task<void> {
    if (!TestServer().is_mariadb()) co_return;  // MySQL's copies know by themselves
    CO_REQUIRE(co_await start_both());
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY, v TEXT)"), "no row");
    ServerSession writer(gate(first_));
    for (const char* sql :
         {"XA START 'x'", "INSERT INTO customer.t VALUES (1, 'branch')", "XA END 'x'", "XA PREPARE 'x'"})
      CO_REQUIRE(co_await writer.query(sql, Clock::now() + kPatience));
    CO_REQUIRE(co_await second_has_all_of_first());
    ServerSession holder(root(second_));
    for (const char* sql : {"BEGIN", "SELECT * FROM mysql.gtid_slave_pos FOR UPDATE"})
      CO_REQUIRE(co_await holder.query(sql, Clock::now() + kPatience));
    CO_REQUIRE(co_await writer.query("XA COMMIT 'x'", Clock::now() + kPatience));
    const std::string last = co_await value(root(first_), "SELECT @@gtid_binlog_pos");
    CO_REQUIRE(co_await ends_as(root(second_), "SELECT @@gtid_binlog_pos", last));
    EXPECT_NE(co_await value(root(second_), "SELECT @@gtid_slave_pos"), last) << "it is not in the middle";

    EXPECT_EQ(co_await executed_in_copy_of_second(), last);
    CO_REQUIRE(co_await holder.query("ROLLBACK", Clock::now() + kPatience));
  };
  run(body());
}

/// A server whose own data is a copy has a binlog that begins with a state that was set. Nothing but that
/// says what it has executed, and the last GTID that it names need not be the last that was executed.
TEST_F(RecloneTest, ACopyOfACopyStandsWhereThatStood) {
  auto body = [this]() -> Task<void> {
    if (!TestServer().is_mariadb()) co_return;  // MySQL's copies know by themselves
    CO_REQUIRE(co_await start_both());
    ServerSession earlier(root(first_));
    for (const char* sql : {"SET SESSION server_id = 99", "CREATE DATABASE written_by_an_earlier_primary"})
      CO_REQUIRE(co_await earlier.query(sql, Clock::now() + kPatience));
    EXPECT_EQ(co_await value(gate(first_), "CREATE TABLE customer.t (id INT PRIMARY KEY)"), "no row");
    CO_REQUIRE(co_await second_has_all_of_first());
    const std::string earliest = co_await value(root(first_), "SELECT @@gtid_binlog_state");
    const std::string last = co_await value(root(first_), "SELECT @@gtid_binlog_pos");
    const std::size_t comma = earliest.find(',');
    CO_REQUIRE(comma != std::string::npos);
    const std::string one = earliest.substr(0, comma), other = earliest.substr(comma + 1);
    for (const std::string& state : {one + ',' + other, other + ',' + one}) {
      ServerSession session(root(second_));
      CO_REQUIRE(co_await session.query("RESET MASTER", Clock::now() + kPatience));
      CO_REQUIRE(
          co_await session.query("SET GLOBAL gtid_binlog_state = '" + state + "'", Clock::now() + kPatience));
      const std::string copied = co_await executed_in_copy_of_second();
      EXPECT_THAT(copied, AllOf(HasSubstr(one), HasSubstr(other))) << "of " << state << ", last " << last;
    }
  };
  run(body());
}

TEST_F(RecloneTest, IsRefused) {
  auto body = [this]() -> Task<void> {
    CO_REQUIRE(co_await make_errant());
    EXPECT_THAT(co_await ask_for_copy(first_, second_, "r4"), HasSubstr("is its shard's primary"));
    EXPECT_THAT(co_await ask_for_copy(second_, second_, "r4"), HasSubstr("a copy of whose data"));
    const v1::OfferCopyRequest ask;
    const auto offer = co_await first_.call<v1::OfferCopyResponse>("OfferCopy", ask);
    CO_REQUIRE(offer);
    EXPECT_GT(offer->data_bytes(), 1u << 20);
    v1::CopyDataRequest request;
    request.set_word(offer->word());
    request.set_to("zone1-102");
    request.set_proof(copy_proof("guessed", offer->word(), "zone1-101", "zone1-102"));
    EXPECT_THAT(co_await copy_from(first_, request), HasSubstr("does not know the password"));
    request.set_proof(copy_proof(kPasswords.at("replication"), offer->word(), "zone1-101", "zone1-102"));
    request.set_word("another");
    EXPECT_THAT(co_await copy_from(first_, request), HasSubstr("the word has run out"));

    // What fails leaves it as it was.
    v1::RecloneRequest nowhere = request_for_copy_of(first_, "r5");
    nowhere.set_from_http_port(1);
    CO_REQUIRE(co_await second_.call<v1::RecloneResponse>("Reclone", nowhere));
    CO_REQUIRE(co_await until(
        "it has failed", [this] { return second_.health().reclone().outcome() == v1::Reclone::failed; }));
    EXPECT_THAT(second_.health().reclone().error(), HasSubstr("127.0.0.1:1"));
    EXPECT_EQ(co_await value(gate(second_), "SELECT v FROM customer.t WHERE id = 77"), "only here");
    EXPECT_FALSE(path_exists(second_.options.dir + "/reclone.json"));
  };
  run(body());
}

}  // namespace
}  // namespace kintsugi::tablet
