#include "gate/brought_ids.h"

#include <algorithm>
#include <string>

#include "base/lower_case.h"
#include "gate/shard_connections.h"
#include "plan/plan.h"

namespace kintsugi::gate {

bool gives_ids(const plan::Plan& plan) {
  const plan::Node* node = plan.root.get();
  while (node->kind != plan::NodeKind::kInsert && !node->inputs.empty()) node = node->inputs.front().get();
  return node->kind == plan::NodeKind::kInsert && !static_cast<const plan::Insert&>(*node).id_column.empty();
}

bool may_set_last_insert_id(std::string_view text) { return contains_any_case(text, "last_insert_id"); }

bool names_number(const ClientStatement& statement, std::uint64_t number) {
  const std::string digits = std::to_string(number);
  const bool bound = std::ranges::any_of(statement.parameters, [&](const mysql::Parameter& parameter) {
    if (const auto* value = std::get_if<std::int64_t>(&parameter.value))
      return *value >= 0 && static_cast<std::uint64_t>(*value) == number;
    if (const auto* value = std::get_if<std::uint64_t>(&parameter.value)) return *value == number;
    const auto* text = std::get_if<std::string_view>(&parameter.value);
    return text != nullptr && *text == digits;
  });
  return bound || statement.text.find(digits) != std::string_view::npos ||
         !contains_any_case(statement.text, "values");
}

}  // namespace kintsugi::gate
