#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/lower_case.h"
#include "vschema/detail/reference.h"
#include "vschema/errors.h"
#include "vschema/vschema.h"

namespace kintsugi::vschema {
namespace {

template <class Map>
std::string names_of(const Map& map) {
  std::string names;
  for (const auto& [name, unused] : map) {
    if (!names.empty()) names += ", ";
    names += name;
  }
  return names.empty() ? "none" : names;
}

class Checker {
 public:
  Checker(const std::string& keyspace, const VSchema& vschema, const VSchemas& others)
      : keyspace_(keyspace), vschema_(vschema), all_(others) {
    all_[keyspace] = vschema;
  }

  std::vector<Problem> run() {
    for (const auto& [name, vindex] : vschema_.vindexes) check_vindex("vindexes." + name, vindex);
    for (const auto& [name, table] : vschema_.tables) check_table("tables." + name, table);
    return std::move(problems_);
  }

 private:
  void add(std::string path, std::string message) {
    problems_.push_back({std::move(path), std::move(message)});
  }

  void check_vindex(const std::string& path, const VindexSpec& vindex) {
    auto made = make_vindex(vindex.type, vindex.params);
    if (!made) {
      const bool known = find_vindex_type(vindex.type) != nullptr;
      add(path + (known ? ".params" : ".type"), made.error().message());
    }
    const Lookup* lookup = made ? (*made)->lookup() : nullptr;
    if (lookup != nullptr) {
      const LookupReference found = resolve_lookup(all_, keyspace_, *lookup);
      if (!found.problem.empty()) add(path + ".params.table", found.problem);
    }
    if (vindex.owner.empty()) return;
    const auto owner = vschema_.tables.find(vindex.owner);
    if (owner == vschema_.tables.end()) {
      add(path + ".owner", fmt::format("there is no table '{}' in this keyspace", vindex.owner));
    } else if (made && lookup == nullptr) {
      add(path + ".owner",
          fmt::format("vindex type {} has no table that rows could be written to", vindex.type));
    } else if (lookup != nullptr && !has_vindex(owner->second, path)) {
      add(path + ".owner", fmt::format("table '{}' does not have this vindex", vindex.owner));
    }
  }

  /// `path` is that of the vindex.
  static bool has_vindex(const TableSpec& table, const std::string& path) {
    return std::ranges::any_of(table.column_vindexes, [&path](const ColumnVindexSpec& spec) {
      return path == "vindexes." + spec.vindex;
    });
  }

  void check_table(const std::string& path, const TableSpec& table) {
    for (std::size_t i = 0; i < table.column_vindexes.size(); ++i) {
      check_column_vindex(fmt::format("{}.column_vindexes[{}]", path, i), table.column_vindexes[i], i == 0);
    }
    if (vschema_.sharded) check_place(path, table);
    check_pinned(path, table);
    check_source(path, table);
    check_columns(path, table);
    if (table.auto_increment) check_auto_increment(path + ".auto_increment", *table.auto_increment);
  }

  void check_column_vindex(const std::string& path, const ColumnVindexSpec& spec, bool first) {
    const auto vindex = vschema_.vindexes.find(spec.vindex);
    if (vindex == vschema_.vindexes.end()) {
      add(path + ".name", fmt::format("there is no vindex '{}' in this keyspace (there are: {})", spec.vindex,
                                      names_of(vschema_.vindexes)));
      return;
    }
    const VindexType* type = find_vindex_type(vindex->second.type);
    if (type == nullptr) return;
    if (auto made = make_vindex(vindex->second.type, vindex->second.params);
        made && (*made)->columns() != spec.columns.size()) {
      add(path + ".columns", fmt::format("{} columns for vindex '{}', which takes {}", spec.columns.size(),
                                         spec.vindex, (*made)->columns()));
    }
    if (first && type->needs_table) {
      add(path + ".name", fmt::format("the first vindex says where rows are and must be a function of their "
                                      "values; '{}' looks up in a table",
                                      spec.vindex));
    } else if (first && !type->unique) {
      add(path + ".name",
          fmt::format("the first vindex says where rows are and must be unique; '{}' is not", spec.vindex));
    }
    std::set<std::string> seen;
    for (const std::string& column : spec.columns) {
      if (column.empty()) add(path + ".columns", "the name of a column is empty");
      if (!seen.insert(lower_case(column)).second)
        add(path + ".columns", fmt::format("column '{}' is there twice", column));
    }
  }

