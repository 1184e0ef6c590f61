#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "spec/aliases.h"
#include "spec/cluster.h"
#include "spec/parse.h"

/// What the state folder of a cluster holds. Only its owner may read it.
namespace kintsugi::local {

/// The files of a state folder.
struct Layout {
  std::string dir;  ///< absolute

  std::string state_file() const { return dir + "/state.json"; }
  std::string processes_file() const { return dir + "/processes.json"; }
  std::string supervisor_lock() const { return dir + "/supervisor.lock"; }
  std::string guardian_lock() const { return dir + "/guardian.lock"; }
  std::string socket() const { return dir + "/local.sock"; }
  std::string credentials() const { return dir + "/credentials"; }
  std::string users_file() const { return dir + "/users.json"; }
  std::string etcd_data() const { return dir + "/etcd"; }
  std::string logs() const { return dir + "/logs"; }
  std::string log(const std::string& process) const { return logs() + '/' + process + ".log"; }
  std::string tablet(const std::string& alias) const { return dir + "/tablets/" + alias; }
};

/// A spec with everything that was read to make it, so that it means the same tomorrow, whatever happened to
/// the files.
struct SpecSource {
  std::string file;  ///< absolute, for messages
  std::string text;
  std::map<std::string, std::string> files;  ///< the files that it names: absolute path → content
};
/// Reads a spec and the files that it names; failures are those of spec::load(). Its parts are judged by
/// `checks`.
Result<SpecSource> read_spec(const std::string& file, const spec::PartChecks& checks);
/// What was read already, and judged then.
Result<spec::Cluster> cluster_of(const SpecSource& source);

/// state.json: what was applied, and what must stay the same from one start to the next.
struct State {
  std::string cluster;
  /// "down"; "starting": somebody is about to apply a spec; "up": whoever watches keeps it running.
  std::string wanted = "down";
  SpecSource spec;  ///< the last that was applied; empty text: none was
  /// Shards that the spec no longer names and that serve on: "customer/-".
  std::vector<std::string> retained_shards;
  std::map<std::string, std::string> vschemas;  ///< keyspace → the JSON that the spec gave it last
  std::map<std::string, std::string> aliases;   ///< a spec::AliasBook as text
  std::map<std::string, int> gates;             ///< "zone1/0", the first of the cell → 1, so "gate-1"
  std::map<std::string, std::uint16_t> ports;   ///< "tablet-zone1-101.mysql" → 17003

  spec::AliasBook alias_book() const;
  void set_alias_book(const spec::AliasBook& book);
};

/// One process as it was started.
struct ProcessRecord {
  pid_t pid = 0;
  std::uint64_t started_ticks = 0;  ///< the kernel's, since boot: with the pid it names one process for sure
  std::string fingerprint;          ///< ProcessPlan::fingerprint() of what was started
};

/// processes.json: what runs, so that the next supervisor can take it over.
struct ProcessTable {
  std::string boot_id;
  std::map<std::string, ProcessRecord> processes;
};

/// kNotFound if there is no cluster in the folder; kStateFolder if it cannot be read.
Result<State> load_state(const Layout& layout);
Result<void> save_state(const Layout& layout, const State& state);
/// Empty if there is none, or if it is from before the machine's last start.
ProcessTable load_processes(const Layout& layout);
Result<void> save_processes(const Layout& layout, const ProcessTable& table);

/// Of a running process; 0 if there is none.
std::uint64_t started_ticks(pid_t pid);

/// Replaces a file whole: readers see the old content or the new one.
Result<void> write_file(const std::string& path, std::string_view content, unsigned mode = 0600);
Result<std::string> read_file(const std::string& path);
/// Makes the folder and those above it. 0700 for itself.
Result<void> make_private_folder(const std::string& path);

/// Makes the folder, and the passwords of the accounts that are not there yet: one file each, 0600.
Result<void> make_credentials(const Layout& layout);
/// users.json for clusters whose spec names no users: one user, "kintsugi", with a password that is made
/// once. Gives back the file's content.
Result<std::string> make_default_users(const Layout& layout);

}  // namespace kintsugi::local
