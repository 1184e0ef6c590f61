#include "exec/op/decimal.h"

#include <algorithm>

namespace kintsugi::exec {

namespace {

struct Digits {
  bool negative = false;
  std::string_view whole;  ///< in front of the point, without zeros at its front
  std::string_view places;
};

Digits split(std::string_view text) {
  Digits out;
  out.negative = text.starts_with('-');
  text.remove_prefix(std::min(text.find_first_not_of("-+0"), text.size()));
  const std::size_t point = std::min(text.find('.'), text.size());
  out.whole = text.substr(0, point);
  out.places = text.substr(std::min(point + 1, text.size()));
  return out;
}

/// As servers write it: a digit in front of the point, no sign of zero.
std::string joined(bool negative, std::string_view digits, std::size_t places) {
  std::string out(digits);
  if (out.size() <= places) out.insert(0, places + 1 - out.size(), '0');
  const std::size_t zeros = std::min(out.find_first_not_of('0'), out.size() - places - 1);
  out.erase(0, std::min(zeros, out.size() - places - 1));
  if (places > 0) out.insert(out.size() - places, 1, '.');
  if (negative && out.find_first_of("123456789") != std::string::npos) out.insert(0, 1, '-');
  return out;
}

/// Of as many digits, the greater first where they are subtracted.
std::string add_digits(std::string_view a, std::string_view b, bool subtract) {
  std::string sum(a.size() + 1, '0');
  int carry = 0;
  for (std::size_t i = a.size(); i > 0; --i) {
    const int digit = (a[i - 1] - '0') + carry + (subtract ? '0' - b[i - 1] : b[i - 1] - '0');
    carry = digit < 0 ? -1 : digit / 10;
    sum[i] = static_cast<char>('0' + (digit + 10) % 10);
  }
  sum[0] = static_cast<char>('0' + carry);
  return sum;
}

/// The last of the digits is rounded by the one that follows it.
void round_up(std::string& digits) {
  for (std::size_t i = digits.size(); i > 0; --i) {
    if (digits[i - 1] != '9') {
      ++digits[i - 1];
      return;
    }
    digits[i - 1] = '0';
  }
  digits.insert(0, 1, '1');
}

int compare(const Digits& a, const Digits& b) {
  if (a.whole.size() != b.whole.size()) return a.whole.size() < b.whole.size() ? -1 : 1;
  if (const int order = a.whole.compare(b.whole); order != 0) return order;
  const std::size_t common = std::min(a.places.size(), b.places.size());
  if (const int order = a.places.substr(0, common).compare(b.places.substr(0, common)); order != 0)
    return order;
  const auto has_more = [common](const Digits& digits) {
    return digits.places.find_first_not_of('0', common) != std::string_view::npos;
  };
  return static_cast<int>(has_more(a)) - static_cast<int>(has_more(b));
}

}  // namespace

int compare_decimals(std::string_view a, std::string_view b) {
  const Digits left = split(a), right = split(b);
  const int order = compare(left, right);
  const auto is_zero = [](const Digits& digits) {
    return digits.whole.empty() && digits.places.find_first_not_of('0') == std::string_view::npos;
  };
  if (left.negative == right.negative) return left.negative ? -order : order;
  if (is_zero(left) && is_zero(right)) return 0;
  return left.negative ? -1 : 1;
}

std::string add_decimals(std::string_view a, std::string_view b) {
  Digits left = split(a), right = split(b);
  if (compare(left, right) < 0) std::swap(left, right);
  const std::size_t places = std::max(left.places.size(), right.places.size());
  const std::size_t wholes = left.whole.size();
  const auto aligned = [&](const Digits& digits) {
    std::string out(wholes - digits.whole.size(), '0');
    out.append(digits.whole).append(digits.places);
    return out.append(places - digits.places.size(), '0');
  };
  const std::string sum = add_digits(aligned(left), aligned(right), left.negative != right.negative);
  return joined(left.negative, sum, places);
}

std::size_t digits_of(std::string_view decimal) {
  const Digits digits = split(decimal);
  return digits.whole.size() + digits.places.size();
}

std::string average(std::string_view sum, std::uint64_t count, unsigned places) {
  constexpr std::size_t kGroup = 9;
  const Digits digits = split(sum);
  const std::size_t divided = std::max((places + kGroup - 1) / kGroup * kGroup, digits.places.size());
  std::string dividend(digits.whole);
  dividend.append(digits.places).append(divided - digits.places.size(), '0');
  unsigned __int128 rest = 0;
  for (char& digit : dividend) {
    rest = rest * 10 + static_cast<unsigned>(digit - '0');
    digit = static_cast<char>('0' + static_cast<int>(rest / count));
    rest %= count;
  }
  if (divided > places) {
    if (dividend.size() < divided - places) dividend.insert(0, divided - places - dividend.size(), '0');
    const std::size_t kept = dividend.size() - (divided - places);
    const bool up = dividend[kept] >= '5';
    dividend.resize(kept);
    if (up) round_up(dividend);
  }
  return joined(digits.negative, dividend, places);
}

}  // namespace kintsugi::exec
