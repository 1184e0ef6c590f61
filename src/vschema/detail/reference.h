#pragma once

#include <string>

#include "vschema/vschema.h"

namespace kintsugi::vschema {

/// What AutoIncrementSpec::sequence means.
struct SequenceReference {
  bool in_topology = false;
  std::string keyspace;
  std::string name;
  std::string problem;  ///< why it means nothing; empty: it does
};

/// `table` is the one whose ids it gives: its name is that of a sequence that is not named.
SequenceReference resolve_sequence(const VSchemas& all, const std::string& keyspace, const std::string& table,
                                   const std::string& reference);

/// What Lookup::table means.
struct LookupReference {
  std::string keyspace;
  std::string table;
  std::string problem;  ///< why it cannot be a look-up table; empty: it can
};

LookupReference resolve_lookup(const VSchemas& all, const std::string& keyspace, const Lookup& lookup);

}  // namespace kintsugi::vschema
