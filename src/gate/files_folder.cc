#include "gate/files_folder.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "gate/errors.h"

namespace kintsugi::gate {
namespace {

constexpr mode_t kMode = 0640;

/// Closes what it has, at the end of a scope.
class Opened {
 public:
  explicit Opened(int descriptor) : descriptor_(descriptor) {}
  ~Opened() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  int get() const { return descriptor_; }
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

int open_folder(const std::string& folder) {
  return ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/// As openat(), but nothing in the path leads out of the folder, and it has no links.
int open_within(int folder, const std::string& path, int flags) {
  open_how how = {};
  how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
  if ((flags & O_CREAT) != 0) how.mode = kMode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how));
}

bool leads_out(int error) { return error == EXDEV || error == ELOOP; }

tl::unexpected<Error> failed(const ErrorCode& code, std::string_view what, std::string_view name, int error) {
  return failure(code, fmt::format("{} '{}' (Errcode: {} \"{}\")", what, name, error, std::strerror(error)));
}

tl::unexpected<Error> outside(std::string_view name) {
  return failure(kOutsideFolder, fmt::format("'{}' is not within the gate's files_folder", name));
}

}  // namespace

FolderFile::FolderFile(FolderFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), name_(std::move(other.name_)) {}

FolderFile& FolderFile::operator=(FolderFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(name_, other.name_);
  return *this;
}

FolderFile::~FolderFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> FolderFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return failed(kFileNotWritten, "Error writing file", name_, errno);
    }
  }
  return {};
}

Result<void> FolderFile::read(std::string& into, std::size_t most) {
  into.resize(most);
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, into.data(), most);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return failed(kFileNotRead, "Error reading file", name_, errno);
  into.resize(static_cast<std::size_t>(count));
  return {};
}

Result<void> FolderFile::close() {
  if (::close(std::exchange(descriptor_, -1)) == 0 || errno == EINTR) return {};
  return failed(kFileNotWritten, "Error on close of", name_, errno);
}

std::string FilesFolder::within(std::string_view name) const {
  std::string_view path = name;
  if (path.starts_with(folder_) && path.substr(folder_.size()).starts_with('/') && !folder_.ends_with('/')) {
    path.remove_prefix(folder_.size() + 1);
  } else if (path.starts_with(folder_) && folder_.ends_with('/')) {
    path.remove_prefix(folder_.size());
  }
  return std::string(path);
}

Result<FolderFile> FilesFolder::create(std::string_view name) const {
  if (folder_.empty()) return failure(kFilesOff, "the gate has no files_folder");
  const Opened folder(open_folder(folder_));
  if (folder.get() < 0) return failed(kFileNotMade, "Can't open the files_folder", folder_, errno);
  const int file = open_within(folder.get(), within(name), O_WRONLY | O_CREAT | O_EXCL);
  if (file >= 0) return FolderFile(file, std::string(name));
  if (leads_out(errno)) return outside(name);
  if (errno == EEXIST) return failure(kFileExists, fmt::format("File '{}' already exists", name));
  return failed(kFileNotMade, "Can't create/write to file", name, errno);
}

Result<FolderFile> FilesFolder::open(std::string_view name) const {
  if (folder_.empty()) return failure(kFilesOff, "the gate has no files_folder");
  const Opened folder(open_folder(folder_));
  if (folder.get() < 0) return failed(kFileNotRead, "Can't open the files_folder", folder_, errno);
  Opened file(open_within(folder.get(), within(name), O_RDONLY | O_NONBLOCK));  // of a pipe nobody writes to
  if (file.get() < 0 && leads_out(errno)) return outside(name);
  struct stat stat = {};
  if (file.get() < 0 || ::fstat(file.get(), &stat) != 0)
    return failed(kFileNotRead, "Can't get stat of", name, errno);
  if (!S_ISREG(stat.st_mode)) return failure(kFileNotRead, fmt::format("'{}' is no plain file", name));
  return FolderFile(file.release(), std::string(name));
}

void FilesFolder::remove(std::string_view name) const {
  const std::string path = within(name);
  const std::size_t slash = path.rfind('/');
  const Opened folder(open_folder(folder_));
  if (folder.get() < 0) return;
  const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash);
  const Opened place(open_within(folder.get(), parent, O_PATH | O_DIRECTORY));
  if (place.get() < 0) return;
  const std::string last = slash == std::string::npos ? path : path.substr(slash + 1);
  ::unlinkat(place.get(), last.c_str(), 0);
}

}  // namespace kintsugi::gate
