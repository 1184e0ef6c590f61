#pragma once

#include "plan/pass/draft.h"

// Reference tables that have a source: writes to any of those that have the same rows go to all of them, the
// source first.

namespace kintsugi::plan::pass {

/// Makes entries that are written entries of their source, with the group that it has. The schema may have to
/// be known first (Draft::missing). kUnsupportedYet: a copy has foreign keys that a write to the source would
/// have to keep.
Result<void> write_to_sources(Draft& draft);

/// Entries that are read beside tables of one other keyspace which has the same rows become entries of that
/// one, so that the statement stays in it.
void read_beside(Draft& draft);

/// Stands for the name of the table that is written: see copies_of().
inline constexpr std::string_view kWrittenTable = "\x03table\x03";
/// Of a text in which kWrittenTable is named: the same with the names that copies have; then the text itself
/// gets the table's own name. Of a table without a group, only that.
std::vector<Copy> name_copies(const TableEntry& entry, Text& text, Draft& draft);

/// Of a copy of a FROM: tables that are written are read at their source, where their rows are locked first.
void read_at_source(const Draft& draft, const sql::TableRef& original, sql::TableRef& copy,
                    sql::Arena& arena);
/// Of a query whose rows go into a table with copies: if it reads nothing but those that have the same rows,
/// it reads them at their source, which writes lock before the copies.
void read_own_rows_at_source(const Draft& draft, const TableEntry& written, const sql::Query& original,
                             sql::Query& copy, sql::Arena& arena);
/// Columns without the keyspace that their table may not be of there.
void drop_schemas(sql::Node& node);

// DDL. The draft's keyspace is that of the table.

/// CREATE TABLE … REFERENCE [FROM source]: what becomes of the vschema and of the rows.
Result<void> create_reference(Draft& draft, const sql::CreateTable& create, Ddl& node, VSchemaEdit& edit);
/// ALTER TABLE … REFERENCE FROM source. May ask for the table's columns (Draft::missing).
Result<void> alter_reference(Draft& draft, const sql::AlterTable& alter, Ddl& node);
/// kSourceOfCopies: without the table, its copies would have no source.
Result<void> require_no_copies(const Draft& draft, std::string_view table);
/// What empties one of those that have the same rows empties all.
void truncate_copies(Draft& draft, std::string_view table, Ddl& node);

}  // namespace kintsugi::plan::pass
