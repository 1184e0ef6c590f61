#include <algorithm>
#include <charconv>
#include <utility>

#include "plan/pass/draft.h"
#include "plan/pass/searches.h"
#include "sql/printer.h"

// Pass "text": what servers are sent where it is not the client's own text.
//
// The tree is printed with a mark in the place of each value that comes in later, and cut at the marks.

namespace kintsugi::plan::pass {

namespace {

using sql::NodeKind;

constexpr char kMarkBegin = '\x01';
constexpr char kMarkEnd = '\x02';

struct SessionFunction {
  std::string_view name;
  SessionValue value;
};
constexpr SessionFunction kSessionFunctions[] = {
    {"last_insert_id", SessionValue::kLastInsertId},
    {"row_count", SessionValue::kRowCount},
    {"found_rows", SessionValue::kFoundRows},
    {"connection_id", SessionValue::kConnectionId},
    {"database", SessionValue::kDatabase},
    {"schema", SessionValue::kDatabase},
    {"user", SessionValue::kUser},
    {"session_user", SessionValue::kUser},
    {"system_user", SessionValue::kUser},
    {"current_user", SessionValue::kCurrentUser},
};

/// What a server would tell of its own connection.
constexpr std::string_view kSessionVariables[] = {
    "autocommit",
    "error_count",
    "identity",
    "in_transaction",
    "max_replica_lag",
    "interactive_timeout",
    "last_insert_id",
    "net_read_timeout",
    "net_write_timeout",
    "pseudo_thread_id",
    "read_your_writes",
    "sql_select_limit",
    "transaction_isolation",
    "transaction_mode",
    "transaction_read_only",
    "tx_isolation",
    "tx_read_only",
    "wait_timeout",
    "warning_count",
};

std::optional<TextPiece> session_piece(const sql::Node& node) {
  TextPiece piece;
  piece.kind = TextPiece::Kind::kSession;
  if (const auto* call = sql::as<sql::FunctionCall>(&node)) {
    if (!call->args.empty() || !call->schema.empty() || call->over != nullptr) return std::nullopt;
    for (const SessionFunction& function : kSessionFunctions) {
      if (function.name != call->name) continue;
      piece.session = function.value;
      return piece;
    }
  }
  if (const auto* variable = sql::as<sql::SystemVariable>(&node)) {
    const bool of_session = variable->scope == sql::VariableScope::kNone ||
                            variable->scope == sql::VariableScope::kSession ||
                            variable->scope == sql::VariableScope::kLocal;
    if (!of_session || !variable->prefix.empty()) return std::nullopt;
    for (const std::string_view name : kSessionVariables) {
      if (!same_column(variable->name, name)) continue;
      piece.session = SessionValue::kVariable;
      piece.text = name;
      return piece;
    }
  }
  return std::nullopt;
}

bool is_renamed(const TableEntry& entry) {
  return entry.server_name != entry.name->name ||
         (!entry.name->schema.empty() && entry.name->schema != entry.keyspace);
}

bool is_dated(sql::LiteralKind kind) {
  return kind == sql::LiteralKind::kDate || kind == sql::LiteralKind::kTime ||
         kind == sql::LiteralKind::kTimestamp;
}

class Marker {
 public:
  Marker(Draft& draft, sql::Arena& arena, SearchReplacer searches)
      : draft_(draft), arena_(arena), searches_(std::move(searches)) {}

  /// Puts the names into a copy of `original`. The walks of both meet their tables in the same order.
  void give_names(const sql::Node& original, sql::Node& copy, const TableNames& names) {
    std::vector<const sql::TableName*> known;
    sql::walk(original, [&known](const sql::Node& node) {
      if (const auto* name = sql::as<sql::TableName>(&node)) known.push_back(name);
      return true;
    });
    std::size_t at = 0;
    sql::walk(copy, [&](sql::Node& node) {
      if (auto* column = sql::as<sql::ColumnRef>(&node)) column->schema = {};
      if (auto* star = sql::as<sql::Star>(&node)) star->schema = {};
      auto* table = sql::as<sql::NamedTable>(&node);
      if (table != nullptr && names.contains(known[at])) {
        if (table->alias.empty()) table->alias = table->name->name;
        table->partitions = {};
        table->system_time = nullptr;
        table->hints = {};
      }
      if (auto* name = sql::as<sql::TableName>(&node)) {
        if (const auto found = names.find(known[at++]); found != names.end()) {
          name->schema = {};
          name->name = arena_.copy(found->second);
        }
      }
      return true;
    });
  }

