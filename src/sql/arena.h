#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace kintsugi::sql {

/// Memory of one syntax tree: grows by blocks, is given back as a whole, runs no destructors.
/// A tree may point into its own arena only, and lives exactly as long. Not for several threads at once
/// while a tree is being built; a finished tree may be read from any thread.
class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&& other) noexcept { swap(other); }
  Arena& operator=(Arena&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Arena();

  /// Memory that is not initialised. `align` is at most that of max_align_t.
  void* allocate(std::size_t size, std::size_t align) {
    std::size_t start = (used_ + align - 1) & ~(align - 1);
    if (block_ == nullptr || start + size > capacity_) return allocate_slow(size);
    used_ = start + size;
    return block_ + start;
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>, "an arena runs no destructors");
    return new (allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  /// A copy of `text` that lives as long as the arena.
  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  /// Frees every tree in it, keeping one block for the next use.
  void clear();

  /// Bytes taken from the system.
  std::size_t reserved_bytes() const { return reserved_; }

 private:
  struct Block;
  void* allocate_slow(std::size_t size);
  void swap(Arena& other) noexcept;

  Block* blocks_ = nullptr;  ///< newest first
  char* block_ = nullptr;    ///< bytes of the newest block
  std::size_t used_ = 0;
  std::size_t capacity_ = 0;
  std::size_t reserved_ = 0;
};

/// A sequence in an arena. Copying it shares the elements. Trivial, so that a parser's value may be one:
/// write `List<T> x{}` where an empty one is wanted.
template <class T>
struct List {
  T* items;
  unsigned count;
  unsigned capacity;

  void push_back(Arena& arena, T item) {
    if (count == capacity) grow(arena);
    items[count++] = item;
  }
  T* begin() const { return items; }
  T* end() const { return items + count; }
  bool empty() const { return count == 0; }
  std::size_t size() const { return count; }
  T& operator[](std::size_t i) const { return items[i]; }
  T& front() const { return items[0]; }
  T& back() const { return items[count - 1]; }

 private:
  void grow(Arena& arena) {
    static_assert(std::is_trivially_copyable_v<T>);
    unsigned wider = capacity == 0 ? 4 : capacity * 2;
    T* to = static_cast<T*>(arena.allocate(wider * sizeof(T), alignof(T)));
    if (count != 0) std::memcpy(static_cast<void*>(to), items, count * sizeof(T));
    items = to;
    capacity = wider;
  }
};

}  // namespace kintsugi::sql
