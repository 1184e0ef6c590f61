#include "exec/op/wide_characters.h"

namespace kintsugi::exec {

namespace {

bool within(unsigned char byte, unsigned char first, unsigned char last) {
  return byte >= first && byte <= last;
}

}  // namespace

WideCharacters::WideCharacters(std::string_view charset) {
  if (charset == "gbk") kind_ = Kind::kGbk;
  if (charset == "gb18030") kind_ = Kind::kGb18030;
  if (charset == "big5") kind_ = Kind::kBig5;
  if (charset == "sjis" || charset == "cp932") kind_ = Kind::kShiftJis;
}

bool WideCharacters::is_lead(unsigned char byte) const {
  switch (kind_) {
    case Kind::kNone:
      return false;
    case Kind::kGbk:
    case Kind::kGb18030:
      return within(byte, 0x81, 0xfe);
    case Kind::kBig5:
      return within(byte, 0xa1, 0xf9);
    case Kind::kShiftJis:
      return within(byte, 0x81, 0x9f) || within(byte, 0xe0, 0xfc);
  }
  return false;
}

bool WideCharacters::is_tail(unsigned char byte) const {
  if (within(byte, 0x40, 0x7e)) return true;
  switch (kind_) {
    case Kind::kNone:
      return false;
    case Kind::kGbk:
    case Kind::kGb18030:
      return within(byte, 0x80, 0xfe);
    case Kind::kBig5:
      return within(byte, 0xa1, 0xfe);
    case Kind::kShiftJis:
      return within(byte, 0x80, 0xfc);
  }
  return false;
}

std::size_t WideCharacters::length(std::string_view text) const {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (!is_lead(byte(0))) return 1;
  if (text.size() < 2) return 0;
  if (is_tail(byte(1))) return 2;
  if (kind_ != Kind::kGb18030 || !within(byte(1), 0x30, 0x39)) return 1;
  if (text.size() < 4) return 0;
  return within(byte(2), 0x81, 0xfe) && within(byte(3), 0x30, 0x39) ? 4 : 1;
}

}  // namespace kintsugi::exec
