#include "topo/testing/etcd_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include <fmt/format.h>

#include "base/time.h"
#include "runtime/address.h"
#include "runtime/http_client.h"
#include "runtime/timer.h"

namespace kintsugi::topo::testing {
namespace {

constexpr int kStartAttempts = 5;
constexpr Duration kStartLimit = std::chrono::seconds(20);

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

Task<Result<runtime::HttpResponse>> post(std::string endpoint, std::string path, std::string body) {
  const std::string host = endpoint.substr(std::string_view("http://").size());
  runtime::HttpClient client(runtime::Address::parse(host).value());
  runtime::HttpRequest request;
  request.method = "POST";
  request.path = std::move(path);
  request.body = std::move(body);
  const Time deadline = Clock::now() + std::chrono::seconds(5);
  Result<runtime::HttpResponse> response = co_await client.call(std::move(request), deadline);
  co_return response;
}

}  // namespace

Task<Result<std::unique_ptr<EtcdServer>>> EtcdServer::start() {
  std::unique_ptr<EtcdServer> server(new EtcdServer);
  char folder[] = "/tmp/kintsugi-etcd-XXXXXX";
  if (::mkdtemp(folder) == nullptr) co_return failure(kInternal, "no folder for etcd in /tmp");
  server->folder_ = folder;
  Result<void> started;
  for (int attempt = 0; attempt < kStartAttempts; ++attempt) {
    server->endpoint_ = fmt::format("http://127.0.0.1:{}", free_port());
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
  Result<runtime::HttpResponse> response =
      co_await post(endpoint_, "/v3/kv/range", R"({"key": "AA==", "keys_only": true})");
  co_return response && response->status == 200;
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

void EtcdServer::pause() { process_->signal(SIGSTOP); }
void EtcdServer::resume() { process_->signal(SIGCONT); }

Task<Result<void>> EtcdServer::compact() {
  Result<runtime::HttpResponse> now = co_await post(endpoint_, "/v3/kv/range", R"({"key": "AA=="})");
  if (!now) co_return failure(now.error());
  constexpr std::string_view kField = "\"revision\":\"";
  const std::size_t at = now->body.find(kField);
  if (at == std::string::npos) co_return failure(kInternal, now->body);
  const std::size_t from = at + kField.size();
  const std::string revision = now->body.substr(from, now->body.find('"', from) - from);
  Result<runtime::HttpResponse> done = co_await post(
      endpoint_, "/v3/kv/compaction", fmt::format(R"({{"revision": "{}", "physical": true}})", revision));
  if (!done) co_return failure(done.error());
  if (done->status != 200) co_return failure(kInternal, done->body);
  co_return Result<void>();
}

}  // namespace kintsugi::topo::testing