  sql::Node* mark(sql::Node& node) {
    if (auto piece = session_piece(node)) return hole(std::move(*piece));
    if (sql::Expr* column = searches_.replacement(node, arena_)) return column;
    if (auto* literal = sql::as<sql::Literal>(&node)) {
      if (is_row_mark(*literal)) {
        return hole({TextPiece::Kind::kOperand, {}, {}, *constant_operand(literal, draft_)});
      }
      const bool word = literal->literal == sql::LiteralKind::kNull ||
                        literal->literal == sql::LiteralKind::kTrue ||
                        literal->literal == sql::LiteralKind::kFalse;
      // Marks are literals too: of what this walk has put in place already.
      if (word || literal->text.starts_with(kMarkBegin) || literal->text.starts_with('\x03')) return literal;
      const Operand operand = *constant_operand(literal, draft_);
      // Of DATE '…' the fingerprint has the string alone.
      const bool dated = operand.from == Operand::From::kLiteral && is_dated(literal->literal);
      return hole({TextPiece::Kind::kOperand, {}, {}, operand},
                  dated ? literal->literal : sql::LiteralKind::kInteger);
    }
    if (auto* parameter = sql::as<sql::Parameter>(&node)) {
      return hole({TextPiece::Kind::kOperand, {}, {}, *constant_operand(parameter, draft_)});
    }
    if (auto* list = sql::as<sql::Do>(&node)) {  // whose items have no names
      for (sql::SelectItem* item : list->items) item->value = static_cast<sql::Expr*>(mark(*item->value));
      return list;
    }
    if (auto* item = sql::as<sql::SelectItem>(&node)) name_item(*item);
    if (auto* table = sql::as<sql::NamedTable>(&node)) rename(*table);
    sql::rewrite_children(node, [this](sql::Node& child) { return mark(child); });
    return &node;
  }

  /// Cuts the printed text at the marks.
  Text cut(std::string_view printed) {
    Text text;
    while (!printed.empty()) {
      const std::size_t begin = printed.find(kMarkBegin);
      const std::size_t end = begin == printed.npos ? printed.npos : printed.find(kMarkEnd, begin);
      if (end == printed.npos) break;
      std::size_t number = 0;
      std::from_chars(printed.data() + begin + 1, printed.data() + end, number);
      // A literal that must be a string is printed in quotes; the value brings its own.
      const bool quoted =
          begin > 0 && printed[begin - 1] == '\'' && end + 1 < printed.size() && printed[end + 1] == '\'';
      append_text(text, printed.substr(0, begin - (quoted ? 1 : 0)), draft_);
      text.push_back(holes_[number]);
      printed.remove_prefix(end + (quoted ? 2 : 1));
    }
    append_text(text, printed, draft_);
    return text;
  }

 private:
  sql::Node* hole(TextPiece piece, sql::LiteralKind printed_as = sql::LiteralKind::kInteger) {
    std::string mark(1, kMarkBegin);
    mark += std::to_string(holes_.size());
    mark += kMarkEnd;
    holes_.push_back(std::move(piece));
    auto* literal = sql::make_node<sql::Literal>(arena_);
    literal->literal = printed_as;
    literal->text = arena_.copy(mark);
    return literal;
  }

  /// Keeps the name that the client expects of a column whose expression is about to change.
  void name_item(sql::SelectItem& item) {
    if (item.alias.empty() && item.value->kind != NodeKind::kColumnRef) item.alias = alias_of(item, draft_);
  }

  void rename(sql::NamedTable& table) {
    for (const TableEntry& entry : draft_.tables) {
      if (!is_renamed(entry) || entry.name->name != table.name->name ||
          entry.name->schema != table.name->schema) {
        continue;
      }
      if (table.alias.empty()) table.alias = table.name->name;
      table.name->schema = arena_.copy(entry.keyspace);
      table.name->name = arena_.copy(entry.server_name);
      return;
    }
  }

