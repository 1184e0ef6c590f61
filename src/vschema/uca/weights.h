#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kintsugi::vschema {

/// Bytes that stay on the stack while they are few.
class WeightBytes {
 public:
  void append(std::uint32_t weight);
  std::string_view view() const {
    return overflow_.empty() ? std::string_view(inside_.data(), size_) : std::string_view(overflow_);
  }

 private:
  void push(std::uint32_t byte);
  std::size_t size_ = 0;
  std::array<char, 512> inside_;
  std::string overflow_;
};

/// The sort key of `text` by what characters are, without case, accents or width: the primary weights of the
/// root collation (CLDR 23, Unicode 6.2) one after another, two bytes each, or three with the first one's
/// high bit set for weights above 0x7fff. Adjacent characters that the collation takes as one are taken so;
/// ones with others between them are not. False: the text is not valid UTF-8.
bool primary_weights(std::string_view text, WeightBytes& weights);

}  // namespace kintsugi::vschema
