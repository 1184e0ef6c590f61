#include <algorithm>

#include <fmt/format.h>

#include "gate/cluster_topology.h"
#include "gate/errors.h"
#include "gate/event/scheduler.h"
#include "gate/process_list.h"
#include "gate/session.h"
#include "gate/statement/shown_table.h"
#include "gate/statement/statement.h"

// SHOW of what the gate knows of the cluster: KINTSUGI …, VITESS_…, VSCHEMA ….

namespace kintsugi::gate {
namespace {

using Rows = std::vector<Responder::Row>;
using Titles = std::vector<Responder::Title>;

std::string yes_no(bool yes) { return yes ? "yes" : "no"; }

struct Picture {
  const vschema::Snapshot& routing;
  const HealthMap& health;
};

template <class Each>
void each_tablet(const Picture& picture, const Each& each) {
  for (const auto& keyspace : picture.routing.keyspaces()) {
    for (const vschema::Shard& shard : keyspace->shards()) {
      if (shard.primary) each(shard, *shard.primary);
      for (const vschema::Tablet& tablet : shard.tablets) {
        if (!shard.primary || shard.primary->alias != tablet.alias) each(shard, tablet);
      }
    }
  }
}

const HealthMap::mapped_type* heard(const Picture& picture, const vschema::Tablet& tablet) {
  const auto found = picture.health.find(tablet.alias);
  return found == picture.health.end() ? nullptr : &found->second;
}

std::string type_of(const Picture& picture, const vschema::Tablet& tablet) {
  const auto* health = heard(picture, tablet);
  return std::string(topo::name(health == nullptr ? tablet.type : (*health)->type));
}

Rows tablets(const Picture& picture) {
  Rows rows;
  each_tablet(picture, [&](const vschema::Shard& shard, const vschema::Tablet& tablet) {
    const auto* health = heard(picture, tablet);
    const std::string state = health == nullptr    ? "not heard"
                              : (*health)->serving ? "serving"
                                                   : "not serving";
    const std::string lag = health != nullptr && (*health)->lag_ms ? std::to_string(*(*health)->lag_ms) : "";
    rows.push_back({tablet.alias, shard.keyspace, shard.name, type_of(picture, tablet), state, lag,
                    fmt::format("{}:{}", tablet.host, tablet.mysql_port),
                    fmt::format("{}:{}", tablet.host, tablet.http_port),
                    health == nullptr ? "" : (*health)->error});
  });
  return rows;
}

/// With the columns that Vitess' clients read.
Rows vitess_tablets(const Picture& picture) {
  Rows rows;
  each_tablet(picture, [&](const vschema::Shard& shard, const vschema::Tablet& tablet) {
    const auto* health = heard(picture, tablet);
    std::string type = type_of(picture, tablet);
    std::ranges::transform(type, type.begin(), [](unsigned char c) { return std::toupper(c); });
    rows.push_back({tablet.alias.substr(0, tablet.alias.rfind('-')), shard.keyspace, shard.name, type,
                    health != nullptr && (*health)->serving ? "SERVING" : "NOT_SERVING", tablet.alias,
                    tablet.host, ""});
  });
  return rows;
}

Rows shards(const Picture& picture) {
  Rows rows;
  for (const auto& keyspace : picture.routing.keyspaces()) {
    for (const vschema::Shard& shard : keyspace->shards()) {
      rows.push_back({shard.text(), shard.keyspace, shard.name, shard.primary ? shard.primary->alias : "",
                      std::to_string(shard.epoch), std::to_string(shard.tablets.size())});
    }
  }
  return rows;
}

Rows vitess_shards(const Picture& picture) {
  Rows rows;
  for (const Responder::Row& row : shards(picture)) rows.push_back({row.front()});
  return rows;
}

Rows keyspaces(const Picture& picture) {
  Rows rows;
  for (const auto& keyspace : picture.routing.keyspaces()) {
    rows.push_back({keyspace->name(), yes_no(keyspace->sharded()), std::to_string(keyspace->shards().size()),
                    std::to_string(keyspace->tables().size()), std::string(name(keyspace->scatter())),
                    std::string(name(keyspace->gather())), keyspace->problem()});
  }
  return rows;
}

std::string kind_of(const vschema::Table& table) {
  switch (table.kind) {
    case vschema::Table::Kind::sharded:
      return table.pinned ? "pinned" : "sharded";
    case vschema::Table::Kind::unsharded:
      return "unsharded";
    case vschema::Table::Kind::reference:
      return "reference";
    case vschema::Table::Kind::sequence:
      return "sequence";
  }
  return "";
}

std::string columns_of(const vschema::TableVindex& vindex) {
  std::string columns;
  for (const std::string& column : vindex.columns) columns += (columns.empty() ? "" : ", ") + column;
  return columns;
}

std::vector<const vschema::Table*> sorted_tables(const vschema::Keyspace& keyspace) {
  std::vector<const vschema::Table*> tables;
  for (const auto& [name, table] : keyspace.tables()) tables.push_back(&table);
  std::ranges::sort(tables, {}, &vschema::Table::name);
  return tables;
}

Rows vschema_rows(const Picture& picture) {
  Rows rows;
  for (const auto& keyspace : picture.routing.keyspaces()) {
    for (const vschema::Table* table : sorted_tables(*keyspace)) {
      std::string key, ids;
      for (const vschema::TableVindex& vindex : table->vindexes)
        key += (key.empty() ? "" : ", ") + fmt::format("{}({})", vindex.name, columns_of(vindex));
      if (table->auto_increment) {
        ids = fmt::format("{} from {}.{}", table->auto_increment->column, table->auto_increment->keyspace,
                          table->auto_increment->sequence);
      }
      rows.push_back({table->name, keyspace->name(), kind_of(*table), key, ids, table->problem});
    }
  }
  return rows;
}

Rows vindexes(const vschema::Keyspace& keyspace) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& [name, vindex] : keyspace.vindexes())
    all.emplace_back(name, std::string(vindex->type().name));
  std::ranges::sort(all);
  Rows rows;
  for (const auto& [name, type] : all) {
    std::string tables;
    for (const vschema::Table* table : sorted_tables(keyspace)) {
      for (const vschema::TableVindex& vindex : table->vindexes) {
        if (vindex.name == name) tables += (tables.empty() ? "" : ", ") + table->name;
      }
    }
    rows.push_back({name, keyspace.name(), type, tables});
  }
  return rows;
}

