#include "routine/program.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "sql/into_file.h"
#include "sql/parser.h"
#include "sql/set_statement.h"

namespace kintsugi::routine {

namespace {

using sql::NodeKind;

/// What is known at one place of a body: names, from inside out.
struct Scope {
  const Scope* outer = nullptr;
  std::vector<std::pair<std::string_view, int>> slots;
  std::vector<std::pair<std::string_view, int>> records;
  std::vector<std::pair<std::string_view, int>> cursors;
  std::vector<std::pair<std::string_view, const sql::Expr*>> conditions;

  template <class T>
  std::optional<T> find(std::vector<std::pair<std::string_view, T>> Scope::* names,
                        std::string_view name) const {
    for (const Scope* scope = this; scope != nullptr; scope = scope->outer) {
      const auto& list = scope->*names;
      for (auto it = list.rbegin(); it != list.rend(); ++it) {
        if (equal_names(it->first, name)) return it->second;
      }
    }
    return std::nullopt;
  }
};

std::uint32_t end_of(const sql::Node& node) {
  std::uint32_t end = node.offset + node.length;
  sql::walk(node, [&end](const sql::Node& each) {
    end = std::max(end, each.offset + each.length);
    return true;
  });
  return end;
}

/// Statements that SET STATEMENT … FOR may hold in a routine.
bool may_be_within(NodeKind kind) {
  return sql::is_query(kind) || kind == NodeKind::kInsert || kind == NodeKind::kUpdate ||
         kind == NodeKind::kDelete || kind == NodeKind::kDo;
}

bool is_planned(const sql::Node& node) {
  if (!sql::is_expr(node.kind) && !sql::is_query(node.kind)) return true;
  bool tables = false;
  sql::walk(node, [&tables](const sql::Node& each) {
    const auto* into = sql::as<sql::Into>(&each);
    tables |= (into != nullptr && sql::writes_file(*into)) || each.kind == NodeKind::kNamedTable ||
              each.kind == NodeKind::kTableQuery || each.kind == NodeKind::kTableName ||
              each.kind == NodeKind::kSequenceValue;
    return !tables;
  });
  return tables;
}

/// Finds the variables in one statement or expression.
class Reader {
 public:
  using Place = Hole::Place;
  Reader(const Scope& scope, Piece& piece) : scope_(scope), piece_(piece) {}

  void read(const sql::Node& node, Place place) {
    switch (node.kind) {
      case NodeKind::kColumnRef:
        return column(static_cast<const sql::ColumnRef&>(node), place);
      case NodeKind::kSelectItem:
        return item(static_cast<const sql::SelectItem&>(node));
      case NodeKind::kOrderItem:
        return children(node, [](const sql::Node& child) {
          return child.kind == NodeKind::kColumnRef ? Place::order : Place::value;
        });
      case NodeKind::kAssignment:
        return read(*static_cast<const sql::Assignment&>(node).value, Place::value);
      case NodeKind::kValuesOf:
      case NodeKind::kDefaultOf:
      case NodeKind::kDataType:
        return;
      case NodeKind::kMatch:
        return read(*static_cast<const sql::Match&>(node).against, place);
      case NodeKind::kInto:
        if (sql::writes_file(static_cast<const sql::Into&>(node))) return;  // it stays
        piece_.holes.push_back({.offset = node.offset, .length = node.length, .slot = -1});
        return;
      case NodeKind::kCreateTable:
        if (const auto* query = static_cast<const sql::CreateTable&>(node).query; query != nullptr)
          read(*query, Place::value);
        return;
      case NodeKind::kInsert:
      case NodeKind::kLoadData:
        return without_columns(node);
      default:
        break;
    }
    if (sql::is_query(node.kind)) place = Place::value;
    children(node, [place](const sql::Node&) { return place; });
  }

 private:
  template <class F>
  void children(const sql::Node& node, F place_of) {
    sql::for_each_child(node, [&](const sql::Node& child) { read(child, place_of(child)); });
  }

  /// The columns that are written stand there by name, whatever variables are called.
  void without_columns(const sql::Node& node) {
    sql::for_each_child(node, [&](const sql::Node& child) {
      if (child.kind != NodeKind::kColumnRef) read(child, Place::value);
    });
  }

  void item(const sql::SelectItem& item) {
    const std::size_t before = piece_.holes.size();
    const Place alone = item.value->kind == NodeKind::kColumnRef ? Place::item : Place::column;
    read(*item.value, aliased_ ? alone : Place::value);
    const bool named = piece_.holes.size() == before || !item.alias.empty() || !aliased_;
    if (!named) piece_.aliases.push_back({item.offset + item.length, item.source.text});
  }

