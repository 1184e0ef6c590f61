#include "cli/format.h"

#include <gtest/gtest.h>

#include "cli/text_table.h"
#include "kintsugi/topo/v1/topo.pb.h"

namespace kintsugi::cli {
namespace {

TEST(Format, TabletLine) {
  topo::v1::Tablet tablet;
  tablet.set_alias("zone1-118374573");
  tablet.set_keyspace("customer");
  tablet.set_shard("80-");
  tablet.set_type(topo::v1::primary);
  tablet.mutable_address()->set_host("10.233.117.118");
  tablet.mutable_address()->set_http_port(15000);
  tablet.mutable_address()->set_mysql_port(3306);
  tablet.mutable_primary_since()->set_seconds(1646818498);
  EXPECT_EQ(tablet_line(tablet),
            "zone1-118374573 customer 80- primary 10.233.117.118:15000 10.233.117.118:3306 [] "
            "2022-03-09T09:34:58Z");
  tablet.set_type(topo::v1::replica);
  tablet.clear_primary_since();
  (*tablet.mutable_tags())["pool"] = "a \"b\"";
  (*tablet.mutable_tags())["disk"] = "ssd";
  EXPECT_EQ(tablet_line(tablet),
            "zone1-118374573 customer 80- replica 10.233.117.118:15000 10.233.117.118:3306 "
            R"([disk: "ssd" pool: "a \"b\""] <null>)");
}

TEST(TextTable, AlignsWithoutTrailingSpaces) {
  TextTable table({"NAME", "SHARDS"});
  table.add({"commerce", "-"});
  table.add({"c", "-80 80-"});
  EXPECT_EQ(table.text(), "NAME      SHARDS\ncommerce  -\nc         -80 80-\n");
}

TEST(Format, JsonStringsAreAlwaysUtf8) {
  EXPECT_EQ(json_string("a\"b\\c\n"), R"("a\"b\\c\u000a")");
  EXPECT_EQ(json_string("\xe9\x87\x91"), "\"\xe9\x87\x91\"");
  EXPECT_EQ(json_string("a\xff\xe9\x87z"), "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\"");
}

}  // namespace
}  // namespace kintsugi::cli
