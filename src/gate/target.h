#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "topo/names.h"

namespace kintsugi::gate {

/// What a session speaks to: chosen by USE, COM_INIT_DB or the database it connected with. Written
/// "customer", "customer/-80", "customer:-80", each with "@replica" behind it if wanted; "@replica" alone
/// keeps no keyspace.
struct Target {
  std::string keyspace;  ///< empty: none was chosen
  std::string shard;     ///< empty: whichever the statement needs
  topo::TabletType type = topo::TabletType::primary;

  /// Checks the form only, not that the keyspace exists. kBadTarget (1049) names the text.
  static Result<Target> parse(std::string_view text);

  std::string text() const;
  bool operator==(const Target&) const = default;
};

}  // namespace kintsugi::gate
