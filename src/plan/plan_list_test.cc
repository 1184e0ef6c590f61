// How every statement of TPC-H and TPC-C runs on a keyspace of two shards, and why: testdata/lists has what
// EXPLAIN FORMAT=KINTSUGI says of each, docs/queries.md a table of it. The tables and statements are those
// that tests/sql runs. ./dev rewrite plan writes both again.

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/testing/source_dir.h"
#include "plan/declared_schema.h"
#include "plan/explain.h"
#include "plan/planner.h"
#include "sql/parser.h"
#include "vschema/testing/snapshot.h"

namespace kintsugi::plan {
namespace {

constexpr std::string_view kParameter = "1";  // every warehouse, district and item that TPC-C's have

std::string read_file(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

struct NamedStatement {
  std::string name;  ///< the comment in front of it
  std::string sql;
};

/// The statements of a file, which empty lines separate.
std::vector<NamedStatement> read_statements(const std::string& path) {
  std::vector<NamedStatement> statements;
  std::istringstream lines(read_file(path) + "\n\n");
  NamedStatement next;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# ")) {
      next.name = line.substr(2);
    } else if (!line.empty()) {
      next.sql += (next.sql.empty() ? "" : "\n") + line;
    } else if (!next.sql.empty()) {
      statements.push_back(std::move(next));
      next = {};
    }
  }
  return statements;
}

Result<Planned> plan_sql(const std::string& sql, const PlanContext& context) {
  sql::Arena arena;
  Result<sql::Statement*> statement = sql::parse(sql, arena);
  if (!statement) return failure(statement.error());
  return plan(**statement, sql, context);
}

/// A sharded keyspace of two shards, as its CREATE TABLEs make it.
class Keyspace {
 public:
  explicit Keyspace(const std::string& name) : name_(name) {
    context_.keyspace = name;
    route_by("");
    std::vector<Schema::Entry> tables;
    std::string entries;
    for (const NamedStatement& create :
         read_statements(source_dir() + "/tests/sql/" + name + "/tables.sql")) {
      tables.push_back(declare(create.sql));
      entries += (entries.empty() ? "" : ", ") + vschema_entry(create.sql);
    }
    context_.schema = Schema().with(std::move(tables));
    route_by(entries);
  }

  const PlanContext& context() const { return context_; }

 private:
  void route_by(const std::string& tables) {
    context_.schema = context_.schema == nullptr ? std::make_shared<Schema>() : context_.schema;
    context_.routing = vschema::testing::make_snapshot(
        {{name_,
          R"({"sharded": true, "vindexes": {"hash": {"type": "hash"}}, "tables": {)" + tables + "}}",
          {"-80", "80-"}}});
  }

  Schema::Entry declare(const std::string& sql) const {
    sql::Arena arena;
    Result<sql::Statement*> statement = sql::parse(sql, arena);
    EXPECT_TRUE(statement) << sql;
    Result<Schema::Entry> table =
        declared_table(*sql::as<sql::CreateTable>(*statement), name_, "utf8mb4_general_ci");
    EXPECT_TRUE(table) << sql;
    return *table;
  }

  std::string vschema_entry(const std::string& sql) const {
    const Result<Planned> planned = plan_sql(sql, context_);
    EXPECT_TRUE(planned) << sql << planned.error().text();
    const VSchemaEdit& edit = static_cast<const Ddl&>(*planned->plan->root).edits.front();
    if (edit.reference) return fmt::format(R"("{}": {{"type": "reference"}})", edit.table);
    EXPECT_EQ(edit.vindex_type.empty() ? edit.vindex : edit.vindex_type, "hash") << sql;
    const std::string ids =
        edit.auto_increment_column.empty()
            ? ""
            : fmt::format(R"(, "auto_increment": {{"column": "{}"}})", edit.auto_increment_column);
    return fmt::format(R"("{}": {{"column_vindexes": [{{"column": "{}", "name": "hash"}}]{}}})", edit.table,
                       edit.columns.front(), ids);
  }

