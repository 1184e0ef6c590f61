#include "base/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/units.h"

namespace kintsugi {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

enum class Mode { single, multi, atomic };

struct Sample {
  std::uint16_t mysql_port = 15306;
  Duration drain = 10s;
  std::uint64_t gather_bytes_max = 64u << 20;
  bool compress = false;
  std::string cell;
  std::string password;
  Mode mode = Mode::atomic;
  std::vector<std::string> etcd = {"127.0.0.1:2379"};
};

struct Declared {
  Sample sample;
  OptionTable table{"gate"};
  Declared() {
    table.section("MySQL");
    table.integer("mysql_port", sample.mysql_port, {1, 65535}, "Where clients connect.");
    table.duration("drain", sample.drain, {0s, 1h}, "How long clients may finish.").reloadable();
    table.flag("compress", sample.compress, "Compresses what goes to clients.");
    table.choice("transaction_mode", sample.mode, {"single", "multi", "atomic"},
                 "How a transaction may span shards.");
    table.section("Cluster");
    table.bytes("gather_bytes_max", sample.gather_bytes_max, {1024, 1ll << 40}, "Most that is gathered.");
    table.text("cell", sample.cell, "The failure domain.").required().valid_if([](std::string_view text) {
      return text.find('/') == text.npos ? Result<void>() : failure(kInvalidArgument, "a cell has no slash");
    });
    table.text("password", sample.password, "Of the account | kintsugi_gate.").secret();
    table.list("etcd", sample.etcd, "Where etcd listens.");
  }
};

std::string message_of(const Result<void>& result) { return result ? "no error" : result.error().message(); }

TEST(Options, LaterOriginsWin) {
  Declared d;
  const char* const environment[] = {"PATH=/bin",        "KINTSUGI_DRAIN=5s",        "KINTSUGI_CELL=zone2",
                                     "KINTSUGI_OTHER=1", "KINTSUGI_PASSWORD=geheim", nullptr};
  ASSERT_TRUE(
      d.table.parse_map({{"drain", "1m"}, {"mysql_port", "3307"}, {"gather_bytes_max", "1GiB"}}, "k.yaml"));
  ASSERT_TRUE(d.table.parse_environment(environment));
  ASSERT_TRUE(d.table.parse_flags(
      {"--cell", "zone1", "--compress", "--transaction-mode=multi", "--etcd", "a:1, b:2", "--etcd=c:3"}));
  ASSERT_TRUE(d.table.check());
  EXPECT_EQ(d.sample.mysql_port, 3307);
  EXPECT_EQ(d.sample.drain, 5s);
  EXPECT_EQ(d.sample.gather_bytes_max, 1u << 30);
  EXPECT_TRUE(d.sample.compress);
  EXPECT_EQ(d.sample.cell, "zone1");
  EXPECT_EQ(d.sample.mode, Mode::multi);
  EXPECT_THAT(d.sample.etcd, ElementsAre("a:1", "b:2", "c:3"));

  std::map<std::string, OptionValue> values;
  for (OptionValue& value : d.table.values()) values.emplace(value.name, value);
  EXPECT_EQ(values.at("mysql_port").origin, OptionOrigin::file);
  EXPECT_EQ(values.at("drain").origin, OptionOrigin::environment);
  EXPECT_EQ(values.at("cell").origin, OptionOrigin::flag);
  EXPECT_EQ(values.at("drain").value, "5s");
  EXPECT_EQ(values.at("drain").default_value, "10s");
  EXPECT_EQ(values.at("drain").environment, "KINTSUGI_DRAIN");
  EXPECT_EQ(values.at("password").value, "********");
  EXPECT_THAT(d.table.values_json(), AllOf(HasSubstr(R"({"name":"cell","value":"zone1","origin":"flag")"),
                                           Not(HasSubstr("geheim"))));
}

TEST(Options, MistakesNameOptionValueAndExpectation) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--mysql-prot", "1"}, "--mysql-prot: gate has no such option; did you mean --mysql-port?"},
      {{"--zzz=1"}, "--zzz: gate has no such option"},
      {{"--mysql-port", "0"}, "--mysql-port: '0' is not a whole number from 1 to 65535"},
      {{"--mysql_port=65536"}, "--mysql_port: '65536' is not a whole number from 1 to 65535"},
      {{"--mysql-port", "12x"}, "--mysql-port: '12x' is not a whole number from 1 to 65535"},
      {{"--mysql-port"}, "--mysql-port: a value is missing; it is a whole number from 1 to 65535"},
      {{"--drain=10"}, "--drain: '10' is not a time such as 250ms, 10s, 5m, 1h or 2d, from 0 to 1h"},
      {{"--drain=2h"}, "--drain: '2h' is not a time such as 250ms, 10s, 5m, 1h or 2d, from 0 to 1h"},
      {{"--gather-bytes-max=9999999999TiB"}, "from 1KiB to 1TiB"},
      {{"--gather-bytes-max=-1"}, "'-1' is not a size such as"},
      {{"--compress=maybe"}, "--compress: 'maybe' is not true or false"},
      {{"--transaction-mode", "two"}, "'two' is not one of single, multi, atomic"},
      {{"--cell=a/b"}, "--cell: 'a/b': a cell has no slash"},
      {{"zone1"}, "'zone1' is no option"},
  };
  for (const auto& [arguments, expected] : cases) {
    Declared d;
    const Result<void> parsed = d.table.parse_flags(arguments);
    EXPECT_THAT(message_of(parsed), HasSubstr(expected)) << arguments[0];
    EXPECT_TRUE(!parsed && parsed.error().is(kBadOption));
  }
  Declared d;
  EXPECT_EQ(message_of(d.table.parse_map({{"celll", "x"}}, "k.yaml")),
            "k.yaml: celll: gate has no such option; did you mean 'cell'?");
  const char* const environment[] = {"KINTSUGI_DRAIN=soon", nullptr};
  EXPECT_THAT(message_of(d.table.parse_environment(environment)),
              HasSubstr("KINTSUGI_DRAIN: 'soon' is not a time"));
  EXPECT_THAT(message_of(d.table.check()), HasSubstr("--cell is required: The failure domain."));
}

