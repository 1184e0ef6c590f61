#include "topo/store.h"

#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/cancel.h"
#include "runtime/event.h"
#include "runtime/http_server.h"
#include "runtime/loop.h"
#include "runtime/task_group.h"
#include "runtime/timer.h"
#include "topo/etcd_store.h"
#include "topo/memory_store.h"
#include "topo/testing/etcd_server.h"

/// What every store must do, asked of the one in memory and of a real etcd alike.
namespace kintsugi::topo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Duration kPatience = std::chrono::seconds(20);

/// The store, and the faults that can be done to it.
struct Backend {
  virtual ~Backend() = default;
  virtual Store& store() = 0;
  virtual Task<void> take_away() = 0;
  virtual Task<void> bring_back() = 0;
  virtual Task<void> compact() = 0;
};

struct MemoryBackend : Backend {
  MemoryStore memory;
  Store& store() override { return memory; }
  Task<void> take_away() override { co_return memory.set_available(false); }
  Task<void> bring_back() override { co_return memory.set_available(true); }
  Task<void> compact() override { co_return memory.compact(); }
};

struct EtcdBackend : Backend {
  std::unique_ptr<testing::EtcdServer> server;
  std::unique_ptr<EtcdStore> etcd;
  Store& store() override { return *etcd; }
  Task<void> take_away() override { co_await server->kill(); }
  Task<void> bring_back() override {
    const Result<void> started = co_await server->restart();
    EXPECT_TRUE(started) << started.error().text();
  }
  Task<void> compact() override {
    const Result<void> done = co_await server->compact();
    EXPECT_TRUE(done) << done.error().text();
  }
};

EtcdStore::Options options_for(std::vector<std::string> endpoints) {
  EtcdStore::Options options;
  options.endpoints = std::move(endpoints);
  options.root = "/kintsugi/test";
  options.call_timeout = std::chrono::seconds(2);
  options.probe_interval = std::chrono::milliseconds(100);
  return options;
}

Task<std::unique_ptr<Backend>> make_backend(std::string kind) {
  if (kind == "memory") co_return std::make_unique<MemoryBackend>();
  auto backend = std::make_unique<EtcdBackend>();
  Result<std::unique_ptr<testing::EtcdServer>> server = co_await testing::EtcdServer::start();
  if (!server) {
    ADD_FAILURE() << server.error().text();
    std::abort();
  }
  backend->server = *std::move(server);
  backend->etcd = EtcdStore::make(options_for({backend->server->endpoint()})).value();
  co_return backend;
}

/// Keeps what a watch tells, and lets a test wait for it.
class Recorder : public WatchObserver {
 public:
  std::map<std::string, std::string> values;
  int snapshots = 0;
  int losses = 0;
  bool in_touch = false;

  void on_snapshot(std::vector<Node> nodes, Revision) override {
    ++snapshots;
    in_touch = true;
    values.clear();
    for (Node& node : nodes) values[node.key] = node.value;
    changed_.set();
  }
  void on_changes(std::vector<WatchEvent> events, Revision) override {
    in_touch = true;
    for (WatchEvent& event : events) {
      if (event.removed) {
        values.erase(event.node.key);
      } else {
        values[event.node.key] = event.node.value;
      }
    }
    changed_.set();
  }
  void on_lost(const Error&) override {
    ++losses;
    in_touch = false;
    changed_.set();
  }
  Task<bool> until(std::function<bool()> condition) {
    const Time limit = Clock::now() + kPatience;
    while (!condition()) {
      changed_.reset();
      const bool more = co_await changed_.wait(limit);
      if (!more) co_return false;
    }
    co_return true;
  }

 private:
  runtime::Event changed_;
};

class StoreTest : public ::testing::TestWithParam<const char*> {
 protected:
  void run(std::function<Task<void>(Backend&)> body) {
    runtime::Loop loop;
    loop.block_on(run_on_loop(std::move(body)));
  }

 private:
  static Task<void> run_on_loop(std::function<Task<void>(Backend&)> body) {
    std::unique_ptr<Backend> backend = co_await make_backend(GetParam());
    co_await body(*backend);
  }
};

INSTANTIATE_TEST_SUITE_P(, StoreTest, ::testing::Values("memory", "etcd"),
                         [](const auto& each) { return std::string(each.param); });

