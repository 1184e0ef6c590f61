#include "app/error_table.h"

#include <cctype>
#include <map>
#include <set>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kintsugi::app {
namespace {

using testing::HasSubstr;

TEST(ErrorTable, NumbersAreUnique) {
  std::map<int, std::string> name;
  for (const ErrorEntry& entry : declared_errors()) {
    const auto [other, is_new] = name.emplace(entry.code->number, entry.code->name);
    EXPECT_TRUE(is_new) << "KT" << entry.code->number << " is both " << other->second << " and "
                        << entry.code->name;
  }
  EXPECT_GT(name.size(), 100u);
}

TEST(ErrorTable, AHundredOfNumbersBelongsToOneFolder) {
  std::map<int, std::string> owner;
  for (const ErrorEntry& entry : declared_errors()) {
    const int hundred = entry.code->number / 100;
    const std::string& known = owner.emplace(hundred, entry.folder).first->second;
    EXPECT_EQ(known, entry.folder) << "KT" << entry.code->number << " " << entry.code->name;
  }
}

TEST(ErrorTable, EachCodeIsFitToBeShown) {
  for (const ErrorEntry& entry : declared_errors()) {
    SCOPED_TRACE(entry.code->name);
    const std::string_view meaning = entry.meaning;
    EXPECT_TRUE(meaning.size() > 10 && meaning.ends_with('.'))
        << "a comment above an ErrorCode is what users read: a sentence, not '" << meaning << "'";
    EXPECT_EQ(std::string_view(entry.code->sqlstate).size(), 5u);
    EXPECT_GE(entry.code->number, 1000);
    EXPECT_LE(entry.code->number, 9999);
    for (const char c : std::string_view(entry.code->name)) {
      EXPECT_TRUE(std::islower(static_cast<unsigned char>(c)) || c == '_' || std::isdigit(c));
    }
    // Error::text() puts it behind the message, and others behind it.
    EXPECT_FALSE(std::string_view(entry.code->next_step).ends_with('.'));
  }
}

TEST(ErrorTable, IsSortedForThePage) {
  int last = 0;
  std::set<std::string> folders;
  std::string folder;
  for (const ErrorEntry& entry : error_table()) {
    EXPECT_LT(last, entry.code->number);
    last = entry.code->number;
    if (entry.folder == folder) continue;
    folder = entry.folder;
    EXPECT_TRUE(folders.insert(folder).second) << folder << " would have two sections on the page";
  }
}

TEST(ErrorTable, ThePageHasACodeWithAllThatIsKnownOfIt) {
  EXPECT_THAT(
      errors_page(),
      HasSubstr("| KT4030 | `second_shard` | With transaction_mode 'single', a transaction would go to "
                "a second shard. | 1105 | HY000 | transaction_mode is 'single': keep the transaction on "
                "one shard, or set transaction_mode = 'multi' |\n"));
  EXPECT_THAT(errors_page(), HasSubstr("\n## KT40xx: gate\n"));
  EXPECT_THAT(errors_page(), HasSubstr("| KT1003 | `server_error` |"));
}

}  // namespace
}  // namespace kintsugi::app
