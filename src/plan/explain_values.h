#pragma once

#include <string>

#include "plan/explain.h"

// Values and texts of a plan as EXPLAIN shows them: with what is known of the execution.

namespace kintsugi::plan {

/// Whether the execution has brought it.
bool is_known(const Operand& operand, const Bindings& bindings);
/// As SQL; what is not known is shown as what it stands for.
std::string value_text(const Operand& operand, const Bindings& bindings);
/// Where it leads: "1 of 2 shards of customer".
std::string target_text(const Destination& destination, std::size_t count, std::size_t all);
/// What goes with the rows of a write.
void note_kept(const std::vector<std::shared_ptr<const OwnedLookup>>& lookups, const RowTriggers* before,
               const RowTriggers* after, ExplainedNode& out);
/// As it is sent, but that what is not known yet is named in braces.
void append_text(std::string& out, const Text& text, const ExplainRequest& request);

}  // namespace kintsugi::plan
