#include "topo/records.h"

#include <fmt/format.h>
#include <google/protobuf/message.h>

#include "rpc/json.h"

namespace kintsugi::topo {
namespace {

std::vector<std::string_view> split(std::string_view key) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t slash = key.find('/');
    parts.push_back(key.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    key.remove_prefix(slash + 1);
  }
}

/// One kind of key as a pattern: "{cell}" and the like stand for one element.
struct Pattern {
  RecordKind kind;
  std::string_view key;
};
constexpr Pattern kPatterns[] = {
    {RecordKind::cell, "global/cells/{cell}/CellInfo"},
    {RecordKind::cells_alias, "global/cells_aliases/{name}/CellsAlias"},
    {RecordKind::keyspace, "global/keyspaces/{keyspace}/Keyspace"},
    {RecordKind::vschema, "global/keyspaces/{keyspace}/VSchema"},
    {RecordKind::shard, "global/keyspaces/{keyspace}/shards/{shard}/Shard"},
    {RecordKind::recovery, "global/keyspaces/{keyspace}/shards/{shard}/recoveries/{name}/Recovery"},
    {RecordKind::sequence, "global/keyspaces/{keyspace}/sequences/{name}/Sequence"},
    {RecordKind::event, "global/events/{keyspace}/{name}/Event"},
    {RecordKind::routing_rules, "global/routing_rules/RoutingRules"},
    {RecordKind::recovery_hold, "global/recovery/RecoveryHold"},
    {RecordKind::resolution, "global/transactions/{name}/Resolution"},
    {RecordKind::user, "global/users/{name}/User"},
    {RecordKind::workflow, "global/workflows/{keyspace}/{name}/Workflow"},
    {RecordKind::srv_vschema, "local/{cell}/SrvVSchema"},
    {RecordKind::srv_keyspace, "local/{cell}/keyspaces/{keyspace}/SrvKeyspace"},
    {RecordKind::shard_replication, "local/{cell}/keyspaces/{keyspace}/shards/{shard}/ShardReplication"},
    {RecordKind::tablet, "local/{cell}/tablets/{name}/Tablet"},
    {RecordKind::tablet_owner, "local/{cell}/tablets/{name}/Owner"},
    {RecordKind::gate, "local/{cell}/gates/{name}/Gate"},
};

bool match(const std::vector<std::string_view>& elements, const Pattern& pattern, KeyParts& parts) {
  const std::vector<std::string_view> wanted = split(pattern.key);
  if (wanted.size() != elements.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "{cell}") {
      parts.cell = elements[i];
    } else if (wanted[i] == "{keyspace}") {
      parts.keyspace = elements[i];
    } else if (wanted[i] == "{shard}") {
      parts.shard = elements[i];
    } else if (wanted[i] == "{name}") {
      parts.name = elements[i];
    } else if (wanted[i] != elements[i]) {
      return false;
    }
  }
  parts.kind = pattern.kind;
  return true;
}

std::string make(RecordKind kind, const KeyParts& parts) {
  std::string key;
  for (const Pattern& pattern : kPatterns) {
    if (pattern.kind != kind) continue;
    for (const std::string_view element : split(pattern.key)) {
      if (!key.empty()) key += '/';
      if (element == "{cell}") {
        key += parts.cell;
      } else if (element == "{keyspace}") {
        key += parts.keyspace;
      } else if (element == "{shard}") {
        key += parts.shard;
      } else if (element == "{name}") {
        key += parts.name;
      } else {
        key += element;
      }
    }
  }
  return key;
}

std::string text(std::string_view view) { return std::string(view); }

}  // namespace

namespace paths {

std::string cell(std::string_view cell) { return make(RecordKind::cell, {.cell = text(cell)}); }
std::string cells_alias(std::string_view alias) {
  return make(RecordKind::cells_alias, {.name = text(alias)});
}
std::string keyspace(std::string_view keyspace) {
  return make(RecordKind::keyspace, {.keyspace = text(keyspace)});
}
std::string vschema(std::string_view keyspace) {
  return make(RecordKind::vschema, {.keyspace = text(keyspace)});
}
std::string shard(const ShardName& shard) {
  return make(RecordKind::shard, {.keyspace = shard.keyspace, .shard = shard.shard});
}
std::string recovery(const ShardName& shard, std::string_view id) {
  return make(RecordKind::recovery, {.keyspace = shard.keyspace, .shard = shard.shard, .name = text(id)});
}
std::string recoveries(const ShardName& shard) {
  return fmt::format("global/keyspaces/{}/shards/{}/recoveries/", shard.keyspace, shard.shard);
}
std::string sequence(std::string_view keyspace, std::string_view name) {
  return make(RecordKind::sequence, {.keyspace = text(keyspace), .name = text(name)});
}
std::string event(std::string_view keyspace, std::string_view name) {
  return make(RecordKind::event, {.keyspace = text(keyspace), .name = text(name)});
}
std::string events(std::string_view keyspace) { return fmt::format("{}/{}/", kEvents, keyspace); }
std::string routing_rules() { return make(RecordKind::routing_rules, {}); }
std::string recovery_hold() { return make(RecordKind::recovery_hold, {}); }
std::string resolution(std::string_view transaction) {
  return make(RecordKind::resolution, {.name = text(transaction)});
}
std::string user(std::string_view user) { return make(RecordKind::user, {.name = text(user)}); }
std::string workflow(std::string_view keyspace, std::string_view name) {
  return make(RecordKind::workflow, {.keyspace = text(keyspace), .name = text(name)});
}
std::string election(std::string_view name) { return fmt::format("global/elections/{}/locks", name); }
std::string srv_vschema(std::string_view cell) { return make(RecordKind::srv_vschema, {.cell = text(cell)}); }
std::string srv_keyspace(std::string_view cell, std::string_view keyspace) {
  return make(RecordKind::srv_keyspace, {.cell = text(cell), .keyspace = text(keyspace)});
}
std::string shard_replication(std::string_view cell, const ShardName& shard) {
  return make(RecordKind::shard_replication,
              {.cell = text(cell), .keyspace = shard.keyspace, .shard = shard.shard});
}
std::string tablet(const TabletAlias& alias) {
  return make(RecordKind::tablet, {.cell = alias.cell, .name = alias.text()});
}
std::string tablet_owner(const TabletAlias& alias) {
  return make(RecordKind::tablet_owner, {.cell = alias.cell, .name = alias.text()});
}
std::string gate(std::string_view cell, std::string_view id) {
  return make(RecordKind::gate, {.cell = text(cell), .name = text(id)});
}
std::string local(std::string_view cell) { return fmt::format("local/{}", cell); }
std::string tablets(std::string_view cell) { return fmt::format("local/{}/tablets", cell); }
std::string gates(std::string_view cell) { return fmt::format("local/{}/gates", cell); }

}  // namespace paths

KeyParts parse_key(std::string_view key) {
  const std::vector<std::string_view> elements = split(key);
  for (const Pattern& pattern : kPatterns) {
    KeyParts parts;
    if (match(elements, pattern, parts)) return parts;
  }
  return {};
}

std::string to_text(const google::protobuf::Message& record) {
  std::string json = rpc::to_json(record, true);
  if (!json.ends_with('\n')) json += '\n';
  return json;
}

Result<void> from_text(std::string_view key, std::string_view text, google::protobuf::Message& record) {
  const Result<void> parsed = rpc::from_json(text, record, rpc::UnknownFields::ignore);
  if (parsed) return {};
  return failure(kBadRecord, fmt::format("the record {} cannot be read: {}", key, parsed.error().message()));
}

}  // namespace kintsugi::topo
