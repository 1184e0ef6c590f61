#include "local/state.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local/arguments.h"
#include "local/errors.h"
#include "local/lock.h"
#include "local/logs.h"
#include "local/preflight.h"
#include "runtime/http_server.h"
#include "runtime/loop.h"
#include "spec/errors.h"

namespace kintsugi::local {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Folder : public testing::Test {
 protected:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kintsugi_local_XXXXXX").string();
    layout.dir = ::mkdtemp(pattern.data());
  }
  ~Folder() override { std::filesystem::remove_all(layout.dir); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(layout.dir + '/' + name) << text;
  }

  Layout layout;
};

unsigned mode_of(const std::string& path) {
  struct stat info{};
  ::stat(path.c_str(), &info);
  return info.st_mode & 0777;
}

TEST_F(Folder, StateComesBackAsItWasSaved) {
  State state;
  state.cluster = "shop";
  state.wanted = "up";
  state.spec = {"/a.yaml", "kind: \"Cluster\"\n", {{"/u.json", "{}"}}};
  state.retained_shards = {"a/-"};
  state.set_alias_book({{"a/-/zone1/replica/0", {"zone1", 101}}});
  state.ports = {{"etcd.client", 17000}};
  ASSERT_TRUE(save_state(layout, state).has_value());
  const Result<State> read = load_state(layout);
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_EQ(read->spec.text, state.spec.text);
  EXPECT_EQ(read->spec.files, state.spec.files);
  EXPECT_EQ(read->alias_book(), state.alias_book());
  EXPECT_EQ(read->ports, state.ports);
  EXPECT_EQ(mode_of(layout.state_file()), 0600u);
}

TEST_F(Folder, MissingAndDamagedStateAreToldApart) {
  EXPECT_TRUE(load_state(layout).error().is(kNotFound));
  write("state.json", "{\"cluster\": ");
  const Result<State> damaged = load_state(layout);
  ASSERT_FALSE(damaged.has_value());
  EXPECT_TRUE(damaged.error().is(kStateFolder));
  EXPECT_THAT(damaged.error().message(), HasSubstr("state.json is damaged"));
}

TEST_F(Folder, ASpecIsKeptWithTheFilesThatItNames) {
  write("c.yaml", R"(
apiVersion: kintsugi/v1
kind: Cluster
metadata: {name: shop}
spec: {cells: [{name: zone1}], gates: [{}], users: {file: u.json}}
)");
  write("u.json", R"({"user": []})");
  const Result<SpecSource> source = read_spec(layout.dir + "/c.yaml", {});
  ASSERT_TRUE(source.has_value()) << source.error().text();
  std::filesystem::remove(layout.dir + "/u.json");
  const Result<spec::Cluster> cluster = cluster_of(*source);
  ASSERT_TRUE(cluster.has_value()) << cluster.error().text();
  EXPECT_EQ(cluster->users.text, R"({"user": []})");
  EXPECT_TRUE(read_spec(layout.dir + "/c.yaml", {}).error().is(spec::kBadSpec));
}

TEST_F(Folder, ProcessesOfAnEarlierBootAreForgotten) {
  ProcessTable table;
  table.processes["etcd"] = {::getpid(), started_ticks(::getpid()), "fingerprint"};
  ASSERT_TRUE(save_processes(layout, table).has_value());
  EXPECT_EQ(load_processes(layout).processes.at("etcd").fingerprint, "fingerprint");
  EXPECT_NE(load_processes(layout).processes.at("etcd").started_ticks, 0u);
  write(
      "processes.json",
      R"({"boot_id": "another", "processes": {"etcd": {"pid": 1, "started_ticks": 1, "fingerprint": ""}}})");
  EXPECT_TRUE(load_processes(layout).processes.empty());
}

TEST_F(Folder, PasswordsAreMadeOnceAndForTheOwnerAlone) {
  ASSERT_TRUE(make_credentials(layout).has_value());
  EXPECT_EQ(mode_of(layout.credentials()), 0700u);
  std::set<std::string> passwords;
  for (const char* account : {"gate", "replication", "agent", "monitor"}) {
    const std::string path = layout.credentials() + '/' + account;
    EXPECT_EQ(mode_of(path), 0600u);
    passwords.insert(*read_file(path));
    EXPECT_EQ(read_file(path)->size(), 28u);
  }
  EXPECT_EQ(passwords.size(), 4u);
  const std::string before = *read_file(layout.credentials() + "/gate");
  ASSERT_TRUE(make_credentials(layout).has_value());
  EXPECT_EQ(*read_file(layout.credentials() + "/gate"), before);
  EXPECT_EQ(*make_default_users(layout), *make_default_users(layout));
}

