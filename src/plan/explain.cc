#include "plan/explain.h"

#include <algorithm>

#include "plan/explain_values.h"
#include "plan/lookup.h"
#include "plan/mapping.h"
#include "plan/merge.h"
#include "plan/place.h"
#include "vschema/snapshot.h"

namespace kintsugi::plan {

namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

constexpr std::string_view kWhenItRuns = "when it runs";
constexpr std::string_view kReadFirst = "rows are read first";

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

class Explainer {
 public:
  explicit Explainer(const ExplainRequest& request)
      : request_(request), plan_(request.plan), bindings_(request.bindings) {}

  ExplainedNode lookup(const LookupRead& read) const {
    ExplainedNode out;
    out.tier = "look-up";
    ExplainedText text{sql_of(false, read.text), {}};
    fill_destination(out, text, read.destination, read.table);
    out.notes.push_back("asked first, by vindex " + read.vindex + ": the ids that it finds say which shards");
    out.texts.push_back(std::move(text));
    return out;
  }

  ExplainedNode node(const Node& node) const {
    switch (node.kind) {
      case NodeKind::kRoute:
        return route(static_cast<const Route&>(node));
      case NodeKind::kGather:
        return gather(static_cast<const Gather&>(node));
      case NodeKind::kMerge:
        if (std::optional<ExplainedNode> routed = serving_route(node, "rows of several are merged"))
          return std::move(*routed);
        return merge(static_cast<const MergeStreams&>(node));
      case NodeKind::kInsert:
        if (std::optional<ExplainedNode> routed = serving_route(node, kReadFirst)) return std::move(*routed);
        return insert(static_cast<const Insert&>(node));
      case NodeKind::kKeyedWrite:
        if (std::optional<ExplainedNode> routed = serving_route(node, kReadFirst)) return std::move(*routed);
        return keyed_write(static_cast<const KeyedWrite&>(node));
      default:
        return other(node);
    }
  }

 private:
  static ExplainedNode begin(const Node& node, std::string tier) {
    ExplainedNode out;
    out.tier = std::move(tier);
    out.pass = node.decided_by;
    return out;
  }

  /// What has no form of its own: the lines of the planner's text.
  ExplainedNode other(const Node& from) const {
    ExplainedNode out = begin(from, std::string(node_name(from.kind)));
    const std::string text = node_text(from);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::size_t begun = text.find_first_not_of(' ', at);
      if (begun < end) out.notes.push_back(text.substr(begun, end - begun));
      at = end + 1;
    }
    for (const auto& input : from.inputs) out.inputs.push_back(node(*input));
    return out;
  }

  std::string sql_of(bool own_text, const Text& text) const {
    if (own_text) return std::string(request_.text);
    std::string out;
    append_text(out, text, request_);
    return out;
  }

  ExplainedNode route(const Route& from) const {
    ExplainedNode out = begin(from, "route");
    out.writes = from.write;
    ExplainedText text{sql_of(from.own_text, from.text), {}};
    fill_destination(out, text, from.destination, {});
    if (text.shards.size() > 1) out.tier = "scatter";
    if (from.copies) out.notes.emplace_back("the same rows on every shard: the answer is that of the first");
    out.texts.push_back(std::move(text));
    return out;
  }

  /// Shards, keys and why there are no fewer. `table`: whose rows are meant; empty: those of all the plan's.
  void fill_destination(ExplainedNode& out, ExplainedText& text, const Destination& destination,
                        std::string_view table) const {
    const vschema::Keyspace* keyspace = plan_.routing->find_keyspace(destination.keyspace);
    for (const Constraint& constraint : destination.constraints) {
      out.keys.push_back(key(constraint, keyspace, destination.type));
    }
    if (!values_known(destination)) {
      const bool looks_up = std::ranges::any_of(
          destination.constraints, [](const Constraint& each) { return each.lookup != nullptr; });
      out.target = "shards of " + destination.keyspace +
                   (looks_up ? " by what is looked up" : " by the values that it runs with");
      return;
    }
    const Result<ShardList> shards = resolve(plan_, destination, bindings_);
    if (!shards) {
      out.reason = shards.error().message();
      out.target = "no shard of " + destination.keyspace;
      return;
    }
    const std::size_t all = keyspace == nullptr ? 0 : keyspace->shards(destination.type).size();
    out.target = target_text(destination, shards->size(), all);
    text.keyspace = destination.keyspace;
    text.type = destination.type;
    for (const vschema::Shard* shard : *shards) text.shards.push_back({shard->name, {}});
    if (shards->size() > 1) {
      out.reason = shards->size() == all ? why_all(destination, table)
                                         : "the values lead to " + counted(shards->size(), "shard");
    }
  }

