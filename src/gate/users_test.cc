#include "gate/users.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/errors.h"

namespace kintsugi::gate {
namespace {

using testing::HasSubstr;

constexpr const char* kNativeOfMysqlPassword = "*9E128DA0C64A6FCCCDCFBDD0FC0A2C967C6DB36F";

TEST(Users, SeveralEntriesAreSeveralPasswords) {
  Result<Users> users = Users::parse(R"({
    "alice": [{"Password": "one", "Groups": ["g", "h"], "Scatter": "ask", "Gather": "forbid", "Files": true},
              {"Password": "two", "UserData": "boss"}],
    "bob": [{"MysqlNativePassword": "*9E128DA0C64A6FCCCDCFBDD0FC0A2C967C6DB36F", "Password": "other"}]})");
  ASSERT_TRUE(users) << users.error().text();
  const auto alice = users->find("alice", "10.1.2.3");
  ASSERT_EQ(alice.size(), 2u);
  EXPECT_TRUE(alice[0]->credential.accepts_password("one"));
  EXPECT_FALSE(alice[0]->credential.accepts_password("two"));
  EXPECT_EQ(alice[0]->groups, (std::vector<std::string>{"g", "h"}));
  EXPECT_EQ(alice[0]->scatter, vschema::Permission::ask);
  EXPECT_EQ(alice[0]->gather, vschema::Permission::forbid);
  EXPECT_EQ(alice[1]->gather, vschema::Permission::allow);
  EXPECT_EQ(alice[0]->caller, "alice");
  EXPECT_EQ(alice[1]->caller, "boss");
  EXPECT_TRUE(alice[0]->files);
  EXPECT_FALSE(alice[1]->files);

  // The hash is of "mysql_password" and overrides Password for its method only.
  const auto bob = users->find("bob", "unix");
  ASSERT_EQ(bob.size(), 1u);
  const std::string scramble(mysql::kScrambleSize, 'x');
  EXPECT_EQ(mysql::format_native_hash(*bob[0]->credential.native), kNativeOfMysqlPassword);
  EXPECT_TRUE(
      bob[0]->credential.accepts_native(mysql::native_response("mysql_password", scramble), scramble));
  EXPECT_FALSE(bob[0]->credential.accepts_native(mysql::native_response("other", scramble), scramble));
  EXPECT_TRUE(bob[0]->credential.accepts_sha2(mysql::sha2_response("other", scramble), scramble));
  EXPECT_TRUE(users->find("carol", "unix").empty());
}

TEST(Users, TheKeyUserIsReachedByUserDataToo) {
  Result<Users> users = Users::parse(R"({"user": [{"UserData": "caller", "Password": ""}]})");
  ASSERT_TRUE(users) << users.error().text();
  for (const char* name : {"user", "caller"}) {
    const auto found = users->find(name, "unix");
    ASSERT_EQ(found.size(), 1u) << name;
    EXPECT_EQ(found[0]->caller, "caller");
    EXPECT_TRUE(found[0]->credential.empty);
  }
}

TEST(Users, SourceHostRestrictsTheEntry) {
  Result<Users> users = Users::parse(R"({
    "l": [{"Password": "p", "SourceHost": "localhost"}], "a": [{"Password": "p", "SourceHost": "10.0.0.7"}],
    "e": [{"Password": "p", "SourceHost": ""}]})");
  ASSERT_TRUE(users);
  for (const char* host : {"unix", "127.0.0.1", "::1"}) EXPECT_EQ(users->find("l", host).size(), 1u) << host;
  EXPECT_TRUE(users->find("l", "10.0.0.7").empty());
  EXPECT_EQ(users->find("a", "10.0.0.7").size(), 1u);
  EXPECT_TRUE(users->find("a", "10.0.0.70").empty());
  EXPECT_EQ(users->find("e", "10.0.0.7").size(), 1u);
}

TEST(Users, WrongFilesSayWhere) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"a": [{"Password": "p"}, {"Pasword": "p"}]})", "user 'a', entry 2: unknown field 'Pasword'"},
      {R"({"a": [{"Groups": []}]})", "user 'a', entry 1: no Password"},
      {R"({"a": [{"Password": 1}]})", "Password: a string is expected"},
      {R"({"a": {"Password": "p"}})", "user 'a': a list of entries is expected"},
      {R"({"a": [{"MysqlNativePassword": "*12"}]})", "MysqlNativePassword: "},
      {R"({"a": [{"CachingSha2Password": "zz"}]})", "CachingSha2Password: "},
      {R"({"a": [{"Password": "p", "Groups": "g"}]})", "Groups: a list of strings"},
      {R"({"a": [)", "not JSON at byte"},
      {R"({"a": []} x)", "byte"},
      {"[]", "an object of users"},
      {"", "not JSON"},
  };
  for (const auto& [text, message] : cases) {
    Result<Users> users = Users::parse(text);
    ASSERT_FALSE(users) << text;
    EXPECT_TRUE(users.error().is(kBadUsers));
    EXPECT_THAT(users.error().message(), HasSubstr(message)) << text;
  }
}

TEST(UsersFile, IsReadAgainWhenItChangesAndKeepsTheUsersWhenItIsBroken) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("kt_users_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string path = folder / "users.json";
  const auto write = [&](const char* text) {
    // A new file in the old one's place, as `kubectl` and editors do it: another inode at the least.
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  };
  UsersFile file(path);
  EXPECT_FALSE(file.refresh());
  EXPECT_EQ(file.refresh().value_or(true), false) << "the same failure is told once";

  write(R"({"a": [{"Password": "p"}]})");
  EXPECT_EQ(file.refresh().value_or(false), true);
  EXPECT_EQ(file.refresh().value_or(true), false);
  EXPECT_EQ(file.current()->find("a", "unix").size(), 1u);

  write("{");
  Result<bool> broken = file.refresh();
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message(), HasSubstr(path));
  EXPECT_EQ(file.current()->find("a", "unix").size(), 1u);

  write(R"({"b": [{"Password": "p"}]})");
  EXPECT_EQ(file.refresh().value_or(false), true);
  EXPECT_TRUE(file.current()->find("a", "unix").empty());
  EXPECT_EQ(file.current()->find("b", "unix").size(), 1u);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kintsugi::gate
