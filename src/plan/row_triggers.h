#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vschema/vschema.h"

namespace kintsugi::plan {

/// Triggers of one table, event and time (before or after) that gates run for each row, in their order. They
/// and their columns are of the plan's routing and schema.
struct RowTriggers {
  struct Column {
    std::string name;
    std::string type;  ///< as DECLARE takes it: "varchar(20) collate utf8mb4_bin"
  };
  std::string keyspace;
  std::string table;
  std::vector<vschema::TriggerSpec> triggers;
  std::vector<Column> old_columns, new_columns;  ///< that they name
  std::vector<std::size_t> set;                  ///< of new_columns: those that they may set
};

}  // namespace kintsugi::plan
