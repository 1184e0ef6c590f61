#pragma once

#include "sql/tree.h"

namespace kintsugi::sql {

/// Whether a prepared statement's parameter is in it.
bool has_parameter(const Node& node);

}  // namespace kintsugi::sql
