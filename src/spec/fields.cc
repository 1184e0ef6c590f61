#include "spec/fields.h"

#include <algorithm>

#include <fmt/format.h>

namespace kintsugi::spec {

namespace {

using enum FieldType;

void add_mysqld(std::vector<Field>& all, const std::string& at, bool is_default) {
  const std::string of = is_default ? "" : " Not given: that of `spec.mysqld`.";
  all.push_back({at, object,
                 is_default
                     ? "How the MySQL servers are run, for keyspaces that do not say otherwise."
                     : "What is different for this keyspace's servers. Settings are merged with those of "
                       "`spec.mysqld`, name by name."});
  all.push_back({at + ".flavour",
                 choice,
                 "Which server it is." + of,
                 false,
                 is_default ? "mariadb" : "",
                 0,
                 0,
                 {"mariadb", "mysql"}});
  all.push_back({at + ".binary", text,
                 "The server's program; a relative path starts at the spec's own folder. Empty: `mariadbd` "
                 "or `mysqld`, "
                 "found in PATH and /usr/sbin." +
                     of});
  all.push_back({at + ".bufferPoolSize", bytes, "Memory for InnoDB's pages, for each server." + of, false,
                 is_default ? "32M" : "", 5 << 20});
  all.push_back(
      {at + ".settings", text_map,
       "Lines of the servers' my.cnf, `name: value`. They come after Kintsugi's own, so they win, but for "
       "the ones that replication and fencing stand on, which are refused."});
}

void add_document(std::vector<Field>& all, const std::string& at, const std::string& help,
                  const std::string& inline_help) {
  all.push_back({at, object, help});
  all.push_back({at + ".file", text, "A JSON file; a relative path starts at the spec's own folder."});
  all.push_back({at + ".inline", document, inline_help});
}

void add_processes(std::vector<Field>& all) {
  all.push_back({"spec.etcd", object, "The etcd that holds the topology."});
  all.push_back(
      {"spec.etcd.endpoints", texts,
       "URLs of an etcd that is there already, `http://10.0.0.1:2379`. Not given: one is started."});
  all.push_back({"spec.etcd.binary", text,
                 "The program, found in PATH; a relative path starts at the spec's own folder.", false,
                 "etcd"});
  all.push_back({"spec.etcd.clientPort", integer, "0: a free port, which is kept.", false, "0", 0, 65535});
  all.push_back({"spec.etcd.peerPort", integer, "0: a free port, which is kept.", false, "0", 0, 65535});
  all.push_back({"spec.control", object, "The control processes: API, web page, election of primaries."});
  all.push_back({"spec.control.replicas", integer, "How many run; one of them leads.", false, "1", 1, 9});
  all.push_back({"spec.control.httpPort", integer,
                 "Port of the first; the next ones follow it. 0: free ports, which are kept.", false, "15000",
                 0, 65535});
  all.push_back({"spec.control.options", text_map,
                 "Options of the role, as docs/configuration.md lists them, but for those that the spec has "
                 "fields for."});
  all.push_back({"spec.gates", objects, "What applications connect to.", true, "", 1, 64});
  all.push_back({"spec.gates[].cell", text, "Where it runs. Not given: the first cell."});
  all.push_back({"spec.gates[].replicas", integer, "How many gates like this one run.", false, "1", 1, 64});
  all.push_back(
      {"spec.gates[].mysqlPort", integer,
       "Port for MySQL clients of the first; the next ones follow it. 0: free ports, which are kept.", false,
       "15306", 0, 65535});
  all.push_back({"spec.gates[].httpPort", integer, "Port for status and metrics, in the same way.", false,
                 "15001", 0, 65535});
  all.push_back({"spec.gates[].options", text_map,
                 "Options of the role, as docs/configuration.md lists them, but for those that the spec has "
                 "fields for. "
                 "Files are named by their whole path."});
}

void add_keyspaces(std::vector<Field>& all) {
  all.push_back({"spec.keyspaces", objects, "The logical databases.", false, "", 0, 1000});
  all.push_back(
      {"spec.keyspaces[].name", text, "Name of the keyspace, and of the database on its servers.", true});
  all.push_back({"spec.keyspaces[].shards", integer,
                 "How many shards of equal size. Not given, and no `partitions` either: 1.", false, "", 1,
                 1024});
  all.push_back({"spec.keyspaces[].partitions", texts,
                 "The shards by their ranges of keyspace ids, instead of `shards`: `[\"-80\", \"80-\"]`.",
                 false, "", 1, 1024});
  all.push_back(
      {"spec.keyspaces[].durability",
       choice,
       "What a commit waits for: nobody (`none`), a replica that has it (`semi_sync`), a replica in another "
       "cell (`cross_cell`). `auto`: `semi_sync` with two or more tablets that may become primary, else "
       "`none`.",
       false,
       "auto",
       0,
       0,
       {"auto", "none", "semi_sync", "cross_cell"}});
  all.push_back({"spec.keyspaces[].tablets", objects,
                 "The tablets of each shard. Not given: two of type replica in the first cell.", false, "", 1,
                 64});
  all.push_back({"spec.keyspaces[].tablets[].cell", text, "Not given: the first cell."});
  all.push_back({"spec.keyspaces[].tablets[].type",
                 choice,
                 "`replica`: may become primary, and one of them is. `rdonly`: never does; for long reads.",
                 false,
                 "replica",
                 0,
                 0,
                 {"replica", "rdonly"}});
  all.push_back(
      {"spec.keyspaces[].tablets[].count", integer, "How many, for each shard.", false, "1", 1, 64});
  all.push_back({"spec.keyspaces[].tablets[].uids", integers,
                 "Their numbers, shard by shard, if they matter: tablet `101` of cell `zone1` is "
                 "`zone1-101`. Not given: "
                 "the next free ones from 101 on, which are kept.",
                 false, "", 0, 65536});
  add_document(all, "spec.keyspaces[].vschema",
               "How its tables are sharded, at the start; `SHARD BY` in DDL and "
               "`kintsugi vschema apply` change it later. Applying a spec changes it only when this part of "
               "the spec has changed.",
               "The vschema itself, in the JSON that Vitess uses (docs/vschema.md).");
  add_mysqld(all, "spec.keyspaces[].mysqld", false);
}

std::vector<Field> make_fields() {
  std::vector<Field> all{
      {"apiVersion", choice, "Version of the document's form.", true, "", 0, 0, {"kintsugi/v1"}},
      {"kind", choice, "What it describes.", true, "", 0, 0, {"Cluster"}},
      {"metadata", object, "", true},
      {"metadata.name", text,
       "Name of the cluster: lower-case letters, digits and `-`, at most 40. The topology lives below "
       "`/kintsugi/<name>`.",
       true},
      {"metadata.namespace", text, "For Kubernetes; means nothing on one machine."},
      {"metadata.labels", text_map, "For Kubernetes; means nothing on one machine."},
      {"metadata.annotations", text_map, "For Kubernetes; means nothing on one machine."},
      {"spec", object, "", true},
      {"spec.listenHost", text,
       "Address that gates and control listen on. `0.0.0.0` opens them to the network; tablets and etcd stay "
       "on the "
       "loopback address.",
       false, "127.0.0.1"},
      {"spec.cells", objects, "Failure domains: racks, zones, machines.", true, "", 1, 64},
      {"spec.cells[].name", text, "Letters, digits, `_` and `-`.", true},
      {"spec.cells[].description", text, ""},
  };
  add_processes(all);
  add_document(all, "spec.users",
               "Who may connect to the gates (docs/users.md). Not given: a user `kintsugi` with a password "
               "that is made once and kept "
               "in the state folder.",
               "The users themselves, in the same form as the file.");
  add_mysqld(all, "spec.mysqld", true);
  add_keyspaces(all);
  all.push_back({"spec.logging", object, "What the processes log."});
  all.push_back(
      {"spec.logging.level", choice, "", false, "info", 0, 0, {"debug", "info", "warning", "error"}});
  all.push_back({"spec.logging.format", choice, "", false, "text", 0, 0, {"text", "json"}});
  all.push_back({"spec.logging.levels", text_map, "Levels of single components, `gate: debug`."});
  return all;
}

std::string described_type(const Field& field) {
  std::string out(name(field.type));
  if (field.type == choice) {
    out.clear();
    for (const std::string& each : field.choices) out += (out.empty() ? "`" : " \\| `") + each + "`";
  }
  if (field.type == integer && field.max > 0) out += fmt::format(", {} to {}", field.min, field.max);
  if (field.type == bytes && field.min > 0) out += fmt::format(", at least {}M", field.min >> 20);
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string type_schema(const Field& field);

/// The object schema of everything directly inside `path`.
std::string object_schema(const std::string& path, const std::string& indent) {
  std::string properties;
  std::string required;
  for (const Field* each : children(path)) {
    const std::string separator = properties.empty() ? "" : ",";
    properties += fmt::format("{}\n{}    {}: {{", separator, indent, quoted(leaf(*each)));
    if (!each->help.empty()) properties += fmt::format("\"description\": {}, ", quoted(each->help));
    if (each->type == object) {
      properties += object_schema(each->path, indent + "    ");
    } else if (each->type == objects) {
      properties += fmt::format("\"type\": \"array\", \"minItems\": {}, \"items\": {{{}}}", each->min,
                                object_schema(each->path + "[]", indent + "    "));
    } else {
      properties += type_schema(*each);
    }
    properties += "}";
    if (each->required) required += (required.empty() ? "" : ", ") + quoted(leaf(*each));
  }
  return fmt::format(
      "\"type\": \"object\", \"additionalProperties\": false, \"required\": [{}],\n{}  \"properties\": "
      "{{{}\n{}  }}",
      required, indent, properties, indent);
}

std::string type_schema(const Field& field) {
  std::string bounds;
  if (field.type == integer) bounds = fmt::format(", \"minimum\": {}, \"maximum\": {}", field.min, field.max);
  if (field.type == integer && !field.default_text.empty()) bounds += ", \"default\": " + field.default_text;
  if (field.type == text && !field.default_text.empty())
    bounds = ", \"default\": " + quoted(field.default_text);
  switch (field.type) {
    case integer:
      return "\"type\": \"integer\"" + bounds;
    case bytes:
      return R"("type": ["integer", "string"], "pattern": "^[0-9]+([KMGT]i?)?$")";
    case texts:
      return R"("type": "array", "items": {"type": "string"})";
    case integers:
      return R"("type": "array", "items": {"type": "integer"})";
    case text_map:
      return R"("type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]})";
    case document:
      return R"("type": "object", "x-kubernetes-preserve-unknown-fields": true)";
    case choice: {
      std::string words;
      for (const std::string& each : field.choices) words += (words.empty() ? "" : ", ") + quoted(each);
      return "\"type\": \"string\", \"enum\": [" + words + "]" +
             (field.default_text.empty() ? "" : ", \"default\": " + quoted(field.default_text));
    }
    case text:
    case object:
    case objects:
      break;
  }
  return "\"type\": \"string\"" + bounds;
}

}  // namespace

