#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sql/lexer.h"

namespace kintsugi::sql {

/// The text that statements have in common which differ only in their values, as people read it. Literals and
/// parameters are `?`; a list of them after IN is `(?, ...)`, however long it is, and rows of VALUES that are
/// alike are the first and `, ...`. White space, comments (directives too, but not hints), the case of
/// reserved words and quotes around names that need none do not matter. Of what is no SQL: the text up to
/// where that shows, and `...`. No value of the statement is in it.
std::string shape_text(std::string_view sql, const LexerMode& mode);

/// What a shape is known by, in pages, metrics and logs: of its text, so the same in every process.
std::uint64_t shape_id(std::string_view shape_text);

}  // namespace kintsugi::sql
