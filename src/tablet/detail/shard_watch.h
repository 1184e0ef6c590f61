#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/task.h"
#include "runtime/event.h"
#include "tablet/reconcile.h"
#include "topo/names.h"
#include "topo/store.h"

namespace kintsugi::tablet {

/// What the topology says of one tablet of the shard.
struct TabletRecord {
  topo::TabletType type = topo::TabletType::unknown;
  std::string host;
  std::uint16_t mysql_port = 0;
  std::uint16_t http_port = 0;
  std::string owner;
  bool acknowledges = false;
};

/// What the topology says of a shard.
struct ShardPicture {
  bool exists = false;
  std::optional<topo::TabletAlias> primary;
  std::uint32_t epoch = 0;
  Change change = Change::none;
  Durability durability = Durability::unset;
  std::map<topo::TabletAlias, TabletRecord> tablets;
};

/// Follows the records of one shard. A record that cannot be read is told in the log, and the last one that
/// could stays. Borrows the store. On its loop.
class ShardWatch {
 public:
  ShardWatch(topo::Store& store, topo::ShardName shard, runtime::Event& changed);

  Task<void> run(runtime::Cancel& cancel);

  /// All of it was read at least once.
  bool known() const;
  const ShardPicture& picture() const { return picture_; }
  /// Why what is known may be out of date; empty: it is not.
  std::string lost() const;

 private:
  /// One watched prefix.
  class Part : public topo::WatchObserver {
   public:
    Part(ShardWatch& owner, std::string prefix) : owner_(owner), prefix_(std::move(prefix)) {}
    void on_snapshot(std::vector<topo::Node> nodes, topo::Revision revision) override;
    void on_changes(std::vector<topo::WatchEvent> events, topo::Revision revision) override;
    void on_lost(const Error& error) override;

   private:
    friend class ShardWatch;
    ShardWatch& owner_;
    std::string prefix_;
    bool known_ = false;
    std::string lost_;
    std::map<std::string, std::string> nodes_;
  };

  void rebuild();
  void take_tablet(const std::string& key, const std::string& text, ShardPicture& picture);

  topo::Store& store_;
  topo::ShardName shard_;
  runtime::Event& changed_;
  std::array<Part, 3> parts_;
  ShardPicture picture_;
};

}  // namespace kintsugi::tablet