  void column(const sql::ColumnRef& column, Place place) {
    Hole hole{.offset = column.offset, .length = column.length, .place = place};
    if (column.table.empty()) {
      const std::optional<int> slot = scope_.find(&Scope::slots, column.name);
      if (!slot) return;
      hole.slot = *slot;
    } else if (const std::optional<int> slot = of_row(column)) {
      hole.slot = *slot;
    } else {
      const std::optional<int> record = scope_.find(&Scope::records, column.table);
      if (!record || !column.schema.empty()) return;
      hole.slot = *record;
      hole.field = column.name;
    }
    piece_.holes.push_back(std::move(hole));
  }

  /// NEW.x and OLD.x of a trigger are parameters of that name.
  std::optional<int> of_row(const sql::ColumnRef& column) const {
    if (!column.schema.empty()) return std::nullopt;
    return scope_.find(&Scope::slots, std::string(column.table) + "." + std::string(column.name));
  }

  const Scope& scope_;
  Piece& piece_;

 public:
  bool aliased_ = true;  ///< select items may have an alias: not those of DO
};

}  // namespace

class Compiler {
 public:
  Compiler(Program& program) : program_(program) {}

  Result<void> run(const sql::Statement& statement) {
    Scope scope;
    program_.body_ = &statement;
    if (const auto* routine = sql::as<sql::CreateRoutine>(&statement)) {
      if (routine->body == nullptr) return failure(kUnsupportedRoutine, "a loadable function");
      program_.routine_ = routine;
      program_.body_ = routine->body;
      for (const sql::RoutineParameter* parameter : routine->parameters) {
        if (Result<void> made = slot(parameter->name, *parameter->type, scope); !made) return made;
      }
      program_.parameters_ = program_.slots_.size();
    }
    return statement_in(*program_.body_, scope);
  }

 private:
  Result<void> slot(std::string_view name, const sql::DataType& declared, Scope& scope) {
    Type type = type_of(declared);
    if (type.sql.empty()) return failure(kUnsupportedRoutine, "a variable of type ROW");
    scope.slots.emplace_back(name, static_cast<int>(program_.slots_.size()));
    program_.slots_.push_back({std::string(name), std::move(type)});
    return {};
  }

  void piece(const sql::Node* node, const Scope& scope, bool aliased = true) {
    if (node == nullptr) return;
    Piece made;
    made.offset = node->offset;
    made.text = std::string_view(program_.source_).substr(node->offset, end_of(*node) - node->offset);
    made.planned = is_planned(*node);
    Reader reader(scope, made);
    reader.aliased_ = aliased;
    reader.read(*node, Hole::Place::value);
    sql::walk(*node, [&made](const sql::Node& each) {
      if (const auto* call = sql::as<sql::FunctionCall>(&each))
        made.calls.emplace_back(call->schema, call->name);
      return true;
    });
    std::ranges::sort(made.holes, {}, &Hole::offset);
    std::ranges::sort(made.aliases, {}, &Piece::Alias::at);
    program_.pieces_.insert_or_assign(node, std::move(made));
  }

  Result<void> statements(const sql::List<sql::Statement*>& list, const Scope& scope) {
    for (const sql::Statement* each : list) {
      if (Result<void> done = statement_in(*each, scope); !done) return done;
    }
    return {};
  }

  Result<void> statement_in(const sql::Statement& statement, const Scope& scope) {
    switch (statement.kind) {
      case NodeKind::kBlock:
        return block(static_cast<const sql::Block&>(statement), scope);
      case NodeKind::kIf:
        return branches(static_cast<const sql::If&>(statement).branches, scope);
      case NodeKind::kCaseStatement:
        piece(static_cast<const sql::CaseStatement&>(statement).operand, scope);
        return branches(static_cast<const sql::CaseStatement&>(statement).branches, scope);
      case NodeKind::kLoop:
        piece(static_cast<const sql::Loop&>(statement).condition, scope);
        return statements(static_cast<const sql::Loop&>(statement).statements, scope);
      case NodeKind::kForLoop:
        return for_loop(static_cast<const sql::ForLoop&>(statement), scope);
      case NodeKind::kReturn:
        piece(static_cast<const sql::Return&>(statement).value, scope);
        return {};
      case NodeKind::kCursor:
        return cursor(static_cast<const sql::Cursor&>(statement), scope);
      case NodeKind::kJump:
        return {};
      default:
        return plain(statement, scope);
    }
  }

