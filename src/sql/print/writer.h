#pragma once

#include <string>
#include <string_view>

#include "sql/printer.h"

namespace kintsugi::sql {

/// How tightly an expression binds: one may stand where at least its level is asked for, else in parentheses.
enum class Level : std::uint8_t {
  kAssign,
  kOr,
  kXor,
  kAnd,
  kNot,
  kIsTruth,     ///< IS TRUE and its like: an operand of nothing that binds tighter
  kComparison,  ///< IS NULL too
  kPredicate,   ///< IN, BETWEEN, LIKE, REGEXP, …
  kBitOr,
  kBitAnd,
  kShift,
  kAdd,
  kMultiply,
  kBitXor,
  kConcat,
  kUnary,
  kCollate,
  kPrimary,
};

/// Writes SQL: one overload of write() for each node, spread over the files of this folder by family.
class Writer {
 public:
  Writer(std::string& out, const PrintOptions& options) : out_(out), options_(options) {}

  void node(const Node& node);

#define KINTSUGI_SQL_WRITE(Name) void write(const Name& n);
  KINTSUGI_SQL_NODES(KINTSUGI_SQL_WRITE)
#undef KINTSUGI_SQL_WRITE

 private:
  // Words and names. word() puts a space before, unless the text begins or an opening parenthesis is before.
  void space();
  void word(std::string_view text);
  void word_if(bool condition, std::string_view text) {
    if (condition) word(text);
  }
  void raw(std::string_view text) { out_ += text; }
  void name(std::string_view name);
  /// The name of a character set or collation: a word, which may be `binary`.
  void charset_name(std::string_view name);
  /// Puts parentheses around what stands from `at` on.
  void parenthesise(std::size_t at);
  /// Where the grammar takes fewer words as names than elsewhere: aliases without AS, functions, labels.
  void strict_name(std::string_view name);
  void string(std::string_view value);
  void number(std::int64_t value);
  void names(const List<std::string_view>& names);
  void name_list(const List<std::string_view>& names);  ///< in parentheses
  template <class T>
  void list(const List<T*>& items) {
    for (unsigned i = 0; i < items.count; ++i) {
      if (i != 0) raw(",");
      node(*items[i]);
    }
  }
  template <class T>
  void parenthesised(const List<T*>& items) {
    space();
    raw("(");
    list(items);
    raw(")");
  }

  // Expressions.
  Level level(const Expr& expr) const;
  void expr(const Expr& expr, Level least = Level::kAssign);
  /// In parentheses if it begins with `taken`, which the grammar would take for its own there.
  void expr_not_as(std::string_view taken, const Expr& value, Level least = Level::kAssign);
  void infix(const Expr& left, Level left_least, std::string_view op, const Expr& right, Level right_least);
  void in_parentheses(const Query& query);
  void call_name(const FunctionCall& n);

  // Queries.
  void tail(const Query& n);
  void with(const Query& n);
  void join_side(const TableRef& table, bool right);
  void alias(std::string_view alias);
  void where(const Expr* condition);
  void order_by(const List<OrderItem*>& items);
  void limit(const Limit* limit);
  void hints(std::string_view hints);
  void point_in_time(std::string_view unit, const Expr* time);
  void delete_name(const TableName& table);
  void partitions(const List<std::string_view>& names);
  void json_on(const JsonOn* on, std::string_view event);
  void returning(const List<SelectItem*>& items);
  void literal_clause(std::string_view words, const Literal* literal);
  void directives(const Statement& statement);

  // Definitions.
  void quoted_name(std::string_view name);
  void period_name(std::string_view period);
  void definer(const Account* account);
  void comment(const Literal* text);
  void wait(const Expr* seconds, bool nowait);
  void signed_literal(const Expr& value);
  void option_value(const Expr& value);
  void equals_option(const Option& option);
  void options(const List<Option*>& options);
  void default_value(const Expr& value, bool expression);
  void key_parts(const KeyDef& key);
  void key_options(const List<Option*>& options);
  void partition_method(const PartitionBy& partition);
  void table_elements(const CreateTable& table);
  void placement(const AlterAction& action);
  void add_columns(const AlterAction& action);
  void alter_column(const AlterAction& action);
  void named_action(std::string_view words, const AlterAction& action);
  void alter_partition(const AlterAction& action);

  // Administration and stored programs.
  void variable_name(std::string_view prefix, std::string_view variable);
  void access_mode(AccessMode access);
  void role_choice(std::string_view choice, const List<Account*>& roles);
  void kill_id(const Expr& id);
  void show_running(const Show& show);
  void show_rest(const Show& show);
  void backtick_unless(bool bare, std::string_view name);
  void system_variable(VariableScope scope, std::string_view prefix, std::string_view name);
  void chain_release(Tristate chain, Tristate release);
  void alternative(const AccountSpec& spec);
  void identification(const AccountSpec& spec);
  void tls_and_resources(const List<Option*>& tls, const List<Option*>& resources);
  void grant_what(const GrantBase& grant);
  void statements(const List<Statement*>& statements);
  void label(std::string_view label);
  void condition(const Expr& condition);

  std::string& out_;
  const PrintOptions& options_;
  bool tight_ = false;  ///< after a sign: what comes next touches it
};

}  // namespace kintsugi::sql