  bool values_known(const Destination& destination) const {
    return std::ranges::all_of(destination.constraints, [this](const Constraint& constraint) {
      if (constraint.lookup != nullptr && answer_of(*constraint.lookup, bindings_) == nullptr) return false;
      return std::ranges::all_of(constraint.tuples,
                                 [this](const std::vector<Operand>& tuple) { return all_known(tuple); });
    });
  }

  /// Why every shard is asked: what would have said which.
  std::string why_all(const Destination& destination, std::string_view table) const {
    if (!destination.constraints.empty()) return "the values of its sharding keys lead to all shards";
    const vschema::Keyspace* keyspace = plan_.routing->find_keyspace(destination.keyspace);
    std::vector<std::string> keys;
    for (const TableUse& use : plan_.tables) {
      if (use.keyspace != destination.keyspace || (!table.empty() && table != use.keyspace + "." + use.table))
        continue;
      const vschema::Table* found = keyspace->find_table(use.table);
      if (found == nullptr || found->vindexes.empty()) continue;
      const vschema::TableVindex& vindex = found->vindexes.front();
      keys.push_back(use.table + " by " + std::string(vindex.vindex->type().name) + "(" +
                     joined(vindex.columns) + ")");
    }
    return keys.empty() ? "it is about every shard"
                        : "no condition compares a sharding key with a value that it can be routed by (" +
                              joined(keys) + ")";
  }

  /// The vindex's name in the vschema; its type's where no table of the plan says.
  std::string vindex_name(const vschema::Vindex* vindex, const vschema::Keyspace* keyspace) const {
    for (const TableUse& use : plan_.tables) {
      const vschema::Table* table = keyspace == nullptr ? nullptr : keyspace->find_table(use.table);
      if (table == nullptr) continue;
      for (const vschema::TableVindex& of_table : table->vindexes) {
        if (of_table.vindex == vindex) return of_table.name;
      }
    }
    return std::string(vindex->type().name);
  }

  static std::string shard_of(const vschema::Keyspace* keyspace, const topo::KeyspaceId& id,
                              topo::TabletType type) {
    const vschema::Shard* shard = keyspace == nullptr ? nullptr : keyspace->shard_of(id, type);
    return shard == nullptr ? "" : shard->name;
  }

  std::string tuple_text(const std::vector<Operand>& tuple) const {
    std::vector<std::string> values;
    for (const Operand& operand : tuple) values.push_back(value_text(operand, bindings_));
    return tuple.size() == 1 ? values.front() : "(" + joined(values) + ")";
  }

  ExplainedKey key(const Constraint& constraint, const vschema::Keyspace* keyspace,
                   topo::TabletType type) const {
    ExplainedKey out;
    if (constraint.kind == Constraint::Kind::kPinned) {
      out.type = "pinned";
      out.values.push_back({"", constraint.pinned.hex(), shard_of(keyspace, constraint.pinned, type), ""});
      return out;
    }
    if (constraint.kind == Constraint::Kind::kLookup) {
      out.vindex = constraint.lookup->vindex;
      out.type = constraint.vindex->type().name;
      out.columns = constraint.lookup->columns;
      out.values.push_back({counted(constraint.lookup->values, "value"), "", "", "looked up below"});
      return out;
    }
    out.vindex = vindex_name(constraint.vindex, keyspace);
    out.type = constraint.vindex->type().name;
    std::vector<std::string> columns;
    for (const KeyColumn& column : constraint.columns) columns.push_back(column.name);
    out.columns = joined(columns);
    if (constraint.kind == Constraint::Kind::kRange) {
      out.values.push_back(range(constraint));
      return out;
    }
    for (const std::vector<Operand>& tuple : constraint.tuples) {
      out.values.push_back(alternative(constraint, tuple, keyspace, type));
    }
    return out;
  }

