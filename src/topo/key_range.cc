#include "topo/key_range.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "topo/errors.h"

namespace kintsugi::topo {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::strong_ordering compare_ends(std::string_view a, std::string_view b) {
  if (a.empty() != b.empty()) return a.empty() ? std::strong_ordering::greater : std::strong_ordering::less;
  return a <=> b;
}

}  // namespace

KeyspaceId::KeyspaceId(std::string_view bytes) : size_(bytes.size()) {
  if (size_ <= kInside) {
    std::copy(bytes.begin(), bytes.end(), inside_.begin());
  } else {
    outside_ = bytes;
  }
}

KeyspaceId KeyspaceId::big_endian(std::uint64_t number) {
  char bytes[8];
  for (int i = 7; i >= 0; --i, number >>= 8) bytes[i] = static_cast<char>(number & 0xff);
  return KeyspaceId(std::string_view(bytes, sizeof bytes));
}

Result<KeyspaceId> KeyspaceId::from_hex(std::string_view hex) {
  Result<std::string> bytes = topo::from_hex(hex);
  if (!bytes) return failure(bytes.error());
  return KeyspaceId(*bytes);
}

std::string KeyspaceId::hex() const { return to_hex(bytes()); }

Result<KeyRange> KeyRange::parse(std::string_view text) {
  if (text == "0") return KeyRange{};
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || text.find('-', dash + 1) != std::string_view::npos) {
    return failure(
        kBadKeyRange,
        fmt::format("'{}' is no key range: write start-end in hex, as -80, 40-80, 80- or -", text));
  }
  return from_hex(text.substr(0, dash), text.substr(dash + 1));
}

KeyRange KeyRange::of_prefix(std::string_view bytes) {
  KeyRange range{std::string(bytes), std::string(bytes)};
  while (!range.end.empty() && range.end.back() == '\xff') range.end.pop_back();
  if (!range.end.empty()) range.end.back() = static_cast<char>(range.end.back() + 1);
  return range;
}

Result<KeyRange> KeyRange::from_hex(std::string_view start, std::string_view end) {
  Result<std::string> start_bytes = topo::from_hex(start);
  Result<std::string> end_bytes = topo::from_hex(end);
  if (!start_bytes || !end_bytes) {
    return failure(kBadKeyRange,
                   fmt::format("key range {}-{}: '{}' is not made of pairs of hex digits; write -80, not -8",
                               start, end, start_bytes ? end : start));
  }
  KeyRange range{*std::move(start_bytes), *std::move(end_bytes)};
  if (!range.end.empty() && range.start >= range.end) {
    return failure(kBadKeyRange,
                   fmt::format("key range {}-{} is empty: its start must be less than its end", start, end));
  }
  return range;
}

std::string KeyRange::text() const { return to_hex(start) + '-' + to_hex(end); }

bool KeyRange::contains(const KeyRange& other) const {
  return other.start >= start && compare_ends(other.end, end) <= 0;
}

bool KeyRange::intersects(const KeyRange& other) const {
  return (end.empty() || other.start < end) && (other.end.empty() || start < other.end);
}

std::strong_ordering KeyRange::operator<=>(const KeyRange& other) const {
  if (const auto order = start <=> other.start; order != 0) return order;
  return compare_ends(end, other.end);
}

Result<void> check_partition(std::vector<KeyRange> ranges) {
  if (ranges.empty()) return failure(kBadPartition, "there are no shards");
  std::sort(ranges.begin(), ranges.end());
  if (!ranges.front().start.empty()) {
    return failure(kBadPartition,
                   fmt::format("no shard holds the ids before {}", to_hex(ranges.front().start)));
  }
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    const KeyRange& before = ranges[i - 1];
    const KeyRange& range = ranges[i];
    if (before.intersects(range)) {
      return failure(kBadPartition, fmt::format("shards {} and {} overlap", before.text(), range.text()));
    }
    if (before.end != range.start) {
      return failure(kBadPartition, fmt::format("no shard holds the ids from {} to {}", to_hex(before.end),
                                                to_hex(range.start)));
    }
  }
  if (!ranges.back().end.empty()) {
    return failure(kBadPartition,
                   fmt::format("no shard holds the ids from {} on", to_hex(ranges.back().end)));
  }
  return {};
}

Result<std::vector<KeyRange>> equal_ranges(int count) {
  if (count < 1 || count > 65536) {
    return failure(kBadKeyRange, fmt::format("{} shards: the number must be from 1 to 65536", count));
  }
  const bool one_byte = count <= 256;
  const std::uint64_t space = one_byte ? 0x100 : 0x10000;
  const auto bound = [&](std::uint64_t i) {
    const std::uint64_t at = i * space / static_cast<std::uint64_t>(count);
    if (i == 0 || at == space) return std::string();
    std::string bytes;
    if (!one_byte) bytes += static_cast<char>(at >> 8);
    bytes += static_cast<char>(at & 0xff);
    return bytes;
  };
  std::vector<KeyRange> ranges;
  for (int i = 0; i < count; ++i) {
    ranges.push_back({bound(static_cast<std::uint64_t>(i)), bound(static_cast<std::uint64_t>(i) + 1)});
  }
  return ranges;
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

Result<std::string> from_hex(std::string_view hex) {
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]);
    const int low = i + 1 < hex.size() ? digit(hex[i + 1]) : -1;
    if (high < 0 || low < 0) {
      return failure(kBadKeyRange, fmt::format("'{}' is not made of pairs of hex digits", hex));
    }
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace kintsugi::topo
