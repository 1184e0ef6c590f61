#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sql/grammar/values.h"
#include "sql/lexer.h"

union KT_SQL_STYPE;

namespace kintsugi::sql {

// Beside SelectOption's bits while SELECT's words are read.
inline constexpr unsigned kDistinctBit = 1u << 30;
inline constexpr unsigned kAllBit = 1u << 31;

/// What the grammar's actions call: makes nodes, and hands the lexer's tokens to Bison. One parse, one
/// Builder. `sql` must live in the arena: the tree points into it.
class Builder {
 public:
  enum class Goal { kStatement, kFirstStatement, kExpression };

  Builder(std::string_view sql, Arena& arena, const LexerMode& mode, Goal goal);

  // The parser's sides.
  int lex(KT_SQL_STYPE& value, Location& location);
  /// Remembers the first failure; without a message a syntax error at `location`.
  void fail_at(Location location, const char* message);
  void fail(Error error);
  void syntax_error(Location location) { fail_at(location, nullptr); }
  void finish(Node* root) { root_ = root; }
  /// Notes the end of the first statement; whether that is all that was asked for.
  bool at_semicolon();
  void begin_raw() { raw_ = true; }

  const std::optional<Error>& error() const { return error_; }
  Node* root() const { return root_; }
  std::uint32_t consumed() const { return consumed_; }
  std::uint32_t tokens() const { return tokens_; }
  List<std::string_view> directives() const { return directives_; }

  // Small things.
  template <class T>
  T* make(Location location) {
    T* node = make_node<T>(arena_);
    widen(node, location);
    return node;
  }
  void widen(Node* node, Location location) {
    node->offset = location.begin;
    node->length = location.end - location.begin;
  }
  template <class T>
  List<T*> list(T* first) {
    List<T*> list{};
    list.push_back(arena_, first);
    return list;
  }
  List<std::string_view> list(Word first) {
    List<std::string_view> list{};
    list.push_back(arena_, first);
    return list;
  }
  template <class T>
  List<T*> push(List<T*> list, T* item) {
    list.push_back(arena_, item);
    return list;
  }
  List<std::string_view> push(List<std::string_view> list, Word item) {
    list.push_back(arena_, item);
    return list;
  }
  template <class T>
  List<T*> append(List<T*> list, List<T*> more) {
    for (T* item : more) list.push_back(arena_, item);
    return list;
  }
  List<Expr*> prepend(Expr* first, List<Expr*> rest);
  Word lower(Word text);
  // Each gives the text back, and fails where it is not what may stand there.
  Word not_empty(Word text, Location location);
  /// A word of the user's own that the grammar does not know, such as an engine's option: printed bare.
  Word bare(Word name, Location location);
  /// A name in quotes or not, lower case, that must be one of a few.
  Word one_of(Word text, Location location, std::initializer_list<std::string_view> words);
  Word word(const char* text) { return to_word(text); }
  /// The text at `location` in lower case, one space between its tokens. Of words and numbers only.
  Word normalised(Location location);
  Word named(Word text, Location) { return text; }
  Word concat(Word a, const char* b);

  // Slots for what a rule without a value of its own leaves for the rule around it.
  void put_flag(bool flag) { flag_ = flag; }
  bool take_flag() { return flag_; }
  void put_expr(Expr* expr) { expr_ = expr; }
  void put_word(const char* text) { word_ = text; }
  const char* taken_word() const { return word_; }
  void begin_type() { type_ = make_node<DataType>(arena_); }
  DataType* current_type() { return type_; }
  DataType* take_type(Location location, std::string_view name, std::int64_t size);
  DataType* type(Location location, std::string_view name, std::int64_t size);

