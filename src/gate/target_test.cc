#include "gate/target.h"

#include <gtest/gtest.h>

#include "gate/errors.h"

namespace kintsugi::gate {
namespace {

using topo::TabletType;

TEST(Target, HasKeyspaceShardAndType) {
  struct Case {
    const char* text;
    Target target;
    const char* canonical;
  };
  const Case cases[] = {
      {"", {}, ""},
      {"customer", {"customer", "", TabletType::primary}, "customer"},
      {"customer/-80", {"customer", "-80", TabletType::primary}, "customer/-80"},
      {"customer:-80", {"customer", "-80", TabletType::primary}, "customer/-80"},
      {"customer:80-@replica", {"customer", "80-", TabletType::replica}, "customer/80-@replica"},
      {"customer@RDONLY", {"customer", "", TabletType::rdonly}, "customer@rdonly"},
      {"customer@primary", {"customer", "", TabletType::primary}, "customer"},
      {"@replica", {"", "", TabletType::replica}, "@replica"},
      {"commerce/-", {"commerce", "-", TabletType::primary}, "commerce/-"},
  };
  for (const Case& c : cases) {
    Result<Target> target = Target::parse(c.text);
    ASSERT_TRUE(target) << c.text << ": " << target.error().text();
    EXPECT_EQ(*target, c.target) << c.text;
    EXPECT_EQ(target->text(), c.canonical);
  }
}

TEST(Target, RefusesWhatHasNoSuchForm) {
  for (const char* text :
       {"customer@", "customer@master", "customer/", ":-80", "/", "customer@unknown", "@"}) {
    Result<Target> target = Target::parse(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().mysql_errno(), 1049);
    EXPECT_NE(target.error().message().find(text), std::string::npos);
  }
}

}  // namespace
}  // namespace kintsugi::gate
