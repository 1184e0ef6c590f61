#include "gate/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/errors.h"
#include "plan/testing/sample.h"
#include "vschema/testing/snapshot.h"

namespace kintsugi::gate {
namespace {

using ::testing::HasSubstr;
using vschema::Permission;

struct Case {
  Permission gate = Permission::allow;
  Permission user = Permission::allow;
  std::string keyspace = "allow";
  std::optional<bool> directive;
};

/// What becomes of a statement under these limits, of both kinds at once: "" or the error.
std::string outcome(std::string_view sql, const Case& limits) {
  plan::PlanContext context = plan::testing::sample_context();
  if (limits.keyspace != "allow") {
    context.routing = vschema::testing::make_snapshot(
        {{"customer",
          R"({"sharded": true, "scatter": ")" + limits.keyspace + R"(", "gather": ")" + limits.keyspace +
              R"(", "vindexes": {"hash": {"type": "hash"}},
                 "tables": {"corder": {"column_vindexes": [{"column": "customer_id", "name": "hash"}]},
                            "country": {"type": "reference"}}})",
          {"-80", "80-"}}});
  }
  Result<plan::Planned> planned = plan::testing::plan_text(sql, context);
  if (!planned) return "not planned: " + planned.error().text();
  GateOptions options;
  options.scatter = options.gather = limits.gate;
  ClientIdentity identity;
  identity.user = "app";
  identity.scatter = identity.gather = limits.user;
  plan::Directives directives;
  directives.allow_scatter = directives.allow_gather = limits.directive;
  const Result<void> allowed =
      check_limits(*planned->plan, plan::tier_of(*planned->plan, {}), directives, options, identity);
  return allowed ? "" : allowed.error().text();
}

constexpr const char* kScatter = "select * from corder where price > 1";
constexpr const char* kGather = "select count(distinct price) from corder";

TEST(Limits, TheStrictestCountsAndIsNamed) {
  EXPECT_EQ(outcome(kScatter, {}), "");
  EXPECT_EQ(outcome(kGather, {}), "");
  EXPECT_THAT(outcome(kScatter, {.gate = Permission::forbid}), HasSubstr("KT4050: the statement would go to "
                                                                         "several shards (scatter): the "
                                                                         "gate's option forbids it"));
  EXPECT_THAT(outcome(kGather, {.gate = Permission::ask, .user = Permission::forbid}),
              HasSubstr("KT4051: the statement would copy rows of its tables to one server (gather): "
                        "users.json, for user 'app' forbids it"));
  EXPECT_THAT(outcome(kScatter, {.user = Permission::ask, .keyspace = "forbid"}),
              HasSubstr("the vschema of keyspace 'customer' forbids it"));
  EXPECT_THAT(outcome(kGather, {.keyspace = "ask"}),
              HasSubstr("allows it only with /*kintsugi: allow_gather=1 */"));
}

TEST(Limits, ADirectiveLiftsAskAndNotForbid) {
  EXPECT_EQ(outcome(kScatter, {.gate = Permission::ask, .directive = true}), "");
  EXPECT_THAT(outcome(kScatter, {.gate = Permission::ask, .directive = false}),
              HasSubstr("its own directive"));
  EXPECT_THAT(outcome(kScatter, {.keyspace = "forbid", .directive = true}), HasSubstr("KT4050"));
  EXPECT_THAT(outcome(kGather, {.directive = false}), HasSubstr("KT4051"));
}

TEST(Limits, OnlyCostlyStatementsAreMeant) {
  const Case none{.gate = Permission::forbid};
  EXPECT_EQ(outcome("select * from corder where customer_id = 4", none), "");
  EXPECT_EQ(outcome("select sum(price) from corder where customer_id = 4", none), "");
  EXPECT_EQ(outcome("insert into corder (order_id, customer_id) values (1, 1), (2, 4)", none), "");
  EXPECT_EQ(outcome("update country set title = 'x' where code = 'a'", none), "");
  EXPECT_EQ(outcome("create table t (id bigint primary key)", none), "");
  EXPECT_THAT(outcome("update corder set price = 1", none), HasSubstr("KT4050"));
  EXPECT_THAT(outcome("delete from corder where price = 1", none), HasSubstr("KT4050"));
}

TEST(Limits, ADirectiveLowersBoundsAndDoesNotRaiseThem) {
  GateOptions options;
  options.gather_rows_max = 100;
  options.gather_bytes_max = 1000;
  plan::Directives directives;
  directives.gather_rows_max = 10;
  directives.gather_bytes_max = 5000;
  const std::vector<plan::Bound> bounds = gather_bounds(directives, options);
  EXPECT_EQ(bounds[0].value, 10u);
  EXPECT_EQ(bounds[0].set_by, "directive");
  EXPECT_EQ(bounds[1].value, 1000u);
  EXPECT_EQ(bounds[1].set_by, "gate option");
}

TEST(Limits, ADirectiveSaysAnotherTime) {
  GateOptions options;
  EXPECT_EQ(time_limit({}, options, {}).after, Duration::zero());
  options.query_timeout = std::chrono::seconds(3);
  EXPECT_EQ(time_limit({}, options, {}).after, std::chrono::seconds(3));
  plan::Directives directives;
  directives.timeout_ms = 70;
  EXPECT_EQ(time_limit(directives, options, {}).after, std::chrono::milliseconds(70));
  directives.timeout_ms = 0;
  EXPECT_EQ(time_limit(directives, options, {}).after, Duration::zero());
  directives.timeout_ms = UINT64_MAX;
  EXPECT_GT(time_limit(directives, options, {}).after, Duration::zero()) << "no overflow";
}

TEST(TimeLimit, TheSessionsOwnCountsWhereItIsStricter) {
  GateOptions options;
  Settings settings;
  settings.set("max_statement_time", "1.5e0");
  TimeLimit limit = time_limit({}, options, settings);
  EXPECT_EQ(limit.after, std::chrono::milliseconds(1500));
  EXPECT_TRUE(timeout_error(limit).is(kStatementTime));
  options.query_timeout = std::chrono::seconds(1);
  limit = time_limit({}, options, settings);
  EXPECT_EQ(limit.after, std::chrono::seconds(1));
  EXPECT_TRUE(timeout_error(limit).is(kQueryTimeout));
  plan::Directives directives;
  directives.timeout_ms = 9000;
  EXPECT_TRUE(time_limit(directives, options, settings).of_session);
  settings.set("max_statement_time", "0.000000e0");
  EXPECT_EQ(time_limit(directives, options, settings).after, std::chrono::seconds(9));
}

}  // namespace
}  // namespace kintsugi::gate
