#include <algorithm>

#include "plan/pass/draft.h"
#include "plan/pass/functions.h"
#include "plan/pass/keyed_set.h"
#include "plan/pass/read_locks.h"
#include "plan/pass/reference.h"
#include "plan/pass/whole_row.h"

// UPDATE and DELETE of rows that no route finds. A SELECT … FOR UPDATE of the statement's own tables, WHERE,
// ORDER BY and LIMIT finds them, by whatever tier it takes: it yields their primary and sharding keys, and
// the value of everything in SET that is not of the row alone (columns of other tables, subqueries). What is
// of the row alone stays in the UPDATE that writes it, so that conversions, clocks and errors are its
// server's.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

constexpr std::string_view kWhere = "\x03where\x03";

Operand read_operand(const Draft& draft, std::size_t column) {
  return {.from = Operand::From::kRead, .index = static_cast<std::uint32_t>(draft.row_calls.size() + column)};
}

void append_operand(Text& to, const Operand& operand) {
  to.push_back({TextPiece::Kind::kOperand, {}, {}, operand});
}

class Planner : private KeyedRow {
 public:
  Planner(Draft& draft, std::span<const Source* const> written)
      : draft_(draft),
        written_(written),
        update_(sql::as<sql::Update>(&draft.statement)),
        delete_(sql::as<sql::Delete>(&draft.statement)),
        select_(sql::make_node<sql::Select>(arena_)),
        set_(draft, update_, *this, arena_) {}

  Result<std::unique_ptr<KeyedWrite>> run(std::string reason) {
    if (const std::string why = obstacle(); !why.empty())
      return failure(kUnsupportedYet, why + " in a write whose rows are read first (" + reason + ")");
    auto node = std::make_unique<KeyedWrite>();
    node->reason = std::move(reason);
    node->update = update_ != nullptr;
    node->ignore = update_ != nullptr ? update_->ignore : delete_->ignore;
    node->ordered = !order_by().empty();
    node->returns_rows = delete_ != nullptr && !delete_->returning.empty();
    if (Result<void> done = set_.read_variables(); !done) return failure(done.error());
    Result<RowCalls> calls = set_.read_calls();
    if (!calls) return failure(calls.error());
    node->calls = std::move(*calls);
    for (const Source* source : written_) {
      Result<KeyedWrite::Target> target = make_target(*source);
      if (!target) return failure(target.error());
      node->targets.push_back(std::move(*target));
    }
    finish_select();
    auto read = plan_read(draft_, *select_);
    if (!read) return failure(read.error());
    node->read = std::move(*read);
    return node;
  }

 private:
  const sql::List<sql::OrderItem*>& order_by() const {
    return update_ != nullptr ? update_->order_by : delete_->order_by;
  }
  bool several_tables() const { return draft_.top->sources.size() > 1; }

  std::string obstacle() const {
    if (written_.empty()) return "a table that is not known";
    if (delete_ != nullptr && !draft_.plan->assigned_variables.empty()) {
      for (const sql::SelectItem* item : delete_->returning) {
        if (uses_variables(*item)) return "user variables in RETURNING";
      }
    }
    if (delete_ != nullptr && delete_->history) return "HISTORY";
    if ((delete_ != nullptr ? delete_->portion : update_->portion) != nullptr) return "FOR PORTION OF";
    return {};
  }

  const TableEntry* entry_of(const Source& source) const {
    for (const auto& [ref, found] : draft_.top->source_of) {
      const auto* named = sql::as<sql::NamedTable>(ref);
      if (found == &source && named != nullptr) return draft_.entry(named->name);
    }
    return nullptr;
  }

  /// A column of the row that is read.
  Operand read(sql::Expr* value) override {
    for (std::size_t i = 0; i < read_.size(); ++i) {
      if (sql::equal(*read_[i], *value)) return read_operand(draft_, i);
    }
    return read_again(value);
  }

  Operand read_again(sql::Expr* value) override {
    auto* item = sql::make_node<sql::SelectItem>(arena_);
    item->value = value;
    item->alias = arena_.copy("_kintsugi_" + std::to_string(read_.size()));
    select_->items.push_back(arena_, item);
    read_.push_back(value);
    return read_operand(draft_, read_.size() - 1);
  }

