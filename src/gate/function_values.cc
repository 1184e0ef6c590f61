#include "gate/function_values.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/errors.h"
#include "gate/routine_cache.h"
#include "gate/session.h"
#include "mysql/quote.h"
#include "routine/condition.h"
#include "routine/interpreter.h"
#include "sql/conditional.h"
#include "sql/parameters.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "vschema/snapshot.h"

namespace kintsugi::gate {
namespace {

using routine::Value;

constexpr int kFunctionsMax = 16;  // that run one in another

struct Call {
  const sql::FunctionCall* call = nullptr;
  std::string keyspace;
  const sql::Expr* guard = nullptr;  ///< not null: made where it is true, else NULL
  bool alone = false;                ///< a select item, and all of it
  bool stored = false;               ///< becomes a column's, whose type it has then
};

/// Finds what is to be run next, in one text.
class Finder {
 public:
  explicit Finder(Session& session)
      : routing_(session.worker().backends().routing()), keyspace_(session.state().target.keyspace) {}

  /// The first one that has none in its arguments. Guards are made in `arena`.
  std::optional<Call> find(const sql::Node& node, sql::Arena& arena, sql::Expr* guard = nullptr) const {
    std::map<const sql::Node*, sql::Expr*> guards;
    for (const sql::GuardedOperand& operand : sql::guarded_operands(node, arena)) {
      if (operand.guard != nullptr) guards[operand.operand] = sql::both(guard, operand.guard, arena);
    }
    std::optional<Call> found = find_within(node, arena, guard, guards);
    const auto* call = sql::as<sql::FunctionCall>(&node);
    if (found || call == nullptr) return found;
    std::string keyspace = call->schema.empty() ? keyspace_ : std::string(call->schema);
    const vschema::Keyspace* known = routing_->find_keyspace(keyspace);
    if (known == nullptr || !known->runs_in_gate(call->name)) return std::nullopt;
    return Call{.call = call, .keyspace = std::move(keyspace), .guard = guard};
  }

 private:
  std::optional<Call> find_within(const sql::Node& node, sql::Arena& arena, sql::Expr* guard,
                                  const std::map<const sql::Node*, sql::Expr*>& guards) const {
    std::optional<Call> found;
    const auto* item = sql::as<sql::SelectItem>(&node);
    const auto* insert = sql::as<sql::Insert>(&node);
    // Those of ON DUPLICATE KEY UPDATE are made for rows that are met.
    const auto is_of_met_row = [insert](const sql::Node& child) {
      return insert != nullptr &&
             std::ranges::any_of(insert->on_duplicate,
                                 [&child](const sql::Node* assignment) { return assignment == &child; });
    };
    sql::for_each_child(node, [&](const sql::Node& child) {
      if (found || is_of_met_row(child)) return;
      const auto known = guards.find(&child);
      found = child.kind == sql::NodeKind::kWhen
                  ? find_within(child, arena, guard, guards)
                  : find(child, arena, known == guards.end() ? guard : known->second);
      if (found && item != nullptr && found->call == item->value) found->alone = true;
    });
    return found;
  }

  std::shared_ptr<const vschema::Snapshot> routing_;
  std::string keyspace_;
};

Result<sql::Statement*> parse(Session& session, std::string_view text, sql::Arena& arena) {
  return sql::parse(text, arena, session.lexer_mode());
}

class Caller {
 public:
  Caller(Session& session, routine::Host& host) : session_(session), host_(host) {}

  /// What the call gives, as SQL.
  Task<Result<std::string>> run(const Call& call, std::string_view text) {
    if (session_.function_depth() >= kFunctionsMax)
      co_return failure(kCallsTooDeep,
                        fmt::format("{} functions run one in another", session_.function_depth()));
    const Result<RoutineCache::Entry> program = co_await session_.worker().routines().find_function(
        session_, call.keyspace, std::string(call.call->name));
    if (!program) co_return failure(program.error());
    Result<bool> made = true;
    if (call.guard != nullptr) made = co_await holds(*call.guard);
    if (!made) co_return failure(std::move(made.error()));
    Result<Value> value = Value();
    if (*made) value = co_await value_of(call, **program, text);
    if (!value) co_return failure(std::move(value.error()));
    if (call.stored) co_return routine::literal(*value, host_.quoting());
    const routine::Type type = routine::type_of(*(*program)->routine()->returns);
    co_return routine::typed_literal(*value, type, call.alone, host_.quoting());
  }

