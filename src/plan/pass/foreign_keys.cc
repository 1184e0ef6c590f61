#include "plan/pass/foreign_keys.h"

#include <algorithm>
#include <set>

namespace kintsugi::plan::pass {

namespace {

using vschema::ForeignKeySpec;

bool has(const std::vector<std::string>& columns, std::string_view name) {
  return std::ranges::any_of(columns, [name](const std::string& each) { return same_column(each, name); });
}

KeptKey::Action action_of(const std::string& words) {
  if (words == "cascade") return KeptKey::Action::kCascade;
  return words == "set null" ? KeptKey::Action::kSetNull : KeptKey::Action::kRestrict;
}

/// As servers write it: always in quotes.
std::string shown(std::string_view name) {
  std::string out = "`";
  for (const char c : name) out += c == '`' ? "``" : std::string(1, c);
  return out + "`";
}

std::string names(const std::vector<std::string>& columns) {
  std::string out;
  for (const std::string& column : columns) out += (out.empty() ? "" : ", ") + shown(column);
  return "(" + out + ")";
}

std::vector<std::string> quoted(const std::vector<std::string>& columns) {
  std::vector<std::string> out;
  for (const std::string& column : columns) out.push_back(quoted_name(column));
  return out;
}

std::shared_ptr<KeptKey> make_kept(const vschema::Keyspace& keyspace, const std::string& child,
                                   const ForeignKeySpec& spec) {
  auto key = std::make_shared<KeptKey>();
  const std::string schema = quoted_name(keyspace.name()) + ".";
  key->child = schema + quoted_name(child);
  key->parent = schema + quoted_name(spec.table);
  key->constraint = full_constraint_text(keyspace.name(), child, spec);
  key->columns = quoted(spec.columns);
  key->parent_columns = quoted(spec.parent_columns);
  key->on_delete = action_of(spec.on_delete);
  key->on_update = action_of(spec.on_update);
  key->of_itself = child == spec.table;
  // As InnoDB has it: an UPDATE that would come back to its own table is refused.
  if (key->of_itself) key->on_update = KeptKey::Action::kRestrict;
  key->orphaned = keyspace.find_table(spec.table) == nullptr;
  return key;
}

/// Whether rows of the table must not be deleted by servers alone.
bool needs_gate(const vschema::Keyspace& keyspace, const std::string& name, std::set<std::string>& seen) {
  const vschema::Table* table = keyspace.find_table(name);
  if (table == nullptr || !seen.insert(name).second) return false;
  if (std::ranges::any_of(table->vindexes, [](const vschema::TableVindex& vindex) { return vindex.owned; }))
    return true;
  return std::ranges::any_of(table->referred_by, [&](const vschema::ReferringKey& referring) {
    return !referring.key.on_servers ||
           (referring.key.on_delete == "cascade" && needs_gate(keyspace, referring.child, seen));
  });
}

/// Whether the gate goes ahead of the servers that keep a key.
bool goes_ahead(const vschema::Keyspace& keyspace, const vschema::ReferringKey& referring, Change change) {
  if (change == Change::kMove) return true;
  std::set<std::string> seen;
  return change == Change::kDelete && referring.key.on_delete == "cascade" &&
         needs_gate(keyspace, referring.child, seen);
}

}  // namespace

std::string constraint_text(const ForeignKeySpec& key) {
  std::string text = "CONSTRAINT " + shown(key.name) + " FOREIGN KEY " + names(key.columns) + " REFERENCES " +
                     shown(key.table) + " " + names(key.parent_columns);
  const auto add = [&text](const char* on, const std::string& action) {
    if (action == "cascade") text += std::string(on) + "CASCADE";
    if (action == "set null") text += std::string(on) + "SET NULL";
    if (action == "no action") text += std::string(on) + "NO ACTION";
  };
  add(" ON DELETE ", key.on_delete);
  add(" ON UPDATE ", key.on_update);
  return text;
}

std::string full_constraint_text(std::string_view keyspace, std::string_view child,
                                 const ForeignKeySpec& key) {
  return shown(keyspace) + "." + shown(child) + ", " + constraint_text(key);
}

std::vector<KeptOf> kept_parents(const Draft& draft, const TableEntry& entry) {
  std::vector<KeptOf> all;
  if (entry.routing == nullptr || entry.found == nullptr || !draft.context.shard.empty()) return all;
  for (const ForeignKeySpec& spec : entry.routing->foreign_keys) {
    if (!spec.on_servers) all.push_back({make_kept(*entry.found, entry.routing->name, spec), &spec});
  }
  return all;
}

std::vector<KeptOf> kept_children(const Draft& draft, const TableEntry& entry, Change change) {
  std::vector<KeptOf> all;
  if (entry.routing == nullptr || entry.found == nullptr || !draft.context.shard.empty()) return all;
  for (const vschema::ReferringKey& referring : entry.routing->referred_by) {
    if (referring.key.on_servers && !goes_ahead(*entry.found, referring, change)) continue;
    auto key = make_kept(*entry.found, referring.child, referring.key);
    key->ahead = referring.key.on_servers;
    all.push_back({std::move(key), &referring.key});
  }
  return all;
}

std::string foreign_key_of(const Draft& draft, const vschema::Table& table, std::string_view column) {
  const vschema::Keyspace* keyspace = draft.context.routing->find_keyspace(table.keyspace);
  if (keyspace == nullptr) return {};
  for (const ForeignKeySpec& key : table.foreign_keys) {
    if (!key.on_servers && !column.empty() && has(key.columns, column))
      return "column '" + std::string(column) + "' is of foreign key '" + key.name +
             "', which the gate keeps";
  }
  for (const vschema::ReferringKey& referring : table.referred_by) {
    const ForeignKeySpec& key = referring.key;
    if (!column.empty() && (key.on_servers || !has(key.parent_columns, column))) continue;
    if (key.on_servers && !goes_ahead(*keyspace, referring, Change::kDelete)) continue;
    return "foreign key '" + key.name + "' of table '" + referring.child +
           "', which the gate keeps, refers to its rows";
  }
  return {};
}

}  // namespace kintsugi::plan::pass
