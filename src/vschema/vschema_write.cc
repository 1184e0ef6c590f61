#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "vschema/vschema.h"

namespace kintsugi::vschema {
namespace {

namespace json = boost::json;

json::string_view key(std::string_view view) { return {view.data(), view.size()}; }

json::array strings_json(const std::vector<std::string>& strings) {
  json::array result;
  for (const std::string& each : strings) result.emplace_back(each);
  return result;
}

void put(json::object& object, std::string_view name, const std::string& value) {
  if (!value.empty()) object[key(name)] = value;
}
void put(json::object& object, std::string_view name, bool value) {
  if (value) object[key(name)] = true;
}
void put(json::object& object, std::string_view name, int value) {
  if (value != 0) object[key(name)] = value;
}

void put(json::object& object, std::string_view member, Permission value) {
  if (value != Permission::allow) object[key(member)] = key(name(value));
}

json::object vindex_json(const VindexSpec& vindex) {
  json::object object;
  put(object, "type", vindex.type);
  if (!vindex.params.empty()) {
    json::object& params = object["params"].emplace_object();
    for (const auto& [name, value] : vindex.params) params[name] = value;
  }
  put(object, "owner", vindex.owner);
  return object;
}

json::object foreign_key_json(const ForeignKeySpec& key) {
  json::object object;
  put(object, "name", key.name);
  object["columns"] = strings_json(key.columns);
  put(object, "table", key.table);
  object["parent_columns"] = strings_json(key.parent_columns);
  put(object, "on_delete", key.on_delete);
  put(object, "on_update", key.on_update);
  put(object, "on_servers", key.on_servers);
  return object;
}

json::object trigger_json(const TriggerSpec& trigger) {
  json::object object;
  put(object, "name", trigger.name);
  if (trigger.time != "after") put(object, "time", trigger.time);
  put(object, "event", trigger.event);
  put(object, "body", trigger.body);
  if (!trigger.old_columns.empty()) object["old_columns"] = strings_json(trigger.old_columns);
  if (!trigger.new_columns.empty()) object["new_columns"] = strings_json(trigger.new_columns);
  if (!trigger.set_columns.empty()) object["set_columns"] = strings_json(trigger.set_columns);
  put(object, "definer", trigger.definer);
  put(object, "sql_mode", trigger.sql_mode);
  put(object, "character_set_client", trigger.character_set_client);
  put(object, "collation_connection", trigger.collation_connection);
  put(object, "database_collation", trigger.database_collation);
  put(object, "created", trigger.created);
  return object;
}

json::object function_json(const FunctionSpec& function) {
  json::object object;
  if (!function.tables.empty()) object["tables"] = strings_json(function.tables);
  if (!function.calls.empty()) object["calls"] = strings_json(function.calls);
  put(object, "aggregate", function.aggregate);
  put(object, "in_gate", function.in_gate);
  if (!function.only_read.empty()) object["only_read"] = strings_json(function.only_read);
  return object;
}

json::object column_json(const ColumnSpec& column) {
  json::object object;
  put(object, "name", column.name);
  put(object, "type", column.type);
  put(object, "invisible", column.invisible);
  put(object, "default", column.default_value);
  put(object, "collation_name", column.collation);
  put(object, "size", column.size);
  put(object, "scale", column.scale);
  if (column.nullable) object["nullable"] = *column.nullable;
  if (!column.values.empty()) object["values"] = strings_json(column.values);
  return object;
}

json::object table_json(const TableSpec& table) {
  json::object object;
  if (table.type == TableType::reference) object["type"] = "reference";
  if (table.type == TableType::sequence) object["type"] = "sequence";
  put(object, "source", table.source);
  put(object, "pinned", table.pinned);
  for (const ColumnVindexSpec& spec : table.column_vindexes) {
    json::object entry;
    if (spec.columns.size() == 1) {
      entry["column"] = spec.columns[0];
    } else {
      entry["columns"] = strings_json(spec.columns);
    }
    entry["name"] = spec.vindex;
    if (!object.contains("column_vindexes")) object["column_vindexes"].emplace_array();
    object["column_vindexes"].get_array().push_back(std::move(entry));
  }
  if (table.auto_increment) {
    json::object& spec = object["auto_increment"].emplace_object();
    put(spec, "column", table.auto_increment->column);
    put(spec, "sequence", table.auto_increment->sequence);
  }
  if (!table.columns.empty()) {
    json::array& columns = object["columns"].emplace_array();
    for (const ColumnSpec& column : table.columns) columns.push_back(column_json(column));
  }
  put(object, "column_list_authoritative", table.column_list_authoritative);
  if (!table.foreign_keys.empty()) {
    json::array& keys = object["foreign_keys"].emplace_array();
    for (const ForeignKeySpec& key : table.foreign_keys) keys.push_back(foreign_key_json(key));
  }
  if (!table.triggers.empty()) {
    json::array& triggers = object["triggers"].emplace_array();
    for (const TriggerSpec& trigger : table.triggers) triggers.push_back(trigger_json(trigger));
  }
  return object;
}

// True for a value that reads well on one line.
bool is_small(const json::value& value) {
  if (value.is_array()) {
    return std::all_of(value.get_array().begin(), value.get_array().end(),
                       [](const json::value& each) { return !each.is_structured(); });
  }
  if (value.is_object()) {
    return std::all_of(value.get_object().begin(), value.get_object().end(), [](const auto& member) {
      return !member.value().is_object() && is_small(member.value());
    });
  }
  return true;
}

void write_one_line(const json::value& value, std::string& out) {
  if (!value.is_structured()) {
    out += json::serialize(value);
    return;
  }
  const char* separator = "";
  if (value.is_array()) {
    out += '[';
    for (const json::value& each : value.get_array()) {
      out += std::exchange(separator, ", ");
      write_one_line(each, out);
    }
    out += ']';
    return;
  }
  out += '{';
  for (const auto& member : value.get_object()) {
    out += std::exchange(separator, ", ");
    out += json::serialize(json::value(member.key())) + ": ";
    write_one_line(member.value(), out);
  }
  out += '}';
}

void write_indented(const json::value& value, std::size_t depth, std::string& out) {
  if (is_small(value) && depth > 0) {
    write_one_line(value, out);
    return;
  }
  const std::string indent(depth * 2 + 2, ' ');
  const char* separator = "\n";
  out += value.is_array() ? '[' : '{';
  if (value.is_array()) {
    for (const json::value& each : value.get_array()) {
      (out += std::exchange(separator, ",\n")) += indent;
      write_indented(each, depth + 1, out);
    }
  } else {
    for (const auto& member : value.get_object()) {
      (out += std::exchange(separator, ",\n")) += indent + json::serialize(json::value(member.key())) + ": ";
      write_indented(member.value(), depth + 1, out);
    }
  }
  out += '\n' + std::string(depth * 2, ' ') + (value.is_array() ? ']' : '}');
}

}  // namespace

std::string to_json(const VSchema& vschema, bool indented) {
  json::object object;
  object["sharded"] = vschema.sharded;
  put(object, "require_explicit_routing", vschema.require_explicit_routing);
  put(object, "foreign_key_mode", vschema.foreign_key_mode);
  put(object, "scatter", vschema.scatter);
  put(object, "gather", vschema.gather);
  if (vschema.limits.connections_max != 0) object["connections_max"] = vschema.limits.connections_max;
  if (vschema.limits.statements_max != 0) object["statements_max"] = vschema.limits.statements_max;
  if (vschema.limits.rate_max != 0) object["rate_max"] = vschema.limits.rate_max;
  if (!vschema.vindexes.empty()) {
    json::object& vindexes = object["vindexes"].emplace_object();
    for (const auto& [name, vindex] : vschema.vindexes) vindexes[name] = vindex_json(vindex);
  }
  if (!vschema.tables.empty()) {
    json::object& tables = object["tables"].emplace_object();
    for (const auto& [name, table] : vschema.tables) tables[name] = table_json(table);
  }
  if (!vschema.functions.empty()) {
    json::object& functions = object["functions"].emplace_object();
    for (const auto& [name, function] : vschema.functions) functions[name] = function_json(function);
  }
  if (!indented) return json::serialize(object);
  std::string out;
  write_indented(object, 0, out);
  return out + '\n';
}

}  // namespace kintsugi::vschema
