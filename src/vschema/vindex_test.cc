#include "vschema/vindex.h"

#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vschema/errors.h"
#include "vschema/uca/weights.h"

namespace kintsugi::vschema {
namespace {

using testing::HasSubstr;

const VindexValue kNull = VindexValue::null();

// The id in hex, or "nowhere".
std::string id(const char* type, const VindexValue& value, const VindexParams& params = {}) {
  const auto vindex = make_vindex(type, params).value();
  const Destination destination = vindex->map(value);
  return destination.kind == Destination::Kind::id ? destination.id.hex() : "nowhere";
}
std::string id(const char* type, const char* text) { return id(type, VindexValue{text}); }

TEST(Vindex, Hash) {
  EXPECT_EQ(id("hash", "1"), "166b40b44aba4bd6");
  EXPECT_EQ(id("hash", "2"), "06e7ea22ce92708f");
  EXPECT_EQ(id("hash", "255"), "254e882e6597f41d");
  EXPECT_EQ(id("hash", "397"), "5584fa738baaf516");
  EXPECT_EQ(id("hash", "29999"), "fcd63e56d3374d88");
  EXPECT_EQ(id("hash", "-1"), id("hash", "18446744073709551615"));
  EXPECT_EQ(id("hash", "1.00"), id("hash", "1"));
  for (const char* text :
       {"", "x", "1x", " 1", "1.5", ".0", "-", "+", "--1", "18446744073709551616", "-9223372036854775809"}) {
    EXPECT_EQ(id("hash", text), "nowhere") << text;
  }
  EXPECT_EQ(id("hash", kNull), "nowhere");
}

TEST(Vindex, HashPlacesTheCustomersOfTheSample) {
  const auto hash = make_vindex("hash", {}).value();
  const KeyRange left = KeyRange::parse("-80").value();
  for (const char* customer : {"1", "2", "3", "5"})
    EXPECT_TRUE(left.contains(hash->map({customer}).id)) << customer;
  EXPECT_FALSE(left.contains(hash->map({"4"}).id));
}

TEST(Vindex, Xxhash) {
  EXPECT_EQ(id("xxhash", "test1"), "d01ab7e4d6978f0b");
  EXPECT_EQ(id("xxhash", "1"), "d46405367612b4b7");
  EXPECT_EQ(id("xxhash", "-1"), "d8e2a6a7c8c7623d");
  EXPECT_EQ(id("xxhash", ""), "99e9d85137db46ef");
  EXPECT_EQ(id("xxhash", kNull), "99e9d85137db46ef");
  EXPECT_EQ(id("xxhash", "18446744073709551615"), "477cfa8d6d8f1f8d");
}

TEST(Vindex, Numeric) {
  EXPECT_EQ(id("numeric", "1"), "0000000000000001");
  EXPECT_EQ(id("numeric", "-1"), "ffffffffffffffff");
  EXPECT_EQ(id("numeric", "14576838375"), "0000000364d8e6e7");
  EXPECT_EQ(id("numeric", "x"), "nowhere");
  EXPECT_EQ(id("numeric", kNull), "nowhere");
}

TEST(Vindex, NumericRangesNeverLoseARow) {
  const auto numeric = make_vindex("numeric", {}).value();
  const auto range = [&](const VindexValue& low, const VindexValue& high) {
    return numeric->map_range(low, high).text();
  };
  EXPECT_EQ(range({"1"}, {"255"}), "0000000000000001-0000000000000100");
  EXPECT_EQ(range({"7"}, {"7"}), "0000000000000007-0000000000000008");
  EXPECT_EQ(range({"7"}, kNull), "0000000000000007-");
  EXPECT_EQ(range({"0"}, {"18446744073709551615"}), "0000000000000000-");
  // Below zero, the order of ids is not that of numbers.
  EXPECT_EQ(range(kNull, {"7"}), "-");
  EXPECT_EQ(range({"-5"}, {"7"}), "-");
  EXPECT_EQ(range({"x"}, {"7"}), "-");
  EXPECT_EQ(make_vindex("hash", {}).value()->map_range({"1"}, {"2"}).text(), "-");
}

TEST(Vindex, NumericStaticMap) {
  const VindexParams map{{"json", R"({"1": 2, "3": 4, "5": 18446744073709551615})"}};
  EXPECT_EQ(id("numeric_static_map", {"1"}, map), "0000000000000002");
  EXPECT_EQ(id("numeric_static_map", {"5"}, map), "ffffffffffffffff");
  EXPECT_EQ(id("numeric_static_map", {"7"}, map), "0000000000000007");
  EXPECT_EQ(id("numeric_static_map", {"x"}, map), "nowhere");

  VindexParams with_fallback = map;
  with_fallback["fallback_type"] = "xxhash";
  EXPECT_EQ(id("numeric_static_map", {"3"}, with_fallback), "0000000000000004");
  EXPECT_EQ(id("numeric_static_map", {"test1"}, with_fallback), "d01ab7e4d6978f0b");

  const std::string path = testing::TempDir() + "numeric_static_map.json";
  std::ofstream(path) << R"({"8": 9})";
  EXPECT_EQ(id("numeric_static_map", {"8"}, {{"json_path", path}}), "0000000000000009");
}

TEST(Vindex, NumericStaticMapRefusesWrongParameters) {
  const auto message = [](VindexParams params) {
    const auto vindex = make_vindex("numeric_static_map", params);
    return vindex ? std::string("made") : vindex.error().message();
  };
  EXPECT_THAT(message({}), HasSubstr("one of the parameters json and json_path"));
  EXPECT_THAT(message({{"json", "{}"}, {"json_path", "x"}}), HasSubstr("one of"));
  EXPECT_THAT(message({{"json", "{"}}), HasSubstr("no JSON"));
  EXPECT_THAT(message({{"json", "[]"}}), HasSubstr("must be an object"));
  EXPECT_THAT(message({{"json", R"({"1": -1})"}}), HasSubstr("entry '1'"));
  EXPECT_THAT(message({{"json_path", "/no/such/file"}}), HasSubstr("cannot read the file /no/such/file"));
  EXPECT_THAT(message({{"json", "{}"}, {"fallback_type", "nope"}}), HasSubstr("unknown vindex type 'nope'"));
}

TEST(Vindex, ReverseBits) {
  EXPECT_EQ(id("reverse_bits", "1"), "8000000000000000");
  EXPECT_EQ(id("reverse_bits", "2"), "4000000000000000");
  EXPECT_EQ(id("reverse_bits", "-1"), "ffffffffffffffff");
  EXPECT_EQ(id("reverse_bits", kNull), "nowhere");
}

TEST(Vindex, BinaryMd5AndNull) {
  EXPECT_EQ(id("binary", "test1"), "7465737431");
  EXPECT_EQ(id("binary", kNull), "");
  EXPECT_EQ(id("binary_md5", "heythere"), "d9e62c0ad204fe91658ecc758049e515");
  EXPECT_EQ(id("null", "1"), "00");
  EXPECT_EQ(id("null", kNull), "00");
}

TEST(Vindex, UnicodeLooseIgnoresCaseAccentsAndTrailingSpaces) {
  for (const char* text : {"Test", "TEst", "Te\u0301st", "T\u00e9st", "Test ", "\uff34est"}) {
    EXPECT_EQ(id("unicode_loose_xxhash", text), "42d21361087a4c07") << text;
    EXPECT_EQ(id("unicode_loose_md5", text), id("unicode_loose_md5", "test")) << text;
  }
  EXPECT_NE(id("unicode_loose_xxhash", " Test"), "42d21361087a4c07");
  EXPECT_EQ(id("unicode_loose_xxhash", kNull), id("unicode_loose_xxhash", "  "));
}

// What the collation library that Vitess calls gives for these texts.
TEST(Vindex, PrimaryWeights) {
  const std::pair<const char*, const char*> vectors[] = {
      {"Test", "1816164c17f31816"},
      {"Stra\u00dfe", "17f3181617bd15ef17f317f3164c"},
      {"\u0152UVRE", "1771164c1836185f17bd164c"},
      {"\u00c5ngstr\u00f6m", "15ef174f169117f3181617bd17711741"},
      {"na\u00efve caf\u00e9", "174f15ef16cd185f164c0109161d15ef1684164c"},
      {"L\u00b7l", "17111711"},
      {"\u043f\u0438\u0442\u044c \u0439 \u0438\u0306", "1a871a0a1aa61b4701091a1f01091a1f"},
      {"\ud55c\uad6d\uc5b4", "316831d43235315631e13232316131d8"},
      {"\ua960\u1161", "31b531d4"},
      {"\u4e2d\u6587\U00020000", "814e2d816587840000"},
      {"\u0e40\u0e01\u0e21 \u0e44\u0e17\u0e22 \u0e41\u0e21\u0e48",
       "248824c224a80109249e24c624a9010924a824c3"},
      {"\u0edc\u0edd", "24e224d624e224dd"},
      {"\ufb01ne \u2460 \uff12", "168416cd174f164c010914e7010914e8"},
      {"\U0001f600", "1297"},
      {"i\u0307I", "16cd16cd"},
      {"\u01c5ungla", "163118951836174f1691171115ef"},
      {"\u0645\u0622\u0628", "1d271c8f1c9e"},
      {"\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd", "1c5c1c531c4d1c54"},
      {"\u3072\u3089\u30ab\u30bf", "32d632e332c132cb"},
      {"\u093d\u0915\u093f", "201e1ff6202b"},
      {"a\u0300\u0301b", "15ef1605"},
      {"\u1e9e \ufb06", "17f317f3010917f31816"},
      {"\U0001d518\U0001d52b\U0001d526", "1836174f16cd"},
      {"\u1100", "3156"},
      {"\u0cc6\u0cc2\u0cd5", "21fc"},
      {"\u03a9\u2260", "195104a1"},
      {"tab\there!", "181615ef1605010016b4164c17bd164c015d"},
      {"\ufdfa", "1cee1d201d4701091c9c1d201d201d3401091cf71d201d481d3401091d3a1ce31d201d27"},
      {"\ufffd", "13d8"},
  };
  for (const auto& [text, hex] : vectors) {
    WeightBytes weights;
    EXPECT_TRUE(primary_weights(text, weights)) << text;
    EXPECT_EQ(topo::to_hex(weights.view()), hex) << text;
  }
}

TEST(Vindex, PrimaryWeightsOfLongText) {
  std::string hex;
  WeightBytes weights;
  EXPECT_TRUE(primary_weights(std::string(1000, 'a'), weights));
  for (int i = 0; i < 1000; ++i) hex += "15ef";
  EXPECT_EQ(topo::to_hex(weights.view()), hex);
}

TEST(Vindex, UnicodeLooseRefusesWhatIsNotUtf8) {
  for (const char* text : {"\xff", "\xc0\x80", "a\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80",
                           "l\xc2", "\xe0\x80\xaf"}) {
    EXPECT_EQ(id("unicode_loose_xxhash", text), "nowhere") << topo::to_hex(text);
  }
}

// The id, or the range of ids, of several values.
std::string place(const char* type, const VindexParams& params, std::vector<VindexValue> values) {
  const Destination destination = make_vindex(type, params).value()->map(values);
  switch (destination.kind) {
    case Destination::Kind::id:
      return destination.id.hex();
    case Destination::Kind::range:
      return destination.range.text();
    case Destination::Kind::none:
      break;
  }
  return "nowhere";
}

std::string refusal(const char* type, const VindexParams& params) {
  const auto vindex = make_vindex(type, params);
  return vindex ? "made" : vindex.error().message();
}

TEST(Vindex, MulticolTakesTheFirstBytesOfEachColumnsId) {
  const VindexParams two{{"column_count", "2"}, {"column_bytes", "1,7"}};
  EXPECT_EQ(place("multicol", two, {{"1"}, {"2"}}), "1606e7ea22ce9270");
  EXPECT_EQ(place("multicol", two, {{"1"}}), "16-17");
  EXPECT_EQ(place("multicol", two, {VindexValue{"x"}, {"2"}}), "nowhere");
  EXPECT_EQ(place("multicol", two, {kNull, {"2"}}), "nowhere");
  // What is not given is shared out: 8 bytes over 3 columns are 3, 3 and 2; what 1 leaves to two is 4 and 3.
  EXPECT_EQ(place("multicol", {{"column_count", "3"}}, {{"1"}, {"2"}, {"255"}}), "166b4006e7ea254e");
  EXPECT_EQ(place("multicol", {{"column_count", "3"}, {"column_bytes", ",1,"}}, {{"1"}, {"2"}, {"255"}}),
            "166b40b406254e88");
}

TEST(Vindex, MulticolPadsBeforeTheNextColumnOnly) {
  const VindexParams params{{"column_count", "3"},
                            {"column_bytes", "1,3,4"},
                            {"column_vindex", "hash,binary,unicode_loose_xxhash"}};
  EXPECT_EQ(place("multicol", params, {{"1"}, {"a"}, {"Test"}}), "1661000042d21361");
  EXPECT_EQ(place("multicol", params, {{"1"}, {"a"}}), "1661-1662");
  EXPECT_EQ(place("multicol", params, {{"1"}}), "16-17");
  const VindexParams short_last{{"column_count", "2"}, {"column_vindex", "hash,binary"}};
  EXPECT_EQ(place("multicol", short_last, {{"1"}, {"a"}}), "166b40b461");
  const auto vindex = make_vindex("multicol", params).value();
  EXPECT_FALSE(vindex->is_loose(0));
  EXPECT_TRUE(vindex->is_loose(2));
  EXPECT_EQ(vindex->columns(), 3U);
}

TEST(Vindex, MulticolRefusesWrongParameters) {
  EXPECT_THAT(refusal("multicol", {}), HasSubstr("column_count: '' is not a number from 1 to 8"));
  EXPECT_THAT(refusal("multicol", {{"column_count", "9"}}), HasSubstr("'9'"));
  EXPECT_THAT(refusal("multicol", {{"column_count", "2"}, {"column_bytes", "4,5"}}), HasSubstr("9 bytes"));
  EXPECT_THAT(refusal("multicol", {{"column_count", "2"}, {"column_bytes", "8"}}), HasSubstr("no byte"));
  EXPECT_THAT(refusal("multicol", {{"column_count", "2"}, {"column_bytes", "1,2,3"}}),
              HasSubstr("3 values for 2 columns"));
  EXPECT_THAT(refusal("multicol", {{"column_count", "2"}, {"column_vindex", "hash,multicol"}}),
              HasSubstr("a function of one column"));
  EXPECT_THAT(refusal("multicol", {{"column_count", "2"}, {"column_vindex", "hsh"}}),
              HasSubstr("did you mean hash?"));
}

TEST(Vindex, RegionExperimentalPutsTheRegionFirst) {
  const VindexParams one{{"region_bytes", "1"}};
  EXPECT_EQ(place("region_experimental", one, {{"1"}, {"1"}}), "01166b40b44aba4bd6");
  EXPECT_EQ(place("region_experimental", one, {{"256"}, {"1"}}), "00166b40b44aba4bd6");
  EXPECT_EQ(place("region_experimental", one, {{"255"}}), "ff-");
  const VindexParams two{{"region_bytes", "2"}};
  EXPECT_EQ(place("region_experimental", two, {{"256"}, {"255"}}), "0100254e882e6597f41d");
  EXPECT_EQ(place("region_experimental", two, {{"256"}}), "0100-0101");
  EXPECT_EQ(place("region_experimental", two, {{"x"}, {"1"}}), "nowhere");
  EXPECT_EQ(place("region_experimental", two, {{"1"}, {"x"}}), "nowhere");
  EXPECT_THAT(refusal("region_experimental", {}), HasSubstr("region_bytes must be 1 or 2"));
}

TEST(Vindex, RegionJsonTakesTheRegionOfACountry) {
  const std::string path = testing::TempDir() + "regions.json";
  std::ofstream(path) << R"({"US": 1, "FR": 258})";
  const VindexParams params{{"region_map", path}, {"region_bytes", "2"}};
  EXPECT_EQ(place("region_json", params, {{"1"}, {"US"}}), "0001166b40b44aba4bd6");
  EXPECT_EQ(place("region_json", params, {{"1"}, {"FR"}}), "0102166b40b44aba4bd6");
  EXPECT_EQ(place("region_json", params, {{"1"}, {"us"}}), "nowhere");
  EXPECT_EQ(place("region_json", params, {{"1"}, kNull}), "nowhere");
  EXPECT_EQ(place("region_json", params, {{"1"}}), "-");
  EXPECT_THAT(refusal("region_json", {{"region_map", path}, {"region_bytes", "1"}}),
              HasSubstr("'FR' is no number of 1 bytes"));
  EXPECT_THAT(refusal("region_json", {{"region_map", "/no/such/file"}, {"region_bytes", "1"}}),
              HasSubstr("cannot read file '/no/such/file'"));
}

TEST(Vindex, CfcHashesEachPieceByItself) {
  EXPECT_EQ(id("cfc", VindexValue{"test1"}), "7465737431");
  const VindexParams xx{{"hash", "xxhash64"}, {"offsets", "[5]"}};
  EXPECT_EQ(id("cfc", VindexValue{"test1"}, xx), "d01ab7e4d6");
  EXPECT_EQ(id("cfc", VindexValue{"test11"}, xx), "d01ab7e4d6d4");
  EXPECT_EQ(id("cfc", VindexValue{"test"}, xx), "nowhere");
  EXPECT_EQ(id("cfc", kNull, xx), "nowhere");
  const VindexParams md5{{"hash", "md5"}, {"offsets", "[2]"}};
  EXPECT_EQ(id("cfc", VindexValue{"ab"}, md5), id("binary_md5", "ab").substr(0, 4));
  EXPECT_EQ(id("cfc", VindexValue{"abheythere"}, md5),
            id("binary_md5", "ab").substr(0, 4) + id("binary_md5", "heythere").substr(0, 16));
  EXPECT_THAT(refusal("cfc", {{"hash", "sha"}}), HasSubstr("neither md5 nor xxhash64"));
  EXPECT_THAT(refusal("cfc", {{"hash", "md5"}, {"offsets", "[4, 2]"}}),
              HasSubstr("no list of rising numbers"));
}

TEST(Vindex, LookupKnowsItsTable) {
  const VindexParams params{{"table", "ks.idx"}, {"from", "a, b"}, {"to", "id"}, {"ignore_nulls", "true"}};
  for (const char* type : {"lookup", "lookup_unique", "consistent_lookup", "consistent_lookup_unique"}) {
    const auto vindex = make_vindex(type, params).value();
    const Lookup& lookup = *vindex->lookup();
    EXPECT_EQ(lookup.table, "ks.idx");
    EXPECT_THAT(lookup.from, testing::ElementsAre("a", "b"));
    EXPECT_TRUE(lookup.ignore_nulls && !lookup.write_only && lookup.verify);
    EXPECT_EQ(vindex->columns(), 2U);
    EXPECT_EQ(vindex->type().unique, std::string_view(type).ends_with("unique"));
    EXPECT_EQ(place(type, params, {{"1"}, {"2"}}), "-") << "what the table says is not known here";
  }
  EXPECT_THAT(refusal("lookup", {}), HasSubstr("parameter table is missing"));
  EXPECT_THAT(refusal("lookup", {{"table", "t"}, {"from", "a,"}}), HasSubstr("must name columns"));
  EXPECT_THAT(refusal("lookup", {{"table", "t"}, {"from", "a,a"}}), HasSubstr("'a' is there twice"));
  EXPECT_THAT(refusal("lookup", {{"table", "t"}, {"from", "a"}}), HasSubstr("parameter to is missing"));
  EXPECT_THAT(refusal("lookup", {{"table", "t"}, {"from", "a"}, {"to", "a"}}), HasSubstr("both in from"));
  EXPECT_THAT(refusal("lookup", {{"table", "t"}, {"from", "a"}, {"to", "b"}, {"write_only", "yes"}}),
              HasSubstr("write_only must be true or false, not 'yes'"));
  EXPECT_THAT(refusal("lookup", {{"table", "t"}, {"from", "a"}, {"to", "b"}, {"read_lock", "x"}}),
              HasSubstr("read_lock must be exclusive, shared or none"));
}

TEST(Vindex, UnknownTypesAndParametersAreNamed) {
  EXPECT_THAT(make_vindex("xxhsh", {}).error().message(), HasSubstr("did you mean xxhash?"));
  EXPECT_THAT(make_vindex("mystery", {}).error().message(), HasSubstr("there are hash, xxhash"));
  EXPECT_THAT(make_vindex("hash", {{"table", "t"}}).error().message(), HasSubstr("no parameter 'table'"));
  EXPECT_TRUE(make_vindex("hush", {}).error().is(kBadVSchema));
}

TEST(Vindex, TypesAreListedOnce) {
  std::set<std::string_view> names;
  for (const VindexType* type : vindex_types()) {
    EXPECT_TRUE(names.insert(type->name).second) << type->name;
    EXPECT_EQ(find_vindex_type(type->name), type);
    EXPECT_FALSE(type->summary.empty()) << type->name;
    EXPECT_THAT(vindex_reference_markdown(), HasSubstr("| `" + std::string(type->name) + "` |"));
  }
  EXPECT_EQ(names.size(), 18U);
}

}  // namespace
}  // namespace kintsugi::vschema