  Operand read_column(const Source& source, std::string_view column) override {
    return read(exact_column(source, column, arena_));
  }

  Result<std::optional<Operand>> assigned(const Source& source, std::string_view column) override {
    return set_.assigned(source, column);
  }
  Result<std::optional<Operand>> given(const Source& source, std::string_view column) override {
    return set_.given(source, column);
  }

  Result<KeyedWrite::Target> make_target(const Source& source) {
    const TableEntry* entry = entry_of(source);
    if (entry == nullptr || entry->found == nullptr || source.table == nullptr || source.table->view) {
      return failure(kUnsupportedYet, "a write to '" + std::string(source.alias) +
                                          "', which is no table of a keyspace, whose rows are read first");
    }
    if (Result<void> done = set_.give_way_to_triggers(source, *entry); !done) return failure(done.error());
    KeyedWrite::Target target;
    target.table = entry->keyspace + "." + entry->server_name;
    if (Result<void> done = identify(source, target); !done) return failure(done.error());
    if (Result<void> placed = place(source, *entry, target); !placed) return failure(placed.error());
    if (Result<void> done = write_texts(source, *entry, target); !done) return failure(done.error());
    if (update_ != nullptr) {
      if (Result<void> done = find_move(source, *entry, target); !done) return failure(done.error());
    }
    const WrittenTable written{source, *entry, set_.update(), target};
    if (Result<void> done = add_lookups(draft_, *this, written); !done) return failure(done.error());
    if (Result<void> done = add_foreign_keys(draft_, *this, written); !done) return failure(done.error());
    if (Result<void> done = add_triggers(draft_, *this, written); !done) return failure(done.error());
    return target;
  }

  Result<void> identify(const Source& source, KeyedWrite::Target& target) {
    const Table& table = *source.table;
    for (const std::string& column : table.primary_key)
      target.identity.push_back(read_column(source, column));
    if (!table.primary_key.empty()) {
      target.presence = target.identity.front();
      return {};
    }
    const Column* present = source.nullable ? never_null(table) : nullptr;
    const auto same = [&source](const Source* each) { return each->table == source.table; };
    if (several_tables() &&
        ((source.nullable && present == nullptr) || std::ranges::count_if(written_, same) > 1)) {
      return failure(kUnsupportedYet, "a write of several tables to '" + table.name +
                                          "', which has no primary key that tells its rows apart");
    }
    for (sql::Expr* value : whole_row(table, source.alias, arena_)) target.identity.push_back(read(value));
    target.one_by_one = !several_tables() || update_ != nullptr;
    const Operand always{.constant = {ValueKind::kInteger, "1", {}}, .charset = {}};
    target.presence = present == nullptr ? always : read_column(source, present->name);
    return {};
  }

  Result<void> place(const Source& source, const TableEntry& entry, KeyedWrite::Target& target) {
    Destination& destination = target.destination;
    destination.keyspace = entry.keyspace;
    destination.type = draft_.context.type;
    if (!entry.found->sharded() || entry.routing == nullptr) return {};
    if (entry.routing->kind == vschema::Table::Kind::reference) {
      destination.reach = Destination::Reach::kAllShards;
      return {};
    }
    destination.reach = Destination::Reach::kByKey;
    if (entry.routing->pinned) {
      Constraint constraint;
      constraint.kind = Constraint::Kind::kPinned;
      constraint.pinned = *entry.routing->pinned;
      destination.constraints.push_back(std::move(constraint));
      return {};
    }
    if (source.vindex == nullptr)
      return failure(kUnsupportedYet,
                     "a write to table '" + entry.server_name + "', whose rows no vindex places");
    target.vindex = source.vindex;
    for (const Source::Key& key : source.keys) {
      target.columns.push_back(key.column);
      target.key.push_back(read_column(source, key.name));
      target.identity.push_back(target.key.back());
    }
    return {};
  }

  // What writes the rows.

