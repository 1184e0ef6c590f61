#include "tablet/mysqld.h"

#include <signal.h>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/loop.h"
#include "runtime/stream.h"
#include "runtime/task_group.h"
#include "tablet/detail/files.h"
#include "tablet/errors.h"
#include "tablet/testing/temp_folder.h"

namespace kintsugi::tablet {
namespace {

#define CO_ASSERT(result)                     \
  if (!(result)) {                            \
    ADD_FAILURE() << (result).error().text(); \
    co_return;                                \
  }

using testing::HasSubstr;

constexpr Duration kPatience = 60s;

TEST(ExplainStartFailure, NamesTheCauseAndQuotesTheErrors) {
  const Error port = explain_start_failure(
      "2026-11-22 [Note] Starting\n"
      "2026-11-22 [ERROR] Can't start server: Bind on TCP/IP port. Got error: 98: Address already in use\n"
      "2026-11-22 [ERROR] Aborting\n",
      "exit code 1", 3306);
  EXPECT_TRUE(port.is(kPortTaken));
  EXPECT_THAT(port.message(), HasSubstr("port 3306"));
  EXPECT_THAT(port.message(), HasSubstr("Bind on TCP/IP port"));
  EXPECT_THAT(port.message(), testing::Not(HasSubstr("[Note]")));

  const Error unknown = explain_start_failure("[ERROR] mariadbd: unknown variable 'x=1'\n", "exit code 7", 1);
  EXPECT_TRUE(unknown.is(kMysqldNotStarted));
  EXPECT_THAT(unknown.message(), HasSubstr("Take the setting out"));
  EXPECT_THAT(explain_start_failure("[ERROR] InnoDB: OS error: 28\n", "", 1).message(),
              HasSubstr("make room"));
  EXPECT_THAT(explain_start_failure("no marked line", "signal 9 (Killed)", 1).message(),
              testing::AllOf(HasSubstr("signal 9"), HasSubstr("no marked line")));
}

/// A folder with a server in it, which is killed at the end whatever the test did.
class ServerTest : public testing::Test {
 protected:
  void TearDown() override {
    if (const auto pid = find_server(TabletFiles(folder_.path()).my_cnf)) ::kill(*pid, SIGKILL);
  }

  Task<Result<DataDir>> open() {
    Result<DataDir> dir = DataDir::open(folder_.path(), "");
    if (!dir) co_return failure(dir.error());
    const Flavour& flavour = *find_flavour("mariadb").value();
    Result<Identity> identity = co_await dir->prepare(flavour, request(), nullptr);
    if (!identity) co_return failure(identity.error());
    identity_ = *identity;
    co_return std::move(*dir);
  }
  static DataDirRequest request() { return {{"zone1", 101}, {"customer", "-80"}, "mariadbd", "root", {}}; }

  Mysqld::Config config(const DataDir& dir, std::vector<UserSetting> user = {}) {
    const Flavour& flavour = *find_flavour("mariadb").value();
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
    config.program = "mariadbd";
    config.files = dir.files();
    config.port = port_;
    config.my_cnf = render_my_cnf("zone1-101", flavour.settings(p), user);
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

  TempFolder folder_;
  runtime::Loop loop_;
  std::uint16_t port_ = free_port();
  std::optional<Identity> identity_;
};

TEST_F(ServerTest, LivesOnWithoutItsAgentAndComesBackAfterKill) {
  auto body = [this]() -> Task<void> {
    Result<DataDir> dir = co_await open();
    CO_ASSERT(dir);
    struct stat status{};
    ::stat(dir->files().data.c_str(), &status);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
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
    const Flavour& flavour = *find_flavour("mariadb").value();
    const Result<Identity> again = co_await dir->prepare(flavour, request(), nullptr);
    EXPECT_EQ(again->owner, identity_->owner);
    EXPECT_EQ(again->server_id, identity_->server_id);

    const Result<DataDir> second = DataDir::open(folder_.path(), "");
    EXPECT_THAT(second.error().message(), HasSubstr("another agent works in"));

    DataDirRequest other = request();
    other.alias.uid = 102;
    const Result<Identity> of_other = co_await dir->prepare(flavour, other, nullptr);
    EXPECT_THAT(of_other.error().message(), HasSubstr("is of tablet zone1-101, not of zone1-102"));
    const Result<Identity> of_mysql =
        co_await dir->prepare(*find_flavour("mysql").value(), request(), nullptr);
    EXPECT_TRUE(of_mysql.error().is(kDataDirUnusable));

    EXPECT_TRUE(write_file(dir->files().identity, "{\"alias\": 7", 0640));
    const Result<Identity> broken = co_await dir->prepare(flavour, request(), nullptr);
    EXPECT_THAT(broken.error().message(), HasSubstr("cannot be read"));
    ::unlink(dir->files().identity.c_str());
    const Result<Identity> foreign = co_await dir->prepare(flavour, request(), nullptr);
    EXPECT_THAT(foreign.error().message(), HasSubstr("Kintsugi has not made this data"));
  };
  loop_.block_on(body());
  EXPECT_THAT(DataDir::open(folder_ / std::string(120, 'x'), "").error().message(), HasSubstr("too long"));
  EXPECT_THAT(DataDir::open(folder_ / "a#b", "").error().message(), HasSubstr("cannot hold"));
}

TEST_F(ServerTest, AnUnfinishedDataDirectoryIsMadeAgain) {
  auto body = [this]() -> Task<void> {
    const TabletFiles files(folder_.path());
    EXPECT_TRUE(make_folder(files.data_unfinished, 0700));
    EXPECT_TRUE(write_file(files.data_unfinished + "/ibdata1", "half", 0600));
    const Result<DataDir> dir = co_await open();
    CO_ASSERT(dir);
    EXPECT_FALSE(path_exists(files.data_unfinished));
    EXPECT_TRUE(path_exists(files.data + "/mysql"));
    EXPECT_GT(file_size(files.data + "/ibdata1"), 1000u);
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
    const Result<Identity> identity = co_await dir->prepare(*find_flavour("mariadb").value(), wrong, nullptr);
    EXPECT_TRUE(identity.error().is(kInitialiseFailed));
    EXPECT_THAT(identity.error().message(), HasSubstr("mariadb-install-db ended with exit code"));
    EXPECT_FALSE(path_exists(dir->files().data));
  };
  loop_.block_on(body());
}

}  // namespace
}  // namespace kintsugi::tablet
