#include "tablet/detail/disk_watch.h"

#include <fcntl.h>
#include <unistd.h>

#include "runtime/cancel.h"
#include "runtime/offload.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"

namespace kintsugi::tablet {
namespace {

using namespace std::chrono_literals;
constexpr Duration kPause = 1s;

/// What fails is told by others: a disk that is full, or gone, gives errors to the server, too.
void write_down(const std::string& file) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  constexpr std::string_view kText = "written again and again to see whether the disk answers\n";
  if (::write(fd, kText.data(), kText.size()) > 0) ::fdatasync(fd);
  ::close(fd);
}

}  // namespace

DiskWatch::DiskWatch(std::string folder, Duration hangs_after)
    : file_(std::move(folder) + "/disk_watch"), hangs_after_(hangs_after) {}

Duration DiskWatch::waits() const { return began_ == Time{} ? Duration::zero() : Clock::now() - began_; }

Task<void> DiskWatch::write() {
  const std::function<void()> work = [this] { write_down(file_); };
  co_await runtime::offload(work);
  began_ = Time{};
}

Task<void> DiskWatch::run(runtime::Cancel& cancel, std::function<void()> on_hanging) {
  runtime::TaskGroup writing;
  while (co_await runtime::sleep_for(kPause, &cancel)) {
    if (began_ == Time{}) {
      began_ = Clock::now();
      writing.spawn(write());
      continue;
    }
    if (hangs()) on_hanging();
  }
  co_await writing.join();
}

}  // namespace kintsugi::tablet
