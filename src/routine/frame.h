#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routine/condition.h"
#include "routine/host.h"
#include "routine/program.h"
#include "routine/value.h"

namespace kintsugi::routine {

/// One activation of a program: its variables, cursors, and the blocks that it is in.
struct Frame {
  Frame(const Program& program_, const Frame* caller_)
      : program(program_),
        caller(caller_),
        values(program_.slots().size()),
        records(program_.record_count()),
        cursors(program_.cursor_count()) {}

  using Record = std::vector<std::pair<std::string, Value>>;
  struct Active {
    const sql::Block* block;
    std::vector<const sql::DeclareHandler*> handlers;
  };

  const Program& program;
  const Frame* caller;
  std::vector<Value> values;    ///< by slot
  std::vector<Record> records;  ///< of FOR over queries
  std::vector<std::unique_ptr<Rows>> cursors;
  std::vector<Active> blocks;     ///< the innermost last
  std::vector<Condition> raised;  ///< what the handlers that run now handle, the innermost last
  std::optional<Condition> error;
  std::optional<Value> result;  ///< of RETURN

  Value& value(int slot) { return values[static_cast<std::size_t>(slot)]; }
  const Value& value(int slot) const { return values[static_cast<std::size_t>(slot)]; }
  const Slot& slot(int number) const { return program.slots()[static_cast<std::size_t>(number)]; }
  /// What stands in a hole; null: a record has no such field.
  const Value* value(const Hole& hole) const;
  /// The value of a name where `piece` is about nothing else; null: it is no variable there.
  const Value* value(const Piece& piece, const sql::ColumnRef& name) const;
};

/// The handler of the innermost block that handles the condition, and the block's place among `blocks`; null:
/// none does. In one block a number goes before a SQLSTATE, and that before a class.
std::pair<const sql::DeclareHandler*, std::size_t> find_handler(const Frame& frame,
                                                                const Condition& condition);

/// The piece with the values of variables in their places.
std::string with_values(const Piece& piece, const Frame& frame, const mysql::QuoteOptions& quoting);

/// A block outside of any routine that has the variables which `pieces` name, around `inside`, SQL that ends
/// with a semicolon. Not for pieces with fields of records.
std::string block_around(std::initializer_list<const Piece*> pieces, const Frame& frame,
                         std::string_view inside, const mysql::QuoteOptions& quoting);
std::string block_around(const std::vector<const Piece*>& pieces, const Frame& frame, std::string_view inside,
                         const mysql::QuoteOptions& quoting);
/// A query that answers with one row: the variables, under their names and of their types. `blocks`: servers
/// run such blocks.
std::string query_of_variables(const std::vector<std::pair<Slot, Value>>& variables, bool blocks,
                               const mysql::QuoteOptions& quoting);
/// The piece as it stands in such a block, in which variables go by their names.
std::string in_block(const Piece& piece, const Frame& frame);
/// Whether block_around() may be used.
bool fits_block(const Piece& piece);

/// "`x`", and how its value is asked for so that nothing of it is lost.
std::string name_of(const Slot& slot);
std::string read_of(const Slot& slot);

}  // namespace kintsugi::routine
