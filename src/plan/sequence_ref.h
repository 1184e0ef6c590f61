#pragma once

#include <string>

namespace kintsugi::plan {

/// Where ids of an AUTO_INCREMENT column come from.
struct SequenceRef {
  std::string keyspace;  ///< where `name` is: a sequence table's keyspace, or that of the table filled
  std::string name;
  bool table = false;  ///< a Vitess sequence table (id, next_id, cache); else a sequence in the topology
  std::string filled_keyspace, filled_table, filled_column;  ///< for the first id: above what is there
};

}  // namespace kintsugi::plan
