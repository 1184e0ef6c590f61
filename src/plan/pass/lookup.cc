#include "plan/lookup.h"

#include <algorithm>

#include "plan/merge.h"
#include "plan/pass/rules.h"

// Look-up vindexes: what a condition on their columns asks of their tables, before the statement is routed.
// The query has the condition's own values, so that servers compare them as they would in the statement. It
// is asked only where the look-up table's columns compare as the table's own do.

namespace kintsugi::plan::pass {

namespace {

using Operands = std::vector<Operand>;

/// Whether values equal one column if, and only if, they equal the other.
bool compare_alike(const Column& a, const Column& b) {
  if (a.type_class == ColumnClass::kInteger && b.type_class == ColumnClass::kInteger) return true;
  if (a.type_class == ColumnClass::kText && b.type_class == ColumnClass::kText)
    return a.collation == b.collation;
  return a.declared == b.declared && a.collation == b.collation;
}

/// A write must find the entries as they are when it writes: a transaction keeps them so.
std::string_view lock_text(const Draft& draft, vschema::Lookup::Lock lock) {
  bool locks =
      draft.statement.kind == sql::NodeKind::kUpdate || draft.statement.kind == sql::NodeKind::kDelete;
  sql::walk(draft.statement, [&locks](const sql::Node& node) {
    locks |= node.kind == sql::NodeKind::kLocking;
    return !locks;
  });
  if (!locks || lock == vschema::Lookup::Lock::none) return "";
  return lock == vschema::Lookup::Lock::shared ? " lock in share mode" : " for update";
}

/// Makes the look-up of one vindex.
class Maker {
 public:
  Maker(Draft& draft, const Source& source, const vschema::TableVindex& vindex)
      : draft_(draft), source_(source), vindex_(vindex), lookup_(*vindex.vindex->lookup()) {}

  std::optional<Constraint> make(Block* block, const std::vector<const sql::Expr*>& conditions) {
    std::vector<Operands> known;
    for (const std::string& column : vindex_.columns) {
      auto values = values_of(draft_, block, source_, column, conditions);
      if (!values) return std::nullopt;
      known.push_back(std::move(*values));
    }
    if (!find_table() || !alike()) return std::nullopt;
    auto read = std::make_shared<LookupRead>();
    read->vindex = vindex_.name;
    read->table = found_.keyspace->name() + "." + std::string(found_.name);
    for (const std::string& column : vindex_.columns)
      read->columns += (read->columns.empty() ? "" : ", ") + column;
    read->values = known.front().size();
    place(known, read->destination);
    write(known, read->text);
    Constraint constraint;
    constraint.kind = Constraint::Kind::kLookup;
    constraint.vindex = vindex_.vindex;
    constraint.lookup = std::move(read);
    return constraint;
  }

 private:
  /// The look-up table's columns may have to be loaded first.
  bool find_table() {
    auto found = draft_.context.routing->find_table(vindex_.lookup_keyspace, vindex_.lookup_table,
                                                    draft_.context.type);
    if (!found) return false;
    found_ = *found;
    TableKey key{found_.keyspace->name(), std::string(found_.name)};
    table_ = draft_.context.schema->find(key.keyspace, key.table);
    if (table_ == nullptr && !draft_.context.schema->known_missing(key.keyspace, key.table) &&
        std::ranges::find(draft_.missing, key) == draft_.missing.end()) {
      draft_.missing.push_back(std::move(key));
    }
    return table_ != nullptr;
  }

  bool alike() const {
    for (std::size_t i = 0; i < lookup_.from.size(); ++i) {
      const Column* own = source_.table->find(vindex_.columns[i]);
      const Column* from = table_->find(lookup_.from[i]);
      if (own == nullptr || from == nullptr || !compare_alike(*own, *from)) return false;
    }
    return table_->find(lookup_.to) != nullptr;
  }

