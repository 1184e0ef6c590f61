#include "plan/pass/foreign_keys.h"
#include "plan/pass/keyed_row.h"
#include "plan/pass/row_triggers.h"

// What UPDATE and DELETE must mind beside the rows themselves: look-ups, foreign keys and triggers.

namespace kintsugi::plan::pass {

namespace {

/// The values that a look-up has an entry of, before and after; whether they change.
Result<bool> read_values(KeyedRow& row, const Source& source, const vschema::TableVindex& vindex,
                         OwnedLookup& lookup) {
  bool changes = false;
  for (const std::string& column : vindex.columns) {
    const Column* known = source.table->find(column);
    if (known == nullptr)
      return failure(kUnknownColumn,
                     "the column '" + column + "' of vindex '" + vindex.name + "' is not there");
    lookup.values.push_back(row.read_column(source, known->name));
    const Result<std::optional<Operand>> value = row.assigned(source, column);
    if (!value) return failure(value.error());
    changes |= value->has_value();
    lookup.fresh.push_back(value->value_or(lookup.values.back()));
  }
  return changes;
}

/// The values of some columns before and after; whether they change.
Result<bool> read_columns(KeyedRow& row, const Source& source, const std::vector<std::string>& columns,
                          std::vector<Operand>& before, std::vector<Operand>& after) {
  bool changes = false;
  for (const std::string& column : columns) {
    const Column* known = source.table->find(column);
    if (known == nullptr)
      return failure(kUnknownColumn, "the column '" + column + "' of a foreign key is not there");
    before.push_back(row.read_column(source, known->name));
    const Result<std::optional<Operand>> value = row.assigned(source, known->name);
    if (!value) return failure(value.error());
    changes |= value->has_value();
    after.push_back(value->value_or(before.back()));
  }
  return changes;
}

bool assigns_any(const sql::Update& update, const std::vector<std::string>& columns) {
  for (const sql::Assignment* assignment : update.set) {
    for (const std::string& column : columns) {
      if (same_column(assignment->column->name, column)) return true;
    }
  }
  return false;
}

Result<void> add_parents(Draft& draft, KeyedRow& row, const WrittenTable& written) {
  if (written.update == nullptr) return {};
  for (const KeptOf& kept : kept_parents(draft, written.entry)) {
    if (!assigns_any(*written.update, kept.spec->columns)) continue;
    ParentCheck check{kept.key, {}, {}, {}};
    const Result<bool> changes =
        read_columns(row, written.source, kept.spec->columns, check.before, check.values);
    if (!changes) return failure(changes.error());
    if (!*changes) continue;
    std::vector<Operand> unused;
    if (kept.key->of_itself) {
      const Result<bool> own =
          read_columns(row, written.source, kept.spec->parent_columns, unused, check.own);
      if (!own) return failure(own.error());
    }
    written.target.parents.push_back(std::move(check));
  }
  return {};
}

Result<void> add_children(Draft& draft, KeyedRow& row, const WrittenTable& written) {
  const bool moves = !written.target.new_key.empty();
  const Change change = written.update == nullptr ? Change::kDelete : moves ? Change::kMove : Change::kUpdate;
  for (const KeptOf& kept : kept_children(draft, written.entry, change)) {
    if (written.update != nullptr && !assigns_any(*written.update, kept.spec->parent_columns)) continue;
    ChildChange child{kept.key, {}, {}};
    const Result<bool> changes =
        read_columns(row, written.source, kept.spec->parent_columns, child.before, child.after);
    if (!changes) return failure(changes.error());
    if (written.update == nullptr) child.after.clear();
    if (written.update == nullptr || *changes) written.target.children.push_back(std::move(child));
  }
  return {};
}

/// A query of the row by its primary key, as that is after the UPDATE.
Result<void> find_new_row(Draft& draft, KeyedRow& row, const WrittenTable& written,
                          const std::string& select) {
  Text& text = written.target.new_row;
  append_text(text, select, draft);
  bool first = true;
  for (const std::string& column : written.source.table->primary_key) {
    const Result<std::optional<Operand>> value = row.assigned(written.source, column);
    if (!value) return failure(value.error());
    append_text(text, (first ? " where " : " and ") + quoted_name(column) + " = ", draft);
    text.push_back(
        {TextPiece::Kind::kOperand, {}, {}, *value ? **value : row.read_column(written.source, column)});
    first = false;
  }
  return {};
}

/// BEFORE triggers, and what they find in OLD and NEW.
Result<void> add_before(KeyedRow& row, const WrittenTable& written,
                        std::shared_ptr<const RowTriggers> triggers) {
  for (const RowTriggers::Column& column : triggers->old_columns)
    written.target.before_old.push_back(row.read_column(written.source, column.name));
  for (const RowTriggers::Column& column : triggers->new_columns) {
    const Result<std::optional<Operand>> given = row.given(written.source, column.name);
    if (!given) return failure(given.error());
    written.target.before_new.push_back(*given ? **given : row.read_column(written.source, column.name));
  }
  written.target.before_triggers = std::move(triggers);
  return {};
}

}  // namespace

Result<void> add_triggers(Draft& draft, KeyedRow& row, const WrittenTable& written) {
  const std::string_view event = written.update == nullptr ? "delete" : "update";
  if (fires_triggers(draft, written.entry.routing, event) && written.update != nullptr &&
      written.update->ignore)
    return failure(kUnsupportedYet, "UPDATE IGNORE of table '" + written.entry.server_name +
                                        "', whose triggers the gate runs");
  auto before = row_triggers(draft, written.entry, "before", event);
  if (!before) return failure(before.error());
  if (*before != nullptr) {
    if (Result<void> done = add_before(row, written, std::move(*before)); !done) return done;
  }
  auto triggers = row_triggers(draft, written.entry, "after", event);
  if (!triggers) return failure(triggers.error());
  if (*triggers == nullptr) return {};
  for (const RowTriggers::Column& column : (*triggers)->old_columns)
    written.target.old_row.push_back(row.read_column(written.source, column.name));
  if (written.update != nullptr) {
    const Result<std::string> select = select_new_row(**triggers, written.entry);
    if (!select) return failure(select.error());
    if (!select->empty()) {
      if (Result<void> done = find_new_row(draft, row, written, *select); !done) return done;
    }
  }
  written.target.triggers = std::move(*triggers);
  return {};
}

Result<void> add_lookups(Draft& draft, KeyedRow& row, const WrittenTable& written) {
  auto lookups = owned_lookups(draft, written.entry);
  if (!lookups) return failure(lookups.error());
  std::size_t next = 0;
  if (lookups->empty()) return {};
  for (const vschema::TableVindex& vindex : written.entry.routing->vindexes) {
    if (next >= lookups->size() || (*lookups)[next]->vindex != vindex.name) continue;
    OwnedLookup& lookup = *(*lookups)[next++];
    const Result<bool> changes = read_values(row, written.source, vindex, lookup);
    if (!changes) return failure(changes.error());
    if (written.update != nullptr && !*changes && written.target.new_key.empty()) continue;
    if (written.update == nullptr && lookup.verified_only) continue;
    written.target.lookups.push_back((*lookups)[next - 1]);
  }
  return {};
}

Result<void> add_foreign_keys(Draft& draft, KeyedRow& row, const WrittenTable& written) {
  if (Result<void> done = add_parents(draft, row, written); !done) return done;
  return add_children(draft, row, written);
}

}  // namespace kintsugi::plan::pass
