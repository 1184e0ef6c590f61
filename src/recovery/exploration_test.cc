#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "recovery/recovery.h"

// Every order in which, up to some depth, three servers can write, receive, apply, crash, come back, be cut
// off, lose their leases and act on records, with a control that decides at any moment: the promise must hold
// in each.
//
// A server of the model is what it has executed, what it has received and not applied (gone when it crashes),
// and what its agent has told control last, which may be old. Transactions are bits, in the order of their
// commits.

namespace kintsugi::recovery {
namespace {

using Bits = std::uint8_t;

constexpr int kServers = 3;
constexpr int kWritesMax = 3;
constexpr int kCrashesMax = 2;
constexpr int kCutsMax = 1;
constexpr int kEpochMax = 6;

// Only bytes, without padding: worlds are compared and hashed as such.
struct Node {
  Bits log = 0;
  Bits received = 0;  ///< and not applied
  Bits up = 1;
  Bits open = 0;          ///< takes writes
  Bits opened_epoch = 0;  ///< of the opening that was not closed again
  Bits attached = 1;
  Bits source = 0;
  Bits caught_up = 1;
  Bits witness = 1;  ///< its record says that it may have acknowledged
  Bits cut_off = 0;  ///< it reaches nobody
  Bits lease = 1;
  Bits epoch = 1;  ///< of the record that its agent knows
  // Its agent's last word.
  Bits told_crashed = 0;
  Bits told_up = 1;
  Bits told_caught_up = 1;
  Bits told_receives = 1;
  Bits told_fenced = 0;
  Bits told_log = 0;
};

struct World {
  std::array<Node, kServers> nodes;
  // The Shard record.
  Bits epoch = 1;
  Bits primary = 0;
  Bits changing = 0;
  // What really happened.
  Bits written = 0;
  Bits acknowledged = 0;
  Bits crashes = 0;
  Bits cuts = 0;

  std::string_view bytes() const { return {reinterpret_cast<const char*>(this), sizeof *this}; }
  bool operator==(const World& other) const { return bytes() == other.bytes(); }
};
static_assert(std::has_unique_object_representations_v<World>);

struct Hash {
  std::size_t operator()(const World& world) const { return std::hash<std::string_view>()(world.bytes()); }
};

topo::TabletAlias alias(int node) { return {"zone1", static_cast<std::uint32_t>(node + 1)}; }

/// Each transaction as one of a server's own, so that logs with different ones are neither more nor less than
/// one another.
std::string position(Bits log) {
  std::string text;
  for (int transaction = 0; transaction < kWritesMax; ++transaction) {
    if ((log >> transaction & 1) == 0) continue;
    text += fmt::format("{}{}-{}-1", text.empty() ? "" : ",", transaction, transaction);
  }
  return text;
}

/// What control sees of a world, as decide() takes it.
Shard picture_of(const World& world) {
  Shard shard;
  shard.name = "customer/-80";
  shard.epoch = world.epoch;
  shard.primary = alias(world.primary);
  shard.durability = Durability::semi_sync;
  if (world.changing != 0) shard.change = Change{.planned = false, .to = {}, .age = 1h};
  for (int node = 0; node < kServers; ++node) {
    const Node& each = world.nodes[static_cast<std::size_t>(node)];
    Server server;
    server.alias = alias(node);
    server.agent_alive = each.lease != 0;
    server.may_have_acknowledged = each.witness != 0;
    server.heard = each.cut_off == 0;
    server.answers = each.told_up != 0;
    server.crashed = each.told_crashed != 0;
    server.fenced_epoch = each.told_fenced;
    server.caught_up = each.told_caught_up != 0;
    server.receives = each.told_receives != 0;
    server.position = position(each.told_log);
    shard.servers.push_back(std::move(server));
  }
  return shard;
}

/// decide(), for what was seen for long enough, whatever that is; once for each thing to see.
const Decision& decision_for(const World& world) {
  static std::unordered_map<std::string, Decision> known;
  std::string seen{static_cast<char>(world.epoch), static_cast<char>(world.primary),
                   static_cast<char>(world.changing)};
  for (const Node& node : world.nodes) {
    for (const Bits bits : {node.witness, node.lease, node.cut_off, node.told_up, node.told_crashed,
                            node.told_fenced, node.told_caught_up, node.told_receives, node.told_log}) {
      seen += static_cast<char>(bits);
    }
  }
  const auto found = known.find(seen);
  if (found != known.end()) return found->second;
  const Shard shard = picture_of(world);
  const Decision first = decide(shard, Memory(), Time{} + 1h);
  return known.emplace(std::move(seen), decide(shard, first.memory, Time{} + 2h)).first->second;
}

class Model {
 public:
  explicit Model(const World& world) : world_(world) {}

