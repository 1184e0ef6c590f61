#pragma once

#include <cstdint>
#include <string_view>

namespace kintsugi::plan {
struct Plan;
}

/// The id that a server's OK tells may be one that the statement brought itself; LAST_INSERT_ID() is only
/// ever one that was generated. What can be said of that without asking. Pure.
namespace kintsugi::gate {

struct ClientStatement;

/// Whether a gate gives the ids of the rows that are written.
bool gives_ids(const plan::Plan& plan);

/// LAST_INSERT_ID(value).
bool may_set_last_insert_id(std::string_view text);

/// Whether the statement may have brought this value. Numbers are looked for as they are usually written;
/// where rows come from is unknown of what is no VALUES.
bool names_number(const ClientStatement& statement, std::uint64_t number);

}  // namespace kintsugi::gate
