#include "cli/offline.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.h"
#include "cli/commands/groups.h"
#include "cli/context.h"
#include "plan/explain.h"
#include "runtime/loop.h"
#include "sql/parser.h"

namespace kintsugi::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kVSchema = R"({"sharded": true, "vindexes": {"hash": {"type": "hash"}},
  "tables": {"corder": {"column_vindexes": [{"column": "customer_id", "name": "hash"}]}}})";
constexpr const char* kSchema = R"(
-- a dump
SET NAMES utf8mb4;
DROP TABLE IF EXISTS corder;
CREATE TABLE corder (order_id bigint NOT NULL AUTO_INCREMENT, customer_id bigint unsigned, sku varchar(20),
  PRIMARY KEY (order_id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE customer (name varchar(30) COLLATE utf8mb4_bin PRIMARY KEY, age int);
CREATE TABLE country (code char(2) PRIMARY KEY) /*kintsugi REFERENCE */;
)";

OfflineCluster sample() {
  OfflineCluster cluster;
  cluster.keyspace = "shop";
  cluster.shards = 4;
  cluster.mysql = false;
  cluster.vschemas = {{"v.json", "shop", kVSchema}};
  cluster.schemas = {{"s.sql", "shop", kSchema}};
  return cluster;
}

std::string explained(const OfflineCluster& cluster, const std::string& sql) {
  const Result<plan::PlanContext> context = offline_context(cluster);
  if (!context) return context.error().text();
  sql::Arena arena;
  const Result<sql::Statement*> statement = sql::parse(sql, arena);
  if (!statement) return statement.error().text();
  const Result<plan::Planned> planned = plan::plan(**statement, sql, *context);
  if (!planned) return planned.error().text();
  if (planned->plan == nullptr) return "missing " + planned->missing.front().table;
  return plan::to_text(plan::explain({.plan = *planned->plan, .text = sql}));
}

TEST(Offline, PlansByVSchemaAndSchema) {
  EXPECT_THAT(explained(sample(), "select * from corder where customer_id = 4"),
              AllOf(StartsWith("route: 1 of 4 shards of shop"), HasSubstr("-> d2fd8867d50d2dfe -> c0-")));
  EXPECT_THAT(explained(sample(), "select * from corder where customer_id = ?"),
              StartsWith("route: shards of shop by the values that it runs with"));
  EXPECT_THAT(explained(sample(), "select count(distinct sku) from corder"), StartsWith("gather: "));
}

TEST(Offline, TablesThatTheVSchemaLacksAreShardedByTheirOwnWords) {
  EXPECT_THAT(explained(sample(), "select age from customer where name = 'Anna'"),
              AllOf(StartsWith("route: 1 of 4"), HasSubstr("xxhash(name): 'Anna' -> ")));
  EXPECT_THAT(explained(sample(), "select * from country"), StartsWith("route: any shard of shop"));
  OfflineCluster alone = sample();
  alone.vschemas.clear();
  EXPECT_THAT(explained(alone, "select * from corder where order_id = 4"),
              AllOf(StartsWith("route: 1 of 4 shards of shop"), HasSubstr("xxhash(order_id)")));
}

TEST(Offline, SeveralKeyspaces) {
  OfflineCluster cluster = sample();
  cluster.vschemas.push_back({"c.json", "commerce", R"({"tables": {"product": {}}})"});
  cluster.schemas.push_back({"p.sql", "commerce", "create table product (sku varchar(20) primary key)"});
  EXPECT_THAT(explained(cluster, "select * from commerce.product"),
              StartsWith("route: any shard of commerce"));
  EXPECT_THAT(explained(cluster, "select * from corder join commerce.product using (sku)"),
              AllOf(StartsWith("gather: "), HasSubstr("commerce.product")));
}

TEST(Offline, MistakesNameTheFile) {
  OfflineCluster cluster = sample();
  cluster.schemas[0].text = "create table a (id int primary key);\n\ncreate tabel b;";
  EXPECT_THAT(explained(cluster, "select 1"), HasSubstr("s.sql: statement at line 3"));
  cluster = sample();
  cluster.vschemas[0].text = "{";
  EXPECT_THAT(explained(cluster, "select 1"), HasSubstr("v.json"));
  cluster = sample();
  cluster.schemas[0].text = "create table other.t (id int primary key)";
  EXPECT_THAT(explained(cluster, "select 1"), HasSubstr("no file says what keyspace 'other' is"));
}

TEST(Offline, TheCommandReadsFiles) {
  const std::string folder = ::testing::TempDir();
  std::ofstream(folder + "offline_schema.sql") << kSchema;
  std::ofstream(folder + "offline_vschema.json") << kVSchema;
  const std::vector<Command> commands = explain_commands();
  const std::vector<ErrorEntry> errors;
  const auto run = [&](bool json, const std::string& query) {
    Parsed parsed;
    parsed.values["schema"] = {folder + "offline_schema.sql"};
    parsed.values["vschema"] = {folder + "offline_vschema.json"};
    parsed.values["shards"] = {"4"};
    parsed.values["query"] = {query};
    Context context("127.0.0.1:1", json, errors);
    context.capture();
    runtime::Loop loop;
    const Result<void> done = loop.block_on(commands.front().run(context, parsed));
    return done ? context.captured() : done.error().text();
  };
  EXPECT_THAT(run(false, "select * from corder where customer_id = 4"),
              StartsWith("route: 1 of 4 shards of main"));
  EXPECT_THAT(run(true, "select * from corder where customer_id = 4"),
              StartsWith(R"({"tier":"route","target":"1 of 4 shards of main")"));
  EXPECT_THAT(run(false, "select * from nothing"), HasSubstr("nothing"));
  EXPECT_THAT(run(false, "selec 1"), HasSubstr("syntax"));
}

}  // namespace
}  // namespace kintsugi::cli