  /// All that can happen next.
  std::vector<World> next() {
    std::vector<World> worlds;
    const World before = world_;
    const auto add = [&](auto&& change) {
      change();
      if (!(world_ == before)) worlds.push_back(world_);
      world_ = before;
    };
    for (int node = 0; node < kServers; ++node) {
      add([&] { write(node); });
      add([&] { receive(node); });
      add([&] { apply(node); });
      add([&] { crash(node); });
      add([&] { act(node); });
      add([&] { tell(node); });
      add([&] { cut(node); });
      add([&] { end_lease(node); });
      add([&] { heal(node); });
      add([&] { withdraw(node); });
    }
    add([&] { control(); });
    return worlds;
  }

  /// The promise that does not hold; empty: it does.
  const std::string& broken() const { return broken_; }

 private:
  Node& at(int node) { return world_.nodes[static_cast<std::size_t>(node)]; }

  void write(int node) {
    Node& server = at(node);
    if (server.up == 0 || server.open == 0 || world_.written == kWritesMax) return;
    server.log |= static_cast<Bits>(1 << world_.written++);
  }

  /// The next transaction of its source, which takes that for an acknowledgement.
  void receive(int node) {
    Node& server = at(node);
    Node& source = at(server.source);
    const bool connected = node != server.source && server.up != 0 && server.attached != 0 &&
                           source.up != 0 && server.cut_off == 0 && source.cut_off == 0;
    if (!connected) return;
    const int missing = source.log & ~(server.log | server.received);
    if (missing == 0) {
      server.caught_up = 1;
      return;
    }
    const auto first = static_cast<Bits>(missing & -missing);
    server.received |= first;
    if (source.open != 0) acknowledge(source, first);
  }

  void acknowledge(const Node& source, Bits transaction) {
    world_.acknowledged |= transaction;
    for (const Node& each : world_.nodes) {
      if (each.open != 0 && each.epoch > source.epoch) broken_ = "a primary that was replaced acknowledges";
    }
  }

  void apply(int node) {
    Node& server = at(node);
    if (server.up == 0) return;
    const auto first = static_cast<Bits>(server.received & -server.received);
    server.log |= first;
    server.received &= static_cast<Bits>(~first);
  }

  void crash(int node) {
    Node& server = at(node);
    if (server.up == 0 || world_.crashes == kCrashesMax) return;
    ++world_.crashes;
    server.up = server.attached = server.caught_up = server.received = server.open = 0;
  }

  /// The agent reads the record, if it can, and does one thing about it.
  void act(int node) {
    Node& server = at(node);
    if (server.lease != 0 && server.cut_off == 0) server.epoch = world_.epoch;
    if (server.epoch != world_.epoch) return;
    if (world_.primary == node) {
      lead(server);
    } else {
      follow(server);
    }
  }

  void lead(Node& server) {
    if (world_.changing != 0) {
      if (server.up != 0) close(server);
      return;
    }
    if (server.up == 0) {
      const bool undecided = server.opened_epoch == world_.epoch;
      if (!undecided) server.up = 1;
      return;
    }
    if (server.open != 0 || server.lease == 0) return;
    server.attached = 0;
    if (server.received != 0) return;  // it applies that first
    for (const Node& each : world_.nodes) {
      if (each.open != 0) broken_ = "two take statements at once";
    }
    server.open = 1;
    server.opened_epoch = world_.epoch;
    if ((world_.acknowledged & ~server.log) != 0) broken_ = "the new primary lacks what was acknowledged";
  }

