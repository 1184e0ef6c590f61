#include "tablet/agent.h"

#include "tablet/detail/agent_core.h"
#include "tablet/detail/agent_pages.h"
#include "tablet/detail/agent_service.h"

namespace kintsugi::tablet {

Agent::Agent(Parts parts) : core_(std::make_unique<AgentCore>(std::move(parts))) {}
Agent::~Agent() = default;

void Agent::add_methods(rpc::Server& server) { add_agent_methods(*core_, server); }

void Agent::add_pages(admin::Metrics& metrics, admin::Readiness& readiness, admin::StatusPage& page) {
  add_agent_pages(*core_, metrics, readiness, page);
}

Task<Result<void>> Agent::start(runtime::Address http) { return core_->start(std::move(http)); }
const v1::Health& Agent::health() const { return core_->health(); }
Task<void> Agent::stop() { return core_->stop(); }

}  // namespace kintsugi::tablet
