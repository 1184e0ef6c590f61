#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "base/lower_case.h"
#include "plan/pass/draft.h"
#include "plan/pass/locking_clauses.h"
#include "plan/pass/named_columns.h"
#include "plan/pass/push_down.h"
#include "plan/pass/rules.h"
#include "plan/pass/searches.h"
#include "sql/printer.h"

// Pass "gather": of queries that no route answers, what is copied to one server so that it can run them.
//
// Every table reference gets a temporary table of its own. Copied are the columns whose names occur anywhere
// in the statement (all of them where a star or a NATURAL join asks for what is not named), and the rows that
// conditions on this reference alone leave (push_down.h); the query itself stays whole, so a condition too
// few costs time and none too many is taken. A reference that needs the same rows as one before it is filled
// from that one's copy.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

/// A reference to a table, and what is known of it.
struct Reference {
  const sql::TableName* name = nullptr;
  const sql::NamedTable* ref = nullptr;  ///< null: TABLE t
  const TableEntry* entry = nullptr;
  std::vector<const Source*> sources;  ///< more than one for a reference in a common table that is used twice
  std::vector<const sql::Expr*> conditions;  ///< before its rows are copied
  std::vector<Tie> ties;                     ///< of the one source, if it is one
  bool of_function = false;                  ///< a stored function reads it
};

/// Why the query cannot run over copies; empty: it can.
std::string obstacle(const Draft& draft) {
  std::string found;
  const SearchColumns searches = find_searches(draft);
  sql::walk(draft.statement, [&](const sql::Node& node) {
    const auto* match = sql::as<sql::Match>(&node);
    if (match != nullptr && !searches.contains(match))
      found = "full-text search for what is not the same for every row of one table";
    if (node.kind == NodeKind::kSequenceValue) found = "the value of a sequence";
    return found.empty();
  });
  return found;
}

class Gatherer {
 public:
  Gatherer(Draft& draft, Gather& gather)
      : draft_(draft),
        gather_(gather),
        named_(find_named(draft.statement)),
        joined_(joined_columns(draft.statement, draft.tables)),
        searches_(find_searches(draft)) {}

  Result<void> run() {
    for (const auto& block : draft_.blocks) collect(*block);
    if (Result<void> distinct = check_aliases(); !distinct) return distinct;
    for (Reference& reference : references_) look_before(reference);
    order_references();
    TableNames names;
    for (const Reference& reference : references_) {
      names.emplace(reference.name, "_kintsugi_g" + std::to_string(gather_.tables.size() + 1));
      add_table(reference, names.at(reference.name));
    }
    add_for_functions();
    if (draft_.course == Course::kSeveral) add_information(draft_, gather_, names);
    gather_.text = make_text(draft_, draft_.statement, names, searches_);
    if (const auto* select = sql::as<sql::Select>(&draft_.statement))
      sort_groups(gather_.text, *select, draft_);
    return {};
  }

 private:
  /// What stored functions read, whole, by its own name. Beside the session's tables, where rows are read on
  /// the same connection, the name is taken once nothing is read by it any more.
  void add_for_functions() {
    const bool beside = !gather_.shard.empty();
    std::vector<GatheredTable> named;
    for (const sql::TableName* name : draft_.function_tables) {
      const TableEntry& entry = *draft_.entry(name);
      if (beside && is_beside(entry)) continue;
      Source source;
      source.kind = Source::Kind::kTable;
      source.alias = name->name;
      source.table = entry.schema;
      source.routing = entry.routing;
      place_table(draft_.placement, source);
      const std::string own(name->name);
      add_table({name, nullptr, &entry, {&source}, {}, {}, true},
                beside ? "_kintsugi_g" + std::to_string(gather_.tables.size() + 1) : own);
      if (!beside) continue;
      GatheredTable& copy = named.emplace_back(gather_.tables.back());
      if (copy.same_as.empty()) copy.same_as = copy.name;
      copy.name = own;
    }
    std::ranges::move(named, std::back_inserter(gather_.tables));
  }

