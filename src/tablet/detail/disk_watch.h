#pragma once

#include <functional>
#include <string>

#include "base/task.h"
#include "base/time.h"

namespace kintsugi::runtime {
class Cancel;
}  // namespace kintsugi::runtime

namespace kintsugi::tablet {

/// Whether writes to a disk still end: writes a small file each second, down to the disk. One that hangs (its
/// network is gone, its controller begins anew) gives no error: what writes there waits, in the kernel, and
/// cannot even be killed. All calls on one loop.
class DiskWatch {
 public:
  /// `folder`: on the disk. It hangs when a write has waited for `hangs_after`.
  DiskWatch(std::string folder, Duration hangs_after);

  /// Until `cancel`, and until the write under way has ended: where the disk hangs, that takes as long. Calls
  /// `on_hanging` each second for which it hangs.
  Task<void> run(runtime::Cancel& cancel, std::function<void()> on_hanging);

  /// For how long the write that is under way has waited; zero: none is.
  Duration waits() const;
  bool hangs() const { return waits() >= hangs_after_; }

 private:
  Task<void> write();

  std::string file_;
  Duration hangs_after_;
  Time began_{};  ///< the write that is under way
};

}  // namespace kintsugi::tablet
