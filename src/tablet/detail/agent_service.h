#pragma once

namespace kintsugi::rpc {
class Server;
}

namespace kintsugi::tablet {

class AgentCore;

/// kintsugi.tablet.v1.Tablet.
void add_agent_methods(AgentCore& core, rpc::Server& server);
/// Of transactions over several shards; a part of the above.
void add_transaction_methods(AgentCore& core, rpc::Server& server);

}  // namespace kintsugi::tablet