  /// What can be said of its rows before they are copied.
  void look_before(Reference& reference) {
    const Source& source = *reference.sources.front();
    reference.conditions = conditions_before_copy(draft_, source);
    if (only_source(reference) == nullptr) return;
    reference.ties = ties_of(source);
    if (draft_.plan->locks || draft_.course != Course::kSharded) return;
    for (const Source* other : source.block->sources) {
      if (sql::Expr* condition = has_partner(draft_, source, *other))
        reference.conditions.push_back(condition);
    }
  }

  void collect(const Block& block) {
    if (const auto* query = sql::as<sql::TableQuery>(block.node);
        query != nullptr && !block.sources.empty()) {
      if (block.sources.front()->kind == Source::Kind::kTable) {
        add(query->table, nullptr, block.sources.front());
      }
    }
    for (const auto& [ref, source] : block.source_of) {
      const auto* table = sql::as<sql::NamedTable>(ref);
      if (table != nullptr && source->kind == Source::Kind::kTable) add(table->name, table, source);
    }
  }

  void add(const sql::TableName* name, const sql::NamedTable* ref, const Source* source) {
    const TableEntry* entry = draft_.entry(name);
    if (entry == nullptr || entry->found == nullptr) return;  // every server has its own
    if (!gather_.shard.empty() && is_beside(*entry)) return;
    for (Reference& known : references_) {
      if (known.name != name) continue;
      known.sources.push_back(source);
      return;
    }
    references_.push_back({name, ref, entry, {source}, {}, {}});
  }

  bool is_beside(const TableEntry& entry) const {
    return entry.temporary != nullptr && entry.keyspace == gather_.keyspace &&
           entry.temporary->shard == gather_.shard;
  }

