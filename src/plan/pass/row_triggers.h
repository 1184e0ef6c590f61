#pragma once

#include <optional>

#include "plan/pass/draft.h"

// Triggers of tables in sharded keyspaces that no server has: what writes must know of them.

namespace kintsugi::plan::pass {

/// Whether gates run triggers when the statement does that to a row: "insert", "update", "delete".
bool fires_triggers(const Draft& draft, const vschema::Table* table, std::string_view event);
/// Why such a write needs the gate; empty: it does not.
std::string triggers_of(const Draft& draft, const vschema::Table& table, std::string_view event);
/// Of one time: "before", "after". Null: there are none. A column that the table does not have is a server's
/// own error (1054).
Result<std::shared_ptr<const RowTriggers>> row_triggers(const Draft& draft, const TableEntry& entry,
                                                        std::string_view time, std::string_view event);
/// The place of a column among those that the triggers (which may be null) set, or name in NEW.
std::optional<std::size_t> set_place(const RowTriggers* triggers, std::string_view column);
std::optional<std::size_t> new_place(const RowTriggers* triggers, std::string_view column);
/// "select … from …", of the columns that NEW is asked for; empty: it is asked for none. kUnsupportedYet: no
/// primary key tells the row.
Result<std::string> select_new_row(const RowTriggers& triggers, const TableEntry& entry);

/// CREATE TRIGGER of what servers cannot run: whether gates can. `refused` is why servers cannot.
Result<void> create_row_trigger(Draft& draft, const sql::CreateTrigger& create, const vschema::Table& table,
                                const Error& refused, Ddl& node);
/// What CREATE TRIGGER of one that servers run must know of those that gates run.
Result<void> create_beside_row_triggers(const Draft& draft, const sql::CreateTrigger& create, Ddl& node);
/// Whether it is one that gates run.
bool drop_row_trigger(const Draft& draft, const sql::DropObject& drop, Ddl& node);

}  // namespace kintsugi::plan::pass
