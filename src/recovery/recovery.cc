#include "recovery/recovery.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "mysql/gtid.h"
#include "recovery/reclone.h"

namespace kintsugi::recovery {
namespace {

/// How long a symptom must be seen before a change begins. Silence is told after seconds already
/// (health::Watch), so little is added to it.
Duration patience(Symptom symptom) {
  switch (symptom) {
    case Symptom::hung:
    case Symptom::deserted:
    case Symptom::unheeded:
      return 1s;
    case Symptom::lost:
      return 500ms;
    case Symptom::unheard:
      return 10s;
    case Symptom::cut_off:
      return 3s;
    case Symptom::no_lease:
      return 3s;
    case Symptom::none:
    case Symptom::crashed:
    case Symptom::no_record:
      break;
  }
  return 0s;
}

/// A replica acknowledges what it has received at once. Where it connects again it does not say what it has
/// from before, and a primary that has written two groups of commits writes no third before one of these is
/// acknowledged: it waits for ever.
constexpr Duration kUnheeded = 4s;
/// How long a primary that is kept shut waits for servers that are on their way up.
constexpr Duration kShutMax = 3s;
/// What keeps others from taking over for less than that is nobody's work.
constexpr Duration kMayPass = 5s;

bool is_candidate(const Shard& shard, const Server& server) {
  return server.may_be_primary && server.alias != shard.primary;
}

bool has_candidate(const Shard& shard) {
  return std::ranges::any_of(shard.servers,
                             [&](const Server& server) { return is_candidate(shard, server); });
}

Durability durability_of(const Shard& shard) {
  if (shard.durability) return *shard.durability;
  return has_candidate(shard) ? Durability::semi_sync : Durability::none;
}

/// Whether there may be a commit that only this server and the primary have.
bool is_witness(const Shard& shard, const Server& server) {
  if (!is_candidate(shard, server) || !server.may_have_acknowledged) return false;
  switch (durability_of(shard)) {
    case Durability::none:
      return false;
    case Durability::semi_sync:
      return true;
    case Durability::cross_cell:
      return server.alias.cell != shard.primary.cell;
  }
  return false;
}

std::vector<const Server*> witnesses(const Shard& shard) {
  std::vector<const Server*> found;
  for (const Server& server : shard.servers) {
    if (is_witness(shard, server)) found.push_back(&server);
  }
  return found;
}

std::string complaint(const Server& server) {
  if (!server.heard) return server.agent_alive ? "is not heard" : "is not there";
  if (!server.answers) return "has no server that answers";
  if (!server.caught_up) return "has not caught up since its server was started";
  return "";
}

/// Why a change could not end; empty: it could.
std::string obstacle(const Shard& shard) {
  std::vector<std::string> complaints;
  const std::vector<const Server*> all = witnesses(shard);
  for (const Server* server : all) {
    const std::string why = complaint(*server);
    if (!why.empty()) complaints.push_back(server->alias.text() + ' ' + why);
  }
  if (!complaints.empty())
    return fmt::format("{} may have commits that nobody else has, and {}",
                       complaints.size() == 1 ? "a server" : "servers", fmt::join(complaints, ", "));
  if (!all.empty()) return "";
  if (durability_of(shard) != Durability::none) return "no other server has acknowledged commits";
  const bool anybody = std::ranges::any_of(shard.servers, [&](const Server& server) {
    return is_candidate(shard, server) && server.heard && server.answers;
  });
  return anybody ? "" : "no other server is heard that could be primary";
}

/// All that `b` has is there, too.
bool has_all_of(const Server& a, const Server& b) {
  const Result<mysql::Order> order = mysql::compare_gtids(a.position, b.position);
  return order && (*order == mysql::Order::equal || *order == mysql::Order::more);
}

Symptom symptom_of(const Shard& shard) {
  const Server* primary = shard.find(shard.primary);
  if (primary == nullptr) return Symptom::no_record;
  const bool received_from = std::ranges::any_of(shard.servers, [&](const Server& server) {
    return is_candidate(shard, server) && server.heard && server.receives;
  });
  if (!primary->heard) return received_from ? Symptom::unheard : Symptom::lost;
  if (primary->crashed) return Symptom::crashed;
  if (!primary->answers) return Symptom::hung;
  if (!primary->agent_alive) return Symptom::no_lease;
  if (primary->waiting_commits == 0) return Symptom::none;
  if (primary->acknowledging == 0) return Symptom::cut_off;
  // Its server counts replicas for minutes that it does not reach any more; they find out after seconds.
  if (!received_from) return Symptom::deserted;
  if (primary->waits_for < kUnheeded) return Symptom::none;
  const bool is_there = std::ranges::any_of(witnesses(shard), [&](const Server* server) {
    return server->heard && server->receives && has_all_of(*server, *primary);
  });
  return is_there ? Symptom::unheeded : Symptom::none;
}

std::string subject(const Shard& shard) {
  return fmt::format("the primary {} of {}", shard.primary.text(), shard.name);
}

class Decider {
 public:
  Decider(const Shard& shard, const Memory& memory, Time now) : shard_(shard), now_(now) {
    decision_.memory = memory;
    const Symptom symptom = symptom_of(shard);
    if (symptom != memory.symptom) decision_.memory = {symptom, now};
  }

