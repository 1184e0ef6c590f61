#include "topo/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "topo/errors.h"

namespace kintsugi::topo {
namespace {

using testing::HasSubstr;

TEST(Names, TabletAlias) {
  const TabletAlias alias = TabletAlias::parse("zone1-101").value();
  EXPECT_EQ(alias, (TabletAlias{"zone1", 101}));
  EXPECT_EQ(alias.text(), "zone1-101");
  EXPECT_EQ(TabletAlias::parse("eu-west-1-0000000007").value().text(), "eu-west-1-7");
  for (const char* text :
       {"", "zone1", "zone1-", "-101", "zone1-x", "zone1-4294967296", "zone1-1 ", "zo/ne-1"}) {
    const auto bad = TabletAlias::parse(text);
    ASSERT_FALSE(bad) << text;
    EXPECT_THAT(bad.error().message(), HasSubstr("as zone1-101"));
  }
}

TEST(Names, ShardName) {
  EXPECT_EQ(ShardName::parse("customer/-80").value(), (ShardName{"customer", "-80"}));
  EXPECT_EQ(ShardName::parse("commerce/0").value().shard, "0");
  for (const char* text :
       {"customer", "customer/", "/-80", "customer/80", "customer/-8", "customer/A0-", "a/b/-"}) {
    EXPECT_FALSE(ShardName::parse(text)) << text;
  }
  EXPECT_THAT(ShardName::parse("customer/A0-").error().message(), HasSubstr("'a0-'"));
}

TEST(Names, TabletType) {
  EXPECT_EQ(parse_tablet_type("REPLICA").value(), TabletType::replica);
  EXPECT_EQ(name(TabletType::rdonly), "rdonly");
  EXPECT_THAT(parse_tablet_type("master").error().message(), HasSubstr("did you mean primary?"));
  EXPECT_FALSE(parse_tablet_type("unknown"));
}

TEST(Names, KeyspaceIsADatabaseThatIsNotTheServersOwn) {
  for (const char* good : {"customer", "Kunden_2", "größe", "a$b", "my-app"}) {
    EXPECT_TRUE(check_keyspace_name(good)) << good;
  }
  for (const char* bad : {"", "a b", "a/b", "a.b", "a:b", "a@b", "a`b", "MySQL", "_kintsugi", "a\nb"}) {
    EXPECT_FALSE(check_keyspace_name(bad)) << bad;
  }
  EXPECT_FALSE(check_keyspace_name(std::string(65, 'x')));
}

TEST(Names, CellAndOtherElements) {
  EXPECT_TRUE(check_cell_name("eu-west_1"));
  EXPECT_FALSE(check_cell_name("eu west"));
  EXPECT_TRUE(check_key_element("user", "joe@example.org"));
  EXPECT_FALSE(check_key_element("user", "a/b"));
  EXPECT_FALSE(check_key_element("user", ".."));
  EXPECT_TRUE(check_key_element("user", "a/b").error().is(kBadName));
}

}  // namespace
}  // namespace kintsugi::topo
