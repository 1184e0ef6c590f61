#include <algorithm>
#include <set>

#include "plan/pass/insert_copies.h"
#include "plan/pass/insert_lookups.h"
#include "plan/pass/insert_reader.h"
#include "plan/pass/insert_triggers.h"
#include "plan/pass/reference.h"

// INSERT and REPLACE.

namespace kintsugi::plan::pass {

namespace {

using Names = std::vector<std::string_view>;

class Planner {
 public:
  Planner(Draft& draft, const sql::Insert& statement, std::size_t marks = 0)
      : draft_(draft),
        statement_(statement),
        entry_(*draft.entry(statement.table)),
        copy_(sql::clone(&statement, arena_)),
        source_(sql::as<sql::Values>(statement.source)),
        columns_(named_columns()),
        reader_(draft, entry_, *copy_, columns_, arena_, marks),
        lookups_(draft, entry_, *copy_) {}

  Result<void> run() {
    if (!defaults_written_) return defaults_written_;
    if (Result<void> done = check_on_duplicate(); !done) return done;
    if (source_ == nullptr) return from_query();
    if (Result<void> done = reader_.mark_values(placing_columns()); !done) return done;
    source_ = sql::as<sql::Values>(copy_->source);
    if (is_copy()) {
      if (Result<void> done = require_repeatable(*copy_); !done) return done;
    }
    return from_values();
  }

  /// What writes rows like the one of the statement; `computed` gets what must be known of each before.
  Result<std::unique_ptr<Insert>> pattern(std::vector<Text>& computed) {
    if (!defaults_written_) return failure(defaults_written_.error());
    if (Result<void> done = reader_.mark_values(placing_columns()); !done) return failure(done.error());
    for (const sql::Expr* value : reader_.marked()) computed.push_back(make_text(draft_, *value));
    source_ = sql::as<sql::Values>(copy_->source);
    if (is_copy()) {
      if (Result<void> done = require_repeatable(*copy_); !done) return failure(done.error());
    }
    auto node = new_insert();
    if (!node) return node;
    (*node)->row_for_each = true;
    (*node)->own_text = false;
    return node;
  }

 private:
  bool is_a(vschema::Table::Kind kind) const {
    return entry_.routing != nullptr && entry_.routing->kind == kind && entry_.found->sharded();
  }
  bool is_copy() const { return is_a(vschema::Table::Kind::reference) || entry_.group != nullptr; }
  bool has_vindex() const { return is_a(vschema::Table::Kind::sharded) && !entry_.routing->vindexes.empty(); }

  Names named_columns() {
    Names names;
    implicit_ = !statement_.has_columns && statement_.columns.empty();
    for (const sql::ColumnRef* column : statement_.columns) names.push_back(column->name);
    for (const Column& column : entry_.schema->columns) {
      if (implicit_ && !column.invisible) names.push_back(column.name);
    }
    if (is_copy()) defaults_written_ = write_defaults(entry_, *copy_, implicit_, names, arena_);
    names.reserve(names.size() + entry_.schema->columns.size());  // which others have a view of
    return names;
  }

  /// Those that say where a row lies, or what its id is.
  Names placing_columns() const {
    Insert ids;
    find_sequence(ids);
    Names names;
    for (const std::string_view column : columns_) {
      if (is_key_column(column) || same_column(column, ids.id_column) || lookups_.asks_for(column))
        names.push_back(column);
    }
    return names;
  }

  /// The destination of all rows where no vindex tells them apart.
  Destination whole() const {
    Destination destination;
    destination.keyspace = entry_.keyspace;
    destination.type = draft_.context.type;
    if (is_a(vschema::Table::Kind::reference)) destination.reach = Destination::Reach::kAllShards;
    if (entry_.routing != nullptr && entry_.routing->pinned) {
      destination.reach = Destination::Reach::kByKey;
      Constraint constraint;
      constraint.kind = Constraint::Kind::kPinned;
      constraint.pinned = *entry_.routing->pinned;
      destination.constraints.push_back(std::move(constraint));
    }
    return destination;
  }

  static bool has(const vschema::TableVindex& vindex, std::string_view name) {
    return std::ranges::any_of(vindex.columns, [name](const auto& key) { return same_column(key, name); });
  }
  bool is_sharding_key(std::string_view name) const { return has(entry_.routing->vindexes.front(), name); }
  bool is_key_column(std::string_view name) const {
    return entry_.routing != nullptr &&
           std::ranges::any_of(entry_.routing->vindexes,
                               [name](const auto& each) { return has(each, name); });
  }