  Result<void> write_texts(const Source& source, const TableEntry& entry, KeyedWrite::Target& target) {
    auto* where = sql::make_node<sql::Literal>(arena_);
    where->literal = sql::LiteralKind::kInteger;
    where->text = kWhere;
    auto* table = sql::make_node<sql::NamedTable>(arena_);
    table->name = sql::make_node<sql::TableName>(arena_);
    table->name->name = kWrittenTable;
    std::string prefix;
    Text text;
    if (update_ != nullptr) {
      table->alias = source.alias;
      prefix = quoted_name(source.alias) + ".";
      auto* update = sql::make_node<sql::Update>(arena_);
      update->ignore = update_->ignore;
      update->low_priority = update_->low_priority;
      update->tables.push_back(arena_, table);
      update->where = where;
      update->order_by = own_order();
      if (target.one_by_one) update->limit = limit_of("1", arena_);
      if (Result<void> done = set_.write(source, entry, *update, target); !done) return done;
      text = make_text(draft_, *update);
    } else {
      auto* remove = sql::make_node<sql::Delete>(arena_);
      remove->ignore = delete_->ignore;
      remove->quick = delete_->quick;
      remove->low_priority = delete_->low_priority;
      remove->from.push_back(arena_, table);
      remove->where = where;
      remove->order_by = own_order();
      if (target.one_by_one) remove->limit = limit_of("1", arena_);
      remove->returning = returning();
      text = make_text(draft_, *remove);
      target.shape = shape(*table);
      name_copies(entry, target.shape, draft_);
    }
    Text tail;
    split_at(kWhere, text, target.head, tail, draft_);
    write_condition(source, prefix, target);
    target.tail.insert(target.tail.end(), tail.begin(), tail.end());
    if (target.one_by_one && several_tables()) {
      append_text(target.count, "select count(*) from " + full_name(entry) + " where ", draft_);
      append_condition(source, "", target, target.count);
    }
    target.copies = name_copies(entry, target.head, draft_);
    return {};
  }

  void write_condition(const Source& source, const std::string& prefix, KeyedWrite::Target& target) {
    const std::vector<std::string>& key = source.table->primary_key;
    if (key.size() == 1) {
      append_text(target.head, prefix + quoted_name(key.front()) + " in (", draft_);
      append_operand(target.row, target.identity.front());
      target.separator = ", ";
    } else {
      append_text(target.head, "(", draft_);
      append_condition(source, prefix, target, target.row);
      target.separator = ") or (";
    }
    append_text(target.tail, ")", draft_);
  }

  void append_condition(const Source& source, const std::string& prefix, const KeyedWrite::Target& target,
                        Text& to) {
    const std::vector<std::string>& key = source.table->primary_key;
    if (key.empty()) return append_whole_row(source, prefix, target, to);
    for (std::size_t i = 0; i < key.size(); ++i) {
      append_text(to, (i > 0 ? " and " : "") + prefix + quoted_name(key[i]) + " = ", draft_);
      append_operand(to, target.identity[i]);
    }
  }

