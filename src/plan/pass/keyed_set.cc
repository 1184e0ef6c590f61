#include "plan/pass/keyed_set.h"

#include <algorithm>

#include "plan/pass/functions.h"
#include "plan/pass/row_triggers.h"
#include "sql/parser.h"

namespace kintsugi::plan::pass {

namespace {

using Assignments = std::vector<const sql::Assignment*>;

auto find_last(const Assignments& assignments, std::string_view column) {
  return std::find_if(assignments.rbegin(), assignments.rend(), [column](const sql::Assignment* each) {
    return same_column(each->column->name, column);
  });
}

/// A cast that makes of a value what is stored of it, where there is one; else null.
std::string cast_for(const Column& column) {
  const std::string_view type = column.type;
  if (type.ends_with("int"))
    return std::string("cast(cast(0 as decimal(65, 0)) as ") + (column.is_unsigned ? "unsigned)" : "signed)");
  if (type == "decimal" || type == "double" || type == "date" || type == "datetime" || type == "time") {
    const std::string_view declared = column.declared;
    return "cast(0 as " + std::string(declared.substr(0, declared.find(" unsigned"))) + ")";
  }
  if (type == "timestamp") return "cast(0 as datetime" + column.declared.substr(type.size()) + ")";
  if (type == "float") return "cast(0 as float)";
  if (column.type_class != ColumnClass::kText || type == "json") return {};
  const bool sized = type == "varchar" || type == "char";
  const std::string cast = "cast(0 as char" + (sized ? "(" + std::to_string(column.length) + ")" : "") +
                           " character set " + column.collation.substr(0, column.collation.find('_')) + ")";
  // Spaces at the end are none in a CHAR.
  return (type == "char" ? "rtrim(" + cast + ")" : cast) + " collate " + column.collation;
}

/// The value as the column holds it; null: that is not an expression. What does not fit, the column's own
/// assignment tells.
sql::Expr* as_stored(const Column& column, sql::Expr* value, sql::Arena& arena) {
  const std::string text = cast_for(column);
  if (text.empty()) return nullptr;
  const Result<sql::Expr*> parsed = sql::parse_expression(arena.copy(text), arena);
  if (!parsed) return nullptr;
  sql::walk(**parsed, [value](sql::Node& node) {
    auto* cast = sql::as<sql::Cast>(&node);
    if (cast != nullptr && cast->value->kind == sql::NodeKind::kLiteral) cast->value = value;
    return cast == nullptr || cast->value != value;
  });
  return *parsed;
}

}  // namespace

bool KeyedSet::assigns(const sql::Assignment& assignment, const Source& source) const {
  const Source* found = resolve_column(*assignment.column, draft_.top).source;
  return found == &source || (found == nullptr && !several_tables());
}

/// The last one, which counts. `before` becomes what is assigned before it.
const sql::Assignment* KeyedSet::assignment_of(const sql::Update& update, const Source& source,
                                               std::string_view column, Assignments& before) const {
  const sql::Assignment* found = nullptr;
  Assignments seen;
  for (const sql::Assignment* assignment : update.set) {
    if (!assigns(*assignment, source)) continue;
    if (same_column(assignment->column->name, column)) {
      found = assignment;
      before = seen;
    }
    seen.push_back(assignment);
  }
  return found;
}

/// Whether it uses a column of the source that was assigned, in nested queries too.
bool KeyedSet::uses(const sql::Node& node, Block* block, const Source& source,
                    const Assignments& assigned) const {
  if (const auto* column = sql::as<sql::ColumnRef>(&node)) {
    return find_last(assigned, column->name) != assigned.rend() &&
           resolve_column(*column, block).source == &source;
  }
  block = inner_block(node, block);
  bool found = false;
  sql::for_each_child(node,
                      [&](const sql::Node& child) { found = found || uses(child, block, source, assigned); });
  return found;
}

/// Whether a part of it that is read before the row is written does.
bool KeyedSet::reads(const sql::Node& node, const Source& source, const Assignments& assigned) const {
  if (sql::is_expr(node.kind) && !is_local(node, source))
    return several_tables() || uses(node, draft_.top, source, assigned);
  bool found = false;
  sql::for_each_child(node, [&](const sql::Node& child) { found = found || reads(child, source, assigned); });
  return found;
}

// User variables.

Result<void> KeyedSet::read_variables() {
  if (said_ == nullptr || draft_.plan->assigned_variables.empty()) return {};
  auto* made = sql::make_node<sql::Update>(arena_);
  *made = *said_;
  made->set = {};
  Assignments before;
  for (sql::Assignment* assignment : said_->set) {
    if (uses_variables(*assignment->value)) {
      const Source* source = resolve_column(*assignment->column, draft_.top).source;
      if (source == nullptr) source = draft_.top->sources.front();
      sql::Expr* value = settled(*assignment->value, *source, before);
      if (value == nullptr || has_row_mark(*value)) {
        return failure(kUnsupportedYet, "user variables and a column that the same UPDATE assigned before");
      }
      auto* known = sql::clone(assignment, arena_);
      known->value = read_mark(row_.read_again(value).index, arena_);
      // The draft knows columns by the addresses of their nodes.
      known->column = assignment->column;
      assignment = known;
    }
    before.push_back(assignment);
    made->set.push_back(arena_, assignment);
  }
  said_ = update_ = made;
  return {};
}

// Functions that gates run.

/// An argument is of the row as it is when its assignment's turn comes.
class KeyedSet::Arguments final : public ArgumentSource {
 public:
  explicit Arguments(const KeyedSet& set) : set_(set) {}

