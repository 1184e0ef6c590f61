#include "mysql/charset.h"

#include <algorithm>
#include <iterator>

namespace kintsugi::mysql {
namespace {

constexpr Collation kCollations[] = {
#include "mysql/charset_table.inc"
};

/// The collation of a set where it is not named <set>_general_ci.
constexpr struct {
  std::string_view charset;
  std::string_view collation;
} kDefaults[] = {
    {"big5", "big5_chinese_ci"},        {"binary", "binary"},
    {"cp932", "cp932_japanese_ci"},     {"dec8", "dec8_swedish_ci"},
    {"eucjpms", "eucjpms_japanese_ci"}, {"euckr", "euckr_korean_ci"},
    {"gb18030", "gb18030_chinese_ci"},  {"gb2312", "gb2312_chinese_ci"},
    {"gbk", "gbk_chinese_ci"},          {"hp8", "hp8_english_ci"},
    {"latin1", "latin1_swedish_ci"},    {"latin5", "latin5_turkish_ci"},
    {"sjis", "sjis_japanese_ci"},       {"swe7", "swe7_swedish_ci"},
    {"tis620", "tis620_thai_ci"},       {"ujis", "ujis_japanese_ci"},
    {"utf8", "utf8mb3_general_ci"},
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

const Collation* find_collation(std::uint16_t id) {
  const auto found =
      std::lower_bound(std::begin(kCollations), std::end(kCollations), id,
                       [](const Collation& entry, std::uint16_t key) { return entry.id < key; });
  return found != std::end(kCollations) && found->id == id ? found : nullptr;
}

const Collation* find_collation(std::string_view name) {
  constexpr std::string_view kOld = "utf8_";
  const bool old = name.size() > kOld.size() && same(name.substr(0, kOld.size()), kOld);
  for (const Collation& entry : kCollations) {
    if (same(entry.name, name)) return &entry;
    if (old && entry.charset == "utf8mb3" &&
        same(entry.name.substr(std::string_view("utf8mb3_").size()), name.substr(kOld.size()))) {
      return &entry;
    }
  }
  return nullptr;
}

const Collation* default_collation(std::string_view charset) {
  for (const auto& entry : kDefaults) {
    if (same(entry.charset, charset)) return find_collation(entry.collation);
  }
  constexpr std::string_view kGeneral = "_general_ci";
  for (const Collation& entry : kCollations) {
    if (same(entry.charset, charset) && entry.name.ends_with(kGeneral) &&
        entry.name.size() == charset.size() + kGeneral.size()) {
      return &entry;
    }
  }
  return nullptr;
}

const Collation* client_collation(std::uint16_t id, bool mariadb) {
  constexpr std::uint16_t kMysqlFirst = 248;  // gb18030 and utf8mb4_…_0900_…
  constexpr std::uint16_t kMysqlLast = 323;
  constexpr std::uint16_t kMariadbFirst = 576;
  const Collation* collation = find_collation(id);
  if (collation == nullptr) return nullptr;
  const std::string_view charset = collation->charset;
  if (charset == "ucs2" || charset.starts_with("utf16") || charset == "utf32") return nullptr;
  if (mariadb && id >= kMysqlFirst && id <= kMysqlLast) return nullptr;
  return !mariadb && id >= kMariadbFirst ? default_collation(charset) : collation;
}

bool is_ascii_safe(std::string_view charset) {
  static constexpr std::string_view kUnsafe[] = {"big5", "cp932", "gb18030", "gbk",     "sjis",
                                                 "swe7", "ucs2",  "utf16",   "utf16le", "utf32"};
  return std::none_of(std::begin(kUnsafe), std::end(kUnsafe),
                      [charset](std::string_view unsafe) { return same(unsafe, charset); });
}

}  // namespace kintsugi::mysql
