#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/lower_case.h"
#include "routine/errors.h"
#include "routine/value.h"
#include "sql/arena.h"
#include "sql/lexer.h"
#include "sql/tree.h"

namespace kintsugi::routine {

/// A variable or parameter: its place in a frame.
struct Slot {
  std::string name;
  Type type;

  /// A column of a trigger's row: its name is "new.x" or "old.x", in quotes.
  bool is_of_row() const { return name.starts_with("new.") || name.starts_with("old."); }
};

/// Where a variable stands in a statement's text.
struct Hole {
  std::uint32_t offset = 0;  ///< in the program's source
  std::uint32_t length = 0;
  int slot = 0;
  std::string field;  ///< of FOR's record
  enum class Place : std::uint8_t {
    value,   ///< where only what it is counts
    column,  ///< in an expression of a select list: its type shows
    item,    ///< alone as a select item
    order,   ///< alone in ORDER BY or GROUP BY, where a number would be a position
  };
  Place place = Place::value;
};

/// A statement or an expression as it was written, and what in it is no SQL outside of the routine.
struct Piece {
  std::string_view text;
  std::uint32_t offset = 0;  ///< of `text` in the source
  std::vector<Hole> holes;   ///< in their order
  struct Alias {
    std::uint32_t at = 0;  ///< behind a select item that has none, and a variable in it
    std::string_view name;
  };
  std::vector<Alias> aliases;
  /// Functions in it that may be stored ones: schema, if it is said, and name.
  std::vector<std::pair<std::string_view, std::string_view>> calls;
  /// Names tables, writes a file, or is no mere expression: it is planned. Else any server of the keyspace
  /// evaluates it.
  bool planned = false;
};

/// What SELECT … INTO, FETCH and the like assign to.
struct Target {
  int slot = -1;
  std::string user_variable;  ///< if no slot
};

/// A stored routine, or a block outside of one, made ready to be run. Immutable; any thread.
class Program {
 public:
  /// `create` is CREATE PROCEDURE …, as SHOW CREATE PROCEDURE tells it, or a compound statement.
  /// Fails with the parser's codes and kUnsupportedRoutine.
  static Result<std::shared_ptr<Program>> compile(std::string create, const sql::LexerMode& mode);

  const sql::Statement& body() const { return *body_; }
  /// Null of a block outside of a routine.
  const sql::CreateRoutine* routine() const { return routine_; }
  /// The parameters first.
  const std::vector<Slot>& slots() const { return slots_; }
  std::size_t parameter_count() const { return parameters_; }
  /// "in", "out", "inout".
  std::string_view mode_of(std::size_t parameter) const;
  std::size_t record_count() const { return records_; }
  std::size_t cursor_count() const { return cursors_.size(); }

  // What compile() found out about each node.
  const Piece& piece(const sql::Node& node) const { return pieces_.at(&node); }
  const std::vector<Target>& targets(const sql::Node& node) const { return targets_.at(&node); }
  /// Whether a SetItem assigns to a variable of the routine, or a query has INTO.
  bool has_targets(const sql::Node& node) const { return targets_.contains(&node); }
  /// The slots that a Declare makes; the cursor's number of a Cursor, or of a Declare that makes one; the
  /// slot or record of a ForLoop.
  const std::vector<int>& places(const sql::Node& node) const { return places_.at(&node); }
  const sql::Declare& cursor(int number) const { return *cursors_[static_cast<std::size_t>(number)]; }
  /// The number or the SQLSTATE of the condition that a handler's name, or a Signal, refers to; null: none.
  const sql::Expr* condition(const sql::Node& user) const;

  /// Where it is and what it is called, as the server tells it; set by whoever compiles it.
  std::string schema, name;
  /// Session variables that it runs under, as it was created, with their values as SQL; nothing: the server's
  /// own value. Set by whoever compiles it.
  std::vector<std::pair<std::string, std::optional<std::string>>> settings;

 private:
  friend class Compiler;
  Program() = default;

  std::string source_;
  sql::Arena arena_;
  const sql::CreateRoutine* routine_ = nullptr;
  const sql::Statement* body_ = nullptr;
  std::vector<Slot> slots_;
  std::size_t parameters_ = 0;
  std::size_t records_ = 0;
  std::vector<const sql::Declare*> cursors_;
  std::unordered_map<const sql::Node*, Piece> pieces_;
  std::unordered_map<const sql::Node*, std::vector<Target>> targets_;
  std::unordered_map<const sql::Node*, std::vector<int>> places_;
  std::unordered_map<const sql::Node*, const sql::Expr*> conditions_;
};

}  // namespace kintsugi::routine