  /// Two tables of one name from two keyspaces are told apart by the keyspace, which copies do not have.
  Result<void> check_aliases() const {
    for (const auto& block : draft_.blocks) {
      for (std::size_t i = 0; i < block->sources.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          const Source& a = *block->sources[i];
          const Source& b = *block->sources[j];
          // Others are the server's to refuse.
          if (!same_column(a.alias, b.alias) || a.schema.empty() || b.schema.empty() || a.schema == b.schema)
            continue;
          return failure(kUnsupportedYet, "two tables named '" + std::string(a.alias) +
                                              "' of different keyspaces without an alias");
        }
      }
    }
    return {};
  }

  std::vector<const Column*> columns_of(const Reference& reference) const {
    const Table& table = *reference.entry->schema;
    const bool star = named_.all || reference.ref == nullptr ||
                      std::ranges::any_of(reference.sources, [this](const Source* source) {
                        return named_.stars.contains(source->alias);
                      });
    std::vector<const Column*> columns;
    for (const Column& column : table.columns) {
      if ((star && !column.invisible) || is_named(column, reference)) columns.push_back(&column);
    }
    if (columns.empty())
      columns.push_back(table.primary_key.empty() ? &table.columns.front()
                                                  : table.find(table.primary_key.front()));
    return columns;
  }

  /// By the reference, or by another one that is of the same rows, so that one can be filled from the other.
  bool is_named(const Column& column, const Reference& reference) const {
    return std::ranges::any_of(references_, [&](const Reference& other) {
      const bool same = other.entry->schema == reference.entry->schema &&
                        std::ranges::equal(other.conditions, reference.conditions,
                                           [](const auto* a, const auto* b) { return sql::equal(a, b); });
      return same && std::ranges::any_of(other.sources, [&](const Source* source) {
               return named_.has(source->alias, column.name);
             });
    });
  }

  /// The one source of a reference whose conditions are known; null: there are several.
  static const Source* only_source(const Reference& reference) {
    return reference.sources.size() == 1 ? reference.sources.front() : nullptr;
  }

  /// First what conditions make few rows of, then what is tied to copies that are there already.
  void order_references() {
    std::vector<Reference> rest = std::move(references_);
    references_.clear();
    while (!rest.empty()) {
      const auto next = std::ranges::max_element(rest, {}, [this](const Reference& reference) {
        return std::tuple(is_tied(reference), selectivity(reference), is_everywhere(reference));
      });
      references_.push_back(std::move(*next));
      rest.erase(next);
    }
  }

  /// Tables that are on every shard are small.
  static bool is_everywhere(const Reference& reference) {
    return only_source(reference) != nullptr && only_source(reference)->rows < 0;
  }

  bool is_tied(const Reference& reference) const {
    return std::ranges::any_of(reference.ties,
                               [this](const Tie& tie) { return copy_of(tie.other) != references_.end(); });
  }

  std::vector<Reference>::const_iterator copy_of(const Source* source) const {
    return std::ranges::find_if(references_,
                                [source](const Reference& copied) { return only_source(copied) == source; });
  }

  /// 2: a column must have one value; 1: another condition; 0: none.
  static int selectivity(const Reference& reference) {
    if (only_source(reference) == nullptr) return 0;
    int most = 0;
    for (const sql::Expr* condition : reference.conditions) {
      const auto* binary = sql::as<sql::Binary>(condition);
      most = std::max(most, binary != nullptr && binary->op == sql::BinaryOp::kEqual ? 2 : 1);
    }
    return most;
  }

  std::vector<CopyLink> links(const Reference& reference) const {
    std::vector<CopyLink> found;
    const Source* source = reference.sources.front();
    for (const Tie& tie : reference.ties) {
      // references_ are in the order of gather_.tables, of which there are those before this one.
      const auto at = static_cast<std::size_t>(copy_of(tie.other) - references_.begin());
      if (at >= gather_.tables.size()) continue;
      const GatheredTable& from = gather_.tables[at];
      CopyLink link{tie.column->name,
                    from.same_as.empty() ? from.name : from.same_as,
                    tie.other_column->name,
                    nullptr,
                    {}};
      if (source->keys.size() == 1 && same_column(source->keys.front().name, tie.column->name) &&
          source->keys.front().column.exact && tie.column->type_class == ColumnClass::kInteger) {
        link.vindex = source->vindex;
        link.key = source->keys.front().column;
      }
      if (std::ranges::find(found, link) == found.end()) found.push_back(std::move(link));
    }
    return found;
  }

  void add_table(const Reference& reference, const std::string& name) {
    GatheredTable table;
    table.name = name;
    table.table = reference.entry->keyspace + "." + reference.entry->server_name;
    const std::vector<const Column*> columns = columns_of(reference);
    table.definition = definition(reference, columns);
    table.destination = destination(reference);
    table.select = select(reference, columns, table.filtered);
    if (!reference.of_function) table.locking = locking(reference);
    table.links = links(reference);
    table.same_as = find_same(table);
    gather_.tables.push_back(std::move(table));
  }

  /// An earlier copy with at least the rows that are needed here.
  std::string find_same(const GatheredTable& table) const {
    const auto same = std::ranges::find_if(gather_.tables, [&table](const GatheredTable& other) {
      return other.table == table.table && other.definition == table.definition &&
             other.select == table.select && other.destination.reach == table.destination.reach &&
             other.destination.constraints == table.destination.constraints &&
             (other.links.empty() || other.links == table.links);
    });
    if (same == gather_.tables.end()) return {};
    return same->same_as.empty() ? same->name : same->same_as;
  }

  static std::string quoted(std::string_view name) {
    std::string out;
    sql::print_name(out, name, {});
    return out;
  }

  std::string definition(const Reference& reference, const std::vector<const Column*>& columns) const {
    std::string out = "(";
    for (const Column* column : columns) {
      if (out.size() > 1) out += ", ";
      out += quoted(column->name) + ' ' + column->declared;
      if (!column->collation.empty() && column->declared != "json") out += " collate " + column->collation;
      out += column->nullable ? " null" : " not null";
      if (named_.defaults && !column->default_sql.empty()) out += " default " + default_of(*column);
    }
    for (const auto& search : searches_of(reference)) out += ", " + search.first + " double not null";
    std::string_view led;  // by the primary key, which then is index enough
    if (has_primary_key(reference, columns)) {
      led = reference.entry->schema->primary_key.front();
      out += ", primary key (";
      for (const std::string& key : reference.entry->schema->primary_key)
        out += (out.back() == '(' ? "" : ", ") + quoted(key);
      out += ')';
    }
    for (const Column* column : columns) {
      if (same_column(column->name, led)) continue;
      if (is_looked_up(reference, *column) && is_indexable(*column))
        out += ", key (" + quoted(column->name) + ")";
    }
    return out + ")";
  }

  bool is_looked_up(const Reference& reference, const Column& column) const {
    if (!reference.of_function) return joined_.contains(lower_case(column.name));
    const auto is_it = [&column](const std::string& name) { return same_column(name, column.name); };
    const Table& table = *reference.entry->schema;
    return std::ranges::any_of(table.unique_keys, [&](const auto& key) { return is_it(key.front()); }) ||
           std::ranges::any_of(reference.entry->routing->vindexes, [&](const vschema::TableVindex& vindex) {
             return std::ranges::any_of(vindex.columns, is_it);
           });
  }

  /// Of a constant, as it is; an expression has parentheses around it.
  static std::string default_of(const Column& column) {
    const char first = column.default_sql.front();
    const bool constant = first == '\'' || first == '-' || (first >= '0' && first <= '9');
    return constant ? column.default_sql : "(" + column.default_sql + ")";
  }

  /// Whether the table's primary key is copied, and holds over all shards: because it has the sharding key,
  /// and equal keys have one place.
  static bool has_primary_key(const Reference& reference, const std::vector<const Column*>& columns) {
    const Table& table = *reference.entry->schema;
    if (table.primary_key.empty()) return false;
    for (const std::string& key : table.primary_key) {
      const auto found = std::ranges::find_if(
          columns, [&key](const Column* column) { return same_column(column->name, key); });
      if (found == columns.end()) return false;
      const std::string& type = (*found)->type;
      if (type.ends_with("text") || type.ends_with("blob")) return false;  // a key of its first characters
    }
    const Source& source = *reference.sources.front();
    if (source.rows < 0) return true;  // the same on every shard
    return !source.keys.empty() && std::ranges::all_of(source.keys, [&table](const Source::Key& key) {
      return key.column.exact && std::ranges::any_of(table.primary_key, [&key](const std::string& column) {
               return same_column(key.name, column);
             });
    });
  }

  Destination destination(const Reference& reference) {
    Destination out;
    out.keyspace = reference.entry->keyspace;
    out.type = draft_.context.type;
    const vschema::Table* routing = reference.entry->routing;
    if (routing == nullptr || routing->kind != vschema::Table::Kind::sharded) return out;  // any shard
    out.reach = Destination::Reach::kAllShards;
    const Source& source = *reference.sources.front();
    if (reference.sources.size() > 1 || source.rows < 0) return out;
    for (Constraint constraint :
         draft_.placement.constraints[static_cast<std::size_t>(draft_.placement.root(source.rows))]) {
      constraint.group = 0;
      out.constraints.push_back(std::move(constraint));
      out.reach = Destination::Reach::kByKey;
    }
    return out;
  }

  Text select(const Reference& reference, const std::vector<const Column*>& columns, bool& filtered) {
    std::string head = "select ";
    for (const Column* column : columns) {
      if (head.size() > 7) head += ", ";
      // As text, a float has fewer digits than it needs.
      head += column->type == "float" ? quoted(column->name) + " + 0e0" : quoted(column->name);
    }
    Text text;
    for (const auto& [name, match] : searches_of(reference)) {
      append_text(text, std::exchange(head, "") + ", ", draft_);
      std::ranges::move(unqualified(*match), std::back_inserter(text));
    }
    head += " from " + quoted(reference.entry->keyspace) + "." + quoted(reference.entry->server_name);
    if (reference.ref != nullptr && !reference.ref->partitions.empty()) {
      head += " partition (";
      for (const std::string_view part : reference.ref->partitions)
        head += (head.back() == '(' ? "" : ", ") + quoted(part);
      head += ')';
    }
    const bool queries =
        std::ranges::any_of(reference.conditions, [](const sql::Expr* each) { return holds_query(*each); });
    const std::string_view alias = reference.sources.front()->alias;
    if (queries && alias != reference.entry->server_name) head += " as " + quoted(alias);
    append_text(text, head, draft_);
    for (const sql::Expr* condition : reference.conditions) {
      append_text(text, filtered ? " and " : " where ", draft_);
      filtered = true;
      append_text(text, "(", draft_);
      // In a query, names of columns need those of their tables.
      Text said = holds_query(*condition) ? make_text(draft_, *condition) : unqualified(*condition);
      std::ranges::move(said, std::back_inserter(text));
      append_text(text, ")", draft_);
    }
    return text;
  }

  /// By the name of their column.
  std::map<std::string, const sql::Match*> searches_of(const Reference& reference) const {
    std::map<std::string, const sql::Match*> found;
    for (const auto& [match, column] : searches_) {
      if (std::ranges::find(reference.sources, column.source) != reference.sources.end())
        found[column.name] = match;
    }
    return found;
  }

  Text unqualified(const sql::Expr& condition) {
    sql::Arena arena;
    sql::Expr* copy = sql::clone(&condition, arena);
    sql::walk(*copy, [](sql::Node& node) {
      if (auto* column = sql::as<sql::ColumnRef>(&node)) column->schema = column->table = {};
      return true;
    });
    return make_text(draft_, *copy);
  }

  /// As the reference's own query says, or another one of the same table; else as the statement does.
  std::string locking(const Reference& reference) const {
    Locks own;
    for (const Reference& other : references_) {
      const sql::Node& node = *other.sources.front()->block->node;
      if (other.entry->schema != reference.entry->schema || !sql::is_query(node.kind)) continue;
      for (const sql::Locking* clause : static_cast<const sql::Query&>(node).locking) own.add(*clause);
    }
    if (own.any()) return own.text();
    Locks all;
    all.add_all(draft_.statement);
    return all.text();
  }

  Draft& draft_;
  Gather& gather_;
  Named named_;
  std::set<std::string> joined_;
  SearchColumns searches_;
  std::vector<Reference> references_;
};

}  // namespace

