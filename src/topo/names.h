#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace kintsugi::topo {

/// What a tablet is for. The numbers are those of kintsugi.topo.v1.TabletType.
enum class TabletType : int { unknown = 0, primary = 1, replica = 2, rdonly = 3 };
/// "primary", "replica", "rdonly", "unknown".
std::string_view name(TabletType type);
/// Of either case; "master" and "slave" are refused with a hint.
Result<TabletType> parse_tablet_type(std::string_view text);

/// The name of a tablet: its cell and a number that is its own in the cell. Written "zone1-101".
struct TabletAlias {
  std::string cell;
  std::uint32_t uid = 0;

  /// Leading zeros of the number are accepted ("zone1-0000000101") and dropped.
  static Result<TabletAlias> parse(std::string_view text);
  std::string text() const { return cell + '-' + std::to_string(uid); }
  auto operator<=>(const TabletAlias&) const = default;
};

/// A shard and its keyspace. Written "customer/-80".
struct ShardName {
  std::string keyspace;
  std::string shard;

  static Result<ShardName> parse(std::string_view text);
  std::string text() const { return keyspace + '/' + shard; }
  auto operator<=>(const ShardName&) const = default;
};

/// Names become keys in etcd, databases and folders. A cell: letters, digits, '_' and '-', at most 64. A
/// keyspace: a database name of at most 64 bytes without '/', '\', '.', ':', '@', spaces and control
/// characters that is none of the server's own and not `_kintsugi`. A shard: a key range. Failures are
/// kBadName (kBadKeyRange for a shard) and say what is allowed.
Result<void> check_cell_name(std::string_view cell);
Result<void> check_keyspace_name(std::string_view keyspace);
Result<void> check_shard_name(std::string_view shard);
/// What else becomes one element of a key: workflows, sequences, users.
Result<void> check_key_element(std::string_view kind, std::string_view text);

}  // namespace kintsugi::topo
