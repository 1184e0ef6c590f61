#include "gate/vschema_change.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "vschema/errors.h"

namespace kintsugi::gate {
namespace {

using vschema::kBadVSchema;
using vschema::TableSpec;
using vschema::VSchema;

vschema::VindexSpec spec_of(const sql::AlterVSchema& statement) {
  vschema::VindexSpec spec;
  spec.type = statement.type;
  for (const sql::Option* param : statement.params) {
    std::string& value = param->name == "owner" ? spec.owner : spec.params[std::string(param->name)];
    if (const auto* literal = sql::as<sql::Literal>(param->value)) value = literal->text;
    if (const auto* word = sql::as<sql::Keyword>(param->value)) value = word->word;
  }
  return spec;
}

/// Whether both are look-ups in the same columns of the same table, so that one may take the other's place.
bool look_up_alike(const vschema::VindexSpec& a, const vschema::VindexSpec& b) {
  const vschema::VindexType* type = vschema::find_vindex_type(a.type);
  if (type == nullptr || !type->needs_table || a.type != b.type || a.owner != b.owner) return false;
  return std::ranges::all_of(std::array{"table", "from", "to"}, [&](const char* name) {
    const auto in_a = a.params.find(name), in_b = b.params.find(name);
    return in_a != a.params.end() && in_b != b.params.end() && in_a->second == in_b->second;
  });
}

Result<void> create_vindex(VSchema& vschema, const std::string& name, const sql::AlterVSchema& statement) {
  if (!vschema.sharded) {
    return failure(
        kBadVSchema,
        "the keyspace is not sharded: `kintsugi vschema apply` with \"sharded\": true makes it so");
  }
  vschema::VindexSpec spec = spec_of(statement);
  const auto [place, added] = vschema.vindexes.try_emplace(name, spec);
  if (added || place->second == spec) return {};
  if (look_up_alike(place->second, spec)) {
    place->second = std::move(spec);
    return {};
  }
  return failure(kBadVSchema,
                 fmt::format("there is a vindex '{}' of type {} already", name, place->second.type));
}

/// Whether the keyspace has the vindex as the statement makes it.
bool is_made(const vschema::Keyspace& keyspace, const sql::AlterVSchema& statement) {
  const vschema::Vindex* vindex = keyspace.find_vindex(statement.object->name);
  if (vindex == nullptr || vindex->lookup() == nullptr) return vindex != nullptr;
  const vschema::VindexSpec spec = spec_of(statement);
  const auto write_only = spec.params.find("write_only");
  const bool wanted = write_only != spec.params.end() && write_only->second == "true";
  return vindex->lookup()->write_only == wanted;
}

Result<TableSpec*> find_table(VSchema& vschema, const std::string& table) {
  const auto found = vschema.tables.find(table);
  if (found != vschema.tables.end()) return &found->second;
  return failure(vschema::kUnknownTable, fmt::format("the vschema has no table '{}'", table));
}

Result<void> add_table_vindex(VSchema& vschema, const std::string& table,
                              const sql::AlterVSchema& statement) {
  const std::string name(statement.name);
  if (!statement.type.empty()) {
    if (Result<void> made = create_vindex(vschema, name, statement); !made) return made;
  }
  TableSpec& spec = vschema.tables[table];
  for (const vschema::ColumnVindexSpec& known : spec.column_vindexes) {
    if (known.vindex == name) {
      return failure(kBadVSchema, fmt::format("table '{}' has vindex '{}' already", table, name));
    }
  }
  vschema::ColumnVindexSpec added;
  added.vindex = name;
  added.columns.assign(statement.columns.begin(), statement.columns.end());
  spec.column_vindexes.push_back(std::move(added));
  return {};
}

Result<void> drop_table_vindex(VSchema& vschema, const std::string& table, std::string_view name) {
  Result<TableSpec*> spec = find_table(vschema, table);
  if (!spec) return failure(spec.error());
  const std::size_t dropped =
      std::erase_if((*spec)->column_vindexes,
                    [name](const vschema::ColumnVindexSpec& vindex) { return vindex.vindex == name; });
  if (dropped == 0) return failure(kBadVSchema, fmt::format("table '{}' has no vindex '{}'", table, name));
  const auto owned = vschema.vindexes.find(std::string(name));
  if (owned != vschema.vindexes.end() && owned->second.owner == table) owned->second.owner.clear();
  // Nothing says any more where its rows are: as in Vitess, the entry goes with its last vindex.
  if ((*spec)->column_vindexes.empty()) vschema.tables.erase(table);
  return {};
}

Result<void> add_table(VSchema& vschema, const std::string& table, vschema::TableType type) {
  TableSpec spec;
  spec.type = type;
  if (vschema.tables.try_emplace(table, spec).second) return {};
  return failure(vschema::kTableExists, fmt::format("the vschema has table '{}' already", table));
}

Result<void> drop_table(VSchema& vschema, const std::string& table, bool sequence) {
  Result<TableSpec*> spec = find_table(vschema, table);
  if (!spec) return failure(spec.error());
  if (sequence != ((*spec)->type == vschema::TableType::sequence)) {
    return failure(kBadVSchema, fmt::format("'{}' is {} sequence", table, sequence ? "no" : "a"));
  }
  vschema::drop_table(vschema, table);
  return {};
}

Result<void> set_auto_increment(VSchema& vschema, const std::string& table,
                                const sql::AlterVSchema& statement) {
  Result<TableSpec*> spec = find_table(vschema, table);
  if (!spec) return failure(spec.error());
  if (statement.sequence == nullptr) {
    (*spec)->auto_increment.reset();
    return {};
  }
  const sql::TableName& sequence = *statement.sequence;
  vschema::AutoIncrementSpec added;
  added.column = statement.name;
  if (!sequence.schema.empty()) added.sequence = std::string(sequence.schema) + ".";
  added.sequence += sequence.name;
  (*spec)->auto_increment = std::move(added);
  return {};
}

bool has_vindex(const vschema::Table* table, std::string_view name) {
  return table != nullptr && std::ranges::any_of(table->vindexes, [name](const vschema::TableVindex& vindex) {
           return vindex.name == name;
         });
}

}  // namespace

Result<void> apply_change(VSchema& vschema, const sql::AlterVSchema& statement) {
  const std::string object(statement.object->name);
  const std::string_view action = statement.action;
  if (action == "create vindex") return create_vindex(vschema, object, statement);
  if (action == "drop vindex") {
    if (vschema.vindexes.erase(object) > 0) return {};
    return failure(kBadVSchema, fmt::format("there is no vindex '{}'", object));
  }
  if (action == "add table") return add_table(vschema, object, vschema::TableType::ordinary);
  if (action == "add sequence") return add_table(vschema, object, vschema::TableType::sequence);
  if (action == "drop table") return drop_table(vschema, object, false);
  if (action == "drop sequence") return drop_table(vschema, object, true);
  if (action == "add table vindex") return add_table_vindex(vschema, object, statement);
  if (action == "drop table vindex") return drop_table_vindex(vschema, object, statement.name);
  return set_auto_increment(vschema, object, statement);
}

Result<void> check_change(const std::string& keyspace, const VSchema& before, const VSchema& after) {
  std::vector<std::string> known;
  for (const vschema::Problem& problem : vschema::check(keyspace, before, {}))
    known.push_back(problem.text());
  std::string fresh;
  for (const vschema::Problem& problem : vschema::check(keyspace, after, {})) {
    // Of what is in other keyspaces, the whole is checked when it is written.
    if (problem.path.find(".auto_increment") != std::string::npos) continue;
    if (problem.path.ends_with(".params.table")) continue;
    if (std::ranges::find(known, problem.text()) == known.end())
      fresh += (fresh.empty() ? "" : "; ") + problem.text();
  }
  if (fresh.empty()) return {};
  return failure(kBadVSchema, fresh);
}

bool is_routed(const vschema::Keyspace& keyspace, const sql::AlterVSchema& statement) {
  const std::string_view action = statement.action;
  const vschema::Table* table = keyspace.find_table(statement.object->name);
  if (action == "create vindex") return is_made(keyspace, statement);
  if (action == "drop vindex") return keyspace.find_vindex(statement.object->name) == nullptr;
  if (action == "add table" || action == "add sequence") return table != nullptr;
  if (action == "drop table" || action == "drop sequence") return table == nullptr;
  if (action == "add table vindex") return has_vindex(table, statement.name);
  if (action == "drop table vindex") return !has_vindex(table, statement.name);
  return table != nullptr && table->auto_increment.has_value() == (statement.sequence != nullptr);
}

}  // namespace kintsugi::gate
