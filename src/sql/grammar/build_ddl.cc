// The Builder's definitions: tables and what is around them, and stored programs.

#include <string>
#include <utility>

#include "sql/grammar/builder.h"
#include "sql/grammar/characters.h"
#include "sql/lexer.h"

namespace kintsugi::sql {

Expr* Builder::parameter_value(Location location, Word name) {
  if (!is_bare_name(name)) return literal(location, LiteralKind::kString, name);
  return keyword(location, name);
}

Option* Builder::option(Location location, Word name, Expr* value) {
  auto* node = make<Option>(location);
  node->name = lower(name);
  node->value = value;
  if (auto* keyword = as<Keyword>(value)) {
    keyword->word = lower_plain(keyword->word);
    if (keyword->word == "default") node->value = make<Default>(place(keyword));
  }
  return node;
}

// Values that are plain words are not case-sensitive; a quoted one may hold anything and stays.
std::string_view Builder::lower_plain(std::string_view text) {
  for (char c : text) {
    if (!is_word(c)) return text;
  }
  return lower(to_word(text));
}

List<Option*> Builder::add_option(List<Option*> options, Option* option) {
  if (option != nullptr) options.push_back(arena_, option);
  return options;
}

Expr* Builder::table_row(Location location, List<TableName*> tables) {
  auto* row = make<Row>(location);
  for (TableName* table : tables) {
    row->items.push_back(arena_, column(place(table), {}, to_word(table->schema), to_word(table->name)));
  }
  return row;
}

CreateTable* Builder::create_query(Location location, int duplicates, Query* query) {
  auto* node = make<CreateTable>(location);
  node->duplicates = static_cast<OnDuplicate>(duplicates);
  node->query = inner_query(query);
  return node;
}

void Builder::add_element(CreateTable* table, Node* element) {
  switch (element->kind) {
    case NodeKind::kColumnDef:
      return table->columns.push_back(arena_, static_cast<ColumnDef*>(element));
    case NodeKind::kKeyDef:
      return table->keys.push_back(arena_, static_cast<KeyDef*>(element));
    case NodeKind::kCheck:
      return table->checks.push_back(arena_, static_cast<Check*>(element));
    default:
      return table->periods.push_back(arena_, static_cast<Period*>(element));
  }
}

void Builder::check_parameters(const Node& part) {
  if (parameters_ < 2) return;
  int last = -1;
  walk(part, [this, &last](const Node& node) {
    const auto* parameter = as<Parameter>(&node);
    if (parameter == nullptr) return true;
    if (parameter->index < last) syntax_error(place(parameter));
    last = parameter->index;
    return true;
  });
}

CreateTable* Builder::finish_table(CreateTable* table, CreateTable* elements, List<Option*> options,
                                   PartitionBy* partition) {
  if (elements != nullptr) {
    table->columns = elements->columns;
    table->keys = elements->keys;
    table->checks = elements->checks;
    table->periods = elements->periods;
  }
  check_parameters(*table);
  table->options = options;
  table->partition_by = partition;
  table->shard_by = shard_by_;
  shard_by_ = nullptr;
  return table;
}

ColumnDef* Builder::column_def(Location location, Word name, DataType* type, ColumnDef* attributes) {
  widen(attributes, location);
  attributes->name = name;
  attributes->type = type;
  // COLLATE may follow other attributes, but belongs to the type.
  if (collation_.size != 0) type->collation = collation_;
  collation_ = {};
  check_parameters(*attributes);
  return attributes;
}

void Builder::column_option(ColumnDef* column, Word name, Expr* value) {
  column->options.push_back(arena_, option({0, 0}, name, value));
}

bool Builder::is_default_expression(Location location, const Expr* value) const {
  bool in_parentheses = sql_[location.begin] == '(' && value->offset > location.begin;
  return in_parentheses || !is_plain_default(*value);
}

// A column may be the primary key and have a unique one beside it.
void Builder::column_unique(ColumnDef* column) {
  if (column->key == ColumnKey::kPrimary) {
    column->unique_too = true;
  } else {
    column->key = ColumnKey::kUnique;
  }
}

void Builder::column_primary(ColumnDef* column) {
  column->unique_too = column->unique_too || column->key == ColumnKey::kUnique;
  column->key = ColumnKey::kPrimary;
}

void Builder::column_generated(ColumnDef* column, Generated kind, Expr* expression, Location location) {
  if (column->generated != Generated::kNo) syntax_error(location);
  column->generated = kind;
  column->expression = expression;
}

void Builder::column_check(ColumnDef* column, Word name, Expr* condition, Location location) {
  auto* check = make<Check>(location);
  check->name = name;
  check->condition = condition;
  column->checks.push_back(arena_, check);
}

void Builder::column_enforced(ColumnDef* column, Tristate enforced, Location location) {
  if (column->checks.empty()) return syntax_error(location);
  column->checks.back()->enforced = enforced;
}

KeyDef* Builder::key(Location location, KeyKind kind, Word constraint, bool if_not_exists, Word name,
                     Word algorithm, List<KeyPart*> parts, List<Option*> options) {
  auto* node = make<KeyDef>(location);
  node->key = kind;
  node->constraint = constraint;
  node->if_not_exists = if_not_exists;
  node->name = name;
  node->algorithm = algorithm;
  node->parts = parts;
  node->without_overlaps = overlaps_;
  overlaps_ = {};
  node->options = options;
  return node;
}

PartitionBy* Builder::partition(Location location, PartitionMethod method, Expr* expression,
                                List<std::string_view> columns) {
  auto* node = make<PartitionBy>(location);
  node->method = method;
  node->expression = expression;
  node->columns = columns;
  return node;
}

PartitionDef* Builder::partition_def(Location location, PartitionValues values, List<Expr*> items) {
  auto* node = make<PartitionDef>(location);
  node->values = values;
  node->items = items;
  return node;
}

// ---- ALTER TABLE ----

AlterAction* Builder::alter(Location location, AlterKind kind) {
  auto* node = make<AlterAction>(location);
  node->action = kind;
  return node;
}

AlterAction* Builder::alter_name(Location location, AlterKind kind, bool if_exists, Word name) {
  AlterAction* node = alter(location, kind);
  node->if_exists = if_exists;
  node->name = name;
  return node;
}

AlterAction* Builder::alter_word(Location location, const char* words) {
  AlterAction* node = alter(location, AlterKind::kWord);
  node->option = option(location, word(words), nullptr);
  return node;
}

AlterAction* Builder::alter_option(Location location, Option* option) {
  AlterAction* node = alter(location, option == nullptr ? AlterKind::kShardBy : AlterKind::kOption);
  node->option = option;
  if (option == nullptr) node->shard_by = std::exchange(shard_by_, nullptr);
  return node;
}

AlterAction* Builder::alter_partition_by(Location location, PartitionBy* partition) {
  AlterAction* node = alter(location, AlterKind::kPartitionBy);
  node->partition_by = partition;
  return node;
}

AlterAction* Builder::alter_add_column(Location location, bool if_not_exists, ColumnDef* column, Word after) {
  AlterAction* node = alter(location, AlterKind::kAddColumns);
  node->if_not_exists = if_not_exists;
  node->columns = list(column);
  put_after(node, after);
  return node;
}

AlterAction* Builder::alter_add_all(Location location, bool if_not_exists, CreateTable* elements) {
  AlterAction* node = alter(location, AlterKind::kAddColumns);
  node->if_not_exists = if_not_exists;
  check_parameters(*elements);
  node->columns = elements->columns;
  node->keys = elements->keys;
  node->checks = elements->checks;
  node->periods = elements->periods;
  return node;
}

AlterAction* Builder::alter_add_check(Location location, Word name, Expr* condition) {
  auto* check = make<Check>(location);
  check->name = name;
  check->if_not_exists = true;
  check->condition = condition;
  AlterAction* node = alter(location, AlterKind::kAddColumns);
  node->checks = list(check);
  return node;
}

void Builder::put_after(AlterAction* action, Word after) {
  action->first = after.data != nullptr && after.size == 0;
  action->after = after;
}

Statement* Builder::alter_table(Location location, bool online, bool ignore, bool if_exists, TableName* table,
                                Wait wait, List<AlterAction*> actions) {
  auto* node = make<AlterTable>(location);
  node->online = online;
  node->ignore = ignore;
  node->if_exists = if_exists;
  node->table = table;
  node->wait_s = wait.seconds;
  node->nowait = wait.nowait;
  node->actions = actions;
  return node;
}

Statement* Builder::drop_tables(Location location, TableKind kind, bool temporary, bool if_exists,
                                List<TableName*> tables, Wait wait, Word behaviour) {
  auto* node = make<DropTables>(location);
  node->object = kind;
  node->temporary = temporary;
  node->if_exists = if_exists;
  node->tables = tables;
  node->wait_s = wait.seconds;
  node->nowait = wait.nowait;
  node->behaviour = behaviour;
  return node;
}

Statement* Builder::create_index(Location location, bool or_replace, TableName* table, KeyDef* key, Wait wait,
                                 List<Option*> options) {
  auto* node = make<CreateIndex>(location);
  node->or_replace = or_replace;
  node->key = key;
  node->table = table;
  node->wait_s = wait.seconds;
  node->nowait = wait.nowait;
  node->options = options;
  return node;
}

void Builder::view_start(Statement* view, CreateHead head, Word algorithm, Location location) {
  auto* node = static_cast<CreateView*>(view);
  widen(node, location);
  node->or_replace = head.or_replace;
  node->algorithm = algorithm;
  node->definer = head.definer;
}

void Builder::view_alter(Statement* view, Account* definer, Word algorithm, Location location) {
  view_start(view, {false, definer}, algorithm, location);
  static_cast<CreateView*>(view)->alter = true;
}

// ---- stored programs ----

Statement* Builder::trigger(Location location, CreateHead head, bool if_not_exists, TableName* name,
                            Word time, Word event, TableName* table, TriggerOrder order, Statement* body) {
  auto* node = make<CreateTrigger>(location);
  node->or_replace = head.or_replace;
  node->definer = head.definer;
  node->if_not_exists = if_not_exists;
  node->name = name;
  node->time = time;
  node->event = event;
  node->table = table;
  node->order = order.word;
  node->other = order.other;
  node->body = body;
  return node;
}

Statement* Builder::routine(Location location, CreateHead head, bool function, bool if_not_exists,
                            TableName* name, List<RoutineParameter*> parameters, DataType* returns,
                            List<Option*> options, Statement* body) {
  auto* node = make<CreateRoutine>(location);
  node->or_replace = head.or_replace;
  node->definer = head.definer;
  node->function = function;
  node->if_not_exists = if_not_exists;
  node->name = name;
  node->parameters = parameters;
  node->returns = returns;
  node->options = options;
  node->body = body;
  return node;
}

Statement* Builder::loadable(Location location, CreateHead head, bool aggregate, bool if_not_exists,
                             TableName* name, DataType* returns, Literal* soname) {
  auto* node = make<CreateRoutine>(location);
  node->or_replace = head.or_replace;
  node->definer = head.definer;
  node->function = true;
  node->aggregate = aggregate;
  node->if_not_exists = if_not_exists;
  node->name = name;
  node->returns = returns;
  node->soname = soname;
  return node;
}

RoutineParameter* Builder::parameter_def(Location location, Word mode, Word name, DataType* type) {
  auto* node = make<RoutineParameter>(location);
  node->mode = mode;
  node->name = name;
  node->type = type;
  return node;
}

Statement* Builder::event(Location location, bool alter, CreateHead head, bool exists, TableName* name,
                          CreateEvent* schedule, int preserve, TableName* rename, Word status,
                          Literal* comment, Statement* body) {
  CreateEvent* node = schedule != nullptr ? schedule : make<CreateEvent>(location);
  widen(node, location);
  node->alter = alter;
  node->or_replace = head.or_replace;
  node->definer = head.definer;
  node->if_not_exists = exists;
  node->name = name;
  node->preserve = static_cast<Tristate>(preserve);
  node->rename_to = rename;
  node->status = status;
  node->comment = comment;
  node->body = body;
  return node;
}

CreateEvent* Builder::every(Location location, Expr* value, Word unit, Expr* starts, Expr* ends) {
  auto* node = make<CreateEvent>(location);
  node->every = static_cast<Interval*>(interval(location, value, unit));
  node->starts = starts;
  node->ends = ends;
  return node;
}

Statement* Builder::cursor(Location location, const char* verb, Word name, List<std::string_view> into) {
  auto* node = make<Cursor>(location);
  node->verb = verb;
  node->name = name;
  node->into = into;
  return node;
}

void Builder::label(Statement* loop, Word label) {
  if (auto* node = as<Loop>(loop)) node->label = label;
  if (auto* node = as<ForLoop>(loop)) node->label = label;
}

void Builder::check_label(Word begin, Word end, Location location) {
  if (end.size != 0 && std::string_view(lower(begin)) != std::string_view(lower(end))) syntax_error(location);
}

Declare* Builder::declare(Location location, List<std::string_view> names, DataType* type, Expr* value) {
  auto* node = make<Declare>(location);
  node->names = names;
  node->type = type;
  node->default_value = value;
  return node;
}

List<Branch*> Builder::add_else(List<Branch*> branches, Branch* last) {
  return last == nullptr ? branches : push(branches, last);
}

Branch* Builder::branch(Location location, Expr* condition, List<Statement*> statements) {
  auto* node = make<Branch>(location);
  node->condition = condition;
  node->statements = statements;
  return node;
}

Statement* Builder::loop(Location location, LoopKind kind, Expr* condition, List<Statement*> statements) {
  auto* node = make<Loop>(location);
  node->loop = kind;
  node->condition = condition;
  node->statements = statements;
  return node;
}

Statement* Builder::for_range(Location location, Word variable, bool reverse, Expr* low, Expr* high,
                              List<Statement*> statements) {
  auto* node = make<ForLoop>(location);
  node->variable = variable;
  node->reverse = reverse;
  node->low = low;
  node->high = high;
  node->statements = statements;
  return node;
}

AlterVSchema* Builder::alter_vschema(Location location, Word vschema, Location vschema_location,
                                     std::string_view action, TableName* object) {
  one_of(vschema, vschema_location, {"vschema"});
  auto* node = make<AlterVSchema>(location);
  node->action = action;
  node->object = object;
  return node;
}

}  // namespace kintsugi::sql
