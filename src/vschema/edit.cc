#include <fmt/format.h>

#include "vschema/errors.h"
#include "vschema/vschema.h"

namespace kintsugi::vschema {
namespace {

Result<void> add_vindex(VSchema& vschema, const std::string& name, const std::string& type) {
  if (const auto existing = vschema.vindexes.find(name); existing != vschema.vindexes.end()) {
    if (type.empty() || existing->second.type == type) return {};
    return failure(kBadVSchema,
                   fmt::format("vindex '{}' is of type {}, not {}", name, existing->second.type, type));
  }
  const std::string& wanted = type.empty() ? name : type;
  if (auto made = make_vindex(wanted, {}); !made) return failure(made.error());
  vschema.vindexes[name] = {.type = wanted, .params = {}, .owner = {}};
  return {};
}

Result<TableSpec> sharded_table(VSchema& vschema, const NewTable& table) {
  if (!vschema.sharded) {
    return failure(kBadVSchema, fmt::format("table '{}' cannot be sharded: its keyspace is not", table.name));
  }
  const std::string& vindex = table.vindex.empty() ? table.vindex_type : table.vindex;
  if (auto added = add_vindex(vschema, vindex, table.vindex_type); !added) return failure(added.error());
  const VindexType* type = find_vindex_type(vschema.vindexes[vindex].type);
  if (type != nullptr && !type->unique) {
    return failure(kBadVSchema, fmt::format("table '{}' cannot be sharded by vindex '{}': it is not unique",
                                            table.name, vindex));
  }
  const VindexSpec& by = vschema.vindexes[vindex];
  const Result<std::unique_ptr<Vindex>> made = make_vindex(by.type, by.params);
  if (!made) return failure(made.error());
  if (table.columns.size() != (*made)->columns()) {
    return failure(kBadVSchema,
                   fmt::format("table '{}' cannot be sharded by {} columns with vindex '{}', which takes {}",
                               table.name, table.columns.size(), vindex, (*made)->columns()));
  }
  TableSpec spec;
  spec.column_vindexes.push_back({table.columns, vindex});
  return spec;
}

}  // namespace

Result<void> add_table(VSchema& vschema, const NewTable& table) {
  if (vschema.tables.contains(table.name)) {
    if (table.keep_existing) return {};
    return failure(kTableExists, fmt::format("table '{}' is in the vschema already", table.name));
  }
  VSchema edited = vschema;
  TableSpec spec;
  if (table.reference) {
    spec.type = TableType::reference;
  } else if (vschema.sharded || !table.columns.empty()) {
    Result<TableSpec> sharded = sharded_table(edited, table);
    if (!sharded) return failure(sharded.error());
    spec = *std::move(sharded);
  }
  if (!table.auto_increment_column.empty()) {
    spec.auto_increment = AutoIncrementSpec{table.auto_increment_column, table.sequence};
  }
  edited.tables[table.name] = std::move(spec);
  vschema = std::move(edited);
  return {};
}

bool drop_table(VSchema& vschema, const std::string& table) { return vschema.tables.erase(table) > 0; }

Result<void> rename_table(VSchema& vschema, const std::string& from, const std::string& to) {
  if (!vschema.tables.contains(from)) {
    return failure(kUnknownTable, fmt::format("table '{}' is not in the vschema", from));
  }
  if (vschema.tables.contains(to)) {
    return failure(kTableExists, fmt::format("table '{}' is in the vschema already", to));
  }
  auto entry = vschema.tables.extract(from);
  entry.key() = to;
  std::optional<AutoIncrementSpec>& ids = entry.mapped().auto_increment;
  if (ids && ids->sequence.empty()) ids->sequence = "topology:" + from;
  vschema.tables.insert(std::move(entry));
  for (auto& [name, vindex] : vschema.vindexes) {
    if (vindex.owner == from) vindex.owner = to;
  }
  return {};
}

}  // namespace kintsugi::vschema