TEST_F(Folder, ALockIsHeldByOneAndFreedByAnyEnd) {
  const std::string path = layout.dir + "/lock";
  const pid_t child = ::fork();
  if (child == 0) {
    const Result<std::optional<FileLock>> lock = FileLock::try_take(path);
    write("held", "");
    ::pause();
    ::_exit(lock.has_value() ? 0 : 1);
  }
  while (!std::filesystem::exists(layout.dir + "/held")) ::usleep(1000);
  EXPECT_FALSE(FileLock::try_take(path)->has_value());
  ::kill(child, SIGKILL);
  FileLock::wait_until_free(path);
  EXPECT_TRUE(FileLock::try_take(path)->has_value());
  ::waitpid(child, nullptr, 0);
}

TEST_F(Folder, ObstaclesSayWhatToDo) {
  runtime::Loop loop;
  auto body = [this]() -> Task<void> {
    runtime::HttpServer server;
    const Result<runtime::Address> address = server.start(runtime::Address::tcp("127.0.0.1", 0));
    spec::Cluster cluster;
    cluster.etcd.binary = "etcd-that-is-not-there";
    ProcessPlan gate;
    gate.name = "gate-1";
    gate.kind = ProcessKind::gate;
    gate.ports = {{"mysql", "127.0.0.1", address->port, "spec.gates[0].mysqlPort"}};
    const std::vector<std::string> obstacles = find_obstacles(layout, cluster, {gate}, {});
    EXPECT_EQ(obstacles.size(), 2u);
    EXPECT_THAT(obstacles[0], HasSubstr("apt-get install etcd-server"));
    EXPECT_THAT(obstacles[1], HasSubstr("(pid " + std::to_string(::getpid()) + ")"));
    EXPECT_THAT(obstacles[1], HasSubstr("spec.gates[0].mysqlPort"));
    EXPECT_EQ(find_obstacles(layout, cluster, {gate}, {{"gate-1"}, {address->port}}).size(), 1u);
    Layout deep{layout.dir + "/" + std::string(80, 'x')};
    EXPECT_THAT(find_obstacles(deep, cluster, {}, {})[0], HasSubstr("--dir"));
    co_await server.stop();
  };
  loop.block_on(body());
}

TEST_F(Folder, ALogThatHasGrownIsMovedAside) {
  const std::string path = layout.dir + "/x.log";
  std::ofstream writer(path, std::ios::app);
  writer << "first\nsecond\n" << std::flush;
  bound_log(path, 100);
  EXPECT_EQ(log_tail(path, 1), "  second\n");
  bound_log(path, 10);
  writer << "third\n" << std::flush;
  EXPECT_EQ(*read_file(path), "third\n");
  EXPECT_EQ(*read_file(path + ".1"), "first\nsecond\n");
}

TEST_F(Folder, IsMadeOrSaysWhyItCannotHoldACluster) {
  const auto said = [&](const std::string& dir) {
    const Result<void> made = make_state_folder({dir});
    return made ? std::string() : made.error().text();
  };
  const std::string fresh = layout.dir + "/a/b";
  EXPECT_EQ(said(fresh), "");
  EXPECT_EQ(mode_of(fresh), 0700u);
  EXPECT_EQ(said(fresh), "");
  EXPECT_THAT(said(layout.dir + "/" + std::string(80, 'x')), HasSubstr("choose a shorter one with --dir"));

  // Somebody's own folder is left as it is.
  const std::string other = layout.dir + "/other";
  std::filesystem::create_directories(other);
  ::chmod(other.c_str(), 0755);
  write("other/notes.txt", "mine");
  EXPECT_THAT(said(other), HasSubstr("holds no cluster but other things"));
  EXPECT_EQ(mode_of(other), 0755u);
  write("other/state.json", "{}");
  EXPECT_EQ(said(other), "");

  EXPECT_THAT(said(other + "/notes.txt"), HasSubstr("is no folder"));
  EXPECT_THAT(said(other + "/notes.txt/below"), HasSubstr("KT7103: cannot make the folder"));
}

