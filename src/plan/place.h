#pragma once

#include <vector>

#include "plan/plan.h"
#include "vschema/vindex.h"

namespace kintsugi::plan {

/// Where the rows of one alternative of a constraint are.
struct Place {
  enum class Kind {
    kNone,  ///< no row can match
    kAll,   ///< the values say nothing of where
    kId,
    kRange,
  } kind = Kind::kAll;
  vschema::Destination destination;
};

Place place_of(const Constraint& constraint, const std::vector<Operand>& tuple, const Bindings& bindings);

/// The ids between the two bounds of a kRange.
topo::KeyRange range_of(const Constraint& constraint, const Bindings& bindings);

/// What the look-up has found in this execution; null: it was not asked.
const LookupAnswer* answer_of(const LookupRead& lookup, const Bindings& bindings);

}  // namespace kintsugi::plan
