#pragma once

namespace kintsugi::rpc {
class Server;
}

namespace kintsugi::tablet {

class AgentCore;

/// kintsugi.tablet.v1.Tablet.
void add_agent_methods(AgentCore& core, rpc::Server& server);

}  // namespace kintsugi::tablet
