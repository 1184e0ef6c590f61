#include <algorithm>
#include <set>

#include "base/lower_case.h"
#include "plan/lookup.h"
#include "plan/mapping.h"
#include "plan/pass/foreign_keys.h"
#include "plan/pass/global_keys.h"
#include "plan/pass/known_table.h"
#include "vschema/vindex.h"

namespace kintsugi::plan::pass {

namespace {

constexpr std::string_view kTo = "keyspace_id";
constexpr std::size_t kNameMax = 64;

/// Whether its values, as they are read, say where to go on reading.
bool is_ordered(const Column& column) { return column.type_class != ColumnClass::kOther; }

/// One key that comes to hold over all shards.
class Addition {
 public:
  Addition(Draft& draft, const vschema::Table& routing, const Table& schema, Ddl& node)
      : draft_(draft), routing_(routing), schema_(schema), node_(node) {}

  Result<void> run(std::string_view name) {
    const auto found = std::ranges::find_if(
        schema_.unique_key_names, [name](const std::string& each) { return equal_names(each, name); });
    if (found == schema_.unique_key_names.end())
      return failure(kUnknownColumn, "GLOBAL UNIQUE: the table has no unique key '" + std::string(name) +
                                         "' of whole columns");
    key_.name = *found;
    key_.write_only = true;
    key_.columns = schema_.unique_keys[static_cast<std::size_t>(found - schema_.unique_key_names.begin())];
    if (holds_sharding_key(key_.columns, routing_.vindexes.front().columns))
      return {};  // it is unique on all shards as it is
    known_ = vschema::find_global_key(routing_, key_.name);
    if (known_ != nullptr && !known_->vindex->lookup()->write_only)
      return failure(table_error(1061, "42000", "Duplicate key name '" + key_.name + "'"));
    entries_ = known_ != nullptr ? known_->lookup_table : vschema::global_key_table(routing_.name, key_.name);
    if (entries_.size() > kNameMax)
      return failure(kUnsupportedYet,
                     "GLOBAL UNIQUE: the name '" + entries_ + "' of its look-up table is too long");
    key_.vindex_type = placing_type(schema_.find(key_.columns.front())->type, false);
    return add();
  }

 private:
  std::string entries_name() const { return quoted_name(draft_.keyspace) + "." + quoted_name(entries_); }

  Result<void> add() {
    Result<std::string> definition = define_entries();
    if (!definition) return failure(definition.error());
    append_text(node_.before.emplace_back(), *definition, draft_);
    append_text(node_.undo.emplace_back(), "drop table if exists " + entries_name(), draft_);
    VSchemaEdit edit;
    edit.kind = VSchemaEdit::Kind::kAddGlobalKey;
    edit.keyspace = draft_.keyspace;
    edit.table = routing_.name;
    edit.global_keys = {key_};
    node_.edits.push_back(edit);
    edit.kind = VSchemaEdit::Kind::kUseGlobalKey;
    edit.new_name = key_.name;
    node_.filled.push_back(std::move(edit));
    Result<Ddl::KeyFill> made = make_fill();
    if (!made) return failure(made.error());
    node_.key_fills.push_back(std::move(*made));
    return {};
  }

  Result<std::string> define_entries() const {
    std::string text = "create table if not exists " + entries_name() + " (";
    std::string primary;
    for (const std::string& each : key_.columns) {
      const Column& column = *schema_.find(each);
      if (column.generated)
        return failure(kUnsupportedYet, "GLOBAL UNIQUE of column '" + each + "', which is generated");
      text += quoted_name(column.name) + " " + column.declared;
      if (!column.collation.empty()) text += " collate " + column.collation;
      text += " not null, ";
      primary += (primary.empty() ? "" : ", ") + quoted_name(column.name);
    }
    return text + std::string(kTo) + " varbinary(64) not null, primary key (" + primary + "))";
  }

  Result<Ddl::KeyFill> make_fill() {
    Ddl::KeyFill fill;
    fill.vindex = routing_.vindexes.front().vindex;
    const std::vector<std::string>& sharding = routing_.vindexes.front().columns;
    for (std::size_t i = 0; i < sharding.size(); ++i) {
      const Column* column = schema_.find(sharding[i]);
      if (column == nullptr)
        return failure(kUnknownColumn, "the sharding key '" + sharding[i] + "' is no column of the table");
      fill.columns.push_back(key_column(*column, *fill.vindex, i));
      fill.key.push_back(read(*column));
    }
    auto lookup = std::make_shared<OwnedLookup>();
    for (const std::string& column : key_.columns) lookup->values.push_back(read(*schema_.find(column)));
    if (Result<void> placed = describe(*lookup, fill); !placed) return failure(placed.error());
    fill.lookup = std::move(lookup);
    const bool ordered = std::ranges::all_of(
        schema_.primary_key, [this](const std::string& column) { return is_ordered(*schema_.find(column)); });
    for (const std::string& column : schema_.primary_key) {
      if (!ordered) break;
      fill.identity.push_back(read(*schema_.find(column)));
      fill.identity_columns.push_back(quoted_name(column));
      fill.order += (fill.order.empty() ? " order by " : ", ") + quoted_name(column);
    }
    fill.select =
        "select " + columns_ + " from " + quoted_name(draft_.keyspace) + "." + quoted_name(routing_.name);
    return fill;
  }

