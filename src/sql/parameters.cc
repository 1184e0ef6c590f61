#include "sql/parameters.h"

namespace kintsugi::sql {

bool has_parameter(const Node& node) {
  bool found = false;
  walk(node, [&found](const Node& child) {
    found = found || is<Parameter>(&child);
    return !found;
  });
  return found;
}

}  // namespace kintsugi::sql
