#include "vschema/uca/weights.h"

#include <algorithm>
#include <iterator>
#include <span>

namespace kintsugi::vschema {
namespace {

enum Kind : std::uint8_t {
  kSame = 0,     // every character has the weight `value`; none, if that is 0
  kRising = 1,   // the first has `value`, each other one more than the one before it
  kSeveral = 2,  // one character with several weights: `value` refers into kPool
  kKindMask = 3,
  kStarts = 4,  // a flag: the character may begin a contraction
};

// Characters from `first` to before the next run's.
struct Run {
  std::uint32_t first;
  std::uint8_t kind;
  std::uint32_t value;
};

// Two or three (third not 0) characters that have weights as one.
struct Contraction {
  std::uint32_t characters[3];
  std::uint32_t value;
};

#include "vschema/uca/weights.inc"

std::span<const std::uint32_t> pooled(std::uint32_t reference) {
  return std::span(kPool).subspan(reference >> 8, reference & 0xff);
}

constexpr std::uint32_t kInvalid = 0xffffffff;

// The character at the front of `text`, which is shortened by it; kInvalid if that is not UTF-8.
std::uint32_t next_character(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) {
    text.remove_prefix(1);
    return first;
  }
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return kInvalid;
  std::uint32_t character = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return kInvalid;
    character = character << 6 | (byte(i) & 0x3f);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xd800 && character <= 0xdfff;
  if (character < kLeast[length] || character > 0x10ffff || surrogate) return kInvalid;
  text.remove_prefix(length);
  return character;
}

const Run& run_of(std::uint32_t character) {
  const auto* after = std::upper_bound(std::begin(kRuns), std::end(kRuns), character,
                                       [](std::uint32_t c, const Run& run) { return c < run.first; });
  return *std::prev(after);
}

void append_alone(std::uint32_t character, const Run& run, WeightBytes& weights) {
  switch (run.kind & kKindMask) {
    case kSame:
      weights.append(run.value);
      break;
    case kRising:
      weights.append(run.value + character - run.first);
      break;
    default:
      for (const std::uint32_t weight : pooled(run.value)) weights.append(weight);
  }
}

// A syllable of Hangul has the weights of its jamos (Unicode, section 3.12).
bool append_hangul(std::uint32_t character, WeightBytes& weights) {
  if (character < 0xac00 || character > 0xd7a3) return false;
  const std::uint32_t index = character - 0xac00;
  const std::uint32_t jamos[] = {0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11a7 + index % 28};
  for (std::size_t i = 0; i < (index % 28 == 0 ? 2U : 3U); ++i)
    append_alone(jamos[i], run_of(jamos[i]), weights);
  return true;
}

// The longest contraction of `first` and what follows it in `rest`, which is shortened by what it takes.
const Contraction* find_contraction(std::uint32_t first, std::string_view& rest) {
  std::string_view after_second = rest;
  const std::uint32_t second = rest.empty() ? kInvalid : next_character(after_second);
  if (second == kInvalid) return nullptr;
  std::string_view after_third = after_second;
  const std::uint32_t third = after_second.empty() ? kInvalid : next_character(after_third);

  const Contraction* best = nullptr;
  const auto* at =
      std::lower_bound(std::begin(kContractions), std::end(kContractions), first,
                       [](const Contraction& c, std::uint32_t f) { return c.characters[0] < f; });
  for (; at != std::end(kContractions) && at->characters[0] == first; ++at) {
    if (at->characters[1] != second) continue;
    if (at->characters[2] == third) {
      rest = after_third;
      return at;
    }
    if (at->characters[2] == 0) best = at;
  }
  if (best != nullptr) rest = after_second;
  return best;
}

}  // namespace

void WeightBytes::append(std::uint32_t weight) {
  if (weight == 0) return;
  if (weight > 0x7fff) push(weight >> 16 | 0x80);
  push(weight >> 8 & 0xff);
  push(weight & 0xff);
}

void WeightBytes::push(std::uint32_t byte) {
  if (overflow_.empty() && size_ < inside_.size()) {
    inside_[size_++] = static_cast<char>(byte);
    return;
  }
  if (overflow_.empty()) overflow_.assign(inside_.data(), size_);
  overflow_ += static_cast<char>(byte);
}

bool primary_weights(std::string_view text, WeightBytes& weights) {
  while (!text.empty()) {
    const std::uint32_t character = next_character(text);
    if (character == kInvalid) return false;
    if (append_hangul(character, weights)) continue;
    const Run& run = run_of(character);
    const Contraction* contraction = (run.kind & kStarts) != 0 ? find_contraction(character, text) : nullptr;
    if (contraction != nullptr) {
      for (const std::uint32_t weight : pooled(contraction->value)) weights.append(weight);
    } else {
      append_alone(character, run, weights);
    }
  }
  return true;
}

}  // namespace kintsugi::vschema
