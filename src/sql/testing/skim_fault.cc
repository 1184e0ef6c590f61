#include "sql/testing/skim_fault.h"

#include <array>

#include <fmt/format.h>

namespace kintsugi::sql {
namespace {

std::string difference(const Fingerprint& a, const Fingerprint& b) {
  if (a.valid != b.valid) return "valid";
  if (a.key != b.key) return "the key";
  if (a.parameters != b.parameters) return "the number of parameters";
  if (a.literals.size() != b.literals.size()) return "the number of literals";
  for (std::size_t i = 0; i < a.literals.size(); ++i) {
    const LiteralToken& x = a.literals[i];
    const LiteralToken& y = b.literals[i];
    bool same = x.kind == y.kind && x.plain == y.plain && x.offset == y.offset && x.length == y.length;
    if (!same) return fmt::format("literal {}", i);
  }
  return {};
}

// Every byte that may stand in a plain string which is skimmed.
std::string every_byte() {
  std::string bytes;
  for (int c = 1; c < 256; ++c) {
    if (c != '\'' && c != '\\') bytes += static_cast<char>(c);
  }
  return bytes;
}

}  // namespace

std::string skim_fault(Fingerprints& fingerprints, std::string_view sql, const LexerMode& mode) {
  Fingerprint expected;
  fingerprint(sql, mode, expected);
  Fingerprint found;
  for (int time = 1; time <= 2; ++time) {
    fingerprints.of(sql, mode, found);
    std::string what = difference(found, expected);
    if (!what.empty()) return fmt::format("{} differs, time {}, of: {}", what, time, sql);
  }
  return {};
}

std::string with_other_values(std::string_view sql, const Fingerprint& fingerprint, std::size_t first) {
  static const std::array<std::string, 5> integers = {"0", "7", "00", "18446744073709551616", "12345"};
  static const std::array<std::string, 7> strings = {
      "''",  "'x'",    "'it is `a` -- \"b\" /* c */ # ? @d, 1'", "'0'", "'" + every_byte() + "'",
      "' '", "'1.5e3'"};
  std::string other;
  std::size_t from = 0;
  for (const LiteralToken& literal : fingerprint.literals) {
    bool integer = literal.kind == LiteralKind::kInteger;
    bool string = literal.kind == LiteralKind::kString && literal.plain && sql[literal.offset] == '\'';
    if (!integer && !string) continue;
    other += sql.substr(from, literal.offset - from);
    other += integer ? integers[first % integers.size()] : strings[first % strings.size()];
    from = literal.offset + literal.length;
    ++first;
  }
  other += sql.substr(from);
  return other;
}

}  // namespace kintsugi::sql