  Result<void> block(const sql::Block& block, const Scope& outer) {
    Scope scope{.outer = &outer};
    for (const sql::Statement* each : block.statements) {
      Result<void> done;
      if (const auto* declare = sql::as<sql::Declare>(each)) {
        done = declaration(*declare, scope);
      } else if (const auto* handler = sql::as<sql::DeclareHandler>(each)) {
        for (const sql::Expr* named : handler->conditions) condition(named, scope);
        done = statement_in(*handler->body, scope);
      } else {
        done = statement_in(*each, scope);
      }
      if (!done) return done;
    }
    return {};
  }

  void condition(const sql::Expr* named, const Scope& scope) {
    const auto* name = sql::as<sql::ColumnRef>(named);
    if (name == nullptr) return;
    if (const auto found = scope.find(&Scope::conditions, name->name)) program_.conditions_[named] = *found;
  }

  Result<void> declaration(const sql::Declare& declare, Scope& scope) {
    switch (declare.declares) {
      case sql::DeclareKind::kCondition:
        scope.conditions.emplace_back(declare.names.front(), declare.condition);
        return {};
      case sql::DeclareKind::kCursor:
        return cursor_declaration(declare, scope);
      case sql::DeclareKind::kVariable:
        break;
    }
    piece(declare.default_value, scope);  // still without its own names
    std::vector<int>& places = program_.places_[&declare];
    for (const std::string_view name : declare.names) {
      places.push_back(static_cast<int>(program_.slots_.size()));
      if (Result<void> made = slot(name, *declare.type, scope); !made) return made;
    }
    return {};
  }

  Result<void> cursor_declaration(const sql::Declare& declare, Scope& scope) {
    if (declare.query == nullptr) return failure(kUnsupportedRoutine, "a cursor without a query");
    Scope inner{.outer = &scope};
    std::vector<int>& places = program_.places_[&declare];
    places.push_back(static_cast<int>(program_.cursors_.size()));
    for (const sql::RoutineParameter* parameter : declare.parameters) {
      places.push_back(static_cast<int>(program_.slots_.size()));
      if (Result<void> made = slot(parameter->name, *parameter->type, inner); !made) return made;
    }
    piece(declare.query, inner);
    scope.cursors.emplace_back(declare.names.front(), places.front());
    program_.cursors_.push_back(&declare);
    return {};
  }

  Result<void> branches(const sql::List<sql::Branch*>& list, const Scope& scope) {
    for (const sql::Branch* branch : list) {
      piece(branch->condition, scope);
      if (Result<void> done = statements(branch->statements, scope); !done) return done;
    }
    return {};
  }

  Result<void> for_loop(const sql::ForLoop& loop, const Scope& outer) {
    Scope scope{.outer = &outer};
    std::vector<int>& places = program_.places_[&loop];
    if (loop.high != nullptr) {
      piece(loop.low, outer);
      piece(loop.high, outer);
      places = {static_cast<int>(program_.slots_.size())};
      scope.slots.emplace_back(loop.variable, places.front());
      program_.slots_.push_back({std::string(loop.variable), bigint()});
    } else if (loop.query != nullptr) {
      piece(loop.query, outer);
      places = {static_cast<int>(program_.records_)};
      scope.records.emplace_back(loop.variable, static_cast<int>(program_.records_++));
    } else {
      return cursor_loop(loop, outer);
    }
    return statements(loop.statements, scope);
  }

  Result<void> cursor_loop(const sql::ForLoop& loop, const Scope& outer) {
    Scope scope{.outer = &outer};
    const auto* name = sql::as<sql::ColumnRef>(loop.low);
    const std::optional<int> found = name == nullptr ? std::nullopt : outer.find(&Scope::cursors, name->name);
    if (!found) return failure(kUnsupportedRoutine, "FOR over a cursor with parameters");
    program_.places_[&loop] = {static_cast<int>(program_.records_), *found};
    scope.records.emplace_back(loop.variable, static_cast<int>(program_.records_++));
    return statements(loop.statements, scope);
  }