TEST(Options, OneValueIsTakenOrSaidToBeWrongWithoutAPlace) {
  Declared d;
  EXPECT_TRUE(d.table.set("mysql-port", "3307"));
  EXPECT_EQ(d.sample.mysql_port, 3307);
  EXPECT_EQ(message_of(d.table.set("mysql_port", "0")), "'0' is not a whole number from 1 to 65535");
  EXPECT_EQ(message_of(d.table.set("mysql_prot", "1")),
            "gate has no such option; did you mean 'mysql_port'?");
  EXPECT_EQ(message_of(d.table.set("zzz", "1")), "gate has no such option");
}

TEST(Options, HelpAndReferenceShowEverything) {
  Declared d;
  ASSERT_TRUE(d.table.parse_flags({"--help", "--nonsense"}));
  EXPECT_TRUE(d.table.help_requested());
  const std::string help = d.table.help_text();
  EXPECT_THAT(help,
              HasSubstr("MySQL:\n  --mysql-port <integer>\n      Where clients connect. Default: 15306.\n"));
  EXPECT_THAT(help, HasSubstr("\n  --compress\n"));
  EXPECT_THAT(help, HasSubstr("The failure domain. Required.\n"));
  const std::string reference = d.table.reference_markdown();
  EXPECT_THAT(reference, HasSubstr("### Cluster\n"));
  EXPECT_THAT(reference,
              HasSubstr("| `drain` | a time such as 250ms, 10s, 5m, 1h or 2d, from 0 to 1h | `10s` | How "
                        "long clients may finish. *Takes effect while running.* |"));
  EXPECT_THAT(reference, HasSubstr("account \\| kintsugi_gate. *Secret: shown nowhere.*"));
}

TEST(Options, DifferenceTellsWhatNeedsARestart) {
  Declared old;
  Declared fresh;
  ASSERT_TRUE(fresh.table.parse_map({{"drain", "1m"}, {"mysql_port", "3307"}}, "k.yaml"));
  const OptionTable::Difference difference = old.table.difference(fresh.table);
  EXPECT_THAT(difference.reloadable, ElementsAre("drain"));
  EXPECT_THAT(difference.need_restart, ElementsAre("mysql_port"));
}

TEST(Options, DurationsAndSizes) {
  for (const char* text : {"0", "1ns", "250ms", "1500ms", "10s", "90s", "5m", "1h", "2d"}) {
    Duration value;
    ASSERT_TRUE(parse_duration(text, value)) << text;
    EXPECT_EQ(duration_text(value), text);
  }
  for (const char* text : {"0", "1000", "1KiB", "1536KiB", "16MiB", "1GiB", "3TiB"}) {
    std::uint64_t value;
    ASSERT_TRUE(parse_bytes(text, value)) << text;
    EXPECT_EQ(bytes_text(value), text);
  }
  Duration duration;
  std::uint64_t bytes;
  for (const char* bad : {"", "s", "-1s", "1 s", "1w", "99999999999999d"}) {
    EXPECT_FALSE(parse_duration(bad, duration)) << bad;
  }
  for (const char* bad : {"", "KiB", "1.5GiB", "1k"}) EXPECT_FALSE(parse_bytes(bad, bytes)) << bad;
}

}  // namespace
}  // namespace kintsugi
