#include "gate/target.h"

#include <fmt/format.h>

#include "gate/errors.h"

namespace kintsugi::gate {

Result<Target> Target::parse(std::string_view text) {
  const auto refuse = [&] { return failure(kBadTarget, fmt::format("Unknown database '{}'", text)); };
  Target target;
  std::string_view rest = text;
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    Result<topo::TabletType> type = topo::parse_tablet_type(rest.substr(at + 1));
    if (!type || *type == topo::TabletType::unknown) return refuse();
    target.type = *type;
    rest = rest.substr(0, at);
  }
  if (const std::size_t mark = rest.find_first_of("/:"); mark != std::string_view::npos) {
    target.shard = rest.substr(mark + 1);
    if (mark == 0 || target.shard.empty()) return refuse();
    rest = rest.substr(0, mark);
  }
  target.keyspace = rest;
  return target;
}

std::string Target::text() const {
  std::string out = keyspace;
  if (!shard.empty()) out += '/' + shard;
  if (type != topo::TabletType::primary) (out += '@') += topo::name(type);
  return out;
}

}  // namespace kintsugi::gate
