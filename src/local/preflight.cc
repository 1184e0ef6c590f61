#include "local/preflight.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "local/errors.h"

namespace kintsugi::local {

namespace {

constexpr std::size_t kFolderBytesMax = 70;  ///< leaves room below the 107 bytes of a unix socket's path
constexpr std::uint64_t kDiskBytesPerTablet = 200u << 20;
constexpr std::uint64_t kDiskBytesForOthers = 300u << 20;
constexpr std::uint16_t kFirstPort = 16000;
constexpr std::uint16_t kLastPort = 31999;

using Obstacles = std::vector<std::string>;

void check_path(const Layout& layout, Obstacles& obstacles) {
  if (layout.dir.size() <= kFolderBytesMax) return;
  obstacles.push_back(
      fmt::format("the state folder's path {} has {} bytes, and unix sockets in it allow {}: choose a "
                  "shorter one with --dir",
                  layout.dir, layout.dir.size(), kFolderBytesMax));
}

/// What is in a folder that no cluster has used must not be locked away from others or written over.
bool is_of_somebody_else(const Layout& layout) {
  std::error_code error;
  const bool empty = std::filesystem::is_empty(layout.dir, error);
  return !error && !empty && !std::filesystem::exists(layout.state_file()) &&
         !std::filesystem::exists(layout.guardian_lock());
}

void check_folder(const Layout& layout, Obstacles& obstacles) {
  struct stat info{};
  if (::stat(layout.dir.c_str(), &info) != 0) return;
  if (!S_ISDIR(info.st_mode)) {
    obstacles.push_back(fmt::format("{} is no folder: choose another with --dir", layout.dir));
  } else if (info.st_uid != ::geteuid()) {
    obstacles.push_back(
        fmt::format("the state folder {} belongs to user id {}: run this as that user, or choose another "
                    "folder with --dir",
                    layout.dir, info.st_uid));
  } else if (::access(layout.dir.c_str(), W_OK) != 0) {
    obstacles.push_back(
        fmt::format("the state folder {} cannot be written: change its rights, or choose another with --dir",
                    layout.dir));
  } else if (is_of_somebody_else(layout)) {
    obstacles.push_back(fmt::format(
        "the folder {} holds no cluster but other things: choose an empty or a new one with --dir",
        layout.dir));
  }
}

void check_programs(const spec::Cluster& cluster, Obstacles& obstacles) {
  if (cluster.etcd.endpoints.empty() && find_program(cluster.etcd.binary).empty()) {
    obstacles.push_back(
        fmt::format("there is no program '{}' in PATH: `apt-get install etcd-server`, or name it as "
                    "spec.etcd.binary",
                    cluster.etcd.binary));
  }
  std::set<std::string> told;
  for (const spec::Keyspace& keyspace : cluster.keyspaces) {
    const bool mysql = keyspace.mysqld.flavour == spec::Flavour::mysql;
    const std::string program = !keyspace.mysqld.binary.empty() ? keyspace.mysqld.binary
                                : mysql                         ? "mysqld"
                                                                : "mariadbd";
    if (!find_program(program, {"/usr/sbin", "/usr/local/sbin"}).empty() || !told.insert(program).second)
      continue;
    obstacles.push_back(fmt::format(
        "there is no program '{}' in PATH or /usr/sbin: {}, or name it as mysqld.binary in the spec", program,
        mysql ? "install MySQL 8.0 or later, which Debian 12 does not have (tools/mysql/install of "
                "Kintsugi's sources unpacks it)"
              : "`apt-get install mariadb-server`"));
  }
}

void check_disk(const Layout& layout, const std::vector<ProcessPlan>& plans, const Running& running,
                Obstacles& obstacles) {
  std::uint64_t needed = 0;
  for (const ProcessPlan& plan : plans) {
    if (running.names.contains(plan.name)) continue;
    const bool is_new =
        plan.kind == ProcessKind::tablet && !std::filesystem::exists(layout.tablet(plan.alias));
    if (is_new) needed += kDiskBytesPerTablet;
    if (plan.kind == ProcessKind::etcd) needed += kDiskBytesForOthers;
  }
  struct statvfs disk{};
  if (::statvfs(layout.dir.c_str(), &disk) != 0) return;
  const std::uint64_t free_bytes = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  if (free_bytes >= needed) return;
  obstacles.push_back(fmt::format(
      "the disk of {} has {} MB free and the cluster needs about {} MB to begin with: make room, or "
      "choose a folder on another disk with --dir",
      layout.dir, free_bytes >> 20, needed >> 20));
}

void check_ports(const std::vector<ProcessPlan>& plans, const Running& running, Obstacles& obstacles) {
  for (const ProcessPlan& plan : plans) {
    for (const PlannedPort& port : plan.ports) {
      if (running.ports.contains(port.port) || is_free(port.host, port.port)) continue;
      const std::string who = listener_of(port.port);
      obstacles.push_back(fmt::format(
          "port {} of {} is taken{}: stop that{}", port.port, plan.name, who.empty() ? "" : " by " + who,
          port.field.empty() ? ""
                             : fmt::format(", or choose another port in {} (0: a free one)", port.field)));
    }
  }
}

/// The inode of a socket that listens at the port, from one of the kernel's tables.
std::string listening_inode(const std::string& table, std::uint16_t port) {
  std::ifstream lines(table);
  const std::string wanted = fmt::format(":{:04X}", port);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string number, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
    fields >> number >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >> inode;
    if (state == "0A" && local.ends_with(wanted)) return inode;
  }
  return "";
}

bool holds_socket(const std::filesystem::path& process, const std::string& inode) {
  std::error_code error;
  for (const auto& each : std::filesystem::directory_iterator(process / "fd", error)) {
    std::error_code ignored;
    if (std::filesystem::read_symlink(each.path(), ignored) == "socket:[" + inode + "]") return true;
  }
  return false;
}

}  // namespace