  /// Look-ups follow their columns, and rows of a table with a primary key their sharding key.
  Result<void> check_on_duplicate() const {
    for (const sql::Assignment* assignment : statement_.on_duplicate) {
      const std::string_view column = assignment->column->name;
      if (!is_key_column(column) || keeps(*assignment)) continue;
      if (lookups_.any() && (lookups_.moves() || !is_sharding_key(column))) continue;
      return failure(kShardingKeyUpdate,
                     "ON DUPLICATE KEY UPDATE of the sharding key '" + std::string(column) + "'");
    }
    return {};
  }

  void find_sequence(Insert& node) const {
    const bool filled = entry_.routing != nullptr && entry_.routing->auto_increment.has_value();
    const bool counts_itself =
        entry_.group == nullptr && (!entry_.found->sharded() || entry_.temporary != nullptr);
    if (!filled && counts_itself) return;
    for (const Column& column : entry_.schema->columns) {
      if (column.auto_increment) node.id_column = column.name;
    }
    if (!filled && entry_.group != nullptr && !node.id_column.empty()) {
      node.sequence = SequenceRef{entry_.keyspace, entry_.server_name, false,
                                  entry_.keyspace, entry_.server_name, node.id_column};
    }
    if (!filled) return;
    const auto& ids = entry_.routing->auto_increment;
    node.id_column = ids->column;
    SequenceRef sequence;
    sequence.keyspace = ids->in_topology && ids->keyspace.empty() ? entry_.keyspace : ids->keyspace;
    sequence.name = ids->sequence;
    sequence.table = !ids->in_topology;
    sequence.filled_keyspace = entry_.keyspace;
    sequence.filled_table = entry_.server_name;
    sequence.filled_column = ids->column;
    node.sequence = std::move(sequence);
  }

  Result<void> from_values() {
    auto node = new_insert();
    if (!node) return failure(node.error());
    if (const sql::Select* values = reader_.values()) {
      auto read = plan_read(draft_, *values);
      if (!read) return failure(read.error());
      (*node)->read = std::move(*read);
      (*node)->read_columns = reader_.size();
      (*node)->own_text = false;
    }
    draft_.plan->root = std::move(*node);
    return {};
  }

  Result<void> give_way_to_triggers() {
    const RowTriggers* triggers = lookups_.before();
    if (triggers == nullptr) return {};
    auto* rows = sql::clone(source_, arena_);
    const std::size_t named = columns_.size();
    if (implicit_ && rows->rows[0]->items.empty()) columns_.clear();  // VALUES ()
    auto given = pass::give_way_to_triggers(draft_, entry_, *triggers, *rows, columns_, arena_);
    if (!given) return failure(given.error());
    given_ = std::move(*given);
    extended_ = columns_.size() != named;
    source_ = rows;
    return {};
  }

  /// What writes the rows of source_.
  Result<std::unique_ptr<Insert>> new_insert() {
    if (Result<void> done = give_way_to_triggers(); !done) return failure(done.error());
    auto node = std::make_unique<Insert>();
    node->table = entry_.server_name;
    node->replace = statement_.replace;
    node->ignore = statement_.ignore;
    node->destination = whole();
    find_sequence(*node);
    if (has_vindex()) {
      const vschema::TableVindex& vindex = entry_.routing->vindexes.front();
      node->vindex = vindex.vindex;
      node->destination.reach = Destination::Reach::kByKey;
      for (const std::string& name : vindex.columns) {
        const Column* column = entry_.schema->find(name);
        if (column == nullptr) return failure(kUnknownColumn, "the sharding key '" + name + "' is no column");
        node->columns.push_back(key_column(*column, *vindex.vindex, node->columns.size()));
        if (!node->id_column.empty() && same_column(name, node->id_column)) {
          node->id_in_key = static_cast<int>(node->columns.size()) - 1;
        }
      }
    }
    if (Result<void> done = lookups_.find(*node); !done) return failure(done.error());
    id_position_ = node->id_column.empty() ? -1 : position_of(columns_, node->id_column);
    add_id_ = !node->id_column.empty() && id_position_ < 0;
    if (Result<void> done = add_rows(*node); !done) return failure(done.error());
    frame(*node);
    if (!statement_.returning.empty()) node->shape = shape();
    return node;
  }

