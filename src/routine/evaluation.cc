#include <algorithm>

#include <fmt/format.h>

#include "routine/fold.h"
#include "routine/interpreter.h"

// Expressions and assignments. What has a type is done by a server: an anonymous block with the variables in
// it, so that conversions and mistakes are those of a routine there. Servers without such blocks are asked
// with the values as literals.

namespace kintsugi::routine {

namespace {

std::optional<Value> folded(const Frame& frame, const sql::Expr& expr) {
  const Piece& piece = frame.program.piece(expr);
  if (piece.planned) return std::nullopt;
  return fold(expr, [&](const sql::ColumnRef& name) { return frame.value(piece, name); });
}

/// What an integer is true as; nothing of what only a server can tell.
std::optional<bool> truth(const std::optional<Value>& value) {
  if (!value) return std::nullopt;
  if (value->is_null()) return false;
  const std::optional<std::int64_t> number = as_integer(*value);
  return number ? std::optional<bool>(*number != 0) : std::nullopt;
}

/// What CAST makes of a value where there are no blocks; empty: it has no such type.
std::string cast_type(const Type& type) {
  if (type.is_integer) return type.is_unsigned ? "unsigned" : "signed";
  if (type.name == "decimal")
    return fmt::format("decimal({},{})", type.size < 0 ? 10 : type.size, type.scale < 0 ? 0 : type.scale);
  if (type.name == "date" || type.name == "double" || type.name == "float" || type.name == "json")
    return type.name;
  if (type.name == "datetime" || type.name == "time") return type.sql;
  if (type.name == "char" || type.name == "varchar")
    return fmt::format("char({})", type.size < 0 ? 1 : type.size);
  return {};
}

}  // namespace

bool Interpreter::fits(const Piece& piece) const {
  const bool in_gate = std::ranges::any_of(
      piece.calls, [this](const auto& call) { return host_.runs_function(call.first, call.second); });
  return host_.has_blocks() && fits_block(piece) && !in_gate;
}

Task<Result<Value>> Interpreter::ask(std::string sql) {
  Done done;
  Result<std::unique_ptr<Rows>> rows = co_await host_.query(std::move(sql), done);
  if (!rows) co_return failure(std::move(rows.error()));
  affected_rows_ += done.affected_rows;
  note(done, false);
  std::vector<mysql::Cell> cells;
  const Result<bool> found = (*rows)->next(cells);
  if (!found) co_return failure(found.error());
  if (!*found || cells.empty()) co_return Value{};
  co_return value_of((*rows)->columns().front(), cells.front());
}

Task<Result<Value>> Interpreter::evaluate(Frame& frame, const sql::Expr& expr) {
  if (std::optional<Value> known = folded(frame, expr)) co_return std::move(*known);
  const Piece& piece = frame.program.piece(expr);
  std::string sql;
  if (fits(piece)) {
    sql = block_around({&piece}, frame, fmt::format("select ({});", in_block(piece, frame)), host_.quoting());
  } else {
    sql = fmt::format("select ({})", with_values(piece, frame, host_.quoting()));
  }
  co_return co_await ask(std::move(sql));
}

Task<Result<bool>> Interpreter::holds(Frame& frame, const sql::Expr& condition) {
  if (const std::optional<bool> known = truth(folded(frame, condition))) co_return *known;
  const Piece& piece = frame.program.piece(condition);
  std::string sql;
  if (fits(piece)) {
    sql = block_around({&piece}, frame,
                       fmt::format("if {} then select 1; else select 0; end if;", in_block(piece, frame)),
                       host_.quoting());
  } else {
    sql = fmt::format("select if(({}), 1, 0)", with_values(piece, frame, host_.quoting()));
  }
  Result<Value> value = co_await ask(std::move(sql));
  if (!value) co_return failure(std::move(value.error()));
  co_return as_integer(*value) == 1;
}

Task<Result<std::optional<std::size_t>>> Interpreter::choose(Frame& frame,
                                                             const sql::CaseStatement& statement) {
  if (statement.operand != nullptr) {
    const Result<std::size_t> place = co_await choose_on_server(frame, statement);
    if (!place) co_return failure(place.error());
    co_return *place < statement.branches.size() ? std::optional<std::size_t>(*place) : std::nullopt;
  }
  for (std::size_t i = 0; i < statement.branches.size(); ++i) {
    const sql::Branch& branch = *statement.branches[i];
    if (branch.condition == nullptr) co_return std::optional<std::size_t>(i);
    const Result<bool> taken = co_await holds(frame, *branch.condition);
    if (!taken) co_return failure(taken.error());
    if (*taken) co_return std::optional<std::size_t>(i);
  }
  co_return std::optional<std::size_t>();
}

/// CASE operand WHEN …: the operand is evaluated once, and compared with one value after the other.
Task<Result<std::size_t>> Interpreter::choose_on_server(Frame& frame, const sql::CaseStatement& statement) {
  const Piece& operand = frame.program.piece(*statement.operand);
  const bool one_block = fits(operand);
  std::string compared = in_block(operand, frame);
  if (!one_block) {
    Result<Value> value = co_await evaluate(frame, *statement.operand);
    if (!value) co_return failure(std::move(value.error()));
    compared = literal(*value, host_.quoting());
  }
  std::vector<const Piece*> pieces{&operand};
  std::string inside = fmt::format("case {} ", compared);
  std::string whens;
  std::size_t otherwise = statement.branches.size();
  bool all_fit = one_block;
  for (std::size_t i = 0; i < statement.branches.size(); ++i) {
    const sql::Branch& branch = *statement.branches[i];
    if (branch.condition == nullptr) {
      otherwise = i;
      continue;
    }
    const Piece& value = frame.program.piece(*branch.condition);
    all_fit = all_fit && fits(value);
    pieces.push_back(&value);
    inside += fmt::format("when {} then select {}; ", in_block(value, frame), i);
    whens += fmt::format("when ({}) then {} ", with_values(value, frame, host_.quoting()), i);
  }
  inside += fmt::format("else select {}; end case;", otherwise);
  std::string sql;
  if (all_fit) {
    sql = block_around(pieces, frame, inside, host_.quoting());
  } else {
    if (one_block) compared = with_values(operand, frame, host_.quoting());
    sql = fmt::format("select case ({}) {}else {} end", compared, whens, otherwise);
  }
  Result<Value> place = co_await ask(std::move(sql));
  if (!place) co_return failure(std::move(place.error()));
  co_return static_cast<std::size_t>(as_integer(*place).value_or(static_cast<std::int64_t>(otherwise)));
}

Task<Result<Value>> Interpreter::assigned(Frame& frame, const Slot& slot, const sql::Expr& expr,
                                          bool declared) {
  if (std::optional<Value> known = folded(frame, expr); known && takes_unchanged(slot.type, *known))
    co_return std::move(*known);
  const Piece& piece = frame.program.piece(expr);
  if (!fits(piece)) {
    Result<Value> value = co_await evaluate(frame, expr);
    if (!value) co_return value;
    co_return co_await converted(slot, std::move(*value));
  }
  const std::string name = name_of(slot);
  std::string inside;
  if (declared) {
    inside = fmt::format("begin declare {} {} default {}; select {}; end;", name, slot.type.sql,
                         in_block(piece, frame), read_of(slot));
  } else {
    inside = fmt::format("set {} = {}; select {};", name, in_block(piece, frame), read_of(slot));
    const bool named =
        std::ranges::any_of(piece.holes, [&](const Hole& hole) { return &frame.slot(hole.slot) == &slot; });
    if (!named) inside = fmt::format("declare {} {};", name, slot.type.sql) + inside;
  }
  co_return co_await ask(block_around({&piece}, frame, inside, host_.quoting()));
}

Task<Result<Value>> Interpreter::converted(const Slot& slot, Value value) {
  // Without blocks, what is wrong with a column's value the server says that it is written to.
  if (takes_unchanged(slot.type, value) || (slot.is_of_row() && !host_.has_blocks()))
    co_return std::move(value);
  const std::string text = literal(value, host_.quoting());
  if (host_.has_blocks()) {
    co_return co_await ask(fmt::format("begin not atomic declare {} {}; set {} = {}; select {}; end",
                                       name_of(slot), slot.type.sql, name_of(slot), text, read_of(slot)));
  }
  const std::string type = cast_type(slot.type);
  if (type.empty()) co_return std::move(value);
  co_return co_await ask(fmt::format("select cast({} as {})", text, type));
}

Task<Result<void>> Interpreter::store(Frame& frame, const std::vector<Target>& targets,
                                      std::vector<Value> values) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Target& target = targets[i];
    if (target.slot < 0) {
      host_.assign(target.user_variable, values[i]);
      continue;
    }
    Result<Value> value = co_await converted(frame.slot(target.slot), std::move(values[i]));
    if (!value) co_return failure(std::move(value.error()));
    frame.value(target.slot) = std::move(*value);
  }
  co_return Result<void>();
}

}  // namespace kintsugi::routine