  Decision decide() {
    if (!shard_.change) {
      without_change();
    } else if (shard_.change->planned) {
      hand_over();
    } else if (shard_.change->forced) {
      force();
    } else {
      fail_over();
    }
    return std::move(decision_);
  }

 private:
  void say(Step step, std::string reason) {
    decision_.step = step;
    decision_.reason = std::move(reason);
  }
  void ask_for_help(std::string reason) {
    say(Step::wait, std::move(reason));
    decision_.needs_help = true;
  }
  Symptom symptom() const { return decision_.memory.symptom; }
  Duration seen_for() const { return now_ - decision_.memory.since; }

  void without_change() {
    if (symptom() == Symptom::none) return;
    const std::string what = fmt::format("{}: {}", subject(shard_), text(symptom()));
    if (seen_for() < patience(symptom())) return say(Step::wait, what);
    const std::string why_not = obstacle(shard_);
    if (why_not.empty() && !shard_.held) return say(Step::begin, what);
    const std::string why = shard_.held ? "automatic recovery is held" : why_not;
    if (symptom() == Symptom::crashed && seen_for() >= kShutMax)
      return say(Step::resume, fmt::format("{}; it goes on: {}", what, why));
    const std::string waits = fmt::format("{}, and no other can take over: {}", what, why);
    const bool may_pass = seen_for() < patience(symptom()) + kMayPass;
    if (may_pass || !has_candidate(shard_)) return say(Step::wait, waits);
    if (const std::optional<topo::TabletAlias> anew = made_anew())
      return say(Step::wait,
                 fmt::format("{}; the data of {} is made anew, so that it can", waits, anew->text()));
    ask_for_help(waits);
  }

  /// Who acknowledges once that is done. What keeps it from being done is told where it fails.
  std::optional<topo::TabletAlias> made_anew() const {
    if (!shard_.is_led()) return std::nullopt;
    const auto under_way = std::ranges::find_if(shard_.servers, &Server::recloning);
    if (under_way != shard_.servers.end()) return under_way->alias;
    const std::optional<Reclone> due = choose_reclone(shard_);
    return due ? std::optional(due->tablet) : std::nullopt;
  }

  // Planned.