  Result<void> add_rows(Insert& node) {
    std::size_t number = 0;
    for (const sql::Row* row : source_->rows) {
      ++number;
      // VALUES () without a list of columns: a row of defaults.
      const bool defaults = row->items.empty() && (implicit_ || columns_.empty());
      const bool alike = row->items.empty() == source_->rows[0]->items.empty();
      if (!alike || (row->items.size() != columns_.size() && !defaults)) {
        return failure(kColumnCount,
                       "Column count doesn't match value count at row " + std::to_string(number));
      }
      if (defaults && !columns_.empty()) defaults_ = true;
      if (Result<void> done = add_row(node, *row); !done) return done;
    }
    if (defaults_ && !node.id_column.empty()) add_id_ = true;
    return {};
  }

  Result<void> add_row(Insert& node, const sql::Row& row) {
    Insert::Row added;
    if (!given_.empty()) added.before_row = given_[node.rows.size()];
    if (!node.id_column.empty()) {
      const Result<Operand> id = id_of(node, row);
      if (!id) return failure(id.error());
      added.id = *id;
    }
    for (std::size_t i = 0; i < node.columns.size(); ++i) {
      const bool generated = static_cast<int>(i) == node.id_in_key;
      const Result<Operand> value = generated ? Result<Operand>(added.id) : key_of(node.columns[i].name, row);
      if (!value) return failure(value.error());
      added.key.push_back(*value);
    }
    const auto value_of = [&](const std::string& column) { return key_of(column, row); };
    const auto expr_of = [&](std::string_view column) { return item_at(row, position_of(columns_, column)); };
    if (Result<void> done = lookups_.add(node, value_of, added); !done) return done;
    if (Result<void> done = lookups_.add_update(node, expr_of, added); !done) return done;
    write_row(node, row, added);
    node.rows.push_back(std::move(added));
    return {};
  }

  /// What is written for the AUTO_INCREMENT column: nothing and DEFAULT are as NULL.
  Result<Operand> id_of(const Insert& node, const sql::Row& row) {
    const sql::Expr* item = item_at(row, id_position_);
    if (item == nullptr || item->kind == sql::NodeKind::kDefault || item->kind == sql::NodeKind::kDefaultOf) {
      return Operand{};
    }
    if (auto operand = constant_operand(item, draft_)) return *operand;
    return failure(kUnroutableValue,
                   "the value of the AUTO_INCREMENT column '" + node.id_column + "' is an expression");
  }

  Result<Operand> key_of(const std::string& name, const sql::Row& row) {
    const sql::Expr* item = item_at(row, position_of(columns_, name));
    if (item == nullptr || item->kind == sql::NodeKind::kDefault || item->kind == sql::NodeKind::kDefaultOf) {
      const Column* column = entry_.schema->find(name);
      if (column->nullable && !column->has_default && !column->generated) return Operand{};
      if (const std::optional<Operand> value = default_operand(*column, draft_, arena_)) return *value;
      // The server says that it has no default, or takes this.
      const std::optional<Value> zero = column->has_default ? std::nullopt : zero_of(*column);
      if (zero) return Operand{.constant = *zero, .charset = {}};
      return failure(kUnroutableValue, "the sharding key '" + name + "' is not given a value");
    }
    if (auto operand = constant_operand(item, draft_)) return *operand;
    return failure(kUnroutableValue, "the sharding key '" + name + "' is given an expression");
  }

  void write_row(const Insert& node, const sql::Row& row, Insert::Row& added) {
    const bool generated_first = !node.id_column.empty() && (add_id_ || row.items.empty());
    append_text(added.text, "(", draft_);
    if (generated_first) added.text.push_back({TextPiece::Kind::kGenerated, {}, {}, added.id});
    for (std::size_t i = 0; i < row.items.size(); ++i) {
      if (i > 0 || generated_first) append_text(added.text, ", ", draft_);
      if (static_cast<int>(i) == id_position_) {
        added.text.push_back({TextPiece::Kind::kGenerated, {}, {}, added.id});
        continue;
      }
      Text item = make_text(draft_, *row.items[i]);
      added.text.insert(added.text.end(), item.begin(), item.end());
    }
    append_text(added.text, ")", draft_);
  }

