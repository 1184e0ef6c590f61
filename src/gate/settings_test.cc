#include "gate/settings.h"

#include <gtest/gtest.h>

namespace kintsugi::gate {
namespace {

Settings make(std::initializer_list<Settings::Entry> entries) {
  Settings settings;
  for (const auto& [name, value] : entries) settings.set(name, value);
  return settings;
}

TEST(Settings, SignatureDoesNotDependOnTheOrder) {
  const Settings a = make({{"sql_mode", "'ANSI'"}, {"@x", "1"}});
  Settings b = make({{"@x", "2"}, {"sql_mode", "'ANSI'"}});
  EXPECT_NE(a.signature(), b.signature());
  EXPECT_FALSE(a == b);
  b.set("@x", "1");
  EXPECT_EQ(a.signature(), b.signature());
  EXPECT_TRUE(a == b);
  b.reset("@x");
  b.reset("sql_mode");
  b.reset("never_set");
  EXPECT_EQ(b.signature(), 0u);
  EXPECT_TRUE(b == Settings());
}

TEST(Settings, NamesAndValuesDoNotRunTogether) {
  EXPECT_NE(make({{"ab", "c"}}).signature(), make({{"a", "bc"}}).signature());
  EXPECT_NE(make({{"a", "1"}, {"b", "2"}}).signature(), make({{"a", "2"}, {"b", "1"}}).signature());
}

TEST(Settings, TransitionIsOneStatementOfWhatDiffers) {
  const Settings none;
  const Settings a = make({{"sql_mode", "'ANSI'"}, {"time_zone", "'+01:00'"}, {"@x", "1"}});
  const Settings b = make({{"autocommit", "0"}, {"time_zone", "'+02:00'"}, {"sql_mode", "'ANSI'"}});
  EXPECT_EQ(settings_transition(a, a), "");
  EXPECT_EQ(settings_transition(none, a),
            "SET @x=1, @@session.sql_mode='ANSI', @@session.time_zone='+01:00'");
  EXPECT_EQ(settings_transition(a, b),
            "SET @x=CAST(NULL AS BINARY), @@session.autocommit=0, @@session.time_zone='+02:00'");
  EXPECT_EQ(settings_transition(a, none),
            "SET @x=CAST(NULL AS BINARY), @@session.sql_mode=DEFAULT, @@session.time_zone=DEFAULT");
}

TEST(Settings, CharacterSetsGoBackToTheConnectionsOwn) {
  const Settings latin =
      make({{"character_set_client", "'latin1'"}, {"collation_connection", "'latin1_swedish_ci'"}});
  EXPECT_EQ(settings_transition(latin, {}),
            "SET @@session.character_set_client=utf8mb4, @@session.collation_connection=utf8mb4_general_ci");
}

TEST(Settings, ACollationIsSetAgainAfterItsCharacterSet) {
  const Settings both =
      make({{"character_set_connection", "'latin1'"}, {"collation_connection", "'utf8mb4_bin'"}});
  const Settings collation = make({{"collation_connection", "'utf8mb4_bin'"}});
  EXPECT_EQ(settings_transition(both, collation),
            "SET @@session.character_set_connection=utf8mb4, @@session.collation_connection='utf8mb4_bin'");
}

TEST(Settings, StringsAreQuotedForEverySqlMode) {
  EXPECT_EQ(quote_string(""), "''");
  EXPECT_EQ(quote_string("it's"), "'it''s'");
  EXPECT_EQ(quote_string("a\\"), "_utf8mb4 x'615c'");
}

}  // namespace
}  // namespace kintsugi::gate
