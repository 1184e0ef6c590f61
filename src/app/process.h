#pragma once

#include <memory>
#include <string>

#include "admin/metrics.h"
#include "admin/readiness.h"
#include "admin/status.h"
#include "app/common_options.h"
#include "runtime/http_server.h"
#include "topo/store.h"

namespace kintsugi::app {

/// What every role is given. Outlives the role's objects. On the main loop.
class Process {
 public:
  explicit Process(const CommonOptions& options) : options_(options) {}

  /// Connects nothing yet. kInvalidArgument for an address that is none; kBadOption.
  Result<void> make();

  const CommonOptions& options() const { return options_; }
  runtime::HttpServer& http() { return http_; }
  topo::Store& store() { return *store_; }
  admin::Metrics& metrics() { return metrics_; }
  admin::Readiness& readiness() { return readiness_; }
  admin::StatusPage& status() { return status_; }

  /// Where HTTP is served, as others on this host or elsewhere reach it; valid in Role::start().
  const runtime::Address& http_address() const { return http_address_; }
  void set_http_address(runtime::Address address) { http_address_ = std::move(address); }

 private:
  const CommonOptions& options_;
  runtime::HttpServer http_;
  std::unique_ptr<topo::Store> store_;
  admin::Metrics metrics_;
  admin::Readiness readiness_;
  admin::StatusPage status_;
  runtime::Address http_address_;
};

}  // namespace kintsugi::app
