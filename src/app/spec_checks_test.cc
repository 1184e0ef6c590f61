#include "app/spec_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::app {
namespace {

using testing::HasSubstr;

/// "name: message" of each mistake, one a line.
std::string said(const std::vector<spec::Mistake>& mistakes) {
  std::string text;
  for (const spec::Mistake& each : mistakes) text += each.name + ": " + each.message + "\n";
  return text;
}

std::string of_gate(const spec::Settings& options) { return said(spec_checks().options("gate", options)); }

TEST(SpecChecks, GoodOptionsAreGood) {
  EXPECT_EQ(of_gate({}), "");
  EXPECT_EQ(of_gate({{"idle_timeout", "1h"}, {"connections-max", "10"}, {"log_level", "debug"}}), "");
  EXPECT_EQ(said(spec_checks().options("control", {{"advertise_host", "10.0.0.1"}})), "");
}

TEST(SpecChecks, EachWrongOptionIsToldWithWhatItMayBe) {
  EXPECT_EQ(of_gate({{"idle_timout", "1h"}, {"loops", "1000"}, {"transaction_mode", "double"}, {"zzz", "1"}}),
            "idle_timout: gate has no such option; did you mean 'idle_timeout'?\n"
            "loops: '1000' is not a whole number from 0 to 256\n"
            "transaction_mode: 'double' is not one of single, multi, atomic\n"
            "zzz: gate has no such option; `kintsugi gate --help` lists them\n");
  EXPECT_EQ(said(spec_checks().options("control", {{"idle_timeout", "1h"}})),
            "idle_timeout: control has no such option; `kintsugi control --help` lists them\n");
}

TEST(SpecChecks, OptionsMustFitTogether) {
  EXPECT_EQ(of_gate({{"sequence_block_min", "10"}, {"sequence_block_max", "9"}}),
            ": sequence_block_min is 10 and sequence_block_max only 9\n");
  EXPECT_THAT(of_gate({{"tls_key", "/x.pem"}}), HasSubstr("belong together"));
}

TEST(SpecChecks, FilesMustBeThereAndNamedWhole) {
  EXPECT_EQ(of_gate({{"tls_ca", "ca.pem"}}), "tls_ca: 'ca.pem': expected a whole path, from / on\n");
  EXPECT_THAT(of_gate({{"tls_certificate", "/nowhere/c.pem"}, {"tls_key", "/nowhere/k.pem"}}),
              HasSubstr("certificate /nowhere/c.pem"));
}

TEST(SpecChecks, SettingsAreJudgedAsTheAgentDoes) {
  const spec::PartChecks checks = spec_checks();
  EXPECT_EQ(said(checks.settings(spec::Flavour::mariadb, {{"max_connections", "500"}})), "");
  EXPECT_EQ(
      said(checks.settings(spec::Flavour::mariadb, {{"read-only", "0"}, {"sort buffer", "1"}})),
      "read-only: the setting read_only must not be set: a server starts as nobody's primary; the agent "
      "of the elected one lets writers in\n"
      "sort buffer: my.cnf setting: 'sort buffer' is not the name of a setting\n");
  EXPECT_THAT(said(checks.settings(spec::Flavour::mysql, {{"gtid_mode", "OFF"}})), HasSubstr("gtid_mode: "));
}

TEST(SpecChecks, OnlyWhatLogsHasALevel) {
  const spec::PartChecks checks = spec_checks();
  EXPECT_EQ(said(checks.levels({{"app", "debug"}, {"tablet", "off"}})), "");
  EXPECT_EQ(said(checks.levels({{"tablett", "debug"}})),
            "tablett: no component 'tablett' logs; did you mean 'tablet'?\n");
  EXPECT_THAT(said(checks.levels({{"telephone", "debug"}})),
              HasSubstr("no component 'telephone' logs; there are "));
  EXPECT_THAT(said(checks.levels({{"app", "loud"}})), HasSubstr("app: "));
  EXPECT_THAT(of_gate({{"log_level", "info,tablett=debug"}}), HasSubstr("did you mean 'tablet'?"));
}

TEST(SpecChecks, UsersAreReadAsTheGateDoes) {
  EXPECT_EQ(said(spec_checks().users(R"({"user": [{"Password": "p"}]})")), "");
  EXPECT_THAT(said(spec_checks().users(R"({"user": [{"Pasword": "p"}]})")),
              HasSubstr("user 'user', entry 1: "));
}

}  // namespace
}  // namespace kintsugi::app
