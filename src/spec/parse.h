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

/// Reads a spec's text. `file` is its name in messages; the files it names are taken as relative to
/// `directory`. Does no I/O but through `read_file`.
Parsed parse(const std::string& text, const std::string& file, const std::string& directory,
             const ReadFile& read_file);

/// The cluster, or kBadSpec, whose message has one line for each problem.
Result<Cluster> checked(Parsed parsed);

/// A whole file of at most 4 MiB; kSpecUnreadable says why not.
Result<std::string> read_file(const std::string& path);

/// The spec in a file. kSpecUnreadable; kBadSpec, as checked() gives it.
Result<Cluster> load(const std::string& file);

}  // namespace kintsugi::spec
