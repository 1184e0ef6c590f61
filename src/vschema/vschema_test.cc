#include "vschema/vschema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vschema/errors.h"

namespace kintsugi::vschema {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Every field that Vitess' users write.
constexpr const char* kFull = R"({
  "sharded": true,
  "vindexes": {"h": {"type": "hash", "params": {}, "owner": ""}, "x": {"type": "xxhash"},
               "m": {"type": "numeric_static_map", "params": {"json": "{\"1\":2}"}}},
  "tables": {
    "customer": {
      "type": "", "column_vindexes": [{"column": "customer_id", "name": "h"}, {"columns": ["email"], "name": "x"}],
      "auto_increment": {"column": "customer_id", "sequence": "commerce.customer_seq"},
      "columns": [{"name": "customer_id", "type": "INT64"},
                  {"name": "email", "type": "VARCHAR", "invisible": true, "default": "''", "collation_name": "utf8mb4_bin",
                   "size": 128, "scale": 0, "nullable": false, "values": ["a"]}],
      "pinned": "", "column_list_authoritative": true, "source": "",
      "foreign_keys": [{"name": "of_country", "columns": ["country"], "table": "country", "parent_columns": ["code"],
                        "on_delete": "set null", "on_update": "cascade", "on_servers": true}],
      "triggers": [{"name": "noted", "event": "insert", "body": "insert into note set id = NEW.id", "definer": "ann@%",
                    "sql_mode": "ANSI", "character_set_client": "utf8mb4", "collation_connection": "utf8mb4_bin",
                    "database_collation": "utf8mb4_general_ci", "created": "2026-11-26 10:00:00.00",
                    "old_columns": ["a"], "new_columns": ["id"]},
                   {"name": "filled", "time": "before", "event": "update", "body": "set NEW.a = 1",
                    "new_columns": ["a"], "set_columns": ["a"]}]},
    "country": {"type": "reference", "source": "commerce.country"},
    "settings": {"pinned": "00"}
  },
  "require_explicit_routing": true, "foreign_key_mode": "managed", "scatter": "ask", "gather": "forbid",
  "connections_max": 100, "statements_max": 20, "rate_max": 500,
  "functions": {"rank_of": {"tables": ["customer"], "calls": ["spent_by"]}, "middle": {"aggregate": true}, "next_id": {"tables": ["ids", "kind"], "in_gate": true, "only_read": ["kind"]}}})";

VSchemas commerce() {
  return {{"commerce",
           parse_vschema(R"({"tables": {"customer_seq": {"type": "sequence"}, "country": {}}})").value()}};
}

std::string parse_error(std::string_view json) {
  const auto vschema = parse_vschema(json);
  return vschema ? "parsed" : vschema.error().message();
}

std::vector<std::string> problems(std::string_view json, const VSchemas& others = commerce()) {
  std::vector<std::string> texts;
  for (const Problem& problem : check("customer", parse_vschema(json).value(), others))
    texts.push_back(problem.text());
  return texts;
}

TEST(VSchema, ReadsWhatVitessUsersWrite) {
  const VSchema vschema = parse_vschema(kFull).value();
  EXPECT_TRUE(vschema.sharded);
  EXPECT_TRUE(vschema.require_explicit_routing);
  EXPECT_EQ(vschema.foreign_key_mode, "managed");
  EXPECT_EQ(vschema.functions.at("rank_of"), (FunctionSpec{.tables = {"customer"}, .calls = {"spent_by"}}));
  EXPECT_EQ(vschema.functions.at("middle"), (FunctionSpec{.aggregate = true}));
  EXPECT_EQ(vschema.functions.at("next_id"),
            (FunctionSpec{.tables = {"ids", "kind"}, .in_gate = true, .only_read = {"kind"}}));
  EXPECT_EQ(vschema.scatter, Permission::ask);
  EXPECT_EQ(vschema.gather, Permission::forbid);
  EXPECT_EQ(vschema.limits, (LoadLimits{100, 20, 500}));
  EXPECT_EQ(vschema.vindexes.at("m").params.at("json"), "{\"1\":2}");
  const TableSpec& customer = vschema.tables.at("customer");
  EXPECT_THAT(customer.column_vindexes,
              ElementsAre(ColumnVindexSpec{{"customer_id"}, "h"}, ColumnVindexSpec{{"email"}, "x"}));
  EXPECT_EQ(customer.auto_increment->sequence, "commerce.customer_seq");
  EXPECT_EQ(customer.columns[1].nullable, false);
  EXPECT_EQ(customer.columns[1].size, 128);
  EXPECT_EQ(vschema.tables.at("country").type, TableType::reference);
  EXPECT_THAT(check("customer", vschema, commerce()), IsEmpty());
}

