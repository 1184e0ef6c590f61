#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/lower_case.h"
#include "plan/pass/asked_schemas.h"
#include "plan/pass/draft.h"
#include "plan/pass/rules.h"
#include "plan/pass/trigger_rows.h"

// Pass "information": queries of information_schema, whose answer is that of one server with all keyspaces.
//
// A server knows its own keyspace, and of it its own shard's rows. What tells of definitions is alike on all
// shards, so a query about one keyspace goes to any shard of it. Else the rows that each keyspace's servers
// have are copied to one, sums over shards put into them, and the query runs there.

namespace kintsugi::plan::pass {

namespace {

/// A table of information_schema whose rows belong to schemas.
struct Information {
  std::string_view name;
  std::string_view schema;              ///< the column that says to which
  std::vector<std::string_view> key{};  ///< with `schema`, what tells rows apart where shards are added up
  std::vector<std::string_view> sums{};
  std::string_view also{};  ///< further assignments, from `s`, the sums
};

const std::vector<Information>& information_tables() {
  static constexpr std::string_view kMean =
      "i.AVG_ROW_LENGTH = if(s.TABLE_ROWS is null, null, ifnull(s.DATA_LENGTH div nullif(s.TABLE_ROWS, 0), "
      "0))";
  static const std::vector<Information> kTables = {
      {"TABLES",
       "TABLE_SCHEMA",
       {"TABLE_NAME"},
       {"TABLE_ROWS", "DATA_LENGTH", "INDEX_LENGTH", "DATA_FREE"},
       kMean},
      {"PARTITIONS",
       "TABLE_SCHEMA",
       {"TABLE_NAME", "PARTITION_NAME", "SUBPARTITION_NAME"},
       {"TABLE_ROWS", "DATA_LENGTH", "INDEX_LENGTH", "DATA_FREE"},
       kMean},
      {"STATISTICS", "TABLE_SCHEMA", {"TABLE_NAME", "INDEX_NAME", "SEQ_IN_INDEX"}, {"CARDINALITY"}},
      {"CHECK_CONSTRAINTS", "CONSTRAINT_SCHEMA"},
      {"COLUMNS", "TABLE_SCHEMA"},
      {"EVENTS", "EVENT_SCHEMA"},
      {"KEY_COLUMN_USAGE", "TABLE_SCHEMA"},
      {"PARAMETERS", "SPECIFIC_SCHEMA"},
      {"REFERENTIAL_CONSTRAINTS", "CONSTRAINT_SCHEMA"},
      {"ROUTINES", "ROUTINE_SCHEMA"},
      {"SCHEMATA", "SCHEMA_NAME"},
      {"TABLE_CONSTRAINTS", "TABLE_SCHEMA"},
      {"TRIGGERS", "TRIGGER_SCHEMA"},
      {"VIEWS", "TABLE_SCHEMA"},
  };
  return kTables;
}

const Information* find_information(const TableEntry& entry) {
  if (entry.found != nullptr || !same_column(entry.keyspace, "information_schema")) return nullptr;
  const auto& tables = information_tables();
  const auto found = std::ranges::find_if(
      tables, [&entry](const Information& table) { return same_column(table.name, entry.server_name); });
  return found == tables.end() ? nullptr : &*found;
}

using Keyspaces = std::vector<const vschema::Keyspace*>;

/// What one reference of the statement needs.
struct Reference {
  const TableEntry* entry = nullptr;
  const Information* table = nullptr;
  Keyspaces keyspaces;    ///< whose rows
  bool others = true;     ///< and those of the servers' own databases
  bool added_up = false;  ///< with sums over shards
  bool more = false;      ///< gates have rows of it that no server has: triggers
};

class Informer {
 public:
  explicit Informer(Draft& draft) : draft_(draft) {
    for (const auto& keyspace : draft.context.routing->keyspaces()) {
      if (!keyspace->shards(draft.context.type).empty()) served_.push_back(keyspace.get());
    }
  }