Result<void> make_state_folder(const Layout& layout) {
  Obstacles obstacles;
  check_path(layout, obstacles);
  check_folder(layout, obstacles);
  if (!obstacles.empty()) return failure(kEnvironment, fmt::format("{}", fmt::join(obstacles, "\n")));
  return make_private_folder(layout.dir);
}

std::vector<std::string> find_obstacles(const Layout& layout, const spec::Cluster& cluster,
                                        const std::vector<ProcessPlan>& plans, const Running& running) {
  Obstacles obstacles;
  check_path(layout, obstacles);
  check_folder(layout, obstacles);
  check_programs(cluster, obstacles);
  check_disk(layout, plans, running, obstacles);
  check_ports(plans, running, obstacles);
  return obstacles;
}

std::string listener_of(std::uint16_t port) {
  std::string inode = listening_inode("/proc/net/tcp", port);
  if (inode.empty()) inode = listening_inode("/proc/net/tcp6", port);
  if (inode.empty()) return "";
  std::error_code error;
  for (const auto& process : std::filesystem::directory_iterator("/proc", error)) {
    const std::string pid = process.path().filename().string();
    if (pid.find_first_not_of("0123456789") != std::string::npos || !holds_socket(process.path(), inode))
      continue;
    std::string command;
    std::getline(std::ifstream(process.path() / "comm"), command);
    return fmt::format("{} (pid {})", command, pid);
  }
  return "a process of another user";
}

bool is_free(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos;
  const int fd = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return true;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in6 address6{};
  sockaddr_in address4{};
  address6.sin6_family = AF_INET6;
  address4.sin_family = AF_INET;
  address6.sin6_port = address4.sin_port = htons(port);
  if (v6) {
    ::inet_pton(AF_INET6, host.c_str(), &address6.sin6_addr);
  } else if (::inet_pton(AF_INET, host.c_str(), &address4.sin_addr) != 1) {
    address4.sin_addr.s_addr = htonl(INADDR_ANY);  // a name: any of the machine's addresses may be meant
  }
  const bool bound =
      ::bind(fd, v6 ? reinterpret_cast<sockaddr*>(&address6) : reinterpret_cast<sockaddr*>(&address4),
             v6 ? sizeof address6 : sizeof address4) == 0;
  // Only listening tells about a listener that shares its port.
  const bool free = bound && ::listen(fd, 1) == 0;
  ::close(fd);
  return free;
}

std::function<std::uint16_t()> free_ports(const Layout& layout, std::set<std::uint16_t> taken) {
  constexpr std::size_t kRange = kLastPort - kFirstPort + 1;
  std::size_t next = std::hash<std::string>()(layout.dir) % kRange;
  return [next, taken = std::move(taken)]() mutable {
    for (std::size_t tried = 0; tried < kRange; ++tried) {
      const auto port = static_cast<std::uint16_t>(kFirstPort + next++ % kRange);
      if (!taken.contains(port) && is_free("0.0.0.0", port)) return port;
    }
    return std::uint16_t{0};
  };
}

std::string find_program(const std::string& name, const std::vector<std::string>& more) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0 ? name : "";
  const char* path = std::getenv("PATH");
  std::vector<std::string> folders;
  std::istringstream parts(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string folder; std::getline(parts, folder, ':');) folders.push_back(folder);
  folders.insert(folders.end(), more.begin(), more.end());
  for (const std::string& folder : folders) {
    const std::string candidate = folder + '/' + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

}  // namespace kintsugi::local
