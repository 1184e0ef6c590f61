#include "tablet/grants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::tablet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

AccountSpec gate() {
  AccountSpec account{"kintsugi_gate", "%", "gate", ""};
  account.grants = {{{}, "*.*"}, {{"SELECT", "CREATE TEMPORARY TABLES"}, "`a\\_b`.*"}};
  return account;
}

TEST(Grants, LinesOfBothServersAreRead) {
  const Grant first =
      parse_grant("GRANT SELECT, CREATE VIEW ON `a\\_b`.* TO `u`@`%` WITH GRANT OPTION").value();
  EXPECT_THAT(first.privileges, ElementsAre("CREATE VIEW", "SELECT"));
  EXPECT_EQ(first.object, "`a\\_b`.*");
  EXPECT_TRUE(first.with_grant_option);
  const Grant none = parse_grant("GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*AB'").value();
  EXPECT_THAT(none.privileges, IsEmpty());
  const Grant columns = parse_grant("GRANT SELECT (`a ON b`, `c`), INSERT ON `d`.`t` TO `u`@`%`").value();
  EXPECT_THAT(columns.privileges, ElementsAre("INSERT", "SELECT (`a ON b`, `c`)"));
  // MySQL puts no space between its dynamic privileges.
  const Grant dynamic = parse_grant("GRANT CONNECTION_ADMIN,XA_RECOVER_ADMIN ON *.* TO `u`@`%`").value();
  EXPECT_THAT(dynamic.privileges, ElementsAre("CONNECTION_ADMIN", "XA_RECOVER_ADMIN"));
  EXPECT_FALSE(parse_grant("GRANT PROXY ON ``@`%` TO `root`@`localhost` WITH GRANT OPTION"));
  EXPECT_FALSE(parse_grant("GRANT `role` TO `u`@`%`"));
  EXPECT_FALSE(parse_grant("SELECT 1"));
}

TEST(Grants, NothingIsDoneWhereAllIsWell) {
  const std::vector<std::string> shown = {
      "GRANT USAGE ON *.* TO `kintsugi_gate`@`%` IDENTIFIED BY PASSWORD '*AB'",
      "GRANT SELECT, CREATE TEMPORARY TABLES ON `a\\_b`.* TO `kintsugi_gate`@`%`"};
  EXPECT_THAT(repair_grants(gate(), shown, {}), IsEmpty());
}

TEST(Grants, OnlyTheDifferenceIsGrantedAndRevoked) {
  const std::vector<std::string> shown = {"GRANT SUPER, FILE ON *.* TO `kintsugi_gate`@`%` WITH GRANT OPTION",
                                          "GRANT SELECT, DROP ON `a\\_b`.* TO `kintsugi_gate`@`%`",
                                          "GRANT SELECT ON `other`.* TO `kintsugi_gate`@`%`"};
  EXPECT_THAT(repair_grants(gate(), shown, {}),
              ElementsAre("GRANT CREATE TEMPORARY TABLES ON `a\\_b`.* TO 'kintsugi_gate'@'%'",
                          "REVOKE FILE, GRANT OPTION, SUPER ON *.* FROM 'kintsugi_gate'@'%'",
                          "REVOKE DROP ON `a\\_b`.* FROM 'kintsugi_gate'@'%'",
                          "REVOKE SELECT ON `other`.* FROM 'kintsugi_gate'@'%'"));
}

TEST(Grants, AllPrivilegesAreSeenThrough) {
  // What a server says of an account that has every right there is in a database.
  const std::vector<std::string> all = {"GRANT ALL PRIVILEGES ON `a\\_b`.* TO `kintsugi_gate`@`%`"};
  EXPECT_THAT(repair_grants(gate(), all, {"SELECT", "CREATE TEMPORARY TABLES"}), IsEmpty());
  EXPECT_THAT(repair_grants(gate(), all, {"SELECT", "CREATE TEMPORARY TABLES", "DROP"}),
              ElementsAre("REVOKE DROP ON `a\\_b`.* FROM 'kintsugi_gate'@'%'"));
  AccountSpec agent{"a", "localhost", "", "", {{{"PROCESS"}, "*.*"}}};
  const std::vector<std::string> root = {"GRANT ALL PRIVILEGES ON *.* TO `a`@`localhost` WITH GRANT OPTION"};
  EXPECT_THAT(repair_grants(agent, root, {}), ElementsAre("REVOKE ALL PRIVILEGES ON *.* FROM 'a'@'localhost'",
                                                          "GRANT PROCESS ON *.* TO 'a'@'localhost'",
                                                          "REVOKE GRANT OPTION ON *.* FROM 'a'@'localhost'"));
}

TEST(Grants, ANewAccountGetsItsRights) {
  EXPECT_THAT(grant_statements(gate()),
              ElementsAre("GRANT CREATE TEMPORARY TABLES, SELECT ON `a\\_b`.* TO 'kintsugi_gate'@'%'"));
}

}  // namespace
}  // namespace kintsugi::tablet
