#include "app/common_options.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/role.h"
#include "base/log.h"
#include "base/options.h"
#include "base/testing/source_dir.h"

namespace kintsugi::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Configured {
  Configured() { declare(table, options); }
  OptionTable table{"gate"};
  CommonOptions options;

  std::string read(const std::vector<std::string>& flags, std::vector<const char*> environment = {}) {
    environment.push_back(nullptr);
    const Result<void> done = read_configuration(table, flags, environment.data());
    return done ? "" : done.error().message();
  }
};

class ConfigFile : public testing::Test {
 protected:
  ~ConfigFile() override { std::filesystem::remove(path); }
  void write(const std::string& text) const { std::ofstream(path) << text; }
  std::string path = testing::TempDir() + "/kintsugi_config_" + std::to_string(::getpid()) + ".yaml";
};

TEST_F(ConfigFile, TheEnvironmentWinsOverTheFileAndFlagsOverBoth) {
  write("cluster: from_file\nhttp_port: 1\nlog_level: [info, gate=debug]\n");
  Configured configured;
  EXPECT_EQ(configured.read({"--config=" + path, "--http-port=3"},
                            {"KINTSUGI_HTTP_PORT=2", "KINTSUGI_CLUSTER=from_env"}),
            "");
  EXPECT_EQ(configured.options.cluster, "from_env");
  EXPECT_EQ(configured.options.http_port, 3);
  EXPECT_THAT(configured.options.log_level, ElementsAre("info", "gate=debug"));
}

TEST_F(ConfigFile, CanBeNamedByTheEnvironment) {
  write("cluster: from_file\n");
  Configured configured;
  const std::string variable = "KINTSUGI_CONFIG=" + path;
  EXPECT_EQ(configured.read({}, {variable.c_str()}), "");
  EXPECT_EQ(configured.options.cluster, "from_file");
}

TEST_F(ConfigFile, MistakesNameFileAndOption) {
  Configured configured;
  EXPECT_THAT(configured.read({"--config", "/nowhere/x.yaml"}), HasSubstr("/nowhere/x.yaml: No such file"));
  write("clutser: a\n");
  EXPECT_THAT(configured.read({"--config", path}), HasSubstr("clutser"));
  write("cluster: [a\n");
  EXPECT_THAT(configured.read({"--config", path}), HasSubstr(path + ":2: not valid YAML"));
  write("cluster: {a: b}\n");
  EXPECT_THAT(configured.read({"--config", path}), HasSubstr(path + ":1: 'cluster' has no value"));
  EXPECT_THAT(configured.read({"--log-level=gate=loud"}), HasSubstr("loud"));
}

TEST(LogOptions, TheLevelOfAllComesFirstWhateverTheOrder) {
  const Logger quiet("app_test_quiet");
  const Logger loud("app_test_loud");
  CommonOptions options;
  options.log_level = {"app_test_loud=debug", "error"};
  apply_log_options(options);
  EXPECT_TRUE(loud.enabled(LogLevel::debug));
  EXPECT_FALSE(quiet.enabled(LogLevel::warning));
  log_settings::set_level("*", LogLevel::info);
}

}  // namespace
}  // namespace kintsugi::app
