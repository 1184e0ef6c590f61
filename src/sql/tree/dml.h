#pragma once

#include "sql/tree/query.h"

namespace kintsugi::sql {

enum class Priority : std::uint8_t { kNone, kLow, kHigh, kDelayed, kConcurrent };

struct Assignment : Node {
  ColumnRef* column = nullptr;
  Expr* value = nullptr;  ///< a Default may stand here
  KINTSUGI_SQL_FIELDS(Assignment, column, value)
};

/// INSERT and REPLACE in every form: VALUES and SET both come as a Values in `source`.
struct Insert : Statement {
  bool replace = false;
  std::string_view hints{};
  Priority priority{};
  bool ignore = false;
  TableName* table = nullptr;
  List<std::string_view> partitions{};
  List<ColumnRef*> columns{};
  bool has_columns = false;  ///< () was written, or more: INSERT t () VALUES ()
  bool set_form = false;     ///< written as SET a = 1: columns and the one row of `source`
  Query* source = nullptr;
  std::string_view row_alias{};  ///< VALUES … AS alias(columns)
  List<std::string_view> row_alias_columns{};
  List<Assignment*> on_duplicate{};
  List<SelectItem*> returning{};
  KINTSUGI_SQL_FIELDS(Insert, replace, hints, priority, ignore, table, partitions, columns, has_columns,
                      set_form, source, row_alias, row_alias_columns, on_duplicate, returning, directives)
};

/// FOR PORTION OF period FROM a TO b, of MariaDB's application-time periods.
struct Portion : Node {
  std::string_view period{};
  Expr* from = nullptr;
  Expr* to = nullptr;
  KINTSUGI_SQL_FIELDS(Portion, period, from, to)
};

/// Single-table if `tables` is one NamedTable; else multi-table.
struct Update : Statement {
  With* with = nullptr;
  std::string_view hints{};
  bool low_priority = false;
  bool ignore = false;
  List<TableRef*> tables{};
  Portion* portion = nullptr;
  List<Assignment*> set{};
  Expr* where = nullptr;
  List<OrderItem*> order_by{};
  Limit* limit = nullptr;
  KINTSUGI_SQL_FIELDS(Update, with, hints, low_priority, ignore, tables, portion, set, where, order_by, limit,
                      directives)
};

/// Single-table if `targets` is empty: then `from` is one NamedTable. Else multi-table: rows of `targets`,
/// which name tables or aliases of `from`, are deleted.
struct Delete : Statement {
  With* with = nullptr;
  std::string_view hints{};
  bool low_priority = false;
  bool quick = false;
  bool ignore = false;
  bool history = false;  ///< MariaDB: DELETE HISTORY FROM t [BEFORE SYSTEM_TIME x]
  List<TableName*> targets{};
  List<TableRef*> from{};
  Portion* portion = nullptr;
  SystemTime* before = nullptr;  ///< of `history`: its `from`
  Expr* where = nullptr;
  List<OrderItem*> order_by{};
  Limit* limit = nullptr;
  List<SelectItem*> returning{};
  KINTSUGI_SQL_FIELDS(Delete, with, hints, low_priority, quick, ignore, history, targets, from, portion,
                      before, where, order_by, limit, returning, directives)
};

enum class OnDuplicate : std::uint8_t { kNone, kReplace, kIgnore };

struct LoadData : Statement {
  bool xml = false;
  Priority priority{};
  bool local = false;
  Literal* file = nullptr;
  OnDuplicate duplicates{};
  TableName* table = nullptr;
  List<std::string_view> partitions{};
  std::string_view charset{};
  Literal* rows_identified_by = nullptr;
  FileFormat* format = nullptr;
  Literal* ignore_lines = nullptr;
  List<Expr*> columns{};  ///< ColumnRef and UserVariable
  List<Assignment*> set{};
  KINTSUGI_SQL_FIELDS(LoadData, xml, priority, local, file, duplicates, table, partitions, charset,
                      rows_identified_by, format, ignore_lines, columns, set, directives)
};

struct Call : Statement {
  TableName* routine = nullptr;
  List<Expr*> args{};
  KINTSUGI_SQL_FIELDS(Call, routine, args, directives)
};

struct Do : Statement {
  List<SelectItem*> items{};
  KINTSUGI_SQL_FIELDS(Do, items, directives)
};

enum class HandlerAction : std::uint8_t { kOpen, kClose, kRead };

/// HANDLER t OPEN [AS a] | CLOSE | READ [index] direction [(values)] [WHERE …] [LIMIT …]
struct Handler : Statement {
  HandlerAction action{};
  TableName* table = nullptr;
  std::string_view alias{};
  std::string_view index{};
  std::string_view direction{};  ///< first, next, prev, last, or a comparison: =, >=, …
  List<Expr*> values{};
  Expr* where = nullptr;
  Limit* limit = nullptr;
  KINTSUGI_SQL_FIELDS(Handler, action, table, alias, index, direction, values, where, limit, directives)
};

}  // namespace kintsugi::sql