TEST(VSchema, WritesWhatItReads) {
  const VSchema vschema = parse_vschema(kFull).value();
  EXPECT_EQ(parse_vschema(to_json(vschema, true)).value(), vschema);
  EXPECT_EQ(parse_vschema(to_json(vschema, false)).value(), vschema);
  EXPECT_EQ(parse_vschema("{}").value(), VSchema{});
  EXPECT_EQ(parse_vschema(R"({"tables": {"t": null}, "vindexes": null})").value(), VSchema{});
}

TEST(VSchema, IsWrittenForPeople) {
  const VSchema vschema =
      parse_vschema(R"({"sharded":true,"vindexes":{"hash":{"type":"hash"}},"tables":{"customer":{
      "column_vindexes":[{"column":"customer_id","name":"hash"}],"auto_increment":{"column":"customer_id"}}}})")
          .value();
  EXPECT_EQ(to_json(vschema, true), R"({
  "sharded": true,
  "vindexes": {
    "hash": {"type": "hash"}
  },
  "tables": {
    "customer": {
      "column_vindexes": [
        {"column": "customer_id", "name": "hash"}
      ],
      "auto_increment": {"column": "customer_id"}
    }
  }
}
)");
}

TEST(VSchema, ErrorsNameThePlace) {
  EXPECT_THAT(parse_error("{\n  \"sharded\": tru\n}"), HasSubstr("line 2, column"));
  EXPECT_THAT(parse_error("{} x"), HasSubstr("line 1, column 4: there is something after"));
  EXPECT_THAT(parse_error(""), HasSubstr("line 1, column 1"));
  EXPECT_EQ(parse_error("[]"), "the vschema: an object, as {\"name\": …}, is expected");
  EXPECT_EQ(parse_error(R"({"shraded": true})"), "shraded: unknown field");
  EXPECT_EQ(parse_error(R"({"sharded": "yes"})"), "sharded: true or false is expected");
  EXPECT_EQ(parse_error(R"({"vindexes": {"h": {}}})"), "vindexes.h: a vindex needs a type");
  EXPECT_EQ(parse_error(R"({"vindexes": {"h": {"type": "hash", "params": {"a": 1}}}})"),
            "vindexes.h.params.a: text is expected");
  EXPECT_EQ(parse_error(
                R"({"tables": {"t": {"column_vindexes": [{"column": "a", "name": "h"}, {"colum": "a"}]}}})"),
            "tables.t.column_vindexes[1].colum: unknown field");
  EXPECT_EQ(
      parse_error(
          R"({"tables": {"t": {"column_vindexes": [{"column": "a", "columns": ["b"], "name": "h"}]}}})"),
      "tables.t.column_vindexes[0]: give either column or columns");
  EXPECT_EQ(parse_error(R"({"tables": {"t": {"column_vindexes": [{"column": "a"}]}}})"),
            "tables.t.column_vindexes[0]: name, that of a vindex, is missing");
  EXPECT_EQ(parse_error(R"({"tables": {"t": {"column_vindexes": {}}}})"),
            "tables.t.column_vindexes: a list, as [\"a\", \"b\"], is expected");
  EXPECT_EQ(parse_error(R"({"tables": {"t": {"type": "seq"}}})"),
            "tables.t.type: 'seq' is no type of table: write reference, sequence or nothing");
  EXPECT_EQ(parse_error(R"({"tables": {"t": {"auto_increment": {"sequence": "s"}}}})"),
            "tables.t.auto_increment: column is missing");
  EXPECT_EQ(parse_error(R"({"tables": {"t": {"columns": [{"name": "a", "size": "x"}]}}})"),
            "tables.t.columns[0].size: a number is expected");
  EXPECT_EQ(parse_error(R"({"rate_max": -1})"), "rate_max: -1 is less than 0, which is no limit");
  EXPECT_EQ(parse_error(R"({"scatter": "no"})"), "scatter: 'no' is none of allow, ask and forbid");
  EXPECT_EQ(parse_error(R"({"foreign_key_mode": "on"})"),
            "foreign_key_mode: 'on' is none of unspecified, disallow, unmanaged and managed");
}

