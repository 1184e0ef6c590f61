#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plan/plan.h"

namespace kintsugi::exec {

class SessionValues;

/// Appends text with the values of one execution put in; `generated` for its kGenerated pieces, if the row is
/// given an id.
void append_text(std::string& out, const plan::Text& text, const plan::Bindings& bindings,
                 const SessionValues& session, std::optional<std::uint64_t> generated = std::nullopt);

/// A number of rows. What is no whole number is as many as there may be: the server that it is for in the end
/// refuses it.
std::uint64_t whole_number(const plan::Operand& operand, const plan::Bindings& bindings);

}  // namespace kintsugi::exec