  static void close(Node& server) { server.open = server.opened_epoch = 0; }

  void follow(Node& server) {
    if (server.up == 0) {
      server.up = 1;
      // What nobody acknowledged is cut off: MariaDB finds that in its own binlog, a model need not.
      server.opened_epoch = 0;
      return;
    }
    close(server);
    if (world_.changing != 0) {
      server.attached = 0;
      return;
    }
    const Node& primary = at(world_.primary);
    if (server.attached != 0 && server.source == world_.primary) return;
    const bool errant = (server.log & ~primary.log) != 0;
    if (errant || primary.up == 0) return;
    server.witness = 1;  // before it is attached
    server.source = world_.primary;
    server.received = 0;
    server.attached = 1;
    server.caught_up = 0;
  }

  /// Its agent takes its word back: nothing is received any more, and all that it may have acknowledged
  /// before is on another whose word counts.
  void withdraw(int node) {
    Node& server = at(node);
    const Node& primary = at(world_.primary);
    const bool known = server.lease != 0 && server.cut_off == 0 && server.epoch == world_.epoch;
    const bool leads = primary.up != 0 && primary.open != 0 && primary.cut_off == 0;
    if (!known || !leads || world_.primary == node || server.up == 0 || server.attached != 0) return;
    for (int other = 0; other < kServers; ++other) {
      const Node& each = at(other);
      const bool counts = other != node && other != world_.primary && each.witness != 0 && each.up != 0 &&
                          each.cut_off == 0 && each.attached != 0 && each.source == world_.primary;
      if (counts && (primary.log & ~each.log) == 0) server.witness = 0;
    }
  }

  void tell(int node) {
    Node& server = at(node);
    if (server.cut_off != 0) return;
    const Node& source = at(server.source);
    const bool leads = world_.primary == node && server.epoch == world_.epoch;
    const bool rests =
        leads ? server.open == 0 : server.up != 0 && server.attached == 0 && server.received == 0;
    server.told_up = server.up;
    server.told_crashed = server.up == 0 && leads && server.opened_epoch != 0;
    server.told_caught_up = server.caught_up;
    server.told_receives = server.attached != 0 && server.up != 0 && source.up != 0 && source.cut_off == 0;
    server.told_fenced =
        rests && world_.changing != 0 && server.epoch == world_.epoch ? server.epoch : Bits{0};
    server.told_log = server.log;
  }

  void cut(int node) {
    if (at(node).cut_off != 0 || world_.cuts == kCutsMax) return;
    ++world_.cuts;
    at(node).cut_off = 1;
  }

  /// Of one that cannot be reached: its agent has closed the server by then.
  void end_lease(int node) {
    Node& server = at(node);
    if (server.cut_off == 0) return;
    server.lease = 0;
    if (server.up != 0) close(server);
  }

  void heal(int node) {
    at(node).cut_off = 0;
    at(node).lease = 1;
  }

  void control() {
    if (world_.epoch == kEpochMax) return;
    const Decision& decision = decision_for(world_);
    switch (decision.step) {
      case Step::nothing:
      case Step::wait:
        return;
      case Step::begin:
        world_.changing = 1;
        break;
      case Step::promote:
        world_.primary = static_cast<Bits>(decision.alias.uid - 1);
        [[fallthrough]];
      case Step::resume:
        world_.changing = 0;
        break;
    }
    ++world_.epoch;
  }

