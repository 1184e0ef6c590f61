#include <algorithm>

#include <fmt/format.h>

#include "base/lower_case.h"
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
  if (type != nullptr && (!type->unique || type->needs_table)) {
    return failure(kBadVSchema,
                   fmt::format("table '{}' cannot be sharded by vindex '{}': it is {}", table.name, vindex,
                               type->unique ? "a look-up in a table" : "not unique"));
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

constexpr std::string_view kGlobalKey = "_kintsugi_unique_";

/// A vindex that looks up in the key's table, and the entry of that.
Result<void> add_key_vindex(VSchema& vschema, const std::string& table, const GlobalKey& key,
                            TableSpec& spec) {
  VindexSpec lookup{.type = "consistent_lookup_unique", .params = {}, .owner = table};
  std::string from;
  for (const std::string& column : key.columns) from += (from.empty() ? "" : ",") + column;
  const std::string entries = global_key_table(table, key.name);
  lookup.params = {{"table", entries}, {"from", from}, {"to", "keyspace_id"}, {"ignore_nulls", "true"}};
  if (key.write_only) lookup.params["write_only"] = "true";
  const std::string name = table + "." + key.name;
  vschema.vindexes[name] = std::move(lookup);
  spec.column_vindexes.push_back({key.columns, name});
  TableSpec& of_entries = vschema.tables[entries];
  of_entries = {};
  if (key.vindex_type.empty()) {
    of_entries.pinned = "00";
    return {};
  }
  of_entries.column_vindexes.push_back({{key.columns.front()}, key.vindex_type});
  return add_vindex(vschema, key.vindex_type, key.vindex_type);
}

using Vindexes = std::map<std::string, VindexSpec>;

bool is_global(const VindexSpec& vindex, const std::string& owner) {
  const auto entries = vindex.params.find("table");
  return vindex.owner == owner && entries != vindex.params.end() && is_global_key_table(entries->second);
}

Vindexes::iterator find_global_key(VSchema& vschema, const std::string& table, std::string_view key) {
  return std::ranges::find_if(vschema.vindexes, [&](const auto& vindex) {
    return is_global(vindex.second, table) && is_global_key(vindex.first, key);
  });
}

/// Foreign keys of a table that has got another name; those that a server has named are named after it.
void follow(VSchema& vschema, const std::string& from, const std::string& to) {
  for (auto& [table, spec] : vschema.tables) {
    for (ForeignKeySpec& key : spec.foreign_keys) {
      if (key.table == from) key.table = to;
      if (table == to && key.name.starts_with(from + "_ibfk_")) key.name.replace(0, from.size(), to);
    }
  }
}

}  // namespace

std::string global_key_table(std::string_view table, std::string_view key) {
  return fmt::format("{}{}_{}", kGlobalKey, table, key);
}

bool is_global_key_table(std::string_view name) { return name.starts_with(kGlobalKey); }

bool is_global_key(std::string_view vindex, std::string_view key) {
  return equal_names(vindex.substr(vindex.rfind('.') + 1), key);
}

Result<void> add_table(VSchema& vschema, const NewTable& table) {
  if (vschema.tables.contains(table.name)) {
    if (table.keep_existing) return {};
    return failure(kTableExists, fmt::format("table '{}' is in the vschema already", table.name));
  }
  VSchema edited = vschema;
  TableSpec spec;
  if (table.reference) {
    spec.type = TableType::reference;
    spec.source = table.source;
  } else if (vschema.sharded || !table.columns.empty()) {
    Result<TableSpec> sharded = sharded_table(edited, table);
    if (!sharded) return failure(sharded.error());
    spec = *std::move(sharded);
  }
  if (!table.auto_increment_column.empty()) {
    spec.auto_increment = AutoIncrementSpec{table.auto_increment_column, table.sequence};
  }
  for (const GlobalKey& key : table.global_keys) {
    if (Result<void> added = add_key_vindex(edited, table.name, key, spec); !added) return added;
  }
  spec.foreign_keys = table.foreign_keys;
  edited.tables[table.name] = std::move(spec);
  vschema = std::move(edited);
  return {};
}

