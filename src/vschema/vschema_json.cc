#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "vschema/errors.h"
#include "vschema/vschema.h"

namespace kintsugi::vschema {
namespace {

namespace json = boost::json;

std::string_view text(json::string_view view) { return {view.data(), view.size()}; }

/// One value of the document and where it is. The first thing that is wrong anywhere ends the reading.
class Field {
 public:
  Field(const json::value& value, std::string path, std::optional<Error>& error)
      : value_(value), path_(std::move(path)), error_(error) {}

  std::string string() const {
    if (value_.is_string()) return std::string(text(value_.get_string()));
    return fail<std::string>("text is expected");
  }
  bool boolean() const {
    return value_.is_bool() ? value_.get_bool() : fail<bool>("true or false is expected");
  }
  int integer() const {
    boost::system::error_code failed;
    const int number = value_.to_number<int>(failed);
    return failed ? fail<int>("a number is expected") : number;
  }

  template <class Read>
  auto list(Read read) const {
    std::vector<decltype(read(*this))> result;
    if (!value_.is_array()) {
      fail<bool>("a list, as [\"a\", \"b\"], is expected");
      return result;
    }
    for (std::size_t i = 0; i < value_.get_array().size(); ++i) {
      result.push_back(read(Field(value_.get_array()[i], fmt::format("{}[{}]", path_, i), error_)));
    }
    return result;
  }
  std::vector<std::string> strings() const {
    return list([](const Field& each) { return each.string(); });
  }
  template <class Read>
  auto map(Read read) const {
    std::map<std::string, decltype(read(*this))> result;
    members([&](std::string_view name, const Field& member) {
      result.emplace(std::string(name), read(member));
      return true;
    });
    return result;
  }

  /// Calls `read(name, field)` for each member but those that are null, which stand for nothing; `read` is
  /// false for a name it does not know.
  template <class Read>
  void members(Read read) const {
    if (!value_.is_object()) {
      fail<bool>("an object, as {\"name\": …}, is expected");
      return;
    }
    for (const auto& member : value_.get_object()) {
      if (error_) return;
      if (member.value().is_null()) continue;
      const std::string_view name = text(member.key());
      const Field field(member.value(), path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name),
                        error_);
      if (!read(name, field)) field.fail<bool>("unknown field");
    }
  }

  template <class T>
  T fail(std::string_view why) const {
    if (!error_)
      error_ = Error(kBadVSchema, fmt::format("{}: {}", path_.empty() ? "the vschema" : path_, why));
    return T{};
  }