TEST_F(Folder, FreePortsDifferAndAreFree) {
  const auto next = free_ports(layout, {});
  const std::uint16_t first = next();
  const std::uint16_t second = next();
  EXPECT_NE(first, 0);
  EXPECT_NE(first, second);
  EXPECT_TRUE(is_free("127.0.0.1", first));
  EXPECT_NE(free_ports(layout, {first})(), first);
}

TEST_F(Folder, AStateFolderIsFoundThoughTheSpecIsSpoilt) {
  const std::string file = layout.dir + "/c.yaml";
  const auto folder = [&] {
    const Result<Layout> found = layout_of(*parse_arguments({"down", "-f", file}));
    return found ? found->dir : found.error().message();
  };
  write("c.yaml", "metadata: {name: shop}\nspec: {cells: 7, users: {file: gone.json}}\n");
  EXPECT_EQ(folder(), layout.dir + "/.kintsugi/shop");
  write("c.yaml", "metadata: {name: No Shop}\n");
  EXPECT_THAT(folder(), HasSubstr("c.yaml:1:18: metadata.name: 'No Shop' is no name of a cluster"));
  write("c.yaml", "metadata: {name: [\n");
  EXPECT_THAT(folder(), HasSubstr("not valid YAML"));
}

TEST_F(Folder, PartsOfASpecAreJudgedWhenItIsRead) {
  write("c.yaml", R"(apiVersion: kintsugi/v1
kind: Cluster
metadata: {name: shop}
spec: {cells: [{name: zone1}], gates: [{options: {lops: 1}}]}
)");
  spec::PartChecks checks;
  checks.options = [](std::string_view, const spec::Settings& options) {
    return options.empty() ? std::vector<spec::Mistake>()
                           : std::vector<spec::Mistake>{{options.begin()->first, "no such option"}};
  };
  const Result<SpecSource> source = read_spec(layout.dir + "/c.yaml", checks);
  ASSERT_FALSE(source.has_value());
  EXPECT_THAT(source.error().message(), HasSubstr("c.yaml:4:57: spec.gates[0].options.lops: no such option"));
  // What was applied by an earlier version is still understood.
  EXPECT_TRUE(read_spec(layout.dir + "/c.yaml", {}).has_value());
}

TEST(ParseArguments, WordsFlagsAndMistakes) {
  const Result<Arguments> up = parse_arguments({"up", "-f", "c.yaml", "--dir=/x", "--allow-data-loss"});
  ASSERT_TRUE(up.has_value());
  EXPECT_EQ(up->spec_file, "c.yaml");
  EXPECT_EQ(layout_of(*up)->dir, "/x");
  EXPECT_TRUE(up->allow_data_loss);
  EXPECT_EQ(parse_arguments({"logs", "gate-1", "--dir", "/x", "-n", "5"})->lines, 5);
  const auto mistake = [](const std::vector<std::string>& words) {
    const Result<Arguments> parsed = parse_arguments(words);
    return parsed ? std::string() : parsed.error().message();
  };
  EXPECT_THAT(mistake({}), HasSubstr("which word"));
  EXPECT_THAT(mistake({"upp", "-f", "c"}), HasSubstr("there is no word 'upp'; did you mean 'up'?"));
  EXPECT_THAT(mistake({"up"}), HasSubstr("needs a spec"));
  EXPECT_THAT(mistake({"status"}), HasSubstr("which cluster"));
  EXPECT_THAT(mistake({"up", "-f"}), HasSubstr("takes a value"));
  EXPECT_THAT(mistake({"up", "-f", "c", "--fast"}), HasSubstr("there is no flag '--fast'"));
  EXPECT_THAT(mistake({"up", "-f", "c", "--foregruond=1"}), HasSubstr("did you mean '--foreground'?"));
  EXPECT_THAT(mistake({"logs", "--dir", "/x", "-n", "many"}), HasSubstr("'many'"));
}

}  // namespace
}  // namespace kintsugi::local
