#include "local/desired.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/source_dir.h"
#include "spec/parse.h"

namespace kintsugi::local {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Machine kMachine{{"/state"}, "/bin/kintsugi"};

struct Planned {
  Assignments assigned;
  std::vector<ProcessPlan> processes;

  const ProcessPlan& at(const std::string& name) const {
    return *std::ranges::find(processes, name, &ProcessPlan::name);
  }
};

Planned plan(const spec::Cluster& cluster, Assignments assigned = {}) {
  spec::AliasBook book;
  std::uint16_t next = 20000;
  assigned.tablets = *spec::assign_aliases(cluster, book);
  assigned.gates = number_gates(cluster, assigned.gates);
  assigned.ports = assign_ports(cluster, assigned, [&next] { return next++; });
  return {assigned, desired_processes(kMachine, cluster, assigned)};
}

spec::Cluster example() { return *spec::load(source_dir() + "/examples/commerce.yaml"); }

std::vector<std::string> names(const Planned& planned) {
  std::vector<std::string> out;
  for (const ProcessPlan& each : planned.processes) out.push_back(each.name);
  return out;
}

TEST(Desired, TheExampleInTheOrderOfItsStart) {
  EXPECT_THAT(names(plan(example())),
              ElementsAre("etcd", "control-1", "tablet-zone1-101", "tablet-zone1-102", "tablet-zone1-103",
                          "tablet-zone1-104", "tablet-zone1-105", "tablet-zone1-106", "gate-1"));
}

TEST(Desired, PortsOfTheSpecAreTakenAndOthersStay) {
  const Planned first = plan(example());
  EXPECT_EQ(first.assigned.ports.at("gate-1.mysql"), 15306);
  EXPECT_EQ(first.assigned.ports.at("control-1.http"), 15000);
  EXPECT_EQ(first.at("gate-1").ports.front().field, "spec.gates[0].mysqlPort");
  Assignments remembered;
  remembered.ports = {{"tablet-zone1-101.mysql", 1234}, {"gate-1.mysql", 1}};
  const Planned later = plan(example(), remembered);
  EXPECT_EQ(later.assigned.ports.at("tablet-zone1-101.mysql"), 1234);
  EXPECT_EQ(later.assigned.ports.at("gate-1.mysql"), 15306);
}

TEST(Desired, ReplicasOfAGateTakeTheNextPorts) {
  spec::Cluster cluster = example();
  cluster.gates[0].replicas = 2;
  const Planned planned = plan(cluster);
  EXPECT_EQ(planned.assigned.ports.at("gate-2.mysql"), 15307);
  EXPECT_EQ(planned.assigned.ports.at("gate-2.http"), 15002);
}

TEST(Desired, GatesKeepTheirNumbers) {
  spec::Cluster cluster = example();
  cluster.cells.push_back({"zone2", ""});
  cluster.gates.push_back({"zone2", 1, 0, 0, {}});
  const Planned first = plan(cluster);
  EXPECT_EQ(first.assigned.gates.at("zone2/0"), 2);
  std::swap(cluster.gates[0], cluster.gates[1]);
  EXPECT_EQ(plan(cluster, first.assigned).assigned.gates, first.assigned.gates);
}

TEST(Desired, AnEtcdThatIsThereIsNotStarted) {
  spec::Cluster cluster = example();
  cluster.etcd.endpoints = {"http://10.0.0.1:2379", "http://10.0.0.2:2379"};
  const Planned planned = plan(cluster);
  EXPECT_THAT(names(planned), Not(Contains("etcd")));
  EXPECT_THAT(planned.at("gate-1").command, Contains(HasSubstr("http://10.0.0.1:2379,http://10.0.0.2:2379")));
}

TEST(Desired, OnlyWhatChangedHasAnotherFingerprint) {
  spec::Cluster cluster = example();
  const Planned before = plan(cluster);
  cluster.keyspaces[1].mysqld.settings["max_connections"] = "77";
  cluster.gates[0].options["workers"] = "3";
  const Planned after = plan(cluster);
  std::vector<std::string> changed;
  for (const ProcessPlan& each : after.processes) {
    if (each.fingerprint() != before.at(each.name).fingerprint()) changed.push_back(each.name);
  }
  EXPECT_THAT(changed, ElementsAre("tablet-zone1-103", "tablet-zone1-104", "tablet-zone1-105",
                                   "tablet-zone1-106", "gate-1"));
}

TEST(Desired, InlineUsersBecomeAFile) {
  spec::Cluster cluster = example();
  cluster.users = {"", R"({"user":[]})"};
  const Planned planned = plan(cluster);
  const ProcessPlan& gate = planned.at("gate-1");
  ASSERT_EQ(gate.files.size(), 1u);
  EXPECT_EQ(gate.files[0].path, "/state/users.json");
  EXPECT_THAT(gate.command, Contains(HasSubstr("/state/users.json")));
}

}  // namespace
}  // namespace kintsugi::local
