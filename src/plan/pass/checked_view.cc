#include <algorithm>
#include <optional>

#include "base/lower_case.h"
#include "plan/pass/views.h"
#include "sql/parser.h"

// A write through a view with CHECK OPTION is planned as one of its table. What is sent names the view, so
// that servers check each row.

namespace kintsugi::plan::pass {

namespace {

class ThroughView {
 public:
  explicit ThroughView(Draft& draft) : draft_(draft), view_(*draft.checked) {}

  Result<void> run(Node& node) {
    if (node.kind == plan::NodeKind::kRoute) {
      route(static_cast<Route&>(node));
    } else if (node.kind == plan::NodeKind::kInsert) {
      insert(static_cast<Insert&>(node));
    } else if (node.kind == plan::NodeKind::kKeyedWrite) {
      for (KeyedWrite::Target& target : static_cast<KeyedWrite&>(node).targets) change(target);
    } else {
      fail("it is written in a way that the view's CHECK OPTION has no part in");
    }
    for (auto& input : node.inputs) {
      if (!failed_) failed_ = error_of(run(*input));
    }
    if (failed_) return failure(*failed_);
    return {};
  }

 private:
  static std::optional<Error> error_of(Result<void> done) {
    return done ? std::nullopt : std::optional(done.error());
  }

  void fail(const std::string& why) {
    if (failed_) return;
    const bool update = draft_.statement.kind == sql::NodeKind::kUpdate;
    failed_ =
        Error(update ? kNotUpdatable : kNotInsertable,
              "The target table " + view_.name + " of the " + (update ? "UPDATE" : "INSERT") + " is not " +
                  (update ? "updatable" : "insertable-into") + " through the gate: " + why);
  }

  void route(Route& route) {
    route.own_text = false;
    route.text = make_text(draft_, *view_.said);
  }

  const std::string& name_of(std::string_view column) {
    static const std::string kNone;
    const auto found = view_.columns.find(lower_case(column));
    if (found != view_.columns.end()) return found->second;
    fail("it does not have column '" + std::string(column) + "', and has a CHECK OPTION");
    return kNone;
  }

  bool has_own_names() const {
    return std::ranges::any_of(view_.columns,
                               [](const auto& column) { return !same_column(column.first, column.second); });
  }

  /// Of the table whose columns have the view's names.
  void insert(Insert& node) {
    const bool updates =
        std::ranges::any_of(node.rows, [](const Insert::Row& row) { return !row.update.empty(); });
    if (updates) return fail("ON DUPLICATE KEY UPDATE may move the row, and it has a CHECK OPTION");
    const bool reads = std::ranges::any_of(node.tail, [](const TextPiece& piece) {
      return piece.kind == TextPiece::Kind::kOperand && piece.operand.from == Operand::From::kRead;
    });
    if (reads) return fail("ON DUPLICATE KEY UPDATE uses what is read before, and it has a CHECK OPTION");
    std::string text;
    for (const TextPiece& piece : node.head) text += piece.text;
    sql::Arena arena;
    const Result<sql::Statement*> parsed = sql::parse(text + "(1)", arena);
    const auto* head = parsed ? sql::as<sql::Insert>(*parsed) : nullptr;
    if (head == nullptr) return fail("its INSERT has values in front of its rows");
    auto* said = sql::clone(static_cast<const sql::Insert*>(view_.said), arena);
    said->directives = {};
    said->set_form = false;
    said->has_columns = true;
    said->columns = {};
    for (const sql::ColumnRef* column : head->columns) {
      auto* named = sql::make_node<sql::ColumnRef>(arena);
      named->name = name_of(column->name);
      said->columns.push_back(arena, named);
    }
    static constexpr std::string_view kRow = "\x03row\x03";
    auto* mark = sql::make_node<sql::Literal>(arena);
    mark->literal = sql::LiteralKind::kInteger;
    mark->text = kRow;
    auto* row = sql::make_node<sql::Row>(arena);
    row->items.push_back(arena, mark);
    auto* values = sql::make_node<sql::Values>(arena);
    values->rows.push_back(arena, row);
    said->source = values;
    node.own_text = false;
    node.head.clear();
    node.tail.clear();
    split_at("(" + std::string(kRow) + ")", make_text(draft_, *said), node.head, node.tail, draft_);
  }

  /// Of rows that are found by their keys.
  void change(KeyedWrite::Target& target) {
    if (!target.new_key.empty()) return fail("an UPDATE moves its rows, and it has a CHECK OPTION");
    if (has_own_names())
      return fail("it has a CHECK OPTION and other names than its table, and its rows are found first");
    for (const sql::Assignment* assignment : static_cast<const sql::Update&>(draft_.statement).set) {
      sql::walk(*assignment, [this](const sql::Node& node) {
        const auto* column = sql::as<sql::ColumnRef>(&node);
        if (column != nullptr) name_of(column->name);
        return !sql::is_query(node.kind);
      });
    }
    const Source& source = *draft_.top->sources.front();
    if (source.table == nullptr || source.table->primary_key.empty())
      return fail("its table has no primary key, and it has a CHECK OPTION");
    for (const std::string& column : source.table->primary_key) name_of(column);
    const std::string table = quoted_name(source.table->name);
    TextPiece& first = target.head.front();
    const std::size_t at = first.text.find(table);
    if (first.kind != TextPiece::Kind::kText || at == std::string::npos)
      return fail("its UPDATE is not known");
    std::string text = std::string(first.text);
    text.replace(at, table.size(), quoted_name(view_.name));
    first.text = draft_.keep(text);
  }

  Draft& draft_;
  const CheckedView& view_;
  std::optional<Error> failed_;
};

}  // namespace

Result<void> write_through_view(Draft& draft) {
  if (!draft.checked || draft.plan->root == nullptr) return {};
  return ThroughView(draft).run(*draft.plan->root);
}

}  // namespace kintsugi::plan::pass