  // Where the rows of a table in a sharded keyspace are.
  void check_place(const std::string& path, const TableSpec& table) {
    if (table.type == TableType::reference) {
      if (!table.column_vindexes.empty()) {
        add(path + ".column_vindexes", "a reference table has the same rows on every shard and no vindexes");
      }
    } else if (table.type == TableType::sequence) {
      if (table.pinned.empty()) {
        add(path, "a sequence table must be in an unsharded keyspace, or pinned to a keyspace id");
      }
    } else if (table.column_vindexes.empty() && table.pinned.empty()) {
      add(path, "nothing says how the table is sharded: give it column_vindexes, type reference, or pinned");
    }
  }

  void check_pinned(const std::string& path, const TableSpec& table) {
    if (table.pinned.empty()) return;
    if (auto id = KeyspaceId::from_hex(table.pinned); !id) add(path + ".pinned", id.error().message());
    if (!table.column_vindexes.empty())
      add(path + ".pinned", "a table that has column_vindexes cannot be pinned as well");
  }

  void check_source(const std::string& path, const TableSpec& table) {
    if (table.source.empty()) return;
    if (table.type != TableType::reference) {
      add(path + ".source", "only a reference table has a source");
      return;
    }
    const std::size_t dot = table.source.find('.');
    if (dot == std::string::npos) {
      add(path + ".source", fmt::format("'{}': write keyspace.table", table.source));
      return;
    }
    const std::string source_keyspace = table.source.substr(0, dot);
    if (source_keyspace == keyspace_) {
      add(path + ".source", "the source must be in another keyspace");
    } else if (!all_.contains(source_keyspace)) {
      add(path + ".source",
          fmt::format("there is no keyspace '{}' (there are: {})", source_keyspace, names_of(all_)));
    } else if (all_.at(source_keyspace).sharded) {
      add(path + ".source",
          fmt::format("keyspace '{}' is sharded: a source is in one that is not", source_keyspace));
    }
  }

  void check_columns(const std::string& path, const TableSpec& table) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (!seen.insert(lower_case(table.columns[i].name)).second) {
        add(fmt::format("{}.columns[{}].name", path, i),
            fmt::format("column '{}' is there twice", table.columns[i].name));
      }
    }
    if (!table.column_list_authoritative) return;
    if (table.columns.empty()) add(path + ".column_list_authoritative", "the list of columns is empty");
    for (std::size_t i = 0; i < table.column_vindexes.size(); ++i) {
      for (const std::string& column : table.column_vindexes[i].columns) {
        if (!seen.contains(lower_case(column))) {
          add(fmt::format("{}.column_vindexes[{}]", path, i),
              fmt::format("column '{}' is not in the table's list of columns", column));
        }
      }
    }
  }

  void check_auto_increment(const std::string& path, const AutoIncrementSpec& spec) {
    const SequenceReference sequence = resolve_sequence(all_, keyspace_, "", spec.sequence);
    if (!sequence.problem.empty()) add(path + ".sequence", sequence.problem);
  }

  const std::string& keyspace_;
  const VSchema& vschema_;
  VSchemas all_;
  std::vector<Problem> problems_;
};

}  // namespace

