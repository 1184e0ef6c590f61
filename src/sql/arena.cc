#include "sql/arena.h"

#include <algorithm>
#include <cstdlib>

namespace kintsugi::sql {

namespace {
constexpr std::size_t kFirstBlockBytes = 4096;
constexpr std::size_t kLargestBlockBytes = 256 * 1024;
}  // namespace

struct alignas(std::max_align_t) Arena::Block {
  Block* older;
  std::size_t bytes;

  char* memory() { return reinterpret_cast<char*>(this + 1); }
};

Arena::~Arena() {
  while (blocks_ != nullptr) {
    Block* older = blocks_->older;
    std::free(blocks_);
    blocks_ = older;
  }
}

void* Arena::allocate_slow(std::size_t size) {
  // A request larger than a block gets a block of its own size, so that the sum stays within twice the use.
  std::size_t bytes =
      std::max(size, std::clamp(capacity_ * 2, kFirstBlockBytes, kLargestBlockBytes) - sizeof(Block));
  auto* block = static_cast<Block*>(std::malloc(sizeof(Block) + bytes));
  if (block == nullptr) throw std::bad_alloc();
  block->older = blocks_;
  block->bytes = bytes;
  blocks_ = block;
  block_ = block->memory();
  capacity_ = bytes;
  used_ = size;
  reserved_ += sizeof(Block) + bytes;
  return block_;
}

void Arena::clear() {
  while (blocks_ != nullptr && blocks_->older != nullptr) {
    Block* older = blocks_->older;
    reserved_ -= sizeof(Block) + blocks_->bytes;
    std::free(blocks_);
    blocks_ = older;
  }
  used_ = 0;
  if (blocks_ == nullptr) return;
  block_ = blocks_->memory();
  capacity_ = blocks_->bytes;
}

void Arena::swap(Arena& other) noexcept {
  std::swap(blocks_, other.blocks_);
  std::swap(block_, other.block_);
  std::swap(used_, other.used_);
  std::swap(capacity_, other.capacity_);
  std::swap(reserved_, other.reserved_);
}

}  // namespace kintsugi::sql