Task<void> check_records(Backend& backend) {
  Store& store = backend.store();
  Result<Node> missing = co_await store.get("a/b");
  EXPECT_TRUE(missing.error().is(kNoNode));
  EXPECT_THAT(missing.error().message(), HasSubstr("a/b"));

  const Result<Revision> created = co_await store.create("a/b", "one");
  EXPECT_TRUE(created.has_value());
  Result<Node> node = co_await store.get("a/b");
  EXPECT_EQ(node.value(), (Node{"a/b", "one", *created, *created}));
  const Result<Revision> again = co_await store.create("a/b", "two");
  EXPECT_TRUE(again.error().is(kNodeExists));

  const Result<Revision> updated = co_await store.update("a/b", "two", *created);
  EXPECT_GT(updated.value(), *created);
  const Result<Revision> late = co_await store.update("a/b", "three", *created);
  EXPECT_TRUE(late.error().is(kBadVersion));
  const Result<Revision> none = co_await store.update("a/c", "x", *created);
  EXPECT_TRUE(none.error().is(kNoNode));
  node = co_await store.get("a/b");
  EXPECT_EQ(node->value, "two");
  EXPECT_EQ(node->created, *created);

  Result<void> erased = co_await store.erase("a/b", *created);
  EXPECT_TRUE(erased.error().is(kBadVersion));
  erased = co_await store.erase("a/b", *updated);
  EXPECT_TRUE(erased.has_value());
  erased = co_await store.erase("a/b", *updated);
  EXPECT_TRUE(erased.error().is(kNoNode));

  const std::string bytes("\0\xff\n\"{}", 6);
  const Result<Revision> put = co_await store.put("a/b", bytes);
  EXPECT_TRUE(put.has_value());
  node = co_await store.get("a/b");
  EXPECT_EQ(node->value, bytes);
}
TEST_P(StoreTest, Records) { run(check_records); }

Task<void> check_lists(Backend& backend) {
  Store& store = backend.store();
  for (const char* key : {"ks/b/shards/80-", "ks/a/Keyspace", "ks/a/shards/-", "ksx", "ks/b/shards/-80"}) {
    const Result<Revision> put = co_await store.put(key, "v");
    EXPECT_TRUE(put.has_value());
  }
  const Result<std::vector<Node>> nodes = co_await store.list("ks/");
  std::vector<std::string> keys;
  for (const Node& node : nodes.value()) {
    keys.push_back(node.key);
    EXPECT_EQ(node.value, "v");
    EXPECT_GT(node.revision, 0);
  }
  EXPECT_THAT(keys, ElementsAre("ks/a/Keyspace", "ks/a/shards/-", "ks/b/shards/-80", "ks/b/shards/80-"));
  const Result<std::vector<Node>> bare = co_await store.list("ks/a/", true);
  EXPECT_EQ(bare->size(), 2U);
  EXPECT_EQ(bare->at(0).value, "");
  const Result<std::vector<std::string>> children = co_await store.children("ks");
  EXPECT_THAT(*children, ElementsAre("a", "b"));
  const Result<std::vector<std::string>> shards = co_await store.children("ks/b/shards");
  EXPECT_THAT(*shards, ElementsAre("-80", "80-"));
  const Result<std::vector<std::string>> none = co_await store.children("nothing");
  EXPECT_THAT(*none, IsEmpty());
  const Result<std::vector<Node>> everything = co_await store.list("");
  EXPECT_EQ(everything->size(), 5U);
}
TEST_P(StoreTest, Lists) { run(check_lists); }

Task<void> check_transactions(Backend& backend) {
  Store& store = backend.store();
  const Result<Revision> a = co_await store.create("a", "1");
  Transaction both{{{"a", *a}, {"b", 0}}, {{"a", "2", 0}, {"b", "2", 0}}};
  Result<TransactionResult> result = co_await store.commit(both);
  EXPECT_TRUE(result->committed);
  Result<Node> node_a = co_await store.get("a");
  Result<Node> node_b = co_await store.get("b");
  EXPECT_EQ(node_a->revision, result->revision);
  EXPECT_EQ(node_b->revision, result->revision);

  result = co_await store.commit(both);
  EXPECT_FALSE(result->committed);
  EXPECT_THAT(result->current, ElementsAre(*node_a, *node_b));
  Result<Node> same = co_await store.get("a");
  EXPECT_EQ(*same, *node_a);

  Transaction swap{{{"a", node_a->revision}}, {{"a", std::nullopt, 0}, {"c", "3", 0}}};
  result = co_await store.commit(swap);
  EXPECT_TRUE(result->committed);
  node_a = co_await store.get("a");
  EXPECT_TRUE(node_a.error().is(kNoNode));
}
TEST_P(StoreTest, Transactions) { run(check_transactions); }

