#include "plan/vschema_edit.h"

namespace kintsugi::plan {

namespace {

std::string show_foreign_keys(const VSchemaEdit& edit) {
  std::string out;
  for (const vschema::ForeignKeySpec& key : edit.foreign_keys)
    out += ", foreign key " + key.name + " to " + key.table + " kept by " +
           (key.on_servers ? "servers" : "gates");
  return out;
}

std::string show_function(const vschema::FunctionSpec& function) {
  std::string out;
  for (const std::string& table : function.tables) out += " read " + table;
  for (const std::string& call : function.calls) out += " call " + call;
  if (function.aggregate) out += " aggregate";
  if (function.in_gate) out += " in the gate";
  for (const std::string& table : function.only_read) out += " writes not " + table;
  return out.empty() ? " needs nothing" : out;
}

}  // namespace

std::string show(const VSchemaEdit& edit) {
  switch (edit.kind) {
    case VSchemaEdit::Kind::kDropTable:
      return "drop " + edit.table;
    case VSchemaEdit::Kind::kRenameTable:
      return "rename " + edit.table + " to " + edit.new_name;
    case VSchemaEdit::Kind::kAddForeignKey:
      return "table " + edit.table + show_foreign_keys(edit);
    case VSchemaEdit::Kind::kDropForeignKey:
      return "drop foreign key " + edit.new_name + " of " + edit.table;
    case VSchemaEdit::Kind::kSetSource:
      return "source of " + edit.table + " is " + edit.source;
    case VSchemaEdit::Kind::kAddGlobalKey:
      return "key " + edit.global_keys.front().name + " of " + edit.table + " is kept on all shards";
    case VSchemaEdit::Kind::kUseGlobalKey:
      return "key " + edit.new_name + " of " + edit.table + " is unique on all shards";
    case VSchemaEdit::Kind::kDropGlobalKey:
      return "key " + edit.new_name + " of " + edit.table + " is each shard's own";
    case VSchemaEdit::Kind::kWidenFunction:
      return "function " + edit.table + " may also" + show_function(edit.function);
    case VSchemaEdit::Kind::kSetFunction:
      return "function " + edit.table + show_function(edit.function);
    case VSchemaEdit::Kind::kAddTrigger:
      return "trigger " + edit.trigger.name + " " + edit.trigger.time + " " + edit.trigger.event + " of " +
             edit.table + ": " + edit.trigger.body;
    case VSchemaEdit::Kind::kDropTrigger:
      return "drop trigger " + edit.new_name + " of " + edit.table;
    case VSchemaEdit::Kind::kSetIds:
      return edit.auto_increment_column.empty()
                 ? "no ids of " + edit.table
                 : "ids of " + edit.table + "." + edit.auto_increment_column + " from a sequence";
    case VSchemaEdit::Kind::kRenameColumn:
      return "column " + edit.columns.front() + " of " + edit.table + " is " + edit.new_name;
    case VSchemaEdit::Kind::kAddTable:
      break;
  }
  std::string out = "add " + edit.table;
  if (edit.keep_existing) out += " unless it is there";
  if (edit.reference) out += " as reference";
  if (!edit.source.empty()) out += " of " + edit.source;
  if (!edit.columns.empty()) {
    out += " sharded by " + edit.vindex + "(";
    for (std::size_t i = 0; i < edit.columns.size(); ++i) out += (i > 0 ? ", " : "") + edit.columns[i];
    out += ")";
  }
  for (const vschema::GlobalKey& key : edit.global_keys) out += ", key " + key.name + " unique on all shards";
  out += show_foreign_keys(edit);
  if (!edit.auto_increment_column.empty())
    out += ", ids of " + edit.auto_increment_column + " from a sequence";
  return out;
}

}  // namespace kintsugi::plan
