#include <charconv>

#include <fmt/format.h>

#include "gate/cluster_topology.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "gate/statement/statement.h"
#include "gate/vschema_change.h"
#include "topo/key_range.h"

// Statements that change the cluster: CREATE and DROP DATABASE, ALTER VSCHEMA.

namespace kintsugi::gate {
namespace {

constexpr std::uint32_t kDatabaseExistsErrno = 1007;
constexpr std::uint32_t kNoSuchDatabaseErrno = 1008;
constexpr std::uint32_t kNoteErrno = 1105;

void respond_ok(Session& session, std::uint64_t affected) {
  mysql::OkPacket ok;
  ok.affected_rows = affected;
  ok.warnings = static_cast<std::uint16_t>(session.state().warning_count);
  session.respond().ok(std::move(ok));
}

void note(Session& session, std::uint32_t code, std::string message) {
  session.state().warnings.push_back({"Note", code, std::move(message)});
  ++session.state().warning_count;
}

Result<std::vector<std::string>> shard_names(const sql::CreateDatabase& create) {
  if (create.shards == nullptr) return std::vector<std::string>{"-"};
  const std::string_view digits = create.shards->text;
  int count = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  Result<std::vector<topo::KeyRange>> ranges = topo::equal_ranges(count);
  if (!ranges) return failure(ranges.error());
  std::vector<std::string> names;
  for (const topo::KeyRange& range : *ranges) names.push_back(range.text());
  return names;
}

bool knows(const vschema::Snapshot& routing, const std::string& keyspace) {
  return routing.find_keyspace(keyspace) != nullptr;
}

}  // namespace

Task<Result<void>> statement_create_database(Session& session, const sql::Statement& statement,
                                             const ClientStatement&) {
  const auto& create = static_cast<const sql::CreateDatabase&>(statement);
  if (create.or_replace) co_return failure(kUnsupported, "CREATE OR REPLACE DATABASE: DROP it first");
  const std::string name(create.name);
  Result<std::vector<std::string>> shards = shard_names(create);
  if (!shards) co_return failure(std::move(shards.error()));
  ClusterTopology& topology = session.worker().topology();
  Result<void> made = co_await topology.create_keyspace(name, *shards, create.shards != nullptr);
  if (!made && made.error().is(kDatabaseExists) && create.if_not_exists) {
    note(session, kDatabaseExistsErrno, made.error().message());
    respond_ok(session, 0);
    co_return Result<void>();
  }
  if (!made) co_return made;
  const bool routed = co_await topology.wait_routed(
      [&name](const vschema::Snapshot& routing) { return knows(routing, name); });
  note(session, kNoteErrno,
       fmt::format(
           "keyspace '{}' has no servers yet, so nothing can be stored in it: add it, with its tablets, to "
           "the cluster spec and apply that",
           name));
  if (!routed) note(session, kNoteErrno, "this gate does not know it yet: is there a control that leads?");
  if (!create.options.empty()) {
    note(session, kNoteErrno, "CHARACTER SET and COLLATE are not kept: the servers' defaults hold");
  }
  respond_ok(session, 1);
  co_return Result<void>();
}

Task<Result<void>> statement_drop_object(Session& session, const sql::Statement& statement,
                                         const ClientStatement&) {
  const auto& drop = static_cast<const sql::DropObject&>(statement);
  const std::string name(drop.name->name);
  ClusterTopology& topology = session.worker().topology();
  Result<void> dropped = co_await topology.drop_keyspace(name);
  if (!dropped && dropped.error().is(kNoSuchDatabase) && drop.if_exists) {
    note(session, kNoSuchDatabaseErrno, dropped.error().message());
    respond_ok(session, 0);
    co_return Result<void>();
  }
  if (!dropped) co_return dropped;
  if (session.state().target.keyspace == name) session.state().target = {};
  const bool routed = co_await topology.wait_routed(
      [&name](const vschema::Snapshot& routing) { return !knows(routing, name); });
  if (!routed) note(session, kNoteErrno, "this gate has not heard of it yet: is there a control that leads?");
  respond_ok(session, 0);
  co_return Result<void>();
}

Task<Result<void>> statement_alter_vschema(Session& session, const sql::Statement& statement,
                                           const ClientStatement&) {
  const auto& alter = static_cast<const sql::AlterVSchema&>(statement);
  const std::string keyspace(alter.object->schema.empty() ? std::string_view(session.state().target.keyspace)
                                                          : alter.object->schema);
  if (keyspace.empty()) co_return failure(kNoDatabase, "No database selected");
  ClusterTopology& topology = session.worker().topology();
  Result<void> done = co_await topology.edit_vschema(
      keyspace, [&alter](vschema::VSchema& vschema) { return apply_change(vschema, alter); });
  if (!done) co_return done;
  const bool routed = co_await topology.wait_routed([&](const vschema::Snapshot& routing) {
    const vschema::Keyspace* found = routing.find_keyspace(keyspace);
    return found != nullptr && is_routed(*found, alter);
  });
  if (!routed) {
    co_return failure(
        kRoutingUnknown,
        fmt::format("the vschema of '{}' was changed, but this gate does not hear of it: is etcd "
                    "reachable?",
                    keyspace));
  }
  respond_ok(session, 0);
  co_return Result<void>();
}

}  // namespace kintsugi::gate
