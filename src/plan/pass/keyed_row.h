#pragma once

#include <optional>

#include "plan/pass/draft.h"

namespace kintsugi::plan::pass {

/// The row that a keyed write reads: for those who want more of it.
class KeyedRow {
 public:
  virtual ~KeyedRow() = default;
  /// What an expression is for it; the expression is kept.
  virtual Operand read(sql::Expr* value) = 0;
  /// …of one that must be evaluated where it stands, whatever is alike.
  virtual Operand read_again(sql::Expr* value) = 0;
  /// The value that it has.
  virtual Operand read_column(const Source& source, std::string_view column) = 0;
  /// The value that it becomes, by SET or by a trigger; nothing: it stays.
  virtual Result<std::optional<Operand>> assigned(const Source& source, std::string_view column) = 0;
  /// The value that SET gives it, before any trigger; nothing: none.
  virtual Result<std::optional<Operand>> given(const Source& source, std::string_view column) = 0;
};

/// One table of a keyed write.
struct WrittenTable {
  const Source& source;
  const TableEntry& entry;
  const sql::Update* update;  ///< null: its rows are deleted
  KeyedWrite::Target& target;
};

/// Look-ups that change with the row: with its values, or with the shard where it lies.
Result<void> add_lookups(Draft& draft, KeyedRow& row, const WrittenTable& written);
/// Triggers that gates run.
Result<void> add_triggers(Draft& draft, KeyedRow& row, const WrittenTable& written);
/// Foreign keys of the row, and those that refer to it, that the gate keeps.
Result<void> add_foreign_keys(Draft& draft, KeyedRow& row, const WrittenTable& written);

}  // namespace kintsugi::plan::pass