  bool all_known(const std::vector<Operand>& tuple) const {
    return std::ranges::all_of(tuple, [this](const Operand& each) { return is_known(each, bindings_); });
  }

  ExplainedKey::Value alternative(const Constraint& constraint, const std::vector<Operand>& tuple,
                                  const vschema::Keyspace* keyspace, topo::TabletType type) const {
    ExplainedKey::Value value{tuple_text(tuple), "", "", ""};
    if (!all_known(tuple)) {
      value.place = kWhenItRuns;
      return value;
    }
    const Place place = place_of(constraint, tuple, bindings_);
    switch (place.kind) {
      case Place::Kind::kNone:
        value.place = "no row";
        break;
      case Place::Kind::kAll:
        value.place = "all shards";
        break;
      case Place::Kind::kId:
        value.keyspace_id = place.destination.id.hex();
        value.shard = shard_of(keyspace, place.destination.id, type);
        break;
      case Place::Kind::kRange:
        value.keyspace_id = place.destination.range.text();
        break;
    }
    return value;
  }

  ExplainedKey::Value range(const Constraint& constraint) const {
    const auto bound = [this](const std::vector<Operand>& tuple) {
      return tuple.empty() ? std::string("any") : tuple_text(tuple);
    };
    ExplainedKey::Value value{bound(constraint.tuples[0]) + " to " + bound(constraint.tuples[1]), "", "", ""};
    if (!all_known(constraint.tuples[0]) || !all_known(constraint.tuples[1])) {
      value.place = kWhenItRuns;
      return value;
    }
    value.keyspace_id = range_of(constraint, bindings_).text();
    return value;
  }

  ExplainedNode merge(const MergeStreams& from) const {
    ExplainedNode out = begin(from, "merge");
    ExplainedText text{sql_of(from.own_text, from.text), {}};
    fill_destination(out, text, from.destination, {});
    out.reason = from.reason;
    std::vector<std::string> keys;
    for (const MergeKey& key : from.keys) keys.push_back(key.name + (key.descending ? " desc" : ""));
    out.notes.push_back(!keys.empty() ? "rows are merged by " + joined(keys)
                        : from.groups ? "one row is made of those of all shards"
                                      : "rows as they come");
    if (from.distinct) out.notes.back() += ", once each";
    if (from.groups && !keys.empty()) out.notes.back() += ", and those of one group become one";
    if (!from.having.empty()) out.notes.back() += ", which counts if HAVING holds";
    if (from.hidden > 0)
      out.notes.push_back(counted(from.hidden, "column") + " at the end for the gate only");
    if (from.offset) out.notes.push_back("skips " + value_text(*from.offset, bindings_) + " of all rows");
    if (from.limit) out.notes.push_back("ends after " + value_text(*from.limit, bindings_) + " rows");
    out.texts.push_back(std::move(text));
    for (const auto& input : from.inputs) {
      if (values_known(static_cast<const Route&>(*input).destination)) continue;  // they lead to several
      out.inputs.push_back(node(*input));
      out.inputs.back().notes.emplace_back("instead of the above, where the values lead to one shard");
    }
    return out;
  }

  ExplainedNode gather(const Gather& from) const {
    if (!from.inputs.empty()) {
      const auto& input = static_cast<const Route&>(*from.inputs.front());
      if (values_known(input.destination) && resolve(plan_, input.destination, bindings_)) {
        ExplainedNode routed = route(input);
        routed.notes.push_back("other values may lead to several shards: then it gathers (" + from.reason +
                               ")");
        return routed;
      }
    }
    ExplainedNode out = begin(from, "gather");
    out.target = from.shard.empty() ? "one server of " + from.keyspace : from.keyspace + '/' + from.shard;
    out.target += ", over the copies below";
    out.reason = from.reason;
    out.bounds = request_.bounds;
    out.texts.push_back({sql_of(false, from.text), {{std::string(kOverCopies), {}}}});
    for (const GatheredTable& table : from.tables) out.inputs.push_back(gathered(from, table));
    for (const auto& input : from.inputs) {
      if (values_known(static_cast<const Route&>(*input).destination)) continue;  // they lead to several
      out.inputs.push_back(node(*input));
      out.inputs.back().notes.emplace_back("instead of the above, where the values lead to one shard");
    }
    return out;
  }

