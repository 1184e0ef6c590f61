#include "tablet/mysqld.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/loop.h"
#include "runtime/stream.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "tablet/detail/files.h"
#include "tablet/detail/processes.h"
#include "tablet/errors.h"
#include "tablet/testing/temp_folder.h"
#include "tablet/testing/test_server.h"

namespace kintsugi::tablet {
namespace {

#define CO_ASSERT(result)                     \
  if (!(result)) {                            \
    ADD_FAILURE() << (result).error().text(); \
    co_return;                                \
  }

using testing::HasSubstr;

constexpr Duration kPatience = 60s;

/// A folder with a server in it, which is killed at the end whatever the test did.
class ServerTest : public testing::Test {
 protected:
  void TearDown() override {
    if (const auto pid = find_server(TabletFiles(folder_.path()).my_cnf)) ::kill(*pid, SIGKILL);
  }

  Task<Result<DataDir>> open() {
    Result<DataDir> dir = DataDir::open(folder_.path(), "");
    if (!dir) co_return failure(dir.error());
    Result<Identity> identity = co_await dir->prepare(server_.words(), request(), nullptr);
    if (!identity) co_return failure(identity.error());
    identity_ = *identity;
    co_return std::move(*dir);
  }
  DataDirRequest request() const {
    return {{"zone1", 101}, {"customer", "-80"}, server_.program, server_.os_user, {}};
  }

  Mysqld::Config config(const DataDir& dir, std::vector<UserSetting> user = {}) {
    ServerParameters p;
    p.server_id = identity_->server_id;
    p.mysql_data_dir = dir.files().data;
    p.tmp_dir = dir.files().tmp;
    p.socket = dir.files().socket;
    p.pid_file = dir.files().pid_file;
    p.error_log = dir.files().error_log;
    p.port = port_;
    p.bind_address = "127.0.0.1";
    p.run_as_root = ::geteuid() == 0;
    p.small_memory = true;
    Mysqld::Config config;
    config.name = "zone1-101";
    config.program = server_.program;
    config.files = dir.files();
    config.port = port_;
    config.my_cnf = render_my_cnf("zone1-101", server_.words().settings(p), user);
    return config;
  }

  /// Runs `mysqld` until `condition` holds.
  static Task<void> until(Mysqld& mysqld, std::function<bool()> condition) {
    runtime::TaskGroup tasks;
    runtime::Event changed;
    tasks.spawn(mysqld.run(tasks.cancel(), changed));
    const Time deadline = Clock::now() + kPatience;
    while (!condition() && Clock::now() < deadline) {
      changed.reset();
      co_await changed.wait(std::min(deadline, Clock::now() + 1s));
    }
    EXPECT_TRUE(condition());
    tasks.cancel().request();
    co_await tasks.join();
  }

