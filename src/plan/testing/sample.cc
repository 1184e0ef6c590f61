#include "plan/testing/sample.h"

#include <cstdio>
#include <cstdlib>

#include "sql/parser.h"
#include "vschema/testing/snapshot.h"

namespace kintsugi::plan::testing {

namespace {

Column column(std::string name, std::string type) {
  Column made;
  made.name = std::move(name);
  made.type = std::move(type);
  made.declared = made.type == "varchar" ? "varchar(64)" : made.type == "binary" ? "binary(4)" : made.type;
  made.type_class = ColumnClass::kOther;
  if (made.type.ends_with("int")) made.type_class = ColumnClass::kInteger;
  if (made.type == "varchar") {
    made.type_class = ColumnClass::kText;
    made.collation = "utf8mb4_general_ci";
    made.length = 64;
  }
  if (made.type == "binary") {
    made.type_class = ColumnClass::kBinary;
    made.length = 4;
  }
  return made;
}

Column with_collation(Column made, std::string collation) {
  made.collation = std::move(collation);
  return made;
}

Column key(Column made, bool auto_increment = false) {
  made.nullable = false;
  made.auto_increment = auto_increment;
  return made;
}

Column unsigned_key(Column made) {
  made.is_unsigned = true;
  return key(std::move(made));
}

Schema::Entry table(std::string keyspace, std::string name, std::vector<Column> columns) {
  auto made = std::make_shared<Table>();
  made->keyspace = std::move(keyspace);
  made->name = std::move(name);
  made->columns = std::move(columns);
  made->primary_key = {made->columns.front().name};
  return made;
}

Schema::Entry view(std::string name, std::vector<Column> columns, std::string definition, bool updatable) {
  auto made = std::make_shared<Table>();
  made->keyspace = "customer";
  made->name = std::move(name);
  made->columns = std::move(columns);
  made->view = true;
  made->definition = std::move(definition);
  made->updatable = updatable;
  return made;
}

Schema::Entry without_key(Schema::Entry from) {
  auto made = std::make_shared<Table>(*from);
  made->primary_key.clear();
  return made;
}

Column with_default(Column made, std::string sql) {
  made.has_default = true;
  made.default_sql = std::move(sql);
  return made;
}

Schema::Entry with_unique_key(Schema::Entry from, std::string column) {
  auto made = std::make_shared<Table>(*from);
  made->unique_keys.push_back({column});
  made->unique_key_names.push_back(std::move(column));
  return made;
}

constexpr const char* kCustomer = R"({"sharded": true,
           "vindexes": {"hash": {"type": "hash"}, "xx": {"type": "xxhash"}, "numeric": {"type": "numeric"},
                        "loose": {"type": "unicode_loose_xxhash"},
                        "email_idx": {"type": "lookup_unique", "owner": "person", "params":
                          {"table": "commerce.email_idx", "from": "email", "to": "keyspace_id"}},
                        "city_idx": {"type": "lookup", "owner": "person", "params":
                          {"table": "city_idx", "from": "city", "to": "keyspace_id", "ignore_nulls": "true"}},
                        "nick_idx": {"type": "lookup", "owner": "person", "params":
                          {"table": "nick_idx", "from": "nick", "to": "keyspace_id", "ignore_nulls": "true"}},
                        "phone_idx": {"type": "lookup", "owner": "person", "params":
                          {"table": "commerce.phone_idx", "from": "phone", "to": "keyspace_id",
                           "ignore_nulls": "true", "write_only": "true"}},
                        "tenant": {"type": "multicol", "params": {"column_count": "2", "column_bytes": "1,7"}}},
           "tables": {
             "customer": {"column_vindexes": [{"column": "customer_id", "name": "hash"}],
                          "auto_increment": {"column": "customer_id", "sequence": "customer_seq"}},
             "corder": {"column_vindexes": [{"column": "customer_id", "name": "hash"}],
                        "auto_increment": {"column": "order_id"}},
             "address": {"column_vindexes": [{"column": "customer_id", "name": "hash"}]},
             "country": {"type": "reference"},
             "tag": {"column_vindexes": [{"column": "name", "name": "xx"}]},
             "note": {"column_vindexes": [{"column": "name", "name": "xx"}]},
             "account": {"column_vindexes": [{"column": "name", "name": "loose"}]},
             "token": {"column_vindexes": [{"column": "id", "name": "xx"}]},
             "metric": {"column_vindexes": [{"column": "id", "name": "numeric"}]},
             "invoice": {"column_vindexes": [{"columns": ["tenant_id", "id"], "name": "tenant"}]},
             "person": {"column_vindexes": [{"column": "id", "name": "hash"}, {"column": "city", "name": "city_idx"},
               {"column": "email", "name": "email_idx"}, {"column": "nick", "name": "nick_idx"},
               {"column": "phone", "name": "phone_idx"}],
               "auto_increment": {"column": "id"}},
             "city_idx": {"column_vindexes": [{"column": "city", "name": "loose"}]},
             "nick_idx": {"pinned": "00"},
             "rate": {"type": "reference", "source": "commerce.rate"},
             "visit": {"column_vindexes": [{"column": "page", "name": "xx"}]},
             "depot": {"column_vindexes": [{"column": "id", "name": "hash"}]},
             "parcel": {"column_vindexes": [{"column": "id", "name": "hash"}],
               "foreign_keys": [{"name": "of_depot", "columns": ["depot_id"], "table": "depot",
                                 "parent_columns": ["id"], "on_delete": "cascade"}]},
             "stamp": {"column_vindexes": [{"column": "id", "name": "hash"}],
               "foreign_keys": [{"name": "of_parcel", "columns": ["parcel_id"], "table": "parcel",
                                 "parent_columns": ["code"], "on_update": "set null"}]},
             "shelf": {"column_vindexes": [{"column": "id", "name": "hash"}],
               "triggers": [
                 {"name": "shelf_made", "event": "insert", "body": "insert into tag set name = new.label", "new_columns": ["label"]},
                 {"name": "shelf_moved", "event": "update", "body": "update tag set name = new.label where name = old.label", "old_columns": ["label"], "new_columns": ["label"]},
                 {"name": "shelf_gone", "event": "delete", "body": "delete from tag where name = old.label", "old_columns": ["label"]}]},
             "desk": {"column_vindexes": [{"column": "id", "name": "hash"}],
               "triggers": [
                 {"name": "desk_in", "time": "before", "event": "insert", "body": "set new.id = (select max(id) from shelf), new.place = 2", "new_columns": ["id", "place", "label"], "set_columns": ["id", "place"]},
                 {"name": "desk_up", "time": "before", "event": "update", "body": "set new.label = (select max(label) from shelf) ", "old_columns": ["place"], "new_columns": ["label", "place"], "set_columns": ["label"]},
                 {"name": "desk_out", "time": "before", "event": "delete", "body": "delete from tag where name = old.label", "old_columns": ["label"]}]},
             "ledger": {"pinned": "00"}},
           "functions": {
             "spent_by": {"tables": ["corder"]},
             "next_id": {"tables": ["tag"], "in_gate": true},
             "calls_next": {"calls": ["next_id"]},
             "rank_of": {"tables": ["country"], "calls": ["spent_by", "rank_of"]},
             "title_of": {"tables": ["country"]},
             "totals": {"tables": ["corder", "address"]},
             "middle": {"aggregate": true}}})";

}  // namespace

