#include "runtime/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/cancel.h"
#include "runtime/child_pipe.h"
#include "runtime/errors.h"
#include "runtime/loop.h"
#include "runtime/signals.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"

namespace kintsugi::runtime {
namespace {

using testing::HasSubstr;

Time soon() { return Clock::now() + 20s; }

ProcessSpec shell(std::string script) { return {.command = {"sh", "-c", std::move(script)}}; }

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kintsugi_process_XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

Task<void> until_written(std::string path) {
  const Time limit = soon();
  while (contents(path).empty() && Clock::now() < limit) co_await sleep_for(2ms);
  EXPECT_NE(contents(path), "") << path;
}

TEST(Process, CollectsOutputAndStatus) {
  Loop loop;
  ProcessSpec spec = shell("cat; echo \"$GREETING $PWD\"; echo oops >&2; exit 3");
  spec.environment = {"GREETING=hi"};
  spec.directory = "/";
  spec.input = "from stdin\n";
  const Result<ProcessOutput> output = loop.block_on(run_process(spec, soon()));
  ASSERT_TRUE(output.has_value()) << output.error().text();
  EXPECT_EQ(output->out, "from stdin\nhi /\n");
  EXPECT_EQ(output->error, "oops\n");
  EXPECT_EQ(output->status.text(), "exit code 3");
}

TEST(Process, BoundsOutputAndTakesLargeInput) {
  Loop loop;
  ProcessSpec spec = shell("cat; head -c 3000000 /dev/zero | tr '\\0' a; echo end");
  spec.input = std::string(2'000'000, 'i');
  const Result<ProcessOutput> output = loop.block_on(run_process(spec, soon()));
  ASSERT_TRUE(output.has_value());
  EXPECT_EQ(output->out.size(), 1u << 20);
  EXPECT_TRUE(output->out.ends_with("aaa\nend\n") || output->out.ends_with("aend\n"));
}

TEST(Process, WhatCannotStartSaysWhy) {
  Loop loop;
  auto start = [](ProcessSpec spec) -> Task<Error> {
    const Result<Process> process = Process::start(std::move(spec));
    co_return process ? Error(kInternal, "it started") : process.error();
  };
  EXPECT_THAT(loop.block_on(start({.command = {"no-such-program"}})).message(), HasSubstr("no-such-program"));
  EXPECT_THAT(loop.block_on(start({.command = {"/etc/passwd"}})).message(), HasSubstr("Permission denied"));
  EXPECT_THAT(loop.block_on(start({.command = {"true"}, .directory = "/nowhere"})).message(),
              HasSubstr("working directory"));
  EXPECT_THAT(loop.block_on(start({.command = {"true"}, .user = "nobody-of-that-name"})).message(),
              HasSubstr("nobody-of-that-name"));
  EXPECT_THAT(loop.block_on(start({.command = {"true"}, .output_file = "/nowhere/x"})).message(),
              HasSubstr("/nowhere/x"));
  EXPECT_TRUE(loop.block_on(start({})).is(kProcessFailed));
}

TEST(Process, RunsAsAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may do that";
  Loop loop;
  ProcessSpec spec = shell("id -un; id -u");
  spec.user = "nobody";
  const Result<ProcessOutput> output = loop.block_on(run_process(spec, soon()));
  EXPECT_THAT(output->out, HasSubstr("nobody\n"));
  EXPECT_EQ(::geteuid(), 0u);
}

TEST(Process, InheritsNothingButItsStandardDescriptors) {
  Loop loop;
  const int leaked = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC
  const Result<ProcessOutput> output =
      loop.block_on(run_process(shell("ls /proc/self/fd | wc -l; trap"), soon()));
  ::close(leaked);
  EXPECT_EQ(output->out, "4\n");  // three, and the folder that ls reads
}

TEST(Process, IsWrittenToAndReadFromWhileItRuns) {
  Loop loop;
  auto body = []() -> Task<void> {
    Result<ChildPipe> in = ChildPipe::make();
    Result<ChildPipe> out = ChildPipe::make();
    ProcessSpec spec = shell("tr a-z A-Z");
    spec.input_fd = in->childs_end();
    spec.output_fd = out->childs_end();
    Result<Process> process = Process::start(std::move(spec));
    in->close_childs_end();
    out->close_childs_end();
    EXPECT_TRUE(process);
    // More than fits between them: each waits for the other.
    const std::string text(4u << 20, 'x');
    std::string got;
    auto write = [&]() -> Task<void> {
      const Result<void> written = co_await in->stream().write_all(text);
      EXPECT_TRUE(written);
      in->stream().close();
    };
    TaskGroup writing;
    writing.spawn(write());
    std::string buffer(64u << 10, ' ');
    for (;;) {
      const Result<std::size_t> count = co_await out->stream().read_some(buffer);
      if (!count || *count == 0) break;
      got.append(buffer, 0, *count);
    }
    co_await writing.join();
    const ExitStatus status = co_await process->wait();
    EXPECT_TRUE(status.ok());
    EXPECT_EQ(got, std::string(text.size(), 'X'));
  };
  loop.block_on(body());
}

TEST(Process, TimeoutAndCancelKillTheWholeGroup) {
  Loop loop;
  TemporaryFolder folder;
  const std::string pid_file = folder.file("pid");
  auto run = [](std::string script, std::string file, bool by_cancel) -> Task<Error> {
    Cancel cancel;
    TaskGroup group;
    auto cancel_later = [](std::string path, Cancel& who) -> Task<void> {
      co_await until_written(std::move(path));
      who.request();
    };
    if (by_cancel) group.spawn(cancel_later(file, cancel));
    const Result<ProcessOutput> output =
        co_await run_process(shell(std::move(script)), Clock::now() + (by_cancel ? 20s : 200ms), &cancel);
    co_await group.join();
    co_return output ? Error(kInternal, "it ended by itself") : output.error();
  };
  const std::string script = "sleep 100 & echo $! > " + pid_file + "; wait";
  EXPECT_TRUE(loop.block_on(run(script, pid_file, true)).is(kCancelled));
  const pid_t grandchild = std::stoi(contents(pid_file));
  // Killed with its group; it is init's to reap, so it may be a zombie for a moment.
  const std::string state = contents("/proc/" + std::to_string(grandchild) + "/stat");
  EXPECT_TRUE(state.empty() || state.find(") S") == std::string::npos) << state;
  EXPECT_TRUE(loop.block_on(run("sleep 100", "", false)).is(kTimeout));
}

TEST(Process, StopIsGentleFirst) {
  Loop loop;
  TemporaryFolder folder;
  auto stop = [](std::string script, std::string file, Duration grace) -> Task<ExitStatus> {
    std::filesystem::remove(file);
    ProcessSpec spec = shell(script);
    spec.output_file = file;
    Result<Process> process = Process::start(spec);
    co_await until_written(file);
    EXPECT_TRUE(process->running());
    co_return co_await process->stop(grace);
  };
  const std::string file = folder.file("out");
  const ExitStatus gentle =
      loop.block_on(stop("trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.01; done", file, 20s));
  EXPECT_EQ(gentle.code, 7);
  EXPECT_EQ(contents(file), "up\nbye\n");
  const ExitStatus stubborn =
      loop.block_on(stop("trap '' TERM; echo up; while :; do sleep 0.01; done", file, 50ms));
  EXPECT_EQ(stubborn.text(), "signal 9 (Killed)");
}

TEST(Process, SeveralWaitAndWaitAgain) {
  Loop loop;
  auto body = []() -> Task<int> {
    Result<Process> process = Process::start(shell("exit 5"));
    int sum = 0;
    TaskGroup group;
    auto add = [](Process& who, int& into) -> Task<void> {
      const ExitStatus status = co_await who.wait();
      into += status.code;
    };
    group.spawn(add(*process, sum));
    group.spawn(add(*process, sum));
    co_await group.join();
    const ExitStatus again = co_await process->wait();
    process->signal(SIGTERM);
    co_return sum + again.code;
  };
  EXPECT_EQ(loop.block_on(body()), 15);
}

TEST(Process, DestroyedMeansKilledAndReaped) {
  Loop loop;
  auto body = []() -> Task<pid_t> {
    const Result<Process> process = Process::start({.command = {"sleep", "100"}});
    co_return process->pid();
  };
  const pid_t pid = loop.block_on(body());
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(Process, AdoptedIsAwaitedSignalledAndLeftAlone) {
  Loop loop;
  auto body = []() -> Task<void> {
    Result<Process> child = Process::start({.command = {"sleep", "100"}});
    {
      const Result<Process> left_alone = Process::adopt(child->pid());
      EXPECT_TRUE(left_alone.has_value());
    }
    EXPECT_TRUE(child->running());
    Result<Process> adopted = Process::adopt(child->pid());
    const ExitStatus status = co_await adopted->stop(20s);
    EXPECT_EQ(status.code, ExitStatus::kUnknown);
    const ExitStatus seen_by_parent = co_await child->wait();
    EXPECT_EQ(seen_by_parent.signal, SIGTERM);
    EXPECT_FALSE(Process::adopt(child->pid()).has_value());
  };
  loop.block_on(body());
}

TEST(Signals, AreToldOneByOneUntilCancelled) {
  Loop loop;
  auto body = []() -> Task<void> {
    Signals signals({SIGUSR1, SIGUSR2});
    ::kill(::getpid(), SIGUSR2);
    EXPECT_EQ(co_await signals.next(), SIGUSR2);
    Cancel cancel;
    TaskGroup tasks;
    auto wait = [&]() -> Task<void> { EXPECT_EQ(co_await signals.next(&cancel), 0); };
    tasks.spawn(wait());
    cancel.request();
    co_await tasks.join();
  };
  loop.block_on(body());
}

TEST(Process, DiesWithItsParent) {
  TemporaryFolder folder;
  const std::string pid_file = folder.file("pid");
  const pid_t parent = ::fork();
  if (parent == 0) {
    Loop loop;
    auto body = [&]() -> Task<void> {
      const Result<Process> process = Process::start({.command = {"sleep", "100"}});
      std::ofstream(pid_file) << process->pid() << std::endl;
      co_await sleep_for(100s);
    };
    loop.block_on(body());
    ::_exit(0);
  }
  Loop loop;
  loop.block_on(until_written(pid_file));
  const pid_t child = std::stoi(contents(pid_file));
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
  ASSERT_GE(pidfd, 0);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  pollfd ended{pidfd, POLLIN, 0};
  EXPECT_EQ(::poll(&ended, 1, 20'000), 1);
  ::close(pidfd);
}

}  // namespace
}  // namespace kintsugi::runtime
