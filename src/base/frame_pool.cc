#include "base/frame_pool.h"

#include <array>
#include <new>
#include <utility>

namespace kintsugi {
#ifdef KINTSUGI_SANITIZED
// Sanitizers find a frame that is used after its end only if it goes back to their own allocator.
void* allocate_frame(std::size_t size) { return ::operator new(size); }
void free_frame(void* frame, std::size_t) noexcept { ::operator delete(frame); }
#else
namespace {

constexpr std::size_t kClassBytes = 64;
constexpr std::size_t kClasses = 256;

struct FreeFrame {
  FreeFrame* next;
};

// Plain data, so that an access is one instruction: what has a destructor is looked up by a call.
constinit thread_local std::array<FreeFrame*, kClasses> free_frames{};
constinit thread_local bool thread_ends = false;

// Frees what is held when its thread ends, so that leak checkers stay silent.
struct Cleaner {
  void begin() const noexcept {}
  ~Cleaner() {
    thread_ends = true;
    for (FreeFrame*& frames : free_frames) {
      while (frames != nullptr) ::operator delete(std::exchange(frames, frames->next));
    }
  }
};

thread_local const Cleaner cleaner;

constexpr std::size_t class_of(std::size_t size) { return (size + kClassBytes - 1) / kClassBytes - 1; }

}  // namespace

void* allocate_frame(std::size_t size) {
  const std::size_t index = class_of(size);
  if (index >= kClasses) return ::operator new(size);
  if (FreeFrame* frame = free_frames[index]) {
    free_frames[index] = frame->next;
    return frame;
  }
  cleaner.begin();
  return ::operator new((index + 1) * kClassBytes);
}

void free_frame(void* frame, std::size_t size) noexcept {
  const std::size_t index = class_of(size);
  if (index >= kClasses || thread_ends) {
    ::operator delete(frame);
    return;
  }
  auto* free = static_cast<FreeFrame*>(frame);
  free->next = free_frames[index];
  free_frames[index] = free;
}
#endif

}  // namespace kintsugi