Rows all_vindexes(const Picture& picture) {
  Rows rows;
  for (const auto& keyspace : picture.routing.keyspaces())
    std::ranges::move(vindexes(*keyspace), std::back_inserter(rows));
  return rows;
}

struct Entry {
  std::string_view what;
  std::initializer_list<const char*> titles;
  Rows (*rows)(const Picture& picture);
};

const Entry kEntries[] = {
    {"kintsugi tablets",
     {"Alias", "Keyspace", "Shard", "Type", "State", "Lag_ms", "Mysql", "Http", "Error"},
     tablets},
    {"kintsugi shards", {"Name", "Keyspace", "Shard", "Primary", "Epoch", "Tablets"}, shards},
    {"kintsugi keyspaces",
     {"Keyspace", "Sharded", "Shards", "Tables", "Scatter", "Gather", "Problem"},
     keyspaces},
    {"kintsugi vschema", {"Table", "Keyspace", "Kind", "Vindexes", "Ids", "Problem"}, vschema_rows},
    {"kintsugi vindexes", {"Vindex", "Keyspace", "Type", "Tables"}, all_vindexes},
    {"vitess_tablets",
     {"Cell", "Keyspace", "Shard", "TabletType", "State", "Alias", "Hostname", "PrimaryTermStartTime"},
     vitess_tablets},
    {"tablets",
     {"Cell", "Keyspace", "Shard", "TabletType", "State", "Alias", "Hostname", "PrimaryTermStartTime"},
     vitess_tablets},
    {"vitess_shards", {"Shards"}, vitess_shards},
    {"shards", {"Shards"}, vitess_shards},
};

Result<void> respond(Session& session, const sql::Show& show, std::initializer_list<const char*> titles,
                     Rows rows) {
  return show_table(session, show, Titles(titles.begin(), titles.end()), std::move(rows));
}

/// SHOW VSCHEMA …: of the chosen keyspace, or of the table's.
Result<void> show_vschema(Session& session, const sql::Show& show, const vschema::Snapshot& routing) {
  const bool of_table = show.name != nullptr;
  const std::string keyspace(of_table && !show.name->schema.empty()
                                 ? show.name->schema
                                 : std::string_view(session.state().target.keyspace));
  if (keyspace.empty()) return failure(kNoDatabase, "No database selected");
  Result<const vschema::Keyspace*> found = routing.keyspace(keyspace);
  if (!found) return failure(std::move(found.error()));
  if (show.what == "vschema tables") {
    Rows rows;
    for (const vschema::Table* table : sorted_tables(**found)) rows.push_back({table->name});
    return respond(session, show, {"Tables"}, std::move(rows));
  }
  if (!of_table) {
    return respond(session, show, {"Name", "Keyspace", "Type", "Tables"}, vindexes(**found));
  }
  const vschema::Table* table = (*found)->find_table(show.name->name);
  if (table == nullptr) {
    return failure(kUnsupported,
                   fmt::format("the vschema of '{}' has no table '{}'", keyspace, show.name->name));
  }
  Rows rows;
  for (const vschema::TableVindex& vindex : table->vindexes)
    rows.push_back({columns_of(vindex), vindex.name, std::string(vindex.vindex->type().name)});
  return respond(session, show, {"Columns", "Name", "Type"}, std::move(rows));
}