  TestServer server_;
  TempFolder folder_;
  runtime::Loop loop_;
  std::uint16_t port_ = free_port();
  std::optional<Identity> identity_;
};

TEST_F(ServerTest, LivesOnWithoutItsAgentAndComesBackAfterKill) {
  auto body = [this]() -> Task<void> {
    Result<DataDir> dir = co_await open();
    CO_ASSERT(dir);
    pid_t first = 0;
    {
      Mysqld mysqld(config(*dir));
      co_await until(mysqld, [&] { return mysqld.running(); });
      first = mysqld.pid();
      EXPECT_FALSE(mysqld.adopted());
    }
    EXPECT_EQ(find_server(dir->files().my_cnf), first);
    Mysqld mysqld(config(*dir));
    bool killed = false;
    co_await until(mysqld, [&] {
      if (mysqld.running() && !std::exchange(killed, true)) {
        EXPECT_TRUE(mysqld.adopted());
        EXPECT_EQ(mysqld.pid(), first);
        ::kill(first, SIGKILL);
      }
      return mysqld.running() && mysqld.restarts() == 1 && mysqld.pid() != first;
    });
    EXPECT_FALSE(mysqld.adopted());
    co_await mysqld.stop(false);
    EXPECT_EQ(find_server(dir->files().my_cnf), std::nullopt);
    EXPECT_FALSE(mysqld.running());
  };
  loop_.block_on(body());
}

TEST_F(ServerTest, ChangedSettingsRestartIt) {
  auto body = [this]() -> Task<void> {
    Result<DataDir> dir = co_await open();
    CO_ASSERT(dir);
    pid_t first = 0;
    {
      Mysqld mysqld(config(*dir));
      co_await until(mysqld, [&] { return mysqld.running(); });
      first = mysqld.pid();
    }
    Mysqld mysqld(config(*dir, {{"max_connections", "77"}}));
    co_await until(mysqld, [&] { return mysqld.running(); });
    EXPECT_NE(mysqld.pid(), first);
    EXPECT_FALSE(mysqld.adopted());
    EXPECT_THAT(read_file(dir->files().my_cnf).value(), HasSubstr("\nmax_connections = 77\n"));
    co_await mysqld.stop(true);
  };
  loop_.block_on(body());
}

TEST_F(ServerTest, SaysWhyItDoesNotStart) {
  auto body = [this]() -> Task<void> {
    Result<DataDir> dir = co_await open();
    CO_ASSERT(dir);
    {
      Mysqld mysqld(config(*dir, {{"no_such_setting", "1"}}));
      co_await until(mysqld, [&] { return mysqld.error().has_value(); });
      EXPECT_THAT(mysqld.error()->message(), HasSubstr("unknown variable 'no_such_setting=1'"));
    }
    Result<runtime::Listener> taken = runtime::Listener::listen(runtime::Address::tcp("127.0.0.1", port_));
    Mysqld mysqld(config(*dir));
    co_await until(mysqld, [&] { return mysqld.error().has_value(); });
    EXPECT_TRUE(mysqld.error()->is(kPortTaken)) << mysqld.error()->text();
    EXPECT_EQ(mysqld.restarts(), 0u);
  };
  loop_.block_on(body());
}

TEST_F(ServerTest, FolderIsTakenOnlyWhereItIsOurs) {
  auto body = [this]() -> Task<void> {
    Result<DataDir> dir = co_await open();
    CO_ASSERT(dir);
    const Result<Identity> again = co_await dir->prepare(server_.words(), request(), nullptr);
    EXPECT_EQ(again->owner, identity_->owner);
    EXPECT_EQ(again->server_id, identity_->server_id);

    const Result<DataDir> second = DataDir::open(folder_.path(), "");
    EXPECT_THAT(second.error().message(), HasSubstr("another agent works in"));

    DataDirRequest other = request();
    other.alias.uid = 102;
    const Result<Identity> of_other = co_await dir->prepare(server_.words(), other, nullptr);
    EXPECT_THAT(of_other.error().message(), HasSubstr("is of tablet zone1-101, not of zone1-102"));
    const Flavour& other_flavour = *find_flavour(server_.is_mariadb() ? "mysql" : "mariadb").value();
    const Result<Identity> of_another = co_await dir->prepare(other_flavour, request(), nullptr);
    EXPECT_TRUE(of_another.error().is(kDataDirUnusable));

    EXPECT_TRUE(write_file(dir->files().identity, "{\"alias\": 7", 0640));
    const Result<Identity> broken = co_await dir->prepare(server_.words(), request(), nullptr);
    EXPECT_THAT(broken.error().message(), HasSubstr("cannot be read"));
    ::unlink(dir->files().identity.c_str());
    const Result<Identity> foreign = co_await dir->prepare(server_.words(), request(), nullptr);
    EXPECT_THAT(foreign.error().message(), HasSubstr("Kintsugi has not made this data"));
  };
  loop_.block_on(body());
}

TEST_F(ServerTest, FolderThatCannotHoldATabletIsNamedWithTheReason) {
  const auto refused = [](const std::string& folder) {
    const Result<DataDir> dir = DataDir::open(folder, "");
    return dir ? "it was taken" : dir.error().message();
  };
  EXPECT_THAT(refused(folder_ / std::string(120, 'x')), HasSubstr("too long"));
  EXPECT_THAT(refused(folder_ / "a#b"), HasSubstr("cannot hold"));
  EXPECT_THAT(refused(""), HasSubstr("--dir"));
  EXPECT_TRUE(write_file(folder_ / "file", "", 0600));
  EXPECT_THAT(refused(folder_ / "file"), HasSubstr("is no folder"));
  EXPECT_THAT(refused(folder_ / "file/below"), HasSubstr("Not a directory"));
  // Where nobody can make a folder, not even root.
  EXPECT_THAT(refused("/proc/kintsugi"), HasSubstr("/proc/kintsugi: No such file"));
  if (::geteuid() != 0) {
    EXPECT_THAT(refused("/"), HasSubstr("belongs to user number 0"));
    return;
  }
  EXPECT_TRUE(make_folder(folder_ / "anothers", 0700));
  EXPECT_EQ(::chown((folder_ / "anothers").c_str(), 1, 1), 0);
  EXPECT_THAT(refused(folder_ / "anothers"), HasSubstr("belongs to user number 1"));
}

// Each state in which a kill -9 can leave the folder, from the first to the last.
TEST_F(ServerTest, OnlyAWholeDataDirectoryIsTakenForOne) {
  auto body = [this]() -> Task<void> {
    const TabletFiles files(folder_.path());
    EXPECT_TRUE(make_folder(files.data_unfinished, 0700));
    EXPECT_TRUE(write_file(files.data_unfinished + "/ibdata1", "half", 0600));
    EXPECT_TRUE(write_file(files.identity + ".new", "{\"ali", 0640));
    {
      const Result<DataDir> dir = co_await open();
      CO_ASSERT(dir);
      EXPECT_FALSE(path_exists(files.data_unfinished));
      EXPECT_TRUE(path_exists(files.data + "/mysql"));
      EXPECT_GT(file_size(files.data + "/ibdata1"), 1000u);
    }
    const std::string first = identity_->owner;
    // Before the rename: all is there, and is made anew under another identity.
    EXPECT_TRUE(rename_folder(files.data, files.data_unfinished));
    {
      const Result<DataDir> dir = co_await open();
      CO_ASSERT(dir);
      EXPECT_FALSE(path_exists(files.data_unfinished));
      EXPECT_NE(identity_->owner, first);
    }
    const std::string second = identity_->owner;
    const Result<DataDir> dir = co_await open();
    CO_ASSERT(dir);
    EXPECT_EQ(identity_->owner, second);
    Mysqld mysqld(config(*dir));
    co_await until(mysqld, [&] { return mysqld.running(); });
    co_await mysqld.stop(false);
  };
  loop_.block_on(body());
}

TEST_F(ServerTest, WhoStillWorksInAnUnfinishedDataDirectoryIsEnded) {
  auto body = [this]() -> Task<void> {
    const TabletFiles files(folder_.path());
    runtime::ProcessSpec spec;
    // As the children of the script that makes it: it outlives whoever started it.
    spec.command = {"sh", "-c", "kill -STOP $$", "sh", "--datadir=" + files.data_unfinished};
    Result<runtime::Process> left_over = runtime::Process::start(std::move(spec));
    CO_ASSERT(left_over);
    const Time deadline = Clock::now() + kPatience;
    while (processes_with_argument("--datadir=" + files.data_unfinished).empty() && Clock::now() < deadline) {
      co_await runtime::sleep_for(5ms);
    }
    const Result<DataDir> dir = co_await open();
    CO_ASSERT(dir);
    const bool ended = co_await left_over->wait_until(Clock::now() + kPatience);
    EXPECT_TRUE(ended);
    if (!ended) co_return;
    const runtime::ExitStatus status = co_await left_over->wait();
    EXPECT_EQ(status.signal, SIGKILL);
  };
  loop_.block_on(body());
}

TEST_F(ServerTest, NothingOfATabletIsForOtherUsers) {
  const auto mode_of = [](const std::filesystem::path& path) {
    struct stat status{};
    ::lstat(path.c_str(), &status);
    return status.st_mode;
  };
  EXPECT_TRUE(DataDir::open(folder_ / "new", ""));
  EXPECT_EQ(mode_of(folder_ / "new") & 0777, 0750u);
  auto body = [&]() -> Task<void> {
    Result<DataDir> dir = co_await open();
    CO_ASSERT(dir);
    Mysqld mysqld(config(*dir));
    co_await until(mysqld, [&] { return mysqld.running(); });
    EXPECT_EQ(mode_of(dir->files().data) & 0777, 0700u);
    for (const auto& entry : std::filesystem::directory_iterator(dir->files().root)) {
      if (S_ISSOCK(mode_of(entry.path()))) continue;  // the folder around it is closed
      EXPECT_EQ(mode_of(entry.path()) & 0007, 0u) << entry.path();
    }
    co_await mysqld.stop(true);
  };
  loop_.block_on(body());
}

TEST_F(ServerTest, AFailedInitialisationTellsWhatTheProgramSaid) {
  auto body = [this]() -> Task<void> {
    Result<DataDir> dir = DataDir::open(folder_.path(), "");
    CO_ASSERT(dir);
    const std::vector<UserSetting> bad = {{"innodb_data_file_path", "nonsense"}};
    DataDirRequest wrong = request();
    wrong.user_settings = bad;
    const Result<Identity> identity = co_await dir->prepare(server_.words(), wrong, nullptr);
    EXPECT_TRUE(identity.error().is(kInitialiseFailed));
    EXPECT_THAT(identity.error().message(), HasSubstr(" ended with exit code"));
    EXPECT_THAT(identity.error().message(), HasSubstr("ERROR"));
    EXPECT_FALSE(path_exists(dir->files().data));
  };
  loop_.block_on(body());
}

}  // namespace
}  // namespace kintsugi::tablet
