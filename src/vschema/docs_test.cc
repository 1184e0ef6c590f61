#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/source_dir.h"
#include "vschema/vindex.h"
#include "vschema/vschema.h"

namespace kintsugi::vschema {
namespace {

std::string page_path() { return source_dir() + "/docs/vschema.md"; }

std::string read_page() {
  std::stringstream text;
  text << std::ifstream(page_path()).rdbuf();
  return text.str();
}

// The chapter is made of the table of types: ./dev rewrite vschema.
TEST(Docs, VindexTypesAreThoseOfTheCode) {
  constexpr std::string_view kBegin = "<!-- vindexes: begin -->\n";
  std::string page = read_page();
  const std::size_t begin = page.find(kBegin);
  const std::size_t end = page.find("<!-- vindexes: end -->");
  ASSERT_NE(begin, std::string::npos);
  ASSERT_LT(begin, end);
  const std::size_t from = begin + kBegin.size();
  const std::string wanted = vindex_reference_markdown();
  if (std::getenv("KINTSUGI_REWRITE") != nullptr) {
    std::ofstream(page_path()) << page.replace(from, end - from, wanted);
    return;
  }
  EXPECT_EQ(page.substr(from, end - from), wanted) << "./dev rewrite vschema";
}

TEST(Docs, TheExampleIsValid) {
  const std::string page = read_page();
  const std::size_t begin = page.find("```json\n") + 8;
  const Result<VSchema> example = parse_vschema(page.substr(begin, page.find("```", begin) - begin));
  ASSERT_TRUE(example) << example.error().text();
  EXPECT_THAT(check("customer", *example, {}), testing::IsEmpty());
  EXPECT_EQ(to_json(*example, true), page.substr(begin, page.find("```", begin) - begin))
      << "shown as `vschema show` writes";
}

TEST(Docs, TheExampleOfAnIdIsTrue) {
  const KeyspaceId id = make_vindex("hash", {}).value()->map({"4"}).id;
  EXPECT_NE(read_page().find("customer_id = 4 ── hash ──> " + id.hex()), std::string::npos) << id.hex();
}

}  // namespace
}  // namespace kintsugi::vschema
