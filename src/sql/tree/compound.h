#pragma once

#include "sql/tree/admin.h"

// The statements of stored programs.

namespace kintsugi::sql {

/// [label:] BEGIN … END, and with `atomic` MariaDB's BEGIN NOT ATOMIC … END outside of stored programs.
struct Block : Statement {
  std::string_view label{};
  bool not_atomic = false;
  List<Statement*> statements{};  ///< declarations first
  KINTSUGI_SQL_FIELDS(Block, label, not_atomic, statements, directives)
};

enum class DeclareKind : std::uint8_t { kVariable, kCondition, kCursor };

/// DECLARE a, b type [DEFAULT x] | c CONDITION FOR … | c CURSOR FOR query.
struct Declare : Statement {
  DeclareKind declares{};
  List<std::string_view> names{};
  DataType* type = nullptr;
  Expr* default_value = nullptr;
  Expr* condition = nullptr;             ///< an error number, or a SQLSTATE string
  List<RoutineParameter*> parameters{};  ///< of a cursor, in MariaDB
  Query* query = nullptr;
  KINTSUGI_SQL_FIELDS(Declare, declares, names, type, default_value, condition, parameters, query, directives)
};

/// DECLARE action HANDLER FOR conditions statement
struct DeclareHandler : Statement {
  std::string_view action{};  ///< continue, exit, undo
  List<Expr*> conditions{};   ///< numbers, SQLSTATE strings, ColumnRef names, Keyword classes
  Statement* body = nullptr;
  KINTSUGI_SQL_FIELDS(DeclareHandler, action, conditions, body, directives)
};

/// WHEN / IF condition THEN statements; without condition: ELSE.
struct Branch : Node {
  Expr* condition = nullptr;
  List<Statement*> statements{};
  KINTSUGI_SQL_FIELDS(Branch, condition, statements)
};

struct If : Statement {
  List<Branch*> branches{};
  KINTSUGI_SQL_FIELDS(If, branches, directives)
};

struct CaseStatement : Statement {
  Expr* operand = nullptr;
  List<Branch*> branches{};
  KINTSUGI_SQL_FIELDS(CaseStatement, operand, branches, directives)
};

enum class LoopKind : std::uint8_t { kLoop, kWhile, kRepeat };

struct Loop : Statement {
  std::string_view label{};
  LoopKind loop{};
  Expr* condition = nullptr;
  List<Statement*> statements{};
  KINTSUGI_SQL_FIELDS(Loop, label, loop, condition, statements, directives)
};

/// MariaDB: FOR i IN [REVERSE] a .. b DO …, FOR r IN (query) or cursor DO ….
struct ForLoop : Statement {
  std::string_view label{};
  std::string_view variable{};
  bool reverse = false;
  Expr* low = nullptr;  ///< or where `high` is nullptr the cursor: a ColumnRef, or a FunctionCall
  Expr* high = nullptr;
  Query* query = nullptr;
  List<Statement*> statements{};
  KINTSUGI_SQL_FIELDS(ForLoop, label, variable, reverse, low, high, query, statements, directives)
};

/// LEAVE label, ITERATE label.
struct Jump : Statement {
  bool iterate = false;
  std::string_view label{};
  KINTSUGI_SQL_FIELDS(Jump, iterate, label, directives)
};

struct Return : Statement {
  Expr* value = nullptr;
  KINTSUGI_SQL_FIELDS(Return, value, directives)
};

/// OPEN c, CLOSE c, FETCH c INTO a, b; FETCH GROUP NEXT ROW of MariaDB's aggregates, which has no name.
struct Cursor : Statement {
  std::string_view verb{};
  std::string_view name{};
  List<Expr*> arguments{};  ///< OPEN c(1, 2), in MariaDB
  List<std::string_view> into{};
  KINTSUGI_SQL_FIELDS(Cursor, verb, name, arguments, into, directives)
};

}  // namespace kintsugi::sql
