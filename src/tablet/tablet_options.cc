#include "tablet/tablet_options.h"

#include "base/options.h"

namespace kintsugi::tablet {
namespace {

tl::unexpected<Error> bad(const char* option, const std::string& why) {
  return failure(kBadOption, "--" + std::string(option) + ": " + why);
}

bool is_wildcard(const std::string& host) { return host == "0.0.0.0" || host == "::" || host == "*"; }

}  // namespace

void declare(OptionTable& table, TabletOptions& o) {
  table.section("Tablet");
  table.text("alias", o.alias, "The tablet's name: its cell and a number of its own there, as zone1-101.")
      .required();
  table.text("keyspace", o.keyspace, "The keyspace whose data it holds.").required();
  table.text("shard", o.shard, "The shard whose data it holds: -, -80, 80-, …").required();
  table.text("type", o.type,
             "What it is when it is not primary: replica, or rdonly, which never becomes primary.");
  table.duration(
      "observe_every", o.observe_every, {50ms, 60s},
      "How often the server is looked at and brought in line with the topology. Changes of the topology are "
      "acted on at once.");
  table.duration("disk_patience", o.disk_patience, {1s, 1h},
                 "A disk on which a write does not end for so long is taken to hang: the tablet serves no "
                 "more, and another "
                 "takes over from a primary.");
  table.duration("lease", o.lease, {2s, 10min},
                 "How long the topology takes an agent for alive after it was last heard.");
  table.duration(
      "transaction_patience", o.transaction_patience, {1s, 1h},
      "A transaction over several shards that is prepared for longer is taken for left behind by its "
      "gate: the agent asks the shard that decides, and ends it.");
  table.duration(
      "decisions_kept", o.decisions_kept, {1s, 8760h},
      "Decisions on transactions over several shards that gates have left behind are removed after "
      "this. Transactions that are open for longer may be refused at COMMIT.");

  table.section("mysqld");
  table
      .text("dir", o.dir,
            "The tablet's folder: data directory, my.cnf, error log, unix socket. Made if it is not there.")
      .required();
  table
      .text("mysql", o.mysql,
            "Where mysqld listens, host:port. 0.0.0.0 or :: listen everywhere; see --advertise-host.")
      .required();
  table.text("advertise_host", o.advertise_host,
             "The host under which gates and replicas reach this tablet. Default: the one in --mysql.");
  table.text("mysql_socket", o.mysql_socket,
             "Path of the unix socket, at most 102 bytes. Default: mysqld.sock in the tablet's folder.");
  table.text("flavour", o.flavour, "mariadb (10.11 or later) or mysql (8.0.26 or later).");
  table.text("mysqld", o.mysqld, "The server's program. Default: the flavour's, looked for in PATH.");
  table.text(
      "settings", o.settings,
      "A file with settings of your own, lines as in the [mysqld] group of a my.cnf. They are added to "
      "Kintsugi's; those that Kintsugi relies on are refused.");
  table.flag("small_memory", o.small_memory,
             "Settings for little memory: about 60 MB for a server that is not used.");
  table.duration("stop_grace", o.stop_grace, {1s, 1h},
                 "How long a polite stop of mysqld may take before it is killed.");
  table.duration("hand_over_wait", o.hand_over_wait, {0s, 10min},
                 "When the agent of a primary is stopped: how long another tablet may take to become primary "
                 "first, so that clients see a pause and no failover. 0: it just stops.");
  table.flag("leave_mysqld_running", o.leave_mysqld_running,
             "When the agent is stopped, mysqld goes on and the next agent takes it over: to replace the "
             "agent only.");
}

Result<TabletPlace> check_options(const TabletOptions& options) {
  TabletPlace place;
  const Result<topo::TabletAlias> alias = topo::TabletAlias::parse(options.alias);
  if (!alias) return bad("alias", alias.error().message());
  place.alias = *alias;
  if (const Result<void> checked = topo::check_keyspace_name(options.keyspace); !checked) {
    return bad("keyspace", checked.error().message());
  }
  if (const Result<void> checked = topo::check_shard_name(options.shard); !checked) {
    return bad("shard", checked.error().message());
  }
  place.shard = {options.keyspace, options.shard};
  const Result<topo::TabletType> type = topo::parse_tablet_type(options.type);
  if (!type) return bad("type", type.error().message());
  if (*type != topo::TabletType::replica && *type != topo::TabletType::rdonly) {
    return bad("type", "replica or rdonly; who is primary is decided by the cluster");
  }
  place.type = *type;
  const Result<runtime::Address> mysql = runtime::Address::parse(options.mysql);
  if (!mysql || mysql->is_unix() || mysql->port == 0)
    return bad("mysql", "'" + options.mysql + "' is not host:port");
  place.mysql = *mysql;
  place.host = options.advertise_host.empty() ? place.mysql.host : options.advertise_host;
  if (is_wildcard(place.host)) {
    return bad("advertise-host", "must be given, since mysqld listens at " + place.mysql.host +
                                     ", which is no place to "
                                     "connect to");
  }
  return place;
}

}  // namespace kintsugi::tablet
