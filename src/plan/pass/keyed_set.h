#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "plan/pass/keyed_row.h"
#include "plan/row_triggers.h"

namespace kintsugi::plan::pass {

/// SET of an UPDATE whose rows are read first: what of it is read, and what stays in the UPDATE that writes a
/// row. Borrows all that it is given.
class KeyedSet {
 public:
  KeyedSet(Draft& draft, const sql::Update* said, KeyedRow& row, sql::Arena& arena)
      : draft_(draft), row_(row), arena_(arena), said_(said), update_(said) {}

  /// Values that use user variables, of a statement that assigns some: each is evaluated by the query that
  /// reads the rows, once for each of these and in its order. kUnsupportedYet.
  Result<void> read_variables();
  /// Functions that gates run, and their arguments, of the row as it is before. kUnsupportedYet.
  Result<RowCalls> read_calls();
  /// Of a table whose BEFORE triggers gates run: what these set comes behind what was said, and what they
  /// only find in NEW is computed once.
  Result<void> give_way_to_triggers(const Source& source, const TableEntry& entry);
  /// The statement with what triggers set; null: it is no UPDATE.
  const sql::Update* update() const { return update_; }

  /// As KeyedRow has them.
  Result<std::optional<Operand>> assigned(const Source& source, std::string_view column);
  Result<std::optional<Operand>> given(const Source& source, std::string_view column);

  /// Puts what is about the table into the UPDATE that writes its rows.
  Result<void> write(const Source& source, const TableEntry& entry, sql::Update& to,
                     KeyedWrite::Target& target);

 private:
  class Arguments;
  using Assignments = std::vector<const sql::Assignment*>;

  bool several_tables() const { return draft_.top->sources.size() > 1; }
  bool assigns(const sql::Assignment& assignment, const Source& source) const;
  const sql::Assignment* assignment_of(const sql::Update& update, const Source& source,
                                       std::string_view column, Assignments& before) const;
  bool uses(const sql::Node& node, Block* block, const Source& source, const Assignments& assigned) const;
  bool reads(const sql::Node& node, const Source& source, const Assignments& assigned) const;
  Result<Operand> new_value(const Source& source, const sql::Assignment& assignment,
                            const Assignments& before);
  sql::Expr* settled(const sql::Expr& value, const Source& source, const Assignments& before) const;
  sql::Node* settle(const sql::Node& node, sql::Node& copy, Block* block, const Source& source,
                    const Assignments& before, bool& done) const;
  bool qualify(sql::Expr& value, const Source& source, Block* block) const;
  Block* inner_block(const sql::Node& node, Block* block) const;
  const sql::Update* behind(const RowTriggers& triggers, const Source& source);
  sql::Assignment* assign(const Source& source, std::string_view column, sql::Expr* value);
  sql::Node* localised(sql::Node& node, const Source& source, KeyedWrite::Target& target);
  bool is_local(const sql::Node& node, const Source& source) const;
  bool has_other(const sql::Node& node, const Source& source) const;
  bool has_own(const sql::Node& node, const Source& source) const;
  const Column* column_of(const sql::Node& node) const;
  bool must_stay(const sql::Node& node) const;
  bool mixes_texts(const sql::Node& value, const Source& source) const;

  Draft& draft_;
  KeyedRow& row_;
  sql::Arena& arena_;
  const sql::Update* said_;
  const sql::Update* update_;
  bool copies_ = false;  ///< the table at hand has copies on all shards
};

}  // namespace kintsugi::plan::pass