  /// Null: the route will do.
  std::unique_ptr<Gather> run() {
    collect();
    if (references_.empty() || served_.empty()) return nullptr;
    home_ = draft_.found != nullptr && std::ranges::find(served_, draft_.found) != served_.end()
                ? draft_.found
                : served_.front();
    const Keyspaces asked = asked_keyspaces();
    // Names without a schema are those of the chosen database, and a shard's server is sent them with its
    // own.
    const bool moved = !asked.empty() && same_column(draft_.context.keyspace, "information_schema");
    if (one_shard_will_do(asked) && !moved) {
      if (!asked.empty()) draft_.keyspace = asked.front()->name();
      return nullptr;
    }
    auto gather = std::make_unique<Gather>();
    gather->reason = "information_schema of several shards";
    gather->keyspace = home_->name();
    gather->type = draft_.context.type;
    TableNames names;
    copy_all(*gather, names);
    gather->text = make_text(draft_, draft_.statement, names);
    return gather;
  }

  /// Adds what the server that the query gathers at does not know itself.
  void join(Gather& gather, TableNames& names) {
    collect();
    home_ = draft_.context.routing->find_keyspace(gather.keyspace);
    if (references_.empty() || home_ == nullptr) return;
    const Keyspaces asked = asked_keyspaces();
    const bool known_there = asked.empty() || asked.front() == home_;
    if (!one_shard_will_do(asked) || !known_there) copy_all(gather, names);
  }

 private:
  void collect() {
    const AskedSchemas asked = asked_schemas(draft_);
    for (const TableEntry& entry : draft_.tables) {
      const Information* table = find_information(entry);
      if (table == nullptr) continue;
      Reference reference{&entry, table, {}};
      const auto schemas = asked.find(entry.name);
      const bool narrowed = schemas != asked.end() && schemas->second.has_value();
      if (narrowed) {
        choose(*schemas->second, reference);
      } else {
        reference.keyspaces = served_;
      }
      reference.added_up =
          names_sums(*table) && std::ranges::any_of(reference.keyspaces, [this](const auto* keyspace) {
            return keyspace->shards(draft_.context.type).size() > 1;
          });
      reference.more = table->name == "TRIGGERS" &&
                       std::ranges::any_of(reference.keyspaces, [](const vschema::Keyspace* keyspace) {
                         return !trigger_rows(*keyspace).empty();
                       });
      references_.push_back(std::move(reference));
    }
  }

  void choose(std::set<std::string> names, Reference& reference) const {
    for (const vschema::Keyspace* keyspace : served_) {
      if (names.erase(lower_case(keyspace->name())) > 0) reference.keyspaces.push_back(keyspace);
    }
    reference.others = !names.empty();
  }

  /// Whether the statement names a column that is added up, or all columns.
  bool names_sums(const Information& table) const {
    if (table.sums.empty()) return false;
    bool named = false;
    sql::walk(draft_.statement, [&](const sql::Node& node) {
      named |= node.kind == sql::NodeKind::kStar || node.kind == sql::NodeKind::kTableQuery;
      const auto* column = sql::as<sql::ColumnRef>(&node);
      const auto is_named = [column](std::string_view sum) { return same_column(column->name, sum); };
      named |= column != nullptr && (std::ranges::any_of(table.sums, is_named) || is_named("AVG_ROW_LENGTH"));
      return !named;
    });
    return named;
  }

  Keyspaces asked_keyspaces() const {
    Keyspaces asked;
    for (const Reference& reference : references_) {
      for (const vschema::Keyspace* keyspace : reference.keyspaces) {
        if (std::ranges::find(asked, keyspace) == asked.end()) asked.push_back(keyspace);
      }
    }
    return asked;
  }

  /// All is about one keyspace, as any of its servers knows it.
  bool one_shard_will_do(const Keyspaces& asked) const {
    return asked.size() < 2 && std::ranges::none_of(references_, &Reference::added_up) &&
           std::ranges::none_of(references_, &Reference::more);
  }

  void copy_all(Gather& gather, TableNames& names) {
    gather_ = &gather;
    int number = 0;
    for (const Reference& reference : references_) {
      const std::string copy = fmt::format("_kintsugi_i{}", ++number);
      names.emplace(reference.entry->name, copy);
      copy_rows(reference, copy);
      if (reference.added_up) add_up(reference, copy);
    }
  }

  Destination destination(const vschema::Keyspace& keyspace, Destination::Reach reach) const {
    Destination out;
    out.keyspace = keyspace.name();
    out.type = draft_.context.type;
    out.reach = reach;
    return out;
  }

  GatheredTable& add(const Reference& reference, std::string name, const vschema::Keyspace& keyspace,
                     Destination::Reach reach, const std::string& select) {
    GatheredTable& table = gather_->tables.emplace_back();
    table.name = std::move(name);
    table.table = "information_schema." + lower_case(reference.table->name);
    table.destination = destination(keyspace, reach);
    append_text(table.select, select, draft_);
    return table;
  }

