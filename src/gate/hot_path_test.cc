#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <future>

#include <gtest/gtest.h>

#include "gate/testing/client.h"
#include "gate/testing/gate_fixture.h"

// That a statement whose plan is cached costs the gate's heap nothing. Every allocation of the gate's loop is
// counted, whoever makes it: malloc() and its like are those of this file.

#ifndef KINTSUGI_SANITIZED

namespace {

thread_local bool is_counted = false;
std::atomic<std::uint64_t> allocations{0};

void count_allocation() {
  if (is_counted) allocations.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

extern "C" {
// The C library's own, under the names that it keeps for those who put themselves before it.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
  count_allocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  count_allocation();
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  count_allocation();
  return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count_allocation();
  return __libc_memalign(alignment, size);
}
}

namespace kintsugi::gate {
namespace {

using testing::Client;
using testing::GateFixture;

constexpr int kStatements = 500;

class HotPathTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    GateFixture::Options options;
    options.loops = 1;
    options.gate.pool_idle_min = 0;  // no connection is opened beside
    fixture_ = std::make_unique<GateFixture>(options);
    for (const std::size_t server : {0, 1, 2}) {
      const std::string table = server == 0 ? "commerce.customer" : "customer.customer";
      fixture_->on_server(server,
                          "create table " + table + " (customer_id bigint primary key, name varchar(120))");
      fixture_->on_server(server, "insert into " + table + " values (1, repeat('a', 100)), (2, 'b')");
    }
    std::promise<void> told;
    fixture_->loop(0).post([&] {
      is_counted = true;
      told.set_value();
    });
    told.get_future().get();
  }
  static void TearDownTestSuite() { fixture_.reset(); }

  /// Allocations of the gate while `statement` runs many times, after a few times to get there.
  template <class Statement>
  static std::uint64_t allocations_of(Statement statement) {
    for (int i = 0; i < 20; ++i) statement(i);
    const std::uint64_t before = allocations;
    for (int i = 0; i < kStatements; ++i) statement(i);
    return allocations - before;
  }

  static std::unique_ptr<GateFixture> fixture_;
};
std::unique_ptr<GateFixture> HotPathTest::fixture_;

std::string point_select(int number) {
  return "select name from customer where customer_id = " + std::to_string(1 + number % 2);
}

/// What the loop does beside, once in a while: far fewer than one for each statement.
constexpr std::uint64_t kBeside = kStatements / 10;

TEST_F(HotPathTest, APointSelectAllocatesNothing) {
  for (const char* keyspace : {"commerce", "customer"}) {
    Client client(fixture_->client(keyspace));
    ASSERT_FALSE(client.error()) << client.error()->text();
    const std::uint64_t made = allocations_of([&](int number) {
      Result<wire::ResultSet> answer = client.query(point_select(number));
      ASSERT_TRUE(answer) << answer.error().text();
      ASSERT_EQ(answer->rows.size(), 1u);
    });
    EXPECT_LT(made, kBeside) << keyspace << ": " << static_cast<double>(made) / kStatements << " a statement";
  }
}

TEST_F(HotPathTest, APreparedPointSelectAllocatesNothing) {
  for (const char* keyspace : {"commerce", "customer"}) {
    Client client(fixture_->client(keyspace));
    ASSERT_FALSE(client.error()) << client.error()->text();
    Result<wire::PreparedStatement> prepared = client.loop().block_on(
        client.connection().prepare("select name from customer where customer_id = ?"));
    ASSERT_TRUE(prepared) << prepared.error().text();
    const std::uint64_t made = allocations_of([&](int number) {
      std::vector<mysql::Parameter> parameters{
          {{mysql::FieldType::longlong, false, ""}, mysql::Value(std::int64_t{1 + number % 2})}};
      Result<wire::ResultSet> answer =
          client.loop().block_on(client.connection().execute(*prepared, std::move(parameters)));
      ASSERT_TRUE(answer) << answer.error().text();
      ASSERT_EQ(answer->rows.size(), 1u);
    });
    EXPECT_LT(made, kBeside) << keyspace << ": " << static_cast<double>(made) / kStatements << " a statement";
  }
}

/// That what is counted is counted: a statement whose text is new is planned, which allocates.
TEST_F(HotPathTest, PlanningAllocates) {
  Client client(fixture_->client("commerce"));
  const std::uint64_t made =
      allocations_of([&](int number) { client.query("select 1 as a" + std::to_string(number)); });
  EXPECT_GT(made, kBeside);
}

}  // namespace
}  // namespace kintsugi::gate

#endif