bool drop_table(VSchema& vschema, const std::string& table) {
  for (auto vindex = vschema.vindexes.begin(); vindex != vschema.vindexes.end();) {
    const bool global = is_global(vindex->second, table);
    if (vindex->second.owner == table) vindex->second.owner.clear();
    if (global) vschema.tables.erase(vindex->second.params.at("table"));
    vindex = global ? vschema.vindexes.erase(vindex) : std::next(vindex);
  }
  return vschema.tables.erase(table) > 0;
}

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
  follow(vschema, from, to);
  return {};
}

Result<void> set_ids(VSchema& vschema, const std::string& table, const std::string& column) {
  const auto found = vschema.tables.find(table);
  if (found == vschema.tables.end())
    return failure(kUnknownTable, fmt::format("table '{}' is not in the vschema", table));
  std::optional<AutoIncrementSpec>& ids = found->second.auto_increment;
  if (column.empty()) {
    ids.reset();
  } else {
    ids = AutoIncrementSpec{column, ids ? ids->sequence : std::string()};
  }
  return {};
}

Result<void> rename_column(VSchema& vschema, const std::string& table, std::string_view from,
                           const std::string& to) {
  const auto found = vschema.tables.find(table);
  if (found == vschema.tables.end())
    return failure(kUnknownTable, fmt::format("table '{}' is not in the vschema", table));
  for (ColumnVindexSpec& vindex : found->second.column_vindexes) {
    for (std::string& column : vindex.columns) {
      if (equal_names(column, from)) column = to;
    }
  }
  std::optional<AutoIncrementSpec>& ids = found->second.auto_increment;
  if (ids && equal_names(ids->column, from)) ids->column = to;
  for (ColumnSpec& column : found->second.columns) {
    if (equal_names(column.name, from)) column.name = to;
  }
  return {};
}

Result<void> add_global_key(VSchema& vschema, const std::string& table, const GlobalKey& key) {
  if (!vschema.tables.contains(table))
    return failure(kUnknownTable, fmt::format("table '{}' is not in the vschema", table));
  if (const auto known = find_global_key(vschema, table, key.name); known != vschema.vindexes.end()) {
    if (known->second.params.contains("write_only")) return {};
    return failure(kBadVSchema, fmt::format("table '{}' has a global key '{}' already", table, key.name));
  }
  VSchema edited = vschema;
  if (Result<void> added = add_key_vindex(edited, table, key, edited.tables.at(table)); !added) return added;
  vschema = std::move(edited);
  return {};
}

Result<void> use_global_key(VSchema& vschema, const std::string& table, std::string_view key) {
  const auto known = find_global_key(vschema, table, key);
  if (known == vschema.vindexes.end())
    return failure(kBadVSchema, fmt::format("table '{}' has no global key '{}'", table, key));
  known->second.params.erase("write_only");
  return {};
}

bool drop_global_key(VSchema& vschema, const std::string& table, std::string_view key) {
  const auto known = find_global_key(vschema, table, key);
  if (known == vschema.vindexes.end()) return false;
  vschema.tables.erase(known->second.params.at("table"));
  std::erase_if(vschema.tables.at(table).column_vindexes,
                [&](const ColumnVindexSpec& each) { return each.vindex == known->first; });
  vschema.vindexes.erase(known);
  return true;
}

Result<void> set_source(VSchema& vschema, const std::string& table, const std::string& source) {
  const auto found = vschema.tables.find(table);
  if (found == vschema.tables.end())
    return failure(kUnknownTable, fmt::format("table '{}' is not in the vschema", table));
  if (found->second.type != TableType::reference)
    return failure(kBadVSchema, fmt::format("table '{}' is no reference table", table));
  found->second.source = source;
  return {};
}