  Result<void> cursor(const sql::Cursor& cursor, const Scope& scope) {
    const std::optional<int> found = scope.find(&Scope::cursors, cursor.name);
    if (!found) return failure(kUnsupportedRoutine, "FETCH GROUP NEXT ROW");
    program_.places_[&cursor] = {*found};
    for (const sql::Expr* argument : cursor.arguments) piece(argument, scope);
    std::vector<Target>& targets = program_.targets_[&cursor];
    for (const std::string_view name : cursor.into)
      targets.push_back({scope.find(&Scope::slots, name).value_or(-1), {}});
    return {};
  }

  Result<void> plain(const sql::Statement& statement, const Scope& scope) {
    switch (statement.kind) {
      case NodeKind::kSet:
        if (sql::is_set_statement(statement)) break;
        return set(static_cast<const sql::Set&>(statement), scope);
      case NodeKind::kCall:
        for (const sql::Expr* argument : static_cast<const sql::Call&>(statement).args)
          argument_of_call(argument, scope);
        return {};
      case NodeKind::kSignal: {
        const auto& signal = static_cast<const sql::Signal&>(statement);
        if (const auto named = scope.find(&Scope::conditions, signal.condition))
          program_.conditions_[&statement] = *named;
        for (const sql::DiagnosticsItem* item : signal.set) piece(item->value, scope);
        return {};
      }
      case NodeKind::kGetDiagnostics: {
        const auto& get = static_cast<const sql::GetDiagnostics&>(statement);
        piece(get.condition, scope);
        for (const sql::DiagnosticsItem* item : get.items)
          program_.targets_[item] = {target(*item->value, scope)};
        return {};
      }
      default:
        break;
    }
    const auto* within = sql::as<sql::Set>(&statement);
    const sql::Statement& runs = within == nullptr ? statement : *within->statement;
    if (within != nullptr && !may_be_within(runs.kind))
      return failure(kUnsupportedRoutine, fmt::format("SET STATEMENT … FOR {}", sql::kind_name(runs.kind)));
    piece(&statement, scope, statement.kind != NodeKind::kDo);
    if (sql::is_query(runs.kind)) {
      const sql::Into* into = static_cast<const sql::Query&>(runs).into;
      if (into != nullptr && !sql::writes_file(*into)) {
        std::vector<Target>& targets = program_.targets_[&statement];
        for (const sql::Expr* variable : into->variables) targets.push_back(target(*variable, scope));
      }
    }
    return {};
  }

  static Target target(const sql::Expr& expr, const Scope& scope) {
    if (const auto* variable = sql::as<sql::UserVariable>(&expr)) return {-1, std::string(variable->name)};
    const auto* column = sql::as<sql::ColumnRef>(&expr);
    if (column == nullptr) return {};
    std::string name = column->table.empty() ? "" : std::string(column->table) + ".";
    name += column->name;
    return {scope.find(&Scope::slots, name).value_or(-1), {}};
  }

  void argument_of_call(const sql::Expr* argument, const Scope& scope) {
    piece(argument, scope);
    program_.targets_[argument] = {target(*argument, scope)};
  }

  Result<void> set(const sql::Set& set, const Scope& scope) {
    for (const sql::SetItem* item : set.items) {
      const bool bare =
          item->item == sql::SetKind::kVariable && !item->at_at && item->scope == sql::VariableScope::kNone;
      const std::string name =
          (item->prefix.empty() ? "" : std::string(item->prefix) + ".") + std::string(item->name);
      const std::optional<int> slot = bare ? scope.find(&Scope::slots, name) : std::nullopt;
      piece(item, scope);
      if (item->item == sql::SetKind::kUserVariable) piece(item->value, scope);
      if (!slot) continue;
      piece(item->value, scope);
      program_.targets_[item] = {{*slot, {}}};
    }
    return {};
  }

  Program& program_;
};

Result<std::shared_ptr<Program>> Program::compile(std::string create, const sql::LexerMode& mode) {
  std::shared_ptr<Program> program(new Program);
  program->source_ = std::move(create);
  Result<sql::Statement*> statement = sql::parse(program->source_, program->arena_, mode);
  if (!statement) return failure(std::move(statement.error()));
  Compiler compiler(*program);
  if (Result<void> done = compiler.run(**statement); !done) return failure(std::move(done.error()));
  return program;
}

std::string_view Program::mode_of(std::size_t parameter) const {
  const std::string_view mode = routine_->parameters[parameter]->mode;
  return mode.empty() ? std::string_view("in") : mode;
}

const sql::Expr* Program::condition(const sql::Node& user) const {
  const auto found = conditions_.find(&user);
  return found == conditions_.end() ? nullptr : found->second;
}

}  // namespace kintsugi::routine
