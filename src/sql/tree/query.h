#pragma once

#include "sql/tree/expr.h"

namespace kintsugi::sql {

/// The name of a table, view or other object in a database; `schema` is empty where none was written.
struct TableName : Node {
  std::string_view schema{};
  std::string_view name{};
  KINTSUGI_SQL_FIELDS(TableName, schema, name)
};

/// name (columns) AS (query)
struct CommonTable : Node {
  std::string_view name{};
  List<std::string_view> columns{};
  Query* query = nullptr;
  List<std::string_view> cycle{};  ///< MariaDB: CYCLE columns RESTRICT
  KINTSUGI_SQL_FIELDS(CommonTable, name, columns, query, cycle)
};

struct With : Node {
  bool recursive = false;
  List<CommonTable*> tables{};
  KINTSUGI_SQL_FIELDS(With, recursive, tables)
};

/// LIMIT offset, count; OFFSET … FETCH FIRST … in MariaDB becomes the same.
struct Limit : Node {
  Expr* count = nullptr;
  Expr* offset = nullptr;
  bool with_ties = false;
  Expr* rows_examined = nullptr;
  KINTSUGI_SQL_FIELDS(Limit, count, offset, with_ties, rows_examined)
};

enum class LockStrength : std::uint8_t { kUpdate, kShare, kShareMode };  ///< kShareMode: LOCK IN SHARE MODE
enum class LockWait : std::uint8_t { kDefault, kNowait, kSkipLocked, kWait };

struct Locking : Node {
  LockStrength strength{};
  List<TableName*> of{};
  LockWait wait{};
  Expr* wait_s = nullptr;  ///< of kWait
  KINTSUGI_SQL_FIELDS(Locking, strength, of, wait, wait_s)
};

/// How a file's rows look: of SELECT INTO OUTFILE and LOAD DATA.
struct FileFormat : Node {
  Literal* fields_terminated = nullptr;
  Literal* enclosed = nullptr;
  bool optionally_enclosed = false;
  Literal* escaped = nullptr;
  Literal* lines_starting = nullptr;
  Literal* lines_terminated = nullptr;
  KINTSUGI_SQL_FIELDS(FileFormat, fields_terminated, enclosed, optionally_enclosed, escaped, lines_starting,
                      lines_terminated)
};

/// INTO @a, b | INTO OUTFILE 'f' … | INTO DUMPFILE 'f'
struct Into : Node {
  List<Expr*> variables{};
  Literal* outfile = nullptr;
  Literal* dumpfile = nullptr;
  std::string_view charset{};
  FileFormat* format = nullptr;
  bool last =
      false;  ///< written behind the query, of which some servers warn, rather than behind its select list
  KINTSUGI_SQL_FIELDS(Into, variables, outfile, dumpfile, charset, format, last)
};

/// Anything that yields rows, with what may stand around it.
struct Query : Statement {
  With* with = nullptr;
  List<OrderItem*> order_by{};
  Limit* limit = nullptr;
  List<Locking*> locking{};
  Into* into = nullptr;
};

/// `value [AS alias]`. Without an alias, the server names the column by `source`, the item's text.
struct SelectItem : Node {
  Expr* value = nullptr;  ///< a Star for * and t.*
  std::string_view alias{};
  SourceText source{};
  KINTSUGI_SQL_FIELDS(SelectItem, value, alias, source)
};

/// Words between SELECT and its items, but DISTINCT.
enum SelectOption : std::uint32_t {
  kStraightJoin = 1,
  kHighPriority = 2,
  kSmallResult = 4,
  kBigResult = 8,
  kBufferResult = 16,
  kNoCache = 32,
  kCache = 64,
  kCalcFoundRows = 128,
};

struct Select : Query {
  std::string_view hints{};  ///< inside /*+ … */
  bool distinct = false;
  std::uint32_t options = 0;  ///< SelectOption bits
  List<SelectItem*> items{};
  List<TableRef*> from{};  ///< its commas; empty: no FROM, or FROM DUAL
  bool from_dual = false;
  Expr* where = nullptr;
  List<OrderItem*> group_by{};
  bool with_rollup = false;
  Expr* having = nullptr;
  List<WindowSpec*> windows{};
  FunctionCall* procedure = nullptr;  ///< MariaDB: PROCEDURE analyse(…)
  KINTSUGI_SQL_FIELDS(Select, with, hints, distinct, options, items, from, from_dual, where, group_by,
                      with_rollup, having, windows, order_by, limit, procedure, locking, into, directives)
};

enum class SetOp : std::uint8_t { kNone, kUnion, kExcept, kIntersect };

/// One operand of a set operation, and how it joins what stands to its left.
struct SetArm : Node {
  SetOp op{};  ///< kNone for the first
  bool all = false;
  Query* query = nullptr;
  KINTSUGI_SQL_FIELDS(SetArm, op, all, query)
};

/// a UNION b EXCEPT ALL c: evaluated from left to right. INTERSECT binds tighter, so a chain holds either
/// INTERSECTs only, or none.
struct SetOperation : Query {
  List<SetArm*> arms{};  ///< two at least
  KINTSUGI_SQL_FIELDS(SetOperation, with, arms, order_by, limit, locking, into, directives)
};

/// VALUES (1, 2), (3, 4): a query of MariaDB, with ROW(…) of MySQL, and the rows of an INSERT.
struct Values : Query {
  List<Row*> rows{};
  bool row_keyword = false;
  KINTSUGI_SQL_FIELDS(Values, with, rows, row_keyword, order_by, limit, locking, into, directives)
};

/// TABLE t
struct TableQuery : Query {
  TableName* table = nullptr;
  KINTSUGI_SQL_FIELDS(TableQuery, with, table, order_by, limit, locking, into, directives)
};

/// (inner) with an ORDER BY, LIMIT, … around it, where inner has its own.
struct NestedQuery : Query {
  Query* inner = nullptr;
  KINTSUGI_SQL_FIELDS(NestedQuery, with, inner, order_by, limit, locking, into, directives)
};

enum class HintAction : std::uint8_t { kUse, kForce, kIgnore };
enum class HintScope : std::uint8_t { kAll, kJoin, kOrderBy, kGroupBy };

struct IndexHint : Node {
  HintAction action{};
  HintScope scope{};
  List<std::string_view> indexes{};
  KINTSUGI_SQL_FIELDS(IndexHint, action, scope, indexes)
};

enum class SystemTimeKind : std::uint8_t { kAsOf, kBetween, kFromTo, kAll };

/// FOR SYSTEM_TIME …, of MariaDB's versioned tables.
struct SystemTime : Node {
  SystemTimeKind range{};
  std::string_view unit{};  ///< timestamp, transaction or empty
  Expr* from = nullptr;
  Expr* to = nullptr;
  std::string_view to_unit{};
  KINTSUGI_SQL_FIELDS(SystemTime, range, unit, from, to, to_unit)
};

struct NamedTable : TableRef {
  TableName* name = nullptr;
  List<std::string_view> partitions{};
  SystemTime* system_time = nullptr;
  std::string_view alias{};
  List<IndexHint*> hints{};
  KINTSUGI_SQL_FIELDS(NamedTable, name, partitions, system_time, alias, hints)
};

struct DerivedTable : TableRef {
  bool lateral = false;
  Query* query = nullptr;
  std::string_view alias{};
  List<std::string_view> columns{};
  KINTSUGI_SQL_FIELDS(DerivedTable, lateral, query, alias, columns)
};

enum class JoinKind : std::uint8_t { kInner, kCross, kStraight, kLeft, kRight };

/// A comma inside parentheses becomes a kCross.
struct Join : TableRef {
  JoinKind join{};
  bool natural = false;
  TableRef* left = nullptr;
  TableRef* right = nullptr;
  Expr* on = nullptr;
  List<std::string_view> using_columns{};
  bool parenthesised = false;  ///< in the text; says nothing that the tree does not
  KINTSUGI_SQL_FIELDS(Join, join, natural, left, right, on, using_columns)
};

enum class JsonColumnKind : std::uint8_t { kOrdinality, kPath, kExists, kNested };

struct JsonColumn : Node {
  JsonColumnKind column{};
  std::string_view name{};
  DataType* type = nullptr;
  Literal* path = nullptr;
  JsonOn* on_empty = nullptr;
  JsonOn* on_error = nullptr;
  List<JsonColumn*> columns{};  ///< of kNested
  KINTSUGI_SQL_FIELDS(JsonColumn, column, name, type, path, on_empty, on_error, columns)
};

struct JsonTable : TableRef {
  Expr* document = nullptr;
  Literal* path = nullptr;
  List<JsonColumn*> columns{};
  std::string_view alias{};
  KINTSUGI_SQL_FIELDS(JsonTable, document, path, columns, alias)
};

}  // namespace kintsugi::sql