Task<void> count_up(Store& store, int times) {
  for (int i = 0; i < times; ++i) {
    Result<Revision> done = co_await store.edit("counter", [](const std::optional<std::string>& value) {
      return Result<std::optional<std::string>>(std::to_string(value ? std::stoi(*value) + 1 : 1));
    });
    EXPECT_TRUE(done.has_value()) << done.error().text();
  }
}

Task<void> check_edits(Backend& backend) {
  runtime::TaskGroup writers;
  for (int i = 0; i < 5; ++i) writers.spawn(count_up(backend.store(), 10));
  co_await writers.join();
  const Result<Node> node = co_await backend.store().get("counter");
  EXPECT_EQ(node->value, "50");

  Result<Revision> left = co_await backend.store().edit("counter", [](const std::optional<std::string>&) {
    return Result<std::optional<std::string>>(std::nullopt);
  });
  EXPECT_EQ(left.value(), node->revision);
  left = co_await backend.store().edit("counter", [](const std::optional<std::string>&) {
    return Result<std::optional<std::string>>(failure(kBadRecord, "no"));
  });
  EXPECT_TRUE(left.error().is(kBadRecord));
}
TEST_P(StoreTest, EditsOfManyWritersAllCount) { run(check_edits); }

Task<void> check_watch(Backend& backend) {
  Store& store = backend.store();
  Result<Revision> put = co_await store.put("w/a", "1");
  put = co_await store.put("x", "1");
  Recorder recorder;
  runtime::TaskGroup tasks;
  tasks.spawn(store.watch("w/", recorder, &tasks.cancel()));
  bool told = co_await recorder.until([&] { return recorder.snapshots == 1; });
  EXPECT_TRUE(told);
  EXPECT_EQ(recorder.values, (std::map<std::string, std::string>{{"w/a", "1"}}));

  put = co_await store.put("w/b", "2");
  put = co_await store.put("y", "2");
  put = co_await store.put("w/a", "3");
  told =
      co_await recorder.until([&] { return recorder.values["w/a"] == "3" && recorder.values["w/b"] == "2"; });
  EXPECT_TRUE(told);
  const Result<void> erased = co_await store.erase("w/a", *put);
  EXPECT_TRUE(erased.has_value());
  told = co_await recorder.until([&] { return !recorder.values.contains("w/a"); });
  EXPECT_TRUE(told);
  EXPECT_EQ(recorder.values, (std::map<std::string, std::string>{{"w/b", "2"}}));
  EXPECT_EQ(recorder.snapshots, 1);
  tasks.cancel().request();
  co_await tasks.join();
}
TEST_P(StoreTest, WatchTellsWhatIsThereAndWhatChanges) { run(check_watch); }

Task<void> check_outage(Backend& backend) {
  Store& store = backend.store();
  Result<Revision> put = co_await store.put("w/a", "1");
  Recorder recorder;
  runtime::TaskGroup tasks;
  tasks.spawn(store.watch("w/", recorder, &tasks.cancel()));
  bool told = co_await recorder.until([&] { return recorder.in_touch; });
  EXPECT_TRUE(told);

  co_await backend.take_away();
  const Result<Node> refused = co_await store.get("w/a");
  EXPECT_TRUE(refused.error().is(kStoreUnavailable)) << refused.error().text();
  EXPECT_THAT(refused.error().text(), HasSubstr("Check that etcd runs and is reachable"));
  put = co_await store.put("w/a", "2");
  EXPECT_TRUE(put.error().is(kStoreUnavailable)) << put.error().text();
  told = co_await recorder.until([&] { return recorder.losses == 1; });
  EXPECT_TRUE(told);
  EXPECT_EQ(recorder.values.at("w/a"), "1");

  co_await backend.bring_back();
  told = co_await recorder.until([&] { return recorder.in_touch; });
  EXPECT_TRUE(told);
  put = co_await store.put("w/a", "3");
  EXPECT_TRUE(put.has_value());
  told = co_await recorder.until([&] { return recorder.values["w/a"] == "3"; });
  EXPECT_TRUE(told);
  EXPECT_EQ(recorder.losses, 1);
  tasks.cancel().request();
  co_await tasks.join();
}
TEST_P(StoreTest, WatchGoesOnAfterTheStoreWasAway) { run(check_outage); }