TEST(VSchema, CheckFindsWhatRefersToNothing) {
  EXPECT_THAT(
      problems(R"({"sharded": true, "vindexes": {"h": {"type": "hsh"}, "l": {"type": "hash", "owner": "gone"},
                           "p": {"type": "numeric_static_map"}}})"),
      ElementsAre("vindexes.h.type: unknown vindex type 'hsh' (did you mean hash?)",
                  "vindexes.l.owner: there is no table 'gone' in this keyspace",
                  "vindexes.p.params: numeric_static_map needs one of the parameters json and json_path"));
  EXPECT_THAT(
      problems(R"({"sharded": true, "vindexes": {"h": {"type": "hash"}}, "tables": {
                  "t": {"column_vindexes": [{"column": "a", "name": "hash"}]}}})"),
      ElementsAre(
          "tables.t.column_vindexes[0].name: there is no vindex 'hash' in this keyspace (there are: h)"));
  const auto with_sequence = [](const std::string& sequence) {
    return problems(R"({"tables": {"t": {"auto_increment": {"column": "a", "sequence": ")" + sequence +
                    R"("}}}})");
  };
  EXPECT_THAT(with_sequence(""), IsEmpty());
  EXPECT_THAT(with_sequence("topology:t"), IsEmpty());
  EXPECT_THAT(with_sequence("customer_seq"), IsEmpty());
  EXPECT_THAT(
      with_sequence("nope"),
      ElementsAre("tables.t.auto_increment.sequence: no keyspace has a table 'nope' of type sequence"));
  EXPECT_THAT(with_sequence("nope.s"),
              ElementsAre("tables.t.auto_increment.sequence: there is no keyspace 'nope'"));
  EXPECT_THAT(
      with_sequence("commerce.country"),
      ElementsAre(
          "tables.t.auto_increment.sequence: keyspace 'commerce' has no table 'country' of type sequence"));
  EXPECT_THAT(problems(R"({"tables": {"t": {"type": "reference", "source": "gone.t"}}})"),
              ElementsAre("tables.t.source: there is no keyspace 'gone' (there are: commerce, customer)"));
}

