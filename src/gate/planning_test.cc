#include "gate/planning.h"

#include <barrier>
#include <list>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/testing/client.h"
#include "gate/testing/gate_fixture.h"

// How often the gate plans, and reads what it plans against, before real servers.

namespace kintsugi::gate {
namespace {

using testing::Client;
using testing::GateFixture;

constexpr std::uint64_t kLoops = 2;

class PlanningTest : public ::testing::Test {
 protected:
  std::uint64_t planned() { return fixture_.counter("kintsugi_gate_plan_cache_misses_total"); }
  std::uint64_t reads() { return fixture_.counter("kintsugi_gate_schema_reads_total"); }
  Client connect() { return Client(fixture_.client()); }

  GateFixture fixture_{GateFixture::Options{.loops = kLoops}};
};

TEST_F(PlanningTest, OneOfManyPlansForAll) {
  constexpr int kClients = 40;
  fixture_.on_server(0, "create table commerce.crowded (id int primary key, name varchar(20))");
  fixture_.on_server(0, "insert into commerce.crowded values (1, 'a')");
  std::list<Client> clients;
  for (int i = 0; i < kClients; ++i) clients.emplace_back(fixture_.client());
  for (Client& client : clients) ASSERT_EQ(client.text("select 1"), "1");
  const std::uint64_t planned_before = planned(), reads_before = reads();
  std::barrier all(kClients);
  std::vector<std::thread> threads;
  for (Client& client : clients) {
    threads.emplace_back([&] {
      all.arrive_and_wait();
      EXPECT_EQ(client.text("select name from crowded where id = 1"), "a");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(planned() - planned_before, kLoops);
  EXPECT_LE(reads() - reads_before, kLoops);
}

TEST_F(PlanningTest, APlanStaysWhenAnotherTableIsLearned) {
  fixture_.on_server(0, "create table commerce.one (id int primary key)");
  fixture_.on_server(0, "create table commerce.other (id int primary key)");
  Client client = connect();
  EXPECT_EQ(client.text("select id from one where id = 1"), "");
  EXPECT_EQ(client.text("select id from other where id = 1"), "");
  const std::uint64_t before = planned();
  EXPECT_EQ(client.text("select id from one where id = 2"), "");
  EXPECT_EQ(planned(), before);
}

TEST_F(PlanningTest, APlanGoesWhenItsTableChanges) {
  Client client = connect();
  EXPECT_EQ(client.text("create table changed (id int primary key)"), "");
  EXPECT_EQ(client.text("insert into changed values (1)"), "");
  EXPECT_EQ(client.text("select * from changed where id = 1"), "1");
  EXPECT_EQ(client.text("alter table changed add name varchar(20) default 'x'"), "");
  EXPECT_EQ(client.text("select * from changed where id = 1"), "1|x");
  EXPECT_EQ(client.text("drop table changed"), "");
  EXPECT_THAT(client.text("select * from changed where id = 1"), ::testing::HasSubstr("1146: "));
  EXPECT_EQ(client.text("create table changed (id int primary key)"), "");
  EXPECT_EQ(client.text("select * from changed where id = 1"), "");
}

}  // namespace
}  // namespace kintsugi::gate
