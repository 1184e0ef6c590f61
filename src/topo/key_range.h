#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace kintsugi::topo {

/// Where a row belongs: a string of bytes, compared as unsigned bytes. What vindexes yield is up to 16 bytes
/// and is kept inside, so that computing one does not allocate; only longer ones (of `binary`) are on the
/// heap.
class KeyspaceId {
 public:
  KeyspaceId() = default;
  explicit KeyspaceId(std::string_view bytes);
  /// The eight bytes of `number`, most significant first.
  static KeyspaceId big_endian(std::uint64_t number);
  static Result<KeyspaceId> from_hex(std::string_view hex);

  std::string_view bytes() const {
    return size_ <= kInside ? std::string_view(inside_.data(), size_) : std::string_view(outside_);
  }
  std::string hex() const;

  friend bool operator==(const KeyspaceId& a, const KeyspaceId& b) { return a.bytes() == b.bytes(); }
  friend std::strong_ordering operator<=>(const KeyspaceId& a, const KeyspaceId& b) {
    return a.bytes() <=> b.bytes();
  }

 private:
  static constexpr std::size_t kInside = 24;
  std::size_t size_ = 0;
  std::array<char, kInside> inside_{};
  std::string outside_;
};

/// Keyspace ids from `start` (inclusive) to `end` (exclusive). Both are bytes, not hex; empty is open.
/// Written as hex with a dash: "-80", "40-80", "80-", "-" (all ids).
struct KeyRange {
  std::string start;
  std::string end;

  /// "0", the name of the one shard of an unsharded keyspace in old setups, is the full range as well.
  static Result<KeyRange> parse(std::string_view text);
  static Result<KeyRange> from_hex(std::string_view start, std::string_view end);
  /// All ids that begin with these bytes.
  static KeyRange of_prefix(std::string_view bytes);

  std::string text() const;
  bool full() const { return start.empty() && end.empty(); }
  bool contains(std::string_view id) const { return id >= start && (end.empty() || id < end); }
  bool contains(const KeyspaceId& id) const { return contains(id.bytes()); }
  bool contains(const KeyRange& other) const;
  bool intersects(const KeyRange& other) const;

  bool operator==(const KeyRange&) const = default;
  /// By start, then by end, where an open end is last.
  std::strong_ordering operator<=>(const KeyRange& other) const;
};

/// Sorts the ranges and checks that they cover every id exactly once; the error names the gap or the overlap.
Result<void> check_partition(std::vector<KeyRange> ranges);

/// `count` shards of (nearly) equal size, named as Vitess names them: 1 → "-"; 2 → "-80", "80-"; 3 → "-55",
/// "55-aa", "aa-"; more than 256 have bounds of two bytes. count: 1 to 65536.
Result<std::vector<KeyRange>> equal_ranges(int count);

std::string to_hex(std::string_view bytes);
/// Fails unless `hex` is pairs of hex digits of either case.
Result<std::string> from_hex(std::string_view hex);

}  // namespace kintsugi::topo