TEST(VSchema, CheckFindsLookupsThatCannotBe) {
  const auto lookup = [](const std::string& params, const std::string& owner, const std::string& of_index) {
    return problems(R"({"sharded": true, "vindexes": {"h": {"type": "hash"},
                        "l": {"type": "lookup_unique", "owner": ")" +
                    owner + R"(", "params": {)" + params + R"(}}},
                        "tables": {"u": {"column_vindexes": [{"column": "id", "name": "h"}]}, )" +
                    of_index + R"(
                        "t": {"column_vindexes": [{"column": "id", "name": "h"}, {"column": "v", "name": "l"}]}}})");
  };
  const std::string good = R"("table": "idx", "from": "v", "to": "id")";
  EXPECT_THAT(lookup(good, "t", R"("idx": {"column_vindexes": [{"column": "v", "name": "h"}]},)"), IsEmpty());
  EXPECT_THAT(lookup(good, "t", R"("idx": {"pinned": "00"},)"), IsEmpty());
  EXPECT_THAT(lookup(R"("table": "commerce.idx", "from": "v", "to": "id")", "t", ""), IsEmpty());
  EXPECT_THAT(lookup(good, "t", ""),
              ElementsAre("vindexes.l.params.table: no keyspace, or more than one, has a "
                          "table 'idx': write keyspace.table"));
  EXPECT_THAT(lookup(R"("table": "gone.idx", "from": "v", "to": "id")", "t", ""),
              ElementsAre(HasSubstr("vindexes.l.params.table: there is no keyspace 'gone'")));
  EXPECT_THAT(lookup(good, "t", R"("idx": {"column_vindexes": [{"column": "id", "name": "h"}]},)"),
              ElementsAre("vindexes.l.params.table: table 'idx' is sharded by 'id', which is not in from"));
  EXPECT_THAT(lookup(good, "t", R"("idx": {"type": "reference"},)"),
              ElementsAre(HasSubstr("is a reference")));
  EXPECT_THAT(lookup(good, "u", R"("idx": {"pinned": "00"},)"),
              ElementsAre("vindexes.l.owner: table 'u' does not have this vindex"));
  EXPECT_THAT(lookup(good, "gone", R"("idx": {"pinned": "00"},)"),
              ElementsAre("vindexes.l.owner: there is no table 'gone' in this keyspace"));
  EXPECT_THAT(lookup(R"("table": "idx", "from": "a,b", "to": "id")", "t", R"("idx": {"pinned": "00"},)"),
              ElementsAre("tables.t.column_vindexes[1].columns: 1 columns for vindex 'l', which takes 2"));
  EXPECT_THAT(lookup(good, "t", R"("idx": {"column_vindexes": [{"column": "v", "name": "l"}]},)"),
              ElementsAre(HasSubstr("must be a function of their values; 'l' looks up in a table")));
  EXPECT_THAT(problems(R"({"sharded": true, "vindexes": {"h": {"type": "hash", "owner": "t"}},
                           "tables": {"t": {"column_vindexes": [{"column": "id", "name": "h"}]}}})"),
              ElementsAre("vindexes.h.owner: vindex type hash has no table that rows could be written to"));
}

TEST(VSchema, CheckFindsTablesThatNothingPlaces) {
  const auto table = [](const std::string& fields) {
    return problems(R"({"sharded": true, "vindexes": {"h": {"type": "hash"}}, "tables": {"t": {)" + fields +
                    "}}}");
  };
  EXPECT_THAT(table(""), ElementsAre(HasSubstr("tables.t: nothing says how the table is sharded")));
  EXPECT_THAT(table(R"("type": "sequence")"),
              ElementsAre(HasSubstr("must be in an unsharded keyspace, or pinned")));
  EXPECT_THAT(table(R"("type": "sequence", "pinned": "80")"), IsEmpty());
  EXPECT_THAT(table(R"("pinned": "8")"), ElementsAre(HasSubstr("tables.t.pinned: '8' is not made of pairs")));
  EXPECT_THAT(table(R"("type": "reference", "column_vindexes": [{"column": "a", "name": "h"}])"),
              ElementsAre(HasSubstr("tables.t.column_vindexes: a reference table")));
  EXPECT_THAT(table(R"("column_vindexes": [{"columns": ["a", "A"], "name": "h"}])"),
              ElementsAre("tables.t.column_vindexes[0].columns: 2 columns for vindex 'h', which takes 1",
                          "tables.t.column_vindexes[0].columns: column 'A' is there twice"));
  EXPECT_THAT(table(R"("column_vindexes": [{"column": "a", "name": "h"}], "columns": [{"name": "b"}],
                       "column_list_authoritative": true)"),
              ElementsAre("tables.t.column_vindexes[0]: column 'a' is not in the table's list of columns"));
  EXPECT_THAT(
      require_valid("customer", parse_vschema(R"({"sharded": true, "tables": {"t": {}}})").value(), {})
          .error()
          .text(),
      HasSubstr("KT2101: the vschema of keyspace 'customer' cannot be: tables.t: nothing says"));
}