  std::string name_;
  PlanContext context_;
};

struct Listed {
  std::string name;
  ExplainedNode plan;
};

struct List {
  std::string name;   ///< of the keyspace, and of the folder in tests/sql
  std::string title;  ///< in the docs
  std::string file;   ///< of the statements
};
const List kLists[] = {{"tpch", "TPC-H", "queries.test"}, {"tpcc", "TPC-C", "statements.sql"}};

std::vector<Listed> explain_all(const List& list) {
  const Keyspace keyspace(list.name);
  const std::vector<Value> parameters(16, Value{ValueKind::kInteger, kParameter, {}});
  std::vector<Listed> listed;
  for (NamedStatement& statement :
       read_statements(source_dir() + "/tests/sql/" + list.name + "/" + list.file)) {
    const Result<Planned> planned = plan_sql(statement.sql, keyspace.context());
    EXPECT_TRUE(planned) << statement.name << ": " << planned.error().text();
    if (!planned || planned->plan == nullptr) continue;
    ExplainRequest request{.plan = *planned->plan, .text = statement.sql};
    request.bindings.parameters = parameters;
    listed.push_back({std::move(statement.name), explain(request)});
  }
  return listed;
}

/// Of what is copied: parts are what the shards make of their rows, copies are rows.
std::string copied(const ExplainedNode& plan) {
  std::string tables;
  for (const ExplainedNode& input : plan.inputs) {
    if (input.tier == "part") return "what the shards make of their rows";
    if (input.tier != "copy" || input.notes.empty()) continue;
    const std::string_view note = input.notes.front();  // "of tpch.orders: its columns …"
    const std::string table(note.substr(3, note.find(':') - 3));
    const std::string bare = table.substr(table.find('.') + 1);
    if ((", " + tables + ",").find(", " + bare + ",") == std::string::npos)
      tables += (tables.empty() ? "" : ", ") + bare;
  }
  return tables;
}

/// Why it gathers; of what does not, what says where it goes.
std::string why(const ExplainedNode& plan) {
  if (!plan.reason.empty()) return plan.reason;
  std::string keys;
  for (const ExplainedKey& key : plan.keys) {
    const std::string by = key.vindex + "(" + key.columns + ")";
    if (keys.find(by) == std::string::npos) keys += (keys.empty() ? "" : ", ") + by;
  }
  return keys.empty() ? plan.target : "to one shard by " + keys;
}

std::string markdown(const List& list) {
  std::string out = fmt::format("| {} | tier | why | what is copied |\n|---|---|---|---|\n", list.title);
  for (const Listed& each : explain_all(list))
    out +=
        fmt::format("| {} | {} | {} | {} |\n", each.name, each.plan.tier, why(each.plan), copied(each.plan));
  return out;
}

bool rewrites() { return std::getenv("KINTSUGI_REWRITE") != nullptr; }

class PlanList : public ::testing::TestWithParam<List> {};

TEST_P(PlanList, IsAsTheGoldenSays) {
  std::string text;
  for (const Listed& each : explain_all(GetParam())) text += each.name + "\n\n" + to_text(each.plan) + "\n";
  const std::string path = source_dir() + "/src/plan/testdata/lists/" + GetParam().name + ".txt";
  if (rewrites()) std::ofstream(path) << text;
  EXPECT_EQ(text, read_file(path)) << "./dev rewrite plan";
}

TEST_P(PlanList, IsInTheDocs) {
  const std::string path = source_dir() + "/docs/queries.md";
  std::string page = read_file(path);
  const std::string begin = fmt::format("<!-- {} plans: begin -->\n", GetParam().name);
  const std::size_t from = page.find(begin);
  const std::size_t end = page.find(fmt::format("<!-- {} plans: end -->", GetParam().name));
  ASSERT_NE(from, std::string::npos);
  ASSERT_LT(from, end);
  const std::size_t at = from + begin.size();
  const std::string wanted = markdown(GetParam());
  if (rewrites()) {
    std::ofstream(path) << page.replace(at, end - at, wanted);
    return;
  }
  EXPECT_EQ(page.substr(at, end - at), wanted) << "./dev rewrite plan";
}

INSTANTIATE_TEST_SUITE_P(Lists, PlanList, ::testing::ValuesIn(kLists),
                         [](const auto& list) { return list.param.name; });

std::map<std::string, std::string> tiers(const List& list) {
  std::map<std::string, std::string> found;
  for (const Listed& each : explain_all(list)) found.emplace(each.name, each.plan.tier);
  return found;
}

// A golden that is rewritten without being read would let these pass.
TEST(PlanLists, EveryStatementIsThere) {
  EXPECT_EQ(tiers(kLists[0]).size(), 22);
  EXPECT_EQ(tiers(kLists[1]).size(), 28);
}

TEST(PlanLists, NothingOfTpccGathers) {
  for (const auto& [name, tier] : tiers(kLists[1])) EXPECT_TRUE(tier == "route" || tier == "insert") << name;
}

TEST(PlanLists, WhatGathersSaysWhy) {
  for (const Listed& each : explain_all(kLists[0])) {
    if (each.plan.tier != "gather") continue;
    EXPECT_NE(each.plan.reason, "") << each.name;
    EXPECT_NE(copied(each.plan), "") << each.name;
  }
}

}  // namespace
}  // namespace kintsugi::plan