SequenceReference resolve_sequence(const VSchemas& all, const std::string& keyspace, const std::string& table,
                                   const std::string& reference) {
  constexpr std::string_view kTopology = "topology:";
  if (reference.empty()) return {true, keyspace, table, ""};
  if (reference.starts_with(kTopology)) return {true, keyspace, reference.substr(kTopology.size()), ""};

  const auto is_sequence = [](const VSchema& vschema, const std::string& name) {
    const auto found = vschema.tables.find(name);
    return found != vschema.tables.end() && found->second.type == TableType::sequence;
  };
  if (const std::size_t dot = reference.find('.'); dot != std::string::npos) {
    const std::string in = reference.substr(0, dot);
    const std::string name = reference.substr(dot + 1);
    const auto other = all.find(in);
    if (other == all.end()) return {false, "", "", fmt::format("there is no keyspace '{}'", in)};
    if (is_sequence(other->second, name)) return {false, in, name, ""};
    return {false, "", "", fmt::format("keyspace '{}' has no table '{}' of type sequence", in, name)};
  }
  SequenceReference found;
  for (const auto& [name, vschema] : all) {
    if (!is_sequence(vschema, reference)) continue;
    if (!found.keyspace.empty()) {
      return {false, "", "",
              fmt::format("keyspaces '{}' and '{}' both have a sequence '{}': write keyspace.table",
                          found.keyspace, name, reference)};
    }
    found = {false, name, reference, ""};
  }
  if (found.keyspace.empty()) {
    found.problem = fmt::format("no keyspace has a table '{}' of type sequence", reference);
  }
  return found;
}

namespace {

/// The keyspace that an unqualified table is meant to be in; empty: none, or several.
std::string keyspace_of(const VSchemas& all, const std::string& keyspace, const std::string& table) {
  const auto own = all.find(keyspace);
  if (own != all.end() && (!own->second.sharded || own->second.tables.contains(table))) return keyspace;
  std::string found;
  for (const auto& [name, vschema] : all) {
    if (!vschema.tables.contains(table)) continue;
    if (!found.empty()) return {};
    found = name;
  }
  return found;
}

/// Why entries cannot be placed by their values alone; empty: they can.
std::string why_unplaced(const VSchema& vschema, const std::string& table, const Lookup& lookup) {
  const auto spec = vschema.tables.find(table);
  if (spec == vschema.tables.end())
    return vschema.sharded ? fmt::format("the vschema does not say how table '{}' is sharded", table) : "";
  if (spec->second.type != TableType::ordinary)
    return fmt::format("table '{}' is a reference or a sequence table", table);
  const auto& vindexes = spec->second.column_vindexes;
  if (!vschema.sharded || vindexes.empty()) return {};
  if (vindexes.size() > 1) return fmt::format("table '{}' has look-up vindexes itself", table);
  for (const std::string& column : vindexes.front().columns) {
    const bool given = std::ranges::any_of(
        lookup.from, [&column](const std::string& from) { return lower_case(from) == lower_case(column); });
    if (!given) return fmt::format("table '{}' is sharded by '{}', which is not in from", table, column);
  }
  return {};
}

}  // namespace

LookupReference resolve_lookup(const VSchemas& all, const std::string& keyspace, const Lookup& lookup) {
  LookupReference found;
  if (const std::size_t dot = lookup.table.find('.'); dot != std::string::npos) {
    found.keyspace = lookup.table.substr(0, dot);
    found.table = lookup.table.substr(dot + 1);
  } else {
    found.table = lookup.table;
    found.keyspace = keyspace_of(all, keyspace, found.table);
  }
  const auto in = all.find(found.keyspace);
  if (in == all.end()) {
    found.problem =
        found.keyspace.empty()
            ? fmt::format("no keyspace, or more than one, has a table '{}': write keyspace.table",
                          found.table)
            : fmt::format("there is no keyspace '{}' (there are: {})", found.keyspace, names_of(all));
    return found;
  }
  found.problem = why_unplaced(in->second, found.table, lookup);
  return found;
}

std::vector<Problem> check(const std::string& keyspace, const VSchema& vschema, const VSchemas& others) {
  return Checker(keyspace, vschema, others).run();
}

Result<void> require_valid(const std::string& keyspace, const VSchema& vschema, const VSchemas& others) {
  const std::vector<Problem> problems = check(keyspace, vschema, others);
  if (problems.empty()) return {};
  std::string message = fmt::format("the vschema of keyspace '{}' cannot be: ", keyspace);
  for (std::size_t i = 0; i < problems.size(); ++i) message += (i == 0 ? "" : "; ") + problems[i].text();
  return failure(kBadVSchema, std::move(message));
}

}  // namespace kintsugi::vschema
