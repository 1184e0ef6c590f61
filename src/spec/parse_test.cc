#include "spec/parse.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/testing/source_dir.h"
#include "spec/errors.h"
#include "spec/fields.h"

namespace kintsugi::spec {
namespace {

Result<std::string> read_test_file(const std::string& path) {
  if (path == "/specs/users.json") return std::string(R"({"user":[]})");
  return failure(kSpecUnreadable, "cannot read " + path + ": No such file or directory");
}

/// Parts that take few options and settings.
PartChecks sample_checks() {
  PartChecks checks;
  checks.options = [](std::string_view role, const Settings& options) {
    std::vector<Mistake> mistakes;
    for (const auto& [name, value] : options) {
      if (name != "loops") mistakes.push_back({name, std::string(role) + " has no such option"});
      if (name == "loops" && value == "0") mistakes.push_back({"", "no loops are too few"});
    }
    return mistakes;
  };
  checks.settings = [](Flavour flavour, const Settings& settings) {
    std::vector<Mistake> mistakes;
    if (settings.contains("read-only")) mistakes.push_back({"read-only", "is the agent's to set"});
    if (settings.contains("wsrep_on") && flavour == Flavour::mysql)
      mistakes.push_back({"wsrep_on", "is unknown to mysql"});
    return mistakes;
  };
  checks.levels = [](const Settings& levels) {
    std::vector<Mistake> mistakes;
    for (const auto& [component, level] : levels) {
      if (level != "debug") mistakes.push_back({component, "'" + level + "' is no level"});
    }
    return mistakes;
  };
  checks.users = [](const std::string& json) {
    return json == R"({"user":[]})" ? std::vector<Mistake>() : std::vector<Mistake>{{"", "no such users"}};
  };
  return checks;
}

Parsed parsed(const std::string& text) {
  return parse(text, "c.yaml", "/specs", read_test_file, sample_checks());
}

std::string problems(const std::string& text) {
  std::string out;
  for (const Problem& each : parsed(text).problems) out += each.text() + "\n";
  return out;
}

constexpr const char* kHead = R"(apiVersion: kintsugi/v1
kind: Cluster
metadata: {name: shop}
spec:
  cells: [{name: zone1}, {name: zone2}]
  gates: [{}]
)";

std::string with(const std::string& more) { return kHead + more; }

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Parse, TheExampleIsGood) {
  const Result<Cluster> cluster = load(source_dir() + "/examples/commerce.yaml");
  ASSERT_TRUE(cluster.has_value()) << cluster.error().text();
  EXPECT_EQ(cluster->name, "commerce");
  EXPECT_EQ(cluster->listen_host, "127.0.0.1");
  ASSERT_EQ(cluster->keyspaces.size(), 2u);
  const Keyspace& customer = cluster->keyspaces[1];
  ASSERT_EQ(customer.shards.size(), 2u);
  EXPECT_EQ(customer.shards[0].text(), "-80");
  EXPECT_EQ(customer.mysqld.buffer_pool_bytes, 32u << 20);
  EXPECT_EQ(cluster->users.file, source_dir() + "/examples/commerce/users.json");
  EXPECT_EQ(cluster->gates[0].mysql_port, 15306);
}

TEST(Parse, DefaultsComeFromTheTable) {
  const Parsed result = parsed(with("  keyspaces: [{name: a}]\n"));
  ASSERT_TRUE(result.ok()) << problems(with("  keyspaces: [{name: a}]\n"));
  const Keyspace& keyspace = result.cluster.keyspaces[0];
  ASSERT_EQ(keyspace.shards.size(), 1u);
  EXPECT_EQ(keyspace.shards[0].text(), "-");
  EXPECT_EQ(keyspace.durability, Durability::automatic);
  const TabletPool two_replicas{"zone1", topo::TabletType::replica, 2, {}};
  EXPECT_EQ(keyspace.tablets, std::vector<TabletPool>{two_replicas});
  EXPECT_EQ(result.cluster.gates[0].cell, "zone1");
  EXPECT_EQ(result.cluster.control.http_port, 15000);
}

TEST(Parse, PathsStartAtTheSpecsOwnFolder) {
  const Parsed result =
      parsed(with("  etcd: {binary: etcd}\n"
                  "  mysqld: {binary: ../bin/mariadbd}\n"
                  "  keyspaces: [{name: a}, {name: b, mysqld: {binary: /usr/sbin/mariadbd}}]\n"));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.cluster.etcd.binary, "etcd") << "is looked for in PATH";
  EXPECT_EQ(result.cluster.keyspaces[0].mysqld.binary, "/bin/mariadbd");
  EXPECT_EQ(result.cluster.keyspaces[1].mysqld.binary, "/usr/sbin/mariadbd");
}

