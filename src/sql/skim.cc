#include "sql/skim.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <xxhash.h>

#include "sql/grammar/characters.h"

namespace kintsugi::sql {
namespace {

constexpr std::size_t kLongest = std::size_t{64} * 1024;
constexpr std::size_t kRoom = 16;
constexpr std::size_t kGaveUp = static_cast<std::size_t>(-1);
constexpr char kIntegerMark = '\x01';
constexpr char kStringMark = '\x02';

// What a byte is to the skim.
enum : std::uint8_t {
  kStops = 1,  // outside of strings and names in quotes, more is to be known
  kNoDigit = 2,
  kEndsString = 4,  // or it is not for the skim
  kEndsName = 8,    // in backquotes, likewise
  kWord = 16,
};

constexpr std::array<std::uint8_t, 256> kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned c = 0; c < 256; ++c) {
    bool digit = c >= '0' && c <= '9';
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c >= 0x80;
    bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    bool harmless = blank || std::string_view("!$%&()*+,.:;<=>?^_{|}~").find(static_cast<char>(c)) !=
                                 std::string_view::npos;
    if (!letter && !harmless) classes[c] |= kStops;
    if (!digit) classes[c] |= kNoDigit;
    if (letter || digit) classes[c] |= kWord;
    if (c < ' ') classes[c] |= kEndsName;
  }
  classes['`'] |= kEndsName;
  for (unsigned char c : {'\'', '\\', '\0'}) classes[c] |= kEndsString;
  return classes;
}();

bool is(char c, std::uint8_t classes) { return (kClasses[static_cast<unsigned char>(c)] & classes) != 0; }

// The first byte from `at` on that is of the class. There must be one.
template <std::uint8_t kClass>
const char* find(const char* at) {
  for (;; at += 4) {
    if (is(at[0], kClass)) return at;
    if (is(at[1], kClass)) return at + 1;
    if (is(at[2], kClass)) return at + 2;
    if (is(at[3], kClass)) return at + 3;
  }
}

// Skims the text from `text` to `end`. A byte that is no word's stands before it, a NUL behind it. There is
// room for the skeleton, and kRoom bytes behind either.
class Skim {
 public:
  Skim(const char* text, const char* end, char* skeleton, std::vector<LiteralToken>& literals)
      : text_(text),
        end_(end),
        skeleton_(skeleton),
        skeleton_end_(skeleton),
        rest_(text),
        literals_(literals) {
    literals_.clear();
  }

  // The length of the skeleton, or kGaveUp.
  std::size_t run() {
    const char* at = text_;
    while (at != nullptr) {
      at = find<kStops>(at);
      if (is_digit(*at)) {
        at = digits(at);
        continue;
      }
      switch (*at) {
        case '\'':
          at = string(at);
          break;
        case '`':
          at = find<kEndsName>(at + 1);
          at = at[0] == '`' && at[1] != '`' ? at + 1 : nullptr;
          break;
        case '-':
          at = at[1] != '-' ? at + 1 : nullptr;
          break;
        case '/':
          at = at[1] != '*' ? at + 1 : nullptr;
          break;
        default:
          if (at != end_) return kGaveUp;
          keep_until(at);
          return static_cast<std::size_t>(skeleton_end_ - skeleton_);
      }
    }
    return kGaveUp;
  }

 private:
  // These two pass a token, or give nullptr.
  const char* digits(const char* begin) {
    if (is(begin[-1], kWord)) return begin + 1;  // within a word; its next digit comes here again
    const char* at = find<kNoDigit>(begin + 1);
    if (begin[-1] == '.' || *at == '.' || is(*at, kWord)) return nullptr;
    literal(begin, at, LiteralKind::kInteger, kIntegerMark);
    return at;
  }

  const char* string(const char* begin) {
    if (is(begin[-1], kWord) || joins_the_last(begin)) return nullptr;
    const char* at = find<kEndsString>(begin + 1);
    if (*at != '\'') return nullptr;
    literal(begin, at + 1, LiteralKind::kString, kStringMark);
    return at + 1;
  }