  ExplainedNode gathered(const Gather& from, const GatheredTable& table) const {
    const bool part = !table.shape.empty() || table.appended;
    ExplainedNode out = begin(from, part ? "part" : "copy");
    out.pass.clear();  // as of the whole
    if (!table.same_as.empty()) {
      out.target = table.same_as + " into " + table.name;
      out.notes.push_back("of " + table.table + ": the same rows once more, which no shard is asked for");
      return out;
    }
    ExplainedText text{sql_of(false, table.select) + table.locking, {}};
    fill_destination(out, text, table.destination, part ? std::string_view() : table.table);
    out.target += " into " + table.name;
    // Only what stored functions read has its own name.
    const bool of_query = table.name.starts_with("_kintsugi_");
    if (!part)
      out.notes.push_back(
          "of " + table.table +
          (of_query ? ": its columns that the query names" : ": all of it, for the function"));
    for (const CopyLink& link : table.links) {
      out.notes.push_back("where " + link.column + " is in " + link.from + "." + link.from_column +
                          (link.vindex == nullptr ? "" : ", on the shards of these values") +
                          ", if there are at most " + std::to_string(kLinkValuesMax));
    }
    out.texts.push_back(std::move(text));
    return out;
  }

  ExplainedNode insert(const Insert& from) const {
    ExplainedNode out = begin(from, "insert");
    out.writes = true;
    if (from.read != nullptr) add_read(*from.read, from, out);
    note_kept(from.lookups, from.before_triggers.get(), from.triggers.get(), out);
    if (from.conflicts != nullptr)
      out.notes.emplace_back(
          "row by row: those that a row meets by its unique keys are found and locked first");
    if (from.sequence) {
      out.notes.push_back("ids of " + from.id_column + " from " +
                          (from.sequence->table ? "the sequence table " : "the sequence ") +
                          from.sequence->keyspace + "." + from.sequence->name);
    }
    if (from.vindex == nullptr) {
      const auto all = [](std::size_t) { return true; };
      ExplainedText text{insert_text(from, from.head, all), {}};
      fill_destination(out, text, from.destination, {});
      out.reason = "the table has the same rows on every shard";
      out.texts.push_back(std::move(text));
      for (const Copy& copy : from.copies) {
        out.texts.push_back({insert_text(from, copy.text, all), {}});
        for (const vschema::Shard& shard : plan_.routing->find_keyspace(copy.keyspace)->shards())
          out.texts.back().shards.push_back({shard.text(), {}});
      }
      return out;
    }
    place_rows(from, out);
    return out;
  }

  /// What is read before it is written, and the route that some values take instead of both.
  void add_read(const Plan& read, const Node& from, ExplainedNode& out) const {
    ExplainRequest request{.plan = read, .text = {}, .bindings = bindings_, .bounds = request_.bounds};
    request.session = request_.session;
    out.inputs.push_back(explain(request));
    out.inputs.back().notes.emplace_back("read first, in the same transaction");
    for (const auto& input : from.inputs) {
      if (values_known(static_cast<const Route&>(*input).destination)) continue;  // they lead to several
      out.inputs.push_back(node(*input));
      out.inputs.back().notes.emplace_back("instead of all this, where the values lead to one shard");
    }
  }

  /// The route that the values take instead of what is read first, if they are known to.
  std::optional<ExplainedNode> serving_route(const Node& from, std::string_view otherwise) const {
    if (from.inputs.empty()) return std::nullopt;
    const auto& input = static_cast<const Route&>(*from.inputs.front());
    if (!values_known(input.destination) || !resolve(plan_, input.destination, bindings_))
      return std::nullopt;
    ExplainedNode routed = route(input);
    routed.notes.push_back("other values may lead to several shards: then " + std::string(otherwise));
    return routed;
  }