  /// On the shards of the look-up table's own sharding key, which is of its columns of values.
  void place(const std::vector<Operands>& known, Destination& destination) const {
    destination.keyspace = found_.keyspace->name();
    destination.type = draft_.context.type;
    if (!found_.keyspace->sharded() || found_.table == nullptr) return;
    destination.reach = Destination::Reach::kAllShards;
    Constraint constraint;
    if (found_.table->pinned) {
      constraint.kind = Constraint::Kind::kPinned;
      constraint.pinned = *found_.table->pinned;
    } else {
      const vschema::TableVindex& primary = found_.table->vindexes.front();
      if (primary.columns.size() != 1) return;
      const std::size_t at = position(primary.columns.front());
      constraint.vindex = primary.vindex;
      constraint.columns.push_back(key_column(*table_->find(primary.columns.front()), *primary.vindex));
      if (!constraint.columns.front().exact) return;
      for (const Operand& value : known[at]) constraint.tuples.push_back({value});
    }
    destination.reach = Destination::Reach::kByKey;
    destination.constraints.push_back(std::move(constraint));
  }

  std::size_t position(std::string_view column) const {
    for (std::size_t i = 0; i < lookup_.from.size(); ++i) {
      if (same_column(lookup_.from[i], column)) return i;
    }
    return 0;
  }

  void write(const std::vector<Operands>& known, Text& text) {
    append_text(text,
                "select " + quoted_name(lookup_.to) + " from " + quoted_name(found_.keyspace->name()) + "." +
                    quoted_name(found_.name) + " where ",
                draft_);
    for (std::size_t i = 0; i < known.size(); ++i) {
      append_text(text, (i > 0 ? " and " : "") + quoted_name(lookup_.from[i]) + " in (", draft_);
      for (std::size_t value = 0; value < known[i].size(); ++value) {
        if (value > 0) append_text(text, ", ", draft_);
        text.push_back({TextPiece::Kind::kOperand, {}, {}, known[i][value]});
      }
      if (known[i].empty()) append_text(text, "null", draft_);
      append_text(text, ")", draft_);
    }
    append_text(text, lock_text(draft_, lookup_.read_lock), draft_);
  }

