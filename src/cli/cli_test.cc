#include "cli/cli.h"

#include <gtest/gtest.h>

#include "cli/command.h"
#include "cli/parser.h"

namespace kintsugi::cli {
namespace {

TEST(Parser, FindsCommandArgumentsAndFlags) {
  const Invocation call = parse({"keyspace", "create", "orders", "--shards", "-80,80-", "--json"});
  ASSERT_NE(call.command, nullptr) << call.text;
  EXPECT_STREQ(call.command->words, "keyspace create");
  EXPECT_EQ(call.parsed.get("keyspace"), "orders");
  EXPECT_EQ(call.parsed.get("shards"), "-80,80-");
  EXPECT_FALSE(call.parsed.has("durability"));
  EXPECT_TRUE(call.json);
  EXPECT_EQ(call.control, kDefaultControl);
}

TEST(Parser, EachArgumentTakesOneWord) {
  const Invocation call = parse({"vschema", "check", "customer", "c.json"});
  ASSERT_NE(call.command, nullptr) << call.text;
  EXPECT_EQ(call.parsed.get("keyspace"), "customer");
  EXPECT_EQ(call.parsed.get("file"), "c.json");
}

TEST(Parser, ControlMayBeNamedAnywhere) {
  EXPECT_EQ(parse({"--control", "h:1", "cell", "list"}).control, "h:1");
  EXPECT_EQ(parse({"cell", "list", "--control=h:1"}).control, "h:1");
}

TEST(Parser, AWrongCallSaysWhatIsWrongAndExitsWith2) {
  const Invocation missing = parse({"shard", "show"});
  EXPECT_EQ(missing.command, nullptr);
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_NE(missing.text.find("shard"), std::string::npos) << missing.text;
  EXPECT_EQ(missing.text.rfind("kintsugi shard show: ", 0), 0u) << missing.text;
  const Invocation near = parse({"tablet", "lst"});
  EXPECT_EQ(near.exit_code, 2);
  EXPECT_EQ(near.text,
            "kintsugi tablet: there is no command 'tablet lst'; did you mean 'list'?\n"
            "`kintsugi tablet --help` shows how it is called, with examples\n");
  EXPECT_EQ(parse({"--json", "tabelt"})
                .text.rfind("kintsugi: there is no command 'tabelt'; did you mean 'tablet'?", 0),
            0u);
  const Invocation flag = parse({"tablet", "list", "--colour"});
  EXPECT_EQ(flag.exit_code, 2);
  EXPECT_NE(flag.text.find("--colour"), std::string::npos) << flag.text;
}

TEST(Parser, HelpHasExamples) {
  const Invocation help = parse({"tablet", "list", "--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_NE(help.text.find("Examples:"), std::string::npos) << help.text;
}

TEST(Commands, EveryOneHasASummaryAndAnExample) {
  for (const Command& command : commands()) {
    EXPECT_STRNE(command.summary, "") << command.words;
    EXPECT_FALSE(command.examples.empty()) << command.words;
    for (const Example& example : command.examples) {
      EXPECT_EQ(std::string(example.command).rfind(command.words, 0), 0u) << example.command;
    }
  }
}

TEST(Reference, NamesEveryCommand) {
  const std::string page = reference_page();
  for (const Command& command : commands()) {
    EXPECT_NE(page.find(std::string("## ") + command.words), std::string::npos) << command.words;
  }
}

}  // namespace
}  // namespace kintsugi::cli