  Draft& draft_;
  sql::Arena& arena_;
  SearchReplacer searches_;
  std::vector<TextPiece> holes_;
};

/// Strings are named by their characters, words by themselves: however they are printed, if that is what they
/// are.
bool names_itself(const sql::Literal& literal) {
  switch (literal.literal) {
    case sql::LiteralKind::kNull:
    case sql::LiteralKind::kTrue:
    case sql::LiteralKind::kFalse:
    case sql::LiteralKind::kString:
    case sql::LiteralKind::kNational:
      return true;
    default:
      return false;
  }
}

bool needs_session(const sql::Node& statement) {
  bool needs = false;
  sql::walk(statement, [&needs](const sql::Node& node) {
    needs = needs || session_piece(node).has_value();
    return !needs;
  });
  return needs;
}

Result<void> check_renaming(const Draft& draft) {
  if (can_rename(draft.statement)) return {};
  return failure(
      kUnsupportedYet,
      "a table that a routing rule renames, in WITH, in DELETE or with its keyspace before a column");
}

}  // namespace

bool can_rename(const sql::Node& statement) {
  bool can = true;
  sql::walk(statement, [&can](const sql::Node& node) {
    const auto* column = sql::as<sql::ColumnRef>(&node);
    const auto* star = sql::as<sql::Star>(&node);
    can &= node.kind != NodeKind::kWith && node.kind != NodeKind::kDelete &&
           (column == nullptr || column->schema.empty()) && (star == nullptr || star->schema.empty());
    return can;
  });
  return can;
}

void append_text(Text& to, std::string_view text, Draft& draft) {
  if (text.empty()) return;
  to.push_back({TextPiece::Kind::kText, {}, draft.keep(text), {}});
}

void split_at(std::string_view mark, const Text& text, Text& head, Text& tail, Draft& draft) {
  bool seen = false;
  for (const TextPiece& piece : text) {
    const std::size_t at =
        piece.kind == TextPiece::Kind::kText ? piece.text.find(mark) : std::string_view::npos;
    if (at == std::string_view::npos) {
      (seen ? tail : head).push_back(piece);
      continue;
    }
    seen = true;
    append_text(head, piece.text.substr(0, at), draft);
    append_text(tail, piece.text.substr(at + mark.size()), draft);
  }
}

std::string_view alias_of(const sql::SelectItem& item, Draft& draft) {
  if (!item.alias.empty()) return item.alias;
  const sql::Expr* value = item.value;
  for (const auto* unary = sql::as<sql::Unary>(value); unary != nullptr && unary->op == sql::UnaryOp::kPlus;
       unary = sql::as<sql::Unary>(value)) {
    value = unary->operand;
  }
  if (const auto* column = sql::as<sql::ColumnRef>(value)) return column->name;
  const auto* literal = sql::as<sql::Literal>(value);
  if (value->kind == NodeKind::kStar || (literal != nullptr && names_itself(*literal))) return {};
  const auto* call = sql::as<sql::FunctionCall>(value);
  if (call != nullptr && call->name == "name_const") return {};
  sql::walk(*value, [&draft](const sql::Node& node) {
    const auto* part = sql::as<sql::Literal>(&node);
    if (part != nullptr && part->ordinal >= 0)
      draft.plan->pinned_literals.push_back(static_cast<std::uint32_t>(part->ordinal));
    return true;
  });
  return item.source.text;
}

Text make_text(Draft& draft, const sql::Node& node) { return make_text(draft, node, {}); }

Text make_text(Draft& draft, const sql::Node& node, const TableNames& names) {
  return make_text(draft, node, names, {});
}

Text make_text(Draft& draft, const sql::Node& node, const TableNames& names, const SearchColumns& searches) {
  sql::Arena arena;
  sql::Node* copy = sql::clone(&node, arena);
  Marker marker(draft, arena, SearchReplacer(node, *copy, searches));
  if (!names.empty()) marker.give_names(node, *copy, names);
  copy = marker.mark(*copy);
  sql::PrintOptions options;
  options.clauses = sql::PrintOptions::Clauses::kOmit;
  return marker.cut(sql::print(*copy, options));
}

Result<void> write_text(Draft& draft) {
  Node& root = *draft.plan->root;
  if (root.kind == plan::NodeKind::kInsert && !draft.context.own_text)
    static_cast<Insert&>(root).own_text = false;
  Node* sent = root.inputs.empty() ? &root : root.inputs.front().get();
  if (sent->kind != plan::NodeKind::kRoute && sent->kind != plan::NodeKind::kInsert) return {};
  const bool renamed = std::ranges::any_of(draft.tables, is_renamed);
  if (renamed) {
    if (Result<void> done = check_renaming(draft); !done) return done;
  }
  if (!renamed && !needs_session(draft.statement) && draft.context.own_text) return {};
  if (sent->kind == plan::NodeKind::kInsert) {
    static_cast<Insert&>(*sent).own_text = false;
    return {};
  }
  auto& route = static_cast<Route&>(*sent);
  route.own_text = false;
  route.text = make_text(draft, draft.statement);
  return {};
}

}  // namespace kintsugi::plan::pass
