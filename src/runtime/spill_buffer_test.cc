#include "runtime/spill_buffer.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "runtime/errors.h"

namespace kintsugi::runtime {
namespace {

/// Numbers in order, so that a byte lost, doubled or moved shows.
std::string numbers(int first, int count) {
  std::string out;
  for (int i = first; i < first + count; ++i) out += std::to_string(i) + ',';
  return out;
}

std::string read_all(SpillBuffer& buffer, std::size_t wanted) {
  std::string out;
  while (buffer.size() > 0) {
    Result<std::span<char>> bytes = buffer.read(wanted);
    EXPECT_TRUE(bytes) << bytes.error().text();
    if (!bytes || bytes->empty()) break;
    EXPECT_GE(bytes->size(), std::min<std::uint64_t>(wanted, buffer.size()));
    const std::size_t taken = std::min(bytes->size(), wanted);
    out.append(bytes->data(), taken);
    buffer.consume(taken);
  }
  return out;
}

TEST(SpillBuffer, KeepsFewBytesInMemory) {
  SpillBudget budget;
  {
    SpillBuffer buffer(budget);
    ASSERT_TRUE(buffer.append("abc"));
    ASSERT_TRUE(buffer.append("def"));
    EXPECT_FALSE(buffer.is_on_disk());
    EXPECT_EQ(budget.memory_used, 6u);
    EXPECT_EQ(read_all(buffer, 4), "abcdef");
    EXPECT_EQ(buffer.size(), 0u);
    EXPECT_TRUE(buffer.read(1)->empty());
  }
  EXPECT_EQ(budget.memory_used, 0u);
}

TEST(SpillBuffer, MovesToAFileAndComesBackWhole) {
  SpillBudget budget;
  budget.buffer_memory_max = 1000;
  const std::string all = numbers(0, 200'000);
  for (const std::size_t piece : {7UL, 999UL, 4096UL, 300'000UL}) {
    SpillBuffer buffer(budget);
    for (std::size_t at = 0; at < all.size(); at += piece) {
      ASSERT_TRUE(buffer.append(std::string_view(all).substr(at, piece)));
    }
    EXPECT_TRUE(buffer.is_on_disk());
    EXPECT_EQ(budget.memory_used, 0u);
    EXPECT_EQ(budget.disk_used, all.size());
    SpillBuffer moved = std::move(buffer);
    EXPECT_TRUE(read_all(moved, piece) == all) << "in pieces of " << piece;
  }
  EXPECT_EQ(budget.disk_used, 0u);
}

TEST(SpillBuffer, UsesAFileAtOnceWhenTheMemoryOfAllIsUsedUp) {
  SpillBudget budget;
  budget.memory_max = 10;
  SpillBuffer first(budget), second(budget);
  ASSERT_TRUE(first.append("12345678"));
  ASSERT_TRUE(second.append("abcd"));
  EXPECT_FALSE(first.is_on_disk());
  EXPECT_TRUE(second.is_on_disk());
  EXPECT_EQ(read_all(second, 2), "abcd");
}

TEST(SpillBuffer, SaysWhenTheDiskOfAllIsUsedUp) {
  SpillBudget budget;
  budget.buffer_memory_max = 0;
  budget.disk_max = 10;
  SpillBuffer first(budget);
  ASSERT_TRUE(first.append("12345678"));
  {
    SpillBuffer second(budget);
    Result<void> appended = second.append("abcd");
    ASSERT_FALSE(appended);
    EXPECT_TRUE(appended.error().is(kSpillFull));
    EXPECT_EQ(appended.error().mysql_errno(), 1114);
  }
  EXPECT_EQ(budget.disk_used, 8u);
}

TEST(SpillBuffer, SaysWhichFolderCannotBeUsed) {
  SpillBudget budget;
  budget.buffer_memory_max = 0;
  budget.folder = "/proc/nowhere";
  SpillBuffer buffer(budget);
  Result<void> appended = buffer.append("abcd");
  ASSERT_FALSE(appended);
  EXPECT_TRUE(appended.error().is(kSpillFailed));
  EXPECT_NE(appended.error().message().find("/proc/nowhere"), std::string::npos);
}

TEST(SpillBuffer, LeavesNothingInTheFolder) {
  SpillBudget budget;
  std::string folder = std::filesystem::temp_directory_path() / "kintsugi-spill-test-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  budget.folder = folder;
  budget.buffer_memory_max = 0;
  {
    SpillBuffer buffer(budget);
    ASSERT_TRUE(buffer.append("abcd"));
    EXPECT_TRUE(std::filesystem::is_empty(folder));
  }
  std::filesystem::remove(folder);
}

}  // namespace
}  // namespace kintsugi::runtime
