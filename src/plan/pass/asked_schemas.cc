#include "plan/pass/asked_schemas.h"

#include <algorithm>

#include "base/lower_case.h"

namespace kintsugi::plan::pass {

namespace {

using Names = std::set<std::string>;

/// Whether a column tells the schema that its row is about: table_schema, schema_name, …
bool tells_schema(std::string_view column) {
  const std::string name = lower_case(column);
  return name.ends_with("_schema") || name == "schema_name";
}

class Reader {
 public:
  explicit Reader(Draft& draft) : draft_(draft) {}

  AskedSchemas read() {
    sql::walk(draft_.statement, [this](const sql::Node& node) {
      if (const auto* select = sql::as<sql::Select>(&node)) note_tables(*select);
      return true;
    });
    sql::walk(draft_.statement, [this](const sql::Node& node) {
      if (const auto* select = sql::as<sql::Select>(&node)) read_conditions(*select);
      return true;
    });
    spread();
    AskedSchemas asked;
    for (const auto& [name, alias] : references_) {
      const auto found = asked_.find(alias);
      asked[name] =
          found == asked_.end() || ambiguous_.contains(alias) ? std::nullopt : std::optional(found->second);
    }
    return asked;
  }

 private:
  using Aliases = std::vector<std::string>;

  static void collect(const sql::TableRef& table, Aliases& out,
                      std::vector<std::pair<const sql::TableName*, std::string>>* references) {
    if (const auto* named = sql::as<sql::NamedTable>(&table)) {
      out.push_back(lower_case(named->alias.empty() ? named->name->name : named->alias));
      if (references != nullptr) references->emplace_back(named->name, out.back());
    } else if (const auto* derived = sql::as<sql::DerivedTable>(&table)) {
      out.push_back(lower_case(derived->alias));
    } else if (const auto* join = sql::as<sql::Join>(&table)) {
      collect(*join->left, out, references);
      collect(*join->right, out, references);
    }
  }

  static Aliases aliases_of(const sql::TableRef& table) {
    Aliases out;
    collect(table, out, nullptr);
    return out;
  }

  void note_tables(const sql::Select& select) {
    Aliases all;
    for (const sql::TableRef* table : select.from) collect(*table, all, &references_);
    for (std::string& alias : all) {
      if (!known_.insert(alias).second) ambiguous_.insert(std::move(alias));
    }
  }

  void read_conditions(const sql::Select& select) {
    Aliases all;
    for (const sql::TableRef* table : select.from) {
      const Aliases some = aliases_of(*table);
      all.insert(all.end(), some.begin(), some.end());
    }
    for (const sql::Expr* condition : conjuncts(select.where)) read_condition(*condition, all, all);
    for (const sql::TableRef* table : select.from) read_joins(*table);
  }

  void read_joins(const sql::TableRef& table) {
    const auto* join = sql::as<sql::Join>(&table);
    if (join == nullptr) return;
    read_joins(*join->left);
    read_joins(*join->right);
    const Aliases left = aliases_of(*join->left);
    const Aliases right = aliases_of(*join->right);
    Aliases both = left;
    both.insert(both.end(), right.begin(), right.end());
    // What an outer join asks for says nothing of the rows that it keeps.
    const Aliases& narrowed = join->join == sql::JoinKind::kLeft    ? right
                              : join->join == sql::JoinKind::kRight ? left
                                                                    : both;
    for (const sql::Expr* condition : conjuncts(join->on)) read_condition(*condition, both, narrowed);
    const bool shared = std::ranges::any_of(join->using_columns,
                                            [](std::string_view column) { return tells_schema(column); });
    if (!shared || left.size() != 1 || right.size() != 1) return;
    tie(left.front(), right.front(), narrowed);
    tie(right.front(), left.front(), narrowed);
  }

  /// `of` may be narrowed if its schema must be that of `from`.
  void tie(const std::string& from, const std::string& of, const Aliases& narrowed) {
    if (std::ranges::find(narrowed, of) != narrowed.end()) ties_.emplace_back(from, of);
  }

  /// Whose schema the expression is, among these; empty: none's.
  static std::string alias_of(const sql::Expr* expr, const Aliases& in) {
    const auto* column = sql::as<sql::ColumnRef>(expr);
    if (column == nullptr || !tells_schema(column->name)) return {};
    if (column->table.empty()) return in.size() == 1 ? in.front() : std::string();
    return lower_case(column->table);
  }

  void read_condition(const sql::Expr& condition, const Aliases& in, const Aliases& narrowed) {
    if (const auto* among = sql::as<sql::In>(&condition)) {
      if (among->negated || among->query != nullptr) return;
      Names names;
      for (const sql::Expr* item : among->list) {
        const std::optional<std::string> name = schema_of(item);
        if (!name) return;
        names.insert(*name);
      }
      return narrow(alias_of(among->value, in), std::move(names), narrowed);
    }
    const auto* equal = sql::as<sql::Binary>(&condition);
    if (equal == nullptr || equal->op != sql::BinaryOp::kEqual) return;
    const std::string left = alias_of(equal->left, in);
    const std::string right = alias_of(equal->right, in);
    if (!left.empty() && !right.empty()) {
      tie(left, right, narrowed);
      tie(right, left, narrowed);
      return;
    }
    const std::optional<std::string> name = schema_of(left.empty() ? equal->left : equal->right);
    if (name) narrow(left.empty() ? right : left, {*name}, narrowed);
  }

  void narrow(const std::string& alias, Names names, const Aliases& narrowed) {
    if (std::ranges::find(narrowed, alias) == narrowed.end()) return;
    const auto [at, added] = asked_.try_emplace(alias, names);
    if (!added)
      std::erase_if(at->second, [&names](const std::string& name) { return !names.contains(name); });
  }

  std::optional<std::string> schema_of(const sql::Expr* expr) {
    if (const auto* call = sql::as<sql::FunctionCall>(expr)) {
      if (!call->args.empty() || (call->name != "database" && call->name != "schema")) return std::nullopt;
      return lower_case(draft_.context.keyspace);
    }
    const auto* literal = sql::as<sql::Literal>(expr);
    if (literal == nullptr || literal->literal != sql::LiteralKind::kString) return std::nullopt;
    if (literal->ordinal >= 0)
      draft_.plan->pinned_literals.push_back(static_cast<std::uint32_t>(literal->ordinal));
    return lower_case(literal->text);
  }

  /// What is known of one is known of those that are tied to it.
  void spread() {
    for (std::size_t round = 0; round < ties_.size(); ++round) {
      for (const auto& [from, of] : ties_) {
        const auto known = asked_.find(from);
        if (known != asked_.end() && !ambiguous_.contains(from)) asked_.try_emplace(of, known->second);
      }
    }
  }

  Draft& draft_;
  std::vector<std::pair<const sql::TableName*, std::string>> references_;
  Names known_, ambiguous_;  ///< aliases; those that several references have
  std::map<std::string, Names> asked_;
  std::vector<std::pair<std::string, std::string>> ties_;
};

}  // namespace

AskedSchemas asked_schemas(Draft& draft) { return Reader(draft).read(); }

}  // namespace kintsugi::plan::pass