  World world_;
  std::string broken_;
};

struct Found {
  std::size_t worlds = 0;
  std::size_t taken_over = 0;  ///< worlds in which another is the primary and open
  std::string broken;
};

bool is_taken_over(const World& world) { return world.primary != 0 && world.nodes[world.primary].open != 0; }

Found explore(const World& first, std::size_t worlds_max) {
  Found found;
  std::unordered_set<World, Hash> seen{first};
  std::vector<World> layer{first};
  for (int step = 1; !layer.empty() && seen.size() < worlds_max; ++step) {
    std::vector<World> next;
    for (const World& world : layer) {
      Model model(world);
      for (const World& each : model.next()) {
        if (!seen.insert(each).second) continue;
        found.taken_over += is_taken_over(each) ? 1 : 0;
        next.push_back(each);
      }
      if (model.broken().empty()) continue;
      found.broken = fmt::format("at step {}: {}", step, model.broken());
      return found;
    }
    layer = std::move(next);
  }
  found.worlds = seen.size();
  return found;
}

/// A primary that is open and two replicas, with one transaction that only the first of them has
/// acknowledged.
World healthy() {
  World world;
  world.nodes[0].open = world.nodes[0].opened_epoch = 1;
  world.nodes[0].attached = 0;
  world.nodes[0].log = world.nodes[1].received = world.acknowledged = 1;
  world.written = 1;
  return world;
}

/// From a world, as far as so many lead.
void check(const World& first, std::size_t taken_over_min) {
  const Found found = explore(first, 400'000);
  EXPECT_EQ(found.broken, "");
  EXPECT_GE(found.taken_over, taken_over_min) << "the model must get as far as that to show anything";
  std::printf("%zu worlds, in %zu another had taken over\n", found.worlds, found.taken_over);
}

// What was acknowledged is not lost, nobody acknowledges who was replaced, and never do two take statements,
// whatever fails when.

TEST(Exploration, FromHealth) { check(healthy(), 0); }

TEST(Exploration, FromAReplicaThatCrashed) {
  World world = healthy();
  Node& replica = world.nodes[1];
  replica.up = replica.received = replica.attached = replica.caught_up = 0;
  world.crashes = 1;
  check(world, 0);
}

/// Control has begun to look for another, and no agent knows yet.
World changing() {
  World world = healthy();
  world.changing = 1;
  world.epoch = 2;
  return world;
}

/// A replica is kept out: it cannot be attached as it is, and all that it had acknowledged the other has,
/// too.
TEST(Exploration, FromAReplicaThatIsKeptOut) {
  World world = healthy();
  world.nodes[1].log = 1;
  world.nodes[1].received = 0;
  Node& kept_out = world.nodes[2];
  kept_out.attached = kept_out.caught_up = kept_out.told_caught_up = kept_out.told_receives = 0;
  // Bit 1 is its own: the primary's next is bit 2.
  kept_out.log = kept_out.told_log = 1 | 2;
  world.written = 2;
  check(world, 1);
}

/// It comes back just before the primary is lost.
TEST(Exploration, FromAReplicaThatHadTakenItsWordBack) {
  World world = healthy();
  world.nodes[1].log = world.nodes[1].told_log = 1;
  world.nodes[1].received = 0;
  Node& back = world.nodes[2];
  back.attached = back.caught_up = back.witness = back.told_caught_up = back.told_receives = 0;
  back.log = back.told_log = 1;
  world.written = kWritesMax - 1;
  world.crashes = kCrashesMax - 1;
  world.cuts = kCutsMax;
  check(world, 1);
}

TEST(Exploration, FromAChangeSinceThePrimaryCrashed) {
  World world = changing();
  Node& primary = world.nodes[0];
  primary.up = primary.open = primary.told_up = 0;
  primary.told_crashed = 1;
  primary.told_log = 1;
  world.crashes = 1;
  check(world, 1);
}

TEST(Exploration, FromAChangeSinceThePrimaryIsCutOff) {
  World world = changing();
  world.nodes[0].cut_off = 1;
  world.cuts = kCutsMax;
  check(world, 10);
}

TEST(Exploration, FromAChangeThoughThePrimaryIsWell) { check(changing(), 0); }

}  // namespace
}  // namespace kintsugi::recovery
