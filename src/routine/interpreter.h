#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "routine/frame.h"
#include "routine/host.h"
#include "routine/program.h"

namespace kintsugi::routine {

/// What a run leaves behind.
struct Finished {
  std::uint64_t affected_rows = 0;
  std::vector<Condition> warnings;
  std::vector<Value> parameters;  ///< as they are at the end
  /// SELECT of what the bound arguments took (Interpreter::bind); empty: there are none.
  std::string out_query;
};

/// How a statement ended, and so what comes next.
struct Step {
  enum class Kind : std::uint8_t {
    next,      ///< what follows it
    leave,     ///< what follows the loop or block `label`
    iterate,   ///< the next turn of the loop `label`
    exit,      ///< what follows `block`, whose EXIT handler has run
    returned,  ///< the caller
    failed,    ///< Frame::error, which nobody handles in this frame
  };
  Kind kind = Kind::next;
  std::string_view label{};
  const sql::Block* block = nullptr;
};
inline constexpr Step kNext{};

/// Runs one CALL, one compound statement, or one trigger's body, with all that it calls. One statement at a
/// time, on the host's loop. What the client asked for is a program too, whose body is the CALL.
///
/// In four files: interpreter.cc (the flow of control), evaluation.cc (expressions and assignments),
/// statements.cc (SQL, cursors, CALL), conditions.cc (handlers, SIGNAL, GET DIAGNOSTICS).
class Interpreter {
 public:
  explicit Interpreter(Host& host) : host_(host) {}

  /// Arguments, by number, of the CALL that is run, which stand for a prepared statement's parameters: those
  /// that are OUT or INOUT take what the procedure gives back (Finished::out_query).
  void bind(std::vector<std::size_t> arguments) { bound_ = std::move(arguments); }
  /// What statements before the program have left: for a GET DIAGNOSTICS that is all of it.
  void diagnose(std::vector<Condition> area, std::int64_t row_count) {
    diagnostics_ = std::move(area);
    row_count_ = row_count;
  }
  /// `arguments` are the values of the program's first variables: a trigger's row.
  Task<Result<Finished>> run(const Program& program, std::vector<Value> arguments = {});
  /// The same of a stored function: what it returns.
  Task<Result<Value>> call_function(const Program& program, std::vector<Value> arguments);
  /// Makes arguments, from the one with number `first` on, values of their variables' types. Fails as an
  /// assignment does.
  Task<Result<void>> convert(const Program& program, std::vector<Value>& arguments, std::size_t first);

 private:
  // The flow of control.
  Task<Step> statement(Frame& frame, const sql::Statement& statement);
  Task<Step> perform(Frame& frame, const sql::Statement& statement);
  Task<Step> statements(Frame& frame, const sql::List<sql::Statement*>& list);
  Task<Step> block(Frame& frame, const sql::Block& block);
  Task<Step> declaration(Frame& frame, const sql::Declare& declare);
  Task<Step> if_statement(Frame& frame, const sql::If& statement);
  Task<Step> case_statement(Frame& frame, const sql::CaseStatement& statement);
  Task<Step> loop(Frame& frame, const sql::Loop& loop);
  Task<Step> for_range(Frame& frame, const sql::ForLoop& loop);
  Task<Step> for_rows(Frame& frame, const sql::ForLoop& loop);
  Task<Step> for_each_row(Frame& frame, const sql::ForLoop& loop, Rows& rows);
  Task<Step> return_statement(Frame& frame, const sql::Return& statement);
  /// After one turn of a loop: whether it goes on. If not, `step` is how the loop ends.
  static bool goes_on(std::string_view label, Step& step);

  // Expressions and assignments. Failures are conditions to be raised.
  Task<Result<Value>> evaluate(Frame& frame, const sql::Expr& expr);
  Task<Result<bool>> holds(Frame& frame, const sql::Expr& condition);
  /// Which branch of a CASE is taken, or none.
  Task<Result<std::optional<std::size_t>>> choose(Frame& frame, const sql::CaseStatement& statement);
  Task<Result<std::size_t>> choose_on_server(Frame& frame, const sql::CaseStatement& statement);
  /// The value that a variable of `slot` has after `slot := expr` (`declared`: after DECLARE slot DEFAULT
  /// expr).
  Task<Result<Value>> assigned(Frame& frame, const Slot& slot, const sql::Expr& expr, bool declared);
  Task<Result<Value>> converted(const Slot& slot, Value value);
  Task<Result<void>> store(Frame& frame, const std::vector<Target>& targets, std::vector<Value> values);
  Task<Result<Value>> ask(std::string sql);
  /// Whether block_around() may be used for the piece, on servers of this kind.
  bool fits(const Piece& piece) const;

  // SQL, cursors, CALL.
  Task<Step> sql_statement(Frame& frame, const sql::Statement& statement);
  Task<Step> select_into(Frame& frame, const sql::Statement& statement);
  Task<Step> set(Frame& frame, const sql::Set& set);
  Task<Result<void>> set_item(Frame& frame, const sql::SetItem& item);
  Task<Result<void>> assign_by_query(Frame& frame, const sql::SetItem& item);
  Task<Step> cursor(Frame& frame, const sql::Cursor& cursor);
  Task<Result<void>> open(Frame& frame, const sql::Cursor& cursor, int number);
  Task<Result<void>> fetch(Frame& frame, const sql::Cursor& cursor, Rows& rows);
  Task<Step> call(Frame& frame, const sql::Call& call);
  Task<Result<void>> call_program(Frame& frame, const sql::Call& call);
  Task<Result<void>> bind_arguments(Frame& caller, const sql::Call& call, Frame& callee);
  Task<Result<void>> give_back(Frame& caller, const sql::Call& call, Frame& callee);
  bool is_bound(const Frame& caller, const sql::Call& call, std::size_t argument) const;
  Task<Result<void>> check_recursion(const Frame& caller, const Program& program);
  Task<Result<std::unique_ptr<Rows>>> query(Frame& frame, const Piece& piece);
  static std::vector<Value> row_values(const Rows& rows, const std::vector<mysql::Cell>& cells);

  // Conditions.
  /// Ends a statement: raises its failure, or its warnings.
  Task<Step> conclude(Frame& frame, Result<void> done);
  Task<Step> raise(Frame& frame, Condition condition);
  Task<Step> signal(Frame& frame, const sql::Signal& signal);
  Task<Result<Condition>> signalled(Frame& frame, const sql::Signal& signal);
  Task<Step> get_diagnostics(Frame& frame, const sql::GetDiagnostics& get);
  Task<Result<void>> read_diagnostics(Frame& frame, const sql::GetDiagnostics& get);
  /// What a statement did; `resets`: earlier warnings are forgotten, as a statement that uses tables does.
  void note(const Done& done, bool resets);

  Host& host_;
  std::vector<std::size_t> bound_;
  std::vector<std::pair<Slot, Value>> given_back_;  ///< to these
  std::uint64_t affected_rows_ = 0;
  std::int64_t row_count_ = 0;
  std::vector<Condition> diagnostics_;  ///< the current diagnostics area
  std::uint64_t diagnostics_version_ = 0;
  std::vector<Condition> fresh_;  ///< warnings of the statement at hand
};

}  // namespace kintsugi::routine
