#include "gate/files_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "gate/errors.h"

namespace kintsugi::gate {
namespace {

namespace fs = std::filesystem;

class FilesFolderTest : public ::testing::Test {
 protected:
  FilesFolderTest() {
    fs::remove_all(root_);
    fs::create_directories(root_ / "folder" / "sub");
    std::ofstream(root_ / "outside") << "secret";
  }
  ~FilesFolderTest() override { fs::remove_all(root_); }

  static std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const fs::path root_ = fs::temp_directory_path() / ("kt_files_folder_" + std::to_string(::getpid()));
  const FilesFolder folder_{(root_ / "folder").string()};
};

TEST_F(FilesFolderTest, MakesFilesByRelativeAndAbsoluteNames) {
  for (const std::string& name : {std::string("a"), std::string("sub/b"), (root_ / "folder/c").string()}) {
    Result<FolderFile> file = folder_.create(name);
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_TRUE(file->write(name));
    EXPECT_TRUE(file->close());
  }
  EXPECT_EQ(text_of(root_ / "folder/a"), "a");
  EXPECT_EQ(text_of(root_ / "folder/sub/b"), "sub/b");
  EXPECT_TRUE(fs::exists(root_ / "folder/c"));
  EXPECT_TRUE(folder_.create("a").error().is(kFileExists));
  folder_.remove("sub/b");
  EXPECT_FALSE(fs::exists(root_ / "folder/sub/b"));
}

TEST_F(FilesFolderTest, ReadsInPieces) {
  std::ofstream(root_ / "folder/lines") << "0123456789";
  Result<FolderFile> file = folder_.open("lines");
  ASSERT_TRUE(file) << file.error().text();
  std::string all, piece;
  do {
    ASSERT_TRUE(file->read(piece, 4));
    EXPECT_LE(piece.size(), 4u);
    all += piece;
  } while (!piece.empty());
  EXPECT_EQ(all, "0123456789");
}

TEST_F(FilesFolderTest, NothingLeadsOutOfIt) {
  fs::create_symlink(root_ / "outside", root_ / "folder/link");
  fs::create_directory_symlink(root_, root_ / "folder/up");
  for (const char* name : {"../outside", "sub/../../outside", "link", "up/outside", "/etc/passwd"})
    EXPECT_TRUE(folder_.open(name).error().is(kOutsideFolder)) << name;
  for (const char* name : {"../new", "sub/../../new", "up/new", "/tmp/kt_new"})
    EXPECT_TRUE(folder_.create(name).error().is(kOutsideFolder)) << name;
  folder_.remove("../outside");
  EXPECT_EQ(text_of(root_ / "outside"), "secret");
  const fs::path beside = root_ / "folder2";  // begins with the folder's name
  EXPECT_TRUE(folder_.open(beside.string()).error().is(kOutsideFolder));
}

TEST_F(FilesFolderTest, TellsWhatIsWrongWithAFile) {
  ASSERT_EQ(::mkfifo((root_ / "folder/pipe").c_str(), 0600), 0);
  for (const char* name : {"missing", "sub", "pipe", ""})
    EXPECT_TRUE(folder_.open(name).error().is(kFileNotRead)) << name;
  EXPECT_TRUE(folder_.create("no/folder").error().is(kFileNotMade));
  EXPECT_TRUE(FilesFolder("").create("a").error().is(kFilesOff));
  EXPECT_TRUE(FilesFolder((root_ / "gone").string()).create("a").error().is(kFileNotMade));
}

TEST_F(FilesFolderTest, AFullDiskIsTold) {
  FolderFile full(::open("/dev/full", O_WRONLY | O_CLOEXEC), "full");
  const Result<void> written = full.write("x");
  ASSERT_FALSE(written);
  EXPECT_TRUE(written.error().is(kFileNotWritten));
}

}  // namespace
}  // namespace kintsugi::gate
