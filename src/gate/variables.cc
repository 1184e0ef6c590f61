#include "gate/variables.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/lower_case.h"
#include "base/units.h"
#include "gate/errors.h"
#include "gate/gate_options.h"
#include "gate/isolation.h"
#include "mysql/charset.h"
#include "mysql/quote.h"

namespace kintsugi::gate {
namespace {

/// Of the client's connection, see is_connection_variable().
constexpr std::array kConnectionVariables = {"wait_timeout", "interactive_timeout", "net_read_timeout",
                                             "net_write_timeout", "sql_select_limit"};
/// Work once, or cannot be read: no other connection could be given what they mean.
constexpr std::array kNotCarried = {"insert_id", "rand_seed1", "rand_seed2", "gtid_next", "pseudo_thread_id"};
/// Set by one statement together.
constexpr std::array kCharsetVariables = {"character_set_client", "character_set_connection",
                                          "character_set_results", "collation_connection"};

template <std::size_t N>
bool contains(const std::array<const char*, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void touch(SetPlan& plan, std::string name) {
  if (std::find(plan.touched.begin(), plan.touched.end(), name) == plan.touched.end()) {
    plan.touched.push_back(std::move(name));
  }
}

/// Whether the value is the same wherever and whenever it is computed.
bool is_constant(const sql::Expr* value) {
  if (value == nullptr || sql::is<sql::Literal>(value) || sql::is<sql::Default>(value) ||
      sql::is<sql::Keyword>(value)) {
    return true;
  }
  const auto* unary = sql::as<sql::Unary>(value);
  return unary != nullptr && is_constant(unary->operand);
}

bool parse_seconds(std::string_view text, double& seconds) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr double kMost = 86'400;
  return failed == std::errc() && end == text.data() + text.size() && seconds >= 0 && seconds <= kMost;
}

std::string word_of(const sql::Expr* value) {
  if (const auto* literal = sql::as<sql::Literal>(value)) {
    if (literal->literal == sql::LiteralKind::kTrue) return "true";
    return literal->literal == sql::LiteralKind::kFalse ? "false" : lower_case(literal->text);
  }
  if (const auto* keyword = sql::as<sql::Keyword>(value)) return std::string(keyword->word);
  if (const auto* column = sql::as<sql::ColumnRef>(value)) return lower_case(column->name);
  return sql::is<sql::Default>(value) ? "default" : "";
}

/// Seconds, or a duration with its unit.
bool is_lag(const std::string& word) {
  Duration duration{};
  double seconds = 0;
  return parse_duration(word, duration) || parse_seconds(word, seconds);
}

/// Variables of the gate's own, with what they may be.
struct OwnVariable {
  std::string_view name, may_be;
  bool (*valid)(const std::string& word);
};
constexpr OwnVariable kOwnVariables[] = {
    {"transaction_mode", "'single', 'multi' or 'atomic'",
     [](const std::string& word) {
       return std::ranges::find(kTransactionModes, word) != kTransactionModes.end();
     }},
    {"read_your_writes", "ON or OFF",
     [](const std::string& word) {
       return word == "on" || word == "off" || word == "1" || word == "0" || word == "true" ||
              word == "false";
     }},
    {"max_replica_lag", "a number of seconds, or a time such as '500ms' or '5s'", is_lag},
};

/// Nothing: the variable is the servers'.
std::optional<Result<void>> set_own(const sql::SetItem& item, std::string_view name, SetPlan& plan) {
  for (const OwnVariable& variable : kOwnVariables) {
    if (variable.name != name) continue;
    const std::string word = word_of(item.value);
    if (word != "default" && !variable.valid(word))
      return failure(kInvalidArgument, fmt::format("{} is {}", name, variable.may_be));
    plan.own.emplace_back(name, word);
    return Result<void>();
  }
  return std::nullopt;
}

/// The isolation level and access of transactions: every server understands SET TRANSACTION.
Result<void> set_characteristic(const sql::SetItem& item, const std::string& name, SetPlan& plan) {
  const std::string word = word_of(item.value);
  const std::optional<std::string> words = transaction_characteristic(name, word);
  const bool next = item.at_at && item.scope == sql::VariableScope::kNone;
  if (next && !words) return failure(kInvalidArgument, fmt::format("{} cannot be '{}'", name, word));
  if (next) {
    plan.next_transaction = *words;
    return {};
  }
  if (words) plan.text = "SET SESSION TRANSACTION " + *words;
  touch(plan, name);
  return {};
}

Result<void> analyse_variable(const sql::SetItem& item, SetPlan& plan) {
  const std::string name = canonical_variable(lower_case(item.name));
  if (item.scope == sql::VariableScope::kGlobal || item.scope == sql::VariableScope::kPersist ||
      item.scope == sql::VariableScope::kPersistOnly) {
    return failure(kSetRefused,
                   fmt::format("SET GLOBAL {}: a gate sets variables of its own session only", name));
  }
  if (!item.prefix.empty()) {
    return failure(kSetRefused,
                   fmt::format("SET {}.{}: only variables of the session can be set", item.prefix, name));
  }
  if (std::optional<Result<void>> own = set_own(item, name, plan)) return *own;
  if (name == "tx_isolation" || name == "tx_read_only") return set_characteristic(item, name, plan);
  if (contains(kNotCarried, name)) {
    return failure(kUnsupported,
                   fmt::format("SET {}: it cannot be carried between the servers' connections", name));
  }
  if (name.starts_with("character_set_") || name == "collation_connection") {
    for (const char* each : kCharsetVariables) {
      if (name == each || name.ends_with("_connection")) touch(plan, each);
    }
  }
  touch(plan, name == "identity" ? "last_insert_id" : name);
  return {};
}

std::string string_literal(std::string_view hex, std::string_view charset, std::string_view collation) {
  if (charset == "binary") return fmt::format("_binary x'{}'", hex);
  return fmt::format("_{} x'{}' COLLATE {}", charset, hex, collation);
}

bool is_number(mysql::FieldType type) {
  return mysql::is_integer_type(type) || type == mysql::FieldType::decimal ||
         type == mysql::FieldType::newdecimal;
}

/// A double stays one only if it has an exponent.
std::string double_literal(std::string_view text) {
  std::string out(text);
  if (text.find_first_of("eE") == std::string_view::npos) out += "e0";
  return out;
}

std::string literal_of(const mysql::ColumnDefinition& column, std::string_view text) {
  if (is_number(column.type)) return std::string(text);
  if (column.type == mysql::FieldType::double_ || column.type == mysql::FieldType::float_)
    return double_literal(text);
  return quote_string(text);
}

/// A user variable has none of these types: what it is assigned becomes a text of the connection's character
/// set (read_back_query(expression)).
bool is_temporal(mysql::FieldType type) {
  using Type = mysql::FieldType;
  return type == Type::date || type == Type::time || type == Type::datetime || type == Type::timestamp;
}

/// A user variable takes this many columns of the query: its value, and of a string its bytes and what they
/// are.
constexpr std::size_t kUserVariableColumns = 4;

}  // namespace

Result<SetPlan> analyse_set(const sql::Set& set) {
  SetPlan plan;
  for (const sql::SetItem* item : set.items) {
    if (!is_constant(item->value)) plan.constant = false;
    switch (item->item) {
      case sql::SetKind::kUserVariable:
        touch(plan, user_variable(item->name));
        break;
      case sql::SetKind::kNames:
      case sql::SetKind::kCharset:
        for (const char* name : kCharsetVariables) touch(plan, name);
        break;
      case sql::SetKind::kVariable: {
        Result<void> analysed = analyse_variable(*item, plan);
        if (!analysed) return failure(std::move(analysed.error()));
        break;
      }
    }
  }
  const bool alone = set.items.size() == 1;
  if (!plan.own.empty() && !alone) {
    return failure(kUnsupported, fmt::format("SET {} together with other variables: set it by itself",
                                             plan.own.front().first));
  }
  if (!plan.next_transaction.empty() && !alone) {
    return failure(kUnsupported,
                   "SET @@transaction_isolation together with other variables: set it by itself");
  }
  if (!alone) plan.text.clear();
  return plan;
}

Duration lag_of_word(const std::string& word) {
  Duration duration{};
  double seconds = 0;
  if (parse_seconds(word, seconds))
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  return parse_duration(word, duration) ? duration : Duration::zero();
}

bool is_connection_variable(std::string_view name) { return contains(kConnectionVariables, name); }

std::string user_variable(std::string_view name) {
  // Without regard to case, and quoted alike, so that one variable has one name.
  return '@' + mysql::quoted_identifier(lower_case(name));
}

namespace {

/// kUserVariableColumns of them.
std::string columns_of_variable(std::string_view name) {
  return fmt::format("{0}, HEX({0}), CHARSET({0}), COLLATION({0})", name);
}

}  // namespace

std::string read_back_query(std::string_view expression) {
  // With a limit, the derived table is not merged, which would evaluate the expression for each column.
  return fmt::format("SELECT {} FROM (SELECT ({}) AS v LIMIT 1) AS t", columns_of_variable("v"), expression);
}

std::string read_back_query(std::span<const std::string> names) {
  std::string sql = "SELECT ";
  for (const std::string& name : names) {
    if (sql.size() > 7) sql += ", ";
    if (name.starts_with('@')) {
      sql += columns_of_variable(name);
    } else {
      sql += "@@session." + name;
    }
  }
  // Without it, a sql_select_limit of 0 that was just set would hold for this.
  return sql + " LIMIT 1";
}

namespace {

/// A user variable that was a number keeps its type when it becomes NULL.
std::string null_of(const mysql::ColumnDefinition& column) {
  if (mysql::is_integer_type(column.type)) return "CAST(NULL AS SIGNED)";
  if (column.type == mysql::FieldType::double_) return "NULL+0e0";
  return is_number(column.type) ? "CAST(NULL AS DECIMAL)" : "NULL";
}

}  // namespace

Result<std::vector<ReadBack>> read_back(std::span<const std::string> names,
                                        std::span<const mysql::ColumnDefinition> columns,
                                        std::span<const mysql::Cell> cells) {
  std::vector<ReadBack> values;
  std::size_t at = 0;
  for (const std::string& name : names) {
    const bool user = name.starts_with('@');
    const std::size_t width = user ? kUserVariableColumns : 1;
    if (at + width > cells.size() || cells.size() != columns.size()) {
      return failure(kInternal, "variables came back in an unexpected number of columns");
    }
    ReadBack value{name, user ? null_of(columns[at]) : "NULL", ""};
    if (cells[at]) {
      value.plain = *cells[at];
      const mysql::FieldType type = columns[at].type;
      const bool known = is_number(type) || type == mysql::FieldType::double_ || is_temporal(type);
      value.value = user && !known
                        ? string_literal(cells[at + 1].value_or(""), cells[at + 2].value_or("utf8mb4"),
                                         cells[at + 3].value_or("utf8mb4_general_ci"))
                        : literal_of(columns[at], *cells[at]);
    }
    values.push_back(std::move(value));
    at += width;
  }
  return values;
}

std::shared_ptr<const Settings> with_user_variables(const Settings& settings, std::vector<ReadBack> values) {
  auto changed = std::make_shared<Settings>(settings);
  for (ReadBack& value : values) {
    if (value.value == "NULL") {
      changed->reset(value.name);
    } else {
      changed->set(std::move(value.name), std::move(value.value));
    }
  }
  return changed;
}

SqlMode parse_sql_mode(std::string_view value) {
  SqlMode mode;
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view word = value.substr(0, comma);
    if (word == "ANSI_QUOTES") mode.ansi_quotes = true;
    if (word == "NO_BACKSLASH_ESCAPES") mode.no_backslash_escapes = true;
    if (word == "PIPES_AS_CONCAT") mode.pipes_as_concat = true;
    if (word == "IGNORE_SPACE") mode.ignore_space = true;
    if (word == "HIGH_NOT_PRECEDENCE") mode.high_not_precedence = true;
    if (word == "NO_AUTO_VALUE_ON_ZERO") mode.no_auto_value_on_zero = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  return mode;
}

void set_lexer_mode(sql::LexerMode& lexer, const SqlMode& mode) {
  lexer.ansi_quotes = mode.ansi_quotes;
  lexer.no_backslash_escapes = mode.no_backslash_escapes;
  lexer.pipes_as_concat = mode.pipes_as_concat;
  lexer.ignore_space = mode.ignore_space;
  lexer.high_not_precedence = mode.high_not_precedence;
}

}  // namespace kintsugi::gate
