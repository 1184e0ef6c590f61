#include <algorithm>
#include <charconv>
#include <set>

#include "base/lower_case.h"
#include "plan/load.h"
#include "plan/pass/draft.h"
#include "plan/pass/functions.h"

// LOAD DATA INFILE: planned as the INSERT of one line of the file, whose fields stand in it as marks.

namespace kintsugi::plan {

namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Bytes of a separator; x'09' is one too.
std::string bytes_of(const sql::Literal& literal) {
  if (literal.literal != sql::LiteralKind::kHexString && literal.literal != sql::LiteralKind::kHexNumber)
    return std::string(literal.text);
  std::string bytes;
  for (std::size_t i = 0; i + 1 < literal.text.size(); i += 2)
    bytes += static_cast<char>(digit(literal.text[i]) * 16 + digit(literal.text[i + 1]));
  return bytes;
}

}  // namespace

Result<FileFormat> file_format(const sql::FileFormat* said) {
  FileFormat format;
  if (said == nullptr) return format;
  const auto take = [](const sql::Literal* literal, std::string& into) {
    if (literal != nullptr) into = bytes_of(*literal);
  };
  take(said->fields_terminated, format.fields_terminated);
  take(said->enclosed, format.enclosed);
  take(said->escaped, format.escaped);
  take(said->lines_starting, format.lines_starting);
  take(said->lines_terminated, format.lines_terminated);
  format.optionally_enclosed = said->optionally_enclosed;
  if (format.enclosed.size() > 1 || format.escaped.size() > 1)
    return failure(kWrongSeparator, "ENCLOSED BY and ESCAPED BY take one character");
  if (format.fields_terminated.empty() && format.enclosed.empty())
    return failure(kUnsupportedYet, "a file whose fields have fixed widths");
  return format;
}

namespace pass {

namespace {

using sql::NodeKind;

/// In these, separators have several bytes themselves: servers do not read such files either.
bool has_no_ascii(std::string_view charset) {
  static const std::set<std::string_view> kNames = {"ucs2", "utf16le", "utf16", "utf32"};
  return kNames.contains(charset);
}

Result<FileFormat> format_of(const sql::LoadData& load) {
  Result<FileFormat> format = file_format(load.format);
  if (format && load.ignore_lines != nullptr) {
    const std::string_view digits = load.ignore_lines->text;
    std::from_chars(digits.data(), digits.data() + digits.size(), format->ignored_lines);
  }
  return format;
}

Load::Field field_of(const Column& column) {
  Load::Field field;
  field.name = column.name;
  field.is_binary = column.type_class == ColumnClass::kBinary || column.type == "bit";
  field.is_integer = column.type_class == ColumnClass::kInteger;
  field.zero = zero_of(column);
  field.takes_null = column.nullable || column.auto_increment || !field.zero;
  field.null_missing = column.auto_increment || !field.zero || (column.nullable && !column.has_default);
  return field;
}

class LoadPlanner {
 public:
  LoadPlanner(Draft& draft, const sql::LoadData& load, const Table& table)
      : draft_(draft), load_(load), table_(table) {}

  Result<void> run() {
    auto node = std::make_unique<Load>();
    Result<FileFormat> format = format_of(load_);
    if (!format) return failure(std::move(format.error()));
    node->format = std::move(*format);
    node->file = load_.file->text;
    node->local = load_.local;
    node->charset = load_.charset.empty() ? "utf8mb4" : lower_case(load_.charset);
    if (has_no_ascii(node->charset))
      return failure(kUnsupportedYet, "LOAD DATA of a file in the character set " + node->charset);
    if (Result<void> done = name_fields(node->fields); !done) return done;
    Result<sql::Insert*> insert = row(node->fields);
    if (!insert) return failure(std::move(insert.error()));
    auto pattern = plan_pattern(draft_, **insert, node->fields.size(), node->computed);
    if (!pattern) return failure(std::move(pattern.error()));
    node->insert = std::move(*pattern);
    to_chosen_shard(*node->insert);
    draft_.plan->root = std::move(node);
    draft_.plan->cacheable = false;  // the format and the file's name are of this text
    return {};
  }

 private:
  Result<void> name_fields(std::vector<Load::Field>& fields) {
    if (load_.columns.empty()) {
      for (const Column& column : table_.columns) {
        if (!column.invisible) fields.push_back(field_of(column));
      }
      return {};
    }
    for (const sql::Expr* target : load_.columns) {
      if (const auto* variable = sql::as<sql::UserVariable>(target)) {
        fields.emplace_back();
        fields.back().name = variable->name;
        fields.back().variable = true;
        continue;
      }
      const auto* named = sql::as<sql::ColumnRef>(target);
      const Column* column = named == nullptr ? nullptr : table_.find(named->name);
      if (column == nullptr)
        return failure(kUnknownColumn, "Unknown column '" +
                                           (named == nullptr ? std::string() : std::string(named->name)) +
                                           "' in 'field list'");
      fields.push_back(field_of(*column));
    }
    return {};
  }

  const sql::Assignment* assignment_of(std::string_view column) const {
    for (const sql::Assignment* assignment : load_.set) {
      if (same_column(assignment->column->name, column)) return assignment;
    }
    return nullptr;
  }

