// Plans as text: testdata/*.test. Each case is a comment that names the rule, a line that says how to plan,
// the statement, a line "----", and what comes out, up to an empty line:
//
//     plan [keyspace=customer] [shard=-80] [type=replica] [after=placement] [pass=gather] [cached] [explain]
//     [json] [temporary]
//
// `after` shows what is known after that pass, `pass` is the pass that must have decided the plan.
// `cached` numbers the literals, as for the plan cache; without it they are constants, and the shards that
// they lead to are shown. `explain` and `json` show what EXPLAIN FORMAT=KINTSUGI and KINTSUGI_JSON do; with
// `cached` no values come, as offline with `?`. `temporary` is for a session that has temporary tables
// (sample.h). KINTSUGI_REWRITE=1 writes what comes out into the files.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/testing/source_dir.h"
#include "plan/explain.h"
#include "plan/testing/sample.h"
#include "sql/fingerprint.h"
#include "sql/parser.h"
#include "vschema/snapshot.h"

namespace kintsugi::plan {
namespace {

struct Directive {
  PlanContext context = testing::sample_context();
  std::string after;
  std::string pass;
  bool cached = false;
  bool explain = false;
  bool json = false;
};

Directive parse_directive(const std::string& line) {
  Directive directive;
  std::istringstream words(line);
  std::string word;
  words >> word;
  EXPECT_EQ(word, "plan");
  while (words >> word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (name == "keyspace") {
      directive.context.keyspace = value;
    } else if (name == "shard") {
      directive.context.shard = value;
    } else if (name == "type") {
      directive.context.type = *topo::parse_tablet_type(value);
    } else if (name == "after") {
      directive.after = value;
    } else if (name == "pass") {
      directive.pass = value;
    } else if (name == "cached") {
      directive.cached = true;
    } else if (name == "explain") {
      directive.explain = true;
    } else if (name == "json") {
      directive.json = true;
    } else if (name == "temporary") {
      directive.context.temporary = testing::sample_temporary();
    } else if (name == "schema" && value == "empty") {
      directive.context.schema = std::make_shared<Schema>();
    } else {
      ADD_FAILURE() << "unknown word: " << word;
    }
  }
  return directive;
}

std::string show_error(const Error& error) {
  return "error " + std::string(error.code().name) + ": " + error.message() + "\n";
}

std::string show_shards(const Plan& plan) {
  const Route* route = route_of(plan);
  const Destination* destination = route == nullptr ? nullptr : &route->destination;
  if (destination == nullptr || destination->reach != Destination::Reach::kByKey) return {};
  if (!plan.lookups.empty()) return {};
  for (const Constraint& constraint : destination->constraints) {
    for (const auto& tuple : constraint.tuples) {
      for (const Operand& operand : tuple) {
        if (operand.from != Operand::From::kConstant) return {};
      }
    }
  }
  const Result<ShardList> shards = resolve(plan, *destination, {});
  if (!shards) return "now: " + show_error(shards.error());
  if (const vschema::Shard* one = resolve_one(plan, *destination, {})) {
    EXPECT_EQ(shards->size(), 1);
    EXPECT_EQ(shards->front(), one);
  }
  std::string text = "now:";
  for (const vschema::Shard* shard : *shards) text += " " + shard->name;
  return text + "\n";
}

std::string run_case(const std::string& directive_line, const std::string& sql) {
  const Directive directive = parse_directive(directive_line);
  sql::Arena arena;
  Result<sql::Statement*> statement = sql::parse(sql, arena);
  if (!statement) return show_error(statement.error());
  if (directive.cached) {
    sql::Fingerprint fingerprint;
    sql::fingerprint(sql, {}, fingerprint);
    sql::parameterize(**statement, fingerprint);
  }
  if (!directive.after.empty()) {
    const Result<std::string> dump = plan_after(directive.after, **statement, sql, directive.context);
    return dump ? *dump : show_error(dump.error());
  }
  const Result<Planned> planned = plan(**statement, sql, directive.context);
  if (!planned) return show_error(planned.error());
  if (!directive.pass.empty() && planned->plan != nullptr) {
    EXPECT_EQ(planned->plan->root->decided_by, directive.pass) << sql;
  }
  if (directive.explain || directive.json) {
    ExplainRequest request{.plan = *planned->plan, .text = sql};
    request.bounds = {{"gather_rows_max", 1000, "gate option"}, {"gather_bytes_max", 65536, "directive"}};
    const ExplainedNode root = explain(request);
    return directive.json ? to_json(root) + "\n" : to_text(root);
  }
  std::string out;
  for (const TableKey& key : planned->missing)
    out += "schema needed: " + key.keyspace + "." + key.table + "\n";
  if (planned->plan != nullptr)
    out += planned->plan->text() + (directive.cached ? "" : show_shards(*planned->plan));
  return out;
}

class Golden : public ::testing::TestWithParam<std::string> {};

TEST_P(Golden, Plans) {
  const std::string path = source_dir() + "/src/plan/testdata/" + GetParam();
  std::ifstream file(path);
  std::string rewritten, line, directive, sql, expected;
  enum { kOutside, kStatement, kExpected } state = kOutside;
  int cases = 0;
  const auto finish = [&] {
    const std::string actual = run_case(directive, sql);
    EXPECT_EQ(actual, expected) << path << ": " << directive << "\n" << sql;
    rewritten += actual;
    expected.clear();
    ++cases;
  };
  while (std::getline(file, line)) {
    if (state == kExpected && !line.empty()) {
      expected += line + "\n";
      continue;
    }
    if (state == kExpected) finish(), state = kOutside;
    rewritten += line + "\n";
    if (state == kOutside && line.starts_with("plan")) {
      directive = line;
      sql.clear();
      state = kStatement;
    } else if (state == kStatement && line == "----") {
      state = kExpected;
    } else if (state == kStatement) {
      sql += (sql.empty() ? "" : "\n") + line;
    } else {
      EXPECT_TRUE(line.empty() || line.starts_with('#')) << path << ": is of no case: " << line;
    }
  }
  if (state == kExpected) finish();
  EXPECT_GT(cases, 0) << path;
  if (std::getenv("KINTSUGI_REWRITE") != nullptr) std::ofstream(path) << rewritten;
}

std::vector<std::string> golden_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir() + "/src/plan/testdata")) {
    if (entry.path().extension() == ".test") files.push_back(entry.path().filename());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(Plan, Golden, ::testing::ValuesIn(golden_files()), [](const auto& file) {
  std::string name = file.param.substr(0, file.param.find('.'));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace kintsugi::plan
