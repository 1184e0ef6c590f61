#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "topo/names.h"
#include "topo/store.h"

namespace google::protobuf {
class Message;
}

/// The records of the topology: their keys, and reading and writing them as the messages of
/// proto/kintsugi/topo/v1/topo.proto. Include "kintsugi/topo/v1/topo.pb.h" in the .cc file that uses them.
namespace kintsugi::topo {

/// Keys, below the cluster's root.
namespace paths {
std::string cell(std::string_view cell);
std::string cells_alias(std::string_view alias);
std::string keyspace(std::string_view keyspace);
std::string vschema(std::string_view keyspace);
std::string shard(const ShardName& shard);
/// The journal of one change of the shard's primary; `id` sorts by time.
std::string recovery(const ShardName& shard, std::string_view id);
std::string recoveries(const ShardName& shard);  ///< the folder, with a slash at its end
std::string sequence(std::string_view keyspace, std::string_view name);
/// An event's; `name` in lower case.
std::string event(std::string_view keyspace, std::string_view name);
std::string events(std::string_view keyspace);  ///< the folder, with a slash at its end
std::string routing_rules();
/// Exists while automatic recovery is held in the whole cluster.
std::string recovery_hold();
/// How a person has decided a transaction over several shards; `transaction` is its id.
std::string resolution(std::string_view transaction);
std::string user(std::string_view user);
std::string workflow(std::string_view keyspace, std::string_view name);
/// The folder of an election's or lock's claims: "global/elections/control/locks".
std::string election(std::string_view name);
std::string srv_vschema(std::string_view cell);
std::string srv_keyspace(std::string_view cell, std::string_view keyspace);
std::string shard_replication(std::string_view cell, const ShardName& shard);
std::string tablet(const TabletAlias& alias);
/// Exists while the gate reaches the topology; gate.proto.
std::string gate(std::string_view cell, std::string_view id);
/// Exists while the tablet's agent lives.
std::string tablet_owner(const TabletAlias& alias);

// Folders, without a slash at their end.
inline constexpr std::string_view kCells = "global/cells";
inline constexpr std::string_view kKeyspaces = "global/keyspaces";
inline constexpr std::string_view kEvents = "global/events";
std::string local(std::string_view cell);
std::string tablets(std::string_view cell);
std::string gates(std::string_view cell);
}  // namespace paths

enum class RecordKind {
  unknown,
  cell,
  cells_alias,
  keyspace,
  vschema,
  shard,
  recovery,
  sequence,
  event,
  routing_rules,
  recovery_hold,
  resolution,
  user,
  workflow,
  srv_vschema,
  srv_keyspace,
  shard_replication,
  tablet,
  tablet_owner,
  gate,
};

/// What a key says. Parts that the kind does not have are empty.
struct KeyParts {
  RecordKind kind = RecordKind::unknown;
  std::string cell;
  std::string keyspace;
  std::string shard;
  /// Of a cells alias, recovery, transaction, sequence, event, user or workflow; the alias of a tablet, the
  /// id of a gate.
  std::string name;
};
KeyParts parse_key(std::string_view key);

/// A record's text: indented JSON, with a newline at its end.
std::string to_text(const google::protobuf::Message& record);
/// Fields of later versions are passed over. kBadRecord names the key and the field.
Result<void> from_text(std::string_view key, std::string_view text, google::protobuf::Message& record);

template <class T>
struct Versioned {
  T record;
  Revision revision = 0;
};

/// kNoNode, kBadRecord, and what the store fails with.
template <class T>
Task<Result<Versioned<T>>> read_record(Store& store, std::string key, Call call = {}) {
  Result<Node> node = co_await store.get(key, call);
  if (!node) co_return failure(node.error());
  Versioned<T> result;
  const Result<void> parsed = from_text(key, node->value, result.record);
  if (!parsed) co_return failure(parsed.error());
  result.revision = node->revision;
  co_return result;
}

/// Changes a record by a function of it, again if somebody else was faster. `edit` returns false to leave it
/// as it is; a record that does not exist is given to it empty if `create`, else the call fails with kNoNode.
/// Returns the record as it is then.
template <class T>
Task<Result<T>> edit_record(Store& store, std::string key, std::function<Result<bool>(T& record)> edit,
                            bool create = false, Call call = {}) {
  T record;
  // A named function object, since the coroutine that runs it outlives this expression.
  Store::Edit edit_text = [&](const std::optional<std::string>& text) -> Result<std::optional<std::string>> {
    record.Clear();
    if (!text && !create) return failure(kNoNode, "there is no record " + key);
    if (text) {
      if (Result<void> parsed = from_text(key, *text, record); !parsed) return failure(parsed.error());
    }
    Result<bool> changed = edit(record);
    if (!changed) return failure(changed.error());
    if (!*changed) return std::optional<std::string>();
    return std::optional<std::string>(to_text(record));
  };
  const Result<Revision> done = co_await store.edit(key, std::move(edit_text), call);
  if (!done) co_return failure(done.error());
  co_return std::move(record);
}

}  // namespace kintsugi::topo