Task<Result<void>> show_processes(Session& session, const sql::Show& show) {
  Result<std::vector<ClusterProcess>> processes = co_await session.worker().topology().processes();
  if (!processes) co_return failure(std::move(processes.error()));
  Rows rows;
  for (const ClusterProcess& process : *processes) {
    rows.push_back({process.name, process.role, process.cell, process.http_address, process.mysql_address,
                    process.version});
  }
  Result<void> done =
      respond(session, show, {"Name", "Role", "Cell", "Http", "Mysql", "Version"}, std::move(rows));
  co_return done;
}

/// Of this gate: what each session has of the servers, and why.
Task<Result<void>> show_sessions(Session& session, const sql::Show& show) {
  std::vector<ProcessInfo> processes = co_await list_processes(session.worker());
  Rows rows;
  for (const ProcessInfo& process : processes) {
    rows.push_back({std::to_string(process.id), process.user, process.peer, process.target, process.command,
                    std::to_string(process.seconds), std::to_string(process.pins.connections),
                    process.pins.text(process.in_transaction)});
  }
  const Titles titles = {
      {"Id", true}, "User", "Host", "Target", "Command", {"Time_s", true}, {"Server_connections", true},
      "Held_for"};
  Result<void> done = show_table(session, show, titles, std::move(rows), 1);
  co_return done;
}

std::string time_text(const std::optional<WallTime>& time) { return time ? to_rfc3339(*time) : ""; }

std::string took_ms(const EventRecord& event) {
  using std::chrono::duration_cast, std::chrono::milliseconds;
  if (!event.began || !event.ended || *event.ended < *event.began) return "";
  return std::to_string(duration_cast<milliseconds>(*event.ended - *event.began).count());
}

Task<Result<void>> show_events(Session& session, const sql::Show& show) {
  Rows rows;
  const EventScheduler* scheduler = session.worker().shared().events;
  std::function<Task<Result<void>>(topo::Store&)> read = [&](topo::Store& store) -> Task<Result<void>> {
    const Result<std::vector<EventRecord>> events = co_await list_events(store);
    if (!events) co_return failure(events.error());
    for (const EventRecord& event : *events) {
      const std::string next = scheduler == nullptr ? "" : scheduler->next_run(event.keyspace, event.name);
      rows.push_back({event.name, event.keyspace, event.user, event.disabled ? "disabled" : "enabled", next,
                      event.due ? wall_time_text(*event.due) : "", time_text(event.began), took_ms(event),
                      event.gate, std::to_string(event.runs), std::to_string(event.failures), event.error});
    }
    co_return Result<void>();
  };
  Result<void> done = co_await session.worker().topology().with_store(std::move(read));
  if (!done) co_return done;
  const Titles titles = {
      "Event",        "Keyspace",         "User", "State", "Next", "Due", "Began", "Took_ms", "Gate",
      {"Runs", true}, {"Failures", true}, "Error"};
  done = show_table(session, show, titles, std::move(rows));
  co_return done;
}

}  // namespace

bool is_of_cluster(std::string_view what) {
  return what.starts_with("kintsugi ") || what.starts_with("vschema ") ||
         std::ranges::any_of(kEntries, [what](const Entry& entry) { return entry.what == what; });
}

Task<Result<void>> show_cluster(Session& session, const sql::Show& show) {
  if (show.where != nullptr)
    co_return failure(kUnsupported, fmt::format("SHOW {} … WHERE: use LIKE", show.what));
  if (show.what == "kintsugi processes") {
    Result<void> done = co_await show_processes(session, show);
    co_return done;
  }
  if (show.what == "kintsugi sessions") {
    Result<void> done = co_await show_sessions(session, show);
    co_return done;
  }
  if (show.what == "kintsugi events") {
    Result<void> done = co_await show_events(session, show);
    co_return done;
  }
  if (show.what == "kintsugi transactions") {
    Result<void> done = co_await show_transactions(session, show);
    co_return done;
  }
  if (show.what == "kintsugi queries") {
    Result<void> done = co_await show_queries(session, show);
    co_return done;
  }
  const auto routing = session.worker().backends().routing();
  if (!routing) co_return failure(kRoutingUnknown, "the routing is not known");
  if (show.what.starts_with("vschema ")) co_return show_vschema(session, show, *routing);
  const Picture picture{*routing, session.worker().backends().health()};
  for (const Entry& entry : kEntries) {
    if (entry.what != show.what) continue;
    Result<void> done = respond(session, show, entry.titles, entry.rows(picture));
    co_return done;
  }
  co_return Result<void>();
}

}  // namespace kintsugi::gate