TEST(VSchemaEdit, AddsTables) {
  VSchema vschema;
  vschema.sharded = true;
  EXPECT_TRUE(add_table(
      vschema, {.name = "t", .columns = {"id"}, .vindex_type = "xxhash", .auto_increment_column = "id"}));
  EXPECT_TRUE(add_table(vschema, {.name = "r", .reference = true}));
  EXPECT_EQ(vschema,
            parse_vschema(R"({"sharded": true, "vindexes": {"xxhash": {"type": "xxhash"}}, "tables": {
      "t": {"column_vindexes": [{"column": "id", "name": "xxhash"}], "auto_increment": {"column": "id"}},
      "r": {"type": "reference"}}})")
                .value());
  EXPECT_THAT(check("customer", vschema, {}), IsEmpty());

  const VSchema before = vschema;
  EXPECT_TRUE(add_table(vschema, {.name = "t", .reference = true, .keep_existing = true}));
  EXPECT_TRUE(add_table(vschema, {.name = "t", .reference = true}).error().is(kTableExists));
  EXPECT_TRUE(
      add_table(vschema, {.name = "u", .columns = {"a"}, .vindex_type = "nope"}).error().is(kBadVSchema));
  EXPECT_TRUE(add_table(vschema, {.name = "u", .columns = {"a", "b"}, .vindex_type = "hash"})
                  .error()
                  .is(kBadVSchema));
  EXPECT_TRUE(
      add_table(vschema, {.name = "u", .columns = {}, .vindex_type = "hash"}).error().is(kBadVSchema));
  EXPECT_TRUE(add_table(vschema, {.name = "u", .columns = {"a"}, .vindex = "xxhash", .vindex_type = "hash"})
                  .error()
                  .is(kBadVSchema));
  EXPECT_EQ(vschema, before);

  VSchema unsharded;
  EXPECT_FALSE(add_table(unsharded, {.name = "t", .columns = {"id"}, .vindex_type = "xxhash"}));
  EXPECT_EQ(unsharded, VSchema{});
}

TEST(VSchemaEdit, AGlobalKeyComesAndGoesWithItsTable) {
  VSchema vschema;
  vschema.sharded = true;
  NewTable table{.name = "account", .columns = {"id"}, .vindex_type = "hash"};
  table.global_keys = {{"name", {"name"}, "unicode_loose_xxhash"}, {"at", {"at", "seat"}, ""}};
  ASSERT_TRUE(add_table(vschema, table));
  EXPECT_THAT(check("customer", vschema, {}), IsEmpty());
  const VindexSpec& by_name = vschema.vindexes.at("account.name");
  EXPECT_EQ(by_name.type, "consistent_lookup_unique");
  EXPECT_EQ(by_name.owner, "account");
  EXPECT_EQ(by_name.params.at("table"), "_kintsugi_unique_account_name");
  EXPECT_EQ(vschema.vindexes.at("account.at").params.at("from"), "at,seat");
  EXPECT_EQ(vschema.tables.at("_kintsugi_unique_account_at").pinned, "00");
  EXPECT_EQ(vschema.tables.at("account").column_vindexes.size(), 3U);
  EXPECT_EQ(parse_vschema(to_json(vschema, true)).value(), vschema);

  ASSERT_TRUE(rename_table(vschema, "account", "accounts"));
  EXPECT_THAT(check("customer", vschema, {}), IsEmpty());
  EXPECT_TRUE(drop_table(vschema, "accounts"));
  EXPECT_THAT(vschema.tables, IsEmpty());
  EXPECT_EQ(vschema.vindexes.size(), 2U) << "hash and unicode_loose_xxhash";
}

