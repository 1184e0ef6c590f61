#pragma once

#include <string>

namespace kintsugi::plan {

/// Makes the rows of a reference table those of its source, in one transaction. All but the names is SQL.
struct ReferenceFill {
  std::string source_keyspace;
  std::string lock;  ///< of all of the source's rows
  std::string read;
  std::string wipe;     ///< of the copies' rows
  std::string replace;  ///< up to and with VALUES
};

}  // namespace kintsugi::plan
