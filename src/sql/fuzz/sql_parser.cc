// Any bytes: the parser refuses them or makes a tree that is printed, read again, and the same. Half of the
// inputs are made by changing tokens, since changed bytes are rarely SQL.

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "sql/testing/mutator.h"
#include "sql/testing/round_trip.h"

namespace {

using namespace kintsugi::sql;

LexerMode mode_of(unsigned char bits) {
  LexerMode mode;
  mode.ansi_quotes = (bits & 1) != 0;
  mode.no_backslash_escapes = (bits & 2) != 0;
  mode.pipes_as_concat = (bits & 4) != 0;
  mode.high_not_precedence = (bits & 8) != 0;
  mode.ignore_space = (bits & 16) != 0;
  return mode;
}

std::string_view text_of(const unsigned char* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data) + 1, size - 1};
}

std::size_t put(const std::string& sql, unsigned char bits, unsigned char* out, std::size_t max_size) {
  if (sql.size() + 1 > max_size) return 0;
  out[0] = bits;
  std::memcpy(out + 1, sql.data(), sql.size());
  return sql.size() + 1;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(unsigned char* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(unsigned char* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  if (size < 2 || seed % 2 == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::string sql = Mutator(seed).mutate(text_of(data, size), mode_of(data[0]));
  std::size_t written = put(sql, data[0], data, max_size);
  return written != 0 ? written : LLVMFuzzerMutate(data, size, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const unsigned char* a, std::size_t a_size,
                                                 const unsigned char* b, std::size_t b_size,
                                                 unsigned char* out, std::size_t max_size, unsigned seed) {
  if (a_size < 2 || b_size < 2) return 0;
  std::string sql = Mutator(seed).cross(text_of(a, a_size), text_of(b, b_size), mode_of(a[0]));
  return put(sql, a[0], out, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  std::string fault = round_trip_fault(text_of(data, size), mode_of(data[0]));
  if (fault.empty()) return 0;
  std::fputs(fault.c_str(), stderr);
  std::abort();
}