// What is missed while the store is away and compacted is made up for by a new snapshot.
Task<void> check_compaction(Backend& backend) {
  Store& store = backend.store();
  Result<Revision> put = co_await store.put("w/a", "1");
  Recorder recorder;
  runtime::TaskGroup tasks;
  tasks.spawn(store.watch("w/", recorder, &tasks.cancel()));
  bool told = co_await recorder.until([&] { return recorder.in_touch; });
  co_await backend.take_away();
  told = co_await recorder.until([&] { return !recorder.in_touch; });
  EXPECT_TRUE(told);

  co_await backend.bring_back();
  put = co_await store.put("w/b", "2");
  EXPECT_TRUE(put.has_value());
  co_await backend.compact();
  put = co_await store.put("w/c", "3");
  told = co_await recorder.until([&] { return recorder.values.contains("w/c"); });
  EXPECT_TRUE(told);
  EXPECT_EQ(recorder.values.size(), 3U);
  tasks.cancel().request();
  co_await tasks.join();
}
TEST_P(StoreTest, WatchGoesOnAfterCompaction) { run(check_compaction); }

Task<void> check_leases(Backend& backend) {
  Store& store = backend.store();
  const Result<LeaseId> ends = co_await store.grant_lease(std::chrono::seconds(1));
  const Result<LeaseId> revoked = co_await store.grant_lease(std::chrono::seconds(60));
  const Result<LeaseId> stays = co_await store.grant_lease(std::chrono::seconds(60));
  Result<Revision> put = co_await store.create("l/ends", "1", *ends);
  put = co_await store.create("l/revoked", "1", *revoked);
  put = co_await store.create("l/stays", "1", *stays);
  EXPECT_TRUE(put.has_value());
  Recorder recorder;
  runtime::TaskGroup tasks;
  tasks.spawn(store.watch("l/", recorder, &tasks.cancel()));
  bool told = co_await recorder.until([&] { return recorder.values.size() == 3; });
  EXPECT_TRUE(told);

  Result<void> done = co_await store.revoke_lease(*revoked);
  EXPECT_TRUE(done.has_value());
  told = co_await recorder.until([&] { return !recorder.values.contains("l/revoked"); });
  EXPECT_TRUE(told);
  told = co_await recorder.until([&] { return recorder.values.size() == 1; });
  EXPECT_TRUE(told) << "a lease that nobody keeps alive ends by itself";

  done = co_await store.keep_alive(*stays);
  EXPECT_TRUE(done.has_value());
  done = co_await store.keep_alive(*ends);
  EXPECT_TRUE(done.error().is(kLeaseLost));
  done = co_await store.revoke_lease(*ends);
  EXPECT_TRUE(done.has_value());
  put = co_await store.put("l/late", "1", *ends);
  EXPECT_TRUE(put.error().is(kLeaseLost)) << put.error().text();
  EXPECT_TRUE(recorder.values.contains("l/stays"));
  tasks.cancel().request();
  co_await tasks.join();
}
TEST_P(StoreTest, LeasesTakeTheirKeysAlong) { run(check_leases); }

template <class Body>
void on_loop(Body body) {
  runtime::Loop loop;
  loop.block_on(body());
}

Task<void> check_slow() {
  Result<std::unique_ptr<testing::EtcdServer>> server = co_await testing::EtcdServer::start();
  EtcdStore::Options options = options_for({(*server)->endpoint()});
  options.call_timeout = std::chrono::milliseconds(300);
  const auto store = EtcdStore::make(options).value();
  Result<Revision> put = co_await store->put("w/a", "1");
  Recorder recorder;
  runtime::TaskGroup tasks;
  tasks.spawn(store->watch("w/", recorder, &tasks.cancel()));
  bool told = co_await recorder.until([&] { return recorder.in_touch; });

  (*server)->pause();
  const Result<Node> slow = co_await store->get("w/a");
  EXPECT_TRUE(slow.error().is(kTimeout)) << slow.error().text();
  EXPECT_THAT(slow.error().text(), HasSubstr("etcd did not answer within 0.3 s"));
  EXPECT_THAT(slow.error().text(), HasSubstr("check its disk and its leader"));
  put = co_await store->put("w/a", "2");
  EXPECT_THAT(put.error().message(), HasSubstr("the write may have been carried out"));
  told = co_await recorder.until([&] { return recorder.losses == 1; });
  EXPECT_TRUE(told) << "a watch must notice that its server hangs";

  (*server)->resume();
  told = co_await recorder.until([&] { return recorder.in_touch; });
  EXPECT_TRUE(told);
  tasks.cancel().request();
  co_await tasks.join();
}
TEST(EtcdStore, SaysThatEtcdIsSlow) { on_loop(check_slow); }

