#include "gate/vschema_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/parser.h"
#include "vschema/testing/snapshot.h"

namespace kintsugi::gate {
namespace {

using ::testing::HasSubstr;

constexpr const char* kVSchema =
    R"({"sharded": true, "vindexes": {"hash": {"type": "hash"}, "spare": {"type": "xxhash"}},
  "tables": {"customer": {"column_vindexes": [{"column": "id", "name": "hash"}], "auto_increment": {"column": "id"}},
             "country": {"type": "reference"}}})";

/// The vschema after the statements, on one line; or what the first that fails says.
std::string altered(std::initializer_list<std::string_view> statements, const char* json = kVSchema) {
  vschema::VSchema vschema = vschema::parse_vschema(json).value();
  for (const std::string_view text : statements) {
    sql::Arena arena;
    const Result<sql::Statement*> statement = sql::parse(text, arena);
    if (!statement) return statement.error().text();
    const auto& alter = *sql::as<sql::AlterVSchema>(*statement);
    const vschema::VSchema before = vschema;
    Result<void> done = apply_change(vschema, alter);
    if (done) done = check_change("shop", before, vschema);
    if (!done) return done.error().text();
    const auto routing =
        vschema::testing::make_snapshot({{"shop", vschema::to_json(vschema, false), {"-80", "80-"}}});
    EXPECT_TRUE(is_routed(*routing->find_keyspace("shop"), alter)) << text;
  }
  return vschema::to_json(vschema, false);
}

TEST(VSchemaChange, ATableComesWithItsVindexAndGoesWithIt) {
  const std::string before = altered({});
  EXPECT_THAT(altered({"alter vschema on corder add vindex hash (customer_id)"}),
              HasSubstr(R"("corder":{"column_vindexes":[{"column":"customer_id","name":"hash"}]})"));
  EXPECT_THAT(
      altered(
          {"alter vschema on corder add vindex own (a) using numeric_static_map with json = '{\"1\": 5}'"}),
      HasSubstr(R"("own":{"type":"numeric_static_map","params":{"json":"{\"1\": 5}"}})"));
  EXPECT_EQ(altered({"alter vschema on corder add vindex hash (customer_id)",
                     "alter vschema on corder drop vindex hash"}),
            before);
  EXPECT_EQ(
      altered({"alter vschema on corder add vindex hash (customer_id)", "alter vschema drop table corder"}),
      before);
}

TEST(VSchemaChange, VindexesComeAndGo) {
  EXPECT_THAT(altered({"alter vschema create vindex shop.other using unicode_loose_xxhash"}),
              HasSubstr(R"("other":{"type":"unicode_loose_xxhash"})"));
  EXPECT_THAT(altered({"alter vschema drop vindex spare"}), Not(HasSubstr("spare")));
}

TEST(VSchemaChange, ALookupIsFilledThenPutIntoUse) {
  const std::string_view index = "alter vschema on idx add vindex spare (email)";
  const std::string_view filling =
      "alter vschema on customer add vindex by_email (email) using lookup_unique with owner=customer, "
      "table=idx, "
      "from=email, to=id, write_only='true'";
  const std::string made = altered({index, filling});
  EXPECT_THAT(made, HasSubstr(R"("write_only":"true"},"owner":"customer"})"));
  const std::string_view used =
      "alter vschema create vindex by_email using lookup_unique with owner=customer, table=idx, from=email, "
      "to=id";
  EXPECT_THAT(altered({index, filling, used}), Not(HasSubstr("write_only")));
  EXPECT_THAT(
      altered({index, filling,
               "alter vschema create vindex by_email using lookup_unique with owner=customer, table=idx, "
               "from=name, to=id"}),
      HasSubstr("there is a vindex 'by_email' of type lookup_unique already"));
  EXPECT_THAT(altered({index, filling, "alter vschema on customer drop vindex by_email"}),
              Not(HasSubstr("owner")));
  EXPECT_THAT(
      altered({"alter vschema on customer add vindex by_email (email) using lookup with owner=country, "
               "table='x.idx', from=email, to=id"}),
      HasSubstr("table 'country' does not have this vindex"));
}

TEST(VSchemaChange, IdsFromASequence) {
  EXPECT_THAT(altered({"alter vschema on customer add auto_increment id using commerce.seq"}),
              HasSubstr(R"("auto_increment":{"column":"id","sequence":"commerce.seq"})"));
  EXPECT_THAT(altered({"alter vschema on customer drop auto_increment"}), Not(HasSubstr("auto_increment")));
}

TEST(VSchemaChange, AnUnshardedKeyspaceHasTablesAndSequences) {
  const char* commerce = R"({"tables": {"product": {}}})";
  EXPECT_THAT(altered({"alter vschema add table city", "alter vschema add sequence seq"}, commerce),
              HasSubstr(R"("seq":{"type":"sequence"})"));
  EXPECT_THAT(altered({"alter vschema add sequence seq", "alter vschema drop sequence seq"}, commerce),
              Not(HasSubstr("seq")));
  EXPECT_THAT(altered({"alter vschema drop sequence product"}, commerce),
              HasSubstr("'product' is no sequence"));
  EXPECT_THAT(altered({"alter vschema create vindex h using hash"}, commerce), HasSubstr("is not sharded"));
}

TEST(VSchemaChange, WhatWouldBeWrongIsRefused) {
  EXPECT_THAT(altered({"alter vschema add table city"}), HasSubstr("nothing says how the table is sharded"));
  EXPECT_THAT(altered({"alter vschema add table customer"}), HasSubstr("has table 'customer' already"));
  EXPECT_THAT(altered({"alter vschema drop table city"}), HasSubstr("has no table 'city'"));
  EXPECT_THAT(altered({"alter vschema drop vindex hash"}), HasSubstr("there is no vindex 'hash'"));
  EXPECT_THAT(altered({"alter vschema drop vindex nothing"}), HasSubstr("there is no vindex 'nothing'"));
  EXPECT_THAT(altered({"alter vschema create vindex hash using xxhash"}),
              HasSubstr("'hash' of type hash already"));
  EXPECT_THAT(altered({"alter vschema create vindex a using hsh"}), HasSubstr("hsh"));
  EXPECT_THAT(altered({"alter vschema on corder add vindex nothing (a)"}),
              HasSubstr("there is no vindex 'nothing'"));
  EXPECT_THAT(altered({"alter vschema on customer add vindex hash (id)"}),
              HasSubstr("has vindex 'hash' already"));
  EXPECT_THAT(altered({"alter vschema on customer drop vindex spare"}), HasSubstr("has no vindex 'spare'"));
  EXPECT_THAT(altered({"alter vschema on city add auto_increment a using s"}),
              HasSubstr("has no table 'city'"));
}

}  // namespace
}  // namespace kintsugi::gate