std::shared_ptr<const vschema::Snapshot> sample_routing() {
  static const auto kSnapshot = vschema::testing::make_snapshot({
      {"commerce",
       R"({"tables": {"product": {}, "customer_seq": {"type": "sequence"}, "order_seq": {"type": "sequence"}}})",
       {"-"}},
      {"customer", kCustomer, {"-80", "80-"}},
      {"lone",
       R"({"sharded": true, "vindexes": {"hash": {"type": "hash"}},
           "tables": {"item": {"column_vindexes": [{"column": "id", "name": "hash"}]},
                      "fx": {"type": "reference", "source": "commerce.rate"}},
           "functions": {"items": {"tables": ["item"]}}})",
       {"-"}},
  });
  return kSnapshot;
}

std::shared_ptr<const Schema> sample_schema() {
  static const auto kSchema = Schema().with({
      table("customer", "customer", {key(column("customer_id", "bigint"), true), column("email", "varchar")}),
      table("customer", "corder",
            {key(column("order_id", "bigint"), true), key(column("customer_id", "bigint")),
             column("sku", "varchar"), column("price", "bigint")}),
      table("customer", "address",
            {key(column("address_id", "int")), key(column("customer_id", "bigint")),
             column("city", "varchar")}),
      table("customer", "country", {key(column("code", "varchar")), column("title", "varchar")}),
      table("customer", "tag",
            {key(with_collation(column("name", "varchar"), "utf8mb4_bin")), column("weight", "int")}),
      table("customer", "note", {key(column("name", "varchar")), column("body", "varchar")}),
      table("customer", "account", {key(column("name", "varchar")), column("balance", "int")}),
      table("customer", "token", {key(column("id", "binary")), column("owner", "bigint")}),
      table("customer", "metric", {unsigned_key(column("id", "bigint")), column("value", "int")}),
      table("customer", "invoice",
            {key(column("id", "bigint")), key(column("tenant_id", "bigint")), column("total", "bigint")}),
      with_unique_key(
          table("customer", "person",
                {key(column("id", "bigint"), true), column("email", "varchar"), column("city", "varchar"),
                 column("nick", "varchar"), column("phone", "varchar")}),
          "email"),
      table("customer", "city_idx", {key(column("city", "varchar")), key(column("keyspace_id", "binary"))}),
      table("customer", "nick_idx",
            {key(with_collation(column("nick", "varchar"), "utf8mb4_bin")),
             key(column("keyspace_id", "binary"))}),
      table("commerce", "email_idx", {key(column("email", "varchar")), column("keyspace_id", "binary")}),
      table("commerce", "phone_idx", {key(column("phone", "varchar")), key(column("keyspace_id", "binary"))}),
      table("customer", "ledger", {key(column("id", "bigint")), column("amount", "int")}),
      view("cheap", {column("id", "bigint"), column("customer_id", "bigint"), column("twice", "bigint")},
           "select `customer`.`corder`.`order_id` AS `id`,`customer`.`corder`.`customer_id` AS `customer_id`,"
           "2 * `customer`.`corder`.`price` AS `twice` from `customer`.`corder` "
           "where `customer`.`corder`.`price` < 10",
           true),
      view("cheaper", {column("id", "bigint"), column("customer_id", "bigint")},
           "select `cheap`.`id` AS `id`,`cheap`.`customer_id` AS `customer_id` from `customer`.`cheap` "
           "where `cheap`.`twice` < 10",
           true),
      view("spent", {column("customer_id", "bigint"), column("total", "decimal")},
           "select `customer`.`corder`.`customer_id` AS `customer_id`,sum(`customer`.`corder`.`price`) AS "
           "`total` "
           "from `customer`.`corder` group by `customer`.`corder`.`customer_id`",
           false),
      table("commerce", "product", {key(column("sku", "varchar")), column("price", "bigint")}),
      table("commerce", "rate",
            {key(column("id", "int"), true), column("code", "varchar"), column("value", "double"),
             with_default(column("token", "varchar"), "uuid()")}),
      table("customer", "rate",
            {key(column("id", "int"), true), column("code", "varchar"), column("value", "double"),
             with_default(column("token", "varchar"), "uuid()")}),
      without_key(table("customer", "visit",
                        {column("page", "varchar"), column("seconds", "float"), column("at", "datetime")})),
      table("customer", "depot", {key(column("id", "bigint")), column("city", "varchar")}),
      with_unique_key(
          table("customer", "parcel",
                {key(column("id", "bigint")), column("depot_id", "bigint"), column("code", "int")}),
          "code"),
      table("customer", "shelf", {key(column("id", "bigint")), column("label", "varchar")}),
      table("customer", "desk",
            {key(column("id", "bigint")), column("label", "varchar"), column("place", "bigint")}),
      table("customer", "stamp", {key(column("id", "bigint")), column("parcel_id", "int")}),
      table("lone", "item", {key(column("id", "bigint")), column("title", "varchar")}),
  });
  return kSchema;
}