  /// A variable that is the value of a column, and nothing else, has that column's type.
  void stand_for(const sql::Assignment& assignment, std::vector<Load::Field>& fields) const {
    const auto* variable = sql::as<sql::UserVariable>(assignment.value);
    const Column* column = table_.find(assignment.column->name);
    if (variable == nullptr || column == nullptr || uses_of(variable->name) > 1) return;
    for (Load::Field& field : fields) {
      if (!field.variable || !same_column(field.name, variable->name)) continue;
      field.is_integer = column->type_class == ColumnClass::kInteger;
      field.is_binary = column->type_class == ColumnClass::kBinary;
    }
  }

  int uses_of(std::string_view variable) const {
    int uses = 0;
    for (const sql::Assignment* assignment : load_.set) {
      sql::walk(*assignment->value, [&](const sql::Node& node) {
        const auto* used = sql::as<sql::UserVariable>(&node);
        if (used != nullptr && same_column(used->name, variable)) ++uses;
        return true;
      });
    }
    return uses;
  }

  /// The INSERT of one line.
  Result<sql::Insert*> row(std::vector<Load::Field>& fields) {
    auto* insert = sql::make_node<sql::Insert>(arena_);
    insert->replace = load_.duplicates == sql::OnDuplicate::kReplace;
    // What is wrong with a client's file does not end the statement: the client has sent it all anyway.
    insert->ignore = !insert->replace && (load_.local || load_.duplicates == sql::OnDuplicate::kIgnore);
    insert->table = load_.table;
    insert->partitions = load_.partitions;
    insert->has_columns = true;
    auto* items = sql::make_node<sql::Row>(arena_);
    const auto give = [&](std::string_view name, sql::Expr* value) {
      auto* column = sql::make_node<sql::ColumnRef>(arena_);
      column->name = arena_.copy(name);
      insert->columns.push_back(arena_, column);
      items->items.push_back(arena_, value);
    };
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!fields[i].variable && assignment_of(fields[i].name) == nullptr)
        give(fields[i].name, read_mark(i, arena_));
    }
    for (const sql::Assignment* assignment : load_.set) {
      stand_for(*assignment, fields);
      if (Result<void> sound = check(*assignment->value); !sound) return failure(sound.error());
      sql::Node* value = marked(*sql::clone(assignment->value, arena_), fields);
      give(assignment->column->name, static_cast<sql::Expr*>(value));
    }
    auto* values = sql::make_node<sql::Values>(arena_);
    values->rows.push_back(arena_, items);
    insert->source = values;
    return insert;
  }

  Result<void> check(const sql::Expr& value) const {
    if (draft_.course != Course::kSharded && draft_.course != Course::kSeveral) return {};
    bool has_query = false;
    sql::walk(value, [&has_query](const sql::Node& node) {
      has_query |= sql::is_query(node.kind);
      return !has_query;
    });
    if (has_query) return failure(kUnsupportedYet, "a query in SET of LOAD DATA into a sharded table");
    return refuse_call_over_copies(draft_, value, "SET of LOAD DATA");
  }

  /// An expression of SET, with marks for the line's fields: its variables, and columns that SET gives
  /// another value.
  sql::Node* marked(sql::Node& node, const std::vector<Load::Field>& fields) {
    const auto* variable = sql::as<sql::UserVariable>(&node);
    const auto* column = sql::as<sql::ColumnRef>(&node);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const bool named = fields[i].variable
                             ? variable != nullptr && same_column(variable->name, fields[i].name)
                             : column != nullptr && same_column(column->name, fields[i].name) &&
                                   assignment_of(fields[i].name) != nullptr;
      if (named) return read_mark(i, arena_);
    }
    sql::rewrite_children(node, [&](sql::Node& child) { return marked(child, fields); });
    return &node;
  }

  /// With a shard chosen, everything goes there as it is, and its server counts ids.
  void to_chosen_shard(Insert& insert) const {
    if (draft_.course != Course::kShard) return;
    insert.destination.reach = Destination::Reach::kShard;
    insert.destination.shard = draft_.context.shard;
    insert.vindex = nullptr;
    insert.sequence.reset();
    insert.id_column.clear();
  }

  Draft& draft_;
  const sql::LoadData& load_;
  const Table& table_;
  sql::Arena arena_;
};

/// The table's columns, whatever keyspace it is in; null: they must be asked for.
Result<const Table*> columns_of(Draft& draft, TableEntry& entry) {
  if (entry.found == nullptr) entry.found = draft.found;
  if (entry.temporary != nullptr) return entry.schema = entry.temporary->table.get();
  const Schema& schema = *draft.context.schema;
  entry.schema = schema.find(entry.keyspace, entry.server_name);
  if (entry.schema == nullptr && schema.known_missing(entry.keyspace, entry.server_name))
    return failure(kUnknownTable, "table '" + entry.keyspace + "." + entry.server_name + "' doesn't exist");
  if (entry.schema == nullptr) draft.missing.push_back({entry.keyspace, entry.server_name});
  return entry.schema;
}

}  // namespace

Result<void> plan_load(Draft& draft, const sql::LoadData& load) {
  if (load.xml) return failure(kUnsupportedYet, "LOAD XML");
  TableEntry& entry = *std::ranges::find(draft.tables, load.table, &TableEntry::name);
  if (draft.course == Course::kSystem)
    return failure(kForbidden, "a table of " + entry.keyspace + " cannot be written through the gate");
  const Result<const Table*> table = columns_of(draft, entry);
  if (!table) return failure(table.error());
  if (*table == nullptr) return {};
  if ((*table)->view) return failure(kUnsupportedYet, "LOAD DATA into a view");
  return LoadPlanner(draft, load, **table).run();
}

}  // namespace pass

}  // namespace kintsugi::plan
