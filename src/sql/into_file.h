#pragma once

#include <string>
#include <string_view>

#include "sql/tree.h"

namespace kintsugi::sql {

/// INTO OUTFILE or INTO DUMPFILE, and not INTO variables.
bool writes_file(const Into& into);

/// The INTO OUTFILE or INTO DUMPFILE of a query; null: the statement is no query, or has none.
const Into* into_file(const Statement& statement);

/// `sql`, the text that `into` was parsed from, with blanks in its place.
std::string without_into(std::string_view sql, const Into& into);

}  // namespace kintsugi::sql