  /// A column of the row that is read.
  Operand read(const Column& column) {
    const auto known = std::ranges::find(read_, &column);
    const auto at = static_cast<std::uint32_t>(known - read_.begin());
    if (known == read_.end()) {
      read_.push_back(&column);
      columns_ += (columns_.empty() ? "" : ", ") + quoted_name(column.name);
      // As text, a float has fewer digits than it needs.
      if (column.type == "float") columns_ += " + 0e0";
    }
    return {.from = Operand::From::kRead, .index = at};
  }

  Result<void> describe(OwnedLookup& lookup, Ddl::KeyFill& fill) const {
    lookup.vindex = known_ != nullptr ? known_->name : routing_.name + "." + key_.name;
    lookup.table = entries_name();
    for (const std::string& column : key_.columns) lookup.from.push_back(quoted_name(column));
    lookup.to = kTo;
    lookup.unique = lookup.ignore_nulls = lookup.filling = true;
    lookup.owner = quoted_name(draft_.keyspace) + "." + quoted_name(routing_.name);
    lookup.owner_keyspace = draft_.keyspace;
    lookup.owner_columns = lookup.from;
    for (const std::string& column : routing_.vindexes.front().columns)
      lookup.owner_key.push_back(quoted_name(column));
    lookup.destination.keyspace = draft_.keyspace;
    lookup.destination.reach = Destination::Reach::kByKey;
    if (key_.vindex_type.empty()) {
      Constraint first;
      first.kind = Constraint::Kind::kPinned;
      first.pinned = *topo::KeyspaceId::from_hex("00");
      lookup.destination.constraints.push_back(std::move(first));
      return {};
    }
    Result<std::unique_ptr<vschema::Vindex>> placing = vschema::make_vindex(key_.vindex_type, {});
    if (!placing) return failure(placing.error());
    fill.placing = std::move(*placing);
    lookup.placing = fill.placing.get();
    lookup.column = key_column(*schema_.find(key_.columns.front()), *lookup.placing);
    return {};
  }

  Draft& draft_;
  const vschema::Table& routing_;
  const Table& schema_;
  Ddl& node_;
  vschema::GlobalKey key_;
  const vschema::TableVindex* known_ = nullptr;  ///< it was begun before
  std::string entries_;                          ///< its look-up table
  std::vector<const Column*> read_;
  std::string columns_;  ///< read_ as SQL
};

}  // namespace

Result<void> add_global_keys(Draft& draft, const sql::AlterTable& alter, Ddl& node) {
  const vschema::Table* table = draft.found->find_table(alter.table->name);
  if (table == nullptr || table->kind != vschema::Table::Kind::sharded || table->vindexes.empty())
    return failure(kUnsupportedYet,
                   "GLOBAL UNIQUE of '" + std::string(alter.table->name) + "', which is not sharded");
  const Result<const Table*> known = known_table(draft, table->name);
  if (!known) return failure(known.error());
  const Table* schema = *known;
  if (schema == nullptr) return {};
  node.own_text = false;
  for (const std::string_view name : alter.actions[0]->names) {
    if (Result<void> done = Addition(draft, *table, *schema, node).run(name); !done) return done;
  }
  return {};
}

void drop_global_key(Draft& draft, std::string_view table, std::string_view key, Ddl& node) {
  const vschema::Table* found = draft.found->find_table(table);
  const vschema::TableVindex* known = found == nullptr ? nullptr : vschema::find_global_key(*found, key);
  if (known == nullptr) return;
  VSchemaEdit edit;
  edit.kind = VSchemaEdit::Kind::kDropGlobalKey;
  edit.keyspace = draft.keyspace;
  edit.table = found->name;
  edit.new_name = key;
  node.edits.push_back(std::move(edit));
  append_text(node.last.emplace_back(),
              "drop table if exists " + quoted_name(draft.keyspace) + "." + quoted_name(known->lookup_table),
              draft);
}

Result<void> drop_global_keys(Draft& draft, const sql::AlterTable& alter, Ddl& node) {
  node.own_text = false;
  for (const std::string_view name : alter.actions[0]->names) {
    const std::size_t before = node.edits.size();
    drop_global_key(draft, alter.table->name, name, node);
    if (node.edits.size() == before)
      return failure(table_error(
          1091, "42000", "Can't DROP GLOBAL UNIQUE `" + std::string(name) + "`; check that it exists"));
  }
  return {};
}

}  // namespace kintsugi::plan::pass
