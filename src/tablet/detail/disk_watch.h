#pragma once

#include <memory>
#include <string>

#include "base/task.h"
#include "base/time.h"

namespace kintsugi::runtime {
class Cancel;
class Event;
}  // namespace kintsugi::runtime

namespace kintsugi::tablet {

/// Whether writes to a disk still end: writes a small file each second, down to the disk. One that hangs (its
/// network is gone, its controller begins anew) gives no error: what writes there waits, in the kernel, and
/// cannot even be killed. All calls on one loop.
class DiskWatch {
 public:
  /// `folder`: on the disk. `hangs_after`: run() sets its event when a write has waited for so long.
  DiskWatch(std::string folder, Duration hangs_after);

  /// Until `cancel`, and until the write under way has ended: where the disk hangs, that takes as long.
  Task<void> run(runtime::Cancel& cancel, runtime::Event& changed);

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