  // Expressions.
  Literal* literal(Location location, LiteralKind kind, Word text);
  Literal* number_literal(Location location, std::int64_t value);
  Literal* join_strings(Literal* literal, Word more, Location location);
  std::int64_t to_integer(Word digits, Location location);
  Parameter* parameter(Location location);
  ColumnRef* column(Location location, Word schema, Word table, Word name);
  UserVariable* user_variable(Location location, Word name);
  SystemVariable* system_variable(Location location, Word text);
  Expr* assign(Location location, UserVariable* target, Expr* value);
  Expr* unary(Location location, UnaryOp op, Expr* operand);
  Expr* binary(Location location, BinaryOp op, Expr* left, Expr* right);
  Expr* logical(Location location, LogicalOp op, Expr* left, Expr* right);
  Expr* is(Location location, Expr* value, bool negated, int test);
  Expr* quantified(Location location, int op, Expr* left, bool all, Query* query);
  Expr* in_query(Location location, Expr* value, Query* query, bool negated);
  Expr* in_list(Location location, Expr* value, List<Expr*> list, bool negated);
  Expr* between(Location location, Expr* value, Expr* low, Expr* high, bool negated);
  Expr* like(Location location, Expr* value, Expr* pattern, Expr* escape, bool negated);
  Expr* interval(Location location, Expr* value, Word unit);
  Expr* json_extract(Location location, ColumnRef* column, Literal* path, bool unquote);
  Expr* subquery(Location location, Query* query);
  Expr* odbc_escape(Location location, Word word, Expr* value);
  Expr* sequence_value(Location location, bool previous, TableName* name);
  When* when(Location location, Expr* condition, Expr* result);
  Expr* cast(Location location, Expr* value, DataType* type, bool array, Expr* time_zone);
  Expr* trim(Location location, int side, Expr* remove, Expr* value);
  Expr* substring(Location location, Expr* text, Expr* start, Expr* length);
  Expr* position(Location location, Expr* part, Expr* text);
  Expr* weight_string(Location location, Expr* value, Word as, std::int64_t size, Word levels);
  Expr* json_value(Location location, Expr* document, Expr* path, DataType* returning, JsonOns ons);

  // Calls.
  List<Expr*> next_arg(List<Expr*> args, Expr* arg, Location) { return push(args, arg); }
  Expr* call(Location location, Word name, bool distinct, List<Expr*> args, List<OrderItem*> order,
             Literal* separator, Limit* limit, List<OrderItem*> within, bool ignore_nulls, WindowSpec* over,
             Location distinct_location, Location order_location);
  void check_call_name(Word name, Location location);
  void take_word_argument(FunctionCall* call);
  static bool is_interval(const Expr* expr);
  Expr* call_star(Location location, Word name, WindowSpec* over, Location star);
  Expr* routine_call(Location location, Word schema, Word name, List<Expr*> args);
  FunctionCall* plain_call(Location location, Word name, List<Expr*> args);
  Expr* nth_value(Location location, Expr* value, Expr* n, bool from_last, bool ignore_nulls,
                  WindowSpec* over);
  WindowFrame* frame(Location location, int unit, FrameBound* start, FrameBound* end, Word exclude);
  FrameBound* bound(Location location, FrameBoundKind kind, Expr* value);

  // Queries.
  Query* with_tail(With* with, Query* query, List<OrderItem*> order, Limit* limit, Location location);
  Query* with_locking(Query* query, List<Locking*> locking);
  Query* with_procedure(Query* query, FunctionCall* procedure);
  Query* with_into(Query* query, Into* into);
  Query* inner_query(Query* query);
  Query* set_operation(Location location, Query* left, SetOp op, int all, Query* right);
  Query* values(Location location, List<Row*> rows);
  Select* select(Select* select, Word hints, unsigned options, List<SelectItem*> items, Into* into,
                 Location location);
  Select* select_from(Location location, List<TableRef*> from, Expr* where, List<OrderItem*> group,
                      bool rollup, Expr* having, List<WindowSpec*> windows);
  unsigned select_option(unsigned options, unsigned option, Location location);
  SelectItem* select_item(Location location, Expr* value, Word alias);
  Limit* limit(Location location, Expr* count, Expr* offset);
  Locking* locking(Location location, LockStrength strength, List<TableName*> of, int wait);
  FileFormat* format(Location location) { return make<FileFormat>(location); }
  FileFormat* join_formats(FileFormat* fields, FileFormat* lines);

