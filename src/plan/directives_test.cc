#include "plan/directives.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/source_dir.h"
#include "plan/errors.h"
#include "plan/testing/sample.h"

namespace kintsugi::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Directives read(std::initializer_list<std::string_view> comments) {
  return parse_directives(std::vector<std::string_view>(comments));
}

TEST(Directives, AreReadInBothNotations) {
  const Directives ours = read({": timeout_ms=500, allow_scatter=0 workload='nightly report'"});
  EXPECT_THAT(ours.ignored, IsEmpty());
  EXPECT_EQ(ours.timeout_ms, 500u);
  EXPECT_EQ(ours.allow_scatter, false);
  EXPECT_EQ(ours.workload, "nightly report");
  const Directives vitess = read({"QUERY_TIMEOUT_MS=500 ALLOW_SCATTER", "WORKLOAD_NAME=batch"});
  EXPECT_THAT(vitess.ignored, IsEmpty());
  EXPECT_EQ(vitess.timeout_ms, 500u);
  EXPECT_EQ(vitess.allow_scatter, true);
  EXPECT_EQ(vitess.workload, "batch");
}

TEST(Directives, EveryOneIsRead) {
  const Directives all =
      read({"gather_rows_max = 10 gather_bytes_max=20,allow_gather=yes tablet_type=RDONLY "
            "skip_query_plan_cache=1"});
  EXPECT_THAT(all.ignored, IsEmpty());
  EXPECT_EQ(all.gather_rows_max, 10u);
  EXPECT_EQ(all.gather_bytes_max, 20u);
  EXPECT_EQ(all.allow_gather, true);
  EXPECT_EQ(all.tablet_type, topo::TabletType::rdonly);
  EXPECT_EQ(all.use_plan_cache, false);
}

TEST(Directives, WhatIsNotUnderstoodIsSaidAndTheRestCounts) {
  const Directives some =
      read({"timeout=5 timeout_ms=soon allow_gather=perhaps priority=3 allow_scatter=1", "x"});
  EXPECT_EQ(some.allow_scatter, true);
  EXPECT_EQ(some.timeout_ms, std::nullopt);
  EXPECT_EQ(some.allow_gather, std::nullopt);
  EXPECT_THAT(
      some.ignored,
      ElementsAre("there is no directive 'timeout'", "directive timeout_ms: 'soon' is not a number; 0: none",
                  "directive allow_gather: 'perhaps' is not 0 or 1",
                  "directive priority does nothing: the gate does not put off statements by priority",
                  "there is no directive 'x'"));
}

TEST(Directives, AnyBytesEnd) {
  for (const char* text : {"", ":", "=", "a=", "a='", "a=' b", ",,,", "= =", "a = = b", "\"'\"='"})
    read({text});
}

TEST(Directives, ClausesOfTablesAreNone) {
  EXPECT_THAT(read({"SHARD BY hash(id)", "reference"}), Directives());
  EXPECT_TRUE(is_shard_clause("Shard By (a)"));
  EXPECT_TRUE(is_shard_clause("reference"));
  EXPECT_FALSE(is_shard_clause("references=1"));
  EXPECT_FALSE(is_shard_clause("reference=1"));
  EXPECT_FALSE(is_shard_clause(": allow_scatter=1"));
}

TEST(Directives, APlanHasThem) {
  const Result<Planned> planned = testing::plan_text(
      "/*vt+ SKIP_QUERY_PLAN_CACHE=1 */ select * from /*kintsugi: tablet_type=replica nonsense */ corder",
      testing::sample_context());
  ASSERT_TRUE(planned) << planned.error().text();
  const Plan& plan = *planned->plan;
  EXPECT_FALSE(plan.cacheable);
  EXPECT_EQ(route_of(plan)->destination.type, topo::TabletType::replica);
  EXPECT_THAT(plan.directives.ignored, ElementsAre("there is no directive 'nonsense'"));
  const Result<Planned> write =
      testing::plan_text("/*kintsugi: tablet_type=replica */ delete from corder where customer_id = 4",
                         testing::sample_context());
  ASSERT_FALSE(write);
  EXPECT_TRUE(write.error().is(kReadOnlyTarget)) << write.error().text();
}

TEST(Directives, AClauseInAPlainCommentShardsATable) {
  const auto edit_of = [](std::string_view sql) {
    const Result<Planned> planned = testing::plan_text(sql, testing::sample_context());
    EXPECT_TRUE(planned) << sql << ": " << planned.error().text();
    return planned ? planned->plan->text() : "";
  };
  EXPECT_EQ(edit_of("create table visit (id bigint primary key, a int) /*kintsugi SHARD BY hash(a) */"),
            edit_of("create table visit (id bigint primary key, a int) SHARD BY hash(a)"));
  EXPECT_EQ(edit_of("create table visit (id bigint primary key) /*kintsugi REFERENCE */"),
            edit_of("create table visit (id bigint primary key) REFERENCE"));
  const Result<Planned> wrong = testing::plan_text(
      "create table visit (id bigint primary key) /*kintsugi SHARD WITH id */", testing::sample_context());
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message(), ::testing::HasSubstr("SHARD WITH id"));
}

// The chapter is made of the table of directives: ./dev rewrite plan.
TEST(Docs, DirectivesAreThoseOfTheCode) {
  const std::string path = source_dir() + "/docs/queries.md";
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  std::string page = text.str();
  constexpr std::string_view kBegin = "<!-- directives: begin -->\n";
  const std::size_t begin = page.find(kBegin);
  const std::size_t end = page.find("<!-- directives: end -->");
  ASSERT_NE(begin, std::string::npos);
  ASSERT_LT(begin, end);
  const std::size_t from = begin + kBegin.size();
  const std::string wanted = directive_reference_markdown();
  if (std::getenv("KINTSUGI_REWRITE") != nullptr) {
    std::ofstream(path) << page.replace(from, end - from, wanted);
    return;
  }
  EXPECT_EQ(page.substr(from, end - from), wanted) << "./dev rewrite plan";
}

}  // namespace
}  // namespace kintsugi::plan
