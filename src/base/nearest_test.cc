#include "base/nearest.h"

#include <gtest/gtest.h>

namespace kintsugi {
namespace {

TEST(Nearest, AFewLettersApartWhateverTheirCase) {
  const std::vector<std::string_view> words{"list", "show", "idle_timeout"};
  EXPECT_EQ(nearest("lst", words), "list");
  EXPECT_EQ(nearest("SHOW", words), "show");
  EXPECT_EQ(nearest("tabel", {"tablet"}), "tablet");
  EXPECT_EQ(nearest("idletimout", words), "idle_timeout");
  EXPECT_EQ(nearest("shwo", words), "");  // two letters of four are another word
  EXPECT_EQ(nearest("telephone", words), "");
  EXPECT_EQ(nearest("", words), "");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Nearest, TheNearestOfSeveral) {
  EXPECT_EQ(nearest("mysql_pot", {"mysql_host", "mysql_port"}), "mysql_port");
}

}  // namespace
}  // namespace kintsugi