 private:
  Task<Result<Value>> value_of(const Call& call, const routine::Program& program, std::string_view text) {
    Result<std::vector<Value>> values = co_await arguments(call, program, text);
    if (!values) co_return failure(std::move(values.error()));
    ++session_.function_depth();
    const std::uint64_t last_insert_id = session_.state().last_insert_id;
    Result<Value> value = co_await call_it(program, std::move(*values));
    session_.state().last_insert_id = last_insert_id;
    --session_.function_depth();
    co_return value;
  }

  Task<Result<bool>> holds(const sql::Expr& guard) {
    Result<std::vector<Value>> value =
        co_await ask("select (" + sql::print(guard, sql::print_options(session_.lexer_mode())) + ") is true");
    if (!value) co_return failure(std::move(value.error()));
    co_return value->size() == 1 && value->front().text == "1";
  }

  /// The one row of a query.
  Task<Result<std::vector<Value>>> ask(std::string sql) {
    routine::Done done;
    Result<std::unique_ptr<routine::Rows>> rows = co_await host_.query(std::move(sql), done);
    if (!rows) co_return failure(std::move(rows.error()));
    std::vector<mysql::Cell> cells;
    const Result<bool> found = (*rows)->next(cells);
    if (!found) co_return failure(found.error());
    std::vector<Value> values;
    for (std::size_t i = 0; i < cells.size(); ++i)
      values.push_back(routine::value_of((*rows)->columns()[i], cells[i]));
    co_return values;
  }

  Task<Result<Value>> call_it(const routine::Program& program, std::vector<Value> values) {
    routine::Interpreter interpreter(host_);
    Result<void> typed = co_await interpreter.convert(program, values, 0);
    if (!typed) co_return failure(std::move(typed.error()));
    const std::shared_ptr<void> entered = host_.enter(program);
    co_return co_await interpreter.call_function(program, std::move(values));
  }

  Task<Result<std::vector<Value>>> arguments(const Call& call, const routine::Program& program,
                                             std::string_view text) {
    constexpr std::uint16_t kWrongCount = 1318;
    if (call.call->args.size() != program.parameter_count()) {
      co_return failure(routine::server_error(
          kWrongCount, "42000",
          fmt::format("Incorrect number of arguments for FUNCTION {}.{}; expected {}, got {}", program.schema,
                      program.name, program.parameter_count(), call.call->args.size())));
    }
    if (call.call->args.empty()) co_return std::vector<Value>();
    std::string sql;
    for (const sql::Expr* argument : call.call->args) {
      sql += sql.empty() ? "select (" : ", (";
      sql += text.substr(argument->offset, argument->length);
      sql += ')';
    }
    co_return co_await ask(std::move(sql));
  }

  Session& session_;
  routine::Host& host_;
};

}  // namespace

namespace {

/// What gives the answer's columns their names; null: there are none.
const sql::List<sql::SelectItem*>* items_of(const sql::Node& statement) {
  const sql::Node* first = &statement;
  while (const auto* operation = sql::as<sql::SetOperation>(first)) first = operation->arms.front()->query;
  if (const auto* select = sql::as<sql::Select>(first)) return &select->items;
  if (const auto* insert = sql::as<sql::Insert>(first)) return &insert->returning;
  if (const auto* remove = sql::as<sql::Delete>(first)) return &remove->returning;
  return nullptr;
}

}  // namespace

Result<std::string> with_item_names(Session& session, std::string_view text) {
  const Finder finder(session);
  sql::Arena arena;
  Result<sql::Statement*> statement = parse(session, text, arena);
  if (!statement) return failure(std::move(statement.error()));
  const sql::List<sql::SelectItem*>* items = items_of(**statement);
  if (items == nullptr) return std::string(text);
  std::string named;
  std::size_t done = 0;
  for (const sql::SelectItem* item : *items) {
    if (!item->alias.empty() || (!finder.find(*item, arena) && !sql::has_parameter(*item))) continue;
    const std::size_t end = item->offset + item->length;
    named += text.substr(done, end - done);
    named += " AS " + mysql::quoted_identifier(item->source.text);
    done = end;
  }
  named += text.substr(done);
  return named;
}

Task<Result<std::string>> with_function_values(Session& session, routine::Host& host, std::string text) {
  const Finder finder(session);
  Caller caller(session, host);
  for (;;) {
    sql::Arena arena;
    Result<sql::Statement*> statement = parse(session, text, arena);
    if (!statement) co_return failure(std::move(statement.error()));
    std::optional<Call> call = finder.find(**statement, arena);
    if (!call) co_return text;
    call->stored = sql::is<sql::Insert>(*statement);
    Result<std::string> value = co_await caller.run(*call, text);
    if (!value) co_return value;
    text = text.substr(0, call->call->offset) + *value + text.substr(call->call->offset + call->call->length);
  }
}

}  // namespace kintsugi::gate
