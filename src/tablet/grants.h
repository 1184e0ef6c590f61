#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tablet/flavour.h"

/// Rights that an account has, compared with those it should have. Pure.
namespace kintsugi::tablet {

/// One line of SHOW GRANTS: "GRANT SELECT, INSERT ON `a`.* TO `u`@`%` WITH GRANT OPTION". What grants no
/// rights on a database's objects (PROXY, roles) comes back as kInvalidArgument.
Result<Grant> parse_grant(std::string_view line);

/// The REVOKEs and GRANTs that turn what SHOW GRANTS told into what `account` should have; empty when it is
/// so. Rights that stay are not touched, so that nobody who is at work meets a gap. `all_in_database`: what
/// the server means by ALL PRIVILEGES on a database, which it says where an account has them all.
std::vector<std::string> repair_grants(const AccountSpec& account, std::span<const std::string> shown,
                                       const std::set<std::string>& all_in_database);

/// GRANTs for a new account.
std::vector<std::string> grant_statements(const AccountSpec& account);

}  // namespace kintsugi::tablet