  /// What stands before and after the rows: the statement is printed with one row, that is then cut out.
  void frame(Insert& node) {
    static constexpr std::string_view kRow = "\x03row\x03";
    sql::Arena& arena = arena_;
    copy_->directives = {};
    copy_->set_form = false;
    if (entry_.group != nullptr) unqualify(entry_, *copy_);
    copy_->table->schema = {};
    copy_->table->name = kWrittenTable;
    if (defaults_) {
      copy_->columns = {};
      implicit_ = false;
      copy_->has_columns = true;
    }
    if (add_id_) {
      Names names{arena.copy(node.id_column)};
      if (!defaults_) names.insert(names.end(), columns_.begin(), columns_.end());
      name_columns(*copy_, names, arena);
    } else if (extended_ || (implicit_ && !defaults_ && entry_.group != nullptr)) {
      name_columns(*copy_, columns_, arena);
    }
    auto* row = sql::make_node<sql::Row>(arena);
    auto* mark = sql::make_node<sql::Literal>(arena);
    mark->literal = sql::LiteralKind::kInteger;
    mark->text = kRow;
    row->items.push_back(arena, mark);
    auto* values = sql::make_node<sql::Values>(arena);
    values->rows.push_back(arena, row);
    copy_->source = values;
    const std::string parenthesised = "(" + std::string(kRow) + ")";
    bool seen = false;
    for (TextPiece& piece : make_text(draft_, *copy_)) {
      const std::size_t at =
          piece.kind == TextPiece::Kind::kText ? piece.text.find(parenthesised) : piece.text.npos;
      if (at == std::string_view::npos) {
        (seen ? node.tail : node.head).push_back(piece);
        continue;
      }
      seen = true;
      append_text(node.head, piece.text.substr(0, at), draft_);
      append_text(node.tail, piece.text.substr(at + parenthesised.size()), draft_);
    }
    node.copies = name_copies(entry_, node.head, draft_);
    if (entry_.group != nullptr) node.own_text = false;
  }

  /// INSERT … SELECT: as it is where every row stays on the shard that it is read from; else rows are read,
  /// then inserted.
  Result<void> from_query() {
    Result<std::unique_ptr<Route>> route = route_of_query();
    if (!route) return failure(route.error());
    const bool by_servers = draft_.functions.empty() && draft_.row_calls.empty();
    if (*route != nullptr && !(*route)->destination.several_refused && by_servers) {
      draft_.plan->root = std::move(*route);
      return {};
    }
    return from_rows(by_servers ? std::move(*route) : nullptr);
  }

  /// Null: the statement cannot be sent as it is.
  Result<std::unique_ptr<Route>> route_of_query() {
    auto route = new_route(draft_, Destination::Reach::kAllShards);
    route->write = true;
    if (!ids_given() || draft_.course == Course::kSeveral || lookups_.any()) return nullptr;
    if (draft_.course == Course::kUnsharded) {
      route->destination.reach = Destination::Reach::kAnyShard;
    } else if (is_copy()) {
      if (!draft_.top->rows.empty() || has_limit() || find_unrepeatable(statement_) != nullptr)
        return nullptr;
      route->copies = true;
    } else {
      if (!stays_on_shard()) return nullptr;
      route->destination = destination_of_rows(draft_);
    }
    return route;
  }

  bool has_limit() const {
    bool found = false;
    sql::walk(*statement_.source, [&found](const sql::Node& node) {
      found |= node.kind == sql::NodeKind::kLimit;
      return !found;
    });
    return found;
  }

  /// Every row that is read is written as a row of VALUES would be.
  Result<void> from_rows(std::unique_ptr<Route> route) {
    Result<sql::Values*> rows = reader_.mark_rows();
    if (!rows) return failure(rows.error());
    source_ = *rows;
    auto node = new_insert();
    if (!node) return failure(node.error());
    auto read = plan_read(draft_, reader_.rows());
    if (!read) return failure(read.error());
    (*node)->row_for_each = true;
    (*node)->read_columns = reader_.size();
    (*node)->read = std::move(*read);
    (*node)->calls = reader_.calls();
    if (route != nullptr) (*node)->inputs.push_back(std::move(route));
    draft_.plan->root = std::move(*node);
    return {};
  }

