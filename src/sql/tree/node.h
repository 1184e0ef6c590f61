#pragma once

#include <cstdint>
#include <string_view>

#include "sql/arena.h"

// Every node of the tree, by family. The lists make NodeKind, and the walk, clone, equal and dump of tree.h.
// clang-format off
#define KINTSUGI_SQL_EXPRESSIONS(X)                                                                        \
  X(Literal) X(Parameter) X(ColumnRef) X(Star) X(UserVariable) X(SystemVariable) X(Assign) X(Unary)        \
  X(Binary) X(Logical) X(Quantified) X(Between) X(In) X(Like) X(Is) X(Exists) X(Subquery) X(Row) X(Case)   \
  X(Cast) X(ConvertUsing) X(Collate) X(Interval) X(FunctionCall) X(Extract) X(Trim) X(WeightString)        \
  X(Match) X(ValuesOf) X(DefaultOf) X(Default) X(IgnoreValue) X(Keyword) X(JsonExtract) X(JsonValue)       \
  X(SequenceValue)
#define KINTSUGI_SQL_TABLE_REFS(X) X(NamedTable) X(DerivedTable) X(Join) X(JsonTable)
#define KINTSUGI_SQL_QUERIES(X) X(Select) X(SetOperation) X(Values) X(TableQuery) X(NestedQuery)
#define KINTSUGI_SQL_PARTS(X)                                                                              \
  X(When) X(OrderItem) X(WindowSpec) X(WindowFrame) X(FrameBound) X(DataType) X(JsonOn) X(TableName)       \
  X(With) X(CommonTable) X(Limit) X(Locking) X(Into) X(FileFormat) X(SelectItem) X(SetArm) X(IndexHint)    \
  X(SystemTime) X(JsonColumn) X(Assignment) X(Portion) X(Option) X(ColumnDef) X(KeyDef) X(KeyPart)         \
  X(Reference) X(Check) X(Period) X(PartitionBy) X(PartitionDef) X(ShardBy) X(AlterAction) X(RenamePair)   \
  X(RoutineParameter) X(Account) X(AccountSpec) X(GrantPrivilege) X(SetItem) X(LockedTable) X(Branch)      \
  X(DiagnosticsItem)
#define KINTSUGI_SQL_STATEMENTS(X)                                                                         \
  X(Insert) X(Update) X(Delete) X(LoadData) X(Call) X(Do) X(Handler) X(CreateTable) X(AlterTable)          \
  X(DropTables) X(RenameTables) X(TruncateTable) X(CreateIndex) X(DropIndex) X(CreateView)                 \
  X(CreateDatabase) X(AlterDatabase) X(AlterVSchema) X(CreateSequence) X(CreateTrigger) X(CreateRoutine)                   \
  X(AlterRoutine) X(CreateEvent) X(DropObject) X(Set) X(SetTransaction) X(SetPassword) X(SetRole) X(Show)  \
  X(Use) X(Explain) X(Begin) X(Commit) X(Rollback) X(Savepoint) X(ReleaseSavepoint) X(Xa) X(LockTables)    \
  X(UnlockTables) X(Kill) X(Prepare) X(Execute) X(Deallocate) X(Flush) X(TableMaintenance) X(CreateUser)   \
  X(DropUser) X(RenameUser) X(Grant) X(Revoke) X(Signal) X(GetDiagnostics) X(Raw) X(Block) X(Declare)      \
  X(DeclareHandler) X(If) X(CaseStatement) X(Loop) X(ForLoop) X(Jump) X(Return) X(Cursor)
// clang-format on
#define KINTSUGI_SQL_NODES(X) \
  KINTSUGI_SQL_EXPRESSIONS(X) \
  KINTSUGI_SQL_TABLE_REFS(X) KINTSUGI_SQL_PARTS(X) KINTSUGI_SQL_QUERIES(X) KINTSUGI_SQL_STATEMENTS(X)