  /// The rows of one shard of each keyspace, and those of the servers' own databases once.
  void copy_rows(const Reference& reference, const std::string& copy) {
    const std::string all = fmt::format("select * from information_schema.{}", reference.table->name);
    std::vector<std::string> names;
    for (const auto& keyspace : draft_.context.routing->keyspaces())
      names.push_back(quoted_text(keyspace->name()));
    std::string others =
        fmt::format("{} where {} not in ({})", all, reference.table->schema, fmt::join(names, ", "));
    if (!reference.others) others = all + " limit 0";
    GatheredTable& first = add(reference, copy, *home_, Destination::Reach::kAnyShard, others);
    append_text(first.shape, all + " limit 0", draft_);
    for (const vschema::Keyspace* keyspace : reference.keyspaces) {
      GatheredTable& more =
          add(reference, copy, *keyspace, Destination::Reach::kAnyShard,
              fmt::format("{} where {} = {}", all, reference.table->schema, quoted_text(keyspace->name())));
      more.appended = true;
      if (!reference.more) continue;
      if (const std::string rows = trigger_rows(*keyspace); !rows.empty())
        add(reference, copy, *keyspace, Destination::Reach::kAnyShard, rows).appended = true;
    }
  }

  /// What all shards have, added up, takes the place of what one has.
  void add_up(const Reference& reference, const std::string& copy) {
    const Information& table = *reference.table;
    const std::string scratch = copy + "_sums";
    std::vector<std::string_view> key = {table.schema};
    key.insert(key.end(), table.key.begin(), table.key.end());
    const std::string columns = fmt::format("select {}, {} from information_schema.{}", fmt::join(key, ", "),
                                            fmt::join(table.sums, ", "), table.name);
    bool made = false;
    for (const vschema::Keyspace* keyspace : reference.keyspaces) {
      if (keyspace->shards(draft_.context.type).size() < 2) continue;
      GatheredTable& part =
          add(reference, scratch, *keyspace, Destination::Reach::kAllShards,
              fmt::format("{} where {} = {}", columns, table.schema, quoted_text(keyspace->name())));
      part.appended = made;
      if (!made) append_text(part.shape, columns + " limit 0", draft_);
      made = true;
    }
    gather_->tables.back().afterwards = sums_into(table, key, copy, scratch);
  }

  static std::string sums_into(const Information& table, const std::vector<std::string_view>& key,
                               const std::string& copy, const std::string& scratch) {
    // Names that differ in case are not the same.
    const auto exactly = [](std::string_view column) {
      return fmt::format("convert({} using utf8mb4) collate utf8mb4_bin", column);
    };
    std::vector<std::string> keys, names, on, sums, set;
    for (std::size_t i = 0; i < key.size(); ++i) {
      names.push_back(fmt::format("k{}", i));
      keys.push_back(fmt::format("{} as {}", exactly(key[i]), names.back()));
      on.push_back(fmt::format("{} <=> s.{}", exactly(fmt::format("i.{}", key[i])), names.back()));
    }
    for (const std::string_view sum : table.sums) {
      sums.push_back(fmt::format("sum({0}) as {0}", sum));
      set.push_back(fmt::format("i.{0} = s.{0}", sum));
    }
    if (!table.also.empty()) set.emplace_back(table.also);
    return fmt::format("update {} as i join (select {}, {} from {} group by {}) as s on {} set {}", copy,
                       fmt::join(keys, ", "), fmt::join(sums, ", "), scratch, fmt::join(names, ", "),
                       fmt::join(on, " and "), fmt::join(set, ", "));
  }

  Draft& draft_;
  Keyspaces served_;
  const vschema::Keyspace* home_ = nullptr;
  std::vector<Reference> references_;
  Gather* gather_ = nullptr;
};

}  // namespace

void add_information(Draft& draft, Gather& gather, TableNames& names) { Informer(draft).join(gather, names); }

Result<void> gather_information(Draft& draft) {
  if (draft.course != Course::kSystem || !sql::is_query(draft.statement.kind)) return {};
  if (std::unique_ptr<Gather> gather = Informer(draft).run()) draft.plan->root = std::move(gather);
  return {};
}

}  // namespace kintsugi::plan::pass
