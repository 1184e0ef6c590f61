#include <algorithm>

#include <fmt/format.h>

#include "routine/interpreter.h"

// Handlers, SIGNAL and RESIGNAL, GET DIAGNOSTICS.

namespace kintsugi::routine {

namespace {

constexpr std::uint16_t kUnhandledWarning = 1642, kUnhandledNotFound = 1643, kUnhandledException = 1644;

/// What a SQLSTATE says where the SIGNAL says no more.
Condition unhandled(std::string_view sqlstate) {
  Condition condition{Condition::Level::error, kUnhandledException, std::string(sqlstate),
                      "Unhandled user-defined exception condition"};
  if (condition.sqlstate.starts_with("01")) {
    condition.level = Condition::Level::warning;
    condition.code = kUnhandledWarning;
    condition.message = "Unhandled user-defined warning condition";
  } else if (condition.is_not_found()) {
    condition.code = kUnhandledNotFound;
    condition.message = "Unhandled user-defined not found condition";
  }
  return condition;
}

Value item_of(const Condition& condition, std::string_view name) {
  if (name == "mysql_errno") return integer(condition.code);
  if (name == "message_text") return text(condition.message);
  if (name == "returned_sqlstate") return text(condition.sqlstate);
  return text("");  // where the condition comes from: servers leave it empty, too
}

}  // namespace

void Interpreter::note(const Done& done, bool resets) {
  if (resets || !done.warnings.empty()) {
    diagnostics_.clear();
    ++diagnostics_version_;
  }
  diagnostics_.insert(diagnostics_.end(), done.warnings.begin(), done.warnings.end());
  fresh_.insert(fresh_.end(), done.warnings.begin(), done.warnings.end());
}

Task<Step> Interpreter::conclude(Frame& frame, Result<void> done) {
  std::vector<Condition> warnings = std::exchange(fresh_, {});
  if (!done) {
    row_count_ = -1;
    Condition condition = condition_of(done.error());
    co_return co_await raise(frame, std::move(condition));
  }
  const auto handled = std::ranges::find_if(warnings, [&frame](const Condition& warning) {
    return warning.level != Condition::Level::note && find_handler(frame, warning).first != nullptr;
  });
  if (handled == warnings.end()) co_return kNext;
  Condition condition = std::move(*handled);
  co_return co_await raise(frame, std::move(condition));
}

Task<Step> Interpreter::raise(Frame& frame, Condition condition) {
  const auto [handler, place] =
      host_.is_over() ? std::pair<const sql::DeclareHandler*, std::size_t>() : find_handler(frame, condition);
  if (handler == nullptr) {
    if (condition.level != Condition::Level::error) co_return kNext;
    frame.error = std::move(condition);
    co_return Step{Step::Kind::failed};
  }
  // The handler's own conditions are for the blocks around the one that has it.
  const sql::Block* exited = frame.blocks[place].block;
  std::vector<Frame::Active> inner(
      std::make_move_iterator(frame.blocks.begin() + static_cast<std::ptrdiff_t>(place)),
      std::make_move_iterator(frame.blocks.end()));
  frame.blocks.resize(place);
  diagnostics_ = {condition};
  const std::uint64_t version = ++diagnostics_version_;
  frame.raised.push_back(std::move(condition));
  const Step step = co_await statement(frame, *handler->body);
  frame.raised.pop_back();
  frame.blocks.insert(frame.blocks.end(), std::make_move_iterator(inner.begin()),
                      std::make_move_iterator(inner.end()));
  if (step.kind != Step::Kind::next) co_return step;
  if (version == diagnostics_version_) diagnostics_.clear();  // else it is of the handler's own statements
  if (handler->action == "continue") co_return kNext;
  co_return Step{Step::Kind::exit, {}, exited};
}

Task<Step> Interpreter::signal(Frame& frame, const sql::Signal& signal) {
  Result<Condition> made = co_await signalled(frame, signal);
  if (!made) co_return co_await conclude(frame, failure(std::move(made.error())));
  Condition condition = std::move(*made);
  diagnostics_ = {condition};
  co_return co_await raise(frame, std::move(condition));
}

Task<Result<Condition>> Interpreter::signalled(Frame& frame, const sql::Signal& signal) {
  Condition condition;
  const sql::Expr* named = signal.sqlstate != nullptr ? signal.sqlstate : frame.program.condition(signal);
  if (named != nullptr) {
    const auto* literal = sql::as<sql::Literal>(named);
    if (literal == nullptr || literal->literal == sql::LiteralKind::kInteger)
      co_return failure(
          server_error(1646, "HY000", "SIGNAL/RESIGNAL can only use a CONDITION defined with SQLSTATE"));
    condition = unhandled(literal->text);
    if (signal.resignal && !frame.raised.empty()) {
      condition.code = frame.raised.back().code;
      condition.message = frame.raised.back().message;
    }
  } else if (frame.raised.empty()) {
    co_return failure(server_error(1645, "0K000", "RESIGNAL when handler not active"));
  } else {
    condition = frame.raised.back();
  }
  for (const sql::DiagnosticsItem* item : signal.set) {
    Result<Value> value = co_await evaluate(frame, *item->value);
    if (!value) co_return failure(std::move(value.error()));
    if (value->is_null()) {
      std::string name(item->name);
      std::ranges::transform(name, name.begin(),
                             [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
      co_return failure(server_error(1231, "42000",
                                     fmt::format("Variable '{}' can't be set to the value of 'NULL'", name)));
    }
    if (item->name == "message_text") condition.message = value->text;
    if (item->name == "mysql_errno")
      condition.code = static_cast<std::uint16_t>(as_integer(*value).value_or(0));
  }
  co_return condition;
}

Task<Step> Interpreter::get_diagnostics(Frame& frame, const sql::GetDiagnostics& get) {
  const std::vector<Condition> before = diagnostics_;
  Result<void> done = co_await read_diagnostics(frame, get);
  if (done) diagnostics_ = before;
  co_return co_await conclude(frame, std::move(done));
}

Task<Result<void>> Interpreter::read_diagnostics(Frame& frame, const sql::GetDiagnostics& get) {
  std::vector<Condition> area = diagnostics_;
  if (get.area == "stacked") {
    if (frame.raised.empty())
      co_return failure(server_error(1887, "0Z002", "GET STACKED DIAGNOSTICS when handler not active"));
    area = {frame.raised.back()};
  }
  const Condition* condition = nullptr;
  if (get.condition != nullptr) {
    Result<Value> number = co_await evaluate(frame, *get.condition);
    if (!number) co_return failure(std::move(number.error()));
    const std::int64_t wanted = as_integer(*number).value_or(0);
    if (wanted < 1 || wanted > static_cast<std::int64_t>(area.size()))
      co_return failure(server_error(1758, "35000", "Invalid condition number"));
    condition = &area[static_cast<std::size_t>(wanted - 1)];
  }
  for (const sql::DiagnosticsItem* item : get.items) {
    Value value;
    if (condition != nullptr) {
      value = item_of(*condition, item->name);
    } else {
      value = integer(item->name == "number" ? static_cast<std::int64_t>(area.size()) : row_count_);
    }
    std::vector<Value> values{std::move(value)};
    Result<void> stored = co_await store(frame, frame.program.targets(*item), std::move(values));
    if (!stored) co_return stored;
  }
  co_return Result<void>();
}

}  // namespace kintsugi::routine
