#pragma once

#include <vector>

#include "exec/op/read.h"

namespace kintsugi::exec {

/// For each row that was read, as often as it must be written where no key tells rows of the target apart: as
/// many times as there are rows alike, if it is the first of these, else never. Once each, if the target does
/// not ask for that. Sets the context's bindings.
Task<Result<std::vector<std::uint64_t>>> count_alike(ExecContext& context,
                                                     const plan::KeyedWrite::Target& target, ReadRows& rows);

}  // namespace kintsugi::exec
