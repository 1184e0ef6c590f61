#include "exec/op/file_rows.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace kintsugi::exec {
namespace {

/// All rows as text: fields in brackets, "-" for NULL, "+" behind a line that has more.
std::string rows_of(const plan::FileFormat& format, std::size_t fields, std::string_view file,
                    std::size_t piece, std::string_view charset = {}) {
  FileRows rows(format, fields, charset);
  std::string out;
  FileRow row;
  for (;;) {
    const FileRows::Step step = rows.next(row);
    if (step == FileRows::Step::kEnd) return out;
    if (step == FileRows::Step::kMore) {
      if (file.empty()) {
        rows.end();
      } else {
        rows.add(file.substr(0, piece));
        file.remove_prefix(std::min(piece, file.size()));
      }
      continue;
    }
    for (const auto& field : row.fields) out += field ? "[" + *field + "]" : "-";
    out += row.cut ? "+\n" : "\n";
  }
}

struct Case {
  const char* name;
  plan::FileFormat format;
  std::size_t fields;
  std::string file;
  const char* rows;
};

plan::FileFormat csv() { return {.fields_terminated = ",", .enclosed = "\""}; }

// Each was compared with MariaDB 10.11.
const Case kCases[] = {
    {"tabs", {}, 2, "a\tb\nc\td\n", "[a][b]\n[c][d]\n"},
    {"no end of line at the end", {}, 2, "a\tb\nc\td", "[a][b]\n[c][d]\n"},
    {"empty fields", {}, 2, "\t\n\t", "[][]\n[]\n"},
    {"too few", {}, 3, "a\nb\tc\n", "[a]\n[b][c]\n"},
    {"too many", {}, 1, "a\tb\nc\n", "[a]+\n[c]\n"},
    {"a separator behind the last", {}, 1, "a\t\nc\n", "[a]\n[c]\n"},
    {"an empty line", {}, 2, "a\tb\n\nc\td\n", "[a][b]\n[]\n[c][d]\n"},
    {"escapes", {}, 2, "a\\tb\\\\\tc\\\nd\n\\N\tN\\N\n", "[a\tb\\][c\nd]\n-[NN]\n"},
    {"quotes", csv(), 2, "\"a,b\",\"c\"\"d\"\n\"e\nf\",g\"h\n", "[a,b][c\"d]\n[e\nf][g\"h]\n"},
    {"a quote that goes on", csv(), 2, "\"a\"b\",c\n", "[a\"b][c]\n"},
    {"NULL", csv(), 3, "NULL,\"NULL\",\\N\n", "-[NULL]-\n"},
    {"the word without quotes around fields", {}, 1, "NULL\n", "[NULL]\n"},
    {"an escape that is the quote",
     {.fields_terminated = ",", .enclosed = "\"", .escaped = "\""},
     2,
     "\"a\"\"b\",\"c\\n\"\n",
     "[a\"b][c\\n]\n"},
    {"the same, closed by the end",
     {.fields_terminated = ",", .enclosed = "\"", .escaped = "\""},
     2,
     "\"a\",\"c\"",
     "[a][\"c\"]\n"},
    {"a quote closed by the end", csv(), 2, "\"a\",\"c\"", "[a][c]\n"},
    {"a quote that is not closed", csv(), 2, "a,\"c\nd,e", "[a][\"c\nd,e]\n"},
    {"a quoted \\N", csv(), 2, "\"\\N\",b\n", "-[b]\n"},
    {"a quote inside", csv(), 2, "a\"b,\"c\" ,d\n", "[a\"b][\"c\" ,d\n]\n"},
    {"an escape at the end", {}, 1, "a\\", "[a\\]\n"},
    {"no escapes", {.escaped = ""}, 2, "a\\tb\t\\N\n", "[a\\tb][\\N]\n"},
    {"fields and lines end alike",
     {.fields_terminated = ",", .lines_terminated = ","},
     2,
     "a,b,c,d,e",
     "[a][b]\n[c][d]\n[e]\n"},
    {"long separators",
     {.fields_terminated = "<|>", .lines_terminated = "\r\n"},
     2,
     "a<b<|>c\rd\r\ne<|f<|>g\r\n",
     "[a<b][c\rd]\n[e<|f][g]\n"},
    {"lines that start",
     {.fields_terminated = ",", .lines_starting = ">>"},
     2,
     "x>>a,b\nnothing\n>>>c,d\n",
     "[a][b]\n[>c][d]\n"},
    {"ignored lines", {.ignored_lines = 1}, 1, "head\na\n", "[a]\n"},
    {"more ignored lines than there are", {.ignored_lines = 9}, 1, "head\na\n", ""},
    {"no lines", {.fields_terminated = ",", .lines_terminated = ""}, 2, "a,b,c,d", "[a][b]\n[c][d]\n"},
    {"nothing", {}, 1, "", ""},
};

TEST(FileRows, CutsAFileWhateverThePiecesItComesIn) {
  for (const Case& each : kCases) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
      EXPECT_EQ(rows_of(each.format, each.fields, each.file, piece), each.rows) << each.name << ", " << piece;
    }
  }
}

TEST(FileRows, KeepsBytesOfACharacterTogether) {
  struct Wide {
    const char* charset;
    const char* file;
    const char* rows;
  };
  const Wide cases[] = {
      {"gbk", "a\x81\\|b\n\xfe|\x81|c|\n", "[a\x81\\][b]\n[\xfe|\x81|c][]\n"},
      {"big5", "\xa5\\|\xa1|x\n", "[\xa5\\][\xa1|x]\n"},
      {"cp932", "\xe0\\|\x81||b\n", "[\xe0\\][\x81|]+\n"},
      {"gb18030", "\x81\x30\x81\x30|\x81\\\n", "[\x81\x30\x81\x30][\x81\\]\n"},
      // No characters: the bytes are themselves.
      {"gbk", "\x80|\xff|\n\x81", "[\x80][\xff]\n[\x81]\n"},
      {"latin1", "\x81|b\n", "[\x81][b]\n"},
  };
  for (const Wide& each : cases) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{1000}}) {
      EXPECT_EQ(rows_of({.fields_terminated = "|"}, 2, each.file, piece, each.charset), each.rows)
          << each.charset << ", " << piece;
    }
  }
}

}  // namespace
}  // namespace kintsugi::exec
