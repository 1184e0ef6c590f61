#pragma once

#include "sql/tree/node.h"

namespace kintsugi::sql {

struct Query;
struct DataType;
struct WindowSpec;
struct OrderItem;
struct Limit;
struct TableName;
struct RoutineParameter;

/// What a literal is. null, true and false are words, not values that a fingerprint replaces.
enum class LiteralKind : std::uint8_t {
  kNull,
  kTrue,
  kFalse,
  kInteger,    ///< text: digits
  kDecimal,    ///< text: digits with a point
  kFloat,      ///< text: with an exponent
  kString,     ///< text: the value, escapes resolved, adjacent strings joined
  kNational,   ///< N'…'; text as kString
  kHexNumber,  ///< 0x…; text: the digits
  kHexString,  ///< X'…'; text: the digits
  kBit,        ///< 0b… and b'…'; text: the digits
  kDate,       ///< DATE '…', {d '…'}; text as kString
  kTime,
  kTimestamp,
};

struct Literal : Expr {
  LiteralKind literal = LiteralKind::kNull;
  std::string_view text{};
  std::string_view charset{};  ///< of an introducer, without its underscore: _latin1'x'
  bool braces = false;         ///< {d '…'}, {t '…'}, {ts '…'}: a string where the text is no date or time
  /// Its number among the literals of the text, from 0, once `parameterize` (fingerprint.h) has run; else -1.
  std::int32_t ordinal = -1;
  KINTSUGI_SQL_FIELDS(Literal, literal, text, charset, braces)
};

/// `?`
struct Parameter : Expr {
  std::int32_t index = 0;  ///< from 0, in the order of the text
  KINTSUGI_SQL_FIELDS(Parameter, index)
};

/// A column, or in a stored program a variable. What was not written is empty.
struct ColumnRef : Expr {
  std::string_view schema{};
  std::string_view table{};
  std::string_view name{};
  KINTSUGI_SQL_FIELDS(ColumnRef, schema, table, name)
};

/// `*`, `t.*`, `s.t.*`: a select item, or the argument of count(*).
struct Star : Expr {
  std::string_view schema{};
  std::string_view table{};
  KINTSUGI_SQL_FIELDS(Star, schema, table)
};

struct UserVariable : Expr {
  std::string_view name{};  ///< without @ and quotes
  KINTSUGI_SQL_FIELDS(UserVariable, name)
};

enum class VariableScope : std::uint8_t { kNone, kGlobal, kSession, kLocal, kPersist, kPersistOnly };

/// @@name, @@global.name, @@cache.name
struct SystemVariable : Expr {
  VariableScope scope = VariableScope::kNone;
  std::string_view prefix{};  ///< the part before the last point, of a structured variable
  std::string_view name{};
  KINTSUGI_SQL_FIELDS(SystemVariable, scope, prefix, name)
};

/// @a := value
struct Assign : Expr {
  UserVariable* target = nullptr;
  Expr* value = nullptr;
  KINTSUGI_SQL_FIELDS(Assign, target, value)
};

enum class UnaryOp : std::uint8_t { kNot, kNegate, kPlus, kBitNot, kBinary };

/// `-5` is a kNegate of the literal 5. `!x` is kNot, as `not x` is.
struct Unary : Expr {
  UnaryOp op{};
  Expr* operand = nullptr;
  KINTSUGI_SQL_FIELDS(Unary, op, operand)
};

enum class BinaryOp : std::uint8_t {
  kEqual,
  kNullSafeEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,  // up to here: comparisons, which Quantified has too
  kXor,
  kRegexp,
  kNotRegexp,
  kSoundsLike,
  kMemberOf,
  kBitOr,
  kBitAnd,
  kShiftLeft,
  kShiftRight,
  kAdd,  ///< an operand may be an Interval
  kSubtract,
  kMultiply,
  kDivide,
  kIntDivide,
  kModulo,
  kBitXor,
  kConcat,  ///< || under PIPES_AS_CONCAT
};
inline bool is_comparison(BinaryOp op) { return op <= BinaryOp::kGreaterEqual; }

struct Binary : Expr {
  BinaryOp op{};
  Expr* left = nullptr;
  Expr* right = nullptr;
  KINTSUGI_SQL_FIELDS(Binary, op, left, right)
};

enum class LogicalOp : std::uint8_t { kAnd, kOr };

/// A chain of AND or of OR, two operands at least, flat: no operand is a Logical of the same operator.
struct Logical : Expr {
  LogicalOp op{};
  List<Expr*> operands{};
  KINTSUGI_SQL_FIELDS(Logical, op, operands)
};

/// left op ANY|ALL (query). SOME is ANY.
struct Quantified : Expr {
  BinaryOp op{};  ///< a comparison
  bool all = false;
  Expr* left = nullptr;
  Query* query = nullptr;
  KINTSUGI_SQL_FIELDS(Quantified, op, all, left, query)
};

struct Between : Expr {
  Expr* value = nullptr;
  Expr* low = nullptr;
  Expr* high = nullptr;
  bool negated = false;
  KINTSUGI_SQL_FIELDS(Between, value, low, high, negated)
};

/// value [NOT] IN (list) or IN (query): one of both is set.
struct In : Expr {
  Expr* value = nullptr;
  List<Expr*> list{};
  Query* query = nullptr;
  bool negated = false;
  KINTSUGI_SQL_FIELDS(In, value, list, query, negated)
};

struct Like : Expr {
  Expr* value = nullptr;
  Expr* pattern = nullptr;
  Expr* escape = nullptr;
  bool negated = false;
  KINTSUGI_SQL_FIELDS(Like, value, pattern, escape, negated)
};

enum class IsTest : std::uint8_t { kNull, kTrue, kFalse, kUnknown };

struct Is : Expr {
  Expr* value = nullptr;
  IsTest test{};
  bool negated = false;
  KINTSUGI_SQL_FIELDS(Is, value, test, negated)
};

struct Exists : Expr {
  Query* query = nullptr;
  KINTSUGI_SQL_FIELDS(Exists, query)
};

/// A query where a value or a row stands.
struct Subquery : Expr {
  Query* query = nullptr;
  KINTSUGI_SQL_FIELDS(Subquery, query)
};

/// (a, b), ROW(a, b), and a row of VALUES (which may have one item, none, and Default among them).
struct Row : Expr {
  List<Expr*> items{};
  bool keyword = false;  ///< ROW in the text; says nothing that the tree does not
  KINTSUGI_SQL_FIELDS(Row, items)
};

struct When : Node {
  Expr* condition = nullptr;
  Expr* result = nullptr;
  KINTSUGI_SQL_FIELDS(When, condition, result)
};

struct Case : Expr {
  Expr* operand = nullptr;  ///< nullptr: each WHEN is a condition
  List<When*> whens{};
  Expr* otherwise = nullptr;
  KINTSUGI_SQL_FIELDS(Case, operand, whens, otherwise)
};

/// CAST(value AS type), CONVERT(value, type).
struct Cast : Expr {
  Expr* value = nullptr;
  DataType* type = nullptr;
  bool array = false;         ///< AS type ARRAY, of a multi-valued index
  Expr* time_zone = nullptr;  ///< CAST(value AT TIME ZONE '…' AS DATETIME)
  KINTSUGI_SQL_FIELDS(Cast, value, type, array, time_zone)
};

struct ConvertUsing : Expr {
  Expr* value = nullptr;
  std::string_view charset{};
  KINTSUGI_SQL_FIELDS(ConvertUsing, value, charset)
};

struct Collate : Expr {
  Expr* value = nullptr;
  std::string_view collation{};
  KINTSUGI_SQL_FIELDS(Collate, value, collation)
};

/// INTERVAL value unit: an operand of + and -, an argument of date_add and its like, a frame's bound.
struct Interval : Expr {
  Expr* value = nullptr;
  std::string_view unit{};  ///< lower case: day, day_hour
  KINTSUGI_SQL_FIELDS(Interval, value, unit)
};

/// Any call `name(args)`, of an aggregate or window function too.
struct FunctionCall : Expr {
  std::string_view schema{};
  std::string_view name{};  ///< lower case, but as written where it has a schema
  List<Expr*> args{};  ///< a Star alone in count(*); an Interval or a Keyword where the function takes one
  bool bare = false;   ///< CURRENT_ROLE without parentheses: to MySQL a column
  bool distinct = false;
  List<OrderItem*> order_by{};  ///< inside group_concat and its like, or WITHIN GROUP
  bool within_group = false;
  Literal* separator = nullptr;  ///< of group_concat
  Limit* limit = nullptr;        ///< of MariaDB's group_concat
  std::string_view charset{};    ///< CHAR(… USING charset)
  bool from_last = false;        ///< nth_value(…) FROM LAST
  bool ignore_nulls = false;
  WindowSpec* over = nullptr;  ///< set: a window function
  KINTSUGI_SQL_FIELDS(FunctionCall, schema, name, args, bare, distinct, order_by, within_group, separator,
                      limit, charset, from_last, ignore_nulls, over)
};

struct Extract : Expr {
  std::string_view unit{};
  Expr* value = nullptr;
  KINTSUGI_SQL_FIELDS(Extract, unit, value)
};

enum class TrimSide : std::uint8_t { kBoth, kLeading, kTrailing };

/// TRIM([side] [remove] FROM value)
struct Trim : Expr {
  TrimSide side{};
  Expr* remove = nullptr;
  Expr* value = nullptr;
  KINTSUGI_SQL_FIELDS(Trim, side, remove, value)
};

/// WEIGHT_STRING(value [AS CHAR|BINARY (length)] [LEVEL …])
struct WeightString : Expr {
  Expr* value = nullptr;
  std::string_view as{};  ///< char, binary or empty
  std::int64_t as_length = -1;
  std::string_view levels{};  ///< after LEVEL: "1", "1, 2 desc", "1 - 3"
  KINTSUGI_SQL_FIELDS(WeightString, value, as, as_length, levels)
};

enum class MatchMode : std::uint8_t { kNone, kNatural, kNaturalExpansion, kBoolean, kExpansion };

struct Match : Expr {
  List<Expr*> columns{};
  Expr* against = nullptr;
  MatchMode mode{};
  KINTSUGI_SQL_FIELDS(Match, columns, against, mode)
};

/// VALUES(column), VALUE(column) of MariaDB, in ON DUPLICATE KEY UPDATE.
struct ValuesOf : Expr {
  ColumnRef* column = nullptr;
  bool value_word = false;
  KINTSUGI_SQL_FIELDS(ValuesOf, column, value_word)
};

struct DefaultOf : Expr {
  ColumnRef* column = nullptr;
  KINTSUGI_SQL_FIELDS(DefaultOf, column)
};

/// DEFAULT as a value of INSERT, UPDATE, SET.
struct Default : Expr {
  KINTSUGI_SQL_FIELDS(Default)
};

/// IGNORE as a value of MariaDB's INSERT.
struct IgnoreValue : Expr {
  KINTSUGI_SQL_FIELDS(IgnoreValue)
};

/// A word where an expression may stand: timestampadd(day, …), get_format(date, …), SET x = on.
struct Keyword : Expr {
  std::string_view word{};  ///< lower case
  KINTSUGI_SQL_FIELDS(Keyword, word)
};

/// column -> path, column ->> path
struct JsonExtract : Expr {
  Expr* column = nullptr;
  Literal* path = nullptr;
  bool unquote = false;
  KINTSUGI_SQL_FIELDS(JsonExtract, column, path, unquote)
};

enum class JsonOnAction : std::uint8_t { kNull, kError, kDefault };

/// NULL | ERROR | DEFAULT value ON EMPTY | ON ERROR
struct JsonOn : Node {
  JsonOnAction action{};
  Expr* value = nullptr;
  KINTSUGI_SQL_FIELDS(JsonOn, action, value)
};

struct JsonValue : Expr {
  Expr* document = nullptr;
  Expr* path = nullptr;
  DataType* returning = nullptr;
  JsonOn* on_empty = nullptr;
  JsonOn* on_error = nullptr;
  KINTSUGI_SQL_FIELDS(JsonValue, document, path, returning, on_empty, on_error)
};

/// NEXT VALUE FOR s, PREVIOUS VALUE FOR s. (NEXTVAL(s) is a FunctionCall of a ColumnRef.)
struct SequenceValue : Expr {
  bool previous = false;
  TableName* sequence = nullptr;
  KINTSUGI_SQL_FIELDS(SequenceValue, previous, sequence)
};

/// An item of ORDER BY, GROUP BY, PARTITION BY.
struct OrderItem : Node {
  Expr* value = nullptr;
  bool descending = false;
  KINTSUGI_SQL_FIELDS(OrderItem, value, descending)
};

enum class FrameBoundKind : std::uint8_t {
  kUnboundedPreceding,
  kPreceding,
  kCurrentRow,
  kFollowing,
  kUnboundedFollowing,
};

struct FrameBound : Node {
  FrameBoundKind bound{};
  Expr* value = nullptr;  ///< of kPreceding and kFollowing
  KINTSUGI_SQL_FIELDS(FrameBound, bound, value)
};

enum class FrameUnit : std::uint8_t { kRows, kRange, kGroups };

struct WindowFrame : Node {
  FrameUnit unit{};
  FrameBound* start = nullptr;
  FrameBound* end = nullptr;   ///< nullptr: no BETWEEN
  std::string_view exclude{};  ///< current row, group, ties, no others, or empty
  KINTSUGI_SQL_FIELDS(WindowFrame, unit, start, end, exclude)
};

/// OVER name, OVER (…), or an item of the WINDOW clause.
struct WindowSpec : Node {
  std::string_view name{};  ///< of an item of the WINDOW clause
  bool bare = false;        ///< OVER base: no parentheses, only `base` is set
  std::string_view base{};
  List<OrderItem*> partition_by{};
  List<OrderItem*> order_by{};
  WindowFrame* frame = nullptr;
  KINTSUGI_SQL_FIELDS(WindowSpec, name, bare, base, partition_by, order_by, frame)
};

/// A column's type, or the target of a cast.
struct DataType : Node {
  /// Lower case, synonyms as SHOW CREATE TABLE writes them: int, bigint, decimal, double, varchar, …
  /// In MariaDB's stored programs also `type of`, `row type of` and `row`.
  std::string_view name{};
  std::int64_t size = -1;  ///< (size) or (size, scale); -1: not written
  std::int64_t scale = -1;
  List<Literal*> values{};  ///< of enum and set
  bool is_unsigned = false;
  bool zerofill = false;
  bool binary = false;  ///< CHAR … BINARY: the binary collation of its character set
  std::string_view charset{};
  std::string_view collation{};
  bool compressed = false;  ///< MariaDB's COMPRESSED column
  ColumnRef* of = nullptr;  ///< the column, table, cursor or variable after `type of`
  List<RoutineParameter*> row_fields{};
  KINTSUGI_SQL_FIELDS(DataType, name, size, scale, values, is_unsigned, zerofill, binary, charset, collation,
                      compressed, of, row_fields)
};

}  // namespace kintsugi::sql
