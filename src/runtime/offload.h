#pragma once

#include <functional>

#include "base/task.h"

namespace kintsugi::runtime {

/// Runs `work` on a thread beside the loops and resumes the caller on its own loop when it is done: for calls
/// that block (name look-ups, files, compression of big things). `work` must outlive the await: a named
/// local. A few threads of the process serve all; more wait in a queue.
Task<void> offload(std::function<void()>& work);
template <class F>
Task<void> offload(F& work) {
  std::function<void()> wrapped = std::ref(work);
  co_await offload(wrapped);
}

}  // namespace kintsugi::runtime