bool may_gather(const Draft& draft) {
  if (draft.plan->root->kind != plan::NodeKind::kRoute || draft.course != Course::kSharded) return false;
  const NodeKind kind = draft.statement.kind;
  if (!sql::is_query(kind) && kind != NodeKind::kDo && kind != NodeKind::kSet) return false;
  const auto& route = static_cast<const Route&>(*draft.plan->root);
  return route.destination.several_refused && obstacle(draft).empty();
}

std::unique_ptr<Gather> new_gather(const Draft& draft) {
  auto gather = std::make_unique<Gather>();
  gather->reason = static_cast<const Route&>(*draft.plan->root).destination.several_refused->message();
  gather->keyspace = draft.keyspace;
  gather->type = draft.context.type;
  return gather;
}

Result<void> gather_rest(Draft& draft) {
  Plan& plan = *draft.plan;
  std::unique_ptr<Gather> gather;
  if (plan.root->kind == plan::NodeKind::kGather) {
    if (!static_cast<const Gather&>(*plan.root).tables.empty()) return {};  // of pass "parts"
    gather.reset(static_cast<Gather*>(plan.root.release()));
  } else {
    if (!may_gather(draft)) return {};
    gather = new_gather(draft);
    gather->inputs.push_back(std::move(plan.root));
  }
  if (const std::string why = obstacle(draft); !why.empty()) {
    if (!gather->shard.empty() || !draft.functions.empty())
      return failure(kUnsupportedYet, why + " with " + gather->reason);
    return failure(kCrossKeyspace, why + " with tables of several keyspaces");
  }
  if (gather->keyspace.empty()) gather->keyspace = draft.keyspace;
  if (!draft.functions.empty() && gather->keyspace != draft.functions_keyspace) {
    return failure(kCrossKeyspace, draft.functions + ", in a statement that runs on a server of keyspace '" +
                                       gather->keyspace + "': " + gather->reason);
  }
  gather->type = draft.context.type;
  if (Result<void> done = Gatherer(draft, *gather).run(); !done) return done;
  plan.root = std::move(gather);
  return {};
}

}  // namespace kintsugi::plan::pass
