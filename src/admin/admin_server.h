#pragma once

#include <memory>
#include <string>
#include <vector>

#include "admin/metrics.h"
#include "admin/readiness.h"
#include "admin/status.h"
#include "base/task.h"

namespace kintsugi {
class OptionTable;
}
namespace kintsugi::runtime {
class HttpServer;
}

namespace kintsugi::admin {

/// What the pages of a process link to.
struct PageLink {
  const char* path;
  const char* name;
  const char* meaning;
};

/// What a process is, for its pages.
struct About {
  std::string role;     ///< "gate"
  std::string name;     ///< "zone1-gate-15306"; how this one is told from others of its role
  std::string cluster;  ///< empty: not part of one
  std::string cell;
  std::string purpose;  ///< one sentence: "Speaks MySQL to applications and routes their statements."
  std::vector<PageLink> own_pages{};  ///< the server itself fills these in
};

/// What every process shows, on the HTTP server that the role's API uses too:
///
///     /               an index                  /debug/status   a page for people
///     /healthz        200: the process lives    /debug/vars     the same and all metrics, as JSON
///     /readyz         200, or 503 and why not   /debug/config   options and where their values come from
///     /metrics        for Prometheus            /debug/log      levels; POST ?component=gate&level=debug
///
/// and the pages that StatusPage::page() was given. /readyz, /debug/config and /debug/log answer text to curl
/// and a page to browsers, or what ?format=json|html|text asks for. A role that serves something else at "/"
/// adds that route first.
///
/// Routes are added by the constructor, so before the HTTP server is started, and refer to this object until
/// that is stopped. Borrows everything it is given. All on the HTTP server's loop.
class AdminServer {
 public:
  struct Parts {
    About about;
    Metrics& metrics;
    Readiness& readiness;
    StatusPage& status;
    const OptionTable* options = nullptr;  ///< null: nothing to configure
  };
  AdminServer(runtime::HttpServer& http, Parts parts);
  ~AdminServer();

  /// Begins to look at the charts' numbers once a second.
  void start();
  Task<void> stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kintsugi::admin
