#include "gate/pool.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/errors.h"
#include "runtime/errors.h"
#include "runtime/event.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"

namespace kintsugi::gate {
namespace {

using namespace std::chrono_literals;

/// Connections that are numbered in the order they were made and remember that they were closed.
struct Server {
  struct Connection : Poolable {
    Connection(Server& owner, int number_of, mysql::Capabilities capabilities)
        : server(owner), number(number_of), of_client(capabilities) {}
    ~Connection() override { ++server.closed; }
    bool is_stale() const override { return stale; }
    mysql::Capabilities carried() const override { return of_client; }
    std::uint64_t settings_signature() const override { return signature; }
    bool is_broken() const override { return broken; }
    bool in_transaction() const override { return transaction_open; }
    void give_up(const std::string& why) override {
      broken = true;
      given_up = why;
    }

    Server& server;
    int number;
    mysql::Capabilities of_client;
    bool stale = false;
    bool broken = false;
    bool transaction_open = false;
    std::string given_up;
    std::uint64_t signature = 0;
  };

  int connected = 0;
  int closed = 0;
  bool refuses = false;
  runtime::Event* holds = nullptr;  ///< not null: nobody is answered before it is set
  int trying = 0;

  std::shared_ptr<Pool> pool(Pool::Options options) {
    options.name = "zone1-101";
    return std::make_shared<Pool>(options,
                                  [this](mysql::Capabilities carried, Time,
                                         runtime::Cancel*) -> Task<Result<std::unique_ptr<Poolable>>> {
                                    ++trying;
                                    if (holds != nullptr) co_await holds->wait();
                                    --trying;
                                    if (refuses) co_return failure(runtime::kConnectFailed, "refused");
                                    std::unique_ptr<Poolable> made =
                                        std::make_unique<Connection>(*this, ++connected, carried);
                                    co_return made;
                                  });
  }
};

Server::Connection& of(const Lease& lease) { return static_cast<Server::Connection&>(*lease.get()); }

Time soon() { return Clock::now() + 50ms; }
Time late() { return Clock::now() + 60s; }

class PoolTest : public testing::Test {
 protected:
  Result<Lease> take(Pool& pool, Pool::Wanted wanted = {}) {
    return loop_.block_on(pool.take(wanted, soon(), nullptr));
  }