  ExplainedNode keyed_write(const KeyedWrite& from) const {
    ExplainedNode out = begin(from, "keyed_write");
    out.writes = true;
    out.reason = from.reason;
    for (const KeyedWrite::Target& target : from.targets) {
      out.target += (out.target.empty() ? "rows of " : ", ") + target.table;
      const char* where = target.vindex == nullptr ? "where the table is" : "where the values lead";
      std::string sql =
          sql_of(false, target.head) + sql_of(false, target.row) + "…" + sql_of(false, target.tail);
      out.texts.push_back({std::move(sql), {{where, {}}}});
      note_kept(target.lookups, target.before_triggers.get(), target.triggers.get(), out);
      if (target.new_key.empty()) continue;
      out.notes.push_back("rows of " + target.table + " move to where " + tuple_text(target.new_key) +
                          " leads");
    }
    add_read(*from.read, from, out);
    return out;
  }

  template <class Wanted>
  std::string insert_text(const Insert& from, const Text& head, const Wanted& wanted) const {
    std::string out;
    append_text(out, head, request_);
    bool first = true;
    for (std::size_t i = 0; i < from.rows.size(); ++i) {
      if (!wanted(i)) continue;
      if (!first) out += ", ";
      first = false;
      append_text(out, from.rows[i].text, request_);
    }
    append_text(out, from.tail, request_);
    return out;
  }

  void place_rows(const Insert& from, ExplainedNode& out) const {
    const std::string& name = from.destination.keyspace;
    const vschema::Keyspace* keyspace = plan_.routing->find_keyspace(name);
    ExplainedKey key{vindex_name(from.vindex, keyspace), std::string(from.vindex->type().name), {}, {}};
    for (const KeyColumn& column : from.columns)
      key.columns += (key.columns.empty() ? "" : ", ") + column.name;
    std::vector<std::string> shards;  // of each row; empty: not known before it runs
    for (const Insert::Row& row : from.rows) {
      key.values.push_back(place_row(from, row, keyspace));
      shards.push_back(key.values.back().shard);
    }
    out.keys.push_back(std::move(key));
    std::vector<std::string> order = shards;
    std::ranges::sort(order);
    order.erase(std::ranges::unique(order).begin(), order.end());
    for (const std::string& shard : order) {
      ExplainedText text{insert_text(from, from.head, [&](std::size_t row) { return shards[row] == shard; }),
                         {}};
      text.shards.push_back({shard.empty() ? "where the values lead" : shard, {}});
      out.texts.push_back(std::move(text));
    }
    const std::size_t all = keyspace->shards(from.destination.type).size();
    out.target = std::to_string(order.size()) + " of " + counted(all, "shard") + " of " + name;
    if (from.row_for_each) out.target = "shards of " + name + " by the rows that are read";
    if (order.size() > 1 && !order.front().empty()) out.reason = "rows go where their sharding key leads";
  }

  ExplainedKey::Value place_row(const Insert& from, const Insert::Row& row,
                                const vschema::Keyspace* keyspace) const {
    ExplainedKey::Value value{tuple_text(row.key), "", "", std::string(kWhenItRuns)};
    std::vector<MappingBuffer> buffers(row.key.size());
    std::vector<vschema::VindexValue> values(row.key.size());
    for (std::size_t i = 0; i < row.key.size(); ++i) {
      const bool known = is_known(row.key[i], bindings_);
      if (known && static_cast<int>(i) == from.id_in_key && row.key[i].in(bindings_).is_null()) {
        value.value = "{next id}";
        return value;
      }
      const Mapped mapped = known ? map_insert(from.columns[i], row.key[i], bindings_, buffers[i]) : Mapped();
      if (mapped.state == Mapped::State::kUnknown) return value;
      values[i] = mapped.value;
    }
    const vschema::Destination place = from.vindex->map(values);
    value.place.clear();
    if (place.kind != vschema::Destination::Kind::id) {
      value.place = "no shard";
      return value;
    }
    value.keyspace_id = place.id.hex();
    value.shard = shard_of(keyspace, place.id, from.destination.type);
    return value;
  }

  const ExplainRequest& request_;
  const Plan& plan_;
  const Bindings& bindings_;
};

}  // namespace

ExplainedNode explain(const ExplainRequest& request) {
  ExplainedNode root = Explainer(request).node(*request.plan.root);
  for (const auto& lookup : request.plan.lookups) root.inputs.push_back(Explainer(request).lookup(*lookup));
  for (const std::string& note : request.notes) root.notes.push_back(note);
  return root;
}

}  // namespace kintsugi::plan
