#include "gate/testing/gate_fixture.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <stdexcept>

#include "topo/global_transaction.h"

namespace kintsugi::gate::testing {
namespace {

constexpr const char* kCustomerVSchema =
    R"({"sharded": true, "vindexes": {"hash": {"type": "hash"}}, "tables": {
  "customer": {"column_vindexes": [{"column": "customer_id", "name": "hash"}]},
  "country": {"type": "reference"},
  "corder": {"column_vindexes": [{"column": "customer_id", "name": "hash"}]}}})";

void must(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().text());
}

vschema::Shard shard(const std::string& keyspace, const std::string& name, const std::string& alias,
                     const wire::testing::MariadbServer& server) {
  vschema::Shard made;
  made.keyspace = keyspace;
  made.name = name;
  made.range = *topo::KeyRange::parse(name);
  vschema::Tablet primary;
  primary.alias = alias;
  primary.keyspace = keyspace;
  primary.shard = name;
  primary.type = topo::TabletType::primary;
  primary.host = "127.0.0.1";
  primary.mysql_port = server.tcp().port;
  primary.mysql_socket = server.socket().path;
  made.primary = primary;
  return made;
}

}  // namespace

GateFixture::GateFixture(Options options) : options_(std::move(options)) {
  folder_ = std::filesystem::temp_directory_path() / ("kt_gate_" + std::to_string(::getpid()) + "_XXXXXX");
  if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  const std::size_t count = options_.sharded ? 3 : 1;
  vschema::SnapshotSource source;
  for (std::size_t i = 0; i < count; ++i) {
    servers_.push_back(wire::testing::MariadbServer::start({options_.server_settings}));
    const std::string database = i == 0 ? "commerce" : "customer";
    on_server(i, "CREATE DATABASE " + database);
    on_server(i, "CREATE USER kintsugi_gate@'%' IDENTIFIED BY 'gatepw'");
    on_server(i, "GRANT ALL ON " + database + ".* TO kintsugi_gate@'%'");
    on_server(i, "CREATE DATABASE _kintsugi");
    for (const std::string_view each : {topo::kDecisionTable, topo::kFloorTable, topo::kFloorRow})
      on_server(i, std::string(each));
    on_server(i, "GRANT SELECT, INSERT, DELETE ON _kintsugi.* TO kintsugi_gate@'%'");
  }
  source.keyspaces["commerce"].partitions[topo::TabletType::primary] = {
      shard("commerce", "-", "zone1-100", server(0))};
  if (options_.sharded) {
    auto& customer = source.keyspaces["customer"];
    customer.vschema = *vschema::parse_vschema(kCustomerVSchema);
    customer.partitions[topo::TabletType::primary] = {shard("customer", "-80", "zone1-200", server(1)),
                                                      shard("customer", "80-", "zone1-300", server(2))};
  }
  source.version = 1;

  GateOptions gate = options_.gate;
  gate.mysql_port = 0;
  gate.users_file = folder_ + "/users.json";
  gate.backend_password_file = folder_ + "/password";
  std::ofstream(gate.users_file) << R"({"app": [{"Password": "secret"}], "other": [{"Password": "secret"}]})";
  std::ofstream(gate.backend_password_file) << "gatepw";

  std::vector<runtime::Loop*> loops;
  for (std::size_t i = 0; i < options_.loops; ++i) {
    loops_.push_back(std::make_unique<runtime::Loop>());
    loops.push_back(loops_.back().get());
  }
  gate_ = std::make_unique<Gate>(gate, Gate::Dependencies{.loops = loops, .metrics = metrics_});
  for (const auto& loop : loops_) threads_.emplace_back([&each = *loop] { each.run(); });
  std::promise<void> started;
  runtime::TaskGroup* group = nullptr;
  auto snapshot = vschema::Snapshot::make(std::move(source));
  loops_.front()->post([&] {
    group = new runtime::TaskGroup;
    group->spawn([](Gate& each, std::shared_ptr<const vschema::Snapshot> routing,
                    std::promise<void>& done) -> Task<void> {
      each.set_routing(std::move(routing));
      Result<void> result = co_await each.start();
      try {
        must(result);
        done.set_value();
      } catch (...) {
        done.set_exception(std::current_exception());
      }
    }(*gate_, snapshot, started));
  });
  started.get_future().get();
  std::promise<void> freed;
  loops_.front()->post([&] {
    delete group;
    freed.set_value();
  });
  freed.get_future().get();
}

void GateFixture::stop() {
  if (!gate_) return;
  std::promise<void> stopped;
  runtime::TaskGroup* group = nullptr;
  loops_.front()->post([&] {
    group = new runtime::TaskGroup;
    group->spawn([](Gate& each, std::promise<void>& done) -> Task<void> {
      co_await each.stop();
      done.set_value();
    }(*gate_, stopped));
  });
  stopped.get_future().get();
  std::promise<void> freed;
  loops_.front()->post([&] {
    delete group;
    gate_.reset();
    freed.set_value();
  });
  freed.get_future().get();
}

GateFixture::~GateFixture() {
  stop();
  for (const auto& loop : loops_) loop->stop();
  for (std::thread& thread : threads_) thread.join();
  std::filesystem::remove_all(folder_);
}

runtime::Address GateFixture::address() const { return gate_->address(); }

wire::ConnectParams GateFixture::client(std::string database) const {
  wire::ConnectParams params;
  params.address = address();
  params.user = "app";
  params.password = "secret";
  params.database = std::move(database);
  params.deadline = Clock::now() + std::chrono::seconds(20);
  return params;
}

wire::ResultSet GateFixture::on_server(std::size_t number, std::string sql) {
  Result<wire::ResultSet> result =
      own_.block_on([](wire::ConnectParams params, std::string text) -> Task<Result<wire::ResultSet>> {
        Result<std::unique_ptr<wire::ClientConnection>> connection =
            co_await wire::ClientConnection::connect(std::move(params));
        if (!connection) co_return failure(std::move(connection.error()));
        Result<wire::ResultSet> answer = co_await (*connection)->query(std::move(text));
        co_return answer;
      }(server(number).root(), std::move(sql)));
  if (!result) throw std::runtime_error(result.error().text());
  return *result;
}

}  // namespace kintsugi::gate::testing
