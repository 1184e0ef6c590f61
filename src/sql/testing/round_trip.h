#pragma once

#include <string>
#include <string_view>

#include "sql/lexer.h"
#include "sql/printer.h"

namespace kintsugi::sql {

/// What is wrong with a statement that the parser takes: its text does not parse again, or into another tree,
/// the tree's text is another one, the clone differs, or the fingerprint refuses it. Empty: nothing, or the
/// parser refuses it.
std::string round_trip_fault(std::string_view sql, const LexerMode& mode = {});

}  // namespace kintsugi::sql