TEST(VSchemaEdit, AGlobalKeyOfATableThatExists) {
  VSchema vschema;
  vschema.sharded = true;
  ASSERT_TRUE(add_table(vschema, {.name = "account", .columns = {"id"}, .vindex_type = "hash"}));
  const VSchema before = vschema;
  const GlobalKey key{"name", {"name"}, "unicode_loose_xxhash", true};
  EXPECT_TRUE(add_global_key(vschema, "nothing", key).error().is(kUnknownTable));
  EXPECT_FALSE(use_global_key(vschema, "account", "name"));
  ASSERT_TRUE(add_global_key(vschema, "account", key));
  EXPECT_THAT(check("customer", vschema, {}), IsEmpty());
  EXPECT_EQ(vschema.vindexes.at("account.name").params.at("write_only"), "true");
  EXPECT_TRUE(add_global_key(vschema, "account", key)) << "one that is not filled yet is begun again";
  EXPECT_EQ(vschema.tables.at("account").column_vindexes.size(), 2U);
  ASSERT_TRUE(rename_table(vschema, "account", "accounts"));
  ASSERT_TRUE(use_global_key(vschema, "accounts", "NAME"));
  EXPECT_FALSE(vschema.vindexes.at("account.name").params.contains("write_only"));
  EXPECT_TRUE(add_global_key(vschema, "accounts", key).error().is(kBadVSchema));
  EXPECT_TRUE(drop_global_key(vschema, "accounts", "name"));
  EXPECT_FALSE(drop_global_key(vschema, "accounts", "name"));
  EXPECT_EQ(vschema.tables.size(), 1U);
  EXPECT_EQ(vschema.tables.at("accounts"), before.tables.at("account"));
}

TEST(VSchemaEdit, ForeignKeysFollowTheirTables) {
  VSchema vschema;
  vschema.sharded = true;
  for (const char* name : {"parent", "child"})
    ASSERT_TRUE(add_table(vschema, {.name = name, .columns = {"id"}, .vindex_type = "hash"}));
  const ForeignKeySpec named{.name = "named", .columns = {"a"}, .table = "parent", .parent_columns = {"id"}};
  ForeignKeySpec unnamed = named;
  unnamed.name = "child_ibfk_1";
  ASSERT_TRUE(add_foreign_key(vschema, "child", named));
  ASSERT_TRUE(add_foreign_key(vschema, "child", unnamed));
  EXPECT_TRUE(add_foreign_key(vschema, "child", named).error().is(kBadVSchema));
  EXPECT_TRUE(add_foreign_key(vschema, "nothing", named).error().is(kUnknownTable));
  ASSERT_TRUE(rename_table(vschema, "parent", "father"));
  ASSERT_TRUE(rename_table(vschema, "child", "son"));
  const std::vector<ForeignKeySpec>& keys = vschema.tables.at("son").foreign_keys;
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].table, "father");
  EXPECT_EQ(keys[0].name, "named");
  EXPECT_EQ(keys[1].name, "son_ibfk_1");
  EXPECT_TRUE(drop_foreign_key(vschema, "son", "NAMED"));
  EXPECT_FALSE(drop_foreign_key(vschema, "son", "named"));
}

TEST(VSchemaEdit, TriggersRunInTheirOrder) {
  VSchema vschema = parse_vschema(R"({"sharded": true, "vindexes": {"hash": {"type": "hash"}},
    "tables": {"t": {"column_vindexes": [{"column": "id", "name": "hash"}]}}})")
                        .value();
  const auto trigger = [](const char* name) {
    TriggerSpec spec;
    spec.name = name;
    spec.event = "insert";
    spec.body = "set @x = 1";
    return spec;
  };
  EXPECT_TRUE(add_trigger(vschema, "none", trigger("a"), "", false).error().is(kUnknownTable));
  ASSERT_TRUE(add_trigger(vschema, "t", trigger("b"), "", false));
  ASSERT_TRUE(add_trigger(vschema, "t", trigger("d"), "", false));
  ASSERT_TRUE(add_trigger(vschema, "t", trigger("a"), "b", true));
  ASSERT_TRUE(add_trigger(vschema, "t", trigger("c"), "b", false));
  EXPECT_TRUE(add_trigger(vschema, "t", trigger("e"), "nothing", true).error().is(kBadVSchema));
  EXPECT_TRUE(add_trigger(vschema, "t", trigger("a"), "", false).error().is(kBadVSchema));
  std::string order;
  for (const TriggerSpec& each : vschema.tables.at("t").triggers) order += each.name;
  EXPECT_EQ(order, "abcd");
  VSchema without = vschema;
  without.tables.at("t").triggers.clear();
  keep_routines(without, vschema);
  EXPECT_EQ(without, vschema);
  EXPECT_TRUE(drop_trigger(vschema, "b"));
  EXPECT_FALSE(drop_trigger(vschema, "b"));
  EXPECT_EQ(vschema.tables.at("t").triggers.size(), 3U);
}

