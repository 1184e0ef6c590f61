#include <sys/resource.h>

#include <algorithm>
#include <deque>
#include <thread>

#include <fmt/format.h>

#include "app/process.h"
#include "app/role_list.h"
#include "base/log.h"
#include "base/options.h"
#include "gate/gate.h"
#include "runtime/loop.h"
#include "runtime/tls.h"

namespace kintsugi::app {

namespace {

const Logger kLog{"gate"};
constexpr rlim_t kOwnFiles = 1000;  ///< connections to servers, etcd and agents, spilled rows, logs

/// Each client is an open file. The limit that a process gets from its shell or systemd is often 1024, while
/// it may ask for far more; where even that is too little, clients beyond it would wait unanswered.
void raise_file_limit(std::uint64_t clients_max) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= clients_max + kOwnFiles) return;
  kLog.warning(
      "files.limit",
      {{"open_files_max", limit.rlim_max},
       {"connections_max", clients_max},
       {"do", "raise the hard limit of open files (LimitNOFILE=, ulimit -Hn) or lower connections_max"}});
}

/// Loops beside the main one, each run by a thread of its own.
class LoopThreads {
 public:
  explicit LoopThreads(std::size_t count) : loops_(count) {
    for (runtime::Loop& loop : loops_) threads_.emplace_back([&loop] { loop.run(); });
  }
  ~LoopThreads() { stop(); }

  std::vector<runtime::Loop*> loops() {
    std::vector<runtime::Loop*> all;
    for (runtime::Loop& loop : loops_) all.push_back(&loop);
    return all;
  }
  void stop() {
    // By the loop itself: a stop() before its thread has come to run() would be lost.
    for (runtime::Loop& loop : loops_) loop.post([&loop] { loop.stop(); });
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

 private:
  std::deque<runtime::Loop> loops_;  // which do not move
  std::vector<std::thread> threads_;
};

class GateRole : public Role {
 public:
  void declare(OptionTable& table) override { gate::declare(table, options_); }
  const runtime::Address* mysql_address() const override { return started_ ? &gate_->address() : nullptr; }
  std::uint16_t default_http_port() const override { return 15001; }

  Result<void> check() const override {
    if (options_.tls_certificate.empty() != options_.tls_key.empty()) {
      return failure(kBadOption, "tls_certificate and tls_key belong together: one of them is missing");
    }
    if (!options_.tls_certificate.empty()) {
      const Result<runtime::TlsContext> tls =
          runtime::TlsContext::server(options_.tls_certificate, options_.tls_key, options_.tls_ca);
      if (!tls) return failure(tls.error());
    }
    if (options_.backend_tls) {
      const Result<runtime::TlsContext> tls = runtime::TlsContext::client(options_.backend_tls_ca);
      if (!tls) return failure(tls.error());
    }
    if (options_.sequence_block_min > options_.sequence_block_max) {
      return failure(kBadOption, fmt::format("sequence_block_min is {} and sequence_block_max only {}",
                                             options_.sequence_block_min, options_.sequence_block_max));
    }
    return {};
  }

  admin::About about(const CommonOptions& common) const override {
    return {.role = "gate",
            .name = options_.name,
            .cluster = common.cluster,
            .cell = options_.cell,
            .purpose = "Speaks MySQL to applications and sends their statements to the shards."};
  }

  Result<void> make(Process& process) override {
    raise_file_limit(options_.connections_max);
    const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
    const std::size_t loops = options_.loops == 0 ? cores : options_.loops;
    threads_ = std::make_unique<LoopThreads>(loops - 1);
    gate::Gate::Dependencies dependencies{
        .loops = {&runtime::Loop::current()}, .store = &process.store(), .metrics = process.metrics()};
    std::ranges::copy(threads_->loops(), std::back_inserter(dependencies.loops));
    gate_ = std::make_unique<gate::Gate>(options_, std::move(dependencies));
    gate_->show(process.status(), process.readiness());
    return {};
  }

  Task<Result<void>> start(Process&) override {
    started_ = true;
    return gate_->start();
  }

  Task<void> stop() override {
    if (started_) co_await gate_->stop();
    threads_->stop();
  }

 private:
  gate::GateOptions options_;
  std::unique_ptr<LoopThreads> threads_;  // outlives the gate
  std::unique_ptr<gate::Gate> gate_;
  bool started_ = false;
};

}  // namespace

std::unique_ptr<Role> make_gate_role() { return std::make_unique<GateRole>(); }

}  // namespace kintsugi::app