std::shared_ptr<const TemporaryTables> sample_temporary() {
  const auto made = [](std::string_view sql) {
    sql::Arena arena;
    Result<sql::Statement*> statement = sql::parse(sql, arena);
    if (!statement) std::abort();
    return *read_temporary_table(*sql::as<sql::CreateTable>(*statement), "customer", "-80", "");
  };
  TemporaryTable gone = made("create temporary table gone (id int)");
  gone.lost = "the connection to zone1-100 was lost";
  return TemporaryTables()
      .with(made("create temporary table tmp (id bigint primary key, v varchar(64))"))
      ->with(made("create temporary table address (only_mine int)"))
      ->with(std::move(gone));
}

PlanContext sample_context(std::string keyspace) {
  PlanContext context;
  context.routing = sample_routing();
  context.schema = sample_schema();
  context.keyspace = std::move(keyspace);
  return context;
}

Result<Planned> plan_text(std::string_view sql, const PlanContext& context) {
  sql::Arena arena;
  Result<sql::Statement*> statement = sql::parse(sql, arena);
  if (!statement) {
    std::fprintf(stderr, "%.*s\n%s\n", static_cast<int>(sql.size()), sql.data(),
                 statement.error().text().c_str());
    std::abort();
  }
  return plan(**statement, sql, context);
}

}  // namespace kintsugi::plan::testing
