#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace kintsugi::gate {

/// A file on the gate's machine that a statement writes or reads: in place, through the page cache, so that
/// the caller's loop waits for it. Closed when it is destroyed.
class FolderFile {
 public:
  FolderFile() = default;
  FolderFile(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  FolderFile(FolderFile&& other) noexcept;
  FolderFile& operator=(FolderFile&& other) noexcept;
  ~FolderFile();

  /// All of it. kFileNotWritten.
  Result<void> write(std::string_view bytes);
  /// As many of the next bytes as there are, `most` at most, into `into`; empty at the end. kFileNotRead.
  Result<void> read(std::string& into, std::size_t most);
  /// kFileNotWritten: what the system had only promised to write.
  Result<void> close();

 private:
  int descriptor_ = -1;
  std::string name_;  // as the statement has it
};

/// The folder in which statements find and make files (the option files_folder). Names are paths within it,
/// or absolute ones that begin with the folder as the option has it. Nothing leads out of it: neither .. nor
/// a link.
class FilesFolder {
 public:
  explicit FilesFolder(std::string folder) : folder_(std::move(folder)) {}

  /// A file that was not there, for its owner to write and its group to read. kFilesOff, kOutsideFolder,
  /// kFileExists, kFileNotMade.
  Result<FolderFile> create(std::string_view name) const;
  /// kFilesOff, kOutsideFolder, kFileNotRead: also of what is no plain file.
  Result<FolderFile> open(std::string_view name) const;
  /// One that create() made and that is not wanted after all. Best effort.
  void remove(std::string_view name) const;

 private:
  std::string within(std::string_view name) const;

  std::string folder_;
};

}  // namespace kintsugi::gate