  void hand_over() {
    if (symptom() == Symptom::crashed || symptom() == Symptom::hung || symptom() == Symptom::lost) {
      const bool begin = seen_for() >= patience(symptom()) && obstacle(shard_).empty() && !shard_.held;
      if (begin)
        return say(Step::begin, fmt::format("{}: {} while it handed over", subject(shard_), text(symptom())));
    }
    const Server* to = shard_.find(shard_.change->to);
    const Server* from = shard_.find(shard_.primary);
    if (to == nullptr || from == nullptr)
      return say(Step::resume,
                 fmt::format("{} is not in {} any more", shard_.change->to.text(), shard_.name));
    const bool closed = from->heard && from->answers && from->fenced_epoch == shard_.epoch;
    if (closed && to->heard && to->answers && has_all_of(*to, *from)) {
      decision_.alias = to->alias;
      return say(Step::promote, fmt::format("{} has all that {} has, which takes no writes any more",
                                            to->alias.text(), from->alias.text()));
    }
    if (shard_.change->age >= kHandOverMax) {
      return say(Step::resume, closed
                                   ? fmt::format("{} did not catch up in time", to->alias.text())
                                   : fmt::format("{} could not end its writes in time", from->alias.text()));
    }
    say(Step::wait, closed ? fmt::format("{} applies the last of it", to->alias.text())
                           : fmt::format("{} ends its writes", from->alias.text()));
  }

  // Unplanned.

  bool is_fenced(const Server& server) const {
    return server.heard && server.answers && server.fenced_epoch == shard_.epoch;
  }

  void fail_over() {
    const std::vector<std::string> missing = not_at_rest();
    if (!missing.empty()) {
      const Server* from = shard_.find(shard_.primary);
      const bool can_go_on = from != nullptr && from->heard && (from->answers || from->crashed);
      if (can_go_on && shard_.change->age >= kFenceMax) {
        return say(Step::resume, fmt::format("{} did not come to rest, and {} can go on",
                                             fmt::join(missing, ", "), shard_.primary.text()));
      }
      return say(Step::wait,
                 fmt::format("{} must stop receiving and apply what is received", fmt::join(missing, ", ")));
    }
    if (!old_one_has_stopped()) {
      return say(Step::wait,
                 fmt::format("{} must stop, or the lease of its agent must end", shard_.primary.text()));
    }
    promote_best();
  }

  void force() {
    const Server* to = shard_.find(shard_.change->to);
    if (to == nullptr)
      return say(Step::resume,
                 fmt::format("{} is not in {} any more", shard_.change->to.text(), shard_.name));
    std::vector<std::string> missing;
    for (const Server& server : shard_.servers) {
      const bool there = is_candidate(shard_, server) && server.heard && server.answers;
      const bool waited_for = &server == to || (there && shard_.change->age < kFenceMax);
      if (waited_for && !is_fenced(server)) missing.push_back(server.alias.text());
    }
    if (!missing.empty())
      return say(Step::wait,
                 fmt::format("{} must stop receiving and apply what is received", fmt::join(missing, ", ")));
    if (!old_one_has_stopped())
      return say(Step::wait,
                 fmt::format("{} must stop, or the lease of its agent must end", shard_.primary.text()));
    decision_.alias = to->alias;
    say(Step::promote,
        fmt::format("{} was asked for; what only servers have that are away is lost", to->alias.text()));
  }

  /// Who must come to rest before anybody is chosen: all whose word counts, and for a while also the others
  /// that could, since one of them may have more.
  std::vector<std::string> not_at_rest() const {
    std::vector<std::string> missing;
    for (const Server& server : shard_.servers) {
      if (!is_candidate(shard_, server) || (is_fenced(server) && server.caught_up)) continue;
      const bool may_come = server.heard && server.answers && !is_fenced(server);
      const bool waited_for = may_come && shard_.change->age < kFenceMax;
      if (is_witness(shard_, server) || waited_for) missing.push_back(server.alias.text());
    }
    return missing;
  }

  /// One that has not caught up may lack what others have, or have what none should: a former primary that is
  /// kept out. Those whose word could have been counted have all caught up when it comes to a choice.
  bool counts(const Server& server) const {
    return server.caught_up || durability_of(shard_) == Durability::none;
  }

  bool old_one_has_stopped() const {
    const Server* from = shard_.find(shard_.primary);
    if (from == nullptr || !from->agent_alive) return true;
    return from->heard && from->fenced_epoch == shard_.epoch;
  }