  /// A query without rows whose columns are RETURNING's.
  Text shape() {
    auto* table = sql::make_node<sql::NamedTable>(arena_);
    table->name = sql::make_node<sql::TableName>(arena_);
    table->name->name = kWrittenTable;
    table->alias = arena_.copy(entry_.name->name);
    auto* select = sql::make_node<sql::Select>(arena_);
    select->from.push_back(arena_, table);
    for (const sql::SelectItem* item : statement_.returning)
      select->items.push_back(arena_, sql::clone(item, arena_));
    select->limit = limit_of("0", arena_);
    Text text = make_text(draft_, *select);
    name_copies(entry_, text, draft_);
    return text;
  }

  /// Whether no row waits for an id.
  bool ids_given() const {
    Insert node;
    find_sequence(node);
    if (node.id_column.empty()) return true;
    const int position = position_of(columns_, node.id_column);
    if (draft_.top == nullptr) return position >= 0;
    if (position < 0 || !draft_.top->outputs_known ||
        static_cast<std::size_t>(position) >= draft_.top->outputs.size()) {
      return false;
    }
    const Output& output = draft_.top->outputs[static_cast<std::size_t>(position)];
    const Column* column =
        output.source != nullptr && output.source->table != nullptr && !output.source->nullable
            ? output.source->table->find(output.column)
            : nullptr;
    return column != nullptr && !column->nullable;
  }

  bool stays_on_shard() const {
    if (!has_vindex() || draft_.top->rows.empty() || !draft_.top->outputs_known) return false;
    if (draft_.top->outputs.size() != columns_.size()) return false;
    const vschema::TableVindex& vindex = entry_.routing->vindexes.front();
    for (std::size_t i = 0; i < vindex.columns.size(); ++i) {
      const int position = position_of(columns_, vindex.columns[i]);
      const Column* column = entry_.schema->find(vindex.columns[i]);
      if (position < 0 || column == nullptr) return false;
      const Output& output = draft_.top->outputs[static_cast<std::size_t>(position)];
      if (output.source == nullptr || output.source->nullable || output.source->vindex != vindex.vindex)
        return false;
      if (key_position(*output.source, output.column) != static_cast<int>(i)) return false;
      const Source::Key& key = output.source->keys[i];
      if (!same_placement(key_column(*column, *vindex.vindex, i), column->collation, key.column,
                          key.collation)) {
        return false;
      }
    }
    return true;
  }

  Draft& draft_;
  const sql::Insert& statement_;
  const TableEntry& entry_;
  sql::Arena arena_;
  sql::Insert* copy_;          ///< of the statement, to be changed
  const sql::Values* source_;  ///< the rows that are written; null: those of a query
  bool implicit_ = false;      ///< no list of columns was written
  Result<void> defaults_written_;
  Names columns_;
  InsertReader reader_;
  InsertLookups lookups_;
  bool defaults_ = false;                    ///< VALUES ()
  bool extended_ = false;                    ///< rows have columns more, which triggers set
  std::vector<std::vector<Operand>> given_;  ///< by row, what BEFORE triggers find in NEW
  int id_position_ = -1;
  bool add_id_ = false;  ///< the AUTO_INCREMENT column is not in the list: it is put in front
};

}  // namespace

Result<std::unique_ptr<Insert>> plan_pattern(Draft& draft, const sql::Insert& insert, std::size_t fields,
                                             std::vector<Text>& computed) {
  return Planner(draft, insert, fields).pattern(computed);
}

Result<void> plan_insert(Draft& draft, const sql::Insert& insert) {
  const TableEntry& entry = *draft.entry(insert.table);
  const bool filled = entry.routing != nullptr && entry.routing->auto_increment.has_value();
  if (entry.found == nullptr && draft.course == Course::kSeveral) {
    return failure(kForbidden, "a table of " + entry.keyspace + " cannot be written through the gate");
  }
  if (draft.course != Course::kSharded && draft.course != Course::kSeveral && !filled) {
    auto route = new_route(draft, draft.course == Course::kUnsharded ? Destination::Reach::kAnyShard
                                                                     : Destination::Reach::kAnyServer);
    route->write = true;
    draft.plan->root = std::move(route);
    return {};
  }
  if (entry.routing != nullptr && entry.routing->kind == vschema::Table::Kind::sequence) {
    return failure(kForbidden, "the sequence table '" + entry.server_name + "' is written by the gates");
  }
  if (entry.schema->view) return failure(kUnsupportedYet, "INSERT into a view of a sharded keyspace");
  return Planner(draft, insert).run();
}

}  // namespace kintsugi::plan::pass
