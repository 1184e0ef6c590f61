#include "wire/testing/mariadb_server.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kintsugi::wire::testing {
namespace {

pid_t spawn(const std::vector<std::string>& command, const std::string& log) {
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("fork failed");
  if (pid > 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(out, 1);
  ::dup2(out, 2);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void run(const std::vector<std::string>& command, const std::string& log) {
  int status = 0;
  ::waitpid(spawn(command, log), &status, 0);
  if (status != 0) throw std::runtime_error(command[0] + " failed:\n" + contents(log));
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ::ntohs(address.sin_port);
}

/// Whether the server greets who connects to its socket.
bool greets(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  char byte = 0;
  const bool greeted =
      ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::read(fd, &byte, 1) == 1;
  ::close(fd);
  return greeted;
}

std::string temporary_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "kintsugi-mariadb-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder: " + name);
  return name;
}

/// A new data directory of MariaDB, which takes seconds to make: made once in a process, copied for each
/// server.
class FreshData {
 public:
  FreshData() : folder_(temporary_folder()) {
    // Servers that start delete what looks like theirs in the folder for temporary tables.
    std::vector<std::string> install = {"mariadb-install-db",
                                        "--no-defaults",
                                        "--datadir=" + folder_ + "/data",
                                        "--tmpdir=" + folder_,
                                        "--auth-root-authentication-method=normal",
                                        "--skip-test-db"};
    if (::geteuid() == 0) install.push_back("--user=root");
    run(install, folder_ + "/log");
  }
  ~FreshData() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  FreshData(const FreshData&) = delete;
  FreshData& operator=(const FreshData&) = delete;
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

}  // namespace

MariadbServer::MariadbServer(Options options) : options_(std::move(options)) {
  folder_ = temporary_folder();
  port_ = free_port();
}

std::unique_ptr<MariadbServer> MariadbServer::start(const Options& options) {
  std::unique_ptr<MariadbServer> server(new MariadbServer(options));
  const std::string& folder = server->folder_;
  if (options.mysql.empty()) {
    static const FreshData fresh;
    std::filesystem::copy(fresh.folder() + "/data", folder + "/data",
                          std::filesystem::copy_options::recursive);
  } else {
    run({options.mysql, "--no-defaults", "--datadir=" + folder + "/data", "--tmpdir=" + folder,
         "--initialize-insecure", ::geteuid() == 0 ? "--user=root" : "--skip-networking"},
        folder + "/log");
  }
  if (options.tls) {
    run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder + "/key.pem", "-out",
         folder + "/cert.pem"},
        folder + "/log");
  }
  server->launch();
  return server;
}

std::vector<std::string> MariadbServer::server_command() const {
  std::vector<std::string> command = {options_.mysql.empty() ? "mariadbd" : options_.mysql,
                                      "--no-defaults",
                                      "--datadir=" + folder_ + "/data",
                                      "--tmpdir=" + folder_,
                                      "--socket=" + folder_ + "/s",
                                      "--pid-file=" + folder_ + "/pid",
                                      "--bind-address=127.0.0.1",
                                      "--port=" + std::to_string(port_),
                                      "--skip-name-resolve",
                                      "--innodb-buffer-pool-size=32M",
                                      "--key-buffer-size=1M",
                                      "--performance-schema=OFF",
                                      "--table-open-cache=200",
                                      "--innodb-flush-log-at-trx-commit=0"};
  if (::geteuid() == 0) command.push_back("--user=root");
  if (options_.mysql.empty()) {
    command.insert(command.end(), {"--innodb-log-buffer-size=2M", "--innodb-log-file-size=16M",
                                   "--aria-pagecache-buffer-size=1M", "--query-cache-size=0"});
  } else {
    command.insert(command.end(), {"--secure-file-priv=", "--mysqlx=OFF"});
  }
  if (options_.tls) {
    command.push_back("--ssl-cert=" + folder_ + "/cert.pem");
    command.push_back("--ssl-key=" + folder_ + "/key.pem");
  }
  command.insert(command.end(), options_.settings.begin(), options_.settings.end());
  return command;
}

void MariadbServer::launch() {
  pid_ = spawn(server_command(), folder_ + "/log");
  wait_until_ready();
}

void MariadbServer::wait_until_ready() const {
  const Time deadline = Clock::now() + 60s;
  while (!greets(folder_ + "/s")) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != 0 || Clock::now() > deadline) {
      throw std::runtime_error("the server does not start:\n" + contents(folder_ + "/log"));
    }
    ::usleep(10'000);
  }
}

void MariadbServer::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void MariadbServer::restart() {
  kill();
  launch();
}

MariadbServer::~MariadbServer() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

ConnectParams MariadbServer::root() const {
  ConnectParams params;
  params.address = socket();
  params.user = "root";
  params.deadline = Clock::now() + 30s;
  return params;
}

}  // namespace kintsugi::wire::testing