TEST(Parse, KeyspaceSettingsLieOnTopOfTheClusters) {
  const Parsed result = parsed(with(R"(  mysqld:
    bufferPoolSize: 1G
    settings: {max_connections: 500, sort_buffer_size: 1M}
  keyspaces:
    - name: a
      mysqld: {settings: {max_connections: 900}}
    - name: b
      mysqld: {bufferPoolSize: 64Mi, flavour: mysql}
)"));
  ASSERT_TRUE(result.ok());
  const Mysqld& a = result.cluster.keyspaces[0].mysqld;
  EXPECT_EQ(a.settings, (Settings{{"max_connections", "900"}, {"sort_buffer_size", "1M"}}));
  EXPECT_EQ(a.buffer_pool_bytes, 1u << 30);
  EXPECT_EQ(a.flavour, Flavour::mariadb);
  const Mysqld& b = result.cluster.keyspaces[1].mysqld;
  EXPECT_EQ(b.buffer_pool_bytes, 64u << 20);
  EXPECT_EQ(b.flavour, Flavour::mysql);
}

TEST(Parse, InlineDocumentsKeepTheTypesOfJson) {
  const Parsed result = parsed(with(R"(  users:
    inline: {user: [{name: "1", size: 10, on: true, code: 007, ratio: -1.5e3, none: }]}
)"));
  EXPECT_EQ(result.cluster.users.text,
            R"({"user":[{"name":"1","size":10,"on":true,"code":"007","ratio":-1.5e3,"none":null}]})");
}

struct BadCase {
  const char* what;
  const char* text;  ///< behind kHead, which has six lines
  const char* expected;
};

const BadCase kBad[] = {
    {"unknown field with a near name", "  keyspaces:\n    - name: a\n      shardz: 2\n",
     "c.yaml:9:7: spec.keyspaces[0].shardz: unknown field; did you mean 'shards'?\n"},
    {"unknown field far from all", "  etcd: {telephone: 1}\n",
     "c.yaml:7:10: spec.etcd.telephone: unknown field; expected one of endpoints, binary, clientPort, "
     "peerPort\n"},
    {"wrong type", "  control: {httpPort: fifteen}\n",
     "c.yaml:7:23: spec.control.httpPort: expected an integer, found 'fifteen'\n"},
    {"out of bounds", "  control: {httpPort: 70000}\n",
     "c.yaml:7:23: spec.control.httpPort: expected 0 to 65535, found '70000'\n"},
    {"a size that is none", "  mysqld: {bufferPoolSize: much}\n",
     "c.yaml:7:28: spec.mysqld.bufferPoolSize: expected a size such as 64M or 2G, found 'much'\n"},
    {"wrong word", "  keyspaces: [{name: a, durability: semisync}]\n",
     "c.yaml:7:37: spec.keyspaces[0].durability: expected one of auto, none, semi_sync, cross_cell, found "
     "'semisync'; "
     "did you mean 'semi_sync'?\n"},
    {"list for an object", "  etcd: [1]\n", "c.yaml:7:9: spec.etcd: expected an object, found a list\n"},
    {"missing name", "  keyspaces: [{shards: 2}]\n", "c.yaml:7:15: spec.keyspaces[0].name: is required\n"},
    {"a field twice", "  etcd: {binary: a, binary: b}\n", "c.yaml:7:21: spec.etcd.binary: is there twice\n"},
    {"a keyspace twice", "  keyspaces: [{name: a}, {name: a}]\n",
     "c.yaml:7:33: spec.keyspaces[1].name: keyspace 'a' is there twice\n"},
    {"unknown cell", "  keyspaces: [{name: a, tablets: [{cell: zone3}]}]\n",
     "c.yaml:7:42: spec.keyspaces[0].tablets[0].cell: cell 'zone3' is not in spec.cells; did you mean "
     "'zone1'?\n"},
    {"two tablets with one alias",
     "  keyspaces: [{name: a, tablets: [{uids: [7]}]}, {name: b, tablets: [{uids: [7]}]}]\n",
     "c.yaml:7:78: spec.keyspaces[1].tablets[0].uids[0]: tablet zone1-7 is there twice; the other is "
     "spec.keyspaces[0].tablets[0].uids[0]\n"},
    {"too few uids", "  keyspaces: [{name: a, shards: 2, tablets: [{uids: [7]}]}]\n",
     "c.yaml:7:53: spec.keyspaces[0].tablets[0].uids: has 1 numbers; expected 2: 1 for each of 2 shards\n"},
    {"ports that collide", "  control: {httpPort: 15305, replicas: 2}\n",
     "c.yaml:6:11: spec.gates[0].mysqlPort: port 15306 is already that of spec.control.httpPort\n"},
    {"no tablet for a primary", "  keyspaces: [{name: a, tablets: [{type: rdonly}]}]\n",
     "c.yaml:7:34: spec.keyspaces[0].tablets: has no tablet of type replica; expected one that can become "
     "primary\n"},
    {"semi-sync with nobody", "  keyspaces: [{name: a, durability: semi_sync, tablets: [{}]}]\n",
     "c.yaml:7:37: spec.keyspaces[0].durability: semi_sync waits for a second tablet of type replica and "
     "there is only "
     "one: no write would ever return\n"},
    {"a setting that is not the user's", "  keyspaces: [{name: a, mysqld: {settings: {read-only: 0}}}]\n",
     "c.yaml:7:56: spec.keyspaces[0].mysqld.settings.read-only: is the agent's to set\n"},
    {"a setting of all keyspaces is told once",
     "  mysqld: {settings: {read-only: 0}}\n  keyspaces: [{name: a}, {name: b}]\n",
     "c.yaml:7:34: spec.mysqld.settings.read-only: is the agent's to set\n"},
    {"a common setting that one keyspace's servers do not have",
     "  mysqld: {settings: {wsrep_on: 0}}\n  keyspaces: [{name: a}, {name: b, mysqld: {flavour: mysql}}]\n",
     "c.yaml:7:33: spec.mysqld.settings.wsrep_on: is unknown to mysql\n"},
    {"an option that no control has", "  control: {options: {lops: 1}}\n",
     "c.yaml:7:29: spec.control.options.lops: control has no such option\n"},
    {"options that do not fit together", "  control: {options: {loops: 0}}\n",
     "c.yaml:7:22: spec.control.options: no loops are too few\n"},
    {"an option that has a field of its own", "  control: {options: {http-port: 1}}\n",
     "c.yaml:7:34: spec.control.options.http-port: cannot be set here: it is the httpPort beside these "
     "options\n"},
    {"users that gates refuse", "  users: {inline: {nobody: []}}\n",
     "c.yaml:7:19: spec.users.inline: no such users\n"},
    {"a file that is not there", "  users: {file: who.json}\n",
     "c.yaml:7:17: spec.users.file: cannot read /specs/who.json: No such file or directory\n"},
    {"both file and inline", "  users: {file: users.json, inline: {user: []}}\n",
     "c.yaml:7:37: spec.users.inline: is given beside 'file'; expected one of the two\n"},
    {"a vschema that refers to nothing",
     "  keyspaces: [{name: a, vschema: {inline: {sharded: true, tables: {t: {column_vindexes: [{column: id, "
     "name: "
     "nope}]}}}}}]\n",
     "c.yaml:7:109: spec.keyspaces[0].vschema.inline.tables.t.column_vindexes[0].name: there is no vindex "
     "'nope' in this "
     "keyspace (there are: none)\n"},
    {"shards without a sharded vschema",
     "  keyspaces: [{name: a, shards: 2, vschema: {inline: {tables: {t: {}}}}}]\n",
     "c.yaml:7:54: spec.keyspaces[0].vschema.inline: has no 'sharded: true', but the keyspace has 2 "
     "shards\n"},
    {"a level that is none", "  logging: {levels: {gate: loud}}\n",
     "c.yaml:7:28: spec.logging.levels.gate: 'loud' is no level\n"},
};

TEST(Parse, MistakesNameLineFieldAndWhatWasExpected) {
  for (const BadCase& each : kBad) {
    SCOPED_TRACE(each.what);
    EXPECT_EQ(problems(with(each.text)), each.expected);
  }
}

TEST(Parse, OptionsOfGatesAreCheckedWhereTheyStand) {
  const char* text = R"(apiVersion: kintsugi/v1
kind: Cluster
metadata: {name: shop}
spec:
  cells: [{name: zone1}]
  gates:
    - options: {loops: 2}
    - mysqlPort: 3307
      httpPort: 0
      options:
        loops: 2
        lops: 3
        users-file: x.json
)";
  EXPECT_EQ(problems(text),
            "c.yaml:12:15: spec.gates[1].options.lops: gate has no such option\n"
            "c.yaml:13:21: spec.gates[1].options.users-file: cannot be set here: it is spec.users\n");
}

TEST(Parse, PartitionsAreChecked) {
  const auto said = [](const std::string& partitions) {
    return problems(with("  keyspaces: [{name: a, partitions: " + partitions + "}]\n"));
  };
  EXPECT_EQ(said(R"(["-40", "40-80", "80-"])"), "");
  for (const char* bad : {R"(["-80", "90-"])", R"(["-80", "70-"])", R"(["-80"])", R"(["-80", "zz-"])",
                          R"(["-80", "-80", "80-"])"}) {
    EXPECT_TRUE(said(bad).starts_with("c.yaml:7:")) << bad << said(bad);
    EXPECT_NE(said(bad).find("spec.keyspaces[0].partitions"), std::string::npos) << bad << said(bad);
  }
  EXPECT_NE(
      problems(with("  keyspaces: [{name: a, shards: 2, partitions: [\"-\"]}]\n")).find("one of the two"),
      std::string::npos);
}

TEST(Parse, AllMistakesAreToldInTheOrderOfTheFile) {
  const std::string said = problems(R"(apiVersion: v1
kind: Cluster
metadata: {name: Shop}
spec:
  cells: [{name: zone1}, {name: zone1}]
  gate: []
  keyspaces:
    - name: a/b
      shards: none
)");
  EXPECT_EQ(said.substr(0, said.find('\n')), "c.yaml:1:13: apiVersion: expected kintsugi/v1, found 'v1'");
  std::vector<std::string> places;
  std::istringstream lines(said);
  for (std::string line; std::getline(lines, line);) places.push_back(line.substr(7, line.find(": ", 7) - 7));
  EXPECT_EQ(places, (std::vector<std::string>{"1:13", "3:18", "5:3", "5:33", "6:3", "8:13", "9:15"})) << said;
}

TEST(Parse, WhatIsNotYamlHasAPlaceToo) {
  EXPECT_TRUE(problems("a: [1, 2\nb: 3\n").starts_with("c.yaml:2:")) << problems("a: [1, 2\nb: 3\n");
  EXPECT_EQ(problems(""), "c.yaml: the document is empty\n");
  EXPECT_NE(problems("just text").find("expected an object, found 'just text'"), std::string::npos);
  EXPECT_NE(problems("a: 1\n---\nb: 2\n").find("second document"), std::string::npos);
  // Ten levels of ten aliases each would be ten thousand million nodes.
  std::string bomb = "l0: &l0 x\n";
  for (int i = 1; i <= 10; ++i) {
    const std::string below = "*l" + std::to_string(i - 1);
    bomb += "l" + std::to_string(i) + ": &l" + std::to_string(i) + " [" + below;
    for (int j = 0; j < 9; ++j) bomb += ", " + below;
    bomb += "]\n";
  }
  EXPECT_NE(problems(bomb).find("too large"), std::string::npos);
  EXPECT_NE(problems(std::string(10'000, '[')).find("c.yaml"), std::string::npos);
}

TEST(Load, ErrorHasOneLineForEachMistake) {
  const std::string path = testing::TempDir() + "/bad_spec.yaml";
  std::ofstream(path) << with("  etcd: {binry: x}\n  keyspaces: [{}]\n");
  const Result<Cluster> cluster = load(path);
  ASSERT_FALSE(cluster.has_value());
  EXPECT_TRUE(cluster.error().is(kBadSpec));
  EXPECT_NE(cluster.error().message().find("2 mistakes\n" + path + ":7:10: spec.etcd.binry: unknown field"),
            std::string::npos)
      << cluster.error().message();
  std::filesystem::remove(path);
  EXPECT_TRUE(load(path).error().is(kSpecUnreadable));
}

TEST(Fields, ReferencePageIsUpToDate) {
  const std::string path = source_dir() + "/docs/cluster-spec.md";
  const std::string page = content(path);
  const std::string begin = "<!-- fields: begin -->\n";
  const std::string end = "<!-- fields: end -->";
  const std::size_t from = page.find(begin);
  ASSERT_NE(from, std::string::npos) << path;
  const std::size_t first = from + begin.size();
  const std::size_t length = page.find(end, first) - first;
  if (std::getenv("KINTSUGI_REWRITE") != nullptr) {
    std::ofstream(path) << std::string(page).replace(first, length, reference_markdown());
  } else {
    EXPECT_EQ(page.substr(first, length), reference_markdown())
        << "docs/cluster-spec.md is out of date: KINTSUGI_REWRITE=1 ./dev unit spec";
  }
}

TEST(Fields, SchemaNamesEveryField) {
  const std::string schema = json_schema();
  for (const Field& each : fields()) {
    EXPECT_NE(schema.find('"' + std::string(leaf(each)) + "\": {"), std::string::npos) << each.path;
  }
}

}  // namespace
}  // namespace kintsugi::spec
