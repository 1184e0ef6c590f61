#include <optional>

#include "app/process.h"
#include "app/role_list.h"
#include "base/options.h"
#include "rpc/server.h"
#include "tablet/agent.h"
#include "tablet/tablet_options.h"

namespace kintsugi::app {

namespace {

class TabletRole : public Role {
 public:
  void declare(OptionTable& table) override {
    tablet::declare(table, options_);
    table
        .text("credentials", credentials_,
              "A folder with the passwords of Kintsugi's accounts: files gate, replication, agent and "
              "monitor, mode 0600.")
        .required();
  }

  admin::About about(const CommonOptions& common) const override {
    return {.role = "tablet",
            .name = options_.alias,
            .cluster = common.cluster,
            .cell = options_.alias.substr(0, options_.alias.rfind('-')),
            .purpose = "Runs one MySQL server: its life, its replication, its health."};
  }

  std::string advertised_host() const override { return options_.advertise_host; }
  const runtime::Address* mysql_address() const override { return mysql_ ? &*mysql_ : nullptr; }

  Result<void> make(Process& process) override {
    agent_ = std::make_unique<tablet::Agent>(
        tablet::Agent::Parts{.options = options_, .credentials_dir = credentials_, .store = process.store()});
    rpc_ = std::make_unique<rpc::Server>(process.http());
    agent_->add_methods(*rpc_);
    agent_->add_pages(process.metrics(), process.readiness(), process.status());
    return {};
  }

  Task<Result<void>> start(Process& process) override {
    runtime::Address http = process.http_address();
    if (!options_.advertise_host.empty()) http.host = options_.advertise_host;
    if (Result<runtime::Address> mysql = runtime::Address::parse(options_.mysql)) mysql_ = std::move(*mysql);
    return agent_->start(std::move(http));
  }

  Task<void> stop() override { return agent_->stop(); }

 private:
  tablet::TabletOptions options_;
  std::string credentials_;
  std::optional<runtime::Address> mysql_;
  std::unique_ptr<rpc::Server> rpc_;
  std::unique_ptr<tablet::Agent> agent_;
};

}  // namespace

std::unique_ptr<Role> make_tablet_role() { return std::make_unique<TabletRole>(); }

}  // namespace kintsugi::app