  // Tables.
  TableName* table_name(Location location, Word schema, Word name);
  TableRef* named_table(Location location, TableName* name, List<std::string_view> partitions,
                        SystemTime* time, Word alias, List<IndexHint*> hints);
  TableRef* derived(Location location, bool lateral, Query* query, Word alias,
                    List<std::string_view> columns);
  TableRef* join(Location location, int kind, TableRef* left, TableRef* right);
  TableRef* bare_join(Location location, int kind, TableRef* left, TableRef* right);
  TableRef* natural_join(Location location, JoinKind kind, TableRef* left, TableRef* right);
  TableRef* parenthesised(List<TableRef*> tables, Location location);
  TableRef* odbc_join(Word word, TableRef* join, Location location);
  TableRef* json_table(Location location, Expr* document, Literal* path, List<JsonColumn*> columns,
                       Word alias);
  JsonColumn* json_column(Location location, JsonColumnKind kind, Word name, DataType* type, Literal* path);
  SystemTime* system_time(Location location, SystemTimeKind range, Word unit, Expr* from, Word to_unit,
                          Expr* to);
  IndexHint* index_hint(Location location, HintAction action, int scope, List<std::string_view> names);

  // Changes of data.
  Insert* insert_head(Location location, bool replace, Word hints, int priority, bool ignore,
                      TableName* table, List<std::string_view> partitions);
  Insert* insert_from(Query* source);
  Insert* insert_set(List<Assignment*> assignments, Location location);
  Statement* insert(Location location, Insert* head, Insert* body, List<Assignment*> on_duplicate,
                    List<SelectItem*> returning, Location duplicate_location);
  Statement* update(Location location, With* with, Word hints, bool low, bool ignore, List<TableRef*> tables,
                    Portion* portion, List<Assignment*> set, Expr* where, List<OrderItem*> order,
                    Limit* limit);
  Statement* delete_one(Location location, Statement* head, TableName* table, Portion* portion,
                        List<std::string_view> partitions, Word alias, List<IndexHint*> hints, Expr* where,
                        List<OrderItem*> order, Limit* limit, List<SelectItem*> returning);
  Statement* delete_many(Location location, Statement* head, List<TableName*> targets, List<TableRef*> from,
                         Expr* where, List<OrderItem*> order, Limit* limit);
  Statement* delete_history(Location location, TableName* table, List<std::string_view> partitions,
                            SystemTime* before);
  Statement* load(Location location, LoadData* head, int duplicates, TableName* table,
                  List<std::string_view> partitions, Word charset, Literal* rows_by, FileFormat* format,
                  Literal* ignore_lines, List<Expr*> columns, List<Assignment*> set);
  Handler* handler(Location location, HandlerAction action, TableName* table);

  // Transactions, variables, accounts.
  void start_option(Begin* begin, int option);
  Statement* xa(Location location, const char* verb, List<Literal*> xid, Word suffix);
  Statement* xa_format(Location location, Word format, Location format_location);
  Keyword* keyword(Location location, std::string_view word);
  /// A word; a name that had to be quoted is the string it is.
  Expr* parameter_value(Location location, Word name);
  Statement* set_transaction(Location location, int scope, Characteristics characteristics);
  Characteristics join_characteristics(Characteristics a, Characteristics b, Location location);
  SetItem* set_item(Location location, SetKind kind, Word name, Expr* value);
  SetItem* set_variable(Location location, int scope, Word prefix, Word name, Expr* value);
  SetItem* set_at_at(Location location, SystemVariable* variable, Expr* value);
  Statement* set_password(Location location, Account* account, Literal* password, PasswordOptions options);
  SetRole* role_choice(Word word, List<Account*> roles);
  Statement* set_role(Location location, SetRole* choice, List<Account*> users, bool default_role);
  Account* account(Location location, Word user);
  AccountSpec* factor(AccountSpec* spec, const char* change, std::int64_t factor, Location location);
  Statement* create_user(Location location, bool alter, bool exists, List<AccountSpec*> accounts,
                         SetRole* role, List<Option*> tls, List<Option*> resources, List<Option*> options);
  Node* privilege(Location location, Location words, List<std::string_view> columns);
  bool split_grant(GrantBase* node, List<Node*> items, bool roles);
  List<AccountSpec*> specs(List<Account*> accounts);
  Node* role_item(Location location, Account* role);
  TableName* grant_name(TableName* name, bool table);
  Grant* grant_as(Location location, Account* user, SetRole* role);
  Statement* grant(Location location, List<Node*> items, TableName* on, List<AccountSpec*> to,
                   List<Option*> tls, List<Option*> with, Grant* as);
  Statement* grant_proxy(Location location, Account* proxy, List<AccountSpec*> to, List<Option*> with);
  Statement* grant_roles(Location location, List<Node*> roles, List<AccountSpec*> to, List<Option*> with);
  Statement* revoke(Location location, bool if_exists, List<Node*> items, TableName* on, List<Account*> from,
                    bool ignore_unknown);
  Statement* revoke_proxy(Location location, bool if_exists, Account* proxy, List<Account*> from,
                          bool ignore_unknown);
  Statement* revoke_roles(Location location, bool if_exists, List<Node*> items, List<Account*> from,
                          bool ignore_unknown);

