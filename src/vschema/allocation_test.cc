#include <cstdlib>
#include <new>
#include <vector>

#include <gtest/gtest.h>

#include "vschema/testing/snapshot.h"

#ifndef KINTSUGI_SANITIZED

namespace {
thread_local std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace kintsugi::vschema {
namespace {

// From a value to its shard is on the way of every query.
TEST(Allocation, RoutingByAValueTakesNone) {
  const auto snapshot = testing::commerce_snapshot();
  const Keyspace& keyspace = *snapshot->find_keyspace("customer");
  for (const VindexType* type : vindex_types()) {
    if (type->needs_table || type->name == "region_json") continue;  // they take more than values
    VindexParams params;
    if (type->name == "numeric_static_map") params["json"] = R"({"1": 2})";
    if (type->name == "multicol") params["column_count"] = "2";
    if (type->name == "region_experimental") params["region_bytes"] = "1";
    if (type->name == "cfc") params = {{"hash", "xxhash64"}, {"offsets", "[1]"}};
    const auto vindex = make_vindex(type->name, params).value();
    for (const VindexValue& value : {VindexValue{"1"}, VindexValue{"Größe 12"}, VindexValue::null()}) {
      const std::vector<VindexValue> values(vindex->columns(), value);
      const std::size_t before = allocations;
      const Destination destination = vindex->map(values);
      const bool found =
          destination.kind != Destination::Kind::id || keyspace.shard_of(destination.id) != nullptr;
      EXPECT_EQ(allocations - before, 0U) << type->name;
      EXPECT_TRUE(found);
    }
  }
  const std::size_t before = allocations;
  const bool found = snapshot->find_table("customer", "customer").has_value() &&
                     snapshot->find_table("", "corder").has_value() &&
                     snapshot->find_shard("customer", "-80") != nullptr;
  EXPECT_EQ(allocations - before, 0U);
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace kintsugi::vschema

#endif
