#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "spec/cluster.h"

namespace kintsugi::spec {

/// One mistake in a spec.
struct Problem {
  std::string file;
  int line = 0;      ///< from 1; 0: not known
  int column = 0;    ///< from 1
  std::string path;  ///< "spec.keyspaces[1].shards"; empty: the document as a whole
  std::string message;

  /// "cluster.yaml:14:7: spec.keyspaces[1].shardz: unknown field; did you mean 'shards'?"
  std::string text() const;
};

struct Parsed {
  Cluster cluster;                ///< valid only without problems
  std::vector<Problem> problems;  ///< all of them, in the order of the file
  bool ok() const { return problems.empty(); }
};

/// How the files that a spec names are read: absolute path → content.
using ReadFile = std::function<Result<std::string>(const std::string& path)>;

/// What is wrong with a part of a spec, as whoever will be told of it says.
struct Mistake {
  std::string name;  ///< of the option or setting; empty: all of them together
  std::string message;
};

/// The judgement of those that a spec configures: what a gate takes for its options is known to gates only.
/// Brought by app/. An empty function finds nothing wrong.
struct PartChecks {
  /// `role`: "gate" or "control".
  std::function<std::vector<Mistake>(std::string_view role, const Settings& options)> options;
  /// Lines of the my.cnf of such servers.
  std::function<std::vector<Mistake>(Flavour flavour, const Settings& settings)> settings;
  std::function<std::vector<Mistake>(const std::string& users_json)> users;
  /// Levels of single components of the log.
  std::function<std::vector<Mistake>(const Settings& levels)> levels;
};

/// Reads a spec's text. `file` is its name in messages; the files it names are taken as relative to
/// `directory`. Does no I/O but through `read_file` and `checks`.
Parsed parse(const std::string& text, const std::string& file, const std::string& directory,
             const ReadFile& read_file, const PartChecks& checks = {});

/// The cluster, or kBadSpec, whose message has one line for each problem.
Result<Cluster> checked(Parsed parsed);

/// A whole file of at most 4 MiB; kSpecUnreadable says why not.
Result<std::string> read_file(const std::string& path);

/// metadata.name of the spec in a file, whatever else is wrong with it: to find what runs of a spec that was
/// spoilt since. kSpecUnreadable; kBadSpec.
Result<std::string> cluster_name(const std::string& file);

/// The spec in a file. kSpecUnreadable; kBadSpec, as checked() gives it.
Result<Cluster> load(const std::string& file);

}  // namespace kintsugi::spec
