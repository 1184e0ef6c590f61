#include "topo/testing/etcd_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "base/time.h"
#include "runtime/address.h"
#include "runtime/http_client.h"
#include "runtime/timer.h"
#include "topo/detail/etcd_messages.h"

namespace kintsugi::topo::testing {
namespace {

constexpr int kStartAttempts = 5;
constexpr Duration kStartLimit = std::chrono::seconds(20);

/// Whether every thread has taken its SIGSTOP: one on another core goes on for a moment.
bool has_stopped(pid_t pid) {
  for (const auto& thread : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid))) {
    std::ifstream file(thread.path() / "stat");
    std::string stat;
    std::getline(file, stat);
    // "1234 (name) T …"
    const std::size_t name_end = stat.rfind(") ");
    if (name_end == std::string::npos || stat[name_end + 2] != 'T') return false;
  }
  return true;
}

// A port that nobody listens on at the moment; somebody else may take it before we do.
int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  int port = 0;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port = ntohs(address.sin_port);
  }
  ::close(fd);
  return port;
}

Task<Result<runtime::HttpResponse>> call(std::string endpoint, std::optional<runtime::TlsContext> tls,
                                         runtime::HttpRequest request) {
  const std::string host = endpoint.substr(endpoint.find("://") + 3);
  runtime::HttpClient client(runtime::Address::parse(host).value(), {.tls = std::move(tls)});
  const Time deadline = Clock::now() + std::chrono::seconds(5);
  Result<runtime::HttpResponse> response = co_await client.call(std::move(request), deadline);
  co_return response;
}

// The value of a field of text, "": there is none. Enough for etcd's flat answers.
std::string field(const std::string& json, const std::string& name) {
  const std::string begin = '"' + name + "\":\"";
  const std::size_t at = json.find(begin);
  if (at == std::string::npos) return "";
  const std::size_t from = at + begin.size();
  return json.substr(from, json.find('"', from) - from);
}

}  // namespace

Task<Result<std::unique_ptr<EtcdServer>>> EtcdServer::start(Options options) {
  std::unique_ptr<EtcdServer> server(new EtcdServer);
  char folder[] = "/tmp/kintsugi-etcd-XXXXXX";
  if (::mkdtemp(folder) == nullptr) co_return failure(kInternal, "no folder for etcd in /tmp");
  server->folder_ = folder;
  if (options.tls) {
    Result<runtime::TlsContext> tls =
        runtime::TlsContext::client(options.tls->ca, options.tls->certificate, options.tls->key);
    if (!tls) co_return failure(tls.error());
    server->tls_ = *std::move(tls);
  }
  Result<void> started;
  for (int attempt = 0; attempt < kStartAttempts; ++attempt) {
    server->endpoint_ = fmt::format("{}://127.0.0.1:{}", options.tls ? "https" : "http", free_port());
    const std::string peer = fmt::format("http://127.0.0.1:{}", free_port());
    server->command_ = {"etcd",
                        "--name=test",
                        "--data-dir=" + server->folder_.string() + "/data",
                        "--listen-client-urls=" + server->endpoint_,
                        "--advertise-client-urls=" + server->endpoint_,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=test=" + peer,
                        "--unsafe-no-fsync",
                        "--log-level=error"};
    if (options.tls) {
      for (const std::string& flag :
           {"--cert-file=" + options.tls->certificate, "--key-file=" + options.tls->key,
            "--trusted-ca-file=" + options.tls->ca, std::string("--client-cert-auth")})
        server->command_.push_back(flag);
    }
    server->command_.insert(server->command_.end(), options.flags.begin(), options.flags.end());
    started = co_await server->restart();
    if (started) co_return std::move(server);
    std::filesystem::remove_all(server->folder_ / "data");
  }
  co_return failure(started.error());
}

