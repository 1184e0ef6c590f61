#include "gate/query_line.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "gate/query_shapes.h"
#include "gate/testing/client.h"
#include "gate/testing/gate_fixture.h"
#include "sql/shape.h"

namespace kintsugi::gate {
namespace {

namespace json = boost::json;
using testing::Client;
using testing::GateFixture;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(TraceOf, IsWhatSqlcommenterWrites) {
  EXPECT_EQ(trace_of("select 1 /*action='x',traceparent='00-4bf9-01'*/"), "00-4bf9-01");
  EXPECT_EQ(trace_of("select 'traceparent=\\'a\\'' /*traceparent='b'*/"), "b") << "the comment comes last";
  EXPECT_EQ(trace_of("select 1"), "");
  EXPECT_EQ(trace_of("select 1 /*traceparent='never closed"), "");
  EXPECT_EQ(trace_of("select 1 /*traceparent='" + std::string(200, 'x') + "'*/"), "") << "it is bounded";
}

/// A gate with a log of all its statements, whose lines are looked up by a word of their workload.
class LoggedGate {
 public:
  explicit LoggedGate(bool literals)
      : path_(std::filesystem::temp_directory_path() / ("kt_query_line_" + std::to_string(::getpid()))) {
    std::filesystem::remove(path_);
    GateFixture::Options options;
    options.gate.query_log = path_;
    options.gate.query_log_literals = literals;
    gate_ = std::make_unique<GateFixture>(options);
    gate_->on_server(0, "create table commerce.t (id int primary key, name varchar(20))");
    for (const std::size_t server : {1, 2}) {
      gate_->on_server(server, "create table customer.customer (customer_id bigint primary key)");
      gate_->on_server(server, "insert into customer.customer values (1)");  // sleep() is of a row
    }
  }
  ~LoggedGate() { std::filesystem::remove(path_); }

  Client client(std::string database = "commerce") { return Client(gate_->client(std::move(database))); }
  std::string text() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Of the statement that names this workload: it is written soon after the answer.
  json::object line(std::string_view workload) const {
    const Time limit = Clock::now() + 20s;
    while (Clock::now() < limit) {
      std::ifstream file(path_);
      for (std::string one; std::getline(file, one) && !file.eof();) {
        json::object found = json::parse(one).as_object();
        const json::value* name = found.if_contains("workload");
        if (name != nullptr && name->as_string() == workload) return found;
      }
      std::this_thread::sleep_for(1ms);
    }
    ADD_FAILURE() << "no line of " << workload << " in " << text();
    return {};
  }

 private:
  std::filesystem::path path_;
  std::unique_ptr<GateFixture> gate_;
};

std::string text_of(const json::object& line, std::string_view key) {
  const json::value* found = line.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : "none";
}

std::string keys(const json::object& line) {
  std::string all;
  for (const auto& [key, value] : line) all += std::string(key) + " ";
  return all;
}

TEST(QueryLine, TellsOfAStatementWithoutItsValues) {
  LoggedGate gate(false);
  Client client = gate.client();
  const std::string id = client.text("select connection_id()");
  client.query("insert into t values (1, 'secret'), (2, 'secret')");
  client.query(
      "select /*kintsugi: workload=read */ name from t where id < 9977 /*traceparent='00-4bf9-01'*/");
  const json::object read = gate.line("read");
  EXPECT_EQ(keys(read),
            "time user host session keyspace shape text tier shards rows bytes ms waited_ms workload trace ");
  const std::string shape = "select name from t where id < ?";
  EXPECT_EQ(text_of(read, "text"), shape);
  EXPECT_EQ(text_of(read, "shape"), shape_name(sql::shape_id(shape)));
  EXPECT_THAT(text_of(read, "time"), ::testing::MatchesRegex("20.*T.*\\..*Z"));
  EXPECT_EQ(text_of(read, "user"), "app");
  EXPECT_EQ(text_of(read, "host"), "127.0.0.1");
  EXPECT_EQ(std::to_string(read.at("session").to_number<std::uint64_t>()), id);
  EXPECT_EQ(text_of(read, "keyspace"), "commerce");
  EXPECT_EQ(text_of(read, "tier"), "route");
  EXPECT_EQ(read.at("shards").to_number<int>(), 1);
  EXPECT_EQ(read.at("rows").to_number<int>(), 2);
  EXPECT_GE(read.at("bytes").to_number<int>(), 2 * static_cast<int>(sizeof "secret"));
  EXPECT_GT(read.at("ms").to_number<double>(), 0);
  EXPECT_GE(read.at("waited_ms").to_number<double>(), 0);
  EXPECT_EQ(text_of(read, "trace"), "00-4bf9-01");

  client.query("insert /*kintsugi: workload=twice */ into t values (1, 'secret')");
  const json::object twice = gate.line("twice");
  EXPECT_EQ(twice.at("error").to_number<int>(), 1062);
  EXPECT_EQ(keys(twice),
            "time user host session keyspace shape text tier shards rows bytes ms waited_ms workload error ")
      << "a server's error has no code of ours, and its message may quote values";

  Client sharded = gate.client("customer");
  sharded.query("select /*kintsugi: workload=all */ count(*) from customer");
  EXPECT_EQ(gate.line("all").at("shards").to_number<int>(), 2);
  EXPECT_EQ(text_of(gate.line("all"), "keyspace"), "customer");
  sharded.query("select /*kintsugi: workload=never timeout_ms=1 */ sleep(5) from customer");
  const json::object late = gate.line("never");
  EXPECT_EQ(late.at("error").to_number<int>(), 3024);
  EXPECT_EQ(text_of(late, "code"), "query_timeout");

  EXPECT_THAT(gate.text(), Not(HasSubstr("secret")));
  EXPECT_THAT(gate.text(), Not(HasSubstr("9977")));
}

TEST(QueryLine, HasValuesWhereItIsAskedTo) {
  LoggedGate gate(true);
  Client client = gate.client();
  client.query("insert into t values (1, 'secret')");
  client.query("insert /*kintsugi: workload=twice */ into t values (1, 'secret')");
  const json::object twice = gate.line("twice");
  EXPECT_EQ(text_of(twice, "text"), "insert /*kintsugi: workload=twice */ into t values (1, 'secret')");
  EXPECT_THAT(text_of(twice, "message"), HasSubstr("Duplicate entry '1'"));

  Result<wire::PreparedStatement> prepared = client.loop().block_on(
      client.connection().prepare("select /*kintsugi: workload=prepared */ name from t where name = ?"));
  ASSERT_TRUE(prepared) << prepared.error().text();
  std::vector<mysql::Parameter> parameters{
      {{mysql::FieldType::var_string, false, ""}, mysql::Value(std::string_view("it's"))}};
  ASSERT_TRUE(client.loop().block_on(client.connection().execute(*prepared, std::move(parameters))));
  EXPECT_THAT(text_of(gate.line("prepared"), "text"), HasSubstr("name = 'it''s'"));

  client.query("select /*kintsugi: workload=long */ '" + std::string(10'000, 'x') + "'");
  EXPECT_EQ(text_of(gate.line("long"), "text").size(), 4096u);
}

}  // namespace
}  // namespace kintsugi::gate