  // Statements about sessions and servers.
  Show* show(Word what, LikeWhere filter);
  Show* show(const char* what, LikeWhere filter) { return show(word(what), filter); }
  Show* show_own(Location location, Word what, Word object, LikeWhere filter);
  AlterVSchema* alter_vschema(Location location, Word vschema, Location vschema_location,
                              std::string_view action, TableName* object);
  Show* show(Word what, const char* rest, List<std::string_view> channel);
  void show_table(Show* show, TableName* table, Word database);
  Show* show_named(Location location, Word what, LikeWhere filter);
  List<std::string_view> channel(Word name) { return list(name); }
  Statement* use(Location location, Word target, Location target_location);
  Statement* analyze(Location location, Word format, Statement* statement);
  Statement* vexplain(Location location, Word kind, Statement* statement);
  Kill* kill(Location location, Word force, int what);
  Flush* flush(Location location, bool no_binlog);
  Word flush_item(Location location);
  void check_channel(Flush* flush, Location location);
  Statement* maintenance(Location location, const char* verb, bool no_binlog, List<TableName*> tables,
                         Word options);
  Word wait_words(Wait wait);
  Word join_words(const char* first, Word rest);
  Statement* signal(Location location, bool resignal, Expr* condition, List<DiagnosticsItem*> set);
  DiagnosticsItem* diagnostics_item(Location location, Word name, Expr* value);
  Statement* get_diagnostics(Location location, Word area, Expr* condition, List<DiagnosticsItem*> items);
  Statement* raw(Location location, Word verb, Word text);
  Statement* raw(Location location, const char* verb, Word text) { return raw(location, word(verb), text); }

  // Definitions.
  std::string_view lower_plain(std::string_view text);
  Option* option(Location location, Word name, Expr* value);
  List<Option*> add_option(List<Option*> options, Option* option);
  Expr* table_row(Location location, List<TableName*> tables);
  CreateTable* create_query(Location location, int duplicates, Query* query);
  void add_element(CreateTable* table, Node* element);
  /// Fails where parameters would stand in another order once the parts are printed in theirs.
  void check_parameters(const Node& part);
  CreateTable* finish_table(CreateTable* table, CreateTable* elements, List<Option*> options,
                            PartitionBy* partition);
  ColumnDef* column_def(Location location, Word name, DataType* type, ColumnDef* attributes);
  void column_option(ColumnDef* column, Word name, Expr* value);
  void column_option(ColumnDef* column, const char* name, Expr* value) {
    column_option(column, word(name), value);
  }
  bool is_default_expression(Location location, const Expr* value) const;
  void column_unique(ColumnDef* column);
  void column_primary(ColumnDef* column);
  void column_generated(ColumnDef* column, Generated kind, Expr* expression, Location location);
  void column_check(ColumnDef* column, Word name, Expr* condition, Location location);
  void column_enforced(ColumnDef* column, Tristate enforced, Location location);
  KeyDef* key(Location location, KeyKind kind, Word constraint, bool if_not_exists, Word name, Word algorithm,
              List<KeyPart*> parts, List<Option*> options);
  void put_collation(Word collation) { collation_ = collation; }
  void without_overlaps(Word period) { overlaps_ = period; }
  void put_shard_by(ShardBy* shard_by) { shard_by_ = shard_by; }
  PartitionBy* partition(Location location, PartitionMethod method, Expr* expression,
                         List<std::string_view> columns);
  PartitionDef* partition_def(Location location, PartitionValues values, List<Expr*> items);
  AlterAction* alter(Location location, AlterKind kind);
  AlterAction* alter_name(Location location, AlterKind kind, bool if_exists, Word name);
  AlterAction* alter_word(Location location, const char* words);
  AlterAction* alter_option(Location location, Option* option);
  AlterAction* alter_partition_by(Location location, PartitionBy* partition);
  AlterAction* alter_add_column(Location location, bool if_not_exists, ColumnDef* column, Word after);
  AlterAction* alter_add_all(Location location, bool if_not_exists, CreateTable* elements);
  AlterAction* alter_add_check(Location location, Word name, Expr* condition);
  void put_after(AlterAction* action, Word after);
  Statement* alter_table(Location location, bool online, bool ignore, bool if_exists, TableName* table,
                         Wait wait, List<AlterAction*> actions);
  Statement* drop_tables(Location location, TableKind kind, bool temporary, bool if_exists,
                         List<TableName*> tables, Wait wait, Word behaviour);
  Statement* create_index(Location location, bool or_replace, TableName* table, KeyDef* key, Wait wait,
                          List<Option*> options);
  void view_start(Statement* view, CreateHead head, Word algorithm, Location location);
  void view_alter(Statement* view, Account* definer, Word algorithm, Location location);

