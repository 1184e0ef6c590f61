#include "base/frame_pool.h"

#include <array>
#include <new>

namespace kintsugi {
#ifdef KINTSUGI_SANITIZED
// Sanitizers find a frame that is used after its end only if it goes back to their own allocator.
void* allocate_frame(std::size_t size) { return ::operator new(size); }
void free_frame(void* frame, std::size_t) noexcept { ::operator delete(frame); }
#else
namespace {

constexpr std::size_t kClassBytes = 64;
constexpr std::size_t kClasses = 64;

struct FreeFrame {
  FreeFrame* next;
};

// Frees what it holds when its thread ends, so that leak checkers stay silent.
struct Pool {
  std::array<FreeFrame*, kClasses> free{};
  bool alive = true;
  ~Pool() {
    alive = false;
    for (FreeFrame* frame : free) {
      while (frame != nullptr) {
        FreeFrame* next = frame->next;
        ::operator delete(frame);
        frame = next;
      }
    }
    free.fill(nullptr);
  }
};

thread_local Pool pool;

constexpr std::size_t class_of(std::size_t size) { return (size + kClassBytes - 1) / kClassBytes - 1; }

}  // namespace

void* allocate_frame(std::size_t size) {
  const std::size_t index = class_of(size);
  if (index >= kClasses) return ::operator new(size);
  if (FreeFrame* frame = pool.free[index]) {
    pool.free[index] = frame->next;
    return frame;
  }
  return ::operator new((index + 1) * kClassBytes);
}

void free_frame(void* frame, std::size_t size) noexcept {
  const std::size_t index = class_of(size);
  if (index >= kClasses || !pool.alive) {
    ::operator delete(frame);
    return;
  }
  auto* free = static_cast<FreeFrame*>(frame);
  free->next = pool.free[index];
  pool.free[index] = free;
}
#endif

}  // namespace kintsugi
