#pragma once

namespace kintsugi::admin {
class StatusPage;
}

namespace kintsugi::control {

class ClusterState;
class Leader;
class Leadership;

/// Adds what control knows to its status page. Everything is borrowed.
void add_pages(admin::StatusPage& page, ClusterState& state, const Leadership& leadership,
               const Leader& leader);

}  // namespace kintsugi::control
