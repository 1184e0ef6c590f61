#include "app/topology_options.h"

#include <algorithm>

#include "base/options.h"

namespace kintsugi::app {

namespace {

Result<void> check(const CommonOptions& options) {
  const bool https = std::ranges::any_of(options.topology,
                                         [](const std::string& url) { return url.starts_with("https://"); });
  if (https && options.topology_tls_ca.empty()) {
    return failure(kBadOption,
                   "option topology has https URLs: topology_tls_ca must name the authorities that etcd's "
                   "certificate is checked by");
  }
  if (options.topology_tls_certificate.empty() != options.topology_tls_key.empty())
    return failure(kBadOption, "options topology_tls_certificate and topology_tls_key go together");
  if (options.topology_user.empty() != options.topology_password_file.empty())
    return failure(kBadOption, "options topology_user and topology_password_file go together");
  return {};
}

}  // namespace

Result<topo::EtcdStore::Options> topology_options(const CommonOptions& options) {
  if (auto checked = check(options); !checked) return failure(checked.error());
  topo::EtcdStore::Options topology;
  topology.endpoints = options.topology;
  topology.root = "/kintsugi/" + options.cluster;
  if (!options.topology_tls_ca.empty()) {
    Result<runtime::TlsContext> tls = runtime::TlsContext::client(
        options.topology_tls_ca, options.topology_tls_certificate, options.topology_tls_key);
    if (!tls) return failure(kBadOption, "options topology_tls_…: " + tls.error().message());
    topology.tls = *std::move(tls);
  }
  if (!options.topology_user.empty())
    topology.account = {.user = options.topology_user, .password_file = options.topology_password_file};
  return topology;
}

}  // namespace kintsugi::app