  Result<sql::Expr*> settle(std::size_t call, sql::Expr& argument) override {
    Assignments before;
    for (const sql::Assignment* assignment : set_.said_->set) {
      const std::vector<std::size_t> calls = row_calls_in(set_.draft_, *assignment->value);
      if (std::ranges::find(calls, call) == calls.end()) {
        before.push_back(assignment);
        continue;
      }
      const Source* source = resolve_column(*assignment->column, set_.draft_.top).source;
      if (source == nullptr) source = set_.draft_.top->sources.front();
      if (sql::Expr* value = set_.settled(argument, *source, before)) return value;
    }
    return failure(kUnsupportedYet,
                   "an argument of a function that the gate runs by a column that the same UPDATE assigned "
                   "before");
  }

  sql::Expr* read(sql::Expr& argument) override {
    return read_mark(set_.row_.read(&argument).index, set_.arena_);
  }

 private:
  const KeyedSet& set_;
};

Result<RowCalls> KeyedSet::read_calls() {
  Arguments arguments(*this);
  return make_row_calls(draft_, arguments, arena_);
}

// Values that must be known before the row is written.

Result<std::optional<Operand>> KeyedSet::assigned(const Source& source, std::string_view column) {
  Assignments before;
  const sql::Assignment* assignment =
      update_ == nullptr ? nullptr : assignment_of(*update_, source, column, before);
  if (assignment == nullptr) return std::optional<Operand>();
  Result<Operand> value = new_value(source, *assignment, before);
  if (!value) return failure(value.error());
  return std::optional<Operand>(*value);
}

Result<std::optional<Operand>> KeyedSet::given(const Source& source, std::string_view column) {
  Assignments before;
  const sql::Assignment* assignment = assignment_of(*said_, source, column, before);
  if (assignment == nullptr) return std::optional<Operand>();
  if (assignment->value->kind == sql::NodeKind::kDefault) {
    const Column* known = source.table->find(column);
    if (known != nullptr && known->default_sql.empty()) return std::optional<Operand>(Operand{});
    std::optional<Operand> value = known == nullptr ? std::nullopt : default_operand(*known, draft_, arena_);
    if (value) return value;
  }
  Result<Operand> value = new_value(source, *assignment, before);
  if (!value) return failure(value.error());
  return std::optional<Operand>(*value);
}

Result<Operand> KeyedSet::new_value(const Source& source, const sql::Assignment& assignment,
                                    const Assignments& before) {
  const sql::Expr& value = *assignment.value;
  const std::string name(assignment.column->name);
  if (value.kind == sql::NodeKind::kDefault || value.kind == sql::NodeKind::kDefaultOf)
    return failure(kUnroutableValue,
                   "column '" + name + "', whose new value must be known first, is set to its default");
  sql::Expr* known = settled(value, source, before);
  if (known == nullptr) {
    return failure(kUnsupportedYet, "column '" + name +
                                        "', whose new value must be known first, set by a column that the "
                                        "same UPDATE assigned before");
  }
  const std::optional<Operand> constant = constant_operand(known, draft_);
  if (!constant && has_row_mark(*known)) {
    return failure(kUnsupportedYet, "column '" + name +
                                        "', whose new value must be known first, set to more than what a "
                                        "function that the gate runs gives");
  }
  return constant ? *constant : row_.read(known);
}

/// The value with what columns have become that were assigned before it; null: that cannot be said. Of
/// several tables no order of assignments is promised, and all columns are as they were.
sql::Expr* KeyedSet::settled(const sql::Expr& value, const Source& source, const Assignments& before) const {
  sql::Expr* copy = sql::clone(&value, arena_);
  if (several_tables() || !uses(value, draft_.top, source, before)) return copy;
  bool done = true;
  copy = static_cast<sql::Expr*>(settle(value, *copy, draft_.top, source, before, done));
  return done ? copy : nullptr;
}

/// `copy` is one of `node`, which the blocks know.
sql::Node* KeyedSet::settle(const sql::Node& node, sql::Node& copy, Block* block, const Source& source,
                            const Assignments& before, bool& done) const {
  const auto* column = sql::as<sql::ColumnRef>(&node);
  const auto last = column == nullptr ? before.rend() : find_last(before, column->name);
  if (last != before.rend() && resolve_column(*column, block).source == &source) {
    const Column* known = source.table == nullptr ? nullptr : source.table->find(column->name);
    sql::Expr* value = settled(*(*last)->value, source, Assignments(before.begin(), last.base() - 1));
    if (value != nullptr && block != draft_.top && !qualify(*value, source, block)) value = nullptr;
    sql::Expr* stored = known == nullptr || value == nullptr ? nullptr : as_stored(*known, value, arena_);
    done = done && stored != nullptr;
    return stored == nullptr ? &copy : stored;
  }
  block = inner_block(node, block);
  std::vector<const sql::Node*> children;
  sql::for_each_child(node, [&children](const sql::Node& child) { children.push_back(&child); });
  std::size_t i = 0;
  sql::rewrite_children(
      copy, [&](sql::Node& child) { return settle(*children[i++], child, block, source, before, done); });
  return &copy;
}

/// An expression of the row that comes to stand within a query: its columns name their table. False: the
/// query has one of that name.
bool KeyedSet::qualify(sql::Expr& value, const Source& source, Block* block) const {
  for (; block != nullptr && block != draft_.top; block = block->parent) {
    if (std::ranges::find(block->sources, source.alias, &Source::alias) != block->sources.end()) return false;
  }
  bool done = true;
  sql::walk(value, [&](sql::Node& node) {
    if (auto* column = sql::as<sql::ColumnRef>(&node)) column->table = source.alias;
    done = done && !sql::is_query(node.kind);
    return done;
  });
  return done;
}

/// Of a query its own, of any other node the one that it is in.
Block* KeyedSet::inner_block(const sql::Node& node, Block* block) const {
  if (!sql::is_query(node.kind)) return block;
  for (const auto& inner : draft_.blocks) {
    if (inner->node == &node) return inner.get();
  }
  return block;
}

// Triggers.

Result<void> KeyedSet::give_way_to_triggers(const Source& source, const TableEntry& entry) {
  if (update_ == nullptr || entry.schema == nullptr) return {};
  auto triggers = row_triggers(draft_, entry, "before", "update");
  if (!triggers) return failure(triggers.error());
  if (*triggers != nullptr) update_ = behind(**triggers, source);
  return {};
}

const sql::Update* KeyedSet::behind(const RowTriggers& triggers, const Source& source) {
  auto* made = sql::make_node<sql::Update>(arena_);
  *made = *update_;
  made->set = {};
  for (std::size_t i = 0; i < update_->set.size(); ++i) {
    sql::Assignment* assignment = update_->set[i];
    const std::string_view name = assignment->column->name;
    if (assigns(*assignment, source)) {
      // What a trigger mends, such as a NULL, is not written before it is mended.
      const auto needs = [&](const sql::Assignment* later) {
        return uses(*later->value, draft_.top, source, {assignment});
      };
      sql::Assignment* const* const next = update_->set.begin() + i + 1;
      if (set_place(&triggers, name) &&
          std::none_of(next, static_cast<sql::Assignment* const*>(update_->set.end()), needs))
        continue;
      if (new_place(&triggers, name) && find_unrepeatable(*assignment->value) != nullptr) {
        const Operand value = row_.read(sql::clone(assignment->value, arena_));
        assignment = assign(source, name, read_mark(value.index, arena_));
      }
    }
    made->set.push_back(arena_, assignment);
  }
  for (std::size_t i = 0; i < triggers.set.size(); ++i) {
    const std::string& name = triggers.new_columns[triggers.set[i]].name;
    made->set.push_back(arena_, assign(source, name, set_mark(i, arena_)));
  }
  return made;
}

sql::Assignment* KeyedSet::assign(const Source& source, std::string_view column, sql::Expr* value) {
  auto* made = sql::make_node<sql::Assignment>(arena_);
  made->column = sql::make_node<sql::ColumnRef>(arena_);
  made->column->table = arena_.copy(source.alias);
  made->column->name = arena_.copy(column);
  made->value = value;
  return made;
}

// The UPDATE of one row.

Result<void> KeyedSet::write(const Source& source, const TableEntry& entry, sql::Update& to,
                             KeyedWrite::Target& target) {
  copies_ = entry.group != nullptr || (entry.found->sharded() && entry.routing != nullptr &&
                                       entry.routing->kind == vschema::Table::Kind::reference);
  Assignments before;
  for (const sql::Assignment* assignment : update_->set) {
    if (!assigns(*assignment, source)) continue;
    auto* made = sql::clone(assignment, arena_);
    made->column->schema = {};
    const bool whole = mixes_texts(*assignment->value, source);
    const bool early = whole || reads(*assignment->value, source, before);
    if (early && uses(*assignment->value, draft_.top, source, before)) {
      made->value = settled(*assignment->value, source, before);
      if (made->value == nullptr)
        return failure(
            kUnsupportedYet,
            "a value that is read from elsewhere by a column that the same UPDATE assigned before");
    }
    if (whole) made->value = read_mark(row_.read(made->value).index, arena_);
    made->value = static_cast<sql::Expr*>(localised(*made->value, source, target));
    before.push_back(assignment);
    to.set.push_back(arena_, made);
  }
  return {};
}

/// The expression with everything read first that is not of the row alone.
sql::Node* KeyedSet::localised(sql::Node& node, const Source& source, KeyedWrite::Target& target) {
  if (sql::is_expr(node.kind) && !is_local(node, source)) {
    auto* value = static_cast<sql::Expr*>(&node);
    const auto* column = sql::as<sql::ColumnRef>(value);
    const ResolvedColumn resolved =
        column == nullptr ? ResolvedColumn{} : resolve_column(*column, draft_.top);
    const Operand operand = resolved.source == nullptr || resolved.source->table == nullptr
                                ? row_.read(value)
                                : row_.read_column(*resolved.source, resolved.name);
    target.values.push_back(operand);
    return read_mark(operand.index, arena_);
  }
  // What is of other rows alone is evaluated with them: their texts have collations there, and types.
  if (sql::is_expr(node.kind) && has_other(node, source) && !has_own(node, source) && !must_stay(node)) {
    const Operand operand = row_.read(static_cast<sql::Expr*>(&node));
    target.values.push_back(operand);
    return read_mark(operand.index, arena_);
  }
  if (const auto* literal = sql::as<sql::Literal>(&node); literal != nullptr && is_row_mark(*literal))
    target.values.push_back(*constant_operand(literal, draft_));
  if (auto* column = sql::as<sql::ColumnRef>(&node)) column->schema = {};
  sql::rewrite_children(node, [&](sql::Node& child) { return localised(child, source, target); });
  return &node;
}

/// Whether a part of it must be read first.
bool KeyedSet::has_other(const sql::Node& node, const Source& source) const {
  if (sql::is_expr(node.kind) && !is_local(node, source)) return true;
  bool found = false;
  sql::for_each_child(node, [&](const sql::Node& child) { found = found || has_other(child, source); });
  return found;
}

/// Whether it uses what the row has itself, or what is known of it only when it has been read.
bool KeyedSet::has_own(const sql::Node& node, const Source& source) const {
  const auto* literal = sql::as<sql::Literal>(&node);
  if (literal != nullptr) return is_row_mark(*literal);
  if (sql::is<sql::ColumnRef>(&node)) return is_local(node, source);
  if (sql::is_query(node.kind)) return false;
  bool found = false;
  sql::for_each_child(node, [&](const sql::Node& child) { found = found || has_own(child, source); });
  return found;
}

/// What is known of a column of the statement's tables; null: nothing, or it is none.
const Column* KeyedSet::column_of(const sql::Node& node) const {
  const auto* column = sql::as<sql::ColumnRef>(&node);
  const ResolvedColumn resolved = column == nullptr ? ResolvedColumn{} : resolve_column(*column, draft_.top);
  const Table* table = resolved.source == nullptr ? nullptr : resolved.source->table;
  return table == nullptr ? nullptr : table->find(resolved.name);
}

/// Whether it has a column whose digits are not all in its text, or a default that copies of the table do not
/// have.
bool KeyedSet::must_stay(const sql::Node& node) const {
  bool found = false;
  sql::walk(node, [&](const sql::Node& child) {
    const Column* known = column_of(child);
    found = found || sql::is<sql::DefaultOf>(&child) || (known != nullptr && known->type == "float");
    return !found;
  });
  return found;
}

/// Whether texts of the row meet others in it. Those would be literals where the row is written, with another
/// collation than their columns have: the value is read as a whole.
bool KeyedSet::mixes_texts(const sql::Node& value, const Source& source) const {
  if (has_row_mark(value) || must_stay(value) || !has_own(value, source)) return false;
  bool texts = false;
  const auto look = [&](const sql::Node& node, const auto& self) -> void {
    if (sql::is_expr(node.kind) && !is_local(node, source)) {
      const Column* known = column_of(node);
      texts = texts || known == nullptr || known->type_class == ColumnClass::kText;
      return;
    }
    sql::for_each_child(node, [&](const sql::Node& child) { self(child, self); });
  };
  look(value, look);
  return texts;
}

bool KeyedSet::is_local(const sql::Node& node, const Source& source) const {
  if (const auto* column = sql::as<sql::ColumnRef>(&node)) {
    const Source* found = resolve_column(*column, draft_.top).source;
    return found == &source || (found == nullptr && !several_tables());
  }
  const auto* call = sql::as<sql::FunctionCall>(&node);
  if (call != nullptr && runs_over_copies(draft_, *call)) return false;
  if (call != nullptr && copies_ && find_unrepeatable(*call) == call && call->args.empty()) return false;
  bool local = true;
  sql::for_each_child(node, [&local](const sql::Node& child) { local &= !sql::is_query(child.kind); });
  return local;
}

}  // namespace kintsugi::plan::pass
