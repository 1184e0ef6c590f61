#include "base/fault_point.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace kintsugi {
namespace {

TEST(FaultPointDeathTest, EndsTheProcessOnce) {
  ::testing::FLAGS_gtest_death_test_style = "fast";  // the child finds this folder
  std::string folder = std::filesystem::temp_directory_path() / "kt_faults_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  ::setenv("KINTSUGI_FAULTS", folder.c_str(), 1);
  std::ofstream(folder + "/here") << "";
  EXPECT_EXIT(fault_point("here"), ::testing::KilledBySignal(SIGKILL), "");
  EXPECT_FALSE(std::filesystem::exists(folder + "/here"));
  fault_point("here");
  ::unsetenv("KINTSUGI_FAULTS");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kintsugi
