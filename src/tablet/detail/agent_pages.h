#pragma once

namespace kintsugi::admin {
class Metrics;
class Readiness;
class StatusPage;
}  // namespace kintsugi::admin

namespace kintsugi::tablet {

class AgentCore;

/// What the agent shows of itself and its server: sections of the status page, charts, metrics, readiness.
void add_agent_pages(AgentCore& core, admin::Metrics& metrics, admin::Readiness& readiness,
                     admin::StatusPage& page);

}  // namespace kintsugi::tablet
