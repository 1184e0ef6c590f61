#include "plan/plan.h"

#include "plan/called_rows.h"
#include "plan/load.h"
#include "plan/lookup.h"
#include "plan/merge.h"
#include "sql/printer.h"
#include "vschema/snapshot.h"

namespace kintsugi::plan {

namespace {

std::string show(const Operand& operand) {
  std::string text = operand.negated ? "-" : "";
  switch (operand.from) {
    case Operand::From::kLiteral:
      return text + ":" + std::to_string(operand.index);
    case Operand::From::kParameter:
      return text + "?" + std::to_string(operand.index);
    case Operand::From::kRead:
      return text + "{read " + std::to_string(operand.index) + "}";
    case Operand::From::kSet:
      return text + "{set " + std::to_string(operand.index) + "}";
    case Operand::From::kConstant:
      append_sql(text, operand.constant, false);
      return text;
  }
  return text;
}

std::string_view name_of(SessionValue value) {
  switch (value) {
    case SessionValue::kLastInsertId:
      return "last_insert_id";
    case SessionValue::kRowCount:
      return "row_count";
    case SessionValue::kFoundRows:
      return "found_rows";
    case SessionValue::kConnectionId:
      return "connection_id";
    case SessionValue::kDatabase:
      return "database";
    case SessionValue::kUser:
      return "user";
    case SessionValue::kCurrentUser:
      return "current_user";
    case SessionValue::kVariable:
      return "variable";
  }
  return "";
}

std::string show(const Text& text) {
  std::string out;
  for (const TextPiece& piece : text) {
    switch (piece.kind) {
      case TextPiece::Kind::kText:
        out += piece.text;
        break;
      case TextPiece::Kind::kOperand:
        out += show(piece.operand);
        break;
      case TextPiece::Kind::kSum:
        out += show(piece.operand) + "+" + show(piece.other);
        break;
      case TextPiece::Kind::kGenerated:
        out += "{id or " + show(piece.operand) + "}";
        break;
      case TextPiece::Kind::kSession:
        out += "{" + std::string(session_value_name(piece)) + "}";
        break;
    }
  }
  return out;
}

std::string show_tuple(const std::vector<Operand>& tuple, bool parentheses = false) {
  std::string out;
  for (const Operand& operand : tuple) out += (out.empty() ? "" : ", ") + show(operand);
  return tuple.size() == 1 && !parentheses ? out : "(" + out + ")";
}

std::string show(const Constraint& constraint) {
  if (constraint.kind == Constraint::Kind::kPinned) return "pinned to " + constraint.pinned.hex();
  if (constraint.kind == Constraint::Kind::kLookup) {
    return "what " + constraint.lookup->vindex + "(" + constraint.lookup->columns + ") finds";
  }
  std::string out(constraint.vindex->type().name);
  out += '(';
  for (std::size_t i = 0; i < constraint.columns.size(); ++i)
    out += (i > 0 ? ", " : "") + constraint.columns[i].name;
  out += ')';
  if (constraint.kind == Constraint::Kind::kRange) {
    return out + " from " + (constraint.tuples[0].empty() ? "any" : show_tuple(constraint.tuples[0])) +
           " to " + (constraint.tuples[1].empty() ? "any" : show_tuple(constraint.tuples[1]));
  }
  out += " in ";
  std::string values;
  for (const auto& tuple : constraint.tuples) values += (values.empty() ? "" : ", ") + show_tuple(tuple);
  return out + (constraint.tuples.size() == 1 ? values : "{" + values + "}");
}

std::string show(const Destination& destination) {
  std::string out;
  switch (destination.reach) {
    case Destination::Reach::kAnyServer:
      out = "any server";
      break;
    case Destination::Reach::kAnyShard:
      out = "any shard of " + destination.keyspace;
      break;
    case Destination::Reach::kAllShards:
      out = "all shards of " + destination.keyspace;
      break;
    case Destination::Reach::kShard:
      out = "shard " + destination.keyspace + "/" + destination.shard;
      break;
    case Destination::Reach::kByKey:
      out = "shards of " + destination.keyspace + " by key";
      break;
  }
  if (destination.type != topo::TabletType::primary) out += " @" + std::string(topo::name(destination.type));
  if (destination.one_will_do) out += ", the first of them";
  for (const Constraint& constraint : destination.constraints) {
    out += "\n  ";
    if (destination.groups > 1) out += "rows " + std::to_string(constraint.group + 1) + ": ";
    out += show(constraint);
  }
  if (destination.groups > 1) out += "\n  " + std::to_string(destination.groups) + " groups of rows";
  if (destination.several_refused) out += "\n  one shard only: " + destination.several_refused->message();
  return out;
}

std::string show_route(const Route& route) {
  std::string out = route.write ? "write to " : "route to ";
  out += show(route.destination);
  if (route.copies) out += "\n  copies of the same rows: the answer of one shard";
  return out + "\n  sql: " + (route.own_text ? "as it came" : show(route.text));
}

std::string show_read(const Plan& read, const RowCalls& calls) {
  std::string out = "  read by";
  std::string tree = read.text();
  if (tree.ends_with('\n')) tree.pop_back();
  out += "\n    ";
  for (char c : tree) {
    out += c;
    if (c == '\n') out += "    ";
  }
  for (const Text& call : calls.texts) out += "\n  calls, for each row: " + show(call);
  return out;
}

std::string show_kept(const std::vector<std::shared_ptr<const OwnedLookup>>& lookups,
                      const std::string& indent) {
  std::string out;
  for (const auto& lookup : lookups) {
    out += "\n" + indent + (lookup->verified_only ? "verifies " : "keeps ") + lookup->vindex + " in " +
           lookup->table;
    if (!lookup->values.empty()) out += ": " + show_tuple(lookup->values, true);
    if (lookup->fresh != lookup->values) out += " becomes " + show_tuple(lookup->fresh, true);
  }
  return out;
}

std::string show_triggers(const std::shared_ptr<const RowTriggers>& triggers, const std::string& indent) {
  std::string out;
  if (triggers == nullptr) return out;
  for (const vschema::TriggerSpec& each : triggers->triggers)
    out += "\n" + indent + "then trigger " + each.name;
  return out;
}

std::string show_before(const std::shared_ptr<const RowTriggers>& triggers,
                        const std::vector<Operand>& new_row, const std::string& indent) {
  std::string out;
  if (triggers == nullptr) return out;
  for (const vschema::TriggerSpec& each : triggers->triggers)
    out += "\n" + indent + "first trigger " + each.name;
  if (!new_row.empty()) out += " of " + show_tuple(new_row, true);
  return out;
}

std::string show_copies(const std::vector<Copy>& copies, const std::string& indent) {
  std::string out;
  for (const Copy& copy : copies)
    out += "\n" + indent + "and all shards of " + copy.keyspace + ": " + show(copy.text);
  return out;
}

std::string show_insert(const Insert& insert) {
  std::string out = "insert into " + insert.table + ", ";
  if (insert.vindex == nullptr) {
    out += show(insert.destination);
  } else {
    out +=
        "shards of " + insert.destination.keyspace + " by " + std::string(insert.vindex->type().name) + "(";
    for (std::size_t i = 0; i < insert.columns.size(); ++i)
      out += (i > 0 ? ", " : "") + insert.columns[i].name;
    out += ")";
  }
  if (insert.sequence) {
    out += "\n  ids of " + insert.id_column + " from " +
           (insert.sequence->table ? "sequence table " : "sequence ") + insert.sequence->keyspace + "." +
           insert.sequence->name;
  } else if (!insert.id_column.empty()) {
    out += "\n  ids of " + insert.id_column + " must be given";
  }
  if (insert.read != nullptr) out += "\n" + show_read(*insert.read, insert.calls);
  out += show_kept(insert.lookups, "  ");
  if (insert.conflicts != nullptr)
    out += "\n  row by row, after those that it meets: " + insert.conflicts->select;
  out += "\n  sql: " + show(insert.head) + "…" + show(insert.tail);
  out += show_copies(insert.copies, "    ");
  out += show_before(insert.before_triggers, insert.rows.front().before_row, "  ");
  out += show_triggers(insert.triggers, "  ");
  for (const Insert::Row& row : insert.rows) {
    if (!row.conflict.empty()) out += "\n    meets " + show(row.conflict);
    if (!row.update.empty()) out += "\n    which it may move: " + show(row.update);
    for (const std::vector<Operand>& values : row.lookups)
      out += "\n    entry of " + show_tuple(values, true);
    out += "\n    ";
    if (!row.key.empty()) out += "key " + show_tuple(row.key) + ": ";
    out += show(row.text);
    if (!row.new_row.empty()) out += "\n    NEW is of " + show(row.new_row);
  }
  return out;
}

std::string show_load(const Load& load) {
  std::string out = load.local ? "load of the client's file, fields" : "load of the gate's file, fields";
  for (const Load::Field& field : load.fields) out += (field.variable ? " @" : " ") + field.name;
  return out + "\n" + show_insert(*load.insert);
}

std::string show_target(const KeyedWrite::Target& target) {
  std::string out = "\n  " + target.table + ", ";
  if (target.vindex == nullptr) {
    out += show(target.destination);
  } else {
    out += "shards of " + target.destination.keyspace + " by " + std::string(target.vindex->type().name) +
           show_tuple(target.key, true);
  }
  out += show_kept(target.lookups, "    ");
  for (const ParentCheck& check : target.parents)
    out += "\n    parent by " + show_tuple(check.values, true) + ": " + check.key->constraint;
  for (const ChildChange& change : target.children)
    out += "\n    children by " + show_tuple(change.before, true) + ": " + change.key->constraint;
  out += "\n    sql: " + show(target.head) + show(target.row) + "…" + show(target.tail);
  if (target.one_by_one) out += ", row by row";
  out += show_copies(target.copies, "      ");
  out += show_before(target.before_triggers, target.before_new, "    ");
  out += show_triggers(target.triggers, "    ");
  if (!target.old_row.empty()) out += "\n      OLD is " + show_tuple(target.old_row, true);
  if (!target.new_row.empty()) out += "\n      NEW is of " + show(target.new_row);
  if (target.new_key.empty()) return out;
  return out + "\n    moves to " + show_tuple(target.new_key, true) + "\n      sql: " + show(target.insert) +
         "\n      sql: " + show(target.remove);
}

std::string show_keyed_write(const KeyedWrite& write) {
  std::string out = "write by key: " + write.reason + "\n" + show_read(*write.read, write.calls);
  for (const KeyedWrite::Target& target : write.targets) out += show_target(target);
  return out;
}

std::string show_copy(const GatheredTable& table) {
  const bool answers = !table.shape.empty();
  std::string out = "\n  " + table.name + " " +
                    (answers          ? "as the shards answer"
                     : table.appended ? "more rows"
                                      : table.definition);
  if (!table.same_as.empty()) return out + "\n    the rows of " + table.same_as;
  std::string destination = show(table.destination);
  for (std::size_t at = destination.find('\n'); at != std::string::npos; at = destination.find('\n', at + 1))
    destination.insert(at + 1, "    ");
  out += "\n    of " + (answers ? std::string() : table.table + ", ") + destination;
  for (const CopyLink& link : table.links) {
    out += "\n    if " + link.column + " is in " + link.from + "." + link.from_column;
    if (link.vindex != nullptr) out += ", on the shards of these";
  }
  out += "\n    sql: " + show(table.select) + table.locking;
  return table.afterwards.empty() ? out : out + "\n    then: " + table.afterwards;
}

std::string show_gather(const Gather& gather) {
  std::string out = "gather at " + gather.keyspace;
  if (!gather.shard.empty()) out += '/' + gather.shard + " on the session's connection";
  out += ": " + gather.reason;
  for (const GatheredTable& table : gather.tables) out += show_copy(table);
  return out + "\n  sql: " + show(gather.text);
}

std::string_view fold_name(MergeFold::How how) {
  static constexpr std::string_view kNames[] = {"count",    "sum",     "average", "least",
                                                "greatest", "bit and", "bit or",  "bit xor"};
  return kNames[static_cast<std::size_t>(how)];
}

std::string show_merge(const MergeStreams& merge) {
  std::string out = "merge of " + show(merge.destination) + "\n  why: " + merge.reason;
  for (const MergeKey& key : merge.keys) {
    out += "\n  by " + key.name + (key.descending ? " desc" : "");
    if (!key.padding.empty()) out += ", padded";
  }
  if (merge.distinct) out += "\n  distinct";
  if (merge.groups) out += "\n  groups";
  for (const MergeFold& fold : merge.folds)
    out += "\n  " + std::string(fold_name(fold.how)) + " of column " + std::to_string(fold.column + 1);
  for (const MergeFilter& filter : merge.having) {
    const std::string op =
        std::string(filter.less ? "<" : "") + (filter.greater ? ">" : "") + (filter.equal ? "=" : "");
    out += "\n  having fold " + std::to_string(filter.fold + 1) + " " + op + " " + filter.number;
  }
  if (merge.hidden > 0) out += "\n  hidden: " + std::to_string(merge.hidden);
  if (merge.offset) out += "\n  skips " + show(*merge.offset);
  if (merge.limit) out += "\n  at most " + show(*merge.limit);
  return out + "\n  sql: " + (merge.own_text ? std::string("as it came") : show(merge.text));
}

std::string show_session(const Session& session) {
  std::string out = "session: " + std::string(sql::kind_name(session.statement->kind));
  if (session.calls_functions) out += ", after the functions that it calls";
  if (session.rows == nullptr || session.rows->rest == nullptr) return out;
  out += "\n  for each row of: " + sql::print(*session.rows->rows);
  for (const CalledRows::Call& call : session.rows->calls) out += "\n  calls: " + sql::print(*call.value);
  return out + "\n  then: " + sql::print(*session.rows->rest);
}

}  // namespace

std::string_view session_value_name(const TextPiece& piece) {
  return piece.session == SessionValue::kVariable ? piece.text : name_of(piece.session);
}

std::string node_text(const Node& node) {
  switch (node.kind) {
    case NodeKind::kRoute:
      return show_route(static_cast<const Route&>(node));
    case NodeKind::kInsert:
      return show_insert(static_cast<const Insert&>(node));
    case NodeKind::kDdl: {
      const auto& ddl = static_cast<const Ddl&>(node);
      std::string out = "ddl on " + show(ddl.destination);
      out += "\n  sql: " + (ddl.own_text ? std::string("as it came") : show(ddl.text));
      for (const Ddl::Check& guard : ddl.guards) out += "\n  unless: " + guard.query;
      for (const VSchemaEdit& edit : ddl.edits_first) out += "\n  vschema first: " + show(edit);
      for (const Text& text : ddl.before) out += "\n  before: " + show(text);
      for (const Text& text : ddl.after) out += "\n  after: " + show(text);
      out += show_copies(ddl.copies, "  ");
      if (ddl.fill) out += "\n  then: " + ddl.fill->read + " into " + ddl.fill->replace;
      for (const VSchemaEdit& edit : ddl.edits) out += "\n  vschema: " + show(edit);
      for (const Ddl::KeyFill& fill : ddl.key_fills)
        out += "\n  then: " + fill.select + fill.order + " into " + fill.lookup->table;
      for (const VSchemaEdit& edit : ddl.filled) out += "\n  vschema: " + show(edit);
      for (const Text& text : ddl.last) out += "\n  last: " + show(text);
      return out;
    }
    case NodeKind::kSession:
      return show_session(static_cast<const Session&>(node));
    case NodeKind::kGather:
      return show_gather(static_cast<const Gather&>(node));
    case NodeKind::kExplanation:
      return static_cast<const Explanation&>(node).analyze ? "run and explain" : "explain";
    case NodeKind::kKeyedWrite:
      return show_keyed_write(static_cast<const KeyedWrite&>(node));
    case NodeKind::kMerge:
      return show_merge(static_cast<const MergeStreams&>(node));
    case NodeKind::kLoad:
      return show_load(static_cast<const Load&>(node));
  }
  return {};
}

namespace {

void append_indented(std::string& out, const std::string& text, int depth) {
  const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  out += indent;
  for (char c : text) {
    out += c;
    if (c == '\n') out += indent;
  }
  out += '\n';
}

void append_tree(std::string& out, const Node& node, int depth) {
  append_indented(out, node_text(node), depth);
  for (const auto& input : node.inputs) append_tree(out, *input, depth + 1);
}

}  // namespace

std::string_view node_name(NodeKind kind) {
  switch (kind) {
    case NodeKind::kRoute:
      return "route";
    case NodeKind::kInsert:
      return "insert";
    case NodeKind::kDdl:
      return "ddl";
    case NodeKind::kSession:
      return "session";
    case NodeKind::kExplanation:
      return "explanation";
    case NodeKind::kGather:
      return "gather";
    case NodeKind::kKeyedWrite:
      return "keyed_write";
    case NodeKind::kMerge:
      return "merge";
    case NodeKind::kLoad:
      return "load";
  }
  return "";
}

std::string Plan::text() const {
  std::string out;
  for (const auto& lookup : lookups) {
    out += "look up " + lookup->vindex + "(" + lookup->columns + ") in " + show(lookup->destination) +
           "\n  sql: " + show(lookup->text) + "\n";
  }
  append_tree(out, *root, 0);
  if (keeps_connection) out += "keeps its connection\n";
  if (frees_connection) out += "frees its connection\n";
  if (calc_found_rows) out += "found rows are asked for\n";
  for (const std::string& variable : assigned_variables) out += "assigns @" + variable + "\n";
  if (!cacheable) {
    out += "for this text only\n";
  } else if (!pinned_literals.empty()) {
    out += "for these values of";
    for (std::uint32_t ordinal : pinned_literals) out += " :" + std::to_string(ordinal);
    out += '\n';
  }
  return out;
}

}  // namespace kintsugi::plan
