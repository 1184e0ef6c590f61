#pragma once

#include <cstddef>

namespace kintsugi {

/// Memory for coroutine frames: per thread, by size class, never given back, so that a loop in steady state
/// starts coroutines without the heap. A frame must be freed on the thread that made it or on another that
/// runs loops too (it then feeds that thread's list). Frames over 16 KiB come from the heap.
void* allocate_frame(std::size_t size);
void free_frame(void* frame, std::size_t size) noexcept;

}  // namespace kintsugi