 private:
  const json::value& value_;
  std::string path_;
  std::optional<Error>& error_;
};

VindexSpec read_vindex(const Field& field) {
  VindexSpec vindex;
  field.members([&](std::string_view name, const Field& member) {
    if (name == "type") {
      vindex.type = member.string();
    } else if (name == "params") {
      vindex.params = member.map([](const Field& each) { return each.string(); });
    } else if (name == "owner") {
      vindex.owner = member.string();
    } else {
      return false;
    }
    return true;
  });
  if (vindex.type.empty()) field.fail<bool>("a vindex needs a type");
  return vindex;
}

ColumnVindexSpec read_column_vindex(const Field& field) {
  ColumnVindexSpec spec;
  std::string column;
  field.members([&](std::string_view name, const Field& member) {
    if (name == "column") {
      column = member.string();
    } else if (name == "columns") {
      spec.columns = member.strings();
    } else if (name == "name") {
      spec.vindex = member.string();
    } else {
      return false;
    }
    return true;
  });
  if (column.empty() == spec.columns.empty()) field.fail<bool>("give either column or columns");
  if (spec.vindex.empty()) field.fail<bool>("name, that of a vindex, is missing");
  if (!column.empty()) spec.columns = {std::move(column)};
  return spec;
}

AutoIncrementSpec read_auto_increment(const Field& field) {
  AutoIncrementSpec spec;
  field.members([&](std::string_view name, const Field& member) {
    if (name == "column") {
      spec.column = member.string();
    } else if (name == "sequence") {
      spec.sequence = member.string();
    } else {
      return false;
    }
    return true;
  });
  if (spec.column.empty()) field.fail<bool>("column is missing");
  return spec;
}

ColumnSpec read_column(const Field& field) {
  ColumnSpec column;
  field.members([&](std::string_view name, const Field& member) {
    if (name == "name") {
      column.name = member.string();
    } else if (name == "type") {
      column.type = member.string();
    } else if (name == "invisible") {
      column.invisible = member.boolean();
    } else if (name == "default") {
      column.default_value = member.string();
    } else if (name == "collation_name") {
      column.collation = member.string();
    } else if (name == "size") {
      column.size = member.integer();
    } else if (name == "scale") {
      column.scale = member.integer();
    } else if (name == "nullable") {
      column.nullable = member.boolean();
    } else if (name == "values") {
      column.values = member.strings();
    } else {
      return false;
    }
    return true;
  });
  if (column.name.empty()) field.fail<bool>("name is missing");
  return column;
}

ForeignKeySpec read_foreign_key(const Field& field) {
  ForeignKeySpec key;
  field.members([&](std::string_view name, const Field& member) {
    if (name == "name") {
      key.name = member.string();
    } else if (name == "columns") {
      key.columns = member.strings();
    } else if (name == "table") {
      key.table = member.string();
    } else if (name == "parent_columns") {
      key.parent_columns = member.strings();
    } else if (name == "on_delete") {
      key.on_delete = member.string();
    } else if (name == "on_update") {
      key.on_update = member.string();
    } else if (name == "on_servers") {
      key.on_servers = member.boolean();
    } else {
      return false;
    }
    return true;
  });
  if (key.name.empty() || key.table.empty()) field.fail<bool>("name or table is missing");
  if (key.columns.empty() || key.columns.size() != key.parent_columns.size())
    field.fail<bool>("columns and parent_columns must be as many, and at least one");
  return key;
}

TriggerSpec read_trigger(const Field& field) {
  TriggerSpec trigger;
  const std::pair<std::string_view, std::string*> texts[] = {
      {"name", &trigger.name},
      {"time", &trigger.time},
      {"event", &trigger.event},
      {"body", &trigger.body},
      {"definer", &trigger.definer},
      {"sql_mode", &trigger.sql_mode},
      {"character_set_client", &trigger.character_set_client},
      {"collation_connection", &trigger.collation_connection},
      {"database_collation", &trigger.database_collation},
      {"created", &trigger.created},
  };
  field.members([&](std::string_view name, const Field& member) {
    const auto* text = std::ranges::find(texts, name, &std::pair<std::string_view, std::string*>::first);
    if (name == "old_columns") {
      trigger.old_columns = member.strings();
    } else if (name == "new_columns") {
      trigger.new_columns = member.strings();
    } else if (name == "set_columns") {
      trigger.set_columns = member.strings();
    } else if (text != std::end(texts)) {
      *text->second = member.string();
    } else {
      return false;
    }
    return true;
  });
  if (trigger.name.empty() || trigger.body.empty()) field.fail<bool>("name or body is missing");
  if (trigger.event != "insert" && trigger.event != "update" && trigger.event != "delete")
    field.fail<bool>(
        fmt::format("'{}' is no event of a trigger: write insert, update or delete", trigger.event));
  if (trigger.time.empty()) trigger.time = "after";
  if (trigger.time != "before" && trigger.time != "after")
    field.fail<bool>(fmt::format("'{}' is no time of a trigger: write before or after", trigger.time));
  return trigger;
}

TableType read_table_type(const Field& field) {
  const std::string type = field.string();
  if (type.empty()) return TableType::ordinary;
  if (type == "reference") return TableType::reference;
  if (type == "sequence") return TableType::sequence;
  return field.fail<TableType>(
      fmt::format("'{}' is no type of table: write reference, sequence or nothing", type));
}

TableSpec read_table(const Field& field) {
  TableSpec table;
  field.members([&](std::string_view name, const Field& member) {
    if (name == "type") {
      table.type = read_table_type(member);
    } else if (name == "column_vindexes") {
      table.column_vindexes = member.list(read_column_vindex);
    } else if (name == "auto_increment") {
      table.auto_increment = read_auto_increment(member);
    } else if (name == "columns") {
      table.columns = member.list(read_column);
    } else if (name == "column_list_authoritative") {
      table.column_list_authoritative = member.boolean();
    } else if (name == "pinned") {
      table.pinned = member.string();
    } else if (name == "source") {
      table.source = member.string();
    } else if (name == "foreign_keys") {
      table.foreign_keys = member.list(read_foreign_key);
    } else if (name == "triggers") {
      table.triggers = member.list(read_trigger);
    } else {
      return false;
    }
    return true;
  });
  return table;
}

FunctionSpec read_function(const Field& field) {
  FunctionSpec function;
  field.members([&](std::string_view name, const Field& member) {
    if (name == "tables") {
      function.tables = member.strings();
    } else if (name == "calls") {
      function.calls = member.strings();
    } else if (name == "aggregate") {
      function.aggregate = member.boolean();
    } else if (name == "in_gate") {
      function.in_gate = member.boolean();
    } else if (name == "only_read") {
      function.only_read = member.strings();
    } else {
      return false;
    }
    return true;
  });
  return function;
}

std::string read_foreign_key_mode(const Field& field) {
  const std::string mode = field.string();
  constexpr std::string_view kModes[] = {"", "unspecified", "disallow", "unmanaged", "managed"};
  if (std::find(std::begin(kModes), std::end(kModes), mode) != std::end(kModes)) return mode;
  return field.fail<std::string>(
      fmt::format("'{}' is none of unspecified, disallow, unmanaged and managed", mode));
}

Permission read_permission(const Field& field) {
  const Result<Permission> permission = parse_permission(field.string());
  return permission ? *permission : field.fail<Permission>(permission.error().message());
}

/// A field of LoadLimits, if it is one.
bool read_limit(std::string_view name, const Field& field, LoadLimits& limits) {
  std::uint32_t* into = name == "connections_max"  ? &limits.connections_max
                        : name == "statements_max" ? &limits.statements_max
                        : name == "rate_max"       ? &limits.rate_max
                                                   : nullptr;
  if (into == nullptr) return false;
  const int number = field.integer();
  *into = number >= 0
              ? static_cast<std::uint32_t>(number)
              : field.fail<std::uint32_t>(fmt::format("{} is less than 0, which is no limit", number));
  return true;
}

VSchema read_vschema(const Field& field) {
  VSchema vschema;
  field.members([&](std::string_view name, const Field& member) {
    if (name == "sharded") {
      vschema.sharded = member.boolean();
    } else if (name == "vindexes") {
      vschema.vindexes = member.map(read_vindex);
    } else if (name == "tables") {
      vschema.tables = member.map(read_table);
    } else if (name == "require_explicit_routing") {
      vschema.require_explicit_routing = member.boolean();
    } else if (name == "foreign_key_mode") {
      vschema.foreign_key_mode = read_foreign_key_mode(member);
    } else if (name == "scatter") {
      vschema.scatter = read_permission(member);
    } else if (name == "gather") {
      vschema.gather = read_permission(member);
    } else if (name == "functions") {
      vschema.functions = member.map(read_function);
    } else {
      return read_limit(name, member, vschema.limits);
    }
    return true;
  });
  return vschema;
}

Result<json::value> parse_json(std::string_view source) {
  json::stream_parser parser;
  boost::system::error_code error;
  std::size_t read = parser.write_some(source.data(), source.size(), error);
  const bool more = !error && source.find_first_not_of(" \t\r\n", read) != std::string_view::npos;
  if (!error && !more) parser.finish(error);
  if (!error && !more) return parser.release();
  read = std::min(read, source.size());
  const std::string_view before = source.substr(0, read);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = newline == std::string_view::npos ? read + 1 : read - newline;
  return failure(kBadVSchema,
                 fmt::format("line {}, column {}: {}", line, column,
                             more ? "there is something after the JSON document" : error.message()));
}

constexpr std::string_view kPermissions[] = {"allow", "ask", "forbid"};

}  // namespace

std::string_view name(Permission permission) { return kPermissions[static_cast<std::size_t>(permission)]; }

Result<Permission> parse_permission(std::string_view word) {
  const auto* const found = std::find(std::begin(kPermissions), std::end(kPermissions), word);
  if (found != std::end(kPermissions)) return static_cast<Permission>(found - std::begin(kPermissions));
  return failure(kInvalidArgument, fmt::format("'{}' is none of allow, ask and forbid", word));
}

Result<VSchema> parse_vschema(std::string_view source) {
  Result<json::value> document = parse_json(source);
  if (!document) return failure(document.error());
  std::optional<Error> error;
  VSchema vschema = read_vschema(Field(*document, "", error));
  if (error) return failure(*error);
  return vschema;
}

}  // namespace kintsugi::vschema
