#pragma once

#include <string>
#include <vector>

#include "vschema/vschema.h"

namespace kintsugi::plan {

/// Triggers of one table and event that gates run for each row, in their order. They and their columns are of
/// the plan's routing and schema.
struct RowTriggers {
  struct Column {
    std::string name;
    std::string type;  ///< as DECLARE takes it: "varchar(20) collate utf8mb4_bin"
  };
  std::string keyspace;
  std::string table;
  std::vector<vschema::TriggerSpec> triggers;
  std::vector<Column> old_columns, new_columns;  ///< that they name
};

}  // namespace kintsugi::plan
