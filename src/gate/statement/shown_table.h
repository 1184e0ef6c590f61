#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "gate/responder.h"
#include "sql/tree.h"

namespace kintsugi::gate {

class Session;

/// Answers a SHOW of the gate's own with those of `rows` whose column `filtered` is LIKE what it says, in the
/// order that its ORDER BY wants (numbers by their value, all else as text) and within its LIMIT.
/// kUnsupported: it orders by what is no column.
Result<void> show_table(Session& session, const sql::Show& show, const std::vector<Responder::Title>& titles,
                        std::vector<Responder::Row> rows, std::size_t filtered = 0);

/// The value of a whole number in a statement; `otherwise` if there is none.
std::uint64_t limit_of(const sql::Expr* value, std::uint64_t otherwise);

}  // namespace kintsugi::gate