Result<void> add_foreign_key(VSchema& vschema, const std::string& table, const ForeignKeySpec& key) {
  const auto found = vschema.tables.find(table);
  if (found == vschema.tables.end())
    return failure(kUnknownTable, fmt::format("table '{}' is not in the vschema", table));
  for (const ForeignKeySpec& known : found->second.foreign_keys) {
    if (equal_names(known.name, key.name))
      return failure(kBadVSchema, fmt::format("table '{}' has a foreign key '{}' already", table, key.name));
  }
  found->second.foreign_keys.push_back(key);
  return {};
}

bool drop_foreign_key(VSchema& vschema, const std::string& table, std::string_view key) {
  const auto found = vschema.tables.find(table);
  return found != vschema.tables.end() &&
         std::erase_if(found->second.foreign_keys,
                       [key](const ForeignKeySpec& known) { return equal_names(known.name, key); }) > 0;
}

const TriggerSpec* find_trigger(const std::vector<TriggerSpec>& triggers, std::string_view name) {
  const auto found = std::ranges::find(triggers, name, &TriggerSpec::name);
  return found == triggers.end() ? nullptr : &*found;
}

Result<void> add_trigger(VSchema& vschema, const std::string& table, const TriggerSpec& trigger,
                         std::string_view neighbour, bool before) {
  for (const auto& [name, spec] : vschema.tables) {
    if (find_trigger(spec.triggers, trigger.name) != nullptr)
      return failure(kBadVSchema, fmt::format("table '{}' has a trigger '{}' already", name, trigger.name));
  }
  const auto found = vschema.tables.find(table);
  if (found == vschema.tables.end())
    return failure(kUnknownTable, fmt::format("table '{}' is not in the vschema", table));
  std::vector<TriggerSpec>& triggers = found->second.triggers;
  auto place = triggers.end();
  if (!neighbour.empty()) {
    const TriggerSpec* known = find_trigger(triggers, neighbour);
    if (known == nullptr)
      return failure(kBadVSchema, fmt::format("table '{}' has no trigger '{}'", table, neighbour));
    place = triggers.begin() + (known - triggers.data()) + (before ? 0 : 1);
  }
  triggers.insert(place, trigger);
  return {};
}

bool drop_trigger(VSchema& vschema, std::string_view trigger) {
  bool dropped = false;
  for (auto& [name, spec] : vschema.tables) {
    dropped |=
        std::erase_if(spec.triggers, [trigger](const TriggerSpec& each) { return each.name == trigger; }) > 0;
  }
  return dropped;
}

void widen_function(VSchema& vschema, std::string_view name, const FunctionSpec& spec) {
  if (spec == FunctionSpec{}) return;
  FunctionSpec& known = vschema.functions[lower_case(name)];
  const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& names) {
    for (const std::string& each : names) {
      if (std::ranges::find(to, each) == to.end()) to.push_back(each);
    }
  };
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
  };
  const auto writes = [&has](const FunctionSpec& function, const std::string& table) {
    return has(function.tables, table) && !has(function.only_read, table);
  };
  const FunctionSpec before = known;
  add(known.only_read, spec.only_read);
  std::erase_if(known.only_read,
                [&](const std::string& table) { return writes(spec, table) || writes(before, table); });
  add(known.tables, spec.tables);
  add(known.calls, spec.calls);
  known.aggregate |= spec.aggregate;
  known.in_gate |= spec.in_gate;
}

void keep_routines(VSchema& vschema, const VSchema& known) {
  if (vschema.functions.empty()) vschema.functions = known.functions;
  for (auto& [name, spec] : vschema.tables) {
    const auto before = known.tables.find(name);
    if (spec.triggers.empty() && before != known.tables.end()) spec.triggers = before->second.triggers;
  }
}

void set_function(VSchema& vschema, std::string_view name, const FunctionSpec& spec) {
  if (spec == FunctionSpec{}) {
    vschema.functions.erase(lower_case(name));
  } else {
    vschema.functions[lower_case(name)] = spec;
  }
}

}  // namespace kintsugi::vschema