EtcdServer::~EtcdServer() {
  process_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Result<void> EtcdServer::spawn() {
  runtime::ProcessSpec spec;
  spec.command = command_;
  spec.output_file = folder_ / "log";
  Result<runtime::Process> process = runtime::Process::start(std::move(spec));
  if (!process) return failure(kNotFound, process.error().message());
  process_.emplace(*std::move(process));
  return {};
}

Task<bool> EtcdServer::answers() {
  runtime::HttpRequest request;
  request.path = "/health";
  const Result<runtime::HttpResponse> response = co_await call(endpoint_, tls_, std::move(request));
  co_return response && response->status == 200;
}

// The body of the answer, which must be a good one.
Task<Result<std::string>> EtcdServer::post(std::string path, std::string body, std::string token) {
  runtime::HttpRequest request;
  request.method = "POST";
  request.path = std::move(path);
  request.body = std::move(body);
  if (!token.empty()) request.headers["Authorization"] = token;
  Result<runtime::HttpResponse> response = co_await call(endpoint_, tls_, std::move(request));
  if (!response) co_return failure(response.error());
  if (response->status != 200) co_return failure(kInternal, response->body);
  co_return std::move(response->body);
}

Task<Result<void>> EtcdServer::restart() {
  if (Result<void> spawned = spawn(); !spawned) co_return failure(spawned.error());
  const Time limit = Clock::now() + kStartLimit;
  while (Clock::now() < limit) {
    const bool ready = co_await answers();
    if (ready) co_return Result<void>();
    const bool ended = co_await process_->wait_until(Clock::now() + std::chrono::milliseconds(20));
    if (ended) break;
  }
  process_.reset();
  co_return failure(kInternal, fmt::format("etcd did not start: see {}/log", folder_.string()));
}

Task<void> EtcdServer::kill() {
  process_->signal(SIGKILL);
  co_await process_->wait();
  process_.reset();
}

void EtcdServer::pause() {
  process_->signal(SIGSTOP);
  const Time limit = Clock::now() + kStartLimit;
  while (!has_stopped(process_->pid()) && Clock::now() < limit) ::usleep(1000);
}
void EtcdServer::resume() { process_->signal(SIGCONT); }

Task<Result<void>> EtcdServer::compact() {
  const Result<std::string> now = co_await post("/v3/kv/range", R"({"key": "AA=="})");
  if (!now) co_return failure(now.error());
  const Result<std::string> done = co_await post(
      "/v3/kv/compaction", fmt::format(R"({{"revision": "{}", "physical": true}})", field(*now, "revision")));
  if (!done) co_return failure(done.error());
  co_return Result<void>();
}

Task<Result<void>> EtcdServer::enable_auth(User user) {
  const std::string end = user.root.substr(0, user.root.size() - 1) + static_cast<char>(user.root.back() + 1);
  const std::pair<const char*, std::string> calls[] = {
      {"/v3/auth/user/add", R"({"name": "root", "password": "root"})"},
      {"/v3/auth/role/add", R"({"name": "root"})"},
      {"/v3/auth/user/grant", R"({"user": "root", "role": "root"})"},
      {"/v3/auth/user/add", etcd::authenticate_request(user.name, user.password)},
      {"/v3/auth/role/add", fmt::format(R"({{"name": "{}"}})", user.name)},
      {"/v3/auth/role/grant",
       fmt::format(R"({{"name": "{}", "perm": {{"permType": "READWRITE", "key": "{}", "range_end": "{}"}}}})",
                   user.name, etcd::base64(user.root), etcd::base64(end))},
      {"/v3/auth/user/grant", fmt::format(R"({{"user": "{0}", "role": "{0}"}})", user.name)},
      {"/v3/auth/enable", "{}"}};
  for (const auto& [path, body] : calls) {
    const Result<std::string> done = co_await post(path, body);
    if (!done) co_return failure(done.error().with_context(path));
  }
  co_return Result<void>();
}

Task<Result<std::string>> EtcdServer::log_in(std::string user, std::string password) {
  const Result<std::string> body =
      co_await post("/v3/auth/authenticate", etcd::authenticate_request(user, password));
  if (!body) co_return failure(body.error());
  co_return etcd::parse_token(*body);
}

Task<bool> EtcdServer::takes(std::string token, std::string key) {
  const Result<std::string> body =
      co_await post("/v3/kv/range", fmt::format(R"({{"key": "{}"}})", etcd::base64(key)), std::move(token));
  co_return body.has_value();
}

Task<Result<void>> EtcdServer::change_password(std::string user, std::string password) {
  const Result<std::string> token = co_await log_in("root", "root");
  if (!token) co_return failure(token.error());
  const Result<std::string> done =
      co_await post("/v3/auth/user/changepw", etcd::authenticate_request(user, password), *token);
  if (!done) co_return failure(done.error());
  co_return Result<void>();
}

}  // namespace kintsugi::topo::testing