  // Stored programs.
  Statement* trigger(Location location, CreateHead head, bool if_not_exists, TableName* name, Word time,
                     Word event, TableName* table, TriggerOrder order, Statement* body);
  Statement* routine(Location location, CreateHead head, bool function, bool if_not_exists, TableName* name,
                     List<RoutineParameter*> parameters, DataType* returns, List<Option*> options,
                     Statement* body);
  Statement* loadable(Location location, CreateHead head, bool aggregate, bool if_not_exists, TableName* name,
                      DataType* returns, Literal* soname);
  RoutineParameter* parameter_def(Location location, Word mode, Word name, DataType* type);
  Statement* event(Location location, bool alter, CreateHead head, bool exists, TableName* name,
                   CreateEvent* schedule, int preserve, TableName* rename, Word status, Literal* comment,
                   Statement* body);
  CreateEvent* every(Location location, Expr* value, Word unit, Expr* starts, Expr* ends);
  Statement* cursor(Location location, const char* verb, Word name, List<std::string_view> into);
  void label(Statement* loop, Word label);
  void check_label(Word begin, Word end, Location location);
  Declare* declare(Location location, List<std::string_view> names, DataType* type, Expr* value);
  List<Branch*> add_else(List<Branch*> branches, Branch* last);
  Branch* branch(Location location, Expr* condition, List<Statement*> statements);
  Statement* loop(Location location, LoopKind kind, Expr* condition, List<Statement*> statements);
  Statement* for_range(Location location, Word variable, bool reverse, Expr* low, Expr* high,
                       List<Statement*> statements);

 private:
  Token pull();
  Token& ahead(int n);
  bool ahead_is(int n, std::string_view word);
  int merge(int kind, Location& location, int extra);
  int pair(const Token& token, Location& location);
  int name_pair(std::string_view text, Location& location);
  bool begins_period();
  bool is_delete_history();
  bool in_comment(std::uint32_t offset) const;
  int raw_text(KT_SQL_STYPE& value, Location& location);
  Error syntax_error_at(Location location) const;

  std::string_view sql_;
  Arena& arena_;
  LexerMode mode_;
  Goal goal_;
  Lexer lexer_;
  std::vector<std::uint32_t> comment_edges_;  ///< tokens at which executable comments begin and end, in turn
  Token ahead_[6];
  int ahead_count_ = 0;
  int previous_ = 0;  ///< kind of the token handed over before
  bool started_ = false;
  bool raw_ = false;
  std::uint32_t tokens_ = 0;
  std::uint32_t semicolon_end_ = 0;
  std::uint32_t consumed_ = 0;  ///< the end of the first statement, its `;` included; 0: there was no `;`
  List<std::string_view> directives_{};
  Node* root_ = nullptr;
  std::optional<Error> error_;

  int parameters_ = 0;
  bool flag_ = false;
  Expr* expr_ = nullptr;
  const char* word_ = "";
  DataType* type_ = nullptr;
  ShardBy* shard_by_ = nullptr;
  Word overlaps_{};
  Word collation_{};
};

}  // namespace kintsugi::sql
