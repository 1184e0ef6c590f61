#include "sql/grammar/keywords.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "sql/grammar/builder.h"
#include "sql/grammar/characters.h"
#include "sql_grammar.h"

namespace kintsugi::sql {
namespace {

constexpr KeywordEntry kKeywords[] = {
#include "sql_keywords.inc"
};
constexpr std::size_t kSlots = 4096;
constexpr std::size_t kLongest = 40;

constexpr std::uint32_t hash(const char* text, std::size_t size) {
  std::uint32_t h = 2166136261u;
  for (std::size_t i = 0; i < size; ++i) h = (h ^ static_cast<unsigned char>(text[i])) * 16777619u;
  return h ^ (h >> 15);
}

// Open addressing, built by the compiler: slot → index of the keyword + 1.
constexpr std::array<std::uint16_t, kSlots> build_slots() {
  std::array<std::uint16_t, kSlots> slots{};
  std::uint16_t index = 0;
  for (const KeywordEntry& entry : kKeywords) {
    std::size_t slot = hash(entry.word.data(), entry.word.size()) % kSlots;
    while (slots[slot] != 0) slot = (slot + 1) % kSlots;
    slots[slot] = ++index;
  }
  return slots;
}
constexpr std::array<std::uint16_t, kSlots> kTable = build_slots();

constexpr std::string_view kCharsets[] = {
    "armscii8", "ascii",   "big5",   "binary",   "cp1250",  "cp1251", "cp1256",  "cp1257", "cp850",
    "cp852",    "cp866",   "cp932",  "dec8",     "eucjpms", "euckr",  "gb18030", "gb2312", "gbk",
    "geostd8",  "greek",   "hebrew", "hp8",      "keybcs2", "koi8r",  "koi8u",   "latin1", "latin2",
    "latin5",   "latin7",  "macce",  "macroman", "sjis",    "swe7",   "tis620",  "ucs2",   "ujis",
    "utf16",    "utf16le", "utf32",  "utf8",     "utf8mb3", "utf8mb4"};

constexpr std::string_view kBuiltinFunctions[] = {"adddate",
                                                  "ascii",
                                                  "avg",
                                                  "bit_and",
                                                  "bit_or",
                                                  "bit_xor",
                                                  "char",
                                                  "charset",
                                                  "count",
                                                  "cube",
                                                  "cume_dist",
                                                  "curdate",
                                                  "current_date",
                                                  "current_role",
                                                  "current_time",
                                                  "current_timestamp",
                                                  "current_user",
                                                  "curtime",
                                                  "database",
                                                  "date",
                                                  "date_add",
                                                  "date_sub",
                                                  "day",
                                                  "dense_rank",
                                                  "first_value",
                                                  "group_concat",
                                                  "grouping",
                                                  "hour",
                                                  "if",
                                                  "insert",
                                                  "interval",
                                                  "json_arrayagg",
                                                  "json_objectagg",
                                                  "lag",
                                                  "last_value",
                                                  "lead",
                                                  "left",
                                                  "localtime",
                                                  "localtimestamp",
                                                  "max",
                                                  "min",
                                                  "minute",
                                                  "mod",
                                                  "month",
                                                  "now",
                                                  "nth_value",
                                                  "ntile",
                                                  "percent_rank",
                                                  "rank",
                                                  "repeat",
                                                  "replace",
                                                  "right",
                                                  "rollup",
                                                  "row_number",
                                                  "rownum",
                                                  "schema",
                                                  "second",
                                                  "session_user",
                                                  "st_collect",
                                                  "std",
                                                  "stddev",
                                                  "stddev_pop",
                                                  "stddev_samp",
                                                  "subdate",
                                                  "substring",
                                                  "sum",
                                                  "sysdate",
                                                  "system_user",
                                                  "systimestamp",
                                                  "time",
                                                  "timestamp",
                                                  "truncate",
                                                  "user",
                                                  "utc_date",
                                                  "utc_time",
                                                  "utc_timestamp",
                                                  "var_pop",
                                                  "var_samp",
                                                  "variance",
                                                  "year"};

// Lower case of `text` in `buffer`, or nothing if it is longer than any word listed.
std::string_view fold(std::string_view text, std::array<char, kLongest>& buffer) {
  if (text.size() > buffer.size()) return {};
  std::transform(text.begin(), text.end(), buffer.begin(), lower);
  return {buffer.data(), text.size()};
}

}  // namespace

const KeywordEntry* find_keyword(std::string_view word) {
  std::array<char, kLongest> buffer;
  std::string_view folded = fold(word, buffer);
  if (folded.empty()) return nullptr;
  for (std::size_t slot = hash(folded.data(), folded.size()) % kSlots; kTable[slot] != 0;
       slot = (slot + 1) % kSlots) {
    const KeywordEntry& entry = kKeywords[kTable[slot] - 1];
    if (entry.word == folded) return &entry;
  }
  return nullptr;
}

std::size_t keyword_count() { return std::size(kKeywords); }
const KeywordEntry& keyword_at(std::size_t index) { return kKeywords[index]; }

bool is_builtin_function(std::string_view name) {
  return std::binary_search(std::begin(kBuiltinFunctions), std::end(kBuiltinFunctions), name);
}

bool is_charset(std::string_view name) {
  std::array<char, kLongest> buffer;
  std::string_view folded = fold(name, buffer);
  return !folded.empty() && std::binary_search(std::begin(kCharsets), std::end(kCharsets), folded);
}

}  // namespace kintsugi::sql
