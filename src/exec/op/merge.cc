#include "exec/op/merge.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <vector>

namespace kintsugi::exec {

namespace {

struct Split {
  std::vector<std::string> words;  ///< one more than numbers
  std::vector<std::uint64_t> numbers;
};

Split split(const std::string& text) {
  Split split{{""}, {}};
  bool in_number = false;
  for (char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) {
      split.words.back() += c;
      in_number = false;
      continue;
    }
    if (!in_number) {
      split.numbers.push_back(0);
      split.words.emplace_back();
      in_number = true;
    }
    split.numbers.back() = split.numbers.back() * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return split;
}

}  // namespace

std::string add_info(const std::string& a, const std::string& b) {
  Split sum = split(a);
  const Split other = split(b);
  if (sum.words != other.words) return a;
  std::string text = sum.words.front();
  for (std::size_t i = 0; i < sum.numbers.size(); ++i) {
    text += std::to_string(sum.numbers[i] + other.numbers[i]);
    text += sum.words[i + 1];
  }
  return text;
}

mysql::OkPacket merge_ok(std::span<const mysql::OkPacket> parts) {
  mysql::OkPacket merged = parts.front();
  std::uint32_t warnings = merged.warnings;
  for (const mysql::OkPacket& part : parts.subspan(1)) {
    merged.affected_rows += part.affected_rows;
    if (merged.last_insert_id == 0) merged.last_insert_id = part.last_insert_id;
    merged.status |= part.status;
    warnings += part.warnings;
    merged.info = add_info(merged.info, part.info);
    merged.changes.insert(merged.changes.end(), part.changes.begin(), part.changes.end());
  }
  merged.warnings = static_cast<std::uint16_t>(
      std::min<std::uint32_t>(warnings, std::numeric_limits<std::uint16_t>::max()));
  return merged;
}

}  // namespace kintsugi::exec