Task<void> check_fail_over() {
  Result<std::unique_ptr<testing::EtcdServer>> server = co_await testing::EtcdServer::start();
  const auto store = EtcdStore::make(options_for({"http://127.0.0.1:1", (*server)->endpoint()})).value();
  const Result<Revision> put = co_await store->put("a", "1");
  EXPECT_TRUE(put.has_value()) << put.error().text();
  const Result<Node> node = co_await store->get("a");
  EXPECT_EQ(node->value, "1");
  Recorder recorder;
  runtime::TaskGroup tasks;
  tasks.spawn(store->watch("", recorder, &tasks.cancel()));
  const bool told = co_await recorder.until([&] { return recorder.values.size() == 1; });
  EXPECT_TRUE(told);
  tasks.cancel().request();
  co_await tasks.join();
}
TEST(EtcdStore, GoesToAnotherEndpoint) { on_loop(check_fail_over); }

/// Answers as etcd would in states that a real one cannot be brought into on demand.
class FakeEtcd {
 public:
  std::vector<std::string> ranges;   // answers, the last one for ever
  std::vector<std::string> watches;  // what a stream tells before it ends

  Task<void> check(std::function<bool(const Recorder&)> condition, Recorder& recorder) {
    serve("/v3/kv/range", ranges);
    serve("/v3/watch", watches);
    const runtime::Address address = server_.start(runtime::Address::tcp("127.0.0.1", 0)).value();
    const auto store = EtcdStore::make(options_for({address.text()})).value();
    runtime::TaskGroup tasks;
    tasks.spawn(store->watch("w/", recorder, &tasks.cancel()));
    const bool told = co_await recorder.until([&] { return condition(recorder); });
    EXPECT_TRUE(told);
    tasks.cancel().request();
    co_await tasks.join();
    co_await server_.stop();
  }

 private:
  void serve(std::string path, std::vector<std::string>& answers) {
    server_.route("POST", std::move(path), [&answers](runtime::HttpRequest) -> Task<runtime::HttpResponse> {
      const std::string answer = answers.front();
      if (answers.size() > 1) answers.erase(answers.begin());
      co_return runtime::HttpResponse::json(200, answer);
    });
  }
  runtime::HttpServer server_;
};

// The key is /kintsugi/test/w/a.
std::string range_answer(int revision, const char* value_base64) {
  return fmt::format(
      R"({{"header": {{"revision": "{}"}}, "kvs": [{{"key": "L2tpbnRzdWdpL3Rlc3Qvdy9h", "value": "{}",
                         "mod_revision": "1", "create_revision": "1"}}], "count": "1"}})",
      revision, value_base64);
}
constexpr const char* kCreated = "{\"result\": {\"header\": {\"revision\": \"5\"}, \"created\": true}}\n";

Task<void> check_compacted() {
  FakeEtcd etcd;
  Recorder recorder;
  etcd.ranges = {range_answer(5, "MQ=="), range_answer(9, "Mg==")};
  etcd.watches = {"{\"result\": {\"canceled\": true, \"compact_revision\": \"8\"}}\n", kCreated};
  co_await etcd.check([](const Recorder& r) { return r.snapshots == 2; }, recorder);
  EXPECT_EQ(recorder.values.at("w/a"), "2");
  EXPECT_EQ(recorder.losses, 0);
}
TEST(EtcdStore, TellsAllAnewWhenTheChangesAreForgotten) { on_loop(check_compacted); }

Task<void> check_garbage() {
  for (const char* garbage :
       {"garbage\n", "{}\n", "{\"result\": {\"events\": [{\"kv\": {\"key\": \"*\"}}]}}\n",
        "{\"result\": {\"events\": [7]}}\n", "{\"result\": {\"canceled\": true}}\n"}) {
    FakeEtcd etcd;
    Recorder recorder;
    etcd.ranges = {range_answer(5, "MQ==")};
    etcd.watches = {garbage, kCreated};
    co_await etcd.check([](const Recorder& r) { return r.losses == 1 && r.in_touch; }, recorder);
    EXPECT_EQ(recorder.values.size(), 1U) << garbage;
  }
}
TEST(EtcdStore, SurvivesWhatItDoesNotUnderstand) { on_loop(check_garbage); }

TEST(EtcdStore, RefusesWrongEndpoints) {
  for (const char* url : {"", "ftp://127.0.0.1:1", "http://", "http://host:port"}) {
    EXPECT_FALSE(EtcdStore::make(options_for({url}))) << url;
  }
  EXPECT_FALSE(EtcdStore::make(options_for({})));
  EXPECT_THAT(EtcdStore::make(options_for({"https://a:1"})).error().message(), HasSubstr("no TLS is set up"));
}

}  // namespace
}  // namespace kintsugi::topo