  Draft& draft_;
  const Source& source_;
  const vschema::TableVindex& vindex_;
  const vschema::Lookup& lookup_;
  vschema::FoundTable found_;
  const Table* table_ = nullptr;
};

void collect(const Destination& destination, Plan& plan) {
  for (const Constraint& constraint : destination.constraints) {
    if (constraint.lookup != nullptr &&
        std::ranges::find(plan.lookups, constraint.lookup) == plan.lookups.end())
      plan.lookups.push_back(constraint.lookup);
  }
}

void collect(const Node& node, Plan& plan) {
  if (node.kind == NodeKind::kRoute) collect(static_cast<const Route&>(node).destination, plan);
  if (node.kind == NodeKind::kMerge) collect(static_cast<const MergeStreams&>(node).destination, plan);
  if (node.kind == NodeKind::kGather) {
    for (const GatheredTable& table : static_cast<const Gather&>(node).tables)
      collect(table.destination, plan);
  }
  for (const auto& input : node.inputs) collect(*input, plan);
}

}  // namespace

namespace {

/// Fills in where the entries of a look-up that is written lie.
Result<void> place_entries(Draft& draft, const vschema::TableVindex& vindex, OwnedLookup& out) {
  auto found = draft.context.routing->find_table(vindex.lookup_keyspace, vindex.lookup_table);
  if (!found) return failure(found.error());
  const TableKey key{found->keyspace->name(), std::string(found->name)};
  out.table = quoted_name(key.keyspace) + "." + quoted_name(key.table);
  out.destination.keyspace = key.keyspace;
  const Table* table = draft.context.schema->find(key.keyspace, key.table);
  if (table == nullptr) {
    if (draft.context.schema->known_missing(key.keyspace, key.table))
      return failure(kUnknownTable, "the table '" + key.keyspace + "." + key.table + "' of look-up vindex '" +
                                        vindex.name + "' doesn't exist");
    draft.missing.push_back(key);
    return {};
  }
  const vschema::Lookup& lookup = *vindex.vindex->lookup();
  for (const std::string& column : lookup.from) {
    if (table->find(column) == nullptr)
      return failure(kUnknownColumn, "look-up vindex '" + vindex.name + "': table '" + key.table +
                                         "' has no column '" + column + "'");
  }
  if (!found->keyspace->sharded() || found->table == nullptr) return {};
  out.destination.reach = Destination::Reach::kByKey;
  if (found->table->pinned) {
    Constraint constraint;
    constraint.kind = Constraint::Kind::kPinned;
    constraint.pinned = *found->table->pinned;
    out.destination.constraints.push_back(std::move(constraint));
    return {};
  }
  const vschema::TableVindex& primary = found->table->vindexes.front();
  if (primary.columns.size() != 1)
    return failure(kUnsupportedYet,
                   "the table of look-up vindex '" + vindex.name + "' is sharded by several columns");
  out.placing = primary.vindex;
  out.column = key_column(*table->find(primary.columns.front()), *primary.vindex);
  for (std::size_t i = 0; i < lookup.from.size(); ++i) {
    if (same_column(lookup.from[i], primary.columns.front())) out.position = i;
  }
  return {};
}

}  // namespace

Result<std::vector<std::shared_ptr<OwnedLookup>>> owned_lookups(Draft& draft, const TableEntry& entry) {
  std::vector<std::shared_ptr<OwnedLookup>> all;
  if (entry.routing == nullptr || entry.found == nullptr || !entry.found->sharded()) return all;
  for (const vschema::TableVindex& vindex : entry.routing->vindexes) {
    const vschema::Lookup* lookup = vindex.vindex->lookup();
    if (lookup == nullptr || !(vindex.owned || lookup->verify)) continue;
    auto made = std::make_shared<OwnedLookup>();
    made->vindex = vindex.name;
    made->verified_only = !vindex.owned;
    made->filling = lookup->write_only;
    made->unique = vindex.vindex->type().unique;
    made->ignore_nulls = lookup->ignore_nulls;
    for (const std::string& column : lookup->from) made->from.push_back(quoted_name(column));
    made->to = quoted_name(lookup->to);
    made->owner = quoted_name(entry.keyspace) + "." + quoted_name(entry.server_name);
    made->owner_keyspace = entry.keyspace;
    for (const std::string& column : vindex.columns) made->owner_columns.push_back(quoted_name(column));
    for (const std::string& column : entry.routing->vindexes.front().columns)
      made->owner_key.push_back(quoted_name(column));
    if (Result<void> placed = place_entries(draft, vindex, *made); !placed) return failure(placed.error());
    all.push_back(std::move(made));
  }
  return all;
}

void find_lookup(Draft& draft, Block* block, const Source& source,
                 const std::vector<const sql::Expr*>& conditions, std::vector<Constraint>& out) {
  if (source.kind != Source::Kind::kTable || source.routing == nullptr || source.table == nullptr) return;
  // A unique one leads to fewer shards.
  for (const bool unique : {true, false}) {
    for (const vschema::TableVindex& vindex : source.routing->vindexes) {
      const vschema::Lookup* lookup = vindex.vindex->lookup();
      if (lookup == nullptr || vindex.vindex->type().unique != unique) continue;
      if (lookup->write_only || !(vindex.owned || lookup->verify)) continue;
      if (std::optional<Constraint> found = Maker(draft, source, vindex).make(block, conditions))
        return out.push_back(std::move(*found));
    }
  }
}

void collect_lookups(Plan& plan) {
  if (plan.root != nullptr) collect(*plan.root, plan);
}

}  // namespace kintsugi::plan::pass
