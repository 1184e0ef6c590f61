#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gate/settings.h"

/// Isolation levels of sessions and transactions, as text of SQL. Pure.
namespace kintsugi::gate {

/// Servers have two names for each of these variables, and some know only one. Settings have the older one
/// ("tx_isolation"); this gives it for either, and any other name as it is.
std::string canonical_variable(std::string name);
/// The name that a server knows: MySQL has "transaction_isolation" for "tx_isolation". Other names as they
/// are.
std::string_view native_variable(std::string_view canonical, bool mysql);

/// What SET TRANSACTION says for such a variable with this value: "ISOLATION LEVEL SERIALIZABLE",
/// "READ ONLY". `value` in lower case, without quotes. Nothing: it is no such variable, or no such value.
std::optional<std::string> transaction_characteristic(std::string_view canonical, std::string_view value);

/// Whether a transaction is SERIALIZABLE in a session with these settings, after a SET TRANSACTION of its own
/// (may be empty).
bool is_serializable(const Settings& settings, std::string_view characteristics);

}  // namespace kintsugi::gate
