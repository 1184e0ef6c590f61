#include "local/state.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "local/detail/json.h"
#include "local/errors.h"
#include "spec/errors.h"
#include "spec/parse.h"

namespace kintsugi::local {

namespace {

constexpr const char* kAccounts[] = {"gate", "replication", "agent", "monitor"};

tl::unexpected<Error> file_failure(const std::string& what, const std::string& path) {
  return failure(kStateFolder, fmt::format("cannot {} {}: {}", what, path, std::strerror(errno)));
}

std::string boot_id() { return read_file("/proc/sys/kernel/random/boot_id").value_or(""); }

/// 28 letters and digits that are not mistaken for one another: 162 bits.
std::string make_password() {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
  std::string password;
  while (password.size() < 28) {
    unsigned char byte = 0;
    if (::getrandom(&byte, 1, 0) == 1 && byte < kLetters.size() * 4)
      password += kLetters[byte % kLetters.size()];
  }
  return password;
}

}  // namespace

Result<SpecSource> read_spec(const std::string& file, const spec::PartChecks& checks) {
  SpecSource source;
  source.file = std::filesystem::absolute(file).lexically_normal().string();
  Result<std::string> text = spec::read_file(file);
  if (!text) return failure(text.error());
  source.text = std::move(*text);
  const spec::ReadFile read_and_keep = [&](const std::string& path) {
    Result<std::string> content = spec::read_file(path);
    if (content) source.files[path] = *content;
    return content;
  };
  const std::string directory = std::filesystem::path(source.file).parent_path().string();
  const Result<spec::Cluster> good =
      spec::checked(spec::parse(source.text, file, directory, read_and_keep, checks));
  if (!good) return failure(good.error());
  return source;
}

Result<spec::Cluster> cluster_of(const SpecSource& source) {
  const spec::ReadFile read_kept = [&](const std::string& path) -> Result<std::string> {
    const auto found = source.files.find(path);
    if (found != source.files.end()) return found->second;
    return failure(spec::kSpecUnreadable, path + " was not kept");
  };
  return spec::checked(spec::parse(source.text, source.file,
                                   std::filesystem::path(source.file).parent_path().string(), read_kept));
}

spec::AliasBook State::alias_book() const {
  spec::AliasBook book;
  for (const auto& [slot, text] : aliases) {
    if (Result<topo::TabletAlias> alias = topo::TabletAlias::parse(text)) book[slot] = std::move(*alias);
  }
  return book;
}

void State::set_alias_book(const spec::AliasBook& book) {
  aliases.clear();
  for (const auto& [slot, alias] : book) aliases[slot] = alias.text();
}

Result<State> load_state(const Layout& layout) {
  if (!std::filesystem::exists(layout.state_file())) {
    return failure(kNotFound, fmt::format("there is no cluster in {}", layout.dir));
  }
  const Result<std::string> text = read_file(layout.state_file());
  if (!text) return failure(text.error());
  State state;
  if (const Result<void> read = detail::from_json(*text, state); !read) {
    return failure(kStateFolder,
                   fmt::format("{} is damaged: {}", layout.state_file(), read.error().message()));
  }
  return state;
}

Result<void> save_state(const Layout& layout, const State& state) {
  return write_file(layout.state_file(), detail::to_json(state) + "\n");
}

ProcessTable load_processes(const Layout& layout) {
  ProcessTable table;
  const Result<std::string> text = read_file(layout.processes_file());
  if (!text || !detail::from_json(*text, table) || table.boot_id != boot_id()) table = {};
  return table;
}

Result<void> save_processes(const Layout& layout, const ProcessTable& table) {
  ProcessTable copy = table;
  copy.boot_id = boot_id();
  return write_file(layout.processes_file(), detail::to_json(copy) + "\n");
}

std::uint64_t started_ticks(pid_t pid) {
  const Result<std::string> stat = read_file(fmt::format("/proc/{}/stat", pid));
  if (!stat) return 0;
  // The second field is the program's name in parentheses and may hold anything.
  const std::size_t name_end = stat->rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(stat->substr(name_end + 1));
  std::string state;
  fields >> state;
  if (state == "Z" || state == "X") return 0;
  std::string skipped;
  for (int field = 4; field < 22; ++field) fields >> skipped;
  std::uint64_t ticks = 0;
  fields >> ticks;
  return ticks;
}

Result<void> write_file(const std::string& path, std::string_view content, unsigned mode) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) return file_failure("write", fresh);
  bool good = ::fchmod(fd, mode) == 0;
  while (good && !content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    good = written > 0;
    if (good) content.remove_prefix(static_cast<std::size_t>(written));
  }
  good = good && ::fsync(fd) == 0;
  if (!good) {
    const tl::unexpected<Error> failed = file_failure("write", fresh);
    ::close(fd);
    return failed;
  }
  ::close(fd);
  if (::rename(fresh.c_str(), path.c_str()) != 0) return file_failure("replace", path);
  return {};
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return file_failure("read", path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Result<void> make_private_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error)
    return failure(kStateFolder, fmt::format("cannot make the folder {}: {}", path, error.message()));
  if (::chmod(path.c_str(), 0700) != 0) return file_failure("take for us alone", path);
  return {};
}

Result<void> make_credentials(const Layout& layout) {
  if (const Result<void> made = make_private_folder(layout.credentials()); !made) return made;
  for (const char* account : kAccounts) {
    const std::string path = layout.credentials() + '/' + account;
    if (std::filesystem::exists(path)) continue;
    if (const Result<void> written = write_file(path, make_password()); !written) return written;
  }
  return {};
}

Result<std::string> make_default_users(const Layout& layout) {
  if (std::filesystem::exists(layout.users_file())) return read_file(layout.users_file());
  const std::string text =
      fmt::format("{{\"user\": [{{\"UserData\": \"kintsugi\", \"Password\": \"{}\"}}]}}\n", make_password());
  if (const Result<void> written = write_file(layout.users_file(), text); !written)
    return failure(written.error());
  return text;
}

}  // namespace kintsugi::local