TEST(VSchemaEdit, AReferenceTableGetsASource) {
  VSchema vschema = parse_vschema(R"({"sharded": true, "vindexes": {"hash": {"type": "hash"}},
    "tables": {"country": {"type": "reference"},
               "t": {"column_vindexes": [{"column": "id", "name": "hash"}]}}})")
                        .value();
  NewTable rate;
  rate.name = "rate";
  rate.reference = true;
  rate.source = "commerce.rate";
  ASSERT_TRUE(add_table(vschema, rate));
  EXPECT_EQ(vschema.tables["rate"].source, "commerce.rate");
  ASSERT_TRUE(set_source(vschema, "country", "commerce.land"));
  EXPECT_EQ(vschema.tables["country"].source, "commerce.land");
  ASSERT_TRUE(rename_table(vschema, "country", "land"));
  EXPECT_EQ(vschema.tables["land"].source, "commerce.land");
  EXPECT_FALSE(set_source(vschema, "t", "commerce.t"));
  EXPECT_FALSE(set_source(vschema, "gone", "commerce.t"));
}

TEST(VSchemaEdit, KnowsWhatAFunctionUses) {
  VSchema vschema;
  widen_function(vschema, "Total", {});
  EXPECT_TRUE(vschema.functions.empty());
  widen_function(vschema, "Total", {.tables = {"a"}, .calls = {"f"}});
  widen_function(vschema, "total", {.tables = {"b", "a"}, .aggregate = true, .in_gate = true});
  EXPECT_EQ(vschema.functions.at("total"),
            (FunctionSpec{.tables = {"a", "b"}, .calls = {"f"}, .aggregate = true, .in_gate = true}));
  // What one of two definitions writes is written.
  widen_function(vschema, "total", {.tables = {"c", "d"}, .in_gate = true, .only_read = {"c", "d"}});
  widen_function(vschema, "total", {.tables = {"a", "c"}, .in_gate = true, .only_read = {"a"}});
  EXPECT_EQ(vschema.functions.at("total").only_read, (std::vector<std::string>{"d"}));
  set_function(vschema, "TOTAL", {.tables = {"b"}});
  EXPECT_EQ(vschema.functions.at("total"), (FunctionSpec{.tables = {"b"}}));
  set_function(vschema, "total", {});
  EXPECT_TRUE(vschema.functions.empty());
}

TEST(VSchemaEdit, DropsAndRenamesTables) {
  VSchema vschema;
  vschema.sharded = true;
  ASSERT_TRUE(add_table(
      vschema, {.name = "t", .columns = {"id"}, .vindex_type = "hash", .auto_increment_column = "id"}));
  ASSERT_TRUE(rename_table(vschema, "t", "u"));
  EXPECT_EQ(vschema.tables.at("u").auto_increment->sequence, "topology:t");
  EXPECT_TRUE(rename_table(vschema, "t", "v").error().is(kUnknownTable));
  ASSERT_TRUE(add_table(vschema, {.name = "t", .reference = true}));
  EXPECT_TRUE(rename_table(vschema, "t", "u").error().is(kTableExists));
  EXPECT_TRUE(drop_table(vschema, "u"));
  EXPECT_FALSE(drop_table(vschema, "u"));
}

}  // namespace
}  // namespace kintsugi::vschema
