#include "tablet/detail/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tablet/errors.h"

namespace kintsugi::tablet {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> failed(const std::string& what, int error) {
  return failure(kDataDirUnusable, what + ": " + std::strerror(error));
}

Result<void> flush(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed("cannot open " + path, errno);
  const int result = ::fsync(fd);
  const int error = errno;
  ::close(fd);
  if (result != 0) return failed("cannot flush " + path, error);
  return {};
}

Result<void> write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("cannot write " + path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd) != 0) return failed("cannot flush " + path, errno);
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno == ENOENT) return failure(kNotFound, path + " does not exist");
    return failed("cannot read " + path, errno);
  }
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

Result<void> write_file(const std::string& path, std::string_view content, mode_t mode) {
  const std::string temporary = path + ".new";
  ::unlink(temporary.c_str());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return failed("cannot create " + temporary, errno);
  Result<void> written = write_all(fd, content, temporary);
  ::close(fd);
  if (!written) return written;
  if (::rename(temporary.c_str(), path.c_str()) != 0) return failed("cannot rename " + temporary, errno);
  return flush(fs::path(path).parent_path().string());
}

Result<void> make_folder(const std::string& path, mode_t mode) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error) return failure(kDataDirUnusable, "cannot make the folder of " + path + ": " + error.message());
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) return failed("cannot make " + path, errno);
  return {};
}

Result<void> append_file(const std::string& from, const std::string& to) {
  std::ifstream in(from, std::ios::binary);
  if (!in) return failed("cannot read " + from, errno);
  std::ofstream out(to, std::ios::binary | std::ios::app);
  if (in.peek() != std::ifstream::traits_type::eof()) out << in.rdbuf();
  out.close();
  if (!out || in.bad()) return failed("cannot append " + from + " to " + to, errno);
  if (Result<void> flushed = flush(to); !flushed) return flushed;
  return remove_file(from);
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed("cannot remove " + path, errno);
  return {};
}

Result<void> rename_folder(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failed("cannot rename " + from + " to " + to, errno);
  return flush(fs::path(to).parent_path().string());
}

Result<void> flush_tree(const std::string& path) {
  std::error_code error;
  fs::recursive_directory_iterator entries(path, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    if (!entries->is_regular_file() && !entries->is_directory()) continue;
    if (Result<void> flushed = flush(entries->path().string()); !flushed) return flushed;
  }
  if (error) return failure(kDataDirUnusable, "cannot read " + path + ": " + error.message());
  return flush(path);
}

Result<void> remove_tree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return failure(kDataDirUnusable, "cannot remove " + path + ": " + error.message());
  return {};
}

std::optional<std::uint64_t> free_bytes(const std::string& path) {
  struct statvfs disk{};
  if (::statvfs(path.c_str(), &disk) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
}

std::uint64_t data_bytes(const std::string& data_dir) {
  std::uint64_t sum = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator each(data_dir, error), end; !error && each != end;
       each.increment(error)) {
    const std::string name = each->path().filename();
    std::error_code gone;
    if (name.starts_with("binlog.") || name.starts_with("relay") || !each->is_regular_file(gone)) continue;
    const std::uint64_t size = each->file_size(gone);
    if (!gone) sum += size;
  }
  return sum;
}

std::vector<std::string> binlogs(const std::string& data_dir) {
  std::vector<std::string> paths;
  std::error_code error;
  for (std::filesystem::directory_iterator each(data_dir, error), end; !error && each != end;
       each.increment(error)) {
    const std::string name = each->path().filename();
    const std::string_view number = std::string_view(name).substr(name.find('.') + 1);
    const bool is_log = name.starts_with("binlog.") && !number.empty() &&
                        number.find_first_not_of("0123456789") == std::string_view::npos;
    if (is_log) paths.push_back(each->path());
  }
  // "binlog.1000000" comes after "binlog.999999".
  std::ranges::sort(paths, [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return paths;
}

bool path_exists(const std::string& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0;
}

std::uint64_t file_size(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::string read_tail(const std::string& path, std::uint64_t offset, std::size_t bytes_max) {
  std::ifstream file(path, std::ios::binary);
  const std::uint64_t size = file_size(path);
  if (!file || size <= offset) return {};
  const std::uint64_t start = size - offset > bytes_max ? size - bytes_max : offset;
  std::string tail(static_cast<std::size_t>(size - start), '\0');
  file.seekg(static_cast<std::streamoff>(start));
  file.read(tail.data(), static_cast<std::streamsize>(tail.size()));
  tail.resize(static_cast<std::size_t>(file.gcount()));
  return tail;
}

}  // namespace kintsugi::tablet
