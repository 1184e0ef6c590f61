#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

/// Small files of a tablet's folder. All calls block, shortly.
namespace kintsugi::tablet {

/// kNotFound where it does not exist; kDataDirUnusable for any other reason.
Result<std::string> read_file(const std::string& path);
/// Under another name first, flushed, then renamed: a crash leaves the old or the new one.
Result<void> write_file(const std::string& path, std::string_view content, mode_t mode);
/// Makes the folder and those above it.
Result<void> make_folder(const std::string& path, mode_t mode);
/// Adds the content of one file to another's end, and makes that last. Removes the first.
Result<void> append_file(const std::string& from, const std::string& to);
/// Well if there is none.
Result<void> remove_file(const std::string& path);
/// Renames and makes the rename last.
Result<void> rename_folder(const std::string& from, const std::string& to);
/// Makes last what is in the folder and below.
Result<void> flush_tree(const std::string& path);
Result<void> remove_tree(const std::string& path);
/// On the disk of this path, for who is not root; nothing if it cannot be told.
std::optional<std::uint64_t> free_bytes(const std::string& path);
/// Of the files in a data directory and below that a copy of it has: no binlogs, no relay logs. What cannot
/// be read counts nothing.
std::uint64_t data_bytes(const std::string& data_dir);
/// A data directory's binlogs, the oldest first.
std::vector<std::string> binlogs(const std::string& data_dir);
bool path_exists(const std::string& path);
std::uint64_t file_size(const std::string& path);
/// The end of a file from `offset` on, at most `bytes_max` of it.
std::string read_tail(const std::string& path, std::uint64_t offset, std::size_t bytes_max);

}  // namespace kintsugi::tablet