std::string_view name(FieldType type) {
  constexpr std::string_view kNames[] = {"object",  "list of objects",  "text",  "list of texts",
                                         "integer", "list of integers", "bytes", "choice",
                                         "map",     "document"};
  return kNames[static_cast<std::size_t>(type)];
}

const std::vector<Field>& fields() {
  static const std::vector<Field> all = make_fields();
  return all;
}

const Field* find_field(std::string_view path) {
  const auto found = std::ranges::find(fields(), path, &Field::path);
  return found == fields().end() ? nullptr : &*found;
}

std::string_view leaf(const Field& field) {
  const std::size_t dot = field.path.rfind('.');
  return std::string_view(field.path).substr(dot == std::string::npos ? 0 : dot + 1);
}

std::vector<const Field*> children(std::string_view path) {
  std::vector<const Field*> inside;
  for (const Field& each : fields()) {
    const std::size_t dot = each.path.rfind('.');
    const std::string_view parent =
        dot == std::string::npos ? std::string_view() : std::string_view(each.path).substr(0, dot);
    if (parent == path) inside.push_back(&each);
  }
  return inside;
}

std::string reference_markdown() {
  std::string out = "| field | type | default | what it is |\n|---|---|---|---|\n";
  for (const Field& each : fields()) {
    const std::string default_text = each.required               ? "required"
                                     : each.default_text.empty() ? ""
                                                                 : "`" + each.default_text + "`";
    out += fmt::format("| `{}` | {} | {} | {} |\n", each.path, described_type(each), default_text, each.help);
  }
  return out;
}

std::string json_schema() {
  return fmt::format("{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  {}\n}}\n",
                     object_schema("", ""));
}

}  // namespace kintsugi::spec
