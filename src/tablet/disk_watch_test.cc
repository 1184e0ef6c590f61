#include "tablet/detail/disk_watch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "runtime/cancel.h"
#include "runtime/event.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "tablet/detail/processes.h"
#include "tablet/testing/temp_folder.h"

namespace kintsugi::tablet {
namespace {

using namespace std::chrono_literals;

TEST(DiskWatch, SeesWritesThatDoNotEndAndThatTheyDo) {
  TempFolder folder;
  // To open it for writing waits for somebody who reads, as a disk that hangs keeps a write.
  const std::string file = folder / "disk_watch";
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  runtime::Loop loop;
  auto body = [&]() -> Task<void> {
    DiskWatch watch(folder.path(), 1s);
    EXPECT_EQ(watch.waits(), Duration::zero());
    runtime::Cancel cancel;
    runtime::Event changed;
    runtime::TaskGroup tasks;
    tasks.spawn(watch.run(cancel, [&changed] { changed.set(); }));
    const bool told = co_await changed.wait(Clock::now() + 20s);
    EXPECT_TRUE(told);
    EXPECT_TRUE(watch.hangs());
    const int reader = ::open(file.c_str(), O_RDONLY | O_NONBLOCK);
    for (const Time limit = Clock::now() + 20s; watch.hangs() && Clock::now() < limit;)
      co_await runtime::sleep_for(10ms, nullptr);
    EXPECT_FALSE(watch.hangs());
    cancel.request();
    co_await tasks.join();
    ::close(reader);
  };
  loop.block_on(body());
}

/// The state of a process as soon as it is `wanted`, which takes a moment.
bool comes_to(bool wanted, pid_t pid) {
  for (const Time limit = Clock::now() + 20s; waits_in_kernel(pid) != wanted && Clock::now() < limit;)
    std::this_thread::yield();
  return waits_in_kernel(pid) == wanted;
}

TEST(Processes, TellsWhoWaitsInTheKernel) {
  EXPECT_FALSE(waits_in_kernel(::getpid())) << "one that runs";
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    ::close(ends[1]);
    // Until its child, which shares its memory, has ended, it waits where only SIGKILL reaches it.
    if (::vfork() == 0) {
      char byte;
      [[maybe_unused]] const ssize_t ended = ::read(ends[0], &byte, 1);
      ::_exit(0);
    }
    ::pause();
    ::_exit(0);
  }
  ::close(ends[0]);
  EXPECT_TRUE(comes_to(true, parent));
  ::close(ends[1]);
  EXPECT_TRUE(comes_to(false, parent)) << "one that waits for a signal";
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  EXPECT_FALSE(waits_in_kernel(parent)) << "one that has ended";
}

}  // namespace
}  // namespace kintsugi::tablet
