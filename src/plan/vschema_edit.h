#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vschema/vschema.h"

namespace kintsugi::plan {

/// How the vschema of a keyspace changes with a DDL statement.
struct VSchemaEdit {
  enum class Kind : std::uint8_t {
    kAddTable,
    kDropTable,
    kRenameTable,
    kAddForeignKey,   ///< the first of foreign_keys
    kDropForeignKey,  ///< new_name: the key
    kSetSource,       ///< of a reference table that is there
    kAddGlobalKey,    ///< the first of global_keys
    kUseGlobalKey,    ///< new_name: the key, all of whose entries are there
    kDropGlobalKey,   ///< new_name: the key
    kWidenFunction,   ///< `function` added to what is known of function `table`
    kAddTrigger,      ///< new_name: the one before or behind which it is to run; empty: behind all
    kDropTrigger,     ///< new_name: the trigger
    kSetFunction,     ///< an empty `function`: it is gone
    kSetIds,          ///< auto_increment_column has ids of a sequence now; empty: no column has
    kRenameColumn,    ///< the first of columns, to new_name
  };
  Kind kind = Kind::kAddTable;
  std::string keyspace;
  std::string table;
  std::string new_name;
  bool reference = false;
  std::string source;                ///< of a reference table: "keyspace.table"
  std::vector<std::string> columns;  ///< the sharding key
  std::string vindex;                ///< its name in the keyspace's vschema
  std::string vindex_type;           ///< to be added under that name if the vschema has none of it
  std::string auto_increment_column;
  std::string sequence;  ///< in the topology
  /// IF NOT EXISTS was said: an entry that is there already stays.
  bool keep_existing = false;
  std::vector<vschema::GlobalKey> global_keys;
  std::vector<vschema::ForeignKeySpec> foreign_keys;
  vschema::FunctionSpec function;
  vschema::TriggerSpec trigger;
  bool before_neighbour = false;  ///< of kAddTrigger with a new_name
};

/// For people: "drop t".
std::string show(const VSchemaEdit& edit);

}  // namespace kintsugi::plan
