#include "local/unit.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local/logs.h"
#include "runtime/http_server.h"
#include "runtime/loop.h"
#include "runtime/timer.h"

namespace kintsugi::local {
namespace {

using testing::HasSubstr;

/// A process that is asked by HTTP, as far as the test's own server says that it is ready.
struct Bench {
  runtime::Loop loop;
  std::string log = testing::TempDir() + "/unit_test_" + std::to_string(::getpid()) + ".log";
  runtime::HttpServer server;
  bool ready = true;
  int started = 0;

  ~Bench() { std::filesystem::remove(log); }

  ProcessPlan plan(const std::string& script) {
    server.route("GET", "/readyz", [this](runtime::HttpRequest) -> Task<runtime::HttpResponse> {
      co_return runtime::HttpResponse::text(ready ? 200 : 503, ready ? "ok\n" : "no primary yet\n");
    });
    ProcessPlan out;
    out.name = "thing";
    out.command = {"sh", "-c", script};
    out.output_file = log;
    out.http = *server.start(runtime::Address::tcp("127.0.0.1", 0));
    out.ready_path = "/readyz";
    return out;
  }
};

template <class Condition>
Task<bool> comes_true(Condition condition) {
  const Time deadline = Clock::now() + 20s;
  while (!condition() && Clock::now() < deadline) co_await runtime::sleep_for(5ms);
  co_return condition();
}

TEST(Unit, WhatIsKilledIsStartedAgain) {
  Bench bench;
  auto body = [&]() -> Task<void> {
    Unit unit(bench.plan("exec sleep 100"), [&](const Unit&) { ++bench.started; });
    unit.run(std::nullopt);
    EXPECT_TRUE(co_await unit.wait_ready(Clock::now() + 20s));
    const pid_t first = unit.pid();
    ::kill(first, SIGKILL);
    EXPECT_TRUE(co_await comes_true([&] { return unit.pid() != 0 && unit.pid() != first && unit.ready(); }));
    EXPECT_EQ(bench.started, 2);
    EXPECT_EQ(unit.status().restarts, 1);
    EXPECT_EQ(unit.status().state, "ready");
    const pid_t second = unit.pid();
    co_await unit.stop();
    EXPECT_EQ(::kill(second, 0), -1);
    EXPECT_EQ(unit.status().pid, 0);
    co_await bench.server.stop();
  };
  bench.loop.block_on(body());
}

TEST(Unit, StatusSaysWhyItIsNotReady) {
  Bench bench;
  bench.ready = false;
  auto body = [&]() -> Task<void> {
    Unit unit(bench.plan("exec sleep 100"), [](const Unit&) {});
    unit.run(std::nullopt);
    EXPECT_TRUE(co_await comes_true([&] { return unit.status().detail == "no primary yet"; }));
    EXPECT_EQ(unit.status().state, "starting");
    EXPECT_FALSE(co_await unit.wait_ready(Clock::now()));
    co_await unit.stop();
    co_await bench.server.stop();
  };
  bench.loop.block_on(body());
}

TEST(Unit, WhatFailsAtOnceIsTriedWithPausesAndSaysHowItEnded) {
  Bench bench;
  auto body = [&]() -> Task<void> {
    ProcessPlan plan = bench.plan("echo broken; exit 3");
    co_await bench.server.stop();
    Unit unit(plan, [&](const Unit&) { ++bench.started; });
    unit.run(std::nullopt);
    EXPECT_TRUE(co_await comes_true([&] { return unit.status().restarts >= 3; }));
    EXPECT_FALSE(unit.ready());
    EXPECT_TRUE(co_await comes_true([&] { return unit.status().state == "restarting"; }));
    EXPECT_EQ(unit.status().detail, "exit code 3");
    EXPECT_EQ(log_tail(bench.log, 1), "  broken\n");
    co_await unit.stop();
  };
  bench.loop.block_on(body());
}

TEST(Unit, ARunningProcessIsTakenOver) {
  Bench bench;
  auto body = [&]() -> Task<void> {
    Result<runtime::Process> running = runtime::Process::start({.command = {"sleep", "100"}});
    const pid_t pid = running->pid();
    Unit unit(bench.plan("exec sleep 100"), [&](const Unit&) { ++bench.started; });
    unit.run(*runtime::Process::adopt(pid));
    EXPECT_TRUE(co_await unit.wait_ready(Clock::now() + 20s));
    EXPECT_EQ(unit.pid(), pid);
    EXPECT_EQ(bench.started, 0);
    co_await unit.stop();
    EXPECT_TRUE(co_await running->wait_until(Clock::now() + 20s));
    co_await bench.server.stop();
  };
  bench.loop.block_on(body());
}

}  // namespace
}  // namespace kintsugi::local