  runtime::Loop loop_;
  Server server_;
};

TEST_F(PoolTest, GivesTheConnectionThatWasUsedLast) {
  auto pool = server_.pool({.connections_max = 4});
  {
    Lease a = *take(*pool), b = *take(*pool);
    EXPECT_FALSE(a.was_idle());
    EXPECT_EQ(pool->in_use(), 2u);
    b.release();
    a.release();
  }
  EXPECT_EQ(pool->idle(), 2u);
  Lease again = *take(*pool);
  EXPECT_EQ(of(again).number, 1);
  EXPECT_TRUE(again.was_idle());
  EXPECT_EQ(server_.connected, 2);
}

TEST_F(PoolTest, PrefersSettingsThatFitAndNeverMixesFoundRows) {
  auto pool = server_.pool({.connections_max = 4});
  {
    Lease a = *take(*pool), b = *take(*pool), c = *take(*pool, {.carried = mysql::capability::kFoundRows});
    of(a).signature = 7;
    of(b).signature = 8;
    of(c).signature = 7;
    a.release();  // the one that fits was used before the others
    b.release();
    c.release();
  }
  EXPECT_EQ(of(*take(*pool, {.settings_signature = 7})).number, 1);
  EXPECT_EQ(of(*take(*pool, {.carried = mysql::capability::kFoundRows, .settings_signature = 99})).number, 3);
}

TEST_F(PoolTest, AFullPoolMakesRoomForTheOtherKind) {
  auto pool = server_.pool({.connections_max = 1});
  take(*pool)->release();
  Lease other = *take(*pool, {.carried = mysql::capability::kFoundRows});
  EXPECT_EQ(of(other).carried(), mysql::capability::kFoundRows);
  EXPECT_EQ(server_.closed, 1);
  EXPECT_EQ(pool->in_use(), 1u);
}

TEST_F(PoolTest, GivesUpWhatIsInUseAndWhatIsIdle) {
  auto pool = server_.pool({.connections_max = 4});
  Lease busy = *take(*pool), returned = *take(*pool), idle = *take(*pool);
  returned.release();
  idle.release();
  Lease again = *take(*pool);
  EXPECT_EQ(pool->give_up("it is not heard"), 2u);
  EXPECT_EQ(of(busy).given_up, "it is not heard");
  EXPECT_EQ(of(again).given_up, "it is not heard");
  EXPECT_EQ(pool->idle(), 0u);
  busy.release();
  again.release();
  EXPECT_EQ(pool->in_use(), 0u);
  EXPECT_FALSE(pool->is_used());
  Lease later = *take(*pool);
  EXPECT_FALSE(later.was_idle());
  EXPECT_EQ(of(later).given_up, "");
}

TEST_F(PoolTest, DropsWhatIsStaleBrokenOldOrDrained) {
  auto pool = server_.pool({.connections_max = 4, .age_max = 1h});
  Lease lease = *take(*pool);
  of(lease).stale = true;
  lease.release();
  Lease second = *take(*pool);
  EXPECT_EQ(of(second).number, 2) << "a stale one is not given";
  of(second).broken = true;
  second.release();
  EXPECT_EQ(pool->idle(), 0u);

  Lease locking = *take(*pool);
  of(locking).transaction_open = true;
  locking.release();
  EXPECT_EQ(pool->idle(), 0u) << "its locks would be held until somebody took it";

  Lease third = *take(*pool);
  pool->drain();
  third.release();
  EXPECT_EQ(pool->idle(), 0u) << "what was in use while draining is closed when it comes back";
  take(*pool)->release();
  EXPECT_EQ(pool->idle(), 1u);
  pool->tidy(Clock::now() + 2h);
  EXPECT_EQ(pool->idle(), 0u);
  EXPECT_EQ(server_.closed, 5);
  EXPECT_EQ(pool->in_use(), 0u);
}

TEST_F(PoolTest, TidyKeepsTheLeastNumberOfIdleOnes) {
  auto pool = server_.pool({.connections_max = 4, .idle_max = 1min, .idle_min = 1});
  {
    Lease a = *take(*pool), b = *take(*pool), c = *take(*pool);
  }
  pool->tidy(Clock::now() + 30s);
  EXPECT_EQ(pool->idle(), 3u);
  pool->tidy(Clock::now() + 2min);
  EXPECT_EQ(pool->idle(), 1u);
}

TEST_F(PoolTest, WaitsInTurnAndFailsWhenTheTimeIsOver) {
  auto pool = server_.pool({.connections_max = 1, .waiters_max = 2});
  loop_.block_on([](Pool& p) -> Task<void> {
    Result<Lease> held = co_await p.take({}, late(), nullptr);
    std::vector<int> order;
    runtime::TaskGroup group;
    const auto waiter = [](Pool& q, std::vector<int>& log, int number) -> Task<void> {
      Result<Lease> lease = co_await q.take({}, late(), nullptr);
      if (lease) log.push_back(number);
    };
    group.spawn(waiter(p, order, 1));
    group.spawn(waiter(p, order, 2));
    EXPECT_EQ(p.waiting(), 2u);
    Result<Lease> refused = co_await p.take({}, late(), nullptr);
    EXPECT_FALSE(refused);
    if (!refused) EXPECT_TRUE(refused.error().is(kPoolExhausted));
    held->release();
    co_await group.join();
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
  }(*pool));

  Lease held = *take(*pool);
  Result<Lease> timed_out = take(*pool);
  ASSERT_FALSE(timed_out);
  EXPECT_TRUE(timed_out.error().is(kPoolExhausted));
  EXPECT_EQ(pool->waiting(), 0u);
  held.release();
  EXPECT_TRUE(take(*pool));
}

TEST_F(PoolTest, TakesAtOnceWhatNobodyWaitsFor) {
  auto pool = server_.pool({.connections_max = 1});
  EXPECT_FALSE(pool->take_at_once({})) << "none is open, and it does not connect";
  Lease held = *take(*pool);
  EXPECT_FALSE(pool->take_at_once({}));
  held.release();
  held = pool->take_at_once({});
  ASSERT_TRUE(held);
  EXPECT_TRUE(held.was_idle());
  EXPECT_EQ(pool->in_use(), 1u);

  // What was given back belongs to the one who waited, also before it has run.
  loop_.block_on([](Pool& from, Lease& given) -> Task<void> {
    runtime::TaskGroup waiters;
    bool came = false;
    waiters.spawn([](Pool& pool_of, bool& done) -> Task<void> {
      done = (co_await pool_of.take({}, late(), nullptr)).has_value();
    }(from, came));
    co_await runtime::yield();
    EXPECT_EQ(from.waiting(), 1u);
    given.release();
    EXPECT_FALSE(from.take_at_once({})) << "it is promised";
    co_await waiters.join();
    EXPECT_TRUE(came);
  }(*pool, held));

  of(*take(*pool)).stale = true;
  EXPECT_FALSE(pool->take_at_once({})) << "the server has closed it";
  pool->close();
  EXPECT_FALSE(pool->take_at_once({}));
}

TEST_F(PoolTest, ACancelledWaiterLeavesTheQueue) {
  auto pool = server_.pool({.connections_max = 1});
  loop_.block_on([](Pool& p) -> Task<void> {
    Result<Lease> held = co_await p.take({}, late(), nullptr);
    runtime::Cancel cancel;
    runtime::TaskGroup group;
    group.spawn([](Pool& q, runtime::Cancel& c) -> Task<void> {
      Result<Lease> lease = co_await q.take({}, late(), &c);
      EXPECT_FALSE(lease);
      if (!lease) EXPECT_TRUE(lease.error().is(runtime::kCancelled));
    }(p, cancel));
    cancel.request();
    co_await group.join();
    EXPECT_EQ(p.waiting(), 0u);
    held->release();
    EXPECT_EQ(p.idle(), 1u);
  }(*pool));
}

TEST_F(PoolTest, AFailedConnectFreesItsPlace) {
  auto pool = server_.pool({.connections_max = 1});
  server_.refuses = true;
  EXPECT_FALSE(take(*pool));
  EXPECT_EQ(pool->in_use(), 0u);
  server_.refuses = false;
  EXPECT_TRUE(take(*pool));
}

TEST_F(PoolTest, KeepsTheLeastNumberWarm) {
  auto pool = server_.pool({.connections_max = 4, .age_max = 1h, .idle_min = 2});
  take(*pool, {.carried = mysql::capability::kFoundRows})->release();
  loop_.block_on(pool->warm(late(), nullptr));
  EXPECT_EQ(pool->idle(), 2u);
  Lease lease = *take(*pool, {.carried = mysql::capability::kFoundRows});
  EXPECT_TRUE(lease.was_idle());
  loop_.block_on(pool->warm(late(), nullptr));
  EXPECT_EQ(pool->idle(), 2u) << "beside the one in use";
  EXPECT_EQ(server_.connected, 3);
  lease.release();
  pool->tidy(Clock::now() + 2h);
  EXPECT_EQ(pool->idle(), 0u) << "they grow old";
  loop_.block_on(pool->warm(late(), nullptr));
  EXPECT_EQ(pool->idle(), 2u) << "and others take their place";
  server_.refuses = true;
  auto lost = server_.pool({.connections_max = 4, .idle_min = 2});
  EXPECT_FALSE(take(*lost));
  loop_.block_on(lost->warm(late(), nullptr));
  EXPECT_EQ(lost->idle(), 0u) << "a server that is away is left to those who need it";
  EXPECT_EQ(lost->connects(), 0u);
}

TEST_F(PoolTest, AServerThatIsBackIsNotRunOver) {
  auto pool = server_.pool({.connections_max = 64, .slow_start = 1h});
  EXPECT_EQ(pool->bound(Clock::now()), 64u) << "a server that was never away gets all at once";
  server_.refuses = true;
  EXPECT_FALSE(take(*pool));
  EXPECT_EQ(pool->bound(Clock::now()), Pool::kProbes);
  server_.refuses = false;
  {
    Lease a = *take(*pool), b = *take(*pool);
    Result<Lease> third = take(*pool);
    ASSERT_FALSE(third);
    EXPECT_TRUE(third.error().is(kPoolExhausted));
    EXPECT_EQ(pool->bound(Clock::now() + 30min), 32u);
    EXPECT_EQ(pool->bound(Clock::now() + 1h), 64u);
    loop_.block_on([](Pool& p) -> Task<void> {
      runtime::TaskGroup group;
      bool came = false;
      group.spawn([](Pool& q, bool& out) -> Task<void> {
        Result<Lease> lease = co_await q.take({}, late(), nullptr);
        out = lease.has_value();
      }(p, came));
      EXPECT_EQ(p.waiting(), 1u);
      p.tidy(Clock::now() + 2h);
      co_await group.join();
      EXPECT_TRUE(came) << "it waits until the bound has grown";
    }(*pool));
  }
}

TEST_F(PoolTest, OfAServerThatIsAwayFewTryAndAllAreTold) {
  auto pool = server_.pool({.connections_max = 64, .slow_start = 1h});
  server_.refuses = true;
  EXPECT_FALSE(take(*pool));
  runtime::Event answer;
  server_.holds = &answer;
  loop_.block_on([](Pool& p, Server& server, runtime::Event& held) -> Task<void> {
    runtime::TaskGroup group;
    int told = 0;
    for (int i = 0; i < 10; ++i) {
      group.spawn([](Pool& q, int& count) -> Task<void> {
        Result<Lease> lease = co_await q.take({}, late(), nullptr);
        if (!lease && lease.error().is(runtime::kConnectFailed)) ++count;
      }(p, told));
    }
    EXPECT_EQ(server.trying, static_cast<int>(Pool::kProbes));
    EXPECT_EQ(p.waiting(), 10 - Pool::kProbes);
    held.set();
    co_await group.join();
    EXPECT_EQ(told, 10);
    EXPECT_EQ(server.trying, 0);
  }(*pool, server_, answer));
}

TEST_F(PoolTest, WaitsAreMeasured) {
  admin::Histogram waits;
  auto pool = server_.pool({.connections_max = 1, .waits = &waits});
  Duration waited{};
  Lease held = *take(*pool, {.waited = &waited});
  EXPECT_EQ(waited, Duration());
  EXPECT_FALSE(take(*pool, {.waited = &waited}));
  EXPECT_GE(waited, 50ms);
  EXPECT_EQ(waits.snapshot().count(), 1u);
}

TEST_F(PoolTest, ALeaseOutlivesAClosedPool) {
  auto pool = server_.pool({.connections_max = 2});
  Lease lease = *take(*pool);
  pool->close();
  Result<Lease> refused = take(*pool);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(kShuttingDown));
  pool.reset();
  lease.release();
  EXPECT_EQ(server_.closed, 1);
}

}  // namespace
}  // namespace kintsugi::gate
