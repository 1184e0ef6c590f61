#pragma once

#include <functional>

#include "plan/merge.h"
#include "plan/pass/draft.h"

namespace kintsugi::plan::pass {

/// Reads HAVING as comparisons of counts and sums with numbers, all of which hold. `fold_of` tells which of
/// `folds` a value is, or -1. False: it says something else.
bool read_having(Draft& draft, const sql::Expr& having, const std::vector<MergeFold>& folds,
                 const std::function<int(const sql::Expr&)>& fold_of, std::vector<MergeFilter>& to);

}  // namespace kintsugi::plan::pass
