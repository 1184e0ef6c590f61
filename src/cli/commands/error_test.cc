#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/context.h"
#include "cli/parser.h"
#include "runtime/loop.h"

namespace kintsugi::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr ErrorCode kGateNoPrimary{4022, "no_primary", 1105, "HY000", "Retry in a few seconds"};
constexpr ErrorCode kControlNoPrimary{6004, "no_primary"};
constexpr ErrorCode kOfAServer = kServerError;

const std::vector<ErrorEntry>& sample() {
  static const std::vector<ErrorEntry> entries{
      {&kOfAServer, "base", "A server said \"no\"."},
      {&kGateNoPrimary, "gate", "The shard has no primary."},
      {&kControlNoPrimary, "control", "The shard waits for its first primary."},
  };
  return entries;
}

/// What is printed, or the error's text.
std::string answer(const std::vector<std::string>& words) {
  const Invocation call = parse(words);
  if (call.command == nullptr) return call.text;
  Context context(call.control, call.json, sample());
  context.capture();
  runtime::Loop loop;
  const Result<void> done = loop.block_on(call.command->run(context, call.parsed));
  return done ? context.captured() : done.error().text();
}

TEST(ErrorShow, TellsWhatHappenedAndWhatToDo) {
  EXPECT_EQ(answer({"error", "show", "KT4022"}),
            "KT4022 no_primary\n"
            "  what happened  The shard has no primary.\n"
            "  what to do     Retry in a few seconds.\n"
            "  MySQL error    1105 (SQLSTATE HY000)\n"
            "  raised by      gate\n");
}

TEST(ErrorShow, TakesACodeAsItIsFoundInALogOrByName) {
  for (const char* word : {"kt4022", "4022", "KT4022:"}) {
    EXPECT_THAT(answer({"error", "show", word}), HasSubstr("KT4022 no_primary\n")) << word;
  }
  EXPECT_THAT(answer({"error", "show", "no_primary"}), AllOf(HasSubstr("KT4022"), HasSubstr("KT6004")));
  EXPECT_THAT(answer({"error", "show", "KT6004", "KT1003"}),
              AllOf(HasSubstr("KT6004"), HasSubstr("KT1003"), HasSubstr("the server's own number")));
}

TEST(ErrorShow, AnUnknownCodeIsAnError) {
  EXPECT_THAT(answer({"error", "show", "KT9999"}),
              AllOf(HasSubstr("KT1004: there is no error 'KT9999'"), HasSubstr("error list")));
}

TEST(ErrorShow, JsonHasTheSame) {
  EXPECT_EQ(answer({"error", "show", "KT1003", "KT4022", "--json"}),
            R"({"errors":[{"ktCode":1003,"name":"server_error","folder":"base",)"
            R"("meaning":"A server said \"no\".","nextStep":"","mysqlErrno":1105,"sqlstate":"HY000"},)"
            R"({"ktCode":4022,"name":"no_primary","folder":"gate","meaning":"The shard has no primary.",)"
            R"("nextStep":"Retry in a few seconds","mysqlErrno":1105,"sqlstate":"HY000"}]})"
            "\n");
}

TEST(ErrorList, OneALineOrOfOneFolder) {
  EXPECT_THAT(answer({"error", "list"}),
              AllOf(HasSubstr("KT1003"), HasSubstr("KT4022"), HasSubstr("KT6004")));
  EXPECT_THAT(answer({"error", "list", "--folder", "gate"}),
              AllOf(HasSubstr("KT4022"), Not(HasSubstr("KT6004"))));
  EXPECT_THAT(answer({"error", "list", "--folder", "gates"}),
              HasSubstr("no error belongs to a folder 'gates'"));
}

}  // namespace
}  // namespace kintsugi::cli
