#include "base/utf8.h"

#include <gtest/gtest.h>

namespace kintsugi {
namespace {

TEST(Utf8, KeepsWhatIsWellFormedAndNothingElse) {
  using namespace std::string_literals;
  const std::string good[] = {
      "", "plain", "金缮 à 🍶", "zero\0inside"s, "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"};
  for (const std::string& text : good) {
    EXPECT_EQ(utf8_only(text), text);
    EXPECT_TRUE(is_utf8(text));
  }
  const std::pair<std::string, std::string> bad[] = {
      {"\xff", "?"},
      {"a\xfe\xc0z", "a??z"},
      {"\xe9\x87", "??"},  // cut short
      {"\xe9\x87"
       "a",
       "??a"},
      {"\x80", "?"},       // begins in the middle
      {"\xc1\xbf", "??"},  // longer than it needs to be
      {"\xe0\x9f\xbf", "???"},
      {"\xf0\x8f\xbf\xbf", "????"},
      {"\xed\xa0\x80", "???"},       // a surrogate
      {"\xf4\x90\x80\x80", "????"},  // beyond Unicode
      {"\xf5\x80\x80\x80", "????"},
  };
  for (const auto& [text, kept] : bad) {
    EXPECT_EQ(utf8_only(text), kept);
    EXPECT_FALSE(is_utf8(text));
  }
}

}  // namespace
}  // namespace kintsugi