  // Whether there is nothing but blanks between a string and the one before, or not even those: '' in a
  // string.
  bool joins_the_last(const char* begin) const {
    if (literals_.empty() || literals_.back().kind != LiteralKind::kString) return false;
    const char* at = rest_;
    while (is_space(*at)) ++at;
    return at == begin;
  }

  void literal(const char* begin, const char* end, LiteralKind kind, char mark) {
    keep_until(begin);
    *skeleton_end_++ = mark;
    rest_ = end;
    literals_.push_back(
        {kind, true, static_cast<std::uint32_t>(begin - text_), static_cast<std::uint32_t>(end - begin)});
  }

  // Most of what is between literals is short.
  void keep_until(const char* end) {
    std::size_t size = static_cast<std::size_t>(end - rest_);
    std::memcpy(skeleton_end_, rest_, kRoom);
    if (size > kRoom) std::memcpy(skeleton_end_ + kRoom, rest_ + kRoom, size - kRoom);
    skeleton_end_ += size;
  }

  const char* text_;
  const char* end_;
  char* skeleton_;
  char* skeleton_end_;
  const char* rest_;  // after the last literal
  std::vector<LiteralToken>& literals_;
};

// Versions have six digits, so there is one number for each mode.
std::uint64_t mode_number(const LexerMode& mode) {
  std::uint64_t number = mode.mysql_version;
  number = number << 30 | mode.mariadb_version;
  number = number << 1 | (mode.ansi_quotes ? 1 : 0);
  number = number << 1 | (mode.no_backslash_escapes ? 1 : 0);
  number = number << 1 | (mode.pipes_as_concat ? 1 : 0);
  number = number << 1 | (mode.ignore_space ? 1 : 0);
  return number << 1 | (mode.high_not_precedence ? 1 : 0);
}

bool equal(const std::vector<LiteralToken>& a, const std::vector<LiteralToken>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const LiteralToken& x, const LiteralToken& y) {
    return x.kind == y.kind && x.plain == y.plain && x.offset == y.offset && x.length == y.length;
  });
}

}  // namespace

struct Fingerprints::Memory {
  struct Entry {
    StatementKey skeleton;
    std::uint64_t mode = 0;
    StatementKey key;
    std::int32_t parameters = -1;  // -1: the entry is empty
  };
  using Set = std::array<Entry, 2>;  // the newest first

  std::array<Set, 1024> sets;
  // Left as they are: pages of them that no text has reached take no memory.
  char text[1 + kLongest + kRoom];
  char skeleton[kLongest + kRoom];
};

Fingerprints::Fingerprints() = default;
Fingerprints::~Fingerprints() = default;

std::size_t Fingerprints::skim(std::string_view sql, std::vector<LiteralToken>& literals) {
  if (sql.size() > kLongest) return kGaveUp;
  if (memory_ == nullptr) memory_.reset(new Memory);
  char* text = memory_->text;
  *text++ = ' ';
  if (!sql.empty()) std::memcpy(text, sql.data(), sql.size());
  text[sql.size()] = '\0';
  return Skim(text, text + sql.size(), memory_->skeleton, literals).run();
}

void Fingerprints::of(std::string_view sql, const LexerMode& mode, Fingerprint& out) {
  std::size_t length = skim(sql, out.literals);
  if (length == kGaveUp) {
    ++counts_.given_up;
    fingerprint(sql, mode, out);
    return;
  }
  XXH128_hash_t hash = XXH3_128bits(memory_->skeleton, length);
  StatementKey skeleton{hash.high64, hash.low64};
  std::uint64_t number = mode_number(mode);
  Memory::Set& set = memory_->sets[hash.low64 % memory_->sets.size()];
  for (const Memory::Entry& entry : set) {
    if (entry.skeleton != skeleton || entry.mode != number || entry.parameters < 0) continue;
    ++counts_.hits;
    out.key = entry.key;
    out.parameters = entry.parameters;
    out.valid = true;
    return;
  }
  ++counts_.misses;
  skimmed_.swap(out.literals);
  fingerprint(sql, mode, out);
  if (!out.valid || !equal(skimmed_, out.literals)) return;
  set[1] = set[0];
  set[0] = {skeleton, number, out.key, out.parameters};
}

}  // namespace kintsugi::sql
