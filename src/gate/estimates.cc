#include "gate/estimates.h"

#include <charconv>
#include <string>
#include <vector>

#include "gate/session.h"
#include "plan/estimate.h"
#include "vschema/snapshot.h"

namespace kintsugi::gate {
namespace {

template <class Number>
std::optional<Number> number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  Number value{};
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

std::vector<plan::PlanLine> plan_lines(const wire::ResultSet& answer) {
  std::vector<plan::PlanLine> lines;
  for (std::size_t row = 0; row < answer.rows.size(); ++row) {
    plan::PlanLine line;
    line.id = number<std::uint64_t>(answer.cell(row, "id")).value_or(0);
    line.select_type = answer.cell(row, "select_type").value_or("");
    line.rows = number<double>(answer.cell(row, "rows"));
    line.filtered = number<double>(answer.cell(row, "filtered")).value_or(100);
    line.extra = answer.cell(row, "Extra").value_or("");
    lines.push_back(std::move(line));
  }
  return lines;
}

class Asking {
 public:
  Asking(Session& session, const plan::Plan& explained)
      : session_(session), routing_(*explained.routing), explain_(word(session)) {}

  Task<void> ask_of(plan::ExplainedNode& node) {
    if (!sends_statements(node)) co_return;
    for (plan::ExplainedText& text : node.texts) {
      for (plan::ExplainedShard& shard : text.shards) {
        if (unreachable_ || text.keyspace.empty()) break;
        co_await ask(text, shard);
      }
    }
    for (plan::ExplainedNode& input : node.inputs) co_await ask_of(input);
  }

  const std::optional<Error>& unreachable() const { return unreachable_; }

 private:
  /// MySQL tells what conditions leave without being asked, and no longer knows the word.
  static std::string word(Session& session) {
    const bool mariadb = session.worker().is_mariadb();
    return mariadb ? "EXPLAIN EXTENDED " : "EXPLAIN ";
  }

  /// Of rows that the gate places, and of what is made of rows that are read, the texts are not whole yet.
  static bool sends_statements(const plan::ExplainedNode& node) {
    return node.tier == "route" || node.tier == "scatter" || node.tier == "merge" || node.tier == "gather" ||
           node.tier == "copy" || node.tier == "part" || node.tier == "look-up";
  }

  Task<void> ask(const plan::ExplainedText& text, plan::ExplainedShard& shard) {
    const vschema::Keyspace* keyspace = routing_.find_keyspace(text.keyspace);
    exec::ShardRequest request;
    request.shard = keyspace == nullptr ? nullptr : keyspace->find_shard(shard.name, text.type);
    if (request.shard == nullptr) co_return;
    request.keyspace = text.keyspace;
    request.type = text.type;
    request.own_text = false;
    const std::string sql = explain_ + text.sql;
    request.text = sql;
    std::vector<plan::PlanLine> lines;
    const ShardConnections::Use use = [&sql, &lines](Backend& backend) -> Task<Result<void>> {
      Result<wire::ResultSet> answer = co_await backend.query(sql);
      if (!answer) co_return failure(std::move(answer.error()));
      lines = plan_lines(*answer);
      co_return Result<void>();
    };
    Result<void> asked = co_await session_.shards().with_backend(request, use, session_.cancel());
    if (asked) {
      shard.estimate = plan::estimate_rows(text.sql, lines);
    } else if (!asked.error().is(kServerError)) {
      unreachable_ = std::move(asked.error());
    }
  }

  Session& session_;
  const vschema::Snapshot& routing_;
  const std::string explain_;
  std::optional<Error> unreachable_;
};

}  // namespace

Task<void> add_estimates(Session& session, const plan::Plan& explained, plan::ExplainedNode& root) {
  if (!plan::is_estimated(explained.statement)) co_return;
  Asking asking(session, explained);
  co_await asking.ask_of(root);
  if (asking.unreachable())
    root.notes.push_back("rows are not estimated further: " + asking.unreachable()->text());
}

}  // namespace kintsugi::gate