// KINTSUGI_SQL_FIELDS(Type, member…) inside a node names what it means, once: clone, equal, the walk and the
// dump all follow it. What it leaves out (positions in the text) is copied by clone and ignored by equal.
#define KINTSUGI_SQL_PARENS ()
#define KINTSUGI_SQL_EXPAND(...) KINTSUGI_SQL_EXPAND1(KINTSUGI_SQL_EXPAND1(KINTSUGI_SQL_EXPAND1(__VA_ARGS__)))
#define KINTSUGI_SQL_EXPAND1(...) \
  KINTSUGI_SQL_EXPAND2(KINTSUGI_SQL_EXPAND2(KINTSUGI_SQL_EXPAND2(__VA_ARGS__)))
#define KINTSUGI_SQL_EXPAND2(...) \
  KINTSUGI_SQL_EXPAND3(KINTSUGI_SQL_EXPAND3(KINTSUGI_SQL_EXPAND3(__VA_ARGS__)))
#define KINTSUGI_SQL_EXPAND3(...) __VA_ARGS__
#define KINTSUGI_SQL_EACH(member, ...) \
  f(#member, self.member);             \
  __VA_OPT__(KINTSUGI_SQL_EACH_AGAIN KINTSUGI_SQL_PARENS(__VA_ARGS__))
#define KINTSUGI_SQL_EACH_AGAIN() KINTSUGI_SQL_EACH
#define KINTSUGI_SQL_FIELDS(Type, ...)                                     \
  static constexpr NodeKind kKind = NodeKind::k##Type;                     \
  template <class Self, class F>                                           \
  static void fields([[maybe_unused]] Self& self, [[maybe_unused]] F& f) { \
    __VA_OPT__(KINTSUGI_SQL_EXPAND(KINTSUGI_SQL_EACH(__VA_ARGS__)))        \
  }

namespace kintsugi::sql {

enum class NodeKind : std::uint8_t {
#define KINTSUGI_SQL_KIND(Name) k##Name,
  KINTSUGI_SQL_NODES(KINTSUGI_SQL_KIND)
#undef KINTSUGI_SQL_KIND
};

/// What every part of a tree is. Lives in an Arena, is never destroyed, may be shared by several parents as
/// long as nobody changes it. `offset` and `length` cut the node out of the text that was parsed (both 0 in
/// a node that was made, not parsed). A parsed tree is at most kTreeDepthMax (parser.h) deep: walks may
/// recurse.
struct Node {
  NodeKind kind;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

/// A value, a condition, or what stands where an expression may.
struct Expr : Node {};
/// What may stand in FROM.
struct TableRef : Node {};
/// What can be sent alone.
struct Statement : Node {
  /// The text inside each `/*kintsugi … */` and `/*vt+ … */`, trimmed, in order. Only on the outermost
  /// statement.
  List<std::string_view> directives{};
};

/// A piece of the text as the user wrote it: copied by clone, ignored by equal.
struct SourceText {
  std::string_view text;
};

/// A new node of type T. `arena.make<T>()` does not set the kind: use this.
template <class T>
T* make_node(Arena& arena) {
  T* node = arena.make<T>();
  node->kind = T::kKind;
  return node;
}

template <class T>
bool is(const Node* node) {
  return node != nullptr && node->kind == T::kKind;
}
/// `node` as a T, or nullptr if it is none (or is nullptr itself).
template <class T>
T* as(Node* node) {
  return is<T>(node) ? static_cast<T*>(node) : nullptr;
}
template <class T>
const T* as(const Node* node) {
  return is<T>(node) ? static_cast<const T*>(node) : nullptr;
}

bool is_expr(NodeKind kind);
bool is_table_ref(NodeKind kind);
bool is_query(NodeKind kind);      ///< Select, SetOperation, …: queries are statements too
bool is_statement(NodeKind kind);  ///< queries included
std::string_view kind_name(NodeKind kind);

}  // namespace kintsugi::sql
