#include "mysql/result_framer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "mysql/packet.h"
#include "mysql/request.h"
#include "mysql/response.h"
#include "mysql/row.h"
#include "mysql/status_flags.h"

namespace kintsugi::mysql {
namespace {

using Kind = ResultFramer::Kind;

/// The bytes of an answer, packet by packet.
class Answer {
 public:
  explicit Answer(Capabilities capabilities) : capabilities_(capabilities) {}

  Answer& raw(std::string_view payload) {
    append_packet(bytes_, sequence_, payload);
    return *this;
  }
  Answer& ok(std::uint16_t status = 0) {
    std::string payload;
    write_ok_packet(payload, {.status = status, .warnings = 3}, capabilities_);
    return raw(payload);
  }
  Answer& error() {
    std::string payload;
    write_error_packet(payload, 1146, "42S02", "no such table");
    return raw(payload);
  }
  Answer& eof(std::uint16_t status = 0) {
    std::string payload;
    write_eof_packet(payload, {.status = status});
    return raw(payload);
  }
  Answer& definitions(int count, std::uint16_t status = 0) {
    for (int i = 0; i < count; ++i) {
      std::string payload;
      write_column_definition(payload, {.name = "c"}, capabilities_);
      raw(payload);
    }
    return count > 0 && !(capabilities_ & capability::kDeprecateEof) ? eof(status) : *this;
  }
  Answer& header(int columns, std::uint16_t status = 0) {
    return raw(std::string(1, static_cast<char>(columns))).definitions(columns, status);
  }
  Answer& rows(int count, std::size_t size = 3) {
    const std::string text(size, 'v');
    std::string payload;
    write_text_row(payload, std::vector<Cell>{text});
    for (int i = 0; i < count; ++i) raw(payload);
    return *this;
  }
  Answer& end(std::uint16_t status = 0) {
    std::string payload;
    write_end_of_rows(payload, {.status = status}, capabilities_);
    return raw(payload);
  }
  Answer& prepared(std::uint16_t parameters, std::uint16_t columns) {
    std::string payload;
    write_prepare_ok(payload, {.statement_id = 1, .columns = columns, .parameters = parameters},
                     capabilities_);
    return raw(payload).definitions(parameters).definitions(columns);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  Capabilities capabilities_;
  std::string bytes_;
  std::uint8_t sequence_ = 1;
};

struct Followed {
  std::string kinds;  // one letter a step of another kind than the last
  std::size_t size = 0;
  bool done = false;
  bool failed = false;
  std::uint64_t rows = 0;
  std::uint64_t result_sets = 0;
};

/// Feeds the bytes in reads of `part`, keeping only what was not consumed, as a relay does.
Followed follow(Command command, Capabilities capabilities, const std::string& bytes, std::size_t part,
                bool whole_columns = false) {
  static constexpr char kLetters[] = "?hpcCrRoelt!";
  ResultFramer framer(command, capabilities);
  if (whole_columns) framer.hand_over_columns();
  Followed result;
  std::size_t come = 0;
  std::size_t needed = 0;
  while (!framer.done()) {
    const auto step = framer.next(std::string_view(bytes).substr(result.size, come - result.size));
    if (step.kind == Kind::need_more) {
      needed = result.size + step.needed;
      if (come == bytes.size()) break;
      do {
        come = std::min(bytes.size(), come + part);
      } while (come < needed && come < bytes.size());
      continue;
    }
    const char letter = kLetters[static_cast<int>(step.kind)];
    if (result.kinds.empty() || result.kinds.back() != letter) result.kinds += letter;
    result.size += step.size;
    if (step.kind == Kind::local_infile) break;
  }
  result.done = framer.done();
  result.failed = framer.failed();
  result.rows = framer.rows();
  result.result_sets = framer.result_sets();
  return result;
}

struct Case {
  const char* name;
  Command command;
  std::function<void(Answer&)> make;
  const char* kinds;         // without kDeprecateEof
  const char* kinds_no_eof;  // with it
  std::uint64_t rows = 0;
  bool failed = false;
};

const Case kCases[] = {
    {"ok", Command::query, [](Answer& a) { a.ok(); }, "o", "o"},
    {"error", Command::query, [](Answer& a) { a.error(); }, "e", "e", 0, true},
    {"rows", Command::query, [](Answer& a) { a.header(2).rows(1000).end(); }, "hcCrR", "hcrR", 1000},
    {"no rows", Command::query, [](Answer& a) { a.header(1).end(); }, "hcCR", "hcR"},
    {"error after rows", Command::query, [](Answer& a) { a.header(1).rows(2).error(); }, "hcCre", "hcre", 2,
     true},
    {"several results", Command::query,
     [](Answer& a) {
       a.ok(status::kMoreResults).header(1).rows(3).end(status::kMoreResults).header(1).rows(1).end();
     },
     "ohcCrRhcCrR", "ohcrRhcrR", 4},
    {"a call", Command::query, [](Answer& a) { a.header(1).rows(3).end(status::kMoreResults).ok(); },
     "hcCrRo", "hcrRo", 3},
    {"statistics", Command::statistics, [](Answer& a) { a.raw("Uptime: 5"); }, "t", "t"},
    {"prepare nothing", Command::stmt_prepare, [](Answer& a) { a.prepared(0, 0); }, "p", "p"},
    {"prepare parameters", Command::stmt_prepare, [](Answer& a) { a.prepared(3, 0); }, "pcC", "pc"},
    {"prepare columns", Command::stmt_prepare, [](Answer& a) { a.prepared(0, 3); }, "pcC", "pc"},
    {"prepare both", Command::stmt_prepare, [](Answer& a) { a.prepared(2, 3); }, "pcCcC", "pc"},
    {"prepare error", Command::stmt_prepare, [](Answer& a) { a.error(); }, "e", "e", 0, true},
    {"field list", Command::field_list,
     [](Answer& a) {
       a.definitions(2);
       a.end();
     },
     "cR", "cR"},
    {"field list error", Command::field_list, [](Answer& a) { a.error(); }, "e", "e", 0, true},
    {"fetch", Command::stmt_fetch, [](Answer& a) { a.rows(5).end(status::kCursorExists); }, "rR", "rR", 5},
    {"set option", Command::set_option, [](Answer& a) { a.eof(); }, "o", "o"},
    {"ping", Command::ping, [](Answer& a) { a.ok(); }, "o", "o"},
    {"row that begins like an end", Command::query,
     [](Answer& a) { a.header(1).rows(2, kMaxFrame + 5).end(); }, "hcCrR", "hcrR", 2},
    {"row of one full frame and an empty one", Command::query,
     [](Answer& a) { a.header(1).rows(2, kMaxFrame - 4).rows(1).end(); }, "hcCrR", "hcrR", 3},
};

TEST(ResultFramer, FindsTheEndOfEveryAnswerInReadsOfAnySize) {
  for (const Case& test : kCases) {
    for (const Capabilities capabilities :
         {Capabilities{0}, capability::kDeprecateEof | capability::kSessionTrack}) {
      // The list's end is sent although the answer has no definitions before it to end.
      Answer answer(capabilities);
      test.make(answer);
      std::string bytes = answer.bytes();
      if (test.command == Command::field_list && std::string_view(test.name) == "field list" &&
          capabilities == 0) {
        bytes.resize(bytes.size() - kHeaderSize - 5);  // definitions() has written one EOF already
      }
      for (const std::size_t part :
           {std::size_t{1}, std::size_t{3}, std::size_t{64}, std::size_t{4096}, bytes.size() + 9}) {
        if (bytes.size() / part > 100000) continue;
        SCOPED_TRACE(std::string(test.name) + ", " + std::to_string(capabilities) + ", reads of " +
                     std::to_string(part));
        for (const bool whole_columns : {false, true}) {
          // What follows the answer must not be touched.
          const Followed found =
              follow(test.command, capabilities, bytes + std::string(9, 'N'), part, whole_columns);
          EXPECT_TRUE(found.done);
          EXPECT_EQ(found.size, bytes.size());
          EXPECT_EQ(found.kinds, capabilities == 0 ? test.kinds : test.kinds_no_eof);
          EXPECT_EQ(found.rows, test.rows);
          EXPECT_EQ(found.failed, test.failed);
        }
      }
    }
  }
}

TEST(ResultFramer, IsNotDoneBeforeTheLastByte) {
  for (const Case& test : kCases) {
    Answer answer(0);
    test.make(answer);
    if (answer.bytes().size() > 20000) continue;
    std::size_t size = answer.bytes().size();
    if (std::string_view(test.name) == "field list") size -= kHeaderSize + 5;
    for (std::size_t cut = 0; cut < size; ++cut) {
      EXPECT_FALSE(follow(test.command, 0, answer.bytes().substr(0, cut), 7).done) << test.name << " " << cut;
    }
  }
}

TEST(ResultFramer, CursorEndsTheAnswerAfterItsColumns) {
  Answer answer(0);
  answer.header(2, status::kCursorExists);
  const Followed found = follow(Command::stmt_execute, 0, answer.bytes(), 1000);
  EXPECT_TRUE(found.done);
  EXPECT_EQ(found.kinds, "hcC");
}

TEST(ResultFramer, HandsOverColumnsOneByOne) {
  Answer answer(0);
  answer.header(2).rows(1).end();
  ResultFramer framer(Command::query, 0);
  framer.hand_over_columns();
  std::string_view left = answer.bytes();
  left.remove_prefix(framer.next(left).size);
  for (int i = 0; i < 2; ++i) {
    const ResultFramer::Step step = framer.next(left);
    ASSERT_EQ(step.kind, ResultFramer::Kind::columns);
    EXPECT_EQ(step.end_of_list, i == 1);
    const auto column = parse_column_definition(step.payload, 0);
    ASSERT_TRUE(column);
    EXPECT_EQ(column->name, "c");
    left.remove_prefix(step.size);
  }
  EXPECT_EQ(framer.next(left).kind, ResultFramer::Kind::end_of_columns);
}

TEST(ResultFramer, TellsOfLocalInfile) {
  Answer answer(0);
  answer.raw("\xfb/etc/passwd");
  EXPECT_EQ(follow(Command::query, 0, answer.bytes(), 1000).kinds, "l");
}

TEST(ResultFramer, CallsNonsenseMalformed) {
  EXPECT_EQ(follow(Command::query, 0, std::string("\0\0\0\1x", 5), 1000).kinds, "!");
  EXPECT_EQ(follow(Command::query, 0, std::string("\1\0\0\1\0", 5), 1000).kinds, "!");
}

TEST(ResultFramer, KeepsTheLastStatus) {
  Answer answer(0);
  answer.header(1).rows(1).end(status::kInTransaction | status::kAutocommit);
  ResultFramer framer(Command::query, 0);
  std::string_view left = answer.bytes();
  while (!framer.done()) left.remove_prefix(framer.next(left).size);
  EXPECT_EQ(framer.status(), status::kInTransaction | status::kAutocommit);
  EXPECT_EQ(framer.result_sets(), 1u);
  EXPECT_TRUE(left.empty());
}

/// Who passes rows on need not look at those whose sequence ids are what they should be.
TEST(ResultFramer, TellsWhichFramesFollowOneAnother) {
  const auto rows_of = [](std::string_view bytes) {
    ResultFramer framer(Command::query, 0);
    for (;;) {
      const ResultFramer::Step step = framer.next(bytes);
      if (step.kind == Kind::rows || step.kind == Kind::need_more) return step;
      bytes.remove_prefix(step.size);
    }
  };
  Answer head(0);
  head.header(1);
  const std::string bytes = Answer(0).header(1).rows(5).end().bytes();
  ResultFramer::Step step = rows_of(bytes);
  EXPECT_EQ(step.packets, 5u);
  EXPECT_EQ(step.in_sequence, 5u);

  const std::size_t row = (step.size / 5);
  std::string gap = bytes;
  gap[head.bytes().size() + 2 * row + kHeaderSize - 1] = '\x77';
  step = rows_of(gap);
  EXPECT_EQ(step.packets, 5u);
  EXPECT_EQ(step.in_sequence, 0u);

  step = rows_of(std::string_view(bytes).substr(0, head.bytes().size() + 2 * row));
  EXPECT_EQ(step.packets, 2u);
  EXPECT_EQ(step.in_sequence, 2u);
  step = rows_of(std::string_view(bytes).substr(0, head.bytes().size() + 3 * row - 1));
  EXPECT_EQ(step.packets, 2u);
  EXPECT_EQ(step.in_sequence, 0u) << "a part of the third is in it";
}

}  // namespace
}  // namespace kintsugi::mysql