  void promote_best() {
    std::vector<const Server*> fenced;
    for (const Server& server : shard_.servers) {
      if (is_candidate(shard_, server) && is_fenced(server) && counts(server)) fenced.push_back(&server);
    }
    if (fenced.empty()) return ask_for_help(fmt::format("no server of {} can take over", shard_.name));
    const Server* best = nullptr;
    for (const Server* server : fenced) {
      const bool has_all =
          std::ranges::all_of(fenced, [&](const Server* other) { return has_all_of(*server, *other); });
      if (has_all && (best == nullptr || is_nearer(*server, *best))) best = server;
    }
    if (best == nullptr) {
      return ask_for_help(fmt::format("each server of {} has transactions that another lacks: {}",
                                      shard_.name, describe(shard_)));
    }
    decision_.alias = best->alias;
    say(Step::promote, fmt::format("{} has all that any server of {} has that can be reached",
                                   best->alias.text(), shard_.name));
  }

  /// Of two that have the same: the one in the primary's cell, then the lower alias.
  bool is_nearer(const Server& a, const Server& b) const {
    const auto rank = [&](const Server& server) {
      return std::tuple(server.alias.cell != shard_.primary.cell, server.alias);
    };
    return rank(a) < rank(b);
  }

  const Shard& shard_;
  Time now_;
  Decision decision_;
};

std::string look(const Shard& shard, const Server& server) {
  std::string words;
  const auto add = [&](std::string_view word) {
    if (!words.empty()) words += ", ";
    words += word;
  };
  if (!server.agent_alive) add("its agent has no lease");
  if (!server.heard) {
    add("not heard");
    return words;
  }
  if (server.crashed) add("its server has ended");
  if (!server.answers) {
    add("its server does not answer");
    return words;
  }
  add(server.read_only ? "read-only" : "writable");
  if (server.alias != shard.primary) add(server.receives ? "receives" : "does not receive");
  if (server.alias != shard.primary && !server.caught_up) add("not caught up");
  if (server.alias == shard.primary)
    add(fmt::format("{} acknowledge, {} commits wait", server.acknowledging, server.waiting_commits));
  if (!server.position.empty()) add("at " + server.position);
  return words;
}

}  // namespace

const Server* Shard::find(const topo::TabletAlias& alias) const {
  const auto found = std::ranges::find(servers, alias, &Server::alias);
  return found == servers.end() ? nullptr : &*found;
}

bool Shard::is_led() const {
  const Server* leader = find(primary);
  return !change && leader != nullptr && leader->heard && leader->answers && !leader->read_only;
}

Decision decide(const Shard& shard, const Memory& memory, Time now) {
  return Decider(shard, memory, now).decide();
}

std::string objection_to_hand_over(const Shard& shard, const topo::TabletAlias& to) {
  const Server* server = shard.find(to);
  if (server == nullptr) return fmt::format("{} is no tablet of {}", to.text(), shard.name);
  if (to == shard.primary) return fmt::format("{} is the primary of {} already", to.text(), shard.name);
  if (!server->may_be_primary) return fmt::format("{} may never be primary: its type is rdonly", to.text());
  const Server* primary = shard.find(shard.primary);
  if (primary == nullptr || !primary->heard || !primary->answers)
    return fmt::format(
        "the primary {} is not there to hand over: if nobody takes over by itself, `kintsugi recovery list` "
        "and `cluster status` say why",
        shard.primary.text());
  if (!server->heard) return fmt::format("the agent of {} is not heard", to.text());
  if (!server->answers) return fmt::format("the server of {} does not answer", to.text());
  if (!server->receives) return fmt::format("{} does not receive from the primary", to.text());
  if (!server->caught_up) return fmt::format("{} has not caught up with the primary yet", to.text());
  const Result<mysql::Order> order = mysql::compare_gtids(server->position, primary->position);
  // What is heard of the two is of two moments: more alone is no proof that it has what the primary lacks.
  if (!order || *order == mysql::Order::neither)
    return fmt::format("{} has transactions that the primary lacks: {}, and {}", to.text(), server->position,
                       primary->position);
  return "";
}

std::string objection_to_force(const Shard& shard, const topo::TabletAlias& to) {
  const Server* server = shard.find(to);
  if (server == nullptr) return fmt::format("{} is no tablet of {}", to.text(), shard.name);
  if (to == shard.primary) return fmt::format("{} is the primary of {} already", to.text(), shard.name);
  if (!server->may_be_primary) return fmt::format("{} may never be primary: its type is rdonly", to.text());
  if (!server->heard) return fmt::format("the agent of {} is not heard", to.text());
  if (!server->answers) return fmt::format("the server of {} does not answer", to.text());
  if (symptom_of(shard) == Symptom::none)
    return fmt::format("the primary {} is well: without --accept-loss it hands over, and nothing is lost",
                       shard.primary.text());
  if (obstacle(shard).empty())
    return fmt::format("another takes over from {} by itself, and nothing is lost", shard.primary.text());
  for (const Server& other : shard.servers) {
    if (!is_candidate(shard, other) || !other.heard || !other.answers || !other.caught_up) continue;
    const Result<mysql::Order> order = mysql::compare_gtids(server->position, other.position);
    if (order && *order == mysql::Order::less)
      return fmt::format("{} has more than {}: {}, and {}", other.alias.text(), to.text(), other.position,
                         server->position);
  }
  return "";
}

std::optional<topo::TabletAlias> choose_successor(const Shard& shard) {
  const Server* best = nullptr;
  for (const Server& server : shard.servers) {
    if (!objection_to_hand_over(shard, server.alias).empty()) continue;
    const bool near = server.alias.cell == shard.primary.cell;
    const bool best_near = best != nullptr && best->alias.cell == shard.primary.cell;
    if (best == nullptr || std::tuple(!near, server.alias) < std::tuple(!best_near, best->alias))
      best = &server;
  }
  return best == nullptr ? std::nullopt : std::optional(best->alias);
}

std::string objection_to_forget(const Shard& shard, const topo::TabletAlias& tablet, bool accept_loss) {
  const Server* server = shard.find(tablet);
  if (server == nullptr) return fmt::format("{} is no tablet of {}", tablet.text(), shard.name);
  if (tablet == shard.primary)
    return fmt::format("{} is the primary of {}: another must take over first", tablet.text(), shard.name);
  if (server->agent_alive || server->heard)
    return fmt::format("the agent of {} lives and would register it again: stop it and its server first",
                       tablet.text());
  if (accept_loss || !is_witness(shard, *server)) return "";
  const Server* primary = shard.find(shard.primary);
  const bool leads = shard.is_led();
  for (const Server& other : shard.servers) {
    if (!leads || other.alias == tablet || !is_witness(shard, other) || !other.receives) continue;
    if (!complaint(other).empty()) continue;
    if (has_all_of(other, *primary)) return "";  // all that `tablet` may have acknowledged, too
  }
  return fmt::format(
      "{} may have commits that nobody else has, since {}; if its data is gone for good, --accept-loss "
      "forgets it all "
      "the same",
      tablet.text(),
      leads ? "no other replica has all that the primary has"
            : fmt::format("the primary {} takes no writes", shard.primary.text()));
}

std::string lack_of_redundancy(const Shard& shard) {
  if (shard.change || shard.primary.cell.empty() || !has_candidate(shard)) return "";
  return obstacle(shard);
}

std::string describe(const Shard& shard) {
  std::string all;
  for (const Server& server : shard.servers) {
    all += fmt::format("{}{}{}: {}", all.empty() ? "" : "; ", server.alias.text(),
                       server.alias == shard.primary ? " (primary)" : "", look(shard, server));
  }
  return all;
}

}  // namespace kintsugi::recovery