  void append_whole_row(const Source& source, const std::string& prefix, const KeyedWrite::Target& target,
                        Text& to) {
    const std::vector<sql::Expr*> values =
        whole_row(*source.table, prefix.empty() ? "" : source.alias, arena_);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) append_text(to, " and ", draft_);
      const Text value = make_text(draft_, *values[i]);
      to.insert(to.end(), value.begin(), value.end());
      append_text(to, " <=> ", draft_);
      append_operand(to, target.identity[i]);
    }
  }

  /// ORDER BY as far as it is of the table alone: rows that one statement writes are written in this order.
  sql::List<sql::OrderItem*> own_order() {
    sql::List<sql::OrderItem*> items{};
    if (several_tables()) return items;
    for (const sql::OrderItem* item : order_by()) {
      bool own = true;
      sql::walk(*item, [&own](const sql::Node& node) {
        own &= !sql::is_query(node.kind);
        return own;
      });
      own &= find_call_over_copies(draft_, *item) == nullptr;
      own &= draft_.plan->assigned_variables.empty() || !uses_variables(*item);
      if (own) items.push_back(arena_, unqualified(*item, delete_ != nullptr));
    }
    return items;
  }

  sql::List<sql::SelectItem*> returning() {
    sql::List<sql::SelectItem*> items{};
    for (const sql::SelectItem* item : delete_->returning) items.push_back(arena_, unqualified(*item, true));
    return items;
  }

  Text shape(sql::NamedTable& table) {
    if (delete_->returning.empty()) return {};
    auto* select = sql::make_node<sql::Select>(arena_);
    select->items = returning();
    select->from.push_back(arena_, &table);
    select->limit = limit_of("0", arena_);
    return make_text(draft_, *select);
  }

  /// A copy whose columns are named without their keyspace, or without their table too.
  template <class T>
  T* unqualified(const T& node, bool table_too) {
    T* copy = sql::clone(&node, arena_);
    sql::walk(*copy, [table_too](sql::Node& child) {
      if (auto* column = sql::as<sql::ColumnRef>(&child)) {
        column->schema = {};
        if (table_too) column->table = {};
      }
      if (auto* star = sql::as<sql::Star>(&child); star != nullptr && table_too)
        star->schema = star->table = {};
      return true;
    });
    return copy;
  }

  // A changed sharding key.

  Result<void> find_move(const Source& source, const TableEntry& entry, KeyedWrite::Target& target) {
    std::vector<Operand> key = target.key;
    bool moves = false;
    for (std::size_t i = 0; i < key.size(); ++i) {
      Result<std::optional<Operand>> value = assigned(source, source.keys[i].name);
      if (!value) return failure(value.error());
      if (!*value) continue;
      moves = true;
      key[i] = **value;
    }
    if (!moves) return {};
    target.new_key = std::move(key);
    target.servers_triggers = source.table->triggers;
    const std::string name = full_name(entry);
    std::string columns;
    Text values;
    for (const Column& column : source.table->columns) {
      if (column.generated) continue;
      columns += (columns.empty() ? "" : ", ") + quoted_name(column.name);
      append_text(values, values.empty() ? "" : ", ", draft_);
      append_operand(values, read_column(source, column.name));
    }
    append_text(target.insert, "insert into " + name + " (" + columns + ") values (", draft_);
    target.insert.insert(target.insert.end(), values.begin(), values.end());
    append_text(target.insert, ")", draft_);
    append_text(target.remove, "delete from " + name + " where ", draft_);
    append_condition(source, "", target, target.remove);
    if (target.one_by_one) append_text(target.remove, " limit 1", draft_);
    return {};
  }

  // The query that finds the rows.

  void finish_select() {
    const sql::With* with = update_ != nullptr ? update_->with : delete_->with;
    select_->with = sql::clone(with, arena_);
    for (const sql::TableRef* ref : draft_.top->from) {
      auto* copy = sql::clone(ref, arena_);
      read_at_source(draft_, *ref, *copy, arena_);
      select_->from.push_back(arena_, copy);
    }
    select_->where = sql::clone(update_ != nullptr ? update_->where : delete_->where, arena_);
    for (const sql::OrderItem* item : order_by()) {
      // A number is a place in the select list only in a query.
      if (!sql::is<sql::Literal>(item->value)) select_->order_by.push_back(arena_, sql::clone(item, arena_));
    }
    select_->limit = sql::clone(update_ != nullptr ? update_->limit : delete_->limit, arena_);
    auto* locking = sql::make_node<sql::Locking>(arena_);
    locking->strength = sql::LockStrength::kUpdate;
    select_->locking.push_back(arena_, locking);
    lock_reads(*select_, arena_);
    if (std::ranges::any_of(draft_.tables, &TableEntry::group)) drop_schemas(*select_);
  }

  Draft& draft_;
  std::span<const Source* const> written_;
  const sql::Update* update_;
  const sql::Delete* delete_;
  sql::Arena arena_;
  sql::Select* select_;
  std::vector<const sql::Expr*> read_;
  KeyedSet set_;
};

}  // namespace

Result<std::unique_ptr<KeyedWrite>> plan_keyed_write(Draft& draft, std::span<const Source* const> written,
                                                     std::string reason) {
  return Planner(draft, written).run(std::move(reason));
}

}  // namespace kintsugi::plan::pass
