#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sql/skim.h"

namespace kintsugi::sql {

/// What is wrong when `fingerprints` is asked for a text's fingerprint twice: nothing, or where it differs
/// from what fingerprint() gives.
std::string skim_fault(Fingerprints& fingerprints, std::string_view sql, const LexerMode& mode = {});

/// `sql`, whose fingerprint is given, with other values for its integers and its plain strings in '…': for
/// each the next of a few of its kind, from number `first` on.
std::string with_other_values(std::string_view sql, const Fingerprint& fingerprint, std::size_t first);

}  // namespace kintsugi::sql
