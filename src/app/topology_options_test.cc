#include "app/topology_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/options.h"

namespace kintsugi::app {
namespace {

using testing::HasSubstr;

std::string problem(const CommonOptions& options) {
  const Result<topo::EtcdStore::Options> made = topology_options(options);
  if (made) return "";
  EXPECT_TRUE(made.error().is(kBadOption));
  return made.error().message();
}

TEST(TopologyOptions, SayWhereTheTopologyIs) {
  CommonOptions options;
  options.cluster = "c";
  options.topology_user = "kintsugi";
  options.topology_password_file = "/run/password";
  const topo::EtcdStore::Options made = topology_options(options).value();
  EXPECT_EQ(made.root, "/kintsugi/c");
  EXPECT_EQ(made.endpoints, options.topology);
  EXPECT_FALSE(made.tls.has_value());
  EXPECT_EQ(made.account->user, "kintsugi");
  EXPECT_EQ(made.account->password_file, "/run/password");
  EXPECT_FALSE(topology_options(CommonOptions()).value().account.has_value());
}

TEST(TopologyOptions, NameWhatDoesNotGoTogether) {
  CommonOptions options;
  options.topology_user = "kintsugi";
  EXPECT_THAT(problem(options), HasSubstr("topology_user and topology_password_file go together"));
  options = {};
  options.topology = {"http://a:2379", "https://b:2379"};
  EXPECT_THAT(problem(options), HasSubstr("topology_tls_ca must name"));
  options.topology_tls_ca = "/nowhere/ca.pem";
  EXPECT_THAT(problem(options), HasSubstr("/nowhere/ca.pem"));
  options.topology_tls_key = "/nowhere/key.pem";
  EXPECT_THAT(problem(options), HasSubstr("topology_tls_certificate and topology_tls_key go together"));
}

}  // namespace
}  // namespace kintsugi::app
