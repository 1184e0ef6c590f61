#include "base/fault_point.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace kintsugi {
namespace {

TEST(FaultPointDeathTest, EndsOrStopsTheProcessOnce) {
  ::testing::FLAGS_gtest_death_test_style = "fast";  // the child finds this folder
  std::string folder = std::filesystem::temp_directory_path() / "kt_faults_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  ::setenv("KINTSUGI_FAULTS", folder.c_str(), 1);
  std::ofstream(folder + "/here") << "";
  EXPECT_EXIT(fault_point("here"), ::testing::KilledBySignal(SIGKILL), "");
  EXPECT_FALSE(std::filesystem::exists(folder + "/here"));
  fault_point("here");
  std::ofstream(folder + "/here.stop") << "";
  const pid_t child = ::fork();
  if (child == 0) {
    fault_point("here");
    ::_exit(7);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, WUNTRACED), child);
  EXPECT_TRUE(WIFSTOPPED(status)) << status;
  EXPECT_FALSE(std::filesystem::exists(folder + "/here.stop"));
  ::kill(child, SIGCONT);
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << status;
  ::unsetenv("KINTSUGI_FAULTS");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kintsugi
